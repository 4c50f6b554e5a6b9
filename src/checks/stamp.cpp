#include "checks/stamp.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

namespace sealdesk::checks {

namespace {

// The page in square cells; a cell is red when some of it is, so that noise and thin strokes even out.
struct Cells {
    int wide = 0, high = 0;
    std::vector<std::uint8_t> red;
    bool at(int x, int y) const {
        return x >= 0 && y >= 0 && x < wide && y < high &&
               red[static_cast<size_t>(y) * static_cast<size_t>(wide) + static_cast<size_t>(x)] != 0;
    }
};

Cells red_cells(std::span<const std::uint8_t> rgba, int width, int height, int side) {
    Cells cells{width / side, height / side, {}};
    cells.red.resize(static_cast<size_t>(cells.wide) * static_cast<size_t>(cells.high));
    const int enough = std::max(1, side * side / 8);
    for (int cy = 0; cy < cells.high; ++cy)
        for (int cx = 0; cx < cells.wide; ++cx) {
            int count = 0;
            for (int y = cy * side; y < (cy + 1) * side; ++y)
                for (int x = cx * side; x < (cx + 1) * side; ++x) {
                    const auto* p = &rgba[(static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x)) * 4];
                    count += is_red(p[0], p[1], p[2]) ? 1 : 0;
                }
            cells.red[static_cast<size_t>(cy) * static_cast<size_t>(cells.wide) + static_cast<size_t>(cx)] =
                count >= enough ? 1 : 0;
        }
    return cells;
}

struct Blob {
    int left, top, right, bottom;
    std::vector<std::pair<int, int>> cells;
};

// Red cells that hang together; a gap of up to `reach` cells does not part them (worn rings).
std::vector<Blob> blobs_of(const Cells& cells, int reach) {
    std::vector<Blob> blobs;
    std::vector<std::uint8_t> seen(cells.red.size());
    const auto index = [&](int x, int y) {
        return static_cast<size_t>(y) * static_cast<size_t>(cells.wide) + static_cast<size_t>(x);
    };
    std::vector<std::pair<int, int>> waiting;
    for (int y = 0; y < cells.high; ++y)
        for (int x = 0; x < cells.wide; ++x) {
            if (!cells.at(x, y) || seen[index(x, y)] != 0) continue;
            Blob blob{x, y, x, y, {}};
            seen[index(x, y)] = 1;
            waiting.assign(1, {x, y});
            while (!waiting.empty()) {
                const auto [cx, cy] = waiting.back();
                waiting.pop_back();
                blob.cells.emplace_back(cx, cy);
                blob.left = std::min(blob.left, cx), blob.right = std::max(blob.right, cx);
                blob.top = std::min(blob.top, cy), blob.bottom = std::max(blob.bottom, cy);
                for (int dy = -reach; dy <= reach; ++dy)
                    for (int dx = -reach; dx <= reach; ++dx)
                        if (cells.at(cx + dx, cy + dy) && seen[index(cx + dx, cy + dy)] == 0) {
                            seen[index(cx + dx, cy + dy)] = 1;
                            waiting.emplace_back(cx + dx, cy + dy);
                        }
            }
            blobs.push_back(std::move(blob));
        }
    return blobs;
}

// Share of the round edge of the blob's box where there is red; 0 when the blob is no seal.
double ring_of(const Blob& blob) {
    const double wide = blob.right - blob.left + 1, high = blob.bottom - blob.top + 1;
    if (wide / high < 0.55 || wide / high > 1.8) return 0;
    const double filled = static_cast<double>(blob.cells.size()) / (wide * high * std::numbers::pi / 4);
    if (filled < 0.08 || filled > 0.92) return 0;  // a full disc is an emblem or a photograph
    constexpr size_t kSectors = 60;
    std::array<bool, kSectors> there{};
    for (const auto& [x, y] : blob.cells) {
        const double dx = (x + 0.5 - blob.left - wide / 2) / (wide / 2), dy = (y + 0.5 - blob.top - high / 2) / (high / 2);
        const double radius = std::hypot(dx, dy);
        if (radius < 0.84 || radius > 1.08) continue;
        const double turn = (std::atan2(dy, dx) / std::numbers::pi + 1) / 2;
        there[std::min(kSectors - 1, static_cast<size_t>(turn * kSectors))] = true;
    }
    return static_cast<double>(std::count(there.begin(), there.end(), true)) / kSectors;
}

}  // namespace

std::optional<StampSeen> find_stamp(std::span<const std::uint8_t> rgba, int width, int height) {
    const int shorter = std::min(width, height), side = std::max(2, shorter / 200);
    if (shorter < 100) return std::nullopt;
    const Cells cells = red_cells(rgba, width, height, side);
    std::optional<StampSeen> best;
    for (const auto& blob : blobs_of(cells, 2)) {
        const int across = std::max(blob.right - blob.left, blob.bottom - blob.top) + 1;
        const double share = static_cast<double>(across) * side / shorter;
        // Official seals are 38 to 45 mm across, 0.18 to 0.21 of A4; the emblem on a licence is half of that.
        constexpr double kClosed = 0.72, kSmallest = 0.14, kLargest = 0.45;
        if (share < kSmallest || share > kLargest) continue;
        const double ring = ring_of(blob);
        if (ring < kClosed || (best && best->ring >= ring)) continue;
        best = StampSeen{(blob.left + blob.right + 1) * side / 2.0 / width, (blob.top + blob.bottom + 1) * side / 2.0 / height,
                         share, ring};
    }
    return best;
}

}  // namespace sealdesk::checks
