#include "panels/kit/frame.h"

#include <imgui_internal.h>

#include <algorithm>

#include "base/translate.h"
#include "panels/kit/text.h"

namespace sealdesk::kit {

std::string key_name(ImGuiKeyChord key) {
    if (key == 0) return {};
    if (key == (ImGuiMod_Shift | ImGuiKey_Slash)) return "?";
    std::string name;
    if (key & ImGuiMod_Ctrl) name += "Ctrl ";
    if (key & ImGuiMod_Alt) name += "Alt ";
    if (key & ImGuiMod_Shift) name += "Shift ";
    switch (const auto plain = static_cast<ImGuiKey>(key & ~ImGuiMod_Mask_)) {
        case ImGuiKey_Equal:
        case ImGuiKey_KeypadAdd: return name + "+";
        case ImGuiKey_Minus:
        case ImGuiKey_KeypadSubtract: return name + "-";
        case ImGuiKey_LeftBracket: return name + "[";
        case ImGuiKey_RightBracket: return name + "]";
        case ImGuiKey_Comma: return name + ",";
        case ImGuiKey_Period: return name + ".";
        case ImGuiKey_Slash: return name + "/";
        case ImGuiKey_LeftArrow: return name + "←";
        case ImGuiKey_RightArrow: return name + "→";
        case ImGuiKey_UpArrow: return name + "↑";
        case ImGuiKey_DownArrow: return name + "↓";
        case ImGuiKey_Escape: return name + "Esc";
        case ImGuiKey_PageUp: return name + "PgUp";
        case ImGuiKey_PageDown: return name + "PgDn";
        case ImGuiKey_Delete: return name + "Del";
        case ImGuiKey_Space: return name + tr("空格");
        default: return name + ImGui::GetKeyName(plain);
    }
}

static bool went_down(ImGuiKeyChord key) {
    if (ImGui::IsKeyChordPressed(key)) return true;
    const ImGuiKeyChord mods = key & ImGuiMod_Mask_;
    const auto plain = static_cast<ImGuiKey>(key & ~ImGuiMod_Mask_);
    // The same key on the number block, and + which stands above = on most keyboards.
    if (plain >= ImGuiKey_0 && plain <= ImGuiKey_9)
        return ImGui::IsKeyChordPressed(mods | (plain - ImGuiKey_0 + ImGuiKey_Keypad0));
    if (plain == ImGuiKey_Enter) return ImGui::IsKeyChordPressed(mods | ImGuiKey_KeypadEnter);
    if (plain == ImGuiKey_Minus) return ImGui::IsKeyChordPressed(mods | ImGuiKey_KeypadSubtract);
    if (plain == ImGuiKey_Equal)
        return ImGui::IsKeyChordPressed(mods | ImGuiKey_KeypadAdd) ||
               ImGui::IsKeyChordPressed(mods | ImGuiMod_Shift | ImGuiKey_Equal);
    return false;
}

static bool is_function_key(ImGuiKeyChord key) {
    const ImGuiKeyChord plain = key & ~ImGuiMod_Mask_;
    return plain >= ImGuiKey_F1 && plain <= ImGuiKey_F24;
}

bool Shortcuts::pressed(std::string_view action, ImGuiKeyChord usual, std::string_view label, bool enabled) {
    return pressed(frame().keymap.of(action, usual), label, enabled);
}

bool Shortcuts::pressed(ImGuiKeyChord key, std::string_view label, bool enabled) {
    const Keymap& keymap = frame().keymap;
    if (key == 0 || (!keymap.letters() && is_letter_key(key))) return false;
    const ImGuiWindow* modal = ImGui::GetTopMostPopupModal();
    ImGuiWindow* here = ImGui::GetCurrentContext()->CurrentWindow;
    const bool covered = modal && !(here && ImGui::IsWindowWithinBeginStackOf(here, const_cast<ImGuiWindow*>(modal)));
    const bool disabled_block = (ImGui::GetCurrentContext()->CurrentItemFlags & ImGuiItemFlags_Disabled) != 0;
    enabled = enabled && !disabled_block;
    auto same = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.key == key && e.label == label; });
    if (same == entries_.end()) entries_.push_back({key, std::string(label), enabled});
    if (!enabled || covered || keymap.asking()) return false;
    if (frame().focus.takes(static_cast<ImGuiKey>(key & ~ImGuiMod_Mask_))) return false;
    // Drawn first, the question is gone in the frame of its answer; what lies below is covered all the same.
    if (frame().closing.stands && !frame().closing.asked) return false;
    const bool typing = (ImGui::GetIO().WantTextInput || frame().typing_elsewhere) && !(key & (ImGuiMod_Ctrl | ImGuiMod_Alt)) &&
                        !is_function_key(key);
    if (typing || !went_down(key)) return false;
    frame().gate.key_taken();
    return true;
}

