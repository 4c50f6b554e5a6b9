// Working time: weekends, holidays, days made up for them, noon, and the pause while the applicant corrects.
#include "review/working_time.h"

#include <gmock/gmock.h>

#include <fstream>

#include "support/databases.h"
#include "support/orders.h"

using namespace sealdesk;
using review::WorkingTime;
using testing::HasSubstr;

namespace {

Instant at(Day day, int hour, int minute = 0) { return start_of(day) + hour * kHour + minute * kMinute; }

class WorkingTimeTest : public testing::Test {
protected:
    void SetUp() override {
        auto made = WorkingTime::make("1-5", "09:00-12:00 13:30-17:30");
        ASSERT_OK(made);
        time_ = *made;
        ASSERT_OK(time_.read_days(tests::source("data/workdays.toml")));
    }
    std::int64_t minutes(Instant from, Instant to) { return time_.between(from, to) / kMinute; }
    WorkingTime time_;
};

TEST_F(WorkingTimeTest, CountsHoursOfOneDay) {
    const Day monday{2026, 11, 23};
    EXPECT_EQ(minutes(at(monday, 9), at(monday, 10)), 60);
    EXPECT_EQ(minutes(at(monday, 11, 30), at(monday, 14)), 60) << "noon is not worked";
    EXPECT_EQ(minutes(at(monday, 0), at(monday, 24)), 7 * 60);
    EXPECT_EQ(minutes(at(monday, 18), at(monday, 23)), 0);
    EXPECT_EQ(minutes(at(monday, 12), at(monday, 13, 30)), 0);
    EXPECT_EQ(minutes(at(monday, 10), at(monday, 9)), 0) << "not backwards";
    EXPECT_EQ(minutes(at(monday, 10), at(monday, 10)), 0);
    EXPECT_EQ(time_.a_day(), 7 * kHour);
}

TEST_F(WorkingTimeTest, LeavesOutTheWeekend) {
    const Day friday{2026, 11, 20}, sunday{2026, 11, 22}, monday{2026, 11, 23};
    EXPECT_EQ(minutes(at(friday, 17), at(monday, 9, 30)), 60);
    EXPECT_EQ(minutes(at(friday, 18), at(sunday, 23)), 0);
    EXPECT_FALSE(time_.works_on(sunday));
    EXPECT_TRUE(time_.works_on(monday));
}

TEST_F(WorkingTimeTest, LeavesOutHolidaysAndCountsDaysMadeUp) {
    EXPECT_FALSE(time_.works_on({2026, 10, 1})) << "a Thursday, National Day";
    EXPECT_TRUE(time_.works_on({2026, 10, 8}));
    EXPECT_TRUE(time_.works_on({2026, 10, 10})) << "a Saturday, made up";
    EXPECT_FALSE(time_.works_on({2026, 10, 11}));
    EXPECT_TRUE(time_.works_on({2026, 9, 20})) << "a Sunday, made up";
    EXPECT_EQ(minutes(at({2026, 9, 30}, 17), at({2026, 10, 8}, 9, 30)), 60);
    EXPECT_EQ(minutes(at({2026, 10, 9}, 17), at({2026, 10, 12}, 10)), (30 + 7 * 60 + 60)) << "Friday, Saturday, Monday";
    // Spring Festival: nine days off between two Saturdays that are worked.
    EXPECT_EQ(minutes(at({2026, 2, 14}, 0), at({2026, 3, 1}, 0)), 6 * 7 * 60);
    EXPECT_EQ(minutes(at({2025, 12, 31}, 17), at({2026, 1, 4}, 9, 30)), 60) << "over the year's end";
}

TEST_F(WorkingTimeTest, AYearThatIsNotAnnouncedHasItsWeekdays) {
    EXPECT_TRUE(time_.works_on({2030, 10, 1})) << "a Tuesday";
    EXPECT_FALSE(time_.works_on({2030, 10, 5}));
}

TEST_F(WorkingTimeTest, FindsTheMomentSinceWhichSoMuchWasWorked) {
    const Day friday{2026, 11, 20}, monday{2026, 11, 23};
    EXPECT_EQ(time_.before(at(monday, 10), kHour), at(monday, 9));
    EXPECT_EQ(time_.before(at(monday, 10), 2 * kHour), at(friday, 16, 30));
    EXPECT_EQ(time_.before(at(monday, 14), kHour), at(monday, 11, 30));
    EXPECT_EQ(time_.before(at(monday, 10), 0), at(monday, 10));
    EXPECT_EQ(time_.before(at({2026, 10, 8}, 9), kMinute), at({2026, 9, 30}, 17, 29)) << "over the holidays";
    for (const std::int64_t ms : {kMinute, 3 * kHour, 7 * kHour, 100 * kHour}) {
        const Instant then = time_.before(at(monday, 15), ms);
        EXPECT_EQ(time_.between(then, at(monday, 15)), ms);
        EXPECT_LT(time_.between(then + 1, at(monday, 15)), ms) << "the latest such moment";
    }
}

TEST_F(WorkingTimeTest, TheClockStandsWhileTheApplicantCorrects) {
    const Day monday{2026, 11, 23};
    const std::vector<review::Round> earlier{{at(monday, 9), at(monday, 10)}, {at(monday, 13, 30), at(monday, 14)}};
    EXPECT_EQ(review::time_in_hand(time_, earlier, at(monday, 16), at(monday, 17)), kHour + 30 * kMinute + kHour);
    EXPECT_EQ(review::time_in_hand(time_, {}, at(monday, 16), at(monday, 17)), kHour);
}

TEST_F(WorkingTimeTest, OtherHoursAndDays) {
    const auto six = WorkingTime::make("1-6", "08:30-24:00");
    ASSERT_OK(six);
    EXPECT_EQ(six->between(at({2026, 11, 21}, 0), at({2026, 11, 23}, 0)), 15 * kHour + 30 * kMinute);
    const auto sunday = WorkingTime::make("7", "09:00-10:00");
    ASSERT_OK(sunday);
    EXPECT_TRUE(sunday->works_on({2026, 11, 22}));
    EXPECT_FALSE(sunday->works_on({2026, 11, 23}));
}

TEST_F(WorkingTimeTest, RefusesWhatCannotBeWorked) {
    for (const char* days : {"", "0-5", "1-8", "5-1", "a", "1-", "1-5-6"}) {
        const auto made = WorkingTime::make(days, "09:00-17:00");
        ASSERT_FALSE(made) << days;
        EXPECT_THAT(made.error().message, HasSubstr("1-5"));
    }
    for (const char* hours : {"", "9:00-17:00", "09:00", "17:00-09:00", "09:00-09:00", "09:00-12:00 11:00-13:00", "09:60-10:00",
                              "25:00-26:00", "09:00-24:30", "ab:cd-ef:gh"}) {
        const auto made = WorkingTime::make("1-5", hours);
        ASSERT_FALSE(made) << hours;
        EXPECT_THAT(made.error().message, HasSubstr("09:00-12:00"));
    }
}

TEST_F(WorkingTimeTest, RefusesAFileThatContradictsItself) {
    const tests::TemporaryFolder folder;
    const auto file = folder.path() / "days.toml";
    const auto reads = [&](const std::string& text) {
        std::ofstream(file) << text;
        WorkingTime time = time_;
        return time.read_days(file);
    };
    EXPECT_TRUE(reads("[[year]]\noff = [\"2027-01-01\"]\n"));
    EXPECT_FALSE(reads("[[year]]\noff = [\"2027-01-01\"]\nwork = [\"2027-01-01\"]\n"));
    EXPECT_FALSE(reads("[[year]]\noff = [\"2027-02-30\"]\n"));
    EXPECT_FALSE(reads("[[year]]\noff = [\"2027-03-05..2027-03-01\"]\n"));
    EXPECT_FALSE(reads("[[year]\n"));
}

}  // namespace
