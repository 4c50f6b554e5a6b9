#include "panels/kit/chart.h"

#include <imgui_internal.h>

#include <algorithm>

#include "panels/kit/text.h"

namespace sealdesk::kit {

static double highest(std::span<const Bar> bars) {
    double most = 0;
    for (const Bar& bar : bars) most = std::max(most, bar.value);
    return most > 0 ? most : 1;
}

static bool bar_button(const char* id, size_t index, ImVec2 at, ImVec2 size) {
    ImGui::SetCursorScreenPos(at);
    const bool pressed = ImGui::InvisibleButton((std::string("###") + id + "/" + std::to_string(index)).c_str(), size);
    if (ImGui::IsItemHovered()) ImGui::GetWindowDrawList()->AddRectFilled(at, {at.x + size.x, at.y + size.y}, colour::foot);
    return pressed;
}

int columns(const char* id, std::span<const Bar> bars, ImVec2 size) {
    int clicked = -1;
    const ImVec2 at = ImGui::GetCursorScreenPos(), after = ImGui::GetCursorPos();
    FontScope font(Size::note);
    const float line = ImGui::GetFontSize(), step = size.x / static_cast<float>(std::max<size_t>(1, bars.size()));
    const float top = at.y + line, foot = at.y + size.y - line;
    const double most = highest(bars);
    ImDrawList* draw = ImGui::GetWindowDrawList();
    for (size_t i = 0; i < bars.size(); ++i) {
        const Bar& bar = bars[i];
        const float x = at.x + step * static_cast<float>(i);
        if (bar_button(id, i, {x, at.y}, {std::max(1.0f, step), size.y})) clicked = static_cast<int>(i);
        const float height = static_cast<float>(bar.value / most) * (foot - top), inset = step * 0.22f;
        draw->AddRectFilled({x + inset, foot - height}, {x + step - inset, foot}, colours_of(bar.tone).ink, px(2),
                            ImDrawFlags_RoundCornersTop);
        draw_text(draw, {x + (step - text_size(bar.words).x) / 2, foot - height - line}, colour::text, bar.words);
        draw_text(draw, {x + (step - text_size(bar.label).x) / 2, foot}, colour::quiet, bar.label);
    }
    draw->AddRectFilled({at.x, foot}, {at.x + size.x, foot + 1}, colour::strong_line);
    ImGui::SetCursorPos(after);
    ImGui::Dummy(size);
    return clicked;
}

int bars(const char* id, std::span<const Bar> bars, float width) {
    int clicked = -1;
    FontScope font(Size::text);
    float names = 0, numbers = 0;
    for (const Bar& bar : bars) {
        names = std::max(names, text_size(bar.label).x);
        numbers = std::max(numbers, bar.words.empty() ? 0 : text_size(bar.words).x);
    }
    names = std::min(names, width * 0.4f);
    const double most = highest(bars);
    const ImVec2 at = ImGui::GetCursorScreenPos(), after = ImGui::GetCursorPos();
    const float row = px(28), from = names + px(12), room = std::max(px(20), width - from - numbers - px(10));
    ImDrawList* draw = ImGui::GetWindowDrawList();
    for (size_t i = 0; i < bars.size(); ++i) {
        const Bar& bar = bars[i];
        const ImVec2 here(at.x, at.y + row * static_cast<float>(i));
        if (bar_button(id, i, here, {std::max(1.0f, width), row})) clicked = static_cast<int>(i);
        const float y = here.y + (row - ImGui::GetFontSize()) / 2, length = static_cast<float>(bar.value / most) * room;
        draw_text_fitted(draw, {here.x, y}, names, colour::text, bar.label);
        draw->AddRectFilled({here.x + from, here.y + px(8)}, {here.x + from + std::max(px(2), length), here.y + row - px(8)},
                            colours_of(bar.tone).ink, px(3));
        draw_text(draw, {here.x + from + length + px(8), y}, colour::quiet, bar.words);
    }
    ImGui::SetCursorPos(after);
    ImGui::Dummy({width, row * static_cast<float>(bars.size())});
    return clicked;
}

void meter(double part, float width, Tone tone) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float line = ImGui::GetFontSize(), height = px(8), y = at.y + (line - height) / 2;
    ImGui::Dummy({width, line});
    ImDrawList* draw = ImGui::GetWindowDrawList();
    draw->AddRectFilled({at.x, y}, {at.x + width, y + height}, colour::line, px(4));
    const auto filled = static_cast<float>(std::clamp(part, 0.0, 1.0)) * width;
    if (filled > 0) draw->AddRectFilled({at.x, y}, {at.x + filled, y + height}, colours_of(tone).ink, px(4));
}

}  // namespace sealdesk::kit
