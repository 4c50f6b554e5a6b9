// What can be pressed. `id` is the stable address that tests and the tour use; the words beside it may be translated.
// Every one returns true in the frame in which it was clicked or its key was pressed. Tab stops at buttons, links, tabs, choices
// and checkboxes (focus.h); not at what always has a key of its own.
#pragma once

#include <string>
#include <string_view>

#include "panels/kit/theme.h"

namespace sealdesk::kit {

struct ButtonLook {
    Tone tone = Tone::plain;                 // green and red are filled; plain is white; others are tinted
    ImGuiKeyChord key = 0;                   // drawn as a cap and registered with the frame's shortcuts
    std::string_view disabled_because = {};  // not empty: off, and the pointer shows why
    float width = 0;                         // px; 0: as wide as its words; negative: up to the edge
};
bool button(const char* id, std::string_view words, const ButtonLook& look = {});
// Width that button() takes with width 0, in px.
float button_width(std::string_view words, ImGuiKeyChord key = 0);
// Blue words without a frame.
bool link(const char* id, std::string_view words);
// Pill of a list's head: 待审核 23. A negative count is not shown.
bool tab(const char* id, std::string_view words, int count, bool selected, ImGuiKeyChord key = 0);
// One entry of the dark rail on the left; as wide as the pane, 64 px high.
bool rail_item(const char* id, std::string_view words, int count, bool selected, ImGuiKeyChord key = 0);
// Key cap and words that can be switched on: reasons by digit.
bool choice(const char* id, std::string_view words, ImGuiKeyChord key, bool chosen);
// Key caps with a caption on the dark bar of the viewer: 旋转 [ ] ; the caption is told, the caps are pressed.
bool bar_key(const char* id, ImGuiKeyChord key, std::string_view does, bool enabled = true);
// The same for what works while the key, or the mouse button on its cap, is down.
bool bar_key_held(const char* id, ImGuiKey key, std::string_view does, bool enabled = true);
bool checkbox(const char* id, std::string_view words, bool* on);

}  // namespace sealdesk::kit
