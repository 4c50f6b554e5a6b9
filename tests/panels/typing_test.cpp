// Keys and letters that come faster than frames: none is lost, and no letter that was meant for a box works the bench.
#include "tests/panels/desk_on_screen.h"

namespace sealdesk::tests {
namespace {

namespace ids = panels::ids;

class Typing : public DeskOnScreen {
protected:
    // With an order on the bench, whose keys are single letters: h gives it back, a approves it.
    void begin_with_an_order() {
        put_orders(1, 3);
        begin_work();
        ASSERT_TRUE(ui_->until_says(no(1))) << ui_->text();
    }
};

TEST_F(Typing, LettersRightAfterCtrlKReachTheSearchBox) {
    begin_with_an_order();
    ui_->hand_over(ImGuiMod_Ctrl | ImGuiKey_K);
    ui_->hand_over_text("harz某1");
    ui_->take_all();
    ui_->frame(3);
    EXPECT_TRUE(ui_->says("harz某1")) << ui_->text();
    EXPECT_EQ(order(1).claimed_by, "wang") << "h was not meant for the bench";
    EXPECT_EQ(order(1).state, orders::State::paid);
}

// The letter comes while the box is on its way to the keyboard: the frame after the key, and the one after that.
TEST_F(Typing, NoFrameIsTooEarlyForALetter) {
    begin_with_an_order();
    for (int frames = 0; frames < 4; ++frames) {
        ui_->hand_over(ImGuiMod_Ctrl | ImGuiKey_K);
        ui_->frame(frames);
        ui_->hand_over_text("h某");
        ui_->take_all();
        ui_->frame(3);
        EXPECT_TRUE(ui_->says("h某")) << frames << " frames: " << ui_->text();
        EXPECT_EQ(order(1).claimed_by, "wang") << frames << " frames";
        ui_->press(ImGuiMod_Ctrl | ImGuiKey_A);
        ui_->press(ImGuiKey_Delete);
        ui_->press(ImGuiKey_Escape);
    }
}

// They write nothing: nobody has to leave the box first.
TEST_F(Typing, FunctionKeysChangeThePanelOutOfABox) {
    begin_with_an_order();
    ui_->press(ImGuiMod_Ctrl | ImGuiKey_K);
    ui_->frame(2);
    ui_->type("某");
    ui_->press(ImGuiKey_F4);
    ASSERT_TRUE(ui_->until_says("待开票")) << ui_->text();
    EXPECT_EQ(order(1).claimed_by, "wang");
}

TEST_F(Typing, SignsInFromOneBurst) {
    open_screen();
    ui_->frame(3);  // the login has the keyboard from the start
    ui_->hand_over_text("wang");
    ui_->hand_over(ImGuiKey_Tab);
    ui_->hand_over_text("Mima-wang-2026");
    ui_->hand_over(ImGuiKey_Enter);
    ui_->take_all();
    ui_->frame(3);
    ASSERT_TRUE(ui_->until_visible(ids::rail_review)) << ui_->text();
    EXPECT_EQ(desk_->actor->login, "wang");
}

// A reader types its thirty characters within two frames.
TEST_F(Typing, ABarcodeInOneBurstOpensItsOrder) {
    begin_with_an_order();
    ui_->hand_over(ImGuiMod_Ctrl | ImGuiKey_K);
    ui_->take_all();
    ui_->frame(3);
    ui_->hand_over_text(no(3));
    ui_->hand_over(ImGuiKey_Enter);
    EXPECT_LT(ui_->take_all(), 10) << "not a frame for every letter";
    ASSERT_TRUE(ui_->until([&] { return ui_->says("领取这一单"); })) << ui_->text();
    EXPECT_TRUE(ui_->says(no(3)));
    EXPECT_EQ(order(1).claimed_by, "wang");
}

// Where no box waits for them, letters are keys: each does what it says, in its turn.
TEST_F(Typing, KeysInOneBurstWorkOneAfterAnother) {
    begin_with_an_order();
    ui_->hand_over(ImGuiKey_1);
    ui_->hand_over(ImGuiKey_2);
    ui_->hand_over(ImGuiKey_R);
    ui_->take_all();
    ui_->frame(3);
    ASSERT_TRUE(ui_->until([&] { return order(1).state == orders::State::rejected; })) << ui_->text();
    EXPECT_EQ(review::decisions(desk_->database(), no(1))->front().reasons.size(), 2u);
}

// The letter that opens a box is not written into it.
TEST_F(Typing, AKeyAndItsLetterStayTogether) {
    begin_with_an_order();
    ui_->hand_over_text("h");
    ui_->hand_over(ImGuiMod_Ctrl | ImGuiKey_K);
    ui_->hand_over_text("某");
    ui_->take_all();
    ui_->frame(3);
    ASSERT_TRUE(ui_->until([&] { return order(1).claimed_by.empty(); })) << ui_->text();
    EXPECT_FALSE(ui_->says("h某")) << ui_->text();
    EXPECT_TRUE(ui_->says("某"));
}

}  // namespace
}  // namespace sealdesk::tests
