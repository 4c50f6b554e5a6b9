#include "panels/kit/input_gate.h"

namespace sealdesk::kit {

bool is_modifier(ImGuiKey key) { return (key & ImGuiMod_Mask_) != 0 || (key >= ImGuiKey_LeftCtrl && key <= ImGuiKey_RightSuper); }

bool makes_letters(ImGuiKey key) {
    return (key >= ImGuiKey_0 && key <= ImGuiKey_Z) || (key >= ImGuiKey_Apostrophe && key <= ImGuiKey_GraveAccent) ||
           (key >= ImGuiKey_Keypad0 && key <= ImGuiKey_KeypadAdd) || key == ImGuiKey_KeypadEqual || key == ImGuiKey_Oem102 ||
           key == ImGuiKey_Space;
}

namespace {

// While a box has the keyboard: keys that may take it away or act on what was typed so far.
bool may_leave_box(ImGuiKey key) {
    return key == ImGuiKey_Tab || key == ImGuiKey_Enter || key == ImGuiKey_KeypadEnter || key == ImGuiKey_Escape ||
           (key >= ImGuiKey_F1 && key <= ImGuiKey_F24);
}

}  // namespace

void InputGate::keep_from(ImGuiContext& context, int index) {
    auto& queue = context.InputEventsQueue;
    for (int i = index; i < queue.Size; ++i) kept_.push_back(queue[i]);
    queue.resize(index);
}

static bool moving(const ImGuiContext& context) { return context.NavMoveSubmitted || context.NavNextActivateId != 0; }

bool InputGate::waits(const ImGuiContext& context) const {
    return moving(context) || quiet_ > 0 || context.InputEventsQueue.Size > 0;
}

void InputGate::before(ImGuiContext& context) {
    auto& queue = context.InputEventsQueue;
    const bool wait = moving(context) || quiet_ > 0 || other_waits_;
    if (quiet_ > 0) --quiet_;
    const bool typing = context.WantTextInputNextFrame == 1;
    bool command = context.IO.KeyCtrl || context.IO.KeyAlt || context.IO.KeySuper;
    ImGuiKey down = ImGuiKey_None;  // pressed in this frame
    bool letters = true;            // what comes next may be the letter of that key
    bool written = false, clicked = false;
    for (int i = 0; i < queue.Size; ++i) {
        const ImGuiInputEvent& event = queue[i];
        if (event.Type == ImGuiInputEventType_Text) {
            if (wait || !letters) return keep_from(context, i);
            written = true;
            continue;
        }
        if (event.Type == ImGuiInputEventType_MouseButton) {
            // Dear ImGui takes one press or release a frame, and no key after it.
            if (clicked || down != ImGuiKey_None) return keep_from(context, i);
            clicked = true;
            if (!event.MouseButton.Down) quiet_ = kQuietFrames;
            continue;
        }
        if (event.Type != ImGuiInputEventType_Key) continue;
        const ImGuiKey key = event.Key.Key;
        if (is_modifier(key)) {
            // Ctrl that is let go in the frame of its K would leave a bare K.
            if (down != ImGuiKey_None) return keep_from(context, i);
            if (key != ImGuiMod_Shift && key != ImGuiKey_LeftShift && key != ImGuiKey_RightShift) {
                if (event.Key.Down && wait) return keep_from(context, i);
                command = event.Key.Down;
            }
            continue;
        }
        if (!event.Key.Down) {
            letters = letters && down == ImGuiKey_None;
            continue;
        }
        if (typing && !wait && !command && makes_letters(key)) {
            // A box takes the letter, not the key. Without the key's ups and downs, of which Dear ImGui takes one a frame,
            // a burst of letters is there in one frame. Its release means nothing then.
            if (down != ImGuiKey_None) return keep_from(context, i);
            queue.erase(&queue[i]);
            --i;
            continue;
        }
        // What was written before the key is in the box when the key acts.
        if (wait || clicked || down != ImGuiKey_None || (typing && written)) return keep_from(context, i);
        down = key;
        letters = !command && makes_letters(key);
        if (typing && (command || may_leave_box(key))) quiet_ = kQuietFrames;
    }
}

void InputGate::after(ImGuiContext& context) {
    for (const ImGuiInputEvent& event : kept_) context.InputEventsQueue.push_back(event);
    kept_.resize(0);
}

}  // namespace sealdesk::kit
