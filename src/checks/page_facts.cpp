#include "checks/page_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "checks/stamp.h"
#include "crypto/digest.h"

namespace sealdesk::checks {

namespace {

constexpr int kHashColumns = 40, kHashRows = 56;

struct Grey {
    int width = 0, height = 0;
    std::vector<std::uint8_t> light;
    int at(int x, int y) const { return light[static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x)]; }
};

Grey grey_of(std::span<const std::uint8_t> rgba, int width, int height) {
    Grey grey{width, height, std::vector<std::uint8_t>(rgba.size() / 4)};
    for (size_t i = 0; i < grey.light.size(); ++i)
        grey.light[i] = static_cast<std::uint8_t>((rgba[i * 4] * 77 + rgba[i * 4 + 1] * 150 + rgba[i * 4 + 2] * 29) >> 8);
    return grey;
}

// Scanners leave dark edges: what is judged is the page without its outermost fiftieth.
struct Inside {
    int left, top, right, bottom;
    explicit Inside(const Grey& grey)
        : left(std::max(1, grey.width / 50)),
          top(std::max(1, grey.height / 50)),
          right(grey.width - left),
          bottom(grey.height - top) {}
};

// Brightness that `share` of the pixels are below.
int level(const Grey& grey, const Inside& in, double share) {
    std::array<std::int64_t, 256> counts{};
    std::int64_t all = 0;
    for (int y = in.top; y < in.bottom; ++y)
        for (int x = in.left; x < in.right; ++x, ++all) ++counts[static_cast<size_t>(grey.at(x, y))];
    std::int64_t below = 0;
    for (int value = 0; value < 256; ++value)
        if ((below += counts[static_cast<size_t>(value)]) > static_cast<std::int64_t>(static_cast<double>(all) * share))
            return value;
    return 255;
}

// Evened out over 3 x 3 pixels: noise is nearly gone, letters are still there.
Grey evened(const Grey& grey) {
    Grey even{grey.width, grey.height, std::vector<std::uint8_t>(grey.light.size())};
    for (int y = 1; y + 1 < grey.height; ++y)
        for (int x = 1; x + 1 < grey.width; ++x) {
            int sum = 0;
            for (int dy = -1; dy <= 1; ++dy) sum += grey.at(x - 1, y + dy) + grey.at(x, y + dy) + grey.at(x + 1, y + dy);
            even.light[static_cast<size_t>(y) * static_cast<size_t>(grey.width) + static_cast<size_t>(x)] =
                static_cast<std::uint8_t>(sum / 9);
        }
    return even;
}

// Blurred letters have soft edges: the Laplacian's variance beside ink falls with the fourth power of the blur. The
// paper's own variance is noise and is taken off.
double sharpness_of(const Grey& grey, const Inside& in) {
    const int paper = level(grey, in, 0.85), dark = level(grey, in, 0.004), contrast = paper - dark;
    if (contrast < 40) return 0;
    const int middle = (paper + dark) / 2, nearly_paper = paper - contrast / 5;
    double edge = 0, noise = 0;
    std::int64_t edges = 0, papers = 0;
    for (int y = in.top + 1; y < in.bottom - 1; ++y)
        for (int x = in.left + 1; x < in.right - 1; ++x) {
            const int c = grey.at(x, y), n = grey.at(x, y - 2), s = grey.at(x, y + 2), w = grey.at(x - 2, y),
                      e = grey.at(x + 2, y);
            const int laplace = 4 * c - n - s - w - e, lowest = std::min({c, n, s, w, e}), highest = std::max({c, n, s, w, e});
            if (lowest < middle && highest > middle) {
                edge += static_cast<double>(laplace) * laplace;
                ++edges;
            } else if (lowest > nearly_paper) {
                noise += static_cast<double>(laplace) * laplace;
                ++papers;
            }
        }
    if (edges < 200) return 0;
    const double quiet = papers > 0 ? noise / static_cast<double>(papers) : 0;
    return std::max(0.0, edge / static_cast<double>(edges) - quiet) / (static_cast<double>(contrast) * contrast);
}

// Lines of writing make rows of ink with gaps between them. Each strip of the page is judged alone, so that a small skew does
// not blur them; long strokes are lines of a table and left out.
double rhythm(const std::vector<std::uint8_t>& ink, int along, int across, int step_along, int step_across) {
    constexpr int kStrips = 12;
    const int strip = along / kStrips, longest = along / 25;
    double change = 0, total = 0;
    std::vector<int> sums(static_cast<size_t>(across));
    for (int s = 0; s < kStrips; ++s) {
        for (int y = 0; y < across; ++y) {
            int sum = 0, run = 0;
            for (int x = s * strip; x < (s + 1) * strip; ++x) {
                const bool dark = ink[static_cast<size_t>(y) * static_cast<size_t>(step_across) +
                                      static_cast<size_t>(x) * static_cast<size_t>(step_along)] != 0;
                run = dark ? run + 1 : 0;
                sum += dark ? 1 : 0;
                if (run == longest) sum -= longest;
                if (run > longest) --sum;
            }
            sums[static_cast<size_t>(y)] = sum;
        }
        // Evened out over what is between two letters, but not over what is between two lines.
        const size_t window = static_cast<size_t>(std::max(3, std::max(along, across) / 160));
        std::vector<double> even(sums.size());
        double inside = 0;
        for (size_t y = 0; y < sums.size(); ++y) {
            inside += sums[y];
            if (y >= window) inside -= sums[y - window];
            even[y] = inside;
        }
        for (size_t y = window; y < even.size(); ++y) {
            const double step = even[y] - even[y - window];
            change += step * step;
            total += even[y] * even[y];
        }
    }
    return total > 0 ? change / total : 0;
}

Orientation orientation_of(const Grey& grey, int middle) {
    std::vector<std::uint8_t> ink(grey.light.size());
    std::int64_t dark = 0;
    for (size_t i = 0; i < ink.size(); ++i) dark += ink[i] = grey.light[i] < middle ? 1 : 0;
    if (dark < static_cast<std::int64_t>(ink.size()) / 500) return Orientation::unknown;
    const double rows = rhythm(ink, grey.width, grey.height, 1, grey.width);
    const double columns = rhythm(ink, grey.height, grey.width, grey.width, 1);
    constexpr double kClear = 1.5;
    if (rows > columns * kClear) return Orientation::upright;
    if (columns > rows * kClear) return Orientation::sideways;
    return Orientation::unknown;
}

// Fields of the page, each compared with the one to its right: a letter for how much brighter or darker that is. Blank
// paper, where only noise decides, stays at the middle; the fields are small enough that other words on the same form show.
constexpr double kStep = 4;  // grey levels a letter
constexpr int kMostSteps = 12;
constexpr char kSame = 'm';

std::string perceptual_hash(const Grey& grey) {
    std::string hash;
    for (int fy = 0; fy < kHashRows; ++fy) {
        std::array<double, kHashColumns + 1> fields{};
        for (int fx = 0; fx <= kHashColumns; ++fx) {
            const int top = fy * grey.height / kHashRows, bottom = std::max(top + 1, (fy + 1) * grey.height / kHashRows),
                      left = fx * grey.width / (kHashColumns + 1),
                      right = std::max(left + 1, (fx + 1) * grey.width / (kHashColumns + 1));
            std::int64_t sum = 0;
            for (int y = top; y < std::min(bottom, grey.height); ++y)
                for (int x = left; x < std::min(right, grey.width); ++x) sum += grey.at(x, y);
            fields[static_cast<size_t>(fx)] = static_cast<double>(sum) / ((bottom - top) * static_cast<double>(right - left));
        }
        for (size_t x = 0; x < kHashColumns; ++x) {
            const auto steps = static_cast<int>(std::lround((fields[x + 1] - fields[x]) / kStep));
            hash += static_cast<char>(kSame + std::clamp(steps, -kMostSteps, kMostSteps));
        }
    }
    return hash;
}

}  // namespace

