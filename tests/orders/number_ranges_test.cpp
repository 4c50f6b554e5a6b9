#include "orders/number_ranges.h"

#include <set>
#include <thread>

#include "audit/audit.h"
#include "storage/rows.h"
#include "support/databases.h"

using namespace sealdesk;
using namespace sealdesk::orders;

TEST(S10, CheckDigits) {
    for (const char* good : {"EE471108151FR", "RR473124829GB", "EB000717618HK", "EB000717595HK", "EA123456785CN"})
        EXPECT_TRUE(is_s10(good)) << good;
    for (const char* bad : {"EB000717594HK", "EA123456784CN", "EA12345678CN", "E1123456785CN", "EA123456785C1", ""})
        EXPECT_FALSE(is_s10(bad)) << bad;
    EXPECT_TRUE(has_s10_shape("EB000717594HK"));
    EXPECT_EQ(s10_check_digit(0), 5);
    EXPECT_EQ(s10_check_digit(96633102), 0);
    EXPECT_EQ(s10_check_digit(71758), 1);
}

TEST(NumberRange, Patterns) {
    const Day day{2026, 11, 22};
    EXPECT_EQ(render("EA{s10}CN", 12345678, day), "EA123456785CN");
    EXPECT_EQ(render("{yy}320{:015}", 17, day), "26320000000000000017");
    EXPECT_EQ(render("SF{:013}", 1, day), "SF0000000000001");
    EXPECT_EQ(render("A-{}", 42, day), "A-42");
    for (const char* bad : {"", "EA", "EA{s10}{}", "{x}", "{:0}", "{:0999}", "EA{s10", "ea{s10}", "EA {s10}", "{yy}"})
        EXPECT_FALSE(check_range({"waybill", bad, 1, 9})) << bad;
    EXPECT_FALSE(check_range({"waybill", "{:03}", 1, 1000}));
    EXPECT_FALSE(check_range({"waybill", "{s10}", 1, 100'000'000}));
    EXPECT_FALSE(check_range({"waybill", "{}", 10, 5}));
    EXPECT_TRUE(check_range({"waybill", "{:03}", 1, 999}));
}

class NumberRangeTest : public tests::OnBothEngines {
protected:
    void SetUp() override { open(); }
    Result<> define_range(const NumberRange& range) {
        return database_->write([&](storage::Tx& tx) { return define(tx, range); });
    }
    Result<std::string> take_one() {
        return database_->write([](storage::Tx& tx) { return take(tx, "waybill"); });
    }
};

TEST_P(NumberRangeTest, IsGaplessAcrossRollbacksAndEndsWithASentence) {
    EXPECT_EQ(take_one().error().kind, ErrorKind::refused);
    EXPECT_FALSE(remaining(*database_, "waybill"));
    ASSERT_OK(define_range({"waybill", "W-{:03}", 7, 9}));
    EXPECT_EQ(take_one(), "W-007");
    EXPECT_FALSE(database_->write([](storage::Tx& tx) -> Result<> {
        SEALDESK_TRY(take(tx, "waybill"));
        return refused("no");
    }));
    EXPECT_EQ(take_one(), "W-008");
    EXPECT_EQ(remaining(*database_, "waybill"), 1);
    EXPECT_EQ(take_one(), "W-009");
    const auto none = take_one();
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().kind, ErrorKind::refused);
    EXPECT_NE(none.error().message.find("waybill"), std::string::npos);
    EXPECT_EQ(remaining(*database_, "waybill"), 0);

    EXPECT_EQ(define_range({"waybill", "W-{:03}", 8, 20}).error().kind, ErrorKind::refused);
    ASSERT_OK(define_range({"waybill", "W-{:03}", 10, 20}));
    EXPECT_EQ(take_one(), "W-010");
}

TEST_P(NumberRangeTest, GivesEveryNumberOnceToManyThreads) {
    ASSERT_OK(define_range({"waybill", "{}", 1, 100}));
    std::mutex mutex;
    std::set<std::string> seen;
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i)
        threads.emplace_back([&] {
            for (int k = 0; k < 10; ++k) {
                const auto number = take_one();
                const std::lock_guard lock(mutex);
                seen.insert(number.value_or(""));
            }
        });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(seen.size(), 30U);
    EXPECT_EQ(remaining(*database_, "waybill"), 70);
}

TEST(NumberRange, OverlapsWhereANumberWouldBeGivenTwice) {
    const Day day{2026, 11, 22};
    const auto meet = [&](const NumberRange& a, const NumberRange& b) {
        EXPECT_EQ(overlap(a, b, day), overlap(b, a, day));
        return overlap(a, b, day);
    };
    EXPECT_TRUE(meet({"", "EA{s10}CN", 100, 200}, {"", "EA{s10}CN", 200, 300}));
    EXPECT_FALSE(meet({"", "EA{s10}CN", 100, 200}, {"", "EA{s10}CN", 201, 300}));
    EXPECT_FALSE(meet({"", "EA{s10}CN", 100, 200}, {"", "EB{s10}CN", 100, 200}));
    EXPECT_TRUE(meet({"", "{yy}320{:03}", 1, 9}, {"", "26320{:03}", 9, 20})) << "this year they meet";
    EXPECT_FALSE(meet({"", "{}", 5, 99}, {"", "{}", 100, 2000}));
    EXPECT_TRUE(meet({"", "{}", 5, 100}, {"", "{:03}", 100, 200}));
    EXPECT_FALSE(meet({"", "{}", 5, 99}, {"", "{:03}", 5, 99})) << "leading zeros make other numbers";
    constexpr std::int64_t kMost = 9'223'372'036'854'775'807;
    EXPECT_TRUE(meet({"", "{}", 0, kMost}, {"", "{}", kMost, kMost}));
}

