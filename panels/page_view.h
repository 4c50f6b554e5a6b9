// Where a page stands on screen: zoom, pan, fit and quarter turns as plain arithmetic. One PageView moves every page that
// is shown side by side, so zoom and pan are told in units of the page. Owned by PageViewer, UI thread only.
#pragma once

#include <array>
#include <optional>

#include "panels/kit/theme.h"

namespace sealdesk::panels {

// A part of a page, in shares of its width and height; 0, 0 is the top left corner of the page as it was decoded, whatever
// way the view is turned.
struct PageBox {
    double x = 0, y = 0, width = 0, height = 0;
    bool operator==(const PageBox&) const = default;
};

// One page on screen, px.
struct PagePlace {
    ImVec2 from, to;
    float scale = 1;  // screen px for each px of the page
    int turns = 0;    // quarter turns clockwise
};
ImVec2 on_screen(const PagePlace& place, double x, double y);
std::array<double, 2> on_page(const PagePlace& place, ImVec2 point);
// The corners of a part of the page on screen: top left, bottom right.
std::array<ImVec2, 2> on_screen(const PagePlace& place, const PageBox& box);

struct Room {
    ImVec2 from, size;  // px
    ImVec2 middle() const { return {from.x + size.x / 2, from.y + size.y / 2}; }
    bool holds(ImVec2 point) const {
        return point.x >= from.x && point.y >= from.y && point.x < from.x + size.x && point.y < from.y + size.y;
    }
};

class PageView {
public:
    struct State {
        float zoom = 0;          // times the size at which the whole page is seen; 0: as the room allows
        bool fit_width = false;  // with zoom 0: as wide as the room, else the whole page
        ImVec2 shift{0, 0};      // of the page's middle from the middle of the room, in shares of the page as it is seen
        bool operator==(const State& other) const {
            return zoom == other.zoom && fit_width == other.fit_width && shift.x == other.shift.x && shift.y == other.shift.y;
        }
    };
    State state;

    // `paper`: the page's size, px at full resolution.
    PagePlace place(const Room& room, ImVec2 paper, int turns) const;
    // By key; happens with the next move().
    void zoom_by(float factor) { pressed_ *= factor; }
    void toggle_fit();
    void fit() { state.zoom = 0, state.shift = {0, 0}; }
    // Brings that part of the page into the middle, large enough to read; happens with the next move().
    void look_at(const PageBox& box) { wanted_ = box; }
    // Wheel, drag and keys, for the item that was drawn last, which covers the room; `pans` false: the left button is taken.
    void move(const Room& room, ImVec2 paper, int turns, bool pans = true);

private:
    float pressed_ = 1;
    std::optional<PageBox> wanted_;
};

// The page's texture, or a part of it: `part` in shares of the page.
void draw_turned(ImDrawList* draw, ImTextureID texture, const PagePlace& place, const PageBox& part = {0, 0, 1, 1});

}  // namespace sealdesk::panels
