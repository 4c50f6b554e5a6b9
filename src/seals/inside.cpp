#include "seals/inside.h"

#include <algorithm>
#include <array>
#include <numbers>

namespace sealdesk::seals {

namespace {

// Cells of a seal: sectors of two rings, or fields of a square.
constexpr int kSectors = 12, kSide = 3;
constexpr double kMiddleRing = 0.36, kNameRing = 0.6, kInside = 0.9;
using Cells = std::array<double, 2 * kSectors>;

// -1: in none. u and v from -1 to 1.
int cell_at(SealShape shape, double u, double v) {
    if (shape == SealShape::square) {
        if (std::max(std::abs(u), std::abs(v)) >= kInside) return -1;
        const auto field = [](double at) { return std::min(kSide - 1, static_cast<int>((at / kInside + 1) / 2 * kSide)); };
        return field(v) * kSide + field(u);
    }
    const double distance = std::hypot(u, v);
    const bool name = distance >= kNameRing && distance < kInside;
    // An oval has no star; what stands across its middle depends on its kind.
    if (!name && (shape == SealShape::oval || distance >= kMiddleRing)) return -1;
    // From the top, clockwise.
    const double angle = std::atan2(u, -v) / (2 * std::numbers::pi) + 1;
    const int sector = static_cast<int>(angle * kSectors + 0.5) % kSectors;
    return (name ? kSectors : 0) + sector;
}

template <class At>
Cells ink_of(SealShape shape, At at) {
    constexpr int kSteps = 240;
    Cells sums{};
    std::array<int, 2 * kSectors> counts{};
    for (int i = 0; i < kSteps; ++i)
        for (int j = 0; j < kSteps; ++j) {
            const double u = (j + 0.5) / kSteps * 2 - 1, v = (i + 0.5) / kSteps * 2 - 1;
            const int cell = cell_at(shape, u, v);
            if (cell < 0) continue;
            sums[static_cast<size_t>(cell)] += at(u, v) / 255.0;
            ++counts[static_cast<size_t>(cell)];
        }
    for (size_t i = 0; i < sums.size(); ++i)
        if (counts[i] > 0) sums[i] /= counts[i];
    return sums;
}

// Every name reaches sixty degrees to either side of the top; a person's seal has letters in most fields.
Cells usual(SealShape shape) {
    constexpr double kLittle = 0.08;
    Cells cells{};
    if (shape == SealShape::square)
        std::fill_n(cells.begin(), kSide * kSide, kLittle);
    else
        for (const int sector : {kSectors - 1, 0, 1}) cells[static_cast<size_t>(kSectors + sector)] = kLittle;
    return cells;
}

}  // namespace

Missing missing_inside(const Map& ink, const Middle& middle, SealShape shape, const Impression* drawn) {
    const Cells there =
        ink_of(shape, [&](double u, double v) { return ink.between(middle.x + u * middle.a, middle.y + v * middle.b); });
    const Cells wanted = drawn == nullptr ? usual(shape) : ink_of(shape, [&](double u, double v) {
        return drawn->at(std::min(drawn->width - 1, static_cast<int>((u + 1) / 2 * drawn->width)),
                         std::min(drawn->height - 1, static_cast<int>((v + 1) / 2 * drawn->height)));
    });
    // Other letters and other measures than ours have other ink; none at all has too little.
    constexpr double kSome = 0.03, kLeast = 0.25;
    const auto share = [&](size_t from, size_t to) {
        double all = 0, gone = 0;
        for (size_t i = from; i < to; ++i) {
            if (wanted[i] < kSome) continue;
            all += wanted[i];
            if (there[i] < kLeast * wanted[i]) gone += wanted[i];
        }
        return all > 0 ? gone / all : 0;
    };
    if (shape == SealShape::square) return {share(0, kSide * kSide), 0};
    return {share(kSectors, 2 * kSectors), share(0, kSectors)};
}

}  // namespace sealdesk::seals
