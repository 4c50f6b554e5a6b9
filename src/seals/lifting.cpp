#include "seals/lifting.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <optional>

#include "base/translate.h"
#include "checks/stamp.h"
#include "seals/ink_map.h"
#include "seals/inside.h"
#include "seals/upright.h"

namespace sealdesk::seals {

namespace {

constexpr double kPi = std::numbers::pi, kMmPerInch = 25.4, kLeastDpi = 300, kA4Long = 297;

struct Box {
    int left = 0, top = 0, right = -1, bottom = -1;  // inclusive
    int wide() const { return right - left + 1; }
    int high() const { return bottom - top + 1; }
    bool meets(const Box& o) const { return left <= o.right && o.left <= right && top <= o.bottom && o.top <= bottom; }
    void take(const Box& o) {
        left = std::min(left, o.left), top = std::min(top, o.top);
        right = std::max(right, o.right), bottom = std::max(bottom, o.bottom);
    }
};

const std::uint8_t* pixel(const PagePixels& page, int x, int y) {
    return &page.rgba[(static_cast<size_t>(y) * static_cast<size_t>(page.width) + static_cast<size_t>(x)) * 4];
}
bool red_at(const PagePixels& page, int x, int y) {
    const auto* p = pixel(page, x, y);
    return checks::is_red(p[0], p[1], p[2]);
}
// Any ink: dark, or coloured.
bool ink_at(const PagePixels& page, int x, int y) {
    const auto* p = pixel(page, x, y);
    return std::min({p[0], p[1], p[2]}) < 130;
}

// Those that overlap are one. Every step either finds a place for a box or leaves one box less: quadratic at worst.
std::vector<Box> apart(const std::vector<Box>& boxes) {
    std::vector<Box> list;
    for (Box box : boxes) {
        for (size_t i = 0; i < list.size();) {
            if (!list[i].meets(box)) {
                ++i;
                continue;
            }
            box.take(list[i]);
            list[i] = list.back();
            list.pop_back();
            i = 0;  // larger now, it may meet those that were passed
        }
        list.push_back(box);
    }
    return list;
}

// Groups of ink, in cells of half a millimetre; a gap of up to 1.5 mm does not part them, nor does lying inside another. What is
// smaller than a millimetre is dust. Refused when there are more than any honest sheet has.
template <class IsInk>
Result<std::vector<Box>> groups_of(const PagePixels& page, double dpi, IsInk is_ink) {
    const int side = std::max(2, static_cast<int>(dpi / kMmPerInch / 2)), reach = 3;
    Map cells(page.width / side, page.height / side);
    const int enough = std::max(1, side * side / 8);
    for (int cy = 0; cy < cells.height; ++cy)
        for (int cx = 0; cx < cells.width; ++cx) {
            int count = 0;
            for (int y = cy * side; y < (cy + 1) * side; ++y)
                for (int x = cx * side; x < (cx + 1) * side; ++x) count += is_ink(page, x, y) ? 1 : 0;
            cells.at(cx, cy) = count >= enough ? 1 : 0;
        }
    constexpr size_t kMost = 2000;
    std::vector<Box> groups;
    std::vector<std::pair<int, int>> waiting;
    for (int y = 0; y < cells.height; ++y)
        for (int x = 0; x < cells.width; ++x) {
            if (cells.at(x, y) != 1) continue;
            Box box{x, y, x, y};
            cells.at(x, y) = 2;
            waiting.assign(1, {x, y});
            while (!waiting.empty()) {
                const auto [cx, cy] = waiting.back();
                waiting.pop_back();
                box.take({cx, cy, cx, cy});
                for (int ny = std::max(0, cy - reach); ny <= std::min(cells.height - 1, cy + reach); ++ny)
                    for (int nx = std::max(0, cx - reach); nx <= std::min(cells.width - 1, cx + reach); ++nx)
                        if (cells.at(nx, ny) == 1) {
                            cells.at(nx, ny) = 2;
                            waiting.emplace_back(nx, ny);
                        }
            }
            if (std::max(box.wide(), box.high()) < 2) continue;
            if (groups.size() == kMost) return refused(tr("这一页上零散的色块太多，认不出印章，请重新扫描"));
            groups.push_back(box);
        }
    groups = apart(groups);
    for (Box& box : groups) {
        box = {box.left * side, box.top * side, (box.right + 1) * side - 1, (box.bottom + 1) * side - 1};
        // The last cells may end before the page does.
        if (page.width - box.right <= 2 * side && box.right + side >= cells.width * side) box.right = page.width - 1;
        if (page.height - box.bottom <= 2 * side && box.bottom + side >= cells.height * side) box.bottom = page.height - 1;
    }
    return groups;
}

struct Limits {
    double least_wide, most_wide, least_high, most_high;  // mm
};
Limits limits_of(SealShape shape) {
    switch (shape) {
        case SealShape::round: return {36, 47, 36, 47};
        case SealShape::oval: return {33, 52, 23, 42};
        case SealShape::square: break;
    }
    return {15, 27, 15, 27};
}

// The ink of the one seal on the page, as strength of red around its box.
struct Ink {
    Map red;
    Box box;          // on the page
    double full = 0;  // redness of well inked pixels
};

Ink ink_in(const PagePixels& page, Box box, double dpi) {
    const int around = static_cast<int>(dpi / kMmPerInch);
    box = {std::max(0, box.left - around), std::max(0, box.top - around), std::min(page.width - 1, box.right + around),
           std::min(page.height - 1, box.bottom + around)};
    Map redness(box.wide(), box.high());
    std::vector<std::uint8_t> inked;
    for (int y = box.top; y <= box.bottom; ++y)
        for (int x = box.left; x <= box.right; ++x) {
            const auto* p = pixel(page, x, y);
            const int red = std::max(0, p[0] - std::max(p[1], p[2]));
            redness.at(x - box.left, y - box.top) = static_cast<std::uint8_t>(red);
            if (checks::is_red(p[0], p[1], p[2])) inked.push_back(static_cast<std::uint8_t>(red));
        }
    double full = 0;
    if (!inked.empty()) {
        const auto at = inked.begin() + static_cast<std::ptrdiff_t>(inked.size() * 3 / 4);
        std::nth_element(inked.begin(), at, inked.end());
        full = *at;
    }
    // Paper gives nothing, good ink everything, its edges what lies between.
    const double nothing = full * 0.22, all = std::max(full * 0.8, nothing + 1);
    for (auto& value : redness.values)
        value = static_cast<std::uint8_t>(std::lround(std::clamp((value - nothing) / (all - nothing), 0.0, 1.0) * 255));
    return {std::move(redness), box, full};
}

// The ink's own box: rows and columns with more than a speck.
Box edge_of(const Map& ink, double dpi) {
    const int speck = std::max(2, static_cast<int>(dpi / 150));
    const auto filled = [&](int line, bool row) {
        int count = 0;
        for (int i = 0; i < (row ? ink.width : ink.height); ++i) count += (row ? ink.at(i, line) : ink.at(line, i)) > 127 ? 1 : 0;
        return count >= speck;
    };
    Box box{0, 0, ink.width - 1, ink.height - 1};
    while (box.left < box.right && !filled(box.left, false)) ++box.left;
    while (box.right > box.left && !filled(box.right, false)) --box.right;
    while (box.top < box.bottom && !filled(box.top, true)) ++box.top;
    while (box.bottom > box.top && !filled(box.bottom, true)) --box.bottom;
    return box;
}

Middle middle_of(const Box& box) {
    return {(box.left + box.right) / 2.0, (box.top + box.bottom) / 2.0, box.wide() / 2.0, box.high() / 2.0};
}

// The outermost ink in each direction, relative to the middle.
std::vector<std::complex<double>> outline_of(const Map& ink, const Middle& middle) {
    constexpr int kDirections = 720;
    std::vector<std::complex<double>> points;
    for (int i = 0; i < kDirections; ++i) {
        const double angle = i * 2 * kPi / kDirections;
        for (double r = std::hypot(middle.a, middle.b); r > 1; r -= 0.7) {
            if (ink.between(middle.x + r * std::cos(angle), middle.y + r * std::sin(angle)) <= 127) continue;
            points.push_back(std::polar(r, angle));
            break;
        }
    }
    return points;
}

// Share of the edge that is inked: of the ellipse, or of the four sides.
double edge_there(const Map& ink, const Middle& middle, SealShape shape) {
    constexpr int kPlaces = 240;
    int there = 0;
    for (int i = 0; i < kPlaces; ++i) {
        double x = 0, y = 0;
        if (shape == SealShape::square) {
            const double along = (i % 60 + 0.5) / 30 - 1;
            const int side = i / 60;
            x = side == 0 ? -1 : side == 1 ? 1 : along;
            y = side == 2 ? -1 : side == 3 ? 1 : along;
        } else {
            x = std::cos(i * 2 * kPi / kPlaces), y = std::sin(i * 2 * kPi / kPlaces);
        }
        for (double share = 0.88; share <= 1.0; share += 0.01)
            if (ink.between(middle.x + x * middle.a * share, middle.y + y * middle.b * share) > 90) {
                ++there;
                break;
            }
    }
    return static_cast<double>(there) / kPlaces;
}

Failure too_large(double wide, double high) {
    return refused(trf("印章有 {:.1f}×{:.1f} 毫米，太大，请检查扫描分辨率", wide, high));
}

std::optional<Failure> wrong_size(const Expected& expected, double wide, double high) {
    const Limits limits = limits_of(expected.shape);
    if (wide < limits.least_wide || high < limits.least_high)
        return refused(trf("印章只有 {:.1f}×{:.1f} 毫米，太小，或者没有盖全", wide, high));
    if (wide > limits.most_wide || high > limits.most_high) return too_large(wide, high);
    const bool sized = expected.width > 0 && expected.height > 0;
    const double ratio = wide / high / (sized ? expected.width / expected.height : 1);
    // Name seals are cut with unequal sides, too; how unequal, only the order says.
    const double most = sized || expected.shape == SealShape::round ? 1.06 : expected.shape == SealShape::square ? 1.4 : 1e9;
    if (ratio > most || ratio < 1 / most)
        return refused(trf("印章 {:.1f}×{:.1f} 毫米，长宽不一致：可能被拉伸或没有盖全", wide, high));
    return std::nullopt;
}

double dark_share(const PagePixels& page, const Box& box) {
    size_t dark = 0;
    for (int y = box.top; y <= box.bottom; ++y)
        for (int x = box.left; x <= box.right; ++x) {
            const auto* p = pixel(page, x, y);
            dark += p[0] < 100 && p[1] < 100 && p[2] < 100 ? 1 : 0;
        }
    return static_cast<double>(dark) / (static_cast<double>(box.wide()) * box.high());
}

// Dust around the edge is no part of the seal.
void clean_outside(Impression& impression, SealShape shape) {
    if (shape == SealShape::square) return;
    const double a = impression.width / 2.0, b = impression.height / 2.0;
    for (int y = 0; y < impression.height; ++y)
        for (int x = 0; x < impression.width; ++x)
            if (std::hypot((x + 0.5 - a) / a, (y + 0.5 - b) / b) > 1.025) impression.at(x, y) = 0;
}

Result<Box> the_one_seal(const PagePixels& page, double dpi) {
    const double least = 9 * dpi / kMmPerInch, speck = 4 * dpi / kMmPerInch;
    SEALDESK_LET(groups, groups_of(page, dpi, red_at));
    const auto longer = [](const Box& box) { return std::max(box.wide(), box.high()); };
    const auto shorter = [](const Box& box) { return std::min(box.wide(), box.high()); };
    std::erase_if(groups, [&](const Box& box) { return longer(box) < least || shorter(box) < speck; });  // also red lines
    if (groups.empty()) {
        // A seal of another colour has the size of one and is hollow: text and tables are longer.
        const auto others = groups_of(page, dpi, ink_at);
        for (const Box& box : others.value_or(std::vector<Box>{})) {
            const double mm = kMmPerInch / dpi, wide = box.wide() * mm, high = box.high() * mm;
            if (wide >= 15 && wide <= 52 && high >= 15 && high <= 47)
                return refused(tr("印章不是红色的：请用红色印泥盖章，并用彩色扫描"));
        }
        return refused(tr("这一页上没有找到红色印章"));
    }
    if (groups.size() > 1) return refused(trf("这一页上有 {} 个红色印章或图案，请只留一个", groups.size()));
    const Box box = groups.front();
    const int near = static_cast<int>(dpi / kMmPerInch / 3);
    if (box.left <= near || box.top <= near || box.right >= page.width - 1 - near || box.bottom >= page.height - 1 - near)
        return refused(tr("印章在纸边被切掉了一部分，请重新扫描"));
    // No seal is as large as that, however it is turned: nothing of it is worth the work of looking closer.
    constexpr double kLargest = 80;  // mm
    if (longer(box) * kMmPerInch / dpi > kLargest) return too_large(box.wide() * kMmPerInch / dpi, box.high() * kMmPerInch / dpi);
    return box;
}

}  // namespace

Result<Lifted> lift(const PagePixels& page, const Expected& expected) {
    const SealShape shape = expected.shape;
    if (page.width < 100 || page.height < 100 ||
        page.rgba.size() != static_cast<size_t>(page.width) * static_cast<size_t>(page.height) * 4)
        return fail(ErrorKind::corrupt, tr("这一页没有可用的图像"));
    Lifted lifted;
    double dpi = page.dpi;
    if (dpi <= 0) {
        dpi = std::max(page.width, page.height) / kA4Long * kMmPerInch;
        lifted.doubts.push_back(tr("扫描件没有写明分辨率，按 A4 纸推算"));
    }
    if (dpi < kLeastDpi - 2) return refused(trf("分辨率只有 {:.0f} dpi，印模扫描至少需要 300 dpi", dpi));
    if (page.picture_dpi > 0 && page.picture_dpi < kLeastDpi - 2)
        return refused(trf("PDF 中的扫描图像只有 {:.0f} dpi，印模扫描至少需要 300 dpi", page.picture_dpi));
    if (page.picture_dpi < 0) lifted.doubts.push_back(tr("PDF 中没有扫描图像，印章可能不是扫描的，分辨率无从判断"));
    if (dpi > 2500) return refused(trf("分辨率 {:.0f} dpi 不可信，请重新扫描", dpi));
    SEALDESK_LET(found, the_one_seal(page, dpi));
    Ink ink = ink_in(page, found, dpi);
    constexpr double kFaint = 60, kPale = 85;
    if (ink.full < kFaint) return refused(tr("印章盖得太淡，请重新盖章"));
    if (ink.full < kPale) lifted.doubts.push_back(tr("印章盖得偏淡"));

    Box box = edge_of(ink.red, dpi);
    Middle middle = middle_of(box);
    const auto outline = outline_of(ink.red, middle);
    const Turn turn = shape == SealShape::round  ? turn_of_round(ink.red, middle)
                      : shape == SealShape::oval ? turn_of_oval(ink.red, middle, outline)
                                                 : turn_of_square(ink.red, middle, outline, expected.drawn);
    constexpr double kStraight = 0.1 * kPi / 180;
    if (std::abs(turn.angle) > kStraight) {
        ink.red = turned_back(ink.red, middle, turn.angle);
        box = edge_of(ink.red, dpi);
        middle = middle_of(box);
        lifted.turned = -turn.angle * 180 / kPi;
    }
    const double mm = kMmPerInch / dpi;
    if (auto wrong = wrong_size(expected, box.wide() * mm, box.high() * mm)) return *wrong;
    lifted.whole = edge_there(ink.red, middle, shape);
    constexpr double kWhole = 0.8, kGood = 0.93;
    if (lifted.whole < kWhole) return refused(trf("印章不完整：边框只盖出 {:.0f}%", lifted.whole * 100));
    if (lifted.whole < kGood) lifted.doubts.push_back(trf("印章边框有缺口（盖出 {:.0f}%）", lifted.whole * 100));
    const Missing missing = missing_inside(ink.red, middle, shape, expected.drawn);
    constexpr double kMuch = 0.5, kSome = 0.2;
    if (missing.name > kMuch) return refused(tr("印章里面的文字没有盖出来，请重新盖章"));
    if (missing.name > kSome)
        lifted.doubts.push_back(trf("印章里面的文字可能没有盖全（约缺 {:.0f}%），请与文字核对", missing.name * 100));
    if (missing.middle > kSome) lifted.doubts.push_back(tr("印章中间没有盖全，请核对五角星"));
    if (!turn.doubt.empty()) lifted.doubts.push_back(turn.doubt);
    if (expected.width > 0 && expected.height > 0) {
        constexpr double kScanner = 0.04;  // what scanners and ink make of a length
        lifted.as_expected = std::abs(box.wide() * mm / expected.width - 1) <= kScanner &&
                             std::abs(box.high() * mm / expected.height - 1) <= kScanner;
        if (!lifted.as_expected)
            lifted.doubts.push_back(trf("印章量得 {:.1f}×{:.1f} 毫米，不是 {:g}×{:g} 毫米，请核对尺寸和扫描分辨率",
                                        box.wide() * mm, box.high() * mm, expected.width, expected.height));
    } else if (shape == SealShape::square && std::abs(box.wide() / static_cast<double>(box.high()) - 1) > 0.06) {
        lifted.doubts.push_back(trf("名章 {:.1f}×{:.1f} 毫米，长宽不等，请核对是否被拉伸", box.wide() * mm, box.high() * mm));
    }
    if (dark_share(page, found) > 0.012) lifted.doubts.push_back(tr("印章压住了文字或线条，请看清笔画"));

    lifted.left = found.left, lifted.top = found.top, lifted.right = found.right, lifted.bottom = found.bottom;
    lifted.impression.width = box.wide();
    lifted.impression.height = box.high();
    lifted.impression.dpi = dpi;
    lifted.impression.ink.reserve(static_cast<size_t>(box.wide()) * static_cast<size_t>(box.high()));
    for (int y = box.top; y <= box.bottom; ++y)
        for (int x = box.left; x <= box.right; ++x) lifted.impression.ink.push_back(ink.red.at(x, y));
    clean_outside(lifted.impression, shape);
    return lifted;
}

}  // namespace sealdesk::seals
