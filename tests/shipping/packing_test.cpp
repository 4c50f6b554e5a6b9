#include "shipping/packing.h"

#include <gtest/gtest.h>

#include "shipping/scan_burst.h"

using namespace sealdesk;
using namespace sealdesk::shipping;

namespace {

std::optional<std::string> typed(ScanBurst& burst, const std::string& text, std::int64_t& at, std::int64_t gap) {
    for (const char c : text) burst.take(static_cast<char32_t>(c), at += gap);
    return burst.take(U'\r', at += gap);
}

}  // namespace

TEST(ScanBurst, AScannersBurstIsACodeAndTypingIsNot) {
    ScanBurst burst;
    std::int64_t at = 1'000;
    for (const std::int64_t gap : {0, 2, 8, 16, 33, 45}) {
        EXPECT_EQ(typed(burst, "EA123456785CN", at, gap), "EA123456785CN") << gap;
        at += 2 * ScanBurst::kRepeat;
    }
    for (const std::int64_t gap : {60, 90, 119, 200, 1000})
        EXPECT_EQ(typed(burst, "EA123456785CN", at, gap), std::nullopt) << gap;
    EXPECT_EQ(typed(burst, "1234", at, 5), std::nullopt) << "too short";
    EXPECT_EQ(typed(burst, "12345", at, 5), "12345");
    EXPECT_EQ(burst.take(U'\r', at += 200), std::nullopt) << "Enter alone";
}

TEST(ScanBurst, WhatWasTypedBeforeIsNotPartOfIt) {
    ScanBurst burst;
    std::int64_t at = 1'000;
    burst.take(U'n', at);
    burst.take(U'o', at += 90);
    at += 500;
    EXPECT_EQ(typed(burst, "KEY-0001-1", at, 8), "KEY-0001-1");
    // Typing without a pause before the scanner comes: the burst wins, at most its neighbour sticks to it.
    burst.take(U'x', at += 2 * ScanBurst::kRepeat);
    for (int i = 0; i < 5; ++i) burst.take(U'y', at += 110);
    at += 125;
    EXPECT_EQ(typed(burst, "KEY-0001-1", at, 8), "KEY-0001-1");
    at += 2 * ScanBurst::kRepeat;
    // One slow key in the middle (the screen was busy) does not break a burst that is fast on the whole.
    for (const char c : std::string("KEY-00")) burst.take(static_cast<char32_t>(c), at += 5);
    at += 100;
    EXPECT_EQ(typed(burst, "01-1", at, 5), "KEY-0001-1");
    // Without Enter nothing is a code, and the next one begins anew.
    for (const char c : std::string("KEY-0001-1")) burst.take(static_cast<char32_t>(c), at += 5);
    at += 400;
    EXPECT_EQ(typed(burst, "KEY-0002-1", at, 5), "KEY-0002-1");
}

TEST(ScanBurst, EnterTabAndCrLfEndACodeOnce) {
    for (const std::u32string end : {U"\r", U"\n", U"\t", U"\r\n", U"\r\r"}) {
        ScanBurst burst;
        std::int64_t at = 1'000;
        for (const char c : std::string("KEY-0001-1")) EXPECT_EQ(burst.take(static_cast<char32_t>(c), at += 5), std::nullopt);
        EXPECT_EQ(burst.take(end[0], at += 5), "KEY-0001-1");
        for (const char32_t more : end.substr(1)) EXPECT_EQ(burst.take(more, at += 5), "") << "it belongs to the scan";
        EXPECT_EQ(typed(burst, "KEY-0002-1", at, 5), "KEY-0002-1");
        EXPECT_EQ(burst.take(end[0], at += 200), std::nullopt) << "somebody's own key";
    }
}

TEST(ScanBurst, TheSameCodeWithinTheRepeatTimeIsOneScan) {
    ScanBurst burst;
    std::int64_t at = 1'000;
    EXPECT_EQ(typed(burst, "KEY-0001-1", at, 5), "KEY-0001-1");
    for (int i = 0; i < 3; ++i) {  // as long as the label stays in the light
        at += 700;
        EXPECT_EQ(typed(burst, "KEY-0001-1", at, 45), "") << i;
    }
    EXPECT_EQ(typed(burst, "KEY-0002-1", at, 5), "KEY-0002-1") << "another code is another scan, however fast";
    EXPECT_EQ(typed(burst, "KEY-0001-1", at, 5), "KEY-0001-1");
    at += ScanBurst::kRepeat;
    EXPECT_EQ(typed(burst, "KEY-0001-1", at, 5), "KEY-0001-1") << "scanned again on purpose";
    at -= kDay;
    EXPECT_EQ(typed(burst, "KEY-0001-1", at, 5), "KEY-0001-1") << "the clock went back";
}

TEST(ScanBurst, TellsThatOneIsRunning) {
    ScanBurst burst;
    EXPECT_FALSE(burst.running(1000));
    burst.take(U'H', 1000);
    EXPECT_FALSE(burst.running(1001)) << "one key says nothing";
    burst.take(U'1', 1005);
    EXPECT_TRUE(burst.running(1010));
    EXPECT_FALSE(burst.running(1300));
    burst.take(U'2', 999);  // the clock went back
    EXPECT_FALSE(burst.running(1000));
    EXPECT_EQ(burst.take(U'\r', 1001), std::nullopt);
}

TEST(PackingCheck, EveryKeyOnceAndNoOther) {
    Check check({{"DD-1", "甲", 2, {"KEY-1", "KEY-2"}, 1}, {"DD-2", "乙", 1, {"SN 00AB"}, 1}});
    EXPECT_EQ(check.expected(), 3U);
    EXPECT_EQ(check.take("KEY-3"), Check::Verdict::wrong);
    EXPECT_EQ(check.take("key1"), Check::Verdict::right) << "as printed";
    EXPECT_EQ(check.take("KEY-1"), Check::Verdict::again);
    EXPECT_EQ(check.take(" sn00ab "), Check::Verdict::right);
    EXPECT_FALSE(check.complete());
    EXPECT_EQ(check.take("KEY-2", true), Check::Verdict::last);
    EXPECT_TRUE(check.complete());
    EXPECT_EQ(check.take("KEY-3"), Check::Verdict::wrong);
    EXPECT_TRUE(check.complete()) << "a wrong one changes nothing";
    ASSERT_EQ(check.seen_keys().size(), 3U);
    int read = 0;
    for (const auto& key : check.seen_keys()) read += key.read ? 1 : 0;
    EXPECT_EQ(read, 1);
    EXPECT_FALSE(Check().complete()) << "an empty parcel is not ready";
}
