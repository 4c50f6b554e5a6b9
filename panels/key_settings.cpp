#include "panels/key_settings.h"

#include <algorithm>

#include "base/translate.h"
#include "panels/back_office_ids.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

void KeySettings::take_key() {
    const int frame = ImGui::GetFrameCount();
    if (drawn_ + 1 < frame) asking_for_.clear();
    drawn_ = frame;
    if (asking_for_.empty()) return;
    kit::Keymap& keymap = kit::frame().keymap;
    keymap.ask();
    const auto key = kit::pressed_chord();
    if (!key && !ImGui::IsMouseReleased(ImGuiMouseButton_Left)) return;
    const auto action = std::find_if(actions_.begin(), actions_.end(), [&](const KeyAction& a) { return a.id == asking_for_; });
    asking_for_.clear();
    if (!key || *key == ImGuiKey_Escape || action == actions_.end()) return;
    refused_ = why_not(keymap, *action, *key);
    refused_at_ = action->id;
    if (!refused_.empty()) return;
    if (*key == action->usual)
        keymap.restore(action->id);
    else
        keymap.choose(action->id, *key);
}

void KeySettings::draw_action(const KeyAction& action) {
    kit::Keymap& keymap = kit::frame().keymap;
    const float left = ImGui::GetCursorPosX();
    const auto column = [left](float at) { ImGui::SameLine(left + kit::px(at)); };
    kit::text(action.word);
    column(150);
    if (asking_for_ == action.id) {
        kit::text(tr("请按新的键，Esc 取消"), kit::colour::blue);
        return;
    }
    const ImGuiKeyChord key = keymap.chosen(action.id, action.usual);
    if (key == 0)
        kit::note(tr("已关掉"));
    else if (!keymap.letters() && kit::is_letter_key(key))
        kit::note(trf("{}（单键已关掉）", kit::key_name(key)));
    else
        kit::key_cap(kit::key_name(key));
    column(250);
    if (kit::link((ids::kSettingsKeyChange + action.id).c_str(), tr("更改"))) {
        asking_for_ = action.id;
        keymap.ask();
        refused_.clear();
    }
    if (key != 0) {
        column(300);
        if (kit::link((ids::kSettingsKeyOff + action.id).c_str(), tr("关掉"))) keymap.choose(action.id, 0);
    }
    bool back = false;
    if (keymap.is_chosen(action.id)) {
        column(350);
        back = kit::link((ids::kSettingsKeyUsual + action.id).c_str(), tr("原来的键"));
    }
    if (back) {
        kit::Keymap without = keymap;
        without.choose(action.id, 0);
        refused_ = why_not(without, action, action.usual);
        refused_at_ = action.id;
        if (refused_.empty()) keymap.restore(action.id);
    }
    if (!refused_.empty() && refused_at_ == action.id) {
        ImGui::PushTextWrapPos(0);
        kit::note(refused_, kit::colour::red);
        ImGui::PopTextWrapPos();
    }
}

void KeySettings::draw() {
    kit::Keymap& keymap = kit::frame().keymap;
    kit::title_strip(tr("快捷键"), tr("只改您自己的，立即生效"));
    take_key();
    const kit::Inset inset;
    kit::gap(10);
    bool letters = keymap.letters();
    if (kit::checkbox(ids::kSettingsKeyLetters, tr("单个字母、数字和符号可以作快捷键"), &letters)) keymap.set_letters(letters);
    kit::gap(4);
    if (kit::link(ids::kSettingsKeysReset, tr("全部恢复原来的键"))) {
        keymap.restore_all();
        refused_.clear();
    }
    for (const KeyPlace place : {KeyPlace::everywhere, KeyPlace::review, KeyPlace::keys, KeyPlace::stock, KeyPlace::shipping,
                                 KeyPlace::invoices, KeyPlace::daily, KeyPlace::audit}) {
        kit::gap(8);
        kit::section(word_of(place));
        for (const KeyAction& action : actions_)
            if (action.place == place) draw_action(action);
    }
    kit::gap(10);
}

}  // namespace sealdesk::panels
