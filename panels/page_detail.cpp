#include "panels/page_detail.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "panels/kit/frame.h"

namespace sealdesk::panels {

namespace {

constexpr int kTile = 1024;  // px, less where the graphics card takes less

PageBox in_sight(const PagePlace& place, const Room& room) {
    const auto a = on_page(place, room.from), b = on_page(place, {room.from.x + room.size.x, room.from.y + room.size.y});
    const double left = std::clamp(std::min(a[0], b[0]), 0.0, 1.0), right = std::clamp(std::max(a[0], b[0]), 0.0, 1.0),
                 top = std::clamp(std::min(a[1], b[1]), 0.0, 1.0), low = std::clamp(std::max(a[1], b[1]), 0.0, 1.0);
    return {left, top, right - left, low - top};
}

}  // namespace

DetailLevel level_for(const scans::Page& page, float scale) {
    DetailLevel level;
    if (page.format == "pdf") {
        constexpr int kFinest = 800;  // beyond that letters are larger than the window
        while (level.factor < static_cast<double>(scale) && level.dpi * 2 <= kFinest) level.dpi *= 2, level.factor *= 2;
    }
    while (level.dpi == 200 && level.factor / 2 >= static_cast<double>(scale) && level.shrink < 64)
        level.shrink *= 2, level.factor /= 2;
    return level;
}

TileSpan tiles_in(ImVec2 size, int side, const PageBox& seen) {
    const auto tile = [&](double share, float length) { return static_cast<int>(share * static_cast<double>(length)) / side; };
    if (!(seen.width > 0) || !(seen.height > 0) || side < 1) return {};
    const int columns = (static_cast<int>(size.x) + side - 1) / side, rows = (static_cast<int>(size.y) + side - 1) / side;
    return {tile(seen.x, size.x), tile(seen.y, size.y), std::min(columns, tile(seen.x + seen.width, size.x) + 1),
            std::min(rows, tile(seen.y + seen.height, size.y) + 1)};
}

void PageDetail::poll() {
    if (!decoding_.arrived()) return;
    auto* pictures = kit::frame().pictures;
    const auto& tiles = *decoding_.ready();
    if (!tiles) {
        // The coarse page stays; the same part is not asked for again and again.
        failed_ = asked_;
    } else if (pictures != nullptr) {
        size_t shown = 0;
        for (const Tile& tile : *tiles)
            shown += pictures->show(tile.key, tile.width, tile.height, tile.rgba) != ImTextureID_Invalid ? 1U : 0U;
        if (shown < expected_) failed_ = asked_;
    }
    decoding_.clear();
}

void PageDetail::draw(desk::Desk& desk, ImDrawList* draw, const PagePackage& package, size_t page, const PagePlace& place,
                      const Room& room, int whole_shrink) {
    auto* pictures = kit::frame().pictures;
    const auto& opened = package.package();
    if (pictures == nullptr || !opened || page >= opened->pages.size()) return;
    const scans::Page& which = opened->pages[page];
    const DetailLevel level = level_for(which, place.scale * ImGui::GetIO().DisplayFramebufferScale.x);
    if (level.factor <= 1.0 / whole_shrink) return;  // the whole page is as fine
    const int side = std::min(kTile, pictures->largest_side());
    // Rounded down: every tile of it is there, however the decoder rounds.
    const ImVec2 size(std::max(1.0f, std::floor(static_cast<float>(static_cast<double>(which.width) * level.factor))),
                      std::max(1.0f, std::floor(static_cast<float>(static_cast<double>(which.height) * level.factor))));
    const TileSpan seen = tiles_in(size, side, in_sight(place, room));
    const std::string base = package.subject()->sha256 + "/" + std::to_string(page) + "@" + std::to_string(level.shrink) + "*" +
                             std::to_string(level.dpi);
    const auto key_of = [](const std::string& of, int x, int y) {
        return of + "#" + std::to_string(x) + "," + std::to_string(y);
    };
    TileSpan missing;           // from the first that is not there
    constexpr int kAtOnce = 4;  // so that the first of them come soon on a slow machine
    for (int y = seen.top; y < seen.bottom; ++y)
        for (int x = seen.left; x < seen.right; ++x) {
            const ImTextureID texture = pictures->find(key_of(base, x, y));
            if (texture == ImTextureID_Invalid) {
                if (missing.right == 0) missing = {x, y, std::min(seen.right, x + kAtOnce), std::min(seen.bottom, y + kAtOnce)};
                continue;
            }
            const double left = x * side, top = y * side, wide = std::min<double>(side, static_cast<double>(size.x) - left),
                         high = std::min<double>(side, static_cast<double>(size.y) - top);
            draw_turned(draw, texture, place,
                        {left / static_cast<double>(size.x), top / static_cast<double>(size.y),
                         wide / static_cast<double>(size.x), high / static_cast<double>(size.y)});
        }
    if (missing.right == 0 || decoding_.running()) return;
    const std::string part = base + fmt::format("#{}-{},{}-{}", missing.left, missing.right, missing.top, missing.bottom);
    if (part == failed_) return;
    asked_ = part;
    expected_ = static_cast<size_t>((missing.right - missing.left) * (missing.bottom - missing.top));
    decoding_.start(
        desk.jobs(), [&box = desk.scanbox(), opened, page, level, missing, side, base, key_of]() -> Result<std::vector<Tile>> {
            const scans::Part wish{missing.left * side, missing.top * side, (missing.right - missing.left) * side,
                                   (missing.bottom - missing.top) * side};
            SEALDESK_LET(pixels, box.render(*opened, opened->pages[page], level.shrink, level.dpi, wish));
            std::vector<Tile> tiles;
            for (int y = missing.top; y < missing.bottom; ++y)
                for (int x = missing.left; x < missing.right; ++x) {
                    const int left = (x - missing.left) * side, top = (y - missing.top) * side;
                    Tile tile{
                        key_of(base, x, y), std::min(side, pixels.width() - left), std::min(side, pixels.height() - top), {}};
                    if (tile.width <= 0 || tile.height <= 0) continue;
                    const size_t row = static_cast<size_t>(tile.width) * 4;
                    tile.rgba.resize(row * static_cast<size_t>(tile.height));
                    for (int line = 0; line < tile.height; ++line)
                        std::memcpy(
                            tile.rgba.data() + static_cast<size_t>(line) * row,
                            pixels.rgba().data() + (static_cast<size_t>(top + line) * static_cast<size_t>(pixels.width()) +
                                                    static_cast<size_t>(left)) *
                                                       4,
                            row);
                    tiles.push_back(std::move(tile));
                }
            return tiles;
        });
}

}  // namespace sealdesk::panels
