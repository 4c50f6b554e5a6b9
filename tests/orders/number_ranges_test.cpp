#include "orders/number_ranges.h"

#include <set>
#include <thread>

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

SEALDESK_ON_BOTH_ENGINES(NumberRangeTest);
