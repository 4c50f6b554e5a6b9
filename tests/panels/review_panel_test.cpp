// A reviewer's work with keys and mouse, down to what stands in the database afterwards.
#include "panels/review_panel.h"

#include <nlohmann/json.hpp>

#include "audit/audit.h"
#include "crypto/digest.h"
#include "tests/panels/desk_on_screen.h"

namespace sealdesk::tests {
namespace {

namespace ids = panels::ids;
using orders::State;

using ReviewBench = DeskOnScreen;

TEST_F(ReviewBench, ClaimsTheOldestAndApprovesByKey) {
    put_orders(1, 3);
    begin_work();
    EXPECT_TRUE(ui_->says(no(1)));
    EXPECT_EQ(order(1).claimed_by, "wang");
    ui_->press(ImGuiKey_A);
    ASSERT_TRUE(ui_->until_says("已通过 " + no(1))) << ui_->text();
    EXPECT_EQ(order(1).state, State::approved);
    EXPECT_EQ(order(1).approved_by, "wang");
    const auto acts = acts_of(1);
    ASSERT_EQ(acts.size(), 1u);
    EXPECT_EQ(acts[0].kind, "approved");
    EXPECT_EQ(acts[0].not_before - clock_.now(), settings_.undo_ms) << "held for the undo window";
    EXPECT_EQ(order(2).claimed_by, "wang") << "the next one comes by itself";
    EXPECT_EQ(order(3).claimed_by, "");
}

TEST_F(ReviewBench, RejectsWithTwoReasonsByDigit) {
    put_orders(1, 1);
    begin_work();
    ui_->press(ImGuiKey_2);
    ui_->press(ImGuiKey_6);
    ui_->press(ImGuiKey_4);
    ui_->press(ImGuiKey_4);  // and off again
    EXPECT_TRUE(ui_->says(desk_->reasons()[1].sentence));
    ui_->type_into(ids::review_note, "第 2 页");
    ui_->press(ImGuiKey_Enter);
    ui_->press(ImGuiKey_R);
    ASSERT_TRUE(ui_->until_says("已退回 " + no(1))) << ui_->text();
    EXPECT_EQ(order(1).state, State::rejected);
    const auto decisions = review::decisions(desk_->database(), no(1));
    ASSERT_OK(decisions);
    ASSERT_EQ(decisions->size(), 1u);
    EXPECT_EQ(decisions->front().note, "第 2 页");
    EXPECT_EQ(decisions->front().reasons.size(), 2u);
    const auto acts = acts_of(1);
    ASSERT_EQ(acts.size(), 1u);
    const auto body = nlohmann::json::parse(acts[0].body);
    EXPECT_EQ(body["reasons"][0]["code"], "stamp_unclear");
    EXPECT_EQ(body["reasons"][1]["code"], "picture_blurred");
}

TEST_F(ReviewBench, RefusesARejectionWithoutReason) {
    put_orders(1, 1);
    begin_work();
    ui_->press(ImGuiKey_R);
    ASSERT_TRUE(ui_->until_says("请至少选择一个退回原因")) << ui_->text();
    EXPECT_EQ(order(1).state, State::paid);
    EXPECT_TRUE(acts_of(1).empty());
    ui_->press(ImGuiKey_1);
    EXPECT_FALSE(ui_->says("请至少选择一个退回原因"));
}

TEST_F(ReviewBench, UndoesTheLastDecision) {
    put_orders(1, 1);
    begin_work();
    ui_->press(ImGuiKey_A);
    ASSERT_TRUE(ui_->until_visible(ids::undo)) << ui_->text();
    EXPECT_TRUE(ui_->says("撤销剩 60 秒"));
    ui_->press(ImGuiKey_Z);
    ASSERT_TRUE(ui_->until([&] { return ui_->visible(ids::review_approve) && !ui_->visible(ids::undo); })) << ui_->text();
    EXPECT_EQ(order(1).state, State::paid);
    EXPECT_EQ(order(1).claimed_by, "wang");
    ASSERT_EQ(acts_of(1).size(), 1u);
    EXPECT_EQ(acts_of(1)[0].state, acts::State::cancelled);
}

TEST_F(ReviewBench, OffersNoUndoWhenItsTimeIsOver) {
    put_orders(1, 1);
    begin_work();
    ui_->press(ImGuiKey_A);
    ASSERT_TRUE(ui_->until_visible(ids::undo));
    clock_.advance(settings_.undo_ms);
    ui_->frame(2);
    EXPECT_FALSE(ui_->visible(ids::undo));
}

TEST_F(ReviewBench, ARowIsShownWithoutClaimingIt) {
    put_orders(1, 3);
    open_screen();
    sign_in("wang");
    ASSERT_TRUE(ui_->until_visible(ids::review_row(no(2))));
    ui_->click(ids::review_row(no(2)));
    ASSERT_TRUE(ui_->until_visible(ids::review_claim));
    EXPECT_EQ(order(2).claimed_by, "");
    EXPECT_FALSE(ui_->visible(ids::review_approve));
    ui_->press(ImGuiKey_Enter);
    ASSERT_TRUE(ui_->until_visible(ids::review_approve));
    EXPECT_EQ(order(2).claimed_by, "wang");
    ui_->press(ImGuiKey_H);
    ASSERT_TRUE(ui_->until_visible(ids::review_claim));
    EXPECT_EQ(order(2).claimed_by, "");
}

TEST_F(ReviewBench, SomebodyWithoutTheRoleMayLookAndIsToldWhy) {
    put_orders(1, 1);
    open_screen();
    sign_in("chen");
    // The day of an officer begins at the KEY bench.
    ASSERT_TRUE(ui_->until_visible(ids::rail_review));
    ui_->click(ids::rail_review);
    ASSERT_TRUE(ui_->until_visible(ids::review_row(no(1))));
    EXPECT_TRUE(ui_->disabled(ids::review_next));
    ui_->press(ImGuiKey_N);
    ui_->click(ids::review_row(no(1)));
    ASSERT_TRUE(ui_->until_visible(ids::review_claim));
    EXPECT_TRUE(ui_->disabled(ids::review_claim));
    EXPECT_TRUE(ui_->says("陈洁没有审核员的权限"));
    EXPECT_TRUE(ui_->says("只有审核员和主管可以查看")) << "nor the identity papers";
    EXPECT_EQ(order(1).claimed_by, "");
}

TEST_F(ReviewBench, ALateDecisionIsAConflictAndChangesNothing) {
    put_orders(1, 1);
    begin_work();
    // Behind this screen's back the claim ends and another reviewer decides.
    const auto li = actor("li", "李晨");
    ASSERT_OK(review::release(desk_->database(), actor("wang", "王敏"), no(1)));
    const auto claimed = review::claim(desk_->database(), li, desk_->review_rules(), no(1));
    ASSERT_OK(claimed);
    ASSERT_OK(review::reject(desk_->database(), li, desk_->review_rules(), {no(1), 1, claimed->row_version}, {}, "缺页"));
    ui_->press(ImGuiKey_A);
    ASSERT_TRUE(ui_->until_says("情况有变")) << ui_->text();
    EXPECT_TRUE(ui_->says("不能再审核"));
    EXPECT_EQ(order(1).state, State::rejected);
    EXPECT_EQ(acts_of(1).size(), 1u);
    EXPECT_EQ(acts_of(1)[0].kind, "rejected");
    ui_->press(ImGuiKey_Enter);
    EXPECT_FALSE(ui_->says("情况有变"));
    EXPECT_TRUE(ui_->says("缺页")) << "the new facts are on the bench";
}

TEST_F(ReviewBench, ARefundIsToldBeforeTheReviewerDecides) {
    put_orders(1, 1);
    begin_work();
    ASSERT_OK(move(desk_->database(), no(1), State::refunded));
    desk_->touch();  // as the talk with the portal does
    ASSERT_TRUE(ui_->until_says("情况有变")) << ui_->text();
    EXPECT_TRUE(ui_->says("已退款"));
    ui_->press(ImGuiKey_Enter);
    EXPECT_TRUE(ui_->until([&] { return !ui_->visible(ids::review_approve); })) << "nothing is left to decide";
}

TEST_F(ReviewBench, RenewsAClaimWhileTheOrderIsOnTheBench) {
    put_orders(1, 1);
    begin_work();
    clock_.advance(settings_.lease_ms / 2 + kSecond);
    ASSERT_TRUE(ui_->until([&] { return order(1).claimed_until - clock_.now() == settings_.lease_ms; }));
}

TEST_F(ReviewBench, SearchNarrowsTheQueue) {
    put_orders(1, 3);
    open_screen();
    sign_in("wang");
    ASSERT_TRUE(ui_->until_visible(ids::review_row(no(3))));
    ui_->press(ImGuiMod_Ctrl | ImGuiKey_K);
    ui_->type("第2建设");
    ASSERT_TRUE(ui_->until([&] { return !ui_->visible(ids::review_row(no(3))); }));
    EXPECT_TRUE(ui_->visible(ids::review_row(no(2))));
    ui_->type("没有这个");
    ASSERT_TRUE(ui_->until_says("没有找到"));
}

TEST_F(ReviewBench, ScrollsOnToRowsThatWereNotLoaded) {
    ASSERT_OK(desk_->database().write([](storage::Tx& tx) -> Result<> {
        for (int n = 1; n <= 450; ++n) SEALDESK_TRY(put(tx, sample_order(n)));
        return {};
    }));
    open_screen();
    sign_in("wang");
    ASSERT_TRUE(ui_->until_visible(ids::review_row(no(1))));
    ASSERT_TRUE(ui_->until([&] {
        ui_->scroll(ids::review_rows, -20);
        return ui_->visible(ids::review_row(no(450)));
    }));
    EXPECT_TRUE(ui_->says("待审核 450"));
}

TEST_F(ReviewBench, SaysThatThePackageIsStillOnItsWay) {
    put_orders(1, 1);
    begin_work();
    ASSERT_TRUE(ui_->until_says("材料包正在下载")) << ui_->text();
}

}  // namespace
}  // namespace sealdesk::tests
