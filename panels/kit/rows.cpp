#include "panels/kit/rows.h"

#include <imgui_internal.h>

#include <algorithm>

#include "base/translate.h"
#include "panels/kit/button.h"
#include "panels/kit/frame.h"
#include "panels/kit/text.h"

namespace sealdesk::kit {

bool list_row(const char* id, const ListRow& row) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const ImVec2 size(ImGui::GetContentRegionAvail().x, px(kListRow)), end(at.x + size.x, at.y + size.y);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
    const bool pressed = ImGui::InvisibleButton((row.title + "###" + id).c_str(), size);
    ImGui::PopStyleVar();
    if (row.into_view) ImGui::ScrollToItem(ImGuiScrollFlags_KeepVisibleEdgeY | ImGuiScrollFlags_NoScrollParent);
    if (!ImGui::IsItemVisible()) return pressed;
    ImDrawList* draw = ImGui::GetWindowDrawList();
    if (row.selected) {
        draw->AddRectFilled(at, end, colour::blue_ground);
        draw->AddRectFilled(at, {at.x + px(3), end.y}, colour::blue);
    } else if (ImGui::IsItemHovered()) {
        draw->AddRectFilled(at, end, colour::foot);
    }
    draw->AddRectFilled({at.x, end.y - 1}, end, colour::line);
    const float left = at.x + px(14), right = end.x - px(14);
    {
        FontScope font(Size::title, Weight::bold);
        const float y = at.y + px(8), amount = text_size(row.title_right).x;
        draw_text_fitted(draw, {left, y}, right - left - amount - px(10), colour::text, row.title);
        draw_text(draw, {right - (row.title_right.empty() ? 0 : amount), y}, colour::text, row.title_right);
    }
    const float y = at.y + px(32);
    float x = left;
    for (const Chip& part : row.chips) {
        draw_chip(draw, {x, y}, part.words, part.tone);
        x += chip_size(part.words).x + px(4);
    }
    FontScope font(Size::note);
    const float text_y = y + (px(21) - ImGui::GetFontSize()) / 2;
    float stop = right;
    if (!row.note_right.words.empty()) {
        const bool loud = row.note_right.tone != Tone::plain;
        stop -= loud ? chip_size(row.note_right.words).x : text_size(row.note_right.words).x;
        if (loud)
            draw_chip(draw, {stop, y}, row.note_right.words, row.note_right.tone);
        else
            draw_text(draw, {stop, text_y}, colour::quiet, row.note_right.words);
    }
    draw_text_fitted(draw, {x, text_y}, stop - x - px(8), colour::quiet, row.note);
    return pressed;
}

int list_step(const char* down, const char* up) {
    Shortcuts& shortcuts = frame().shortcuts;
    const bool next = shortcuts.pressed(down, ImGuiKey_DownArrow, tr("看下一行"));
    const bool before = shortcuts.pressed(up, ImGuiKey_UpArrow, tr("看上一行"));
    return next ? 1 : before ? -1 : 0;
}

