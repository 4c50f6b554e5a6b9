#include "panels/kit/input.h"

#include <optional>

#include "base/translate.h"
#include "panels/kit/focus.h"
#include "panels/kit/frame.h"
#include "panels/kit/text.h"

namespace sealdesk::kit {

static int grow(ImGuiInputTextCallbackData* data) {
    if (data->EventFlag == ImGuiInputTextFlags_CallbackResize) {
        auto* value = static_cast<std::string*>(data->UserData);
        value->resize(static_cast<size_t>(data->BufTextLen));
        data->Buf = value->data();
    }
    return 0;
}

InputEvent input(const char* id, std::string* value, const InputLook& look) {
    const std::string label = std::string("###") + id, hint(look.hint);
    ImGuiInputTextFlags flags = ImGuiInputTextFlags_CallbackResize;
    if (look.password) flags |= ImGuiInputTextFlags_Password;
    if (look.focus) give_keyboard_to_next();
    // Where the keyboard is must be seen from further away than its cursor is.
    const bool has_keyboard = ImGui::GetActiveID() == ImGui::GetID(label.c_str());
    ImGui::PushStyleColor(ImGuiCol_Border, !look.refused.empty() ? colour::red
                                           : has_keyboard        ? colour::blue
                                                                 : colour::strong_line);
    ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, has_keyboard ? px(2) : ImGui::GetStyle().FrameBorderSize);
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, px(10, 6));
    InputEvent event;
    const auto capacity = value->capacity() + 1;
    if (look.multiline) {
        event.changed =
            ImGui::InputTextMultiline(label.c_str(), value->data(), capacity, {look.width, px(80)}, flags, grow, value);
    } else {
        ImGui::SetNextItemWidth(look.width);
        event.changed = ImGui::InputTextWithHint(label.c_str(), hint.c_str(), value->data(), capacity, flags, grow, value);
        event.entered =
            ImGui::IsItemDeactivated() && (ImGui::IsKeyPressed(ImGuiKey_Enter) || ImGui::IsKeyPressed(ImGuiKey_KeypadEnter));
    }
    ImGui::PopStyleVar(2);
    ImGui::PopStyleColor();
    if (!look.refused.empty()) {
        ImGui::PushTextWrapPos(0);
        note(look.refused, colour::red);
        ImGui::PopTextWrapPos();
    }
    return event;
}

InputEvent labelled_input(const char* id, std::string_view label, std::string* value, const InputLook& look) {
    note(label);
    return input(id, value, look);
}

InputEvent search_box(const char* id, std::string* value, std::string_view hint, ImGuiKeyChord key, float width, bool focus) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    key = frame().keymap.of(id, key);
    ImGui::PushStyleColor(ImGuiCol_FrameBg, colour::foot);
    InputLook look;
    look.hint = hint;
    look.width = width;
    look.focus = focus;
    if (key && frame().shortcuts.pressed(key, tr("搜索"))) look.focus = true;
    const InputEvent event = input(id, value, look);
    ImGui::PopStyleColor();
    if (key && !ImGui::IsItemActive()) {
        const std::string name = key_name(key);
        const ImVec2 cap = key_cap_size(name), size = ImGui::GetItemRectSize();
        draw_key_cap(ImGui::GetWindowDrawList(), {at.x + size.x - cap.x - px(11), at.y + (size.y - cap.y) / 2}, name);
    }
    return event;
}

void forget_typed() {
    ImGuiContext& context = *ImGui::GetCurrentContext();
    ImGui::ClearActiveID();
    const auto wipe = [](ImVector<char>& text) {
        volatile char* bytes = text.Data;
        for (int i = 0; i < text.Size; ++i) bytes[i] = 0;
    };
    wipe(context.InputTextState.TextA);
    wipe(context.InputTextState.TextToRevertTo);
    wipe(context.InputTextState.CallbackTextBackup);
    wipe(context.InputTextDeactivatedState.TextA);
    context.InputTextDeactivatedState.ID = 0;
}

bool select(const char* id, std::span<const std::string> entries, int* chosen, float width) {
    bool changed = false;
    const bool known = *chosen >= 0 && static_cast<size_t>(*chosen) < entries.size();
    ImGui::SetNextItemWidth(width);
    // Smaller letters, and a smaller arrow, which is as wide as the frame is high, before cut ones.
    std::optional<FontScope> smaller;
    const float arrow = ImGui::GetFontSize() + 2 * px(6);
    const bool tight = known && width > 0 && text_size(entries[static_cast<size_t>(*chosen)]).x > width - arrow - 2 * px(8);
    if (tight) smaller.emplace(Size::note);
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, tight ? px(4, 3) : px(8, 6));
    const std::string label = std::string("###") + id;
    ImGuiContext& g = *ImGui::GetCurrentContext();
    const ImGuiID item = ImGui::GetID(label.c_str());
    const bool open = ImGui::BeginCombo(label.c_str(), known ? entries[static_cast<size_t>(*chosen)].c_str() : "");
    IMGUI_TEST_ENGINE_ITEM_INFO(item, label.c_str(), 0);  // a combo does not give its name by itself
    if (!open) frame().focus.stop(Focus::Stop::other);
    if (open) {
        for (size_t i = 0; i < entries.size(); ++i) {
            ImGui::PushID(static_cast<int>(i));
            if (ImGui::Selectable(entries[i].c_str(), *chosen == static_cast<int>(i))) {
                *chosen = static_cast<int>(i);
                changed = true;
            }
            if (*chosen == static_cast<int>(i)) ImGui::SetItemDefaultFocus();
            ImGui::PopID();
        }
        ImGui::EndCombo();
    }
    ImGui::PopStyleVar();
    return changed;
}

}  // namespace sealdesk::kit
