// The table of what has a key: id of the control, words, usual key, where it works. Settings, the check for conflicts and
// tests read it; the kit finds a control's key by the same id. A control that is not in the table keeps its usual key.
#pragma once

#include <string>
#include <vector>

#include "desk/memory.h"
#include "panels/kit/keymap.h"

namespace sealdesk::panels {

enum class KeyPlace { everywhere, review, keys, stock, shipping, invoices, daily, audit };
const char* word_of(KeyPlace place);

struct KeyAction {
    std::string id, word;
    ImGuiKeyChord usual = 0;
    KeyPlace place = KeyPlace::everywhere;
};
std::vector<KeyAction> key_actions();

// Why the action cannot have that key: "" when it can. Keys that write or leave a box are nobody's; a key that another
// action of the same place has must be taken from it first.
std::string why_not(const kit::Keymap& keymap, const KeyAction& action, ImGuiKeyChord key);

// What a person chose, in their memory.
void recall_keys(const desk::Memory& memory, kit::Keymap& keymap);
void remember_keys(const kit::Keymap& keymap, desk::Memory& memory);

}  // namespace sealdesk::panels
