#include "seals/lettering.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/text.h"

namespace sealdesk::seals {

namespace {

// The square in which fonts draw a Chinese character.
constexpr double kEmBottom = -0.12, kEmMiddle = kEmBottom + 0.5;

struct Point {
    double x = 0, y = 0;
};

struct Walk {
    const Arc& arc;
    // Angle clockwise from the top.
    Point normal(double t) const {
        const double x = arc.b * std::sin(t), y = -arc.a * std::cos(t), length = std::hypot(x, y);
        return {x / length, y / length};
    }
    Point middle(double t) const {
        const Point n = normal(t);
        return {arc.x + arc.a * std::sin(t) - n.x * arc.height / 2, arc.y - arc.b * std::cos(t) - n.y * arc.height / 2};
    }
};

// Angle at which the walk from `from` (clockwise for positive, else anticlockwise) has this length.
std::vector<double> angles_at(const Walk& walk, double from, const std::vector<double>& lengths) {
    constexpr int kSteps = 7200;
    constexpr double kStep = 2 * std::numbers::pi / kSteps;
    std::vector<double> sums(kSteps + 1);
    Point last = walk.middle(from - std::numbers::pi);
    for (int i = 1; i <= kSteps; ++i) {
        const Point next = walk.middle(from - std::numbers::pi + i * kStep);
        sums[static_cast<size_t>(i)] = sums[static_cast<size_t>(i - 1)] + std::hypot(next.x - last.x, next.y - last.y);
        last = next;
    }
    const double here = sums[kSteps / 2];
    std::vector<double> angles;
    for (const double length : lengths) {
        const auto at = std::lower_bound(sums.begin(), sums.end(), here + length);
        const auto index = std::clamp<std::ptrdiff_t>(at - sums.begin(), 1, kSteps);
        const double low = sums[static_cast<size_t>(index - 1)], high = sums[static_cast<size_t>(index)];
        const double part = high > low ? (here + length - low) / (high - low) : 0;
        angles.push_back(from - std::numbers::pi + (static_cast<double>(index - 1) + part) * kStep);
    }
    return angles;
}

// Middles of the letters on a line of `length`, 0 in its middle.
std::vector<double> middles(const std::vector<SizedLetter>& text, double length) {
    const double unit = length / shares_of(text);
    std::vector<double> places;
    double at = -length / 2;
    for (const auto& letter : text) {
        places.push_back(at + letter.share * unit / 2);
        at += letter.share * unit;
    }
    return places;
}

}  // namespace

Result<std::vector<SizedLetter>> sized(std::u32string_view text, const Letters& letters) {
    std::vector<SizedLetter> list;
    for (const char32_t character : text) {
        SEALDESK_LET(letter, letters.letter(character));
        SizedLetter one{character, std::move(letter), 1, 0, 1};
        double left = 1e9, right = -1e9;
        for (const auto& step : one.letter.outline)
            for (int i = 0; i <= step.last(); ++i) {
                left = std::min(left, step.x[i]);
                right = std::max(right, step.x[i]);
            }
        constexpr double kAir = 0.07, kBlank = 0.4, kNarrowest = 0.3;
        if (right < left) {
            one.share = kBlank;
        } else if (one.letter.advance < 0.9 || right - left < 0.45) {
            // Digits, brackets, dots and the character 一: their ink decides, not the square they stand in.
            const bool flat = character == U'一';
            one.left = flat ? 0 : left - kAir;
            one.right = flat ? 1 : right + kAir;
            one.share = std::max(kNarrowest, one.right - one.left);
        }
        list.push_back(std::move(one));
    }
    return list;
}

double shares_of(const std::vector<SizedLetter>& text) {
    double sum = 0;
    for (const auto& letter : text) sum += letter.share;
    return sum;
}

DrawnShape placed(const SizedLetter& letter, const Slot& slot) {
    DrawnShape shape{utf8(letter.character), letter.letter.outline};
    const double middle = (letter.left + letter.right) / 2;
    for (auto& step : shape.steps)
        for (int i = 0; i <= step.last(); ++i) {
            const double right = (step.x[i] - middle) * slot.width, up = (step.y[i] - kEmMiddle) * slot.height;
            step.x[i] = slot.x + right * slot.right_x + up * slot.up_x;
            step.y[i] = slot.y + right * slot.right_y + up * slot.up_y;
        }
    return shape;
}

std::vector<DrawnShape> along(const Arc& arc, const std::vector<SizedLetter>& text, double length, double widest) {
    const Walk walk{arc};
    auto places = middles(text, length);
    if (arc.lower)
        for (double& place : places) place = -place;  // left to right is anticlockwise below
    const auto angles = angles_at(walk, arc.lower ? std::numbers::pi : 0, places);
    const double unit = length / shares_of(text);
    std::vector<DrawnShape> shapes;
    for (size_t i = 0; i < text.size(); ++i) {
        const Point middle = walk.middle(angles[i]), n = walk.normal(angles[i]);
        // The narrow end of the slot decides: there the neighbours come close.
        const Point before = walk.normal(angles[i] - 0.01), after = walk.normal(angles[i] + 0.01);
        const Point a = walk.middle(angles[i] - 0.01), b = walk.middle(angles[i] + 0.01);
        const double at_middle = std::hypot(b.x - a.x, b.y - a.y);
        const double at_inner = std::hypot(b.x - after.x * arc.height / 2 - a.x + before.x * arc.height / 2,
                                           b.y - after.y * arc.height / 2 - a.y + before.y * arc.height / 2);
        const double narrow = std::min(1.0, at_inner / at_middle);
        Slot slot{middle.x, middle.y, -n.y, n.x, n.x, n.y, std::min(unit * narrow * 0.96, arc.height * widest), arc.height};
        if (arc.lower) {
            slot.right_x = -slot.right_x, slot.right_y = -slot.right_y;
            slot.up_x = -slot.up_x, slot.up_y = -slot.up_y;
        }
        shapes.push_back(placed(text[i], slot));
    }
    return shapes;
}

double circumference(const Arc& arc) {
    const Walk walk{arc};
    double sum = 0;
    Point last = walk.middle(0);
    for (int i = 1; i <= 720; ++i) {
        const Point next = walk.middle(i * std::numbers::pi / 360);
        sum += std::hypot(next.x - last.x, next.y - last.y);
        last = next;
    }
    return sum;
}

std::vector<DrawnShape> in_row(double x, double y, double length, double height, double widest,
                               const std::vector<SizedLetter>& text) {
    const double most = shares_of(text) * height * widest, used = std::min(length, most);
    const auto places = middles(text, used);
    const double width = std::min(used / shares_of(text), height * widest);
    std::vector<DrawnShape> shapes;
    for (size_t i = 0; i < text.size(); ++i)
        shapes.push_back(placed(text[i], Slot{x + places[i], y, 1, 0, 0, -1, width * 0.97, height}));
    return shapes;
}

}  // namespace sealdesk::seals
