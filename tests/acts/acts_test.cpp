#include "acts/settlement.h"

#include <gmock/gmock.h>

#include "storage/rows.h"
#include "support/orders.h"

using namespace sealdesk;
using acts::Act;
using acts::State;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {
constexpr const char* kOne = "DD20261122-0001";
constexpr const char* kTwo = "DD20261122-0002";
}  // namespace

class ActsTest : public tests::OnBothEngines {
protected:
    void SetUp() override {
        open();
        ASSERT_OK(tests::put(*database_, {tests::sample_order(1), tests::sample_order(2)}, orders::State::paid));
    }
    std::string queue(const std::string& no, const std::string& kind, std::int64_t hold_ms = 0) {
        return database_
            ->write([&](storage::Tx& tx) -> Result<std::string> { return acts::queue(tx, no, 1, kind, R"({"a":1})", hold_ms); })
            .value();
    }
    int cancel(const std::string& no, const std::string& kind = {}) {
        return database_->write([&](storage::Tx& tx) -> Result<int> { return acts::cancel_unsent(tx, no, kind); }).value();
    }
    Instant held(const std::string& no) {
        return database_->read([&](storage::Tx& tx) -> Result<Instant> { return acts::held_until(tx, no); }).value();
    }
    std::vector<std::string> due(int limit = 100) {
        std::vector<std::string> kinds;
        const auto list = acts::due(*database_, limit).value();
        for (const auto& act : list) kinds.push_back(act.order_no.substr(11) + " " + act.kind);
        return kinds;
    }
    Act first_due() { return acts::due(*database_, 1).value().at(0); }
};

TEST_P(ActsTest, AQueuedActIsDueAsItWasWritten) {
    const std::string uuid = queue(kOne, "approved");
    const auto act = first_due();
    EXPECT_EQ(act.uuid, uuid);
    EXPECT_EQ(uuid.size(), 36U);
    EXPECT_EQ(act.order_no, kOne);
    EXPECT_EQ(act.revision, 1);
    EXPECT_EQ(act.kind, "approved");
    EXPECT_EQ(act.body, R"({"a":1})");
    EXPECT_EQ(act.state, State::pending);
    EXPECT_EQ(act.created_at, clock_.now());
    EXPECT_EQ(act.attempts, 0);
    EXPECT_NE(queue(kOne, "approved"), uuid);
}

TEST_P(ActsTest, AnActGoesWithItsTransaction) {
    EXPECT_FALSE(database_->write([&](storage::Tx& tx) -> Result<> {
        acts::queue(tx, kOne, 1, "approved", "{}");
        return refused("no");
    }));
    EXPECT_THAT(due(), IsEmpty());
    EXPECT_EQ(acts::backlog(*database_)->waiting, 0);
}

TEST_P(ActsTest, EachOrderSendsItsOldestFirst) {
    queue(kOne, "approved");
    queue(kOne, "bound");
    queue(kTwo, "rejected");
    queue(kOne, "issued");
    EXPECT_THAT(due(), ElementsAre("0001 approved", "0002 rejected"));
    EXPECT_THAT(due(1), ElementsAre("0001 approved"));
    ASSERT_OK(acts::sent(*database_, first_due()));
    EXPECT_THAT(due(), ElementsAre("0001 bound", "0002 rejected"));
    ASSERT_OK(acts::sent(*database_, first_due()));
    EXPECT_THAT(due(), ElementsAre("0002 rejected", "0001 issued"));
}

TEST_P(ActsTest, NothingIsSentBehindAConflict) {
    queue(kOne, "approved");
    queue(kOne, "bound");
    queue(kTwo, "approved");
    ASSERT_OK(acts::conflicted(*database_, first_due(), "订单已退款"));
    EXPECT_THAT(due(), ElementsAre("0002 approved"));
    const auto list = acts::conflicts(*database_).value();
    ASSERT_EQ(list.size(), 1U);
    EXPECT_EQ(list[0].state, State::conflict);
    EXPECT_EQ(list[0].last_error, "订单已退款");
    const auto backlog = acts::backlog(*database_).value();
    EXPECT_EQ(backlog.conflicts, 1);
    EXPECT_EQ(backlog.waiting, 2);
}

TEST_P(ActsTest, AHeldActWaitsOutItsWindow) {
    queue(kOne, "approved", 60 * kSecond);
    queue(kOne, "bound");
    const Instant until = clock_.now() + 60 * kSecond;
    EXPECT_EQ(held(kOne), until);
    EXPECT_EQ(held(kTwo), Instant{});
    clock_.advance(60 * kSecond - 1);
    EXPECT_THAT(due(), IsEmpty());  // what was queued behind waits too
    clock_.advance(1);
    EXPECT_EQ(held(kOne), Instant{});
    EXPECT_THAT(due(), ElementsAre("0001 approved"));
}

TEST_P(ActsTest, AClockThatGoesBackKeepsNothingWaiting) {
    queue(kOne, "approved");
    ASSERT_OK(acts::failed(*database_, first_due(), "连不上", clock_.now() + acts::kLongestPause));
    queue(kTwo, "rejected", 60 * kSecond);
    EXPECT_THAT(due(), IsEmpty());
    clock_.advance(-30 * kSecond);
    EXPECT_THAT(due(), ElementsAre("0001 approved")) << "a decision keeps its undo window when that was a little";
    clock_.advance(-kHour);
    EXPECT_THAT(due(), ElementsAre("0001 approved", "0002 rejected"));
}

