#include "checks/writing.h"

#include <gmock/gmock.h>

using sealdesk::checks::oddities;
using sealdesk::checks::plain_name;
using Kind = sealdesk::checks::Oddity::Kind;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {
std::vector<Kind> kinds(const std::string& name) {
    std::vector<Kind> list;
    for (const auto& each : oddities(name)) list.push_back(each.kind);
    return list;
}
}  // namespace

TEST(Writing, OrdinaryAndRareNamesAreFine) {
    for (const char* name : {"南京犇鑫建设工程有限公司", "𠮷祥云阶工程咨询有限公司", "程龘", "阿依古丽·买买提",
                             "中建（江苏）有限公司", "ABC Trading Ltd", "南京TCL电器有限公司", "〇一科技"})
        EXPECT_THAT(kinds(name), IsEmpty()) << name;
}

TEST(Writing, WhatCannotBeSeenIsFound) {
    EXPECT_THAT(kinds("南\u200b京"), ElementsAre(Kind::control));
    EXPECT_THAT(kinds("\ufeff南京"), ElementsAre(Kind::control));
    EXPECT_THAT(kinds("南京\u202e公司"), ElementsAre(Kind::control));
    EXPECT_THAT(kinds("南\ufffd京"), ElementsAre(Kind::control));
    EXPECT_THAT(kinds("南京\n"), ElementsAre(Kind::control));
    EXPECT_EQ(oddities("南\u200b京").front().at, 1u);
}

TEST(Writing, BlanksOfEveryKind) {
    EXPECT_THAT(kinds("南京 "), ElementsAre(Kind::blank_at_edge));
    EXPECT_THAT(kinds("\u3000南京"), ElementsAre(Kind::blank_at_edge));
    EXPECT_THAT(kinds("南 京"), ElementsAre(Kind::blank_inside));
    EXPECT_THAT(kinds("南\u00a0京"), ElementsAre(Kind::blank_inside));
    EXPECT_THAT(kinds("ABC  Ltd"), ElementsAre(Kind::blank_inside)) << "two between words";
    EXPECT_THAT(kinds("   "), ElementsAre(Kind::blank_at_edge));
}

TEST(Writing, LookAlikes) {
    EXPECT_THAT(kinds("南京⼯程"), ElementsAre(Kind::look_alike)) << "a radical";
    EXPECT_THAT(kinds("АBC公司"), ElementsAre(Kind::foreign_script)) << "a Cyrillic letter";
    EXPECT_THAT(kinds("南京\ue000公司"), ElementsAre(Kind::private_use));
    EXPECT_THAT(kinds("中建(江苏)公司"), ElementsAre(Kind::width, Kind::width));
    EXPECT_THAT(kinds("ＡBC公司"), ElementsAre(Kind::width));
    EXPECT_THAT(kinds("阿依•买买提"), ElementsAre(Kind::width));
}

TEST(Writing, OneNameInTwoSpellings) {
    EXPECT_EQ(plain_name("中建（江苏） 有限公司"), plain_name("中建(江苏)有限公司"));
    EXPECT_EQ(plain_name("阿依•买买提"), plain_name("阿依·买买提"));
    EXPECT_EQ(plain_name("ａbc"), plain_name("ABC"));
    EXPECT_NE(plain_name("南京垚鑫"), plain_name("南京垚金"));
}
