// What asks or tells: banner while something is away, dialogs for conflicts and faults, the list of keys.
#pragma once

#include <string_view>

#include "base/result.h"
#include "panels/kit/theme.h"

namespace sealdesk::kit {

// Strip across the pane while a neighbour (portal, database, printer) is away; true when retry was pressed.
bool banner(const char* id, std::string_view sentence, std::string_view retry);

// A dialog over everything else. Draw its content between begin (when true) and end. `*open` is owned by the panel;
// Esc sets it to false.
bool begin_dialog(const char* id, std::string_view title, bool* open, float width_at_96_dpi = 460);
void end_dialog();

enum class Answer { none, yes, no };
// Sentence with two answers: Enter and Esc. Keep calling while *open.
Answer ask(const char* id, bool* open, std::string_view title, std::string_view sentence, std::string_view yes,
           Tone tone = Tone::green);
// One answer. conflict: the new facts; internal: sentence and the incident's number (the error's detail goes into the log).
void tell(const char* id, bool* open, const Error& error);

// The list behind "?": keys that are valid here. end_screen() calls it.
void draw_key_list();

}  // namespace sealdesk::kit
