// Signing in, locking, and what stands in the bars.
#include "panels/screen.h"

#include "tests/panels/desk_on_screen.h"

namespace sealdesk::tests {
namespace {

namespace ids = panels::ids;

using Screen = DeskOnScreen;

TEST_F(Screen, OpensForTheRightPassword) {
    open_screen();
    EXPECT_FALSE(ui_->visible(ids::rail_review));
    sign_in("wang");
    EXPECT_TRUE(ui_->says("王敏"));
    EXPECT_TRUE(ui_->says("审核员"));
    EXPECT_EQ(desk_->actor->login, "wang");
}

// As the demo's window does.
TEST_F(Screen, SomebodyWhoIsSignedInFromTheStartHasWorkAtOnce) {
    put_orders(1, 2);
    desk_->actor = actor("wang", "王敏");
    open_screen();
    ASSERT_TRUE(ui_->until_visible(panels::ids::review_row(no(1)))) << ui_->text();
    ui_->press(ImGuiKey_N);
    ASSERT_TRUE(ui_->until_visible(panels::ids::review_approve)) << ui_->text();
    EXPECT_EQ(order(1).claimed_by, "wang");
    ui_->click(panels::ids::sign_out);
    ASSERT_TRUE(ui_->until_visible(panels::ids::sign_in_login)) << ui_->text();
}

TEST_F(Screen, StaysShutForAWrongPassword) {
    open_screen();
    EXPECT_TRUE(ui_->disabled(ids::sign_in_enter)) << "nothing was typed yet";
    ui_->type_into(ids::sign_in_login, "wang");
    ui_->type_into(ids::sign_in_password, "wrong");
    ui_->click(ids::sign_in_enter);
    ASSERT_TRUE(ui_->until([&] { return ui_->says("登录名或密码不对"); })) << ui_->text();
    EXPECT_FALSE(desk_->actor);
    EXPECT_FALSE(ui_->visible(ids::rail_review));
    EXPECT_TRUE(ui_->disabled(ids::sign_in_enter)) << "the password was wiped";
}

TEST_F(Screen, LocksAfterIdleTimeAndKeepsTheClaim) {
    put_orders(1, 1);
    begin_work();
    EXPECT_TRUE(ui_->says(no(1)));
    clock_.advance(settings_.lock_after_ms + kSecond);
    ui_->frame(2);
    ASSERT_TRUE(screen_->locked());
    EXPECT_FALSE(ui_->says(no(1))) << "nothing of the order is seen";
    EXPECT_EQ(order(1).claimed_by, "wang");
    ui_->type_into(ids::sign_in_password, "Mima-li-2026");
    ui_->press(ImGuiKey_Enter);
    ASSERT_TRUE(ui_->until_says("登录名或密码不对")) << ui_->text();
    EXPECT_TRUE(screen_->locked());
    ui_->type_into(ids::sign_in_password, "Mima-wang-2026");
    ui_->press(ImGuiKey_Enter);
    ASSERT_TRUE(ui_->until_says(no(1))) << ui_->text();
    EXPECT_FALSE(screen_->locked());
}

TEST_F(Screen, OnlyAReviewerIsToldThatOrdersAreKept) {
    open_screen();
    for (const bool reviewer : {true, false}) {
        sign_in(reviewer ? "wang" : "chen");
        ui_->press(ImGuiMod_Ctrl | ImGuiKey_L);
        ASSERT_TRUE(ui_->until_says("屏幕已锁定")) << ui_->text();
        EXPECT_EQ(ui_->says("领取的订单"), reviewer) << ui_->text();
        ui_->click(ids::sign_in_leave);
        ASSERT_TRUE(ui_->until_visible(ids::sign_in_login));
    }
}

TEST_F(Screen, LocksByKey) {
    open_screen();
    sign_in("wang");
    ui_->press(ImGuiMod_Ctrl | ImGuiKey_L);
    EXPECT_TRUE(screen_->locked());
    EXPECT_TRUE(ui_->says("屏幕已锁定"));
}

TEST_F(Screen, SignOutGivesBackWhatWasClaimed) {
    put_orders(1, 1);
    begin_work();
    ASSERT_EQ(order(1).claimed_by, "wang");
    ui_->click(ids::sign_out);
    EXPECT_TRUE(ui_->visible(ids::sign_in_login));
    EXPECT_FALSE(desk_->actor);
    desk_->jobs().wait_idle();
    EXPECT_EQ(order(1).claimed_by, "");
}

TEST_F(Screen, TheRailCountsWhatWaitsForAnInvoice) {
    open_screen();
    sign_in("chen");
    EXPECT_EQ(ui_->item(ids::rail_invoices).label, "发票") << "nothing waits";
    ASSERT_OK(put(desk_->database(), {sample_order(1), sample_order(2)}, orders::State::issued));
    desk_->touch();
    ASSERT_TRUE(ui_->until([&] { return ui_->item(ids::rail_invoices).label == "发票 2"; })) << ui_->text();
    EXPECT_EQ(ui_->item(ids::rail_shipping).label, "发货 2");
    ui_->press(ImGuiKey_F4);
    ASSERT_TRUE(ui_->until_says("待开票 2")) << "as its list does";
}

TEST_F(Screen, TellsWhileThePortalIsAway) {
    desk_.reset();
    settings_.portal = "https://127.0.0.1:9";  // nobody listens there
    settings_.portal_token_file = folder_.path() / "token";
    ASSERT_OK(write_file(settings_.portal_token_file, "token", 0600));
    open_desk("second");
    open_screen();
    desk_->start_sync();
    sign_in("wang");
    ASSERT_TRUE(ui_->until_visible(ids::portal_retry)) << ui_->text();
    EXPECT_TRUE(ui_->says("门户连不上"));
    EXPECT_LT(ui_->item(ids::rail_review).y, ui_->item(ids::portal_retry).y) << "the rail keeps its place beside it";
    ui_->click(ids::portal_retry);
    EXPECT_TRUE(ui_->visible(ids::portal_retry)) << "it is still away";
}

TEST_F(Screen, ShowsWhatThePortalSaidButCouldNotBeTaken) {
    ASSERT_OK(intake::put_aside(desk_->database(), {7, "paid", "DD-7", 1, "{}"}, "订单缺少支付信息"));
    open_screen();
    sign_in("wang");
    ASSERT_TRUE(ui_->until_visible(ids::troubles));
    ui_->click(ids::troubles);
    EXPECT_TRUE(ui_->says("订单缺少支付信息"));
    ui_->click("troubles.settle.7");
    ASSERT_TRUE(ui_->until_says("都处理完了"));
    const auto left = intake::faults(desk_->database());
    ASSERT_OK(left);
    EXPECT_TRUE(left->empty());
    ui_->press(ImGuiKey_Escape);
    EXPECT_FALSE(ui_->visible(ids::troubles));
}

}  // namespace
}  // namespace sealdesk::tests
