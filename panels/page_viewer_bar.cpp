// The bar above the pages: which page this is, and the keys that turn it, move it and change how it looks.
#include <algorithm>

#include "base/translate.h"
#include "panels/ids.h"
#include "panels/kit/kit.h"
#include "panels/page_viewer.h"

namespace sealdesk::panels {

void PageViewer::draw_bar() {
    // In a narrow pane what changes the look stands in a row of its own.
    const bool one_row = ImGui::GetContentRegionAvail().x >= kit::px(1240);
    constexpr ImGuiWindowFlags kStill = ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse;
    kit::begin_pane("viewer.bar", {0, kit::px(kit::kBarHeight)}, kit::Ground::viewer_bar, {}, kStill);
    float line = (kit::px(kit::kBarHeight) - ImGui::GetFontSize()) / 2, caps = (kit::px(kit::kBarHeight) - kit::px(22)) / 2;
    const float left = kit::px(14), right = ImGui::GetContentRegionAvail().x - bar_keys_;
    ImGui::SetCursorPos({left, line});
    const auto& package = current_.package();
    const size_t count = current_.count();
    // What does not fit before the keys ends with …
    const auto fitted = [&](const std::string& words, bool bold) {
        kit::FontScope font(kit::Size::text, bold ? kit::Weight::bold : kit::Weight::regular);
        const float width = std::min(kit::text_size(words).x + 1, right - ImGui::GetCursorPosX() - kit::px(8));
        if (width < kit::px(24)) return;
        kit::draw_text_fitted(ImGui::GetWindowDrawList(), ImGui::GetCursorScreenPos(), width,
                              bold ? kit::colour::white : kit::colour::viewer_text, words);
        ImGui::Dummy({width, ImGui::GetFontSize()});
        ImGui::SameLine(0, kit::px(14));
    };
    if (count > 0) {
        const scans::Page& page = package->pages[page_];
        kit::bold(trf("{} / {}", page_ + 1, count), kit::colour::white);
        ImGui::SameLine(0, kit::px(14));
        if (!package->refusals.empty()) {
            kit::chip(trf("{} 个文件打不开", package->refusals.size()), kit::Tone::red);
            ImGui::SameLine(0, kit::px(14));
        }
        fitted(page.title, true);
        fitted(trf("{} × {}", page.width, page.height), false);
    } else if (current_.subject()) {
        if (package && !package->refusals.empty()) {
            kit::chip(trf("{} 个文件打不开", package->refusals.size()), kit::Tone::red);
            ImGui::SameLine(0, kit::px(14));
        }
        fitted(current_.subject()->package_name, false);
    }
    ImGui::SameLine(0, 0);
    kit::begin_right("viewer.keys", kit::px(14));
    const bool on = count > 0;
    const auto caption = [&](const char* words) {
        ImGui::SetCursorPosY(line);
        kit::text(words, kit::colour::viewer_text);
        ImGui::SameLine(0, kit::px(6));
        ImGui::SetCursorPosY(caps);
    };
    const auto next = [&](float gap) {
        ImGui::SameLine(0, kit::px(gap));
        ImGui::SetCursorPosY(caps);
    };
    caption(tr("翻页"));
    const bool back = kit::bar_key(ids::viewer_previous, ImGuiKey_LeftArrow, tr("上一页"), on) ||
                      kit::frame().shortcuts.pressed(ids::viewer_page_up, ImGuiKey_PageUp, tr("上一页"), on);
    next(4);
    const bool ahead = kit::bar_key(ids::viewer_next, ImGuiKey_RightArrow, tr("下一页"), on) ||
                       kit::frame().shortcuts.pressed(ids::viewer_page_down, ImGuiKey_PageDown, tr("下一页"), on);
    next(12);
    caption(tr("缩放"));
    if (kit::bar_key(ids::viewer_zoom_in, ImGuiKey_Equal, tr("放大"), on)) view_.zoom_by(1.25f);
    next(4);
    if (kit::bar_key(ids::viewer_zoom_out, ImGuiKey_Minus, tr("缩小"), on)) view_.zoom_by(1 / 1.25f);
    next(12);
    caption(tr("旋转"));
    if (kit::bar_key(ids::viewer_turn_left, ImGuiKey_LeftBracket, tr("向左转"), on)) turns_[page_] = (turns_of(page_) + 3) % 4;
    next(4);
    if (kit::bar_key(ids::viewer_turn_right, ImGuiKey_RightBracket, tr("向右转"), on)) turns_[page_] = (turns_of(page_) + 1) % 4;
    next(12);
    caption(tr("适合"));
    if (kit::bar_key(ids::viewer_fit, ImGuiKey_F, tr("适合宽度 / 整页"), on)) {
        view_.toggle_fit();
        fit_width_ = view_.state.fit_width;
    }
    if (one_row) {
        next(12);
    } else {
        kit::end_right();
        bar_keys_ = ImGui::GetItemRectSize().x + kit::px(14);
        kit::end_pane();
        kit::begin_pane("viewer.looks", {0, kit::px(kit::kBarHeight - 6)}, kit::Ground::viewer_bar, {}, kStill);
        line = caps = kit::px(1);
        line += (kit::px(22) - ImGui::GetFontSize()) / 2;
        ImGui::SetCursorPos({left, line});
        kit::begin_right("viewer.look_keys", kit::px(14));
        ImGui::SetCursorPosY(caps);
    }
    caption(tr("双页"));
    if (kit::bar_key(ids::viewer_double, ImGuiKey_D, tr("并排两页 / 一页"), on)) double_ = !double_;
    if (compare_.there()) {
        next(12);
        caption(tr("对比"));
        if (kit::bar_key(ids::viewer_compare, ImGuiKey_C, tr("与上次提交对比：并排 / 交替 / 不比"), on)) compare_.next_mode();
        next(4);
        compare_.hold_earlier(kit::bar_key_held(ids::viewer_earlier, ImGuiKey_B, tr("按住看上次提交"), on));
    } else {
        compare_.hold_earlier(false);
    }
    next(12);
    caption(tr("反色"));
    inverted_ = kit::bar_key_held(ids::viewer_invert, ImGuiKey_I, tr("按住反色"), on);
    next(12);
    caption(tr("增强"));
    contrast_ = kit::bar_key_held(ids::viewer_contrast, ImGuiKey_X, tr("按住增强对比"), on);
    if (!detached_) {
        next(12);
        caption(tr("窗口"));
        if (kit::bar_key(ids::viewer_detach, ImGuiKey_W, tr("材料放到第二个窗口"))) detached_ = true;
    }
    kit::end_right();
    if (one_row) bar_keys_ = ImGui::GetItemRectSize().x + kit::px(14);
    kit::end_pane();
    const size_t step = double_ ? 2 : 1;
    if (back && page_ > 0) turn_to(page_ - std::min(step, page_));
    if (ahead && page_ + step < count) turn_to(page_ + step);
}

}  // namespace sealdesk::panels
