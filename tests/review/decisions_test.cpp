#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "acts/acts.h"
#include "audit/audit.h"
#include "review/review.h"
#include "support/orders.h"

using namespace sealdesk;
using orders::State;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {
std::string no(int n) { return fmt::format("DD20261122-{:04}", n); }
const std::vector<review::Reason> kReasons{{"stamp", "印章不清晰", "请重新盖章。"},
                                           {"licence", "缺少营业执照", "请补齐营业执照。"}};
}  // namespace

class DecisionsTest : public tests::OnBothEngines {
protected:
    void SetUp() override {
        open();
        std::vector<orders::Order> list;
        for (int n = 1; n <= 3; ++n) list.push_back(tests::sample_order(n));
        ASSERT_OK(tests::put(*database_, list, State::paid));
    }
    orders::DeskOrder order(int n) { return orders::load(*database_, no(n)).value(); }
    review::Seen seen(int n) { return {no(n), order(n).revision, order(n).row_version}; }
    Result<> approve(const staff::Actor& actor, const review::Seen& what) {
        return review::approve(*database_, actor, rules_, what);
    }
    Result<> reject(const staff::Actor& actor, const review::Seen& what, const std::vector<review::Reason>& reasons = kReasons,
                    const std::string& note = {}) {
        return review::reject(*database_, actor, rules_, what, reasons, note);
    }
    std::vector<acts::Act> acts_of(int n) { return acts::of_order(*database_, no(n)).value(); }
    void send_all() {
        const auto list = acts::due(*database_, 100).value();
        for (const auto& act : list) ASSERT_OK(acts::sent(*database_, act));
    }
    // New papers from the applicant, as the feed brings them.
    void resubmit(int n) {
        ASSERT_OK(database_->write([&](storage::Tx& tx) -> Result<> {
            SEALDESK_LET(desk, orders::load(tx, no(n)));
            orders::Order corrected = desk.order;
            corrected.submissions.push_back({desk.revision + 1, std::string(64, 'b'), "新材料.zip", 2000, tx.now});
            SEALDESK_TRY(orders::update_form(tx, desk, corrected));
            if (desk.state == State::rejected) SEALDESK_TRY(orders::move(tx, desk, State::paid, "portal"));
            return {};
        }));
    }

    review::Rules rules_;
    const staff::Actor zhou_{"zhou", "周敏", static_cast<staff::Roles>(staff::Role::reviewer)};
    const staff::Actor liu_{"liu", "刘洋", static_cast<staff::Roles>(staff::Role::reviewer)};
    const staff::Actor officer_{"wu", "吴迪", static_cast<staff::Roles>(staff::Role::officer)};
};

TEST_P(DecisionsTest, AnApprovalMovesTheOrderAndWaitsOutItsWindow) {
    ASSERT_OK(approve(zhou_, seen(1)));
    EXPECT_EQ(order(1).state, State::approved);
    EXPECT_EQ(order(1).approved_by, "zhou");
    EXPECT_EQ(order(1).claimed_by, "");
    const auto list = acts_of(1);
    ASSERT_EQ(list.size(), 1U);
    EXPECT_EQ(list[0].kind, "approved");
    EXPECT_EQ(list[0].body, "{}");
    EXPECT_EQ(list[0].not_before, clock_.now() + rules_.undo_ms);
    const auto made = review::decisions(*database_, no(1)).value();
    ASSERT_EQ(made.size(), 1U);
    EXPECT_EQ(made[0].verdict, "approved");
    EXPECT_EQ(made[0].staff, "zhou");
    EXPECT_EQ(made[0].at, clock_.now());
    EXPECT_FALSE(made[0].undone);
    EXPECT_EQ(audit::page(*database_, no(1), 0, 1)->front().action, "review.approve");
}

