#include "checks/text_diff.h"

#include <gmock/gmock.h>

using sealdesk::checks::diff;
using sealdesk::checks::distance;
using sealdesk::checks::in_words;
using sealdesk::checks::Stretch;
using Kind = Stretch::Kind;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(TextDiff, EqualTextsAreOneRun) {
    EXPECT_THAT(diff("南京", "南京"), ElementsAre(Stretch{Kind::equal, "南京", "南京", 0}));
    EXPECT_THAT(diff("", ""), IsEmpty());
    EXPECT_EQ(in_words(diff("南京", "南京")), "");
}

TEST(TextDiff, OneOtherDigitInALongNumber) {
    const auto runs = diff("91320104MA1X7K2L3Q", "91320104MA1X1K2L3Q");
    EXPECT_THAT(runs, ElementsAre(Stretch{Kind::equal, "91320104MA1X", "91320104MA1X", 0}, Stretch{Kind::other, "7", "1", 12},
                                  Stretch{Kind::equal, "K2L3Q", "K2L3Q", 13}));
    EXPECT_EQ(distance(runs), 1);
    EXPECT_EQ(in_words(runs), "第 13 位填的是“7”，材料上是“1”");
}

TEST(TextDiff, MissingAndExtraLetters) {
    EXPECT_THAT(diff("南京犇鑫公司", "南京鑫公司"),
                ElementsAre(Stretch{Kind::equal, "南京", "南京", 0}, Stretch{Kind::missing, "犇", "", 2},
                            Stretch{Kind::equal, "鑫公司", "鑫公司", 3}));
    EXPECT_THAT(diff("南京公司", "南京𠮷公司"),
                ElementsAre(Stretch{Kind::equal, "南京", "南京", 0}, Stretch{Kind::extra, "", "𠮷", 2},
                            Stretch{Kind::equal, "公司", "公司", 2}));
    EXPECT_EQ(distance(diff("", "abc")), 3);
    EXPECT_EQ(distance(diff("垚鑫", "𠮷祥")), 2);
}

TEST(TextDiff, VeryLongTextsAreComparedAsAWhole) {
    const std::string a(2000, 'a'), b(2000, 'b');
    ASSERT_EQ(diff(a, b).size(), 1u);
    EXPECT_EQ(diff(a, b)[0].kind, Kind::other);
    EXPECT_EQ(diff(a, a)[0].kind, Kind::equal);
}
