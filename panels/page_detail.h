// Sharp text at every zoom: where the whole page on the graphics card is coarser than the screen, the part in sight is
// decoded again as fine as the screen shows it, and laid over it in tiles. Only what is in sight is decoded; what has left
// it goes with the budget of the pictures. Owned by PageViewer, UI thread only.
#pragma once

#include <string>
#include <vector>

#include "panels/page_package.h"
#include "panels/page_view.h"

namespace sealdesk::panels {

// How fine a page is decoded: at `dpi` (PDF pages have no pixels of their own), then made smaller by `shrink`.
struct DetailLevel {
    int shrink = 1, dpi = 200;
    double factor = 1;  // its px for each px of the page
    bool operator==(const DetailLevel&) const = default;
};
// The coarsest level that is as fine as `scale` screen px for each px of the page.
DetailLevel level_for(const scans::Page& page, float scale);

// Tiles of `side` px of a page of that size that some of `seen` (shares of the page) lies in; `x`, `y` count tiles.
struct TileSpan {
    int left = 0, top = 0, right = 0, bottom = 0;  // first and one behind the last
};
TileSpan tiles_in(ImVec2 size, int side, const PageBox& seen);

class PageDetail {
public:
    // Takes what was decoded; once a frame.
    void poll();
    // Over the page that was drawn whole at `whole_shrink`; `room` is what is in sight.
    void draw(desk::Desk& desk, ImDrawList* draw, const PagePackage& package, size_t page, const PagePlace& place,
              const Room& room, int whole_shrink);
    bool busy() { return decoding_.running(); }

private:
    struct Tile {
        std::string key;
        int width = 0, height = 0;
        std::vector<std::uint8_t> rgba;
    };
    jobs::Async<Result<std::vector<Tile>>> decoding_;
    std::string asked_, failed_;  // the part that is being decoded; the one that could not be
    size_t expected_ = 0;         // tiles of the part that is being decoded
};

}  // namespace sealdesk::panels
