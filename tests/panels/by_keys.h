// Forms without a mouse: where the keyboard is, by a control's name, and Tab until it is there.
#pragma once

#include <imgui_internal.h>

#include "tests/support/headless.h"

namespace sealdesk::tests {

// Has the ring, or is the text field that is typed into.
inline bool has_keyboard(Headless& screen, std::string_view name) {
    const ImGuiContext& context = *ImGui::GetCurrentContext();
    const ImGuiID id = screen.item(name).id;
    return context.NavId == id && (context.NavCursorVisible || context.ActiveId == id);
}

// False when Tab never comes there.
inline bool tab_to(Headless& screen, std::string_view name, ImGuiKeyChord key = ImGuiKey_Tab) {
    constexpr int kMost = 60;
    for (int i = 0; i < kMost; ++i) {
        screen.press(key);
        if (has_keyboard(screen, name)) return true;
    }
    return false;
}

}  // namespace sealdesk::tests
