#include "base/money.h"

#include <gtest/gtest.h>

using namespace sealdesk;

TEST(Money, CapitalAmountFollowsTheRule) {
    const std::pair<std::int64_t, const char*> cases[] = {{0, "零元整"},
                                                          {5, "伍分"},
                                                          {10, "壹角整"},
                                                          {105, "壹元零伍分"},
                                                          {1000, "壹拾元整"},
                                                          {20000, "贰佰元整"},
                                                          {140950, "壹仟肆佰零玖元伍角整"},
                                                          {600714, "陆仟零柒元壹角肆分"},
                                                          {168032, "壹仟陆佰捌拾元叁角贰分"},
                                                          {10700053, "壹拾万柒仟元伍角叁分"},
                                                          {1640902, "壹万陆仟肆佰零玖元零贰分"},
                                                          {32504, "叁佰贰拾伍元零肆分"},
                                                          {100000001, "壹佰万元零壹分"},
                                                          {100010001, "壹佰万零壹佰元零壹分"},
                                                          {1000100000, "壹仟万壹仟元整"},
                                                          {1002003045, "壹仟零贰万零叁拾元肆角伍分"},
                                                          {20000000500, "贰亿零伍元整"},
                                                          {1000000000100, "壹佰亿零壹元整"},
                                                          {123456789012, "壹拾贰亿叁仟肆佰伍拾陆万柒仟捌佰玖拾元壹角贰分"},
                                                          {-20000, "负贰佰元整"}};
    for (const auto& [fen, text] : cases) EXPECT_EQ(capital_amount(Fen{fen}), text) << fen;
    EXPECT_EQ(capital_amount(Fen{20000}, "圆"), "贰佰圆整");
}

TEST(Money, TaxSplitAddsUp) {
    struct Case {
        std::int64_t gross;
        int rate;
        std::int64_t net, tax;
    };
    for (const Case& c : {Case{11300, 130, 10000, 1300}, Case{20000, 60, 18868, 1132}, Case{9999, 60, 9433, 566},
                          Case{35000, 60, 33019, 1981}, Case{100000, 10, 99010, 990}, Case{12800, 30, 12427, 373},
                          Case{5000, 130, 4425, 575}, Case{19999, 130, 17698, 2301}, Case{1, 60, 1, 0}}) {
        const TaxSplit split = split_tax(Fen{c.gross}, c.rate);
        EXPECT_EQ(split.net.value, c.net) << c.gross;
        EXPECT_EQ(split.tax.value, c.tax) << c.gross;
    }
}

TEST(Money, ReadsWhatPeopleTypeAndRefusesTheRest) {
    EXPECT_EQ(parse_yuan("400")->value, 40000);
    EXPECT_EQ(parse_yuan("1,400.5")->value, 140050);
    EXPECT_EQ(parse_yuan("-0.05")->value, -5);
    for (const char* bad : {"", "-", "abc", "1.234", "1.2.3", "４００", "99999999999999999999"})
        EXPECT_FALSE(parse_yuan(bad)) << bad;
    EXPECT_EQ(yuan_on_screen(Fen{123456789}), "¥1,234,567.89");
    EXPECT_EQ(yuan(Fen{-5}), "-0.05");
}