PageFacts look_at(std::span<const std::uint8_t> rgba, int width, int height, int full_width, int full_height, int dpi) {
    PageFacts facts;
    facts.width = full_width > 0 ? full_width : width;
    facts.height = full_height > 0 ? full_height : height;
    facts.dpi = dpi;
    Sha256 digest;
    digest.add(fmt::format("{}x{}:", width, height));
    digest.add({reinterpret_cast<const char*>(rgba.data()), rgba.size()});
    facts.sha256 = digest.hex();
    if (width < 8 || height < 8 || rgba.size() != static_cast<size_t>(width) * static_cast<size_t>(height) * 4) return facts;
    const Grey grey = grey_of(rgba, width, height);
    const Inside in(grey);
    facts.perceptual = perceptual_hash(grey);
    const int paper = level(grey, in, 0.85), dark = level(grey, in, 0.004);
    std::int64_t ink = 0, red = 0, all = 0;
    for (int y = in.top; y < in.bottom; ++y)
        for (int x = in.left; x < in.right; ++x, ++all) {
            const auto* p = &rgba[(static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x)) * 4];
            const bool reddish = is_red(p[0], p[1], p[2]);
            red += reddish ? 1 : 0;
            ink += !reddish && grey.at(x, y) < paper * 7 / 10 ? 1 : 0;
        }
    facts.ink = static_cast<double>(ink) / static_cast<double>(all);
    facts.red = static_cast<double>(red) / static_cast<double>(all);
    facts.sharpness = sharpness_of(evened(grey), in);
    facts.orientation = orientation_of(grey, (paper + dark) / 2);
    facts.stamp = find_stamp(rgba, width, height);
    // As they are stored: facts that come back are the same facts.
    const auto round = [](double& share) { share = std::round(share * 1e6) / 1e6; };
    for (double* share : {&facts.ink, &facts.red, &facts.sharpness}) round(*share);
    if (facts.stamp)
        for (double* share : {&facts.stamp->x, &facts.stamp->y, &facts.stamp->across, &facts.stamp->ring}) round(*share);
    return facts;
}

int shrink_for_facts(int width, int height) {
    int shrink = 1;
    while (std::max(width, height) / (shrink * 2) >= 1400) shrink *= 2;
    return shrink;
}

double hash_difference(std::string_view a, std::string_view b) {
    if (a.size() != b.size() || a.empty()) return 1;
    const auto is_step = [](char each) { return each >= kSame - kMostSteps && each <= kSame + kMostSteps; };
    if (!std::all_of(a.begin(), a.end(), is_step) || !std::all_of(b.begin(), b.end(), is_step)) return 1;
    int there = 0, other = 0;
    for (size_t i = 0; i < a.size(); ++i) {
        there += std::max(std::abs(a[i] - kSame), std::abs(b[i] - kSame));
        other += std::max(0, std::abs(a[i] - b[i]) - 1);  // one step is what rounding and compression do
    }
    return there == 0 ? 0 : static_cast<double>(other) / there;
}

const char* name_of(Orientation orientation) {
    switch (orientation) {
        case Orientation::unknown: return "unknown";
        case Orientation::upright: return "upright";
        case Orientation::sideways: return "sideways";
    }
    return "unknown";
}

Orientation orientation_from(std::string_view name) {
    for (const auto each : {Orientation::upright, Orientation::sideways})
        if (name == name_of(each)) return each;
    return Orientation::unknown;
}

}  // namespace sealdesk::checks
