#include "panels/kit/tile.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "panels/kit/text.h"

namespace sealdesk::kit {

constexpr float kMargin = 12;  // px at 96 dpi, on both sides of the words

float tile_width(std::string_view caption, std::string_view number, std::string_view note_words) {
    const auto wide = [](std::string_view words, Size size, Weight weight) {
        FontScope font(size, weight);
        return text_size(words).x;
    };
    return std::ceil(std::max({wide(caption, Size::note, Weight::regular), wide(number, Size::heading, Weight::bold),
                               wide(note_words, Size::note, Weight::regular)})) +
           2 * px(kMargin);
}

bool tile(const char* id, std::string_view caption, std::string_view number, std::string_view note_words, bool selected,
          float width, Tone tone) {
    const ImVec2 at = ImGui::GetCursorScreenPos(), size(width, px(kTileHeight)), end(at.x + size.x, at.y + size.y);
    const bool pressed = ImGui::InvisibleButton((std::string(caption) + "###" + id).c_str(), size);
    const bool hovered = ImGui::IsItemHovered();
    if (!ImGui::IsItemVisible()) return pressed;
    ImDrawList* draw = ImGui::GetWindowDrawList();
    draw->AddRectFilled(at, end, selected ? colour::blue_ground : hovered ? colour::foot : colour::pane, px(6));
    draw->AddRect(at, end, selected ? colour::blue : colour::strong_line, px(6));
    const float left = at.x + px(kMargin), room = width - 2 * px(kMargin);
    {
        FontScope font(Size::note);
        draw_text_fitted(draw, {left, at.y + px(8)}, room, colour::quiet, caption);
        draw_text_fitted(draw, {left, end.y - px(8) - ImGui::GetFontSize()}, room, colour::quiet, note_words);
    }
    FontScope font(Size::heading, Weight::bold);
    draw_text_fitted(draw, {left, at.y + (size.y - ImGui::GetFontSize()) / 2}, room,
                     tone == Tone::plain ? colour::text : colours_of(tone).ink, number);
    return pressed;
}

}  // namespace sealdesk::kit
