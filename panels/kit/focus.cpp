#include "panels/kit/focus.h"

#include <utility>

namespace sealdesk::kit {

namespace {

// Dear ImGui would move the ring, scroll, close and open menus with them.
constexpr ImGuiKey kDesks[] = {ImGuiKey_LeftArrow, ImGuiKey_RightArrow, ImGuiKey_UpArrow, ImGuiKey_DownArrow,
                               ImGuiKey_PageUp,    ImGuiKey_PageDown,   ImGuiKey_Home,    ImGuiKey_End,
                               ImGuiKey_Escape,    ImGuiKey_LeftAlt,    ImGuiKey_RightAlt};
constexpr ImGuiID kDesk = 0x5EA1DE5C;  // who owns them while Dear ImGui looks

bool list_is_open(const ImGuiContext& context) {
    if (context.OpenPopupStack.empty()) return false;
    const ImGuiWindow* window = context.OpenPopupStack.back().Window;
    return window != nullptr && window->Active && (window->Flags & ImGuiWindowFlags_Modal) == 0;
}

}  // namespace

void Focus::before(ImGuiContext& context) {
    list_ = list_is_open(context);
    if (list_) return;
    if (!context.NavIdIsAlive) context.NavCursorVisible = false;  // what the ring was on is gone
    for (const ImGuiKey key : kDesks)
        if (ImGuiID& owner = ImGui::GetKeyOwnerData(&context, key)->OwnerNext; owner == ImGuiKeyOwner_NoOwner) owner = kDesk;
}

void Focus::after(ImGuiContext& context, double drawing, bool quiet) {
    for (const ImGuiKey key : kDesks) {
        ImGuiKeyOwnerData& owner = *ImGui::GetKeyOwnerData(&context, key);
        if (owner.OwnerCurr == kDesk) owner.OwnerCurr = ImGuiKeyOwner_NoOwner;
        if (owner.OwnerNext == kDesk) owner.OwnerNext = ImGuiKeyOwner_NoOwner;
    }
    if (!context.IO.WantTextInput)
        for (const ImGuiInputEvent& event : context.InputEventsTrail)
            if (event.Type == ImGuiInputEventType_Text && event.Text.Char > ' ') written_at_ = context.Time;
    const bool by_space = context.NavActivateFlags == ImGuiActivateFlags_PreferTweak,
               by_enter = context.NavActivateFlags == ImGuiActivateFlags_PreferInput;
    pressed_ = context.NavActivateId != 0 && (by_space || by_enter);
    if (pressed_ && !list_ && (quiet || !may_press(context, by_enter, drawing))) {
        context.NavActivateId = context.NavActivateDownId = context.NavActivatePressedId = context.NavHighlightActivatedId = 0;
        pressed_ = false;
    }
    on_button_ = off_ = false;
    if (!list_ && ImGui::IsKeyPressed(ImGuiKey_Escape)) context.NavCursorVisible = false;
    // Without a ring the mouse points, as if there were no navigation.
    if (!context.NavCursorVisible) context.NavHighlightItemUnderNav = false;
}

bool Focus::may_press(const ImGuiContext& context, bool by_enter, double drawing) const {
    if (off_ || context.IO.KeyMods != 0) return false;
    // A form's ticks are followed by its Enter, which must not take the last one away.
    if (by_enter && !on_button_) return false;
    // A barcode reader ends its letters with Enter, faster than hands do.
    constexpr double kHands = 0.1;  // seconds
    return written_at_ < 0 || context.Time - written_at_ > kHands + drawing;
}

void Focus::stop(Stop what) {
    const ImGuiContext& context = *ImGui::GetCurrentContext();
    if (context.NavId == 0 || context.LastItemData.ID != context.NavId) return;
    on_button_ = what == Stop::button;
    off_ = (context.LastItemData.ItemFlags & ImGuiItemFlags_Disabled) != 0;
}

bool Focus::takes(ImGuiKey key) const {
    return list_ || (pressed_ && (key == ImGuiKey_Space || key == ImGuiKey_Enter || key == ImGuiKey_KeypadEnter));
}

void give_keyboard_to_next() {
    // Dear ImGui would forget it when it comes to the ring's item in a pane that is drawn later.
    ImGuiContext& context = *ImGui::GetCurrentContext();
    context.NavId = 0;
    context.NavCursorVisible = false;
    ImGui::SetKeyboardFocusHere();
}

}  // namespace sealdesk::kit
