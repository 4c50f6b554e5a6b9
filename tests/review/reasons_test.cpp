#include "review/reasons.h"

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
    EXPECT_LE(list->size(), 9U);  // they are the digits 1 to 9 on the bench
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

TEST(Reasons, AMissingFileIsNotAnEmptyList) {
    const tests::TemporaryFolder folder;
    EXPECT_EQ(load_reasons(folder.path() / "none.toml").error().kind, ErrorKind::unavailable);
}
