#include "panels/kit/strip.h"

#include "panels/kit/pane.h"
#include "panels/kit/text.h"

namespace sealdesk::kit {

void title_strip(std::string_view title, std::string_view note_words, std::string_view right) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x, height = px(kBarHeight);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
    ImGui::Dummy({width, height});
    ImDrawList* draw = ImGui::GetWindowDrawList();
    float x = at.x + px(14);
    {
        FontScope font(Size::title, Weight::bold);
        draw_text(draw, {x, at.y + (height - ImGui::GetFontSize()) / 2}, colour::text, title);
        x += text_size(title).x + px(10);
    }
    {
        FontScope font(Size::note);
        const float y = at.y + (height - ImGui::GetFontSize()) / 2;
        const float taken = right.empty() ? 0 : text_size(right).x;
        if (!right.empty()) draw_text(draw, {at.x + width - px(14) - taken, y}, colour::quiet, right);
        if (!note_words.empty()) draw_text_fitted(draw, {x, y}, at.x + width - px(20) - taken - x, colour::quiet, note_words);
    }
    line();
    ImGui::PopStyleVar();
}

Inset::Inset() {
    ImGui::Indent(px(14));
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, px(8, 6));
}

Inset::~Inset() {
    ImGui::PopStyleVar();
    ImGui::Unindent(px(14));
}

float inset_width() { return ImGui::GetContentRegionAvail().x - px(14); }

}  // namespace sealdesk::kit
