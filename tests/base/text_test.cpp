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

TEST(Text, Utf8IsTakenApartAndPutTogetherForEveryCharacter) {
    for (char32_t c = 0; c <= 0x10FFFF; ++c) {
        if (c >= 0xD800 && c <= 0xDFFF) continue;
        const std::string bytes = utf8(c);
        ASSERT_TRUE(is_utf8(bytes)) << static_cast<unsigned>(c);
        ASSERT_EQ(code_points(bytes), std::u32string(1, c)) << static_cast<unsigned>(c);
        // Each of its beginnings is damaged, and is one damaged character.
        for (size_t cut = 1; c % 37 == 0 && cut < bytes.size(); ++cut) {
            ASSERT_FALSE(is_utf8(bytes.substr(0, cut)));
            ASSERT_EQ(code_points(bytes.substr(0, cut) + "a"), U"\uFFFDa");
        }
    }
    // Overlong, surrogates, above U+10FFFF, a tail without a head, bytes that never occur.
    for (const char* bad :
         {"\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF0\x80\x80\xAF", "\xF4\x90\x80\x80", "\x80", "\xFF", "\xC1\xBF"})
        EXPECT_FALSE(is_utf8(bad)) << bad;
    EXPECT_EQ(code_points("a\xE9\x99\xFF\xE7\x94\xB5"), U"a\uFFFD\uFFFD电");
    EXPECT_EQ(utf8(0xD800), utf8(0xFFFD));
    EXPECT_TRUE(code_points("").empty());
}

TEST(Text, WidthAndControlCharacters) {
    EXPECT_EQ(half_width("　９１ＡＢ　"), "91AB");
    EXPECT_TRUE(has_control_characters("a\u202Eb"));
    EXPECT_TRUE(has_control_characters("a\nb"));
    EXPECT_FALSE(has_control_characters("𠮷野·买买提"));
    EXPECT_EQ(masked("11010519491231002X", 6, 4), "110105********002X");
}

TEST(Time, WhatWasPutOffBeforeTheClockWentBackIsDue) {
    const Instant now{100 * kDay};
    EXPECT_TRUE(is_due({}, now, kMinute)) << "never put off";
    EXPECT_TRUE(is_due(now, now, kMinute));
    EXPECT_FALSE(is_due(now + 1, now, kMinute));
    EXPECT_FALSE(is_due(now + kMinute, now, kMinute));
    EXPECT_TRUE(is_due(now + kMinute + 1, now, kMinute)) << "nobody puts it off for so long";
}

TEST(Time, ShanghaiDays) {
    const Day day = *parse_day("2026-11-22");
    EXPECT_EQ(iso_time(start_of(day)), "2026-11-21T16:00:00.000Z");
    EXPECT_EQ(day_of(start_of(day)), day);
    EXPECT_EQ(day_of(start_of(day) + (-1)), (Day{2026, 11, 21}));
    EXPECT_EQ(text_of(next(Day{2028, 2, 28})), "2028-02-29");
    for (const char* bad : {"2026-02-29", "2026-13-01", "20261122", "2026-1-1x", ""}) EXPECT_FALSE(parse_day(bad)) << bad;
}
