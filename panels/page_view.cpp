#include "panels/page_view.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace sealdesk::panels {

namespace {

constexpr float kMargin = 16;  // px at 96 dpi around a page that fits

struct Fit {
    float whole, wide;  // screen px for each px of the page
};
Fit fit_of(const Room& room, ImVec2 seen) {
    const float wide = std::max(0.01f, (room.size.x - kit::px(2 * kMargin)) / seen.x),
                high = std::max(0.01f, (room.size.y - kit::px(2 * kMargin)) / seen.y);
    return {std::min(wide, high), wide};
}

// As it is seen: turned.
ImVec2 seen_size(ImVec2 paper, int turns) {
    const ImVec2 size(std::max(1.0f, paper.x), std::max(1.0f, paper.y));
    return turns % 2 != 0 ? ImVec2(size.y, size.x) : size;
}

// Page to the turned page, in shares.
std::array<double, 2> turned(double x, double y, int turns) {
    switch (turns % 4) {
        case 1: return {1 - y, x};
        case 2: return {1 - x, 1 - y};
        case 3: return {y, 1 - x};
        default: return {x, y};
    }
}

}  // namespace

ImVec2 on_screen(const PagePlace& place, double x, double y) {
    const auto at = turned(x, y, place.turns);
    return {place.from.x + static_cast<float>(at[0]) * (place.to.x - place.from.x),
            place.from.y + static_cast<float>(at[1]) * (place.to.y - place.from.y)};
}

std::array<double, 2> on_page(const PagePlace& place, ImVec2 point) {
    const double wide = std::max(1.0f, place.to.x - place.from.x), high = std::max(1.0f, place.to.y - place.from.y);
    return turned((point.x - place.from.x) / wide, (point.y - place.from.y) / high, (4 - place.turns % 4) % 4);
}

std::array<ImVec2, 2> on_screen(const PagePlace& place, const PageBox& box) {
    const ImVec2 a = on_screen(place, box.x, box.y), b = on_screen(place, box.x + box.width, box.y + box.height);
    return {ImVec2(std::min(a.x, b.x), std::min(a.y, b.y)), ImVec2(std::max(a.x, b.x), std::max(a.y, b.y))};
}

PagePlace PageView::place(const Room& room, ImVec2 paper, int turns) const {
    const ImVec2 seen = seen_size(paper, turns);
    const Fit fit = fit_of(room, seen);
    const float scale = state.zoom > 0 ? fit.whole * state.zoom : state.fit_width ? fit.wide : fit.whole;
    const ImVec2 half(seen.x * scale / 2, seen.y * scale / 2);
    // Fitted to the width, reading begins at the top.
    const float top = state.zoom == 0 && state.fit_width ? std::max(0.0f, half.y - room.size.y / 2 + kit::px(kMargin)) : 0;
    const ImVec2 middle(room.middle().x + state.shift.x * half.x * 2, room.middle().y + state.shift.y * half.y * 2 + top);
    return {{std::round(middle.x - half.x), std::round(middle.y - half.y)},
            {std::round(middle.x + half.x), std::round(middle.y + half.y)},
            scale,
            turns};
}

void PageView::toggle_fit() {
    state.fit_width = !state.fit_width;
    fit();
}

void PageView::move(const Room& room, ImVec2 paper, int turns, bool pans) {
    const ImGuiIO& io = ImGui::GetIO();
    const Fit fit = fit_of(room, seen_size(paper, turns));
    const PagePlace before = place(room, paper, turns);
    const ImVec2 size(before.to.x - before.from.x, before.to.y - before.from.y);
    if (const auto box = std::exchange(wanted_, std::nullopt)) {
        const auto corners = on_screen(before, *box);
        // A third of the room, but never smaller than the whole page and never larger than letters need.
        const float grown = std::min(room.size.x / 3 / std::max(1.0f, corners[1].x - corners[0].x),
                                     room.size.y / 3 / std::max(1.0f, corners[1].y - corners[0].y));
        state.zoom = std::clamp(before.scale * grown, fit.whole, std::max(1.5f, fit.whole)) / fit.whole;
        const auto middle = turned(box->x + box->width / 2, box->y + box->height / 2, turns);
        state.shift = {static_cast<float>(0.5 - middle[0]), static_cast<float>(0.5 - middle[1])};
        return;
    }
    float factor = std::exchange(pressed_, 1.0f);
    ImVec2 still = room.middle();  // the point that stays where it is
    if (ImGui::IsItemHovered() && io.MouseWheel != 0 && room.holds(io.MousePos)) {
        factor *= std::pow(1.15f, io.MouseWheel);
        still = io.MousePos;
    }
    ImVec2 middle((before.from.x + before.to.x) / 2, (before.from.y + before.to.y) / 2);
    float scale = before.scale;
    bool moved = false;
    if (factor != 1.0f) {
        scale = std::clamp(before.scale * factor, fit.whole * 0.2f, std::max(8.0f, fit.whole * 2));
        const float grown = scale / before.scale;
        middle = {still.x + (middle.x - still.x) * grown, still.y + (middle.y - still.y) * grown};
        moved = true;
    }
    if (pans && ImGui::IsItemActive() && ImGui::IsMouseDragging(ImGuiMouseButton_Left, 2)) {
        middle = {middle.x + io.MouseDelta.x, middle.y + io.MouseDelta.y};
        moved = true;
        ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeAll);
    }
    if (!moved) return;
    state.zoom = scale / fit.whole;
    const float grown = scale / before.scale;
    state.shift = {(middle.x - room.middle().x) / (size.x * grown), (middle.y - room.middle().y) / (size.y * grown)};
}

void draw_turned(ImDrawList* draw, ImTextureID texture, const PagePlace& place, const PageBox& part) {
    const double right = part.x + part.width, low = part.y + part.height;
    draw->AddImageQuad(texture, on_screen(place, part.x, part.y), on_screen(place, right, part.y), on_screen(place, right, low),
                       on_screen(place, part.x, low));
}

}  // namespace sealdesk::panels