TEST_P(DecisionsTest, ARejectionTellsItsReasons) {
    ASSERT_OK(reject(zhou_, seen(1), kReasons, "  第 3 页缺签名 "));
    EXPECT_EQ(order(1).state, State::rejected);
    EXPECT_EQ(order(1).approved_by, "");
    const auto made = review::decisions(*database_, no(1)).value();
    ASSERT_EQ(made.size(), 1U);
    EXPECT_EQ(made[0].verdict, "rejected");
    EXPECT_EQ(made[0].note, "第 3 页缺签名");
    EXPECT_THAT(made[0].reasons, testing::UnorderedElementsAre("请重新盖章。", "请补齐营业执照。"));
    ASSERT_EQ(acts_of(1).size(), 1U);
    EXPECT_EQ(acts_of(1)[0].kind, "rejected");
    const auto body = nlohmann::json::parse(acts_of(1)[0].body);
    ASSERT_EQ(body["reasons"].size(), 2U);
    EXPECT_EQ(body["reasons"][0]["code"], "stamp");
    EXPECT_EQ(body["reasons"][0]["text"], "请重新盖章。");
    EXPECT_EQ(body["note"], "第 3 页缺签名");
}

TEST_P(DecisionsTest, ANoteAloneIsAReasonAndNothingIsNone) {
    const auto twice = reject(zhou_, seen(1), {kReasons[0], kReasons[0]}, "");
    ASSERT_FALSE(twice);
    EXPECT_EQ(twice.error().kind, ErrorKind::refused);
    const auto nothing = reject(zhou_, seen(1), {}, " \n ");
    ASSERT_FALSE(nothing);
    EXPECT_EQ(nothing.error().kind, ErrorKind::refused);
    EXPECT_EQ(order(1).state, State::paid);
    EXPECT_TRUE(acts_of(1).empty());
    std::string longest;
    for (int i = 0; i < 500; ++i) longest += "说";
    EXPECT_EQ(reject(zhou_, seen(1), {}, longest + "说").error().kind, ErrorKind::refused);
    ASSERT_OK(reject(zhou_, seen(1), {}, longest));
    EXPECT_EQ(order(1).state, State::rejected);
}

TEST_P(DecisionsTest, OneWhoIsNoReviewerIsDenied) {
    EXPECT_EQ(approve(officer_, seen(1)).error().kind, ErrorKind::denied);
    EXPECT_EQ(reject(officer_, seen(1)).error().kind, ErrorKind::denied);
    ASSERT_OK(approve(zhou_, seen(1)));
    EXPECT_EQ(review::undo(*database_, officer_, rules_, no(1)).error().kind, ErrorKind::denied);
    EXPECT_EQ(order(1).state, State::approved);
}

TEST_P(DecisionsTest, ALateWriteIsAConflict) {
    const auto both_saw = seen(1);
    ASSERT_OK(approve(zhou_, both_saw));
    const auto late = reject(liu_, both_saw);
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().kind, ErrorKind::conflict);
    EXPECT_EQ(order(1).state, State::approved);
    EXPECT_EQ(review::decisions(*database_, no(1))->size(), 1U);
    EXPECT_EQ(acts_of(1).size(), 1U);
    // Also when the first one took the decision back: the order is not what the second one saw.
    ASSERT_OK(review::undo(*database_, zhou_, rules_, no(1)));
    ASSERT_OK(review::release(*database_, zhou_, no(1)));
    EXPECT_EQ(reject(liu_, both_saw).error().kind, ErrorKind::conflict);
    ASSERT_OK(reject(liu_, seen(1)));
}

TEST_P(DecisionsTest, AnOrderInOtherHandsIsAConflict) {
    ASSERT_OK(review::claim(*database_, zhou_, rules_, no(1)));
    const auto held = approve(liu_, seen(1));
    ASSERT_FALSE(held);
    EXPECT_EQ(held.error().kind, ErrorKind::conflict);
    EXPECT_THAT(held.error().message, HasSubstr("zhou"));
    ASSERT_OK(approve(zhou_, seen(1)));
}

