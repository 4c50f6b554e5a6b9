#include "panels/page_crop.h"

#include <algorithm>
#include <cmath>

#include "base/translate.h"
#include "panels/ids.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

namespace {

constexpr double kLeast = 0.01;  // of the page's side: less is a click

PageBox between(std::array<double, 2> a, std::array<double, 2> b, const PageBox& within) {
    const auto inside = [](double value, double from, double size) { return std::clamp(value, from, from + size); };
    for (auto* point : {&a, &b}) {
        (*point)[0] = inside((*point)[0], within.x, within.width);
        (*point)[1] = inside((*point)[1], within.y, within.height);
    }
    return {std::min(a[0], b[0]), std::min(a[1], b[1]), std::abs(a[0] - b[0]), std::abs(a[1] - b[1])};
}

bool holds(const PageBox& box, std::array<double, 2> point) {
    return point[0] >= box.x && point[1] >= box.y && point[0] <= box.x + box.width && point[1] <= box.y + box.height;
}

void draw_ellipse(ImDrawList* draw, const PagePlace& place, const PageBox& ellipse, ImU32 ink) {
    const auto corners = on_screen(place, ellipse);
    draw->AddEllipse({(corners[0].x + corners[1].x) / 2, (corners[0].y + corners[1].y) / 2},
                     {(corners[1].x - corners[0].x) / 2, (corners[1].y - corners[0].y) / 2}, ink, 0, 0, kit::px(3));
}

}  // namespace

void PageCrop::move(const PagePlace& place, size_t page) {
    if (!active()) return;
    const auto point = on_page(place, ImGui::GetIO().MousePos);
    constexpr PageBox kPage{0, 0, 1, 1};
    if (ImGui::IsItemActivated() && holds(kPage, point)) {
        around_ = step_ == Step::ellipse && page == page_ && holds(area_, point);
        from_ = point;
        page_ = page;
    }
    if (!from_ || page != page_) return;
    ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeNWSE);
    const PageBox drawn = between(*from_, point, around_ ? area_ : kPage);
    const bool large = drawn.width >= kLeast && drawn.height >= kLeast;
    if (large && around_) ellipse_ = drawn;
    if (large && !around_) {
        area_ = drawn;
        // A guess that most are content with.
        ellipse_ = {drawn.x + drawn.width * 0.15, drawn.y + drawn.height * 0.15, drawn.width * 0.7, drawn.height * 0.7};
    }
    if (ImGui::IsItemActive()) return;
    from_.reset();
    if (!empty(area_)) step_ = Step::ellipse;
}

void PageCrop::draw(ImDrawList* draw, const PagePlace& place, size_t page) const {
    if (!active() || page != page_ || empty(area_)) return;
    const auto corners = on_screen(place, area_);
    constexpr ImU32 kDim = kit::rgb(0x1F2933, 120);
    draw->AddRectFilled(place.from, {place.to.x, corners[0].y}, kDim);
    draw->AddRectFilled({place.from.x, corners[1].y}, place.to, kDim);
    draw->AddRectFilled({place.from.x, corners[0].y}, {corners[0].x, corners[1].y}, kDim);
    draw->AddRectFilled({corners[1].x, corners[0].y}, {place.to.x, corners[1].y}, kDim);
    draw->AddRect(corners[0], corners[1], kit::colour::rail_count, 0, 0, kit::px(2));
    draw_ellipse(draw, place, ellipse_, kit::colour::rail_edge);
}

void PageCrop::draw_buttons(const Room& room) {
    if (!active()) return;
    const bool drawn = step_ == Step::ellipse;
    const char* words = drawn ? tr("再拖一次可改圈，圈外拖动则重画；合适就按回车") : tr("在页面上拖出要给申请人看的一块");
    kit::FontScope font(kit::Size::text);
    const float use = kit::button_width(tr("用这一块"), ImGuiKey_Enter), leave = kit::button_width(tr("取消"), ImGuiKey_Escape),
                gap = kit::px(8), text = kit::text_size(words).x,
                width = text + (drawn ? use + gap : 0) + leave + gap + kit::px(28);
    const ImVec2 at(room.from.x + std::max(kit::px(4), (room.size.x - width) / 2), room.from.y + room.size.y - kit::px(60));
    ImGui::GetWindowDrawList()->AddRectFilled(at, {at.x + width, at.y + kit::px(50)}, kit::colour::pane, kit::px(6));
    kit::draw_text(ImGui::GetWindowDrawList(), {at.x + kit::px(12), at.y + (kit::px(50) - ImGui::GetFontSize()) / 2},
                   kit::colour::text, words);
    float x = at.x + kit::px(12) + text + gap;
    if (drawn) {
        ImGui::SetCursorScreenPos({x, at.y + kit::px(6)});
        if (kit::button(ids::viewer_crop_use, tr("用这一块"), {.tone = kit::Tone::blue, .key = ImGuiKey_Enter})) {
            made_ = Made{page_, area_, ellipse_};
            step_ = Step::off;
        }
        x += use + gap;
    }
    ImGui::SetCursorScreenPos({x, at.y + kit::px(6)});
    if (kit::button(ids::viewer_crop_leave, tr("取消"), {.key = ImGuiKey_Escape})) cancel();
}

void draw_mark(ImDrawList* draw, const PagePlace& place, const PageBox& area, const PageBox& ellipse) {
    const auto corners = on_screen(place, area);
    draw->AddRect(corners[0], corners[1], kit::colour::rail_edge, 0, 0, kit::px(1.5f));
    if (ellipse.width > 0 && ellipse.height > 0) draw_ellipse(draw, place, ellipse, kit::colour::rail_edge);
}

}  // namespace sealdesk::panels
