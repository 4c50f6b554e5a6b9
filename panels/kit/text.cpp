#include "panels/kit/text.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

namespace sealdesk::kit {

static const char* end_of(std::string_view words) { return words.data() + words.size(); }

void draw_text(ImDrawList* draw, ImVec2 at, ImU32 ink, std::string_view words) {
    if (words.empty()) return;
    at = {std::round(at.x), std::round(at.y)};
    draw->AddText(at, ink, words.data(), end_of(words));
    // What is drawn by hand is part of what the screen says, as far as it is not clipped.
    if (ImGui::GetCurrentContext()->LogEnabled && at.y < draw->GetClipRectMax().y &&
        at.y + ImGui::GetFontSize() > draw->GetClipRectMin().y)
        ImGui::LogRenderedText(&at, words.data(), end_of(words));
}

float wrapped_height(std::string_view words, float width) {
    return std::max(ImGui::GetFontSize(), ImGui::CalcTextSize(words.data(), end_of(words), false, std::max(px(20), width)).y);
}

void draw_text_wrapped(ImDrawList* draw, ImVec2 at, float width, ImU32 ink, std::string_view words) {
    width = std::max(px(20), width);
    for (const char *line = words.data(), *end = end_of(words); line < end;) {
        const char* stop = ImGui::GetFont()->CalcWordWrapPosition(ImGui::GetFontSize(), line, end, width);
        if (stop == line) stop = std::min(end, line + ImTextCountUtf8BytesFromChar(line, end));  // always goes on
        draw_text(draw, at, ink, {line, static_cast<size_t>(stop - line)});
        at.y += ImGui::GetFontSize();
        for (line = stop; line < end && (*line == ' ' || *line == '\n'); ++line) {
        }
    }
}

void draw_text_fitted(ImDrawList* draw, ImVec2 at, float width, ImU32 ink, std::string_view words) {
    const ImVec2 size = text_size(words);
    if (size.x <= width) return draw_text(draw, at, ink, words);
    at = {std::round(at.x), std::round(at.y)};
    ImGui::PushStyleColor(ImGuiCol_Text, ink);
    ImGui::RenderTextEllipsis(draw, at, {at.x + std::max(0.0f, width), at.y + size.y}, at.x + width, words.data(), end_of(words),
                              &size);
    ImGui::PopStyleColor();
}

ImVec2 text_size(std::string_view words) {
    return words.empty() ? ImVec2(0, ImGui::GetFontSize()) : ImGui::CalcTextSize(words.data(), end_of(words));
}

static void print(std::string_view words, ImU32 ink, Size size, Weight weight) {
    FontScope font(size, weight);
    ImGui::PushStyleColor(ImGuiCol_Text, ink);
    ImGui::TextUnformatted(words.data(), end_of(words));
    ImGui::PopStyleColor();
}

void text(std::string_view words, ImU32 ink) { print(words, ink, Size::text, Weight::regular); }
void bold(std::string_view words, ImU32 ink) { print(words, ink, Size::title, Weight::bold); }
void note(std::string_view words, ImU32 ink) { print(words, ink, Size::note, Weight::regular); }
void value(std::string_view words, ImU32 ink) { print(words, ink, Size::value, Weight::regular); }
void heading(std::string_view words, ImU32 ink) { print(words, ink, Size::heading, Weight::bold); }

void note_beside(std::string_view words, float height, ImU32 ink) {
    FontScope font(Size::note);
    const float room = ImGui::GetContentRegionAvail().x, lines = wrapped_height(words, room);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::Dummy({room, height});
    draw_text_wrapped(ImGui::GetWindowDrawList(), {at.x, at.y + (height - lines) / 2}, room, ink, words);
}

void wrapped(std::string_view words, ImU32 ink) {
    ImGui::PushTextWrapPos(0);
    text(words, ink);
    ImGui::PopTextWrapPos();
}

void section(std::string_view title, std::string_view hint) {
    print(title, colour::quiet, Size::note, Weight::bold);
    if (hint.empty()) return;
    ImGui::SameLine(0, px(6));
    note(hint);
}

ImVec2 chip_size(std::string_view words) {
    FontScope font(Size::note);
    return {std::round(text_size(words).x + px(12)), px(21)};
}

void draw_chip(ImDrawList* draw, ImVec2 at, std::string_view words, Tone tone) {
    const ToneColours colours = colours_of(tone);
    const ImVec2 size = chip_size(words);
    at = {std::round(at.x), std::round(at.y)};
    draw->AddRectFilled(at, {at.x + size.x, at.y + size.y}, colours.ground, px(4));
    FontScope font(Size::note);
    draw_text(draw, {at.x + px(6), at.y + (size.y - ImGui::GetFontSize()) / 2}, colours.ink, words);
}

// A small thing on a line of text: its middle on the middle of the letters, which stand a little below the line's.
static ImVec2 place_inline(ImVec2 size) {
    ImGuiWindow* window = ImGui::GetCurrentWindow();
    const float line = std::max(ImGui::GetFontSize(), size.y);
    const ImVec2 at = window->DC.CursorPos;
    ImGui::Dummy({size.x, line});
    return {at.x, at.y + std::floor((line - size.y) / 2 + px(1))};
}

void chip(std::string_view words, Tone tone) {
    const ImVec2 at = place_inline(chip_size(words));
    draw_chip(ImGui::GetWindowDrawList(), at, words, tone);
}

ImVec2 key_cap_size(std::string_view key) {
    FontScope font(Size::note);
    return {std::round(std::max(px(22), text_size(key).x + px(12))), px(22)};
}

void draw_key_cap(ImDrawList* draw, ImVec2 at, std::string_view key, ImU32 ground, ImU32 ink, ImU32 edge) {
    const ImVec2 size = key_cap_size(key);
    at = {std::round(at.x), std::round(at.y)};
    const ImVec2 end(at.x + size.x, at.y + size.y);
    draw->AddRectFilled(at, end, ground, px(4));
    draw->AddRect(at, end, edge, px(4));
    draw->AddLine({at.x + px(3), end.y - 1}, {end.x - px(3), end.y - 1}, edge, px(1));
    FontScope font(Size::note);
    draw_text(draw, {at.x + (size.x - text_size(key).x) / 2, at.y + (size.y - ImGui::GetFontSize()) / 2}, ink, key);
}

void key_cap(std::string_view key) {
    const ImVec2 at = place_inline(key_cap_size(key));
    draw_key_cap(ImGui::GetWindowDrawList(), at, key);
}

void status_dot(std::string_view words, Tone tone) {
    FontScope font(Size::note);
    const ImVec2 size(text_size(words).x + px(14), ImGui::GetFontSize());
    const ImVec2 at = place_inline(size);
    ImDrawList* draw = ImGui::GetWindowDrawList();
    const ImU32 ink = tone == Tone::plain ? colour::off : colours_of(tone).ink;
    draw->AddCircleFilled({at.x + px(4), at.y + size.y / 2}, px(4), ink);
    draw_text(draw, {at.x + px(13), at.y - px(1)}, colour::text, words);
}

void callout(std::string_view sentence, std::string_view quiet, Tone tone, float width) {
    const ToneColours colours = colours_of(tone);
    const float pad = px(10);
    if (width <= 0) width = ImGui::GetContentRegionAvail().x;
    FontScope font(Size::note);
    const float wrap = width - 2 * pad;
    const ImVec2 upper = ImGui::CalcTextSize(sentence.data(), end_of(sentence), false, wrap);
    const ImVec2 lower = quiet.empty() ? ImVec2(0, 0) : ImGui::CalcTextSize(quiet.data(), end_of(quiet), false, wrap);
    const float gap = quiet.empty() ? 0 : px(2);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const ImVec2 size(width, upper.y + gap + lower.y + px(14));
    ImDrawList* draw = ImGui::GetWindowDrawList();
    const auto edge = (colours.ink & 0x00FFFFFFu) | (70u << 24);
    draw->AddRectFilled(at, {at.x + size.x, at.y + size.y}, (colours.ground & 0x00FFFFFFu) | (128u << 24), px(6));
    draw->AddRect(at, {at.x + size.x, at.y + size.y}, edge, px(6));
    const ImVec2 after = ImGui::GetCursorPos();
    const auto inside = [&](float y, std::string_view words, ImU32 ink) {
        ImGui::SetCursorScreenPos({at.x + pad, y});
        ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + wrap);
        ImGui::PushStyleColor(ImGuiCol_Text, ink);
        ImGui::TextUnformatted(words.data(), end_of(words));
        ImGui::PopStyleColor();
        ImGui::PopTextWrapPos();
    };
    inside(at.y + px(7), sentence, colour::text);
    if (!quiet.empty()) inside(at.y + px(7) + upper.y + gap, quiet, colour::quiet);
    ImGui::SetCursorPos(after);
    ImGui::Dummy(size);
}

