#include "panels/kit/button.h"

#include <imgui_internal.h>

#include <algorithm>

#include "base/translate.h"
#include "panels/kit/frame.h"
#include "panels/kit/text.h"

namespace sealdesk::kit {

static std::string label_of(std::string_view words, const char* id) { return std::string(words) + "###" + id; }

// Tab stops here.
static bool pressable(std::string_view words, const char* id, ImVec2 size) {
    const bool pressed = ImGui::InvisibleButton(label_of(words, id).c_str(), size, ImGuiButtonFlags_EnableNav);
    frame().focus.stop(Focus::Stop::button);
    return pressed;
}

float button_width(std::string_view words, ImGuiKeyChord key) {
    FontScope font(Size::title, Weight::bold);
    return text_size(words).x + px(28) + (key ? key_cap_size(key_name(key)).x + px(9) : 0);
}

static ImU32 mixed(ImU32 a, ImU32 b, float part) {
    const ImVec4 x = ImGui::ColorConvertU32ToFloat4(a), y = ImGui::ColorConvertU32ToFloat4(b);
    return ImGui::ColorConvertFloat4ToU32(ImLerp(x, y, part));
}

bool button(const char* id, std::string_view words, const ButtonLook& look) {
    const bool off = !look.disabled_because.empty();
    const ImGuiKeyChord chord = frame().keymap.of(id, look.key);
    const float room = ImGui::GetContentRegionAvail().x;
    const ImVec2 size(look.width > 0 ? look.width : look.width < 0 ? room : button_width(words, chord), px(38));
    const ImVec2 at = ImGui::GetCursorScreenPos();
    if (off) ImGui::BeginDisabled();
    bool pressed = pressable(words, id, size);
    const bool hovered = ImGui::IsItemHovered(), held = ImGui::IsItemActive();
    if (off) ImGui::EndDisabled();
    if (off && ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip | ImGuiHoveredFlags_AllowWhenDisabled))
        tooltip(look.disabled_because);
    if (chord && frame().shortcuts.pressed(chord, words, !off)) pressed = true;

    const ToneColours colours = colours_of(look.tone);
    const bool filled = look.tone == Tone::green || look.tone == Tone::red;
    ImU32 ground = filled ? colours.ink : look.tone == Tone::plain ? colour::pane : colours.ground;
    ImU32 ink = filled ? colour::white : look.tone == Tone::plain ? colour::text : colours.ink;
    if (off) {
        ground = colour::ground;
        ink = rgb(0x98A2AE);
    } else if (held || hovered) {
        ground = mixed(ground, rgb(0x000000), held ? 0.14f : filled ? 0.08f : 0.03f);
    }
    ImDrawList* draw = ImGui::GetWindowDrawList();
    const ImVec2 end(at.x + size.x, at.y + size.y);
    draw->AddRectFilled(at, end, ground, px(6));
    if (!filled || off) draw->AddRect(at, end, colour::strong_line, px(6));
    FontScope font(Size::title, Weight::bold);
    const ImVec2 text = text_size(words);
    const std::string key = chord ? key_name(chord) : std::string();
    const ImVec2 cap = chord ? key_cap_size(key) : ImVec2(0, 0);
    const float inner = text.x + (chord ? cap.x + px(9) : 0);
    const float x = at.x + std::max(px(8), (size.x - inner) / 2);
    draw_text(draw, {x, at.y + (size.y - text.y) / 2}, ink, words);
    if (chord) {
        const bool light = filled && !off;
        draw_key_cap(draw, {x + text.x + px(9), at.y + (size.y - cap.y) / 2}, key, light ? rgb(0xFFFFFF, 40) : colour::pane, ink,
                     light ? rgb(0xFFFFFF, 150) : colour::strong_line);
    }
    return pressed && !off;
}

bool link(const char* id, std::string_view words) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const ImVec2 size = text_size(words);
    const bool pressed = pressable(words, id, {std::max(1.0f, size.x), size.y});
    ImDrawList* draw = ImGui::GetWindowDrawList();
    draw_text(draw, at, colour::blue, words);
    if (ImGui::IsItemHovered()) {
        ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        draw->AddLine({at.x, at.y + size.y - px(2)}, {at.x + size.x, at.y + size.y - px(2)}, colour::blue, px(1));
    }
    return pressed;
}

bool tab(const char* id, std::string_view words, int count, bool selected, ImGuiKeyChord key) {
    key = frame().keymap.of(id, key);
    const std::string label = count < 0 ? std::string(words) : std::string(words) + " " + std::to_string(count);
    FontScope font(Size::text, selected ? Weight::bold : Weight::regular);
    const ImVec2 text = text_size(label);
    const ImVec2 size(text.x + px(18), px(28)), at = ImGui::GetCursorScreenPos();
    bool pressed = pressable(label, id, size);
    if (key && frame().shortcuts.pressed(key, words)) pressed = true;
    ImDrawList* draw = ImGui::GetWindowDrawList();
    if (selected || ImGui::IsItemHovered())
        draw->AddRectFilled(at, {at.x + size.x, at.y + size.y}, selected ? colour::blue_ground : colour::ground, px(5));
    draw_text(draw, {at.x + px(9), at.y + (size.y - text.y) / 2}, selected ? colour::blue : rgb(0x4A5663), label);
    return pressed;
}

