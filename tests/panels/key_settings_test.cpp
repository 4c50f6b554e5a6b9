// Keys as a person wants them: changed, turned off, refused where another action has them; kept over a restart.
#include "panels/key_actions.h"

#include <set>

#include "panels/back_office_ids.h"
#include "tests/panels/desk_on_screen.h"

namespace sealdesk::tests {
namespace {

namespace ids = panels::ids;

class Keys : public DeskOnScreen {
protected:
    void to_settings() {
        ui_->press(ImGuiKey_F7);
        ASSERT_TRUE(ui_->until_visible(change(ids::review_next))) << ui_->text();
    }
    void to_review() {
        ui_->press(ImGuiKey_F1);
        ASSERT_TRUE(ui_->until_visible(ids::review_next)) << ui_->text();
    }
    void begin() {
        put_orders(1, 2);
        open_screen();
        sign_in("wang");
        if (!HasFatalFailure()) to_settings();
    }
    static std::string change(const std::string& action) { return ids::kSettingsKeyChange + action; }
    static std::string off(const std::string& action) { return ids::kSettingsKeyOff + action; }
    static std::string usual(const std::string& action) { return ids::kSettingsKeyUsual + action; }
    bool claims_with(ImGuiKeyChord key) {
        ui_->press(key);
        desk_->jobs().wait_idle();
        ui_->frame(3);
        return ui_->visible(ids::review_approve);
    }
    // The memory is written a second of the screen's time after the change.
    void written() {
        for (int i = 0; i < 5; ++i) {
            ui_->pass(2);
            desk_->jobs().wait_idle();
        }
    }
};

TEST_F(Keys, AnotherKeyWorksAtOnceAndTheOldOneNoMore) {
    begin();
    ui_->click(change(ids::review_next));
    EXPECT_TRUE(ui_->says("请按新的键"));
    ui_->press(ImGuiKey_Q);
    EXPECT_FALSE(ui_->says("请按新的键"));
    to_review();
    EXPECT_FALSE(claims_with(ImGuiKey_N));
    EXPECT_TRUE(claims_with(ImGuiKey_Q));
    EXPECT_EQ(order(1).claimed_by, "wang");
}

TEST_F(Keys, TheListOfKeysSaysWhatHolds) {
    begin();
    ui_->click(change(ids::review_next));
    ui_->press(ImGuiMod_Ctrl | ImGuiKey_Q);
    to_review();
    const auto& entries = ui_->ui().shortcuts.entries();
    const auto next = std::find_if(entries.begin(), entries.end(), [](const auto& e) { return e.label == "领取下一单"; });
    ASSERT_NE(next, entries.end());
    EXPECT_EQ(next->key, ImGuiMod_Ctrl | ImGuiKey_Q);
}

TEST_F(Keys, AKeyThatAnotherActionHasIsRefused) {
    begin();
    ui_->click(change(ids::review_next));
    ui_->press(ImGuiKey_A);
    EXPECT_TRUE(ui_->says("A 已经是“通过”（审核）的快捷键")) << ui_->text();
    to_review();
    EXPECT_TRUE(claims_with(ImGuiKey_N));
}

TEST_F(Keys, KeysOfTextAndDialogsAreRefused) {
    begin();
    for (const ImGuiKeyChord key : {ImGuiMod_Ctrl | ImGuiKey_C, ImGuiKeyChord{ImGuiKey_Tab}, ImGuiKeyChord{ImGuiKey_Backspace}}) {
        ui_->click(change(ids::review_next));
        ui_->press(key);
        EXPECT_TRUE(ui_->says("用来编辑文字和回答对话框")) << kit::key_name(key);
    }
    ui_->click(change(ids::review_next));
    ui_->press(ImGuiKey_Escape);
    EXPECT_FALSE(ui_->says("请按新的键")) << "Esc leaves it as it was";
    to_review();
    EXPECT_TRUE(claims_with(ImGuiKey_N));
}

TEST_F(Keys, OfAnotherPlaceAreNoConflict) {
    begin();
    ui_->click(change(ids::review_next));
    ui_->press(ImGuiKey_Home);  // of the audit log
    to_review();
    EXPECT_TRUE(claims_with(ImGuiKey_Home));
}

TEST_F(Keys, TurnedOffAndBackToTheUsualOne) {
    begin();
    ui_->click(off(ids::review_next));
    EXPECT_TRUE(ui_->says("已关掉"));
    to_review();
    EXPECT_FALSE(claims_with(ImGuiKey_N));
    to_settings();
    ui_->click(usual(ids::review_next));
    EXPECT_FALSE(ui_->says("已关掉"));
    to_review();
    EXPECT_TRUE(claims_with(ImGuiKey_N));
}

TEST_F(Keys, TheUsualKeyIsNotTakenFromWhoHasItNow) {
    begin();
    ui_->click(off(ids::review_next));
    ui_->click(change(ids::review_release));
    ui_->press(ImGuiKey_N);
    ui_->click(usual(ids::review_next));
    EXPECT_TRUE(ui_->says("N 已经是“放回”（审核）的快捷键")) << ui_->text();
}

TEST_F(Keys, SingleLettersOffLeavesMouseAndOtherKeys) {
    begin();
    ui_->click(ids::kSettingsKeyLetters);
    to_review();  // by F1
    EXPECT_FALSE(claims_with(ImGuiKey_N));
    ui_->click(ids::review_next);
    ASSERT_TRUE(ui_->until_visible(ids::review_approve)) << ui_->text();
    ui_->press(ImGuiKey_A);
    desk_->jobs().wait_idle();
    ui_->frame(3);
    EXPECT_EQ(order(1).state, orders::State::paid);
    for (const auto& entry : ui_->ui().shortcuts.entries()) EXPECT_FALSE(kit::is_letter_key(entry.key)) << entry.label;
}

TEST_F(Keys, SurviveARestartAndAreEachPersonsOwn) {
    begin();
    ui_->click(change(ids::review_next));
    ui_->press(ImGuiMod_Alt | ImGuiKey_F3);
    ui_->click(off(ids::undo));
    written();
    restart();
    sign_in("wang");
    to_review();
    EXPECT_FALSE(claims_with(ImGuiKey_N));
    EXPECT_TRUE(claims_with(ImGuiMod_Alt | ImGuiKey_F3));
    EXPECT_EQ(ui_->ui().keymap.of(ids::undo, ImGuiKey_Z), 0);
    ui_->click(ids::sign_out);
    ASSERT_TRUE(ui_->until_visible(ids::sign_in_login));
    sign_in("li");
    to_review();
    EXPECT_TRUE(claims_with(ImGuiKey_N));
}

TEST_F(Keys, AllBackToTheUsual) {
    begin();
    ui_->click(off(ids::review_next));
    ui_->click(ids::kSettingsKeyLetters);
    ui_->click(ids::kSettingsKeysReset);
    to_review();
    EXPECT_TRUE(claims_with(ImGuiKey_N));
}

// The table itself: every key has its one meaning in a place, and every chord comes back as it was written.
TEST(KeyActions, NoTwoHaveTheSameKeyInOnePlace) {
    const kit::Keymap usual;
    std::set<std::string> seen;
    for (const auto& action : panels::key_actions()) {
        EXPECT_TRUE(seen.insert(action.id).second) << action.id;
        kit::Keymap without = usual;
        without.choose(action.id, 0);
        EXPECT_EQ(panels::why_not(without, action, action.usual), "") << action.id;
        EXPECT_EQ(kit::chord_from(kit::text_of(action.usual)), action.usual) << action.id;
    }
    EXPECT_FALSE(kit::chord_from("Ctrl+"));
    EXPECT_FALSE(kit::chord_from("某"));
    EXPECT_FALSE(kit::chord_from(""));
}

}  // namespace
}  // namespace sealdesk::tests
