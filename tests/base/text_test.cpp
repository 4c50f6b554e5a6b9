#include "base/text.h"

#include <gtest/gtest.h>

#include "base/time.h"

using namespace sealdesk;

TEST(Text, ReadsGb18030WhenItIsNotUtf8) {
    EXPECT_EQ(to_utf8("\xc9\xea\xc7\xeb\xb1\xed"), "申请表");
    EXPECT_EQ(to_utf8("申请表"), "申请表");
    EXPECT_EQ(to_utf8("\xd7\xca\xc1\xcf/\x81\x5c"), "资料/乗");
}

TEST(Text, PinyinInitialsOfNames) {
    EXPECT_EQ(pinyin_initials("南京垚鑫建设"), "njyxjs");
    EXPECT_EQ(pinyin_initials("A1 龘"), "a1d");
}

TEST(Text, WidthAndControlCharacters) {
    EXPECT_EQ(half_width("　９１ＡＢ　"), "91AB");
    EXPECT_TRUE(has_control_characters("a\u202Eb"));
    EXPECT_TRUE(has_control_characters("a\nb"));
    EXPECT_FALSE(has_control_characters("𠮷野·买买提"));
    EXPECT_EQ(masked("11010519491231002X", 6, 4), "110105********002X");
}

TEST(Time, ShanghaiDays) {
    const Day day = *parse_day("2026-11-22");
    EXPECT_EQ(iso_time(start_of(day)), "2026-11-21T16:00:00.000Z");
    EXPECT_EQ(day_of(start_of(day)), day);
    EXPECT_EQ(day_of(start_of(day) + (-1)), (Day{2026, 11, 21}));
    EXPECT_EQ(text_of(next(Day{2028, 2, 28})), "2028-02-29");
    for (const char* bad : {"2026-02-29", "2026-13-01", "20261122", "2026-1-1x", ""}) EXPECT_FALSE(parse_day(bad)) << bad;
}