bool rail_item(const char* id, std::string_view words, int count, bool selected, ImGuiKeyChord key) {
    key = frame().keymap.of(id, key);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const ImVec2 size(ImGui::GetContentRegionAvail().x, px(64)), end(at.x + size.x, at.y + size.y);
    const bool counted = count > 0;
    const std::string number = std::to_string(count);
    const std::string label = counted ? std::string(words) + " " + number : std::string(words);
    bool pressed = ImGui::InvisibleButton(label_of(label, id).c_str(), size);
    if (key && frame().shortcuts.pressed(key, words)) pressed = true;
    ImDrawList* draw = ImGui::GetWindowDrawList();
    if (selected || ImGui::IsItemHovered()) draw->AddRectFilled(at, end, selected ? colour::rail_selected : rgb(0x273444));
    if (selected) draw->AddRectFilled(at, {at.x + px(3), end.y}, colour::rail_edge);
    const float middle = at.x + size.x / 2;
    {
        FontScope font(Size::text);
        draw_text(draw, {middle - text_size(words).x / 2, at.y + (counted ? px(12) : (size.y - ImGui::GetFontSize()) / 2)},
                  selected ? colour::white : colour::rail_text, words);
    }
    if (counted) {
        FontScope font(Size::note, Weight::bold);
        draw_text(draw, {middle - text_size(number).x / 2, at.y + px(34)}, colour::rail_count, number);
    }
    return pressed;
}

bool choice(const char* id, std::string_view words, ImGuiKeyChord key, bool chosen) {
    key = frame().keymap.of(id, key);
    FontScope font(Size::text);
    const std::string name = key ? key_name(key) : std::string();
    const ImVec2 cap = key ? key_cap_size(name) : ImVec2(0, 0), text = text_size(words);
    const float gap = key ? px(4) : 0;
    const ImVec2 at = ImGui::GetCursorScreenPos(), size(cap.x + gap + text.x + px(6), px(26));
    bool pressed = pressable(words, id, size);
    if (key && frame().shortcuts.pressed(key, words)) pressed = true;
    ImDrawList* draw = ImGui::GetWindowDrawList();
    const ImVec2 from(at.x - px(3), at.y), end(at.x + size.x, at.y + size.y);
    if (chosen || ImGui::IsItemHovered()) draw->AddRectFilled(from, end, chosen ? colour::red_ground : colour::ground, px(5));
    if (key)
        draw_key_cap(draw, {at.x, at.y + (size.y - cap.y) / 2}, name, chosen ? colour::red : colour::pane,
                     chosen ? colour::white : colour::text, chosen ? colour::red : colour::strong_line);
    draw_text(draw, {at.x + cap.x + gap, at.y + (size.y - text.y) / 2}, chosen ? colour::red : colour::text, words);
    return pressed;
}

bool bar_key(const char* id, ImGuiKeyChord key, std::string_view does, bool enabled) {
    key = frame().keymap.of(id, key);
    const std::string name = key ? key_name(key) : "·";  // turned off, it can still be clicked
    const ImVec2 size = key_cap_size(name), at = ImGui::GetCursorScreenPos();
    ImGui::BeginDisabled(!enabled);
    bool pressed = ImGui::InvisibleButton(label_of(name, id).c_str(), size);
    const bool hovered = ImGui::IsItemHovered();
    ImGui::EndDisabled();
    if (frame().shortcuts.pressed(key, does, enabled)) pressed = true;
    draw_key_cap(ImGui::GetWindowDrawList(), at, name, hovered ? colour::ground : colour::pane,
                 enabled ? colour::text : colour::off);
    return pressed;
}

bool bar_key_held(const char* id, ImGuiKey usual, std::string_view does, bool enabled) {
    // What is held is one key: a chord that somebody chose counts by its last one.
    const auto key = static_cast<ImGuiKey>(frame().keymap.of(id, usual) & ~ImGuiMod_Mask_);
    const std::string name = key ? key_name(key) : "·";
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::BeginDisabled(!enabled);
    ImGui::InvisibleButton(label_of(name, id).c_str(), key_cap_size(name));
    const bool down = ImGui::IsItemActive(), hovered = ImGui::IsItemHovered();
    ImGui::EndDisabled();
    const bool held = frame().shortcuts.held(key, does, enabled) || down;
    draw_key_cap(ImGui::GetWindowDrawList(), at, name, held || hovered ? colour::ground : colour::pane,
                 enabled ? colour::text : colour::off);
    return held;
}

bool checkbox(const char* id, std::string_view words, bool* on) {
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, px(2, 2));
    const bool changed = ImGui::Checkbox(label_of(words, id).c_str(), on);
    frame().focus.stop(Focus::Stop::other);
    ImGui::PopStyleVar();
    return changed;
}

}  // namespace sealdesk::kit
