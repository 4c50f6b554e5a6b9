#include "panels/kit/pane.h"

#include <imgui_internal.h>

#include <algorithm>

#include "panels/kit/dialog.h"
#include "panels/kit/frame.h"

namespace sealdesk::kit {

void begin_screen(const char* id) {
    ++frame().screens;
    const ImGuiViewport* viewport = ImGui::GetMainViewport();
    ImGui::SetNextWindowPos(viewport->Pos);
    ImGui::SetNextWindowSize(viewport->Size);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0.0f);
    ImGui::Begin(id, nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                     ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoScrollWithMouse);
    ImGui::PopStyleVar(2);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
}

void end_screen() {
    if (--frame().screens == 0) {
        draw_key_list();
        frame().toasts.draw();
    }
    ImGui::PopStyleVar();
    ImGui::End();
}

static ImU32 colour_of(Ground ground) {
    switch (ground) {
        case Ground::pane: return colour::pane;
        case Ground::foot: return colour::foot;
        case Ground::rail: return colour::rail;
        case Ground::viewer: return colour::viewer;
        case Ground::viewer_bar: return colour::viewer_bar;
        case Ground::none: break;
    }
    return rgb(0, 0);
}

void begin_pane(const char* id, ImVec2 size, Ground ground, ImVec2 padding, ImGuiWindowFlags flags) {
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, padding.x > 0 || padding.y > 0 ? px(8, 6) : ImVec2(0, 0));
    ImGui::PushStyleColor(ImGuiCol_ChildBg, colour_of(ground));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, padding);
    // Tab goes on from pane to pane.
    ImGui::BeginChild(id, size, ImGuiChildFlags_AlwaysUseWindowPadding | ImGuiChildFlags_NavFlattened, flags);
    ImGui::PopStyleVar();
    ImGui::PopStyleColor();
}

void end_pane() {
    ImGui::EndChild();
    ImGui::PopStyleVar();
}

void line() {
    const ImGuiWindow* window = ImGui::GetCurrentWindow();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::GetWindowDrawList()->AddRectFilled({window->InnerRect.Min.x, at.y},
                                              {window->InnerRect.Max.x, at.y + std::max(1.0f, px(1))}, colour::line);
    ImGui::Dummy({0, std::max(1.0f, px(1))});
}

void edge_right() {
    const ImVec2 from = ImGui::GetItemRectMin(), to = ImGui::GetItemRectMax();
    const float width = std::max(1.0f, px(1));
    ImGui::SameLine(0, 0);
    // Beside, not on it: panes inside the pane would cover it.
    ImGui::GetWindowDrawList()->AddRectFilled({to.x, from.y}, {to.x + width, to.y}, colour::strong_line);
    ImGui::Dummy({width, to.y - from.y});
}

void centre(float strip_px, float thing_px) { ImGui::SetCursorPosY(ImGui::GetCursorPosY() + (strip_px - thing_px) / 2); }

void align_right(float width, float margin) {
    ImGui::SetCursorPosX(
        std::max(ImGui::GetCursorPosX(), ImGui::GetCursorPosX() + ImGui::GetContentRegionAvail().x - width - margin));
}

void begin_right(const char* id, float margin) {
    ImGui::PushID(id);
    align_right(ImGui::GetStateStorage()->GetFloat(ImGui::GetID("right"), 0), margin);
    ImGui::BeginGroup();
}

float end_right() {
    ImGui::EndGroup();
    const float width = ImGui::GetItemRectSize().x;
    if (float& known = *ImGui::GetStateStorage()->GetFloatRef(ImGui::GetID("right")); known != width) {
        known = width;
        wake_in(0);
    }
    ImGui::PopID();
    return width;
}

void gap(float at_96_dpi) {
    const float spacing = ImGui::GetStyle().ItemSpacing.y;
    ImGui::Dummy({0, std::max(0.0f, px(at_96_dpi) - spacing)});
}

}  // namespace sealdesk::kit
