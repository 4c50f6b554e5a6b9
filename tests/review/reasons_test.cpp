#include "review/reasons.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <set>

#include "base/files.h"
#include "support/databases.h"

using namespace sealdesk;
using review::load_reasons;
using testing::HasSubstr;

namespace {

// What the file `text` is answered with.
Result<std::vector<review::Reason>> load(const std::string& text) {
    const tests::TemporaryFolder folder;
    EXPECT_TRUE(write_file(folder.path() / "reasons.toml", text));
    return load_reasons(folder.path() / "reasons.toml");
}

constexpr const char* kGood = "[[reason]]\ncode = \"a\"\ntitle = \"缺页\"\nsentence = \"请补齐。\"\n";

}  // namespace

TEST(Reasons, TheShippedFileLoads) {
    const auto list = load_reasons(tests::source("data/reasons.toml"));
    ASSERT_OK(list);
    EXPECT_GE(list->size(), 5U);
    EXPECT_EQ(review::for_order(*list).size(), 9U);  // they are the digits 1 to 9 on the bench
    EXPECT_EQ(review::for_order(*list)[2].code, "licence_missing");
    for (const auto* item : {"form", "application_form", "licence", "handler_identity", "change_proof"}) {
        const auto fit = review::fitting(*list, item);
        EXPECT_GE(fit.size(), 3U) << item;
        EXPECT_LE(fit.size(), 9U) << item;
        for (const auto& reason : fit) EXPECT_NE(reason.code, "package_broken") << "is about the order as a whole";
    }
    EXPECT_EQ(review::fitting(*list, "licence")[2].code, "licence_missing") << "its own ones first";
    EXPECT_EQ(list->front().code, "number_differs");
    std::set<std::string> titles;
    for (const auto& reason : *list) {
        EXPECT_TRUE(titles.insert(reason.title).second) << reason.title;
        EXPECT_THAT(reason.sentence, testing::EndsWith("。"));
    }
}

TEST(Reasons, AreReadInTheirOrder) {
    const auto list = load(std::string("[[reason]]\ncode = \"z\"\ntitle = \"模糊\"\nsentence = \"请重扫。\"\n") + kGood);
    ASSERT_OK(list);
    ASSERT_EQ(list->size(), 2U);
    EXPECT_EQ((*list)[0].code, "z");
    EXPECT_EQ((*list)[0].title, "模糊");
    EXPECT_EQ((*list)[0].sentence, "请重扫。");
    EXPECT_EQ((*list)[1].code, "a");
}

TEST(Reasons, ABrokenFileIsRefusedWithThePlace) {
    const auto sentence = [](const std::string& text) {
        const auto loaded = load(text);
        EXPECT_FALSE(loaded) << text;
        if (loaded) return std::string();
        EXPECT_EQ(loaded.error().kind, ErrorKind::refused) << text;
        return loaded.error().message;
    };
    EXPECT_THAT(sentence(""), HasSubstr("没有退回原因"));
    EXPECT_THAT(sentence("reason = \"a\"\n"), HasSubstr("没有退回原因"));
    EXPECT_THAT(sentence("reason = [1]\n"), HasSubstr("第 1 条"));
    EXPECT_THAT(sentence(std::string(kGood) + "[[reason]]\ncode = \"b\"\ntitle = \"缺页\"\n"), HasSubstr("第 2 条"));
    EXPECT_THAT(sentence("[[reason]]\ncode = 1\ntitle = \"t\"\nsentence = \"s\"\n"), HasSubstr("code"));
    EXPECT_THAT(sentence(std::string(kGood) + kGood), HasSubstr("写了两次"));
    EXPECT_THAT(sentence(std::string(kGood) + "[[reason\n"), HasSubstr("第 5 行"));
}

TEST(Reasons, BlanksStandInTheSentence) {
    const auto list =
        load("[[reason]]\ncode = \"a\"\ntitle = \"缺签名\"\nsentence = \"第 {页码} 页没有{谁}签名，见第 {页码} 页。\"\n");
    ASSERT_OK(list);
    EXPECT_EQ(list->front().blanks, (std::vector<std::string>{"页码", "谁"}));
    EXPECT_TRUE(review::for_order(*list).empty());
    review::Cited cited{list->front(), {{"页码", " 3 "}}};
    const auto open = review::filled_sentence(cited);
    ASSERT_FALSE(open);
    EXPECT_EQ(open.error().kind, ErrorKind::refused);
    EXPECT_THAT(open.error().message, testing::AllOf(HasSubstr("缺签名"), HasSubstr("谁")));
    cited.blanks["谁"] = "经办人";
    EXPECT_EQ(review::filled_sentence(cited).value(), "第 3 页没有经办人签名，见第 3 页。");
    for (const std::string bad : {"", "  ", "{页码}", "一\n二"}) {
        cited.blanks["谁"] = bad;
        EXPECT_FALSE(review::filled_sentence(cited)) << bad;
    }
    for (const auto* sentence : {"第 {页码 页。", "第 页码} 页。", "第 {} 页。", "第 {{页码}} 页。"})
        EXPECT_FALSE(load(fmt::format("[[reason]]\ncode = \"a\"\ntitle = \"t\"\nsentence = \"{}\"\n", sentence))) << sentence;
}

TEST(Reasons, AMissingFileIsNotAnEmptyList) {
    const tests::TemporaryFolder folder;
    EXPECT_EQ(load_reasons(folder.path() / "none.toml").error().kind, ErrorKind::unavailable);
}
