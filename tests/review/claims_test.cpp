#include <gmock/gmock.h>

#include <latch>
#include <map>
#include <mutex>
#include <thread>

#include "audit/audit.h"
#include "review/review.h"
#include "support/orders.h"

using namespace sealdesk;
using orders::State;
using testing::HasSubstr;

namespace {
std::string no(int n) { return fmt::format("DD20261122-{:04}", n); }
}  // namespace

class ClaimsTest : public tests::OnBothEngines {
protected:
    void SetUp() override { open(); }
    void put(const std::vector<orders::Order>& list, State state = State::paid) {
        ASSERT_OK(tests::put(*database_, list, state));
    }
    // Number of the order that is claimed next, "" when the queue is empty.
    std::string next(const staff::Actor& actor) {
        const auto claimed = review::claim_next(*database_, actor, rules_);
        EXPECT_TRUE(claimed) << claimed.error().message;
        return claimed ? claimed->value_or("") : "";
    }
    review::Seen seen(const std::string& number) {
        const auto order = orders::load(*database_, number).value();
        return {number, order.revision, order.row_version};
    }
    std::string holder(const std::string& number) { return orders::load(*database_, number)->claimed_by; }

    const review::Rules rules_{};
    const staff::Actor zhou_{"zhou", "周敏", static_cast<staff::Roles>(staff::Role::reviewer)};
    const staff::Actor liu_{"liu", "刘洋", static_cast<staff::Roles>(staff::Role::reviewer)};
    const staff::Actor clerk_{"chen", "陈静", static_cast<staff::Roles>(staff::Role::clerk)};
};

TEST_P(ClaimsTest, TheOldestFreeOrderIsNext) {
    put({tests::sample_order(3), tests::sample_order(1), tests::sample_order(2)});
    put({tests::sample_order(4)}, State::approved);
    EXPECT_EQ(next(zhou_), no(1));
    EXPECT_EQ(next(liu_), no(2));
    EXPECT_EQ(next(zhou_), no(3));
    EXPECT_EQ(next(zhou_), "");
    EXPECT_EQ(holder(no(1)), "zhou");
    EXPECT_EQ(orders::load(*database_, no(1))->claimed_until, clock_.now() + rules_.lease_ms);
}

TEST_P(ClaimsTest, WhatWasPaidTogetherStaysInOneHand) {
    put({tests::sample_order(1)});
    put(tests::paid_together({2, 5, 6}));
    put({tests::sample_order(3), tests::sample_order(4)});
    ASSERT_OK(review::claim(*database_, zhou_, rules_, no(5)));
    EXPECT_EQ(next(liu_), no(1));
    EXPECT_EQ(next(zhou_), no(2));
    // Also after the decision about the others.
    ASSERT_OK(review::approve(*database_, zhou_, rules_, seen(no(5))));
    ASSERT_OK(review::approve(*database_, zhou_, rules_, seen(no(2))));
    EXPECT_EQ(next(zhou_), no(6));
    EXPECT_EQ(next(zhou_), no(3));
}

TEST_P(ClaimsTest, OneWhoIsNoReviewerIsDenied) {
    put({tests::sample_order(1)});
    EXPECT_EQ(review::claim_next(*database_, clerk_, rules_).error().kind, ErrorKind::denied);
    EXPECT_EQ(review::claim(*database_, clerk_, rules_, no(1)).error().kind, ErrorKind::denied);
    EXPECT_EQ(holder(no(1)), "");
}

TEST_P(ClaimsTest, AnOrderInOtherHandsIsAConflictUntilTheLeaseEnds) {
    put({tests::sample_order(1)});
    ASSERT_OK(review::claim(*database_, zhou_, rules_, no(1)));
    ASSERT_OK(review::claim(*database_, zhou_, rules_, no(1)));  // renewed
    clock_.advance(rules_.lease_ms - 1);
    const auto held = review::claim(*database_, liu_, rules_, no(1));
    ASSERT_FALSE(held);
    EXPECT_EQ(held.error().kind, ErrorKind::conflict);
    EXPECT_THAT(held.error().message, HasSubstr("zhou"));
    EXPECT_EQ(next(liu_), "");

    clock_.advance(1);
    ASSERT_OK(review::claim(*database_, liu_, rules_, no(1)));
    EXPECT_EQ(holder(no(1)), "liu");
    EXPECT_EQ(audit::page(*database_, no(1), 0, 1)->front().action, "review.take_over");
}

