// What is typed: text fields that grow a std::string, the search box, lists to choose from.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "panels/kit/theme.h"

namespace sealdesk::kit {

struct InputLook {
    std::string_view hint = {};     // shown while empty
    std::string_view refused = {};  // why the value is not acceptable: red frame, sentence below
    float width = -1;               // px; negative: up to the edge
    bool password = false;
    bool focus = false;  // takes the keyboard in this frame
    bool multiline = false;
};
// What happened to a field in this frame.
struct InputEvent {
    bool changed = false, entered = false;  // entered: Enter was pressed in it
};
InputEvent input(const char* id, std::string* value, const InputLook& look = {});
// Label above the field.
InputEvent labelled_input(const char* id, std::string_view label, std::string* value, const InputLook& look = {});
// Rounded box with hint and key cap; the key (Ctrl K) puts the cursor in, as `focus` does.
InputEvent search_box(const char* id, std::string* value, std::string_view hint, ImGuiKeyChord key, float width,
                      bool focus = false);
// Wipes what Dear ImGui keeps of the field that was typed into last: call it when a PIN or password is taken over.
void forget_typed();
bool select(const char* id, std::span<const std::string> entries, int* chosen, float width = -1);

}  // namespace sealdesk::kit