TEST_P(DecisionsTest, NewPapersAreAConflict) {
    const auto old = seen(1);
    resubmit(1);
    const auto late = approve(zhou_, old);
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().kind, ErrorKind::conflict);
    EXPECT_THAT(late.error().message, HasSubstr("新的材料"));
    EXPECT_EQ(order(1).state, State::paid);
    ASSERT_OK(approve(zhou_, seen(1)));
    EXPECT_EQ(acts_of(1).at(0).revision, 2);
}

TEST_P(DecisionsTest, ARefundedOrderNeedsNoDecision) {
    const auto old = seen(1);
    ASSERT_OK(tests::move(*database_, no(1), State::refunded));
    const auto late = approve(zhou_, old);
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().kind, ErrorKind::conflict);
    EXPECT_THAT(late.error().message, HasSubstr("退款"));
    EXPECT_EQ(approve(zhou_, {"DD20261122-9999", 1, 1}).error().kind, ErrorKind::refused);
}

TEST_P(DecisionsTest, UndoWithinTheWindowGivesThePlaceInTheQueueBack) {
    const Instant since = order(1).waiting_since;
    ASSERT_OK(approve(zhou_, seen(1)));
    const auto offered = review::undoable(*database_, zhou_).value();
    ASSERT_TRUE(offered);
    EXPECT_EQ(offered->no, no(1));
    EXPECT_EQ(offered->verdict, "approved");
    EXPECT_EQ(offered->until, clock_.now() + rules_.undo_ms);
    EXPECT_FALSE(review::undoable(*database_, liu_).value());

    clock_.advance(rules_.undo_ms - 1);
    ASSERT_OK(review::undo(*database_, zhou_, rules_, no(1)));
    EXPECT_EQ(order(1).state, State::paid);
    EXPECT_EQ(order(1).approved_by, "");
    EXPECT_EQ(order(1).claimed_by, "zhou");
    EXPECT_EQ(order(1).waiting_since, since);
    EXPECT_EQ(acts_of(1).at(0).state, acts::State::cancelled);
    EXPECT_TRUE(review::decisions(*database_, no(1))->at(0).undone);
    EXPECT_FALSE(review::undoable(*database_, zhou_).value());
    clock_.advance(kMinute);
    EXPECT_TRUE(acts::due(*database_, 10)->empty());
    // Free again, it is the first of the queue as before.
    ASSERT_OK(review::release(*database_, zhou_, no(1)));
    EXPECT_EQ(review::claim_next(*database_, liu_, rules_).value(), no(1));
}

TEST_P(DecisionsTest, ARejectionIsUndoneAndDecidedAnew) {
    ASSERT_OK(reject(zhou_, seen(1)));
    ASSERT_OK(review::undo(*database_, zhou_, rules_, no(1)));
    ASSERT_OK(approve(zhou_, seen(1)));
    clock_.advance(rules_.undo_ms);
    const auto due = acts::due(*database_, 10).value();
    ASSERT_EQ(due.size(), 1U);
    EXPECT_EQ(due[0].kind, "approved");
}

TEST_P(DecisionsTest, AfterTheWindowTheDecisionStands) {
    ASSERT_OK(approve(zhou_, seen(1)));
    clock_.advance(rules_.undo_ms);
    EXPECT_FALSE(review::undoable(*database_, zhou_).value());
    const auto late = review::undo(*database_, zhou_, rules_, no(1));
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().kind, ErrorKind::conflict);
    send_all();
    EXPECT_EQ(review::undo(*database_, zhou_, rules_, no(1)).error().kind, ErrorKind::conflict);
    EXPECT_EQ(order(1).state, State::approved);
    EXPECT_EQ(acts_of(1).at(0).state, acts::State::sent);
}