TEST_P(ClaimsTest, ARenewedLeaseLastsLonger) {
    put({tests::sample_order(1)});
    ASSERT_OK(review::claim(*database_, zhou_, rules_, no(1)));
    clock_.advance(rules_.lease_ms - 1);
    ASSERT_OK(review::claim(*database_, zhou_, rules_, no(1)));
    clock_.advance(rules_.lease_ms - 1);
    EXPECT_EQ(review::claim(*database_, liu_, rules_, no(1)).error().kind, ErrorKind::conflict);
}

TEST_P(ClaimsTest, AnEndedLeaseComesUpAgain) {
    put({tests::sample_order(1), tests::sample_order(2)});
    EXPECT_EQ(next(zhou_), no(1));
    clock_.advance(rules_.lease_ms);
    EXPECT_EQ(next(liu_), no(1));
    // Who lost the order cannot decide it any more.
    EXPECT_EQ(review::approve(*database_, zhou_, rules_, seen(no(1))).error().kind, ErrorKind::conflict);
}

TEST_P(ClaimsTest, OnlyTheHolderReleases) {
    put({tests::sample_order(1), tests::sample_order(2)});
    next(zhou_);
    next(zhou_);
    ASSERT_OK(review::release(*database_, liu_, no(1)));
    EXPECT_EQ(holder(no(1)), "zhou");
    ASSERT_OK(review::release(*database_, zhou_, no(1)));
    EXPECT_EQ(holder(no(1)), "");
    EXPECT_EQ(review::release_all(*database_, liu_).value(), 0);
    EXPECT_EQ(review::release_all(*database_, zhou_).value(), 1);
    EXPECT_EQ(next(liu_), no(1));
}

TEST_P(ClaimsTest, WhatIsNotInReviewCannotBeClaimed) {
    put({tests::sample_order(1)}, State::approved);
    put({tests::sample_order(2)}, State::refunded);
    EXPECT_EQ(review::claim(*database_, zhou_, rules_, no(1)).error().kind, ErrorKind::conflict);
    EXPECT_EQ(review::claim(*database_, zhou_, rules_, no(2)).error().kind, ErrorKind::conflict);
    EXPECT_EQ(review::claim(*database_, zhou_, rules_, no(3)).error().kind, ErrorKind::refused);
    EXPECT_EQ(next(zhou_), "");
}

TEST_P(ClaimsTest, NoOrderIsGivenTwice) {
    constexpr int kOrders = 50, kReviewers = 3;
    std::vector<orders::Order> list;
    for (int n = 1; n <= kOrders; ++n) list.push_back(tests::sample_order(n));
    put(list);
    std::mutex mutex;
    std::map<std::string, int> given;
    std::vector<std::string> faults;
    std::latch start(kReviewers);
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < kReviewers; ++i)
            threads.emplace_back([&, i] {
                const staff::Actor actor{fmt::format("reviewer{}", i), "审核", static_cast<staff::Roles>(staff::Role::reviewer)};
                start.arrive_and_wait();
                for (;;) {
                    const auto claimed = review::claim_next(*database_, actor, rules_);
                    const std::lock_guard lock(mutex);
                    if (!claimed) faults.push_back(claimed.error().message + claimed.error().detail);
                    if (!claimed || !*claimed) return;
                    ++given[**claimed];
                }
            });
    }
    EXPECT_THAT(faults, testing::IsEmpty());
    EXPECT_EQ(given.size(), static_cast<size_t>(kOrders));
    for (const auto& [number, times] : given) EXPECT_EQ(times, 1) << number;
    EXPECT_FALSE(audit::verify(*database_)->first_bad);
}

SEALDESK_ON_BOTH_ENGINES(ClaimsTest);