bool field_row(const FieldRow& row) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x, height = px(33);
    float label_width = px(row.label_width);
    {
        // As wide as the widest label of this pane needs, from its second frame on: English words are longer.
        FontScope font(Size::text);
        float& widest = *ImGui::GetStateStorage()->GetFloatRef(ImGui::GetID("kit.label_width"), label_width);
        widest = std::min(std::max(widest, text_size(row.label).x + px(12)), width / 3);
        label_width = std::max(label_width, widest);
    }
    const float left = at.x + px(14), right = at.x + width - px(14), value_x = left + label_width;
    const float room = right - value_x - (row.verdict.words.empty() ? 0 : chip_size(row.verdict.words).x + px(8));
    // What has to be compared with a scan is never cut off: it takes as many lines as it needs.
    float lines = height;
    Size size = Size::value;
    if (row.marked_length == 0) {
        const auto wide = [&](Size letters) {
            FontScope font(letters);
            return text_size(row.value).x > room;
        };
        if (wide(size) && !wide(Size::text)) size = Size::text;  // one line of slightly smaller letters rather than two
        FontScope font(size);
        lines += wrapped_height(row.value, room) - ImGui::GetFontSize();
    }
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
    bool clicked = false;
    if (row.id != nullptr && !row.value.empty())
        clicked = ImGui::InvisibleButton(row.id, {width, lines});
    else
        ImGui::Dummy({width, lines});
    ImGui::PopStyleVar();
    if (!ImGui::IsItemVisible()) return false;
    ImDrawList* draw = ImGui::GetWindowDrawList();
    if (row.id != nullptr && ImGui::IsItemHovered()) {
        ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        draw->AddRectFilled(at, {at.x + width, at.y + lines}, colour::foot);
    }
    {
        FontScope font(Size::text);
        draw_text_fitted(draw, {left, at.y + (height - ImGui::GetFontSize()) / 2}, label_width - px(4), colour::quiet, row.label);
    }
    float stop = right;
    if (!row.verdict.words.empty()) {
        stop -= chip_size(row.verdict.words).x;
        draw_chip(draw, {stop, at.y + (height - px(21)) / 2 + px(1)}, row.verdict.words, row.verdict.tone);
        stop -= px(8);
    }
    FontScope font(size);
    const float y = at.y + (height - ImGui::GetFontSize()) / 2;
    const size_t from = std::min(row.marked_from, row.value.size()),
                 length = std::min(row.marked_length, row.value.size() - from);
    if (length == 0) {
        draw_text_wrapped(draw, {value_x, y}, room, colour::text, row.value);
        return clicked;
    }
    const auto before = row.value.substr(0, from), marked = row.value.substr(from, length),
               after = row.value.substr(from + length);
    float x = value_x;
    draw_text(draw, {x, y}, colour::text, before);
    x += before.empty() ? 0 : text_size(before).x;
    {
        FontScope strong(Size::value, Weight::bold);
        draw_text(draw, {x, y}, colour::red, marked);
        x += text_size(marked).x;
    }
    draw_text_fitted(draw, {x, y}, stop - x, colour::text, after);
    return clicked;
}

bool check_row(const char* id, std::string_view words, Check state, std::string_view right_note, bool selected, float width) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const ImVec2 size(width > 0 ? width : ImGui::GetContentRegionAvail().x, px(32)), end(at.x + size.x, at.y + size.y);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
    const bool pressed = ImGui::InvisibleButton((std::string(words) + "###" + id).c_str(), size);
    ImGui::PopStyleVar();
    if (!ImGui::IsItemVisible()) return pressed;
    ImDrawList* draw = ImGui::GetWindowDrawList();
    if (selected || ImGui::IsItemHovered()) draw->AddRectFilled(at, end, selected ? colour::blue_ground : colour::foot);
    const float left = at.x + px(14), right = end.x - px(14), box = px(16), top = at.y + (size.y - box) / 2 + px(1);
    const ImVec2 from(left, top), to(left + box, top + box);
    const float stroke = px(1.8f);
    if (state == Check::open) {
        draw->AddRect(from, to, colour::off, px(3), 0, px(1.5f));
    } else if (state == Check::right) {
        draw->AddRectFilled(from, to, colour::green, px(3));
        const ImVec2 tick[] = {
            {left + px(3.5f), top + px(8.2f)}, {left + px(6.8f), top + px(11.3f)}, {left + px(12.5f), top + px(4.8f)}};
        draw->AddPolyline(tick, 3, colour::white, 0, stroke);
    } else {
        draw->AddRectFilled(from, to, colour::red, px(3));
        draw->AddLine({left + px(4.5f), top + px(4.5f)}, {to.x - px(4.5f), to.y - px(4.5f)}, colour::white, stroke);
        draw->AddLine({to.x - px(4.5f), top + px(4.5f)}, {left + px(4.5f), to.y - px(4.5f)}, colour::white, stroke);
    }
    FontScope font(Size::text);
    const float y = at.y + (size.y - ImGui::GetFontSize()) / 2, note_width = right_note.empty() ? 0 : text_size(right_note).x;
    draw_text_fitted(draw, {to.x + px(7), y}, right - note_width - px(8) - to.x - px(7), colour::text, words);
    draw_text(draw, {right - note_width, y}, colour::quiet, right_note);
    return pressed;
}

