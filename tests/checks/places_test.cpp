// Where a value stands on pages that were read, with the reader's mistakes.
#include "checks/places.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "base/text.h"

using namespace sealdesk;
using checks::PageArea;
using checks::places_of;

namespace {

// A line of words of 20 px letters, one word at each "x:text".
nlohmann::json line(int y, const std::vector<std::pair<int, std::string>>& words) {
    nlohmann::json all = nlohmann::json::array();
    std::string text;
    for (const auto& [x, word] : words) {
        all.push_back({{"text", word}, {"x", x}, {"y", y}, {"width", 20 * code_points(word).size()}, {"height", 20}});
        text += word;
    }
    return {{"text", text}, {"x", words.front().first}, {"y", y}, {"width", 500}, {"height", 20}, {"words", all}};
}
std::string page(const std::vector<nlohmann::json>& lines) {
    return nlohmann::json{{"version", 2}, {"width", 1000}, {"height", 500}, {"lines", lines}}.dump();
}
void expect_near(const PageArea& area, double x, double y, double width, double height) {
    EXPECT_NEAR(area.x, x, 1e-6);
    EXPECT_NEAR(area.y, y, 1e-6);
    EXPECT_NEAR(area.width, width, 1e-6);
    EXPECT_NEAR(area.height, height, 1e-6);
}

}  // namespace

TEST(Places, ANameIsFoundWhereItsWordsStand) {
    const auto read =
        page({line(100, {{50, "名称"}, {200, "南京"}, {240, "长歌建设"}, {320, "有限公司"}}), line(140, {{50, "住所"}})});
    const auto places = places_of("南京长歌建设有限公司", {"", read});
    ASSERT_EQ(places.size(), 1u);
    EXPECT_EQ(places[0].page, 2);
    EXPECT_EQ(places[0].distance, 0);
    ASSERT_EQ(places[0].areas.size(), 1u);
    expect_near(places[0].areas[0], 0.2, 0.2, 0.2, 0.04);
}

TEST(Places, OnAPageThatWasTurnedForTheReaderItIsWhereItLies) {
    const auto upright = page({line(100, {{200, "南京长歌建设"}})});
    for (const auto& [quarters, x, y, wide, high] :
         {std::tuple{1, 0.2, 0.68, 0.04, 0.12}, {2, 0.68, 0.76, 0.12, 0.04}, {3, 0.76, 0.2, 0.04, 0.12}}) {
        auto turned = upright;
        turned.insert(1, "\"quarters\":" + std::to_string(quarters) + ",");
        const auto places = places_of("南京长歌建设", {turned});
        ASSERT_EQ(places.size(), 1u) << quarters;
        expect_near(places[0].areas[0], x, y, wide, high);
    }
}

TEST(Places, APartOfAWordIsAPartOfItsWidth) {
    const auto places = places_of("长歌建设", {page({line(0, {{100, "南京长歌建设有限公司"}})})});
    ASSERT_EQ(places.size(), 1u);
    expect_near(places[0].areas[0], 0.14, 0, 0.08, 0.04);
}

TEST(Places, DigitsThatLookLikeLettersAreTheSame) {
    const auto read = page({line(40, {{100, "9132O1O0"}, {260, "MAOIB"}, {360, "CD5T8Z"}})});
    const auto places = places_of("91320100MA018CDST82", {read});
    ASSERT_EQ(places.size(), 1u);
    EXPECT_EQ(places[0].distance, 0) << "O and 0, I and 1, B and 8, S and 5, Z and 2";
    EXPECT_EQ(places_of("91320100MA018CDST87", {read})[0].distance, 1) << "one letter in four may differ";
    EXPECT_TRUE(places_of("51023419881212332X", {read}).empty());
}

TEST(Places, ANameGoesOnInTheNextLine) {
    const auto plain = page({line(100, {{200, "南京长歌建设"}}), line(130, {{200, "工程有限公司"}})});
    const auto places = places_of("南京长歌建设工程有限公司", {plain});
    ASSERT_EQ(places.size(), 1u);
    ASSERT_EQ(places[0].areas.size(), 2u);
    expect_near(places[0].areas[0], 0.2, 0.2, 0.12, 0.04);
    expect_near(places[0].areas[1], 0.2, 0.26, 0.12, 0.04);
}

TEST(Places, TheColumnBesideItMayStandBetween) {
    const auto table = page({line(100, {{100, "名称"}, {200, "南京长歌建设"}, {500, "注册资本壹仟万元整"}}),
                             line(130, {{200, "工程有限公司"}, {500, "成立日期"}})});
    const auto places = places_of("南京长歌建设工程有限公司", {table});
    ASSERT_EQ(places.size(), 1u);
    EXPECT_EQ(places[0].distance, 0);
    ASSERT_EQ(places[0].areas.size(), 2u);
    expect_near(places[0].areas[0], 0.2, 0.2, 0.12, 0.04);
    expect_near(places[0].areas[1], 0.2, 0.26, 0.12, 0.04);
}

TEST(Places, TheNearestComesFirstThenThePage) {
    const auto wrong = page({line(0, {{0, "南京长歌建没有限公司"}})}), right = page({line(0, {{0, "南京长歌建设有限公司"}})});
    const auto places = places_of("南京长歌建设有限公司", {wrong, right, right});
    ASSERT_EQ(places.size(), 3u);
    EXPECT_EQ(places[0].page, 2);
    EXPECT_EQ(places[1].page, 3);
    EXPECT_EQ(places[2].page, 1);
    EXPECT_EQ(places[2].distance, 1);
}

TEST(Places, TheSameValueTwiceOnAPageHasTwoPlaces) {
    const auto places = places_of("周敏", {page({line(0, {{0, "经办人周敏"}}), line(300, {{600, "周敏签字"}})})});
    ASSERT_EQ(places.size(), 2u);
    EXPECT_NE(places[0].areas, places[1].areas);
}

TEST(Places, AShortNameIsNotGuessed) {
    const auto read = page({line(0, {{0, "周明住址南京"}})});
    EXPECT_TRUE(places_of("周敏", {read}).empty());
    EXPECT_TRUE(places_of("", {read}).empty());
    EXPECT_EQ(places_of("周明", {read}).size(), 1u);
}

TEST(Places, WhatIsNoAnswerHasNoPlaces) {
    for (const std::string read : {"", "{}", "[1", R"({"width":10,"height":10,"lines":3})", R"({"lines":[{"text":"周敏"}]})",
                                   R"({"width":0,"height":-4,"lines":[{"text":"周敏"}]})",
                                   R"({"width":10,"height":10,"lines":[3,{"words":[1,{"text":7}]},{"text":{}}]})"})
        EXPECT_TRUE(places_of("周敏", {read}).empty()) << read;
    EXPECT_EQ(places_of("周敏", {R"({"width":10,"height":10,"lines":[{"text":"周敏","x":"a","y":1e99}]})"}).size(), 1u)
        << "numbers that are none are 0";
}