TEST_P(DecisionsTest, WithoutAWindowNothingIsUndone) {
    rules_.undo_ms = 0;
    ASSERT_OK(approve(zhou_, seen(1)));
    EXPECT_FALSE(review::undoable(*database_, zhou_).value());
    EXPECT_EQ(review::undo(*database_, zhou_, rules_, no(1)).error().kind, ErrorKind::conflict);
    EXPECT_EQ(acts::due(*database_, 10)->size(), 1U);
}

// The window was over, a KEY is begun, and the clock is set back into the window before anything was sent.
TEST_P(DecisionsTest, AClockThatGoesBackDoesNotUndoAnApprovalWhoseKeyIsBegun) {
    ASSERT_OK(approve(zhou_, seen(1)));
    clock_.advance(rules_.undo_ms);
    ASSERT_OK(
        database_->execute("INSERT INTO key_jobs (order_no, unit_no, key_serial, step, officer, started_at, updated_at) VALUES "
                           "('" +
                           no(1) + "', 1, 'K1', 'generate', 'wu', 1, 1)"));
    clock_.advance(-rules_.undo_ms);
    const auto late = review::undo(*database_, zhou_, rules_, no(1));
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().kind, ErrorKind::conflict);
    EXPECT_THAT(late.error().message, HasSubstr("KEY"));
    EXPECT_EQ(order(1).state, State::approved);
    EXPECT_EQ(acts_of(1).at(0).state, acts::State::pending);
    // One that was finished and is to be written anew counts; given up before that, it holds nothing up.
    ASSERT_OK(database_->execute("UPDATE key_jobs SET abandoned = 1, step = 'bind'"));
    EXPECT_EQ(review::undo(*database_, zhou_, rules_, no(1)).error().kind, ErrorKind::conflict);
    ASSERT_OK(database_->execute("UPDATE key_jobs SET step = 'generate'"));
    ASSERT_OK(review::undo(*database_, zhou_, rules_, no(1)));
}

TEST_P(DecisionsTest, OnlyTheOneWhoDecidedUndoes) {
    ASSERT_OK(approve(zhou_, seen(1)));
    EXPECT_EQ(review::undo(*database_, liu_, rules_, no(1)).error().kind, ErrorKind::conflict);
    EXPECT_EQ(review::undo(*database_, zhou_, rules_, no(2)).error().kind, ErrorKind::conflict);
    EXPECT_EQ(order(1).state, State::approved);
}

TEST_P(DecisionsTest, AnOlderDecisionDoesNotUndoTheNewestOfSomebodyElse) {
    ASSERT_OK(reject(zhou_, seen(1)));
    clock_.advance(rules_.undo_ms);
    send_all();
    resubmit(1);
    ASSERT_OK(approve(liu_, seen(1)));
    EXPECT_EQ(review::undo(*database_, zhou_, rules_, no(1)).error().kind, ErrorKind::conflict);
    EXPECT_EQ(order(1).state, State::approved);
    EXPECT_EQ(acts_of(1).back().state, acts::State::pending);
    ASSERT_OK(review::undo(*database_, liu_, rules_, no(1)));
}

TEST_P(DecisionsTest, TheNewestDecisionIsOfferedFirst) {
    ASSERT_OK(approve(zhou_, seen(1)));
    clock_.advance(kSecond);
    ASSERT_OK(reject(zhou_, seen(2)));
    EXPECT_EQ(review::undoable(*database_, zhou_).value()->no, no(2));
    ASSERT_OK(review::undo(*database_, zhou_, rules_, no(2)));
    EXPECT_EQ(review::undoable(*database_, zhou_).value()->no, no(1));
}

TEST_P(DecisionsTest, OpeningScansIsLogged) {
    ASSERT_OK(review::opened_scans(*database_, zhou_, no(1), 1));
    const auto row = audit::page(*database_, no(1), 0, 1)->at(0);
    EXPECT_EQ(row.action, "scans.open");
    EXPECT_EQ(row.actor, "zhou");
    EXPECT_THAT(row.details, HasSubstr("1"));
}

SEALDESK_ON_BOTH_ENGINES(DecisionsTest);
