// Keymap: which key a control has for the person at the desk. Controls are named by their stable ids and bring their usual
// key with them; what the person chose instead, or turned off, stands here. Part of Frame, UI thread only.
#pragma once

#include <imgui.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sealdesk::kit {

// "Ctrl+K", "Shift+F3", "Slash": how a chord is kept in a file, the same in every language. Nothing for what is no chord.
std::string text_of(ImGuiKeyChord key);
std::optional<ImGuiKeyChord> chord_from(std::string_view text);
// A letter, a digit or a sign without Ctrl or Alt: what may be pressed by mistake.
bool is_letter_key(ImGuiKeyChord key);

class Keymap {
public:
    // Key of the control now; 0 when it has none.
    ImGuiKeyChord of(std::string_view action, ImGuiKeyChord usual) const;
    // The same without regard to the switch for letters.
    ImGuiKeyChord chosen(std::string_view action, ImGuiKeyChord usual) const;
    // 0 turns it off.
    void choose(std::string_view action, ImGuiKeyChord key) { chosen_[std::string(action)] = key; }
    void restore(std::string_view action);
    void restore_all();
    bool is_chosen(std::string_view action) const { return chosen_.contains(action); }

    bool letters() const { return letters_; }
    void set_letters(bool on) { letters_ = on; }
    // While a key is asked for, none does anything else: called in every frame of the asking, it holds for the next one too,
    // because what is drawn earlier looks at keys earlier.
    void ask() { asked_ = true; }
    bool asking() const { return asking_ || asked_; }
    void begin_frame() { asking_ = std::exchange(asked_, false); }

private:
    std::map<std::string, ImGuiKeyChord, std::less<>> chosen_;
    bool letters_ = true, asking_ = false, asked_ = false;
};

// The chord that was pressed in this frame, modifiers alone not counted.
std::optional<ImGuiKeyChord> pressed_chord();

}  // namespace sealdesk::kit