bool begin_table(const char* id, std::span<const Column> columns, float height) {
    const ImGuiTableFlags flags = ImGuiTableFlags_ScrollY | ImGuiTableFlags_BordersInnerH | ImGuiTableFlags_PadOuterX |
                                  ImGuiTableFlags_NoSavedSettings | ImGuiTableFlags_Resizable | ImGuiTableFlags_NoBordersInBody;
    ImGui::PushItemFlag(ImGuiItemFlags_NoNav, true);  // Tab passes it by: it would not come out again
    if (!ImGui::BeginTable(id, static_cast<int>(columns.size()), flags, {0, height})) {
        ImGui::PopItemFlag();
        return false;
    }
    for (const Column& column : columns)
        ImGui::TableSetupColumn(std::string(column.title).c_str(),
                                column.width > 0 ? ImGuiTableColumnFlags_WidthFixed : ImGuiTableColumnFlags_WidthStretch,
                                column.width > 0 ? px(column.width) : 1.0f, column.align == Align::right ? 1u : 0u);
    ImGui::TableSetupScrollFreeze(0, 1);
    ImGui::TableNextRow(ImGuiTableRowFlags_Headers);
    FontScope font(Size::note, Weight::bold);
    for (const Column& column : columns) {
        ImGui::TableNextColumn();
        if (column.align == Align::right)
            ImGui::SetCursorPosX(ImGui::GetCursorPosX() +
                                 std::max(0.0f, ImGui::GetContentRegionAvail().x - text_size(column.title).x));
        ImGui::PushStyleColor(ImGuiCol_Text, colour::quiet);
        ImGui::TextUnformatted(column.title.data(), column.title.data() + column.title.size());
        ImGui::PopStyleColor();
    }
    return true;
}

bool table_row(const char* id, bool selected) {
    ImGui::TableNextRow(0, px(34));
    ImGui::TableSetColumnIndex(0);
    const ImVec2 at = ImGui::GetCursorPos();
    // The row paints itself, so that the colour fills it.
    for (const ImGuiCol which : {ImGuiCol_Header, ImGuiCol_HeaderHovered, ImGuiCol_HeaderActive})
        ImGui::PushStyleColor(which, rgb(0, 0));
    const bool pressed = ImGui::Selectable((std::string("###") + id).c_str(), selected,
                                           ImGuiSelectableFlags_SpanAllColumns | ImGuiSelectableFlags_AllowOverlap, {0, px(24)});
    ImGui::PopStyleColor(3);
    if (selected || ImGui::IsItemHovered())
        ImGui::TableSetBgColor(ImGuiTableBgTarget_RowBg0, selected ? colour::blue_ground : colour::foot);
    ImGui::SetCursorPos(at);
    // The first cell() goes on to this column again.
    ImGui::GetCurrentTable()->CurrentColumn = -1;
    return pressed;
}

static void next_cell(float width) {
    ImGuiTable* table = ImGui::GetCurrentTable();
    if (table->CurrentColumn < 0)
        ImGui::TableSetColumnIndex(0);
    else
        ImGui::TableNextColumn();
    const ImGuiTableColumn& column = table->Columns[table->CurrentColumn];
    if (column.UserID == 1u)
        ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::max(0.0f, ImGui::GetContentRegionAvail().x - width));
}

void cell(std::string_view words, ImU32 ink) {
    const float wide = words.empty() ? 0 : text_size(words).x;
    next_cell(wide);
    const float room = ImGui::GetContentRegionAvail().x;
    if (wide <= room) return text(words, ink);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::Dummy({room, ImGui::GetFontSize()});
    draw_text_fitted(ImGui::GetWindowDrawList(), at, room, ink, words);
    if (ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip)) tooltip(words);
}

void cell_chip(std::string_view words, Tone tone) {
    next_cell(chip_size(words).x);
    chip(words, tone);
}

bool cell_link(const char* id, std::string_view words) {
    next_cell(text_size(words).x);
    return link(id, words);
}

void end_table() {
    ImGui::EndTable();
    ImGui::PopItemFlag();
}

}  // namespace sealdesk::kit
