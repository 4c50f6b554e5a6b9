#include "panels/kit/keymap.h"

#include "panels/kit/input_gate.h"

namespace sealdesk::kit {

namespace {

struct Modifier {
    ImGuiKeyChord bit;
    std::string_view word;
};
constexpr Modifier kModifiers[] = {{ImGuiMod_Ctrl, "Ctrl+"}, {ImGuiMod_Alt, "Alt+"}, {ImGuiMod_Shift, "Shift+"}};

}  // namespace

std::string text_of(ImGuiKeyChord key) {
    std::string text;
    for (const auto& [bit, word] : kModifiers)
        if (key & bit) text += word;
    return text + ImGui::GetKeyName(static_cast<ImGuiKey>(key & ~ImGuiMod_Mask_));
}

std::optional<ImGuiKeyChord> chord_from(std::string_view text) {
    ImGuiKeyChord mods = 0;
    for (const auto& [bit, word] : kModifiers)
        if (text.starts_with(word)) {
            mods |= bit;
            text.remove_prefix(word.size());
        }
    for (int key = ImGuiKey_NamedKey_BEGIN; key < ImGuiKey_GamepadStart; ++key)
        if (!is_modifier(static_cast<ImGuiKey>(key)) && text == ImGui::GetKeyName(static_cast<ImGuiKey>(key))) return mods | key;
    return std::nullopt;
}

bool is_letter_key(ImGuiKeyChord key) {
    return key != 0 && !(key & (ImGuiMod_Ctrl | ImGuiMod_Alt)) && makes_letters(static_cast<ImGuiKey>(key & ~ImGuiMod_Mask_));
}

ImGuiKeyChord Keymap::of(std::string_view action, ImGuiKeyChord usual) const {
    const ImGuiKeyChord key = chosen(action, usual);
    return !letters_ && is_letter_key(key) ? 0 : key;
}

ImGuiKeyChord Keymap::chosen(std::string_view action, ImGuiKeyChord usual) const {
    const auto found = chosen_.find(action);
    return found == chosen_.end() ? usual : found->second;
}

void Keymap::restore(std::string_view action) {
    if (const auto found = chosen_.find(action); found != chosen_.end()) chosen_.erase(found);
}

void Keymap::restore_all() { *this = {}; }

std::optional<ImGuiKeyChord> pressed_chord() {
    for (int key = ImGuiKey_NamedKey_BEGIN; key < ImGuiKey_GamepadStart; ++key)
        if (!is_modifier(static_cast<ImGuiKey>(key)) && ImGui::IsKeyPressed(static_cast<ImGuiKey>(key), false))
            return (ImGui::GetIO().KeyMods & (ImGuiMod_Ctrl | ImGuiMod_Alt | ImGuiMod_Shift)) | key;
    return std::nullopt;
}

}  // namespace sealdesk::kit