TEST(NumberRange, IsReadAsItIsTyped) {
    const auto range = parse_range("waybill", " ＥＡ{s10}CN ", "０0000100", " 200");
    ASSERT_OK(range);
    EXPECT_EQ(range->pattern, "EA{s10}CN");
    EXPECT_EQ(range->next, 100);
    EXPECT_EQ(range->last, 200);
    for (const auto& [first, last] :
         {std::pair{"", "9"}, {"1", "x"}, {"-1", "9"}, {"1", "9.5"}, {"9", "1"}, {"1", "99999999999999999999"}})
        EXPECT_EQ(parse_range("waybill", "EA{s10}CN", first, last).error().kind, ErrorKind::refused) << first << last;
}

TEST_P(NumberRangeTest, AnAdministratorAddsARangeThatIsBegunWhenTheOneBeforeIsUsedUp) {
    const staff::Actor root{"root", "管理员", static_cast<staff::Roles>(staff::Role::administrator)};
    const staff::Actor clerk{"zhao", "赵云", static_cast<staff::Roles>(staff::Role::clerk)};
    const auto add = [&](const NumberRange& range) { return add_range(*database_, root, range); };
    EXPECT_EQ(add_range(*database_, clerk, {"waybill", "EA{s10}CN", 1, 2}).error().kind, ErrorKind::denied);
    ASSERT_OK(add({"waybill", "EA{s10}CN", 10, 11}));
    ASSERT_OK(add({"waybill", "EB{s10}CN", 5, 5}));
    EXPECT_EQ(remaining(*database_, "waybill"), 3);
    EXPECT_EQ(take_one(), "EA000000102CN");
    for (const NumberRange& bad : {NumberRange{"waybill", "EA{s10}CN", 11, 30},
                                   {"waybill", "EA{s10}CN", 1, 10},
                                   {"waybill", "EB{s10}CN", 1, 9},
                                   {"waybill", "EA{:09}CN", 500, 600},
                                   {"waybill", "W{}", 1, 9},
                                   {"waybill", "ABCDEFGHIJKL{:09}", 1, 9},
                                   {"waybill", "EC{s10}CN", 9, 8},
                                   {"waybill", "EC{s10}", 1, 100'000'000},
                                   {"other", "EC{s10}CN", 1, 9}}) {
        const auto refusal = add(bad);
        ASSERT_FALSE(refusal) << bad.pattern;
        EXPECT_EQ(refusal.error().kind, ErrorKind::refused) << bad.pattern;
    }
    const auto all = ranges(*database_);
    ASSERT_OK(all);
    const auto waybills = std::find_if(all->begin(), all->end(), [](const auto& each) { return each.in_use.name == "waybill"; });
    ASSERT_NE(waybills, all->end());
    EXPECT_EQ(waybills->remaining(), 2);
    ASSERT_EQ(waybills->waiting.size(), 1U);
    EXPECT_EQ(waybills->waiting.front().pattern, "EB{s10}CN");
    EXPECT_EQ(take_one()->substr(0, 10), "EA00000011");
    EXPECT_EQ(take_one()->substr(0, 10), "EB00000005");
    EXPECT_EQ(take_one().error().kind, ErrorKind::refused);
    EXPECT_EQ(add({"waybill", "EA{s10}CN", 10, 20}).error().kind, ErrorKind::refused) << "those were given";
    ASSERT_OK(add({"waybill", "EA{s10}CN", 12, 20}));
    EXPECT_EQ(take_one()->substr(0, 10), "EA00000012");
    EXPECT_FALSE(audit::verify(*database_)->first_bad);
}

TEST_P(NumberRangeTest, NoInvoiceNumberIsGivenTwice) {
    const staff::Actor root{"root", "管理员", static_cast<staff::Roles>(staff::Role::administrator)};
    ASSERT_OK(database_->write([](storage::Tx& tx) -> Result<> {
        storage::change(tx,
                        "INSERT INTO payments (no, channel, trade_no, freight, handling_fee, total, orders, paid_at) VALUES "
                        "('ZF1', 'alipay', '1', 0, 0, 1, 1, 1)");
        storage::change(tx,
                        "INSERT INTO invoices (number, payment_no, title_kind, title_name, title_tax_number, total, tax, "
                        "document, issued_by, issued_at) VALUES ('26320005', 'ZF1', 'unit', '甲', '', 1, 0, '{}', 'zhao', 1)");
        return {};
    }));
    const auto refusal = add_range(*database_, root, {"invoice", "26320{:03}", 1, 9});
    ASSERT_FALSE(refusal);
    EXPECT_NE(refusal.error().message.find("26320005"), std::string::npos) << refusal.error().message;
    ASSERT_OK(add_range(*database_, root, {"invoice", "26320{:03}", 6, 9}));
}

SEALDESK_ON_BOTH_ENGINES(NumberRangeTest);
