// Focus: where the keyboard is while no box has it. Tab and Shift+Tab go through boxes, ticks, lists and buttons in the order
// in which they are drawn, a ring shows where, Space presses what the ring is on, and Enter too where that is a button. All
// other keys stay the desk's: of Dear ImGui's keyboard navigation only this much is let through. A list that is open has all
// keys. Owned by Frame, UI thread only.
#pragma once

#include <imgui.h>
#include <imgui_internal.h>

namespace sealdesk::kit {

class Focus {
public:
    // Before and after Dear ImGui takes its events in NewFrame. `drawing`: seconds that the frame before took. `quiet`: somebody
    // else has the keys.
    void before(ImGuiContext& context);
    void after(ImGuiContext& context, double drawing, bool quiet);
    // Behind each item at which Tab stops and that is no text field.
    enum class Stop { button, other };
    void stop(Stop what);
    // In this frame: the key is no shortcut.
    bool takes(ImGuiKey key) const;
    // The ring's item was pressed by a key in this frame.
    bool pressed() const { return pressed_; }

private:
    bool may_press(const ImGuiContext& context, bool by_enter, double drawing) const;

    bool on_button_ = false, off_ = false;  // what the ring is on, as it was drawn last
    bool list_ = false, pressed_ = false;
    double written_at_ = -1;  // a letter that no box waited for, Dear ImGui's time
};

// Whatever had the keyboard, the item that is drawn next has it from now on.
void give_keyboard_to_next();

}  // namespace sealdesk::kit
