// Closing the window: what would be lost by it is said first.
#include <atomic>
#include <thread>

#include "tests/panels/desk_on_screen.h"

namespace sealdesk::tests {
namespace {

class ClosingTest : public DeskOnScreen {
protected:
    void SetUp() override {
        DeskOnScreen::SetUp();
        if (HasFatalFailure()) return;
        open_screen();
        ui_->frame();
    }
    void put_letter() {
        keys::PinLetter letter;
        letter.key_serial = "AB12";
        letter.pin = crypto::Secret(std::string("24681357"));
        desk_->letters().put("qian", std::move(letter));
    }
    kit::Closing& closing() { return ui_->ui().closing; }
    // The person clicks the cross: what the window does then.
    void cross() {
        ui_->frame();
        if (closing().would_lose)
            closing().asked = true;
        else
            closing().agreed = true;
        ui_->frame(2);
    }
};

TEST_F(ClosingTest, NothingIsAskedWhenNothingWouldBeLost) {
    cross();
    EXPECT_TRUE(closing().agreed);
    EXPECT_FALSE(ui_->visible(panels::ids::closing_stay));
}

TEST_F(ClosingTest, APinThatNobodyHasWrittenDownIsAskedAboutAlsoWhenNobodyIsSignedIn) {
    put_letter();
    cross();
    ASSERT_TRUE(ui_->visible(panels::ids::closing_stay)) << ui_->text();
    EXPECT_TRUE(ui_->says("还有 1 个新 PIN 没有写下或打印")) << ui_->text();
    EXPECT_FALSE(ui_->says("24681357")) << "not on a screen where anybody may sit";
    EXPECT_FALSE(closing().agreed);
    ui_->click(panels::ids::closing_stay);
    ui_->frame();
    EXPECT_FALSE(closing().asked);
    EXPECT_FALSE(closing().agreed);
    EXPECT_FALSE(ui_->visible(panels::ids::closing_stay));

    cross();
    ui_->click(panels::ids::closing_close);
    EXPECT_TRUE(closing().agreed);
}

TEST_F(ClosingTest, TheQuestionStandsBeforeTheLetterAndTheLetterComesBack) {
    const staff::Actor root{"root", "管理员", static_cast<staff::Roles>(staff::Role::administrator)};
    ASSERT_OK(staff::add(desk_->database(), &root, {"qian", "钱进", static_cast<staff::Roles>(staff::Role::officer), true, {}},
                         crypto::Secret(std::string("Mima-qian-2026"))));
    put_letter();
    sign_in("qian");
    ASSERT_TRUE(ui_->until_says("24681357")) << ui_->text();
    cross();
    ASSERT_TRUE(ui_->visible(panels::ids::closing_stay)) << ui_->text();
    ui_->frame(5);
    ASSERT_TRUE(ui_->visible(panels::ids::closing_stay)) << "it stays until it is answered: " << ui_->text();
    ui_->press(ImGuiKey_Enter);
    ASSERT_TRUE(ui_->until_says("24681357")) << ui_->text();
    EXPECT_FALSE(closing().agreed);
    EXPECT_TRUE(desk_->letters().first("qian")) << "Enter was the question's, not the letter's";
}

TEST_F(ClosingTest, TheKeyThatAnswersItWorksNothingBelow) {
    put_orders(1, 1);
    sign_in("wang");
    ASSERT_TRUE(ui_->until_visible(panels::ids::review_row(no(1)))) << ui_->text();
    ui_->press(ImGuiKey_DownArrow);
    ASSERT_TRUE(ui_->until_visible(panels::ids::review_claim)) << ui_->text();
    put_letter();
    cross();
    ASSERT_TRUE(ui_->visible(panels::ids::closing_stay)) << ui_->text();
    ui_->press(ImGuiKey_Enter);
    ui_->frame(3);
    desk_->jobs().wait_idle();
    ASSERT_FALSE(ui_->visible(panels::ids::closing_stay));
    EXPECT_EQ(order(1).claimed_by, "") << "Enter was the question's";
    ui_->press(ImGuiKey_Enter);
    ASSERT_TRUE(ui_->until_visible(panels::ids::review_approve)) << ui_->text();
    EXPECT_EQ(order(1).claimed_by, "wang") << "and it is the bench's again";
}

// The question came while somebody was about to sign in: their letters must not be lost after it.
TEST_F(ClosingTest, TheBoxHasTheKeyboardAgainWhenTheQuestionIsAnswered) {
    put_letter();
    cross();
    ASSERT_TRUE(ui_->visible(panels::ids::closing_stay)) << ui_->text();
    ui_->press(ImGuiKey_Enter);
    ui_->frame(3);
    ASSERT_FALSE(ui_->visible(panels::ids::closing_stay));
    ui_->type("wang");
    ui_->frame(2);
    EXPECT_TRUE(ui_->says("wang")) << ui_->text();
}

TEST_F(ClosingTest, AKeyThatIsBeingWrittenIsWaitedForAndThenItCloses) {
    std::atomic<bool> written = false;
    jobs::Async<int> writing;
    writing.start(desk_->writing(), [&] {
        written.wait(false);
        return 1;
    });
    cross();
    ASSERT_TRUE(ui_->visible(panels::ids::closing_close)) << ui_->text();
    EXPECT_TRUE(ui_->says("正在写 1 个 KEY")) << ui_->text();
    EXPECT_TRUE(ui_->disabled(panels::ids::closing_close));
    EXPECT_FALSE(closing().agreed);
    written = true;
    written.notify_all();
    EXPECT_TRUE(ui_->until([&] { return closing().agreed; })) << ui_->text();
}

}  // namespace
}  // namespace sealdesk::tests
