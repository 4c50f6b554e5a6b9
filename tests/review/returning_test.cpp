// Corrected orders go back to who sent them back, a lost claim is told, and the clock's earlier rounds.
#include <gmock/gmock.h>

#include "audit/audit.h"
#include "review/review.h"
#include "storage/rows.h"
#include "support/orders.h"

using namespace sealdesk;
using orders::State;

namespace {
std::string no(int n) { return fmt::format("DD20261122-{:04}", n); }
const std::vector<review::Reason> kReasons{{"stamp", "印章不清晰", "请重新盖章。"}};
}  // namespace

class ReturningTest : public tests::OnBothEngines {
protected:
    void SetUp() override {
        open();
        clock_.set(start_of(Day{2026, 11, 23}) + 9 * kHour);  // a Monday
        auto time = review::WorkingTime::make("1-5", "09:00-12:00 13:30-17:30");
        ASSERT_OK(time);
        time_ = *time;
        rules_.working = &time_;
        ASSERT_OK(tests::put(*database_, {tests::sample_order(1), tests::sample_order(2), tests::sample_order(3)}, State::paid));
        const staff::Actor root{"root", "管理员", static_cast<staff::Roles>(staff::Role::administrator)};
        ASSERT_OK(staff::add(*database_, nullptr, {"root", "管理员", root.roles, true, {}},
                             crypto::Secret(std::string("Mima-root-2026"))));
        ASSERT_OK(staff::add(*database_, &root, {"zhou", "周敏", zhou_.roles, true, {}},
                             crypto::Secret(std::string("Mima-zhou-2026"))));
    }
    std::string next(const staff::Actor& actor) {
        const auto claimed = review::claim_next(*database_, actor, rules_);
        EXPECT_TRUE(claimed) << claimed.error().message << claimed.error().detail;
        return claimed ? claimed->value_or("") : "";
    }
    review::Seen seen(int n) {
        const auto order = orders::load(*database_, no(n)).value();
        return {no(n), order.revision, order.row_version};
    }
    // The reviewer sends order 1 back, and the applicant corrects it an hour later.
    void send_back_and_correct(const staff::Actor& actor) {
        ASSERT_OK(review::claim(*database_, actor, rules_, no(1)));
        ASSERT_OK(review::reject(*database_, actor, rules_, seen(1), kReasons, ""));
        clock_.advance(kHour);
        ASSERT_OK(database_->write([&](storage::Tx& tx) -> Result<> {
            SEALDESK_LET(desk, orders::load(tx, no(1)));
            orders::Order corrected = desk.order;
            corrected.submissions.push_back({desk.revision + 1, std::string(64, 'b'), "新材料.zip", 2000, tx.now});
            SEALDESK_TRY(orders::update_form(tx, desk, corrected));
            return orders::move(tx, desk, State::paid, "portal");
        }));
    }
    review::WorkingTime time_;
    review::Rules rules_;
    const staff::Actor zhou_{"zhou", "周敏", static_cast<staff::Roles>(staff::Role::reviewer)};
    const staff::Actor liu_{"liu", "刘洋", static_cast<staff::Roles>(staff::Role::reviewer)};
};

TEST_P(ReturningTest, ACorrectedOrderComesBackToItsReviewerFirst) {
    send_back_and_correct(zhou_);
    ASSERT_OK(review::claim(*database_, zhou_, rules_, no(3)));  // at work
    ASSERT_OK(review::release(*database_, zhou_, no(3)));
    EXPECT_EQ(next(liu_), no(2)) << "the corrected one is kept for zhou";
    EXPECT_EQ(next(liu_), no(3));
    EXPECT_EQ(next(liu_), "");
    EXPECT_EQ(next(zhou_), no(1)) << "although it came last";
}

TEST_P(ReturningTest, ItsReviewerTakesItBeforeOlderOnes) {
    send_back_and_correct(zhou_);
    EXPECT_EQ(next(zhou_), no(1));
    EXPECT_EQ(next(zhou_), no(2));
}

TEST_P(ReturningTest, AfterAWhileAnybodyGetsIt) {
    rules_.lease_ms = 24 * kHour;
    send_back_and_correct(zhou_);
    const auto stay = [&] { ASSERT_OK(review::claim(*database_, zhou_, rules_, no(3))); };
    ASSERT_OK(review::claim(*database_, liu_, rules_, no(2)));
    clock_.advance(kHour - kMinute);
    stay();
    clock_.advance(kHour);
    stay();
    EXPECT_EQ(next(liu_), "") << "one minute of the two working hours is left";
    clock_.advance(2 * kMinute + 90 * kMinute);  // over noon
    stay();
    EXPECT_EQ(next(liu_), no(1));
}

TEST_P(ReturningTest, OnlyWorkingTimeCounts) {
    clock_.set(start_of(Day{2026, 11, 20}) + 16 * kHour);  // Friday afternoon
    send_back_and_correct(zhou_);                          // corrected at 17:00
    clock_.set(start_of(Day{2026, 11, 23}) + 9 * kHour);
    ASSERT_OK(review::claim(*database_, zhou_, rules_, no(3)));
    ASSERT_OK(review::claim(*database_, liu_, rules_, no(2)));
    EXPECT_EQ(next(liu_), "") << "half an hour of work has passed since";
    rules_.working = nullptr;
    EXPECT_EQ(next(liu_), no(1)) << "every hour counts without working time";
}

