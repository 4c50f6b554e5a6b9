// InputGate: what waits until the box that it is meant for has the keyboard. Dear ImGui gives a box the keyboard one frame
// after it was asked to (Ctrl+K, Tab, a dialog that opens), throws away letters that come in that frame, and calls
// "nobody types" until the frame after it. People and barcode readers are faster than slow frames, so without the gate
// their first letters would be lost, and would be keys of the bench on top. Nothing is dropped or reordered: what is too
// early stays in the queue for a later frame. Owned by Frame, UI thread only.
#pragma once

#include <imgui.h>
#include <imgui_internal.h>

namespace sealdesk::kit {

bool is_modifier(ImGuiKey key);
bool makes_letters(ImGuiKey key);  // its press is followed by a letter of its own

class InputGate {
public:
    // Before and after Dear ImGui takes its events in NewFrame.
    void before(ImGuiContext& context);
    void after(ImGuiContext& context);
    // A key was taken as a shortcut: what it opens may want the keyboard.
    void key_taken() { quiet_ = kQuietFrames; }
    // A second window hears the same keys: it takes none while the first one still waits with some.
    bool waits(const ImGuiContext& context) const;
    void wait_for_other(bool waits) { other_waits_ = waits; }

private:
    // A panel notes a key in one frame, opens its dialog in the next, which asks for the keyboard when it is drawn.
    static constexpr int kQuietFrames = 2;
    void keep_from(ImGuiContext& context, int index);

    ImVector<ImGuiInputEvent> kept_;
    int quiet_ = 0;  // frames in which no new key or letter is taken
    bool other_waits_ = false;
};

}  // namespace sealdesk::kit