TEST_P(ActsTest, OnlyWhatWasNotTriedIsCancelled) {
    queue(kOne, "approved");
    ASSERT_OK(acts::failed(*database_, first_due(), "连不上", clock_.now()));
    queue(kOne, "bound", 60 * kSecond);
    queue(kTwo, "approved");
    EXPECT_EQ(cancel(kOne), 1);
    EXPECT_EQ(cancel(kOne), 0);
    EXPECT_EQ(held(kOne), Instant{});
    EXPECT_THAT(due(), ElementsAre("0001 approved", "0002 approved"));
    const auto list = acts::of_order(*database_, kOne).value();
    ASSERT_EQ(list.size(), 2U);
    EXPECT_EQ(list[0].state, State::pending);
    EXPECT_EQ(list[1].state, State::cancelled);
}

TEST_P(ActsTest, CancellingOneKindLeavesTheOthers) {
    queue(kOne, "approved");
    queue(kOne, "bound");
    EXPECT_EQ(cancel(kOne, "approved"), 1);
    EXPECT_EQ(cancel(kOne, "issued"), 0);
    EXPECT_THAT(due(), ElementsAre("0001 bound"));
}

TEST_P(ActsTest, AFailedActIsTriedAgainAtItsTime) {
    const std::string uuid = queue(kOne, "approved");
    queue(kOne, "bound");
    ASSERT_OK(acts::failed(*database_, first_due(), "连不上门户", clock_.now() + 10 * kSecond));
    EXPECT_THAT(due(), IsEmpty());  // the next one does not overtake it
    clock_.advance(10 * kSecond);
    const auto act = first_due();
    EXPECT_EQ(act.uuid, uuid);  // the same act, so that the portal applies it once
    EXPECT_EQ(act.attempts, 1);
    EXPECT_EQ(act.last_error, "连不上门户");
    ASSERT_OK(acts::sent(*database_, act));
    const auto done = acts::of_order(*database_, kOne).value().front();
    EXPECT_EQ(done.state, State::sent);
    EXPECT_EQ(done.last_error, "");
    // A second answer for a settled act changes nothing.
    ASSERT_OK(acts::failed(*database_, act, "late", clock_.now()));
    EXPECT_EQ(acts::of_order(*database_, kOne).value().front().state, State::sent);
    EXPECT_THAT(due(), ElementsAre("0001 bound"));
}

TEST_P(ActsTest, TheBacklogCountsWhatWaits) {
    EXPECT_EQ(acts::backlog(*database_)->oldest, Instant{});
    queue(kOne, "approved", 60 * kSecond);
    EXPECT_EQ(acts::backlog(*database_)->waiting, 1);
    EXPECT_EQ(acts::backlog(*database_)->oldest, Instant{});  // held is not late
    clock_.advance(kSecond);
    const Instant queued = clock_.now();
    queue(kTwo, "approved");
    clock_.advance(kSecond);
    EXPECT_EQ(acts::backlog(*database_)->waiting, 2);
    EXPECT_EQ(acts::backlog(*database_)->oldest, queued);
    ASSERT_OK(acts::sent(*database_, first_due()));
    EXPECT_EQ(acts::backlog(*database_)->waiting, 1);
}

// A conflict is no dead end: a supervisor lets what stands behind it go, or sends the same act once more.
TEST_P(ActsTest, ASupervisorSettlesAConflictWithAReason) {
    const staff::Actor boss{"sun", "孙权", static_cast<staff::Roles>(staff::Role::supervisor)},
        clerk{"zhao", "赵云", static_cast<staff::Roles>(staff::Role::clerk)};
    const std::string bound = queue(kOne, "bound");
    queue(kOne, "revoked");
    ASSERT_OK(acts::conflicted(*database_, first_due(), "订单现在是“已退款”"));
    EXPECT_THAT(due(), IsEmpty()) << "the revocation stands behind it";
    const auto settle = [&](const staff::Actor& actor, const std::string& uuid, acts::Settlement how, const char* why) {
        return acts::settle(*database_, actor, uuid, how, why);
    };
    EXPECT_EQ(settle(clerk, bound, acts::Settlement::dropped, "退款了").error().kind, ErrorKind::denied);
    EXPECT_EQ(settle(boss, bound, acts::Settlement::dropped, "  ").error().kind, ErrorKind::refused);
    EXPECT_EQ(settle(boss, "nothing", acts::Settlement::dropped, "退款了").error().kind, ErrorKind::refused);
    EXPECT_EQ(acts::conflicts(*database_)->size(), 1U);
    // Once more: the portal says the same.
    ASSERT_OK(settle(boss, bound, acts::Settlement::again, "门户已更正"));
    EXPECT_EQ(first_due().uuid, bound) << "the same act";
    ASSERT_OK(acts::conflicted(*database_, first_due(), "订单现在是“已退款”"));
    ASSERT_OK(settle(boss, bound, acts::Settlement::dropped, "已退款，不必再绑定"));
    EXPECT_THAT(due(), ElementsAre("0001 revoked"));
    EXPECT_THAT(acts::conflicts(*database_).value(), IsEmpty());
    EXPECT_EQ(settle(boss, bound, acts::Settlement::again, "改主意").error().kind, ErrorKind::conflict);
    const auto said = database_->read([](storage::Tx& tx) -> Result<std::string> {
        return storage::one<std::string>(tx, "SELECT details FROM audit WHERE action = 'act.drop'", "");
    });
    EXPECT_THAT(*said, testing::HasSubstr("不必再绑定"));
}

SEALDESK_ON_BOTH_ENGINES(ActsTest);