TEST_P(ReturningTest, WhoIsNotAtWorkIsNotWaitedFor) {
    send_back_and_correct(zhou_);
    ASSERT_OK(review::claim(*database_, zhou_, rules_, no(3)));
    ASSERT_OK(review::release_all(*database_, zhou_));  // signed out
    EXPECT_EQ(next(liu_), no(2));
    EXPECT_EQ(next(liu_), no(3));
    EXPECT_EQ(next(liu_), no(1));
}

TEST_P(ReturningTest, WhoHasLeftTheDeskIsNotWaitedFor) {
    send_back_and_correct(zhou_);
    ASSERT_OK(review::claim(*database_, liu_, rules_, no(2)));
    ASSERT_OK(review::claim(*database_, liu_, rules_, no(3)));
    EXPECT_EQ(next(liu_), no(1)) << "an hour without a claim, a renewal or a decision";
}

TEST_P(ReturningTest, WhoIsBlockedIsNotWaitedFor) {
    send_back_and_correct(zhou_);
    ASSERT_OK(review::claim(*database_, zhou_, rules_, no(3)));
    ASSERT_OK(review::claim(*database_, liu_, rules_, no(2)));
    EXPECT_EQ(next(liu_), "");
    ASSERT_OK(database_->write([](storage::Tx& tx) -> Result<> {
        storage::change(tx, "UPDATE staff SET active = 0 WHERE login = 'zhou'");
        return {};
    }));
    EXPECT_EQ(next(liu_), no(1));
}

TEST_P(ReturningTest, WhoAsksForItByNumberGetsIt) {
    send_back_and_correct(zhou_);
    ASSERT_OK(review::claim(*database_, zhou_, rules_, no(3)));
    ASSERT_OK(review::claim(*database_, liu_, rules_, no(1)));
    EXPECT_EQ(orders::load(*database_, no(1))->claimed_by, "liu");
}

TEST_P(ReturningTest, AnUndoneRejectionKeepsNothing) {
    ASSERT_OK(review::claim(*database_, zhou_, rules_, no(1)));
    ASSERT_OK(review::reject(*database_, zhou_, rules_, seen(1), kReasons, ""));
    ASSERT_OK(review::undo(*database_, zhou_, rules_, no(1)));
    EXPECT_TRUE(review::earlier_rounds(*database_, {no(1)})->empty());
}

TEST_P(ReturningTest, TheRoundsBeforeAreThoseThatWereSentBack) {
    const Instant since = orders::load(*database_, no(1))->waiting_since;
    send_back_and_correct(zhou_);
    const auto rounds = review::earlier_rounds(*database_, {no(1), no(2)});
    ASSERT_OK(rounds);
    ASSERT_EQ(rounds->size(), 1u);
    ASSERT_EQ(rounds->at(no(1)).size(), 1u);
    EXPECT_EQ(rounds->at(no(1))[0].from, since);
    EXPECT_EQ(rounds->at(no(1))[0].to, clock_.now() + -kHour);
}

TEST_P(ReturningTest, WhoLostAClaimIsToldOnce) {
    ASSERT_OK(review::claim(*database_, zhou_, rules_, no(1)));
    ASSERT_OK(review::claim(*database_, zhou_, rules_, no(2)));
    EXPECT_TRUE(review::take_lost_claims(*database_, zhou_)->empty());
    clock_.advance(rules_.lease_ms);
    EXPECT_EQ(next(liu_), no(1));
    ASSERT_OK(review::claim(*database_, liu_, rules_, no(2)));
    EXPECT_EQ(audit::page(*database_, no(1), 0, 1)->front().action, "review.take_over");
    EXPECT_TRUE(review::take_lost_claims(*database_, liu_)->empty());
    const auto lost = review::take_lost_claims(*database_, zhou_);
    ASSERT_OK(lost);
    ASSERT_EQ(lost->size(), 2u);
    EXPECT_EQ(lost->at(0).no, no(1));
    EXPECT_EQ(lost->at(0).taken_by, "liu");
    EXPECT_EQ(lost->at(1).no, no(2));
    EXPECT_TRUE(review::take_lost_claims(*database_, zhou_)->empty());
    // Somebody who works here is told by name.
    clock_.advance(rules_.lease_ms);
    ASSERT_OK(review::claim(*database_, zhou_, rules_, no(1)));
    EXPECT_EQ(review::take_lost_claims(*database_, liu_)->at(0).taken_by, "周敏");
}

TEST_P(ReturningTest, AnOrderThatWasGivenBackIsNotLost) {
    ASSERT_OK(review::claim(*database_, zhou_, rules_, no(1)));
    ASSERT_OK(review::release(*database_, zhou_, no(1)));
    ASSERT_OK(review::claim(*database_, liu_, rules_, no(1)));
    EXPECT_TRUE(review::take_lost_claims(*database_, zhou_)->empty());
}

SEALDESK_ON_BOTH_ENGINES(ReturningTest);
