// Words on the screen: text in three sizes, chips, key caps, dots, callouts and what an empty pane says.
#pragma once

#include <string>
#include <string_view>

#include "panels/kit/theme.h"

namespace sealdesk::kit {

void text(std::string_view words, ImU32 ink = colour::text);
void bold(std::string_view words, ImU32 ink = colour::text);
void note(std::string_view words, ImU32 ink = colour::quiet);    // 13 px
void value(std::string_view words, ImU32 ink = colour::text);    // 16 px, read letter by letter
void heading(std::string_view words, ImU32 ink = colour::text);  // 18 px bold
// A note beside a button: in as many lines as it needs, its middle on the middle of `height` px.
void note_beside(std::string_view words, float height, ImU32 ink = colour::quiet);
void wrapped(std::string_view words, ImU32 ink = colour::text);    // breaks at the pane's edge
void section(std::string_view title, std::string_view hint = {});  // small bold quiet title over a group
// A state as a word on its colour.
void chip(std::string_view words, Tone tone);
void key_cap(std::string_view key);
// ● word: is a neighbour there? green yes, red no, amber partly, plain not used now.
void status_dot(std::string_view words, Tone tone);
// Tinted box with a sentence and a quiet line under it; `width` in px, 0: up to the edge.
void callout(std::string_view sentence, std::string_view quiet, Tone tone, float width = 0);
// Beside the pointer; call while the item is hovered.
void tooltip(std::string_view words);
// Centred in what is left of the pane: what would be here, and the key that brings it.
void empty_text(std::string_view sentence, std::string_view key = {}, std::string_view key_does = {});

// The same drawn anywhere; sizes are in px of the current scale. All text of the kit goes through draw_text.
void draw_text(ImDrawList* draw, ImVec2 at, ImU32 ink, std::string_view words);
// Ends with … when it is wider.
void draw_text_fitted(ImDrawList* draw, ImVec2 at, float width, ImU32 ink, std::string_view words);
// Goes on in the next line when it is wider; `width` in px.
void draw_text_wrapped(ImDrawList* draw, ImVec2 at, float width, ImU32 ink, std::string_view words);
float wrapped_height(std::string_view words, float width);
ImVec2 text_size(std::string_view words);
ImVec2 chip_size(std::string_view words);
void draw_chip(ImDrawList* draw, ImVec2 at, std::string_view words, Tone tone);
ImVec2 key_cap_size(std::string_view key);
// `ground` and `ink` for caps that stand on a coloured button or on the dark bar.
void draw_key_cap(ImDrawList* draw, ImVec2 at, std::string_view key, ImU32 ground = colour::pane, ImU32 ink = colour::text,
                  ImU32 edge = colour::strong_line);

}  // namespace sealdesk::kit