bool Shortcuts::held(ImGuiKey key, std::string_view label, bool enabled) {
    (void)pressed(key, label, enabled);
    const Keymap& keymap = frame().keymap;
    if (key == ImGuiKey_None || keymap.asking() || (!keymap.letters() && is_letter_key(key))) return false;
    if (frame().focus.takes(key)) return false;
    return enabled && !ImGui::GetIO().WantTextInput && !frame().typing_elsewhere && ImGui::GetTopMostPopupModal() == nullptr &&
           ImGui::IsKeyDown(key) && ImGui::GetIO().KeyMods == 0;
}

void Toasts::show(std::string text, Tone tone, double seconds) {
    toasts_.push_back({std::move(text), tone, ImGui::GetTime() + seconds});
    if (toasts_.size() > 2) toasts_.erase(toasts_.begin());
}

void Toasts::draw() {
    const double now = ImGui::GetTime();
    std::erase_if(toasts_, [now](const Toast& toast) { return toast.until <= now; });
    const ImVec2 screen = ImGui::GetIO().DisplaySize;
    ImDrawList* draw = ImGui::GetForegroundDrawList();
    FontScope font(Size::text);
    // Side by side over the middle of the status bar, where they cover no work; the newest at the right.
    float width = 0;
    for (const Toast& toast : toasts_) width += text_size(toast.text).x + px(48);
    float x = (screen.x - width) / 2;
    for (const Toast& toast : toasts_) {
        wake_in(toast.until - now);
        const ImVec2 text = text_size(toast.text);
        const ImVec2 size(text.x + px(40), px(32)), at(x, screen.y - size.y - px(2));
        x += size.x + px(8);
        const ImU32 dot = toast.tone == Tone::plain ? colour::rail_count : colours_of(toast.tone).ground;
        draw->AddRectFilled(at, {at.x + size.x, at.y + size.y}, colour::rail, px(6));
        draw->AddCircleFilled({at.x + px(16), at.y + size.y / 2}, px(4), dot);
        draw_text(draw, {at.x + px(28), at.y + (size.y - text.y) / 2}, colour::white, toast.text);
    }
}

void Frame::begin() {
    shortcuts.begin_frame();
    keymap.begin_frame();
    wake_after = 1e9;
    beside.wanted = false;
    beside.draw = {};
    closing.stands = closing.asked;
}

void attach(ImGuiContext& context, Frame& frame) {
    context.IO.UserData = &frame;
    context.IO.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;  // of which Focus lets little through
    ImGuiContextHook hook;
    hook.UserData = &frame;
    hook.Type = ImGuiContextHookType_NewFramePre;
    hook.Callback = [](ImGuiContext* now, ImGuiContextHook* self) {
        auto& mine = *static_cast<Frame*>(self->UserData);
        mine.gate.before(*now);
        mine.focus.before(*now);
    };
    ImGui::AddContextHook(&context, &hook);
    hook.Type = ImGuiContextHookType_NewFramePost;
    hook.Callback = [](ImGuiContext* now, ImGuiContextHook* self) {
        auto& mine = *static_cast<Frame*>(self->UserData);
        mine.gate.after(*now);
        mine.focus.after(*now, mine.drawing, mine.typing_elsewhere || mine.keymap.asking());
        if (mine.focus.pressed()) mine.gate.key_taken();
    };
    ImGui::AddContextHook(&context, &hook);
}

Frame& frame() {
    IM_ASSERT(ImGui::GetIO().UserData && "attach a kit::Frame to the context first");
    return *static_cast<Frame*>(ImGui::GetIO().UserData);
}

void wake_in(double seconds) { frame().wake_after = std::min(frame().wake_after, std::max(0.0, seconds)); }

}  // namespace sealdesk::kit
