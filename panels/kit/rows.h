// Rows: two-line entries of a list, field and value with a verdict, checklist points, tables.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "panels/kit/theme.h"

namespace sealdesk::kit {

struct Chip {
    std::string words = {};
    Tone tone = Tone::plain;
};

// 60 px: what it is (bold) and how much, then why it is here and since when.
struct ListRow {
    std::string title = {}, title_right = {};
    std::vector<Chip> chips = {};
    std::string note = {};
    Chip note_right = {};  // plain tone: quiet text; any other: a chip
    bool selected = false;
    bool into_view = false;  // the pane scrolls until it is seen: what a key or the panel itself chose
};
constexpr float kListRow = 60;
// True when clicked. Draws nothing when scrolled out of sight, so long lists may go through ImGuiListClipper or not.
bool list_row(const char* id, const ListRow& row);
// ↓ and ↑ go through a list: 1, -1, else 0. The names are those of the key actions.
int list_step(const char* down, const char* up);

// One field of a form as it was filled in. `marked`: bytes of the value that are wrong, drawn red and bold.
struct FieldRow {
    std::string_view label = {}, value = {};
    Chip verdict = {};
    size_t marked_from = 0, marked_length = 0;
    float label_width = 90;    // px at 96 dpi
    const char* id = nullptr;  // the value can be clicked
};
// True when the value was clicked.
bool field_row(const FieldRow& row);

// A point of the checklist; a click or Space goes from open to right to wrong.
enum class Check { open, right, wrong };
// `width` in px; 0: to the pane's edge.
bool check_row(const char* id, std::string_view words, Check state, std::string_view right_note, bool selected = false,
               float width = 0);

enum class Align { left, right };
struct Column {
    std::string_view title = {};
    float width = 0;  // px at 96 dpi; 0: shares what is left
    Align align = Align::left;
};
// Returns false when nothing of it is visible; call end_table only after true.
bool begin_table(const char* id, std::span<const Column> columns, float height = 0);
// Starts a row; true when clicked. Then one cell() for each column.
bool table_row(const char* id, bool selected = false);
void cell(std::string_view words, ImU32 ink = colour::text);
void cell_chip(std::string_view words, Tone tone);
// Blue words that can be clicked.
bool cell_link(const char* id, std::string_view words);
void end_table();

}  // namespace sealdesk::kit
