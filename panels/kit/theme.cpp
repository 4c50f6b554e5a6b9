#include "panels/kit/theme.h"

#include "panels/kit/frame.h"

namespace sealdesk::kit {

ToneColours colours_of(Tone tone) {
    switch (tone) {
        case Tone::blue: return {colour::blue, colour::blue_ground};
        case Tone::green: return {colour::green, colour::green_ground};
        case Tone::red: return {colour::red, colour::red_ground};
        case Tone::amber: return {colour::amber, colour::amber_ground};
        case Tone::orange: return {colour::orange, colour::orange_ground};
        case Tone::violet: return {colour::violet, colour::violet_ground};
        case Tone::plain: break;
    }
    return {colour::quiet, colour::ground};
}

void apply_theme(const Fonts& fonts, float scale) {
    ImGuiStyle style;
    ImGui::StyleColorsLight(&style);
    style.FontSizeBase = static_cast<float>(Size::text) * fonts.line;
    style.WindowPadding = {0, 0};
    style.FramePadding = {10, 5};
    style.ItemSpacing = {8, 6};
    style.ItemInnerSpacing = {6, 4};
    style.CellPadding = {8, 5};
    style.FrameRounding = style.GrabRounding = 6;
    style.ChildRounding = 0;
    style.PopupRounding = 8;
    style.WindowRounding = 8;
    style.WindowBorderSize = 0;
    style.ChildBorderSize = 0;
    style.FrameBorderSize = 1;
    style.PopupBorderSize = 1;
    style.ScrollbarSize = 10;
    style.ScrollbarRounding = 5;
    style.DisabledAlpha = 0.5f;
    style.WindowTitleAlign = {0, 0.5f};
    style.ScaleAllSizes(scale);
    style.FontScaleDpi = scale;
    const auto set = [&](ImGuiCol which, ImU32 value) { style.Colors[which] = ImGui::ColorConvertU32ToFloat4(value); };
    set(ImGuiCol_Text, colour::text);
    set(ImGuiCol_TextDisabled, colour::quiet);
    set(ImGuiCol_WindowBg, colour::ground);
    set(ImGuiCol_ChildBg, rgb(0, 0));
    set(ImGuiCol_PopupBg, colour::pane);
    set(ImGuiCol_Border, colour::strong_line);
    set(ImGuiCol_FrameBg, colour::pane);
    set(ImGuiCol_FrameBgHovered, colour::foot);
    set(ImGuiCol_FrameBgActive, colour::foot);
    set(ImGuiCol_TitleBg, colour::pane);
    set(ImGuiCol_TitleBgActive, colour::pane);
    set(ImGuiCol_Button, colour::pane);
    set(ImGuiCol_ButtonHovered, colour::foot);
    set(ImGuiCol_ButtonActive, colour::line);
    set(ImGuiCol_Header, colour::blue_ground);
    set(ImGuiCol_HeaderHovered, colour::ground);
    set(ImGuiCol_HeaderActive, colour::blue_ground);
    set(ImGuiCol_CheckMark, colour::blue);
    set(ImGuiCol_Separator, colour::line);
    set(ImGuiCol_ScrollbarBg, rgb(0, 0));
    set(ImGuiCol_ScrollbarGrab, colour::strong_line);
    set(ImGuiCol_ScrollbarGrabHovered, colour::off);
    set(ImGuiCol_ScrollbarGrabActive, colour::quiet);
    set(ImGuiCol_TableHeaderBg, colour::foot);
    set(ImGuiCol_TableBorderLight, colour::line);
    set(ImGuiCol_TableBorderStrong, colour::line);
    set(ImGuiCol_TextSelectedBg, rgb(0x1D4ED8, 60));
    set(ImGuiCol_ModalWindowDimBg, rgb(0x1F2A37, 110));
    set(ImGuiCol_NavCursor, colour::blue);
    ImGui::GetStyle() = style;
    frame().scale = scale;
}

FontScope::FontScope(Size size, Weight weight) {
    const Fonts& fonts = frame().fonts;
    ImGui::PushFont(weight == Weight::bold ? fonts.bold : fonts.regular, static_cast<float>(size) * fonts.line);
}

float px(float at_96_dpi) {
    // Not from the current font: lengths must not shrink beside small text.
    return at_96_dpi * frame().scale;
}

}  // namespace sealdesk::kit