void tooltip(std::string_view words) {
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, px(10, 7));
    if (ImGui::BeginTooltip()) {
        note(words, colour::text);
        ImGui::EndTooltip();
    }
    ImGui::PopStyleVar();
}

void empty_text(std::string_view sentence, std::string_view key, std::string_view key_does) {
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float wrap = std::max(px(80), room.x - px(48));
    ImDrawList* draw = ImGui::GetWindowDrawList();
    const ImVec2 size = ImGui::CalcTextSize(sentence.data(), end_of(sentence), false, wrap);
    const float y = at.y + std::max(px(24), room.y * 0.36f);
    const ImVec2 after = ImGui::GetCursorPos();
    ImGui::SetCursorScreenPos({at.x + std::max(px(24), (room.x - size.x) / 2), y});
    ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + wrap + 1);
    text(sentence, colour::quiet);
    ImGui::PopTextWrapPos();
    if (!key.empty()) {
        FontScope font(Size::note);
        const ImVec2 cap = key_cap_size(key);
        const float width = cap.x + px(6) + text_size(key_does).x;
        const ImVec2 line(at.x + (room.x - width) / 2, y + size.y + px(12));
        draw_key_cap(draw, line, key);
        draw_text(draw, {line.x + cap.x + px(6), line.y + (cap.y - ImGui::GetFontSize()) / 2}, colour::quiet, key_does);
    }
    ImGui::SetCursorPos(after);
    ImGui::Dummy({1, size.y});
}

}  // namespace sealdesk::kit
