#include "seals/upright.h"

#include <algorithm>
#include <array>
#include <numbers>

#include "base/translate.h"

namespace sealdesk::seals {

namespace {

constexpr double kPi = std::numbers::pi, kDegree = kPi / 180;

// The ink between two rings around the middle, as a sum of directions; rings and directions as shares of the half axes, in a
// frame that is turned by `angle`. Length 0 to 1: how one-sided it is.
std::complex<double> side_of(const Map& ink, const Middle& middle, double inner, double outer, double angle, int harmonic = 1) {
    std::complex<double> sum;
    double all = 0;
    const double reach = std::max(middle.a, middle.b) * outer, c = std::cos(angle), s = std::sin(angle);
    const int left = std::max(0, static_cast<int>(middle.x - reach)),
              right = std::min(ink.width - 1, static_cast<int>(middle.x + reach) + 1),
              top = std::max(0, static_cast<int>(middle.y - reach)),
              bottom = std::min(ink.height - 1, static_cast<int>(middle.y + reach) + 1);
    for (int y = top; y <= bottom; ++y)
        for (int x = left; x <= right; ++x) {
            const double dx = x - middle.x, dy = y - middle.y;
            const double u = (c * dx + s * dy) / middle.a, v = (c * dy - s * dx) / middle.b, distance = std::hypot(u, v);
            if (distance < inner || distance > outer) continue;
            sum += static_cast<double>(ink.at(x, y)) * std::polar(1.0, harmonic * std::atan2(v, u));
            all += ink.at(x, y);
        }
    return all > 0 ? sum / all : 0;
}

double within_half_turn(double angle) { return std::remainder(angle, 2 * kPi); }

// Coarse ink of the inside: how two pictures of the same letters are alike.
constexpr int kFields = 14;
using Fields = std::array<double, kFields * kFields>;

template <class At>
Fields fields_of(At at) {
    constexpr int kEach = 4;  // samples along a field
    constexpr double kInside = 0.86;
    Fields fields{};
    for (int i = 0; i < kFields * kEach; ++i)
        for (int j = 0; j < kFields * kEach; ++j)
            fields[static_cast<size_t>(i / kEach * kFields + j / kEach)] +=
                at(((j + 0.5) / (kFields * kEach) * 2 - 1) * kInside, ((i + 0.5) / (kFields * kEach) * 2 - 1) * kInside);
    return fields;
}

double likeness(const Fields& one, const Fields& other) {
    double mean_one = 0, mean_other = 0;
    for (size_t i = 0; i < one.size(); ++i) mean_one += one[i], mean_other += other[i];
    mean_one /= static_cast<double>(one.size()), mean_other /= static_cast<double>(other.size());
    double both = 0, first = 0, second = 0;
    for (size_t i = 0; i < one.size(); ++i) {
        const double a = one[i] - mean_one, b = other[i] - mean_other;
        both += a * b, first += a * a, second += b * b;
    }
    return first > 0 && second > 0 ? both / std::sqrt(first * second) : 0;
}

}  // namespace

Turn turn_of_round(const Map& ink, const Middle& middle) {
    // Five tips are the fifth harmonic of the ink around the middle; an upright star has a tip at -90 degrees.
    const double r = (middle.a + middle.b) / 2;
    const Middle circle{middle.x, middle.y, r, r};
    const auto tips = side_of(ink, circle, 0.16, 0.31, 0, 5);
    // The name fills the ring above and leaves it open below; number and centre text stand outside of this ring.
    const auto name = side_of(ink, circle, 0.66, 0.82, 0);
    const double up = std::arg(name) + kPi / 2;
    constexpr double kStar = 0.4, kOneSided = 0.1, kNear = 22 * kDegree;
    if (std::abs(tips) < kStar) return {0, tr("没有认出五角星，印章没有转正，请核对方向")};
    const double star = (std::arg(tips) + kPi / 2) / 5, fifth = 2 * kPi / 5;
    const double angle = star + fifth * std::round(within_half_turn(up - star) / fifth);
    const bool clear = std::abs(name) >= kOneSided && std::abs(within_half_turn(up - angle)) <= kNear;
    return {within_half_turn(angle), clear ? "" : tr("看不清印章的哪一边朝上，请核对方向")};
}

Turn turn_of_oval(const Map& ink, const Middle& middle, const std::vector<std::complex<double>>& outline) {
    std::complex<double> sum;
    for (const auto& point : outline) sum += point * point * std::abs(point);
    const double axis = std::arg(sum) / 2;
    double a = 1, b = 1;
    for (const auto& point : outline) {
        const auto turned = point * std::polar(1.0, -axis);
        a = std::max(a, std::abs(turned.real())), b = std::max(b, std::abs(turned.imag()));
    }
    const Middle along{middle.x, middle.y, a, b};
    const double below = side_of(ink, along, 0.7, 0.86, axis).imag();
    constexpr double kOneSided = 0.08;
    return {within_half_turn(below > 0 ? axis + kPi : axis),
            std::abs(below) >= kOneSided ? "" : tr("看不清印章的哪一边朝上，请核对方向")};
}

Turn turn_of_square(const Map& ink, const Middle& middle, const std::vector<std::complex<double>>& outline,
                    const Impression* drawn) {
    double best = 0, smallest = 1e18, a = 0, b = 0;
    for (int step = -449; step <= 450; ++step) {  // tenths of a degree
        const double angle = step * kPi / 1800;
        double left = 0, right = 0, top = 0, bottom = 0;
        for (const auto& point : outline) {
            const auto turned = point * std::polar(1.0, -angle);
            left = std::min(left, turned.real()), right = std::max(right, turned.real());
            top = std::min(top, turned.imag()), bottom = std::max(bottom, turned.imag());
        }
        const double area = (right - left) * (bottom - top);
        if (area < smallest) smallest = area, best = angle, a = (right - left) / 2, b = (bottom - top) / 2;
    }
    if (drawn == nullptr) return {best, {}};
    const Fields wanted = fields_of([&](double u, double v) {
        return drawn->at(std::clamp(static_cast<int>((u + 1) / 2 * drawn->width), 0, drawn->width - 1),
                         std::clamp(static_cast<int>((v + 1) / 2 * drawn->height), 0, drawn->height - 1));
    });
    std::array<double, 4> like{};
    for (size_t quarter = 0; quarter < like.size(); ++quarter) {
        const double angle = best + static_cast<double>(quarter) * kPi / 2, c = std::cos(angle), s = std::sin(angle);
        const double wide = quarter % 2 == 0 ? a : b, high = quarter % 2 == 0 ? b : a;
        // A name seal that is wider than high stands right in two of the four.
        if (std::abs((wide / high) / (static_cast<double>(drawn->width) / drawn->height) - 1) > 0.12) {
            like[quarter] = -1;
            continue;
        }
        like[quarter] =
            likeness(wanted, fields_of([&](double u, double v) {
                         return ink.between(middle.x + c * u * wide - s * v * high, middle.y + s * u * wide + c * v * high);
                     }));
    }
    const auto at = std::max_element(like.begin(), like.end());
    double next = -1;
    for (auto other = like.begin(); other != like.end(); ++other)
        if (other != at) next = std::max(next, *other);
    constexpr double kAlike = 0.6, kClear = 0.2;  // the same letters reach 0.9, others up to a half
    const bool clear = *at >= kAlike && *at - next >= kClear;
    // Cut in other letters than ours: as it lies, unless its sides say otherwise.
    const auto taken = clear || like[0] < 0 ? at : like.begin();
    return {within_half_turn(best + static_cast<double>(taken - like.begin()) * kPi / 2),
            clear ? "" : tr("看不清名章的哪一边朝上，请核对方向")};
}

Map turned_back(const Map& ink, const Middle& middle, double angle) {
    const int side = static_cast<int>(std::ceil(std::hypot(ink.width, ink.height))) + 2;
    Map straight(side, side);
    const double c = std::cos(angle), s = std::sin(angle), half = (side - 1) / 2.0;
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x) {
            const double dx = x - half, dy = y - half;
            straight.at(x, y) =
                static_cast<std::uint8_t>(std::lround(ink.between(middle.x + c * dx - s * dy, middle.y + s * dx + c * dy)));
        }
    return straight;
}

}  // namespace sealdesk::seals
