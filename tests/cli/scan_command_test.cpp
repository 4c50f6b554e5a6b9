// `sealdesk scans` as a script meets it: what it prints and the status it ends with.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/command_line.h"
#include "tests/scans/made_packages.h"

using namespace sealdesk;
using namespace sealdesk::tests;
using testing::HasSubstr;

namespace {

Said sealdesk_scans(std::vector<std::string> words, bool json = false, const std::string& password_file = {}) {
    words.insert(words.begin(), "scans");
    return say({{}, password_file, {}, json}, std::move(words));
}

std::string one_good_one_bad(const Folder& folder) {
    folder.make(R"([{"out":"p.png","format":"png","pages":[)" + page("x", "png") + "]}]");
    return folder.write("a.zip", packed({{"好.png", folder.read("p.png")}, {"坏.png", folder.read("p.png").substr(0, 20)}}));
}

}  // namespace

TEST(ScansCommand, ListsPagesAndRefusalsWithStatusZero) {
    const Folder folder;
    const auto said = sealdesk_scans({one_good_one_bad(folder)});
    EXPECT_EQ(said.status, 0) << said.err;
    EXPECT_THAT(said.out, HasSubstr("1  好.png  595×842  png  72 dpi"));
    EXPECT_THAT(said.out, HasSubstr("坏.png：文件已损坏"));
}

TEST(ScansCommand, WritesOnePageAsPng) {
    const Folder folder;
    const auto out = folder.path / "page.png";
    const auto said = sealdesk_scans({one_good_one_bad(folder), "--page", "1", "--out", out});
    EXPECT_EQ(said.status, 0) << said.err;
    const auto written = decoder().open(out);
    ASSERT_TRUE(written.has_value());
    ASSERT_EQ(written->pages.size(), 1U);
    EXPECT_EQ(written->pages[0].width, 595);
    EXPECT_EQ(written->pages[0].height, 842);
}

TEST(ScansCommand, RefusesAPageThatIsNotThere) {
    const Folder folder;
    const auto file = one_good_one_bad(folder), out = (folder.path / "page.png").string();
    for (const std::string number : {"0", "2", "-1"}) {
        const auto said = sealdesk_scans({file, "--page", number, "--out", out});
        EXPECT_EQ(said.status, 1) << number;
        EXPECT_THAT(said.err, HasSubstr("材料包共 1 页"));
    }
    EXPECT_FALSE(std::filesystem::exists(out));
    EXPECT_NE(sealdesk_scans({file, "--page", "1"}).status, 0) << "a page without a place to put it";
}

TEST(ScansCommand, GivesJsonForPrograms) {
    const Folder folder;
    const auto said = sealdesk_scans({one_good_one_bad(folder)}, true);
    EXPECT_EQ(said.status, 0) << said.err;
    const auto json = nlohmann::json::parse(said.out);
    EXPECT_EQ(json["entries"].size(), 2U);
    EXPECT_EQ(json["pages"].size(), 1U);
    EXPECT_EQ(json["pages"][0]["number"], 1);
    EXPECT_EQ(json["pages"][0]["format"], "png");
    EXPECT_EQ(json["pages"][0]["dpi"], 72);
    EXPECT_EQ(json["refusals"][0]["code"], "damaged");
}

TEST(ScansCommand, OpensAnEncryptedZipWithItsPassword) {
    const Folder folder;
    folder.make(R"([{"out":"p.png","format":"png","pages":[)" + page("x", "png") + "]}]");
    const std::string file =
        folder.write("a.zip", packed({{"照.png", folder.read("p.png")}}, "zip", "zip:encryption=aes256", "s3cret"));
    EXPECT_EQ(sealdesk_scans({file}).status, 1);
    EXPECT_THAT(sealdesk_scans({file}).out, HasSubstr("压缩包设有密码"));
    const auto wrong = sealdesk_scans({file}, false, folder.write("wrong", "other\n"));
    EXPECT_EQ(wrong.status, 1);
    EXPECT_THAT(wrong.out, HasSubstr("密码不对"));
    const auto out = folder.path / "page.png";
    const auto right = sealdesk_scans({file, "--page", "1", "--out", out}, false, folder.write("right", "s3cret\n"));
    EXPECT_EQ(right.status, 0) << right.err;
    EXPECT_TRUE(std::filesystem::exists(out));
}

TEST(ScansCommand, ListsAndSavesWhatCannotBeShown) {
    const Folder folder;
    const std::string document = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 an old document";
    const std::string file = folder.write("a.zip", packed({{"说明.doc", document}, {"b.txt", "x"}}));
    const auto listed = sealdesk_scans({file});
    EXPECT_EQ(listed.status, 1);
    EXPECT_THAT(listed.out, HasSubstr("文件 1  说明.doc  24 字节  SHA-256 "));
    EXPECT_THAT(listed.out, HasSubstr("说明.doc：Office 文档无法在此显示"));
    const auto out = folder.path / "saved.doc";
    const auto saved = sealdesk_scans({file, "--entry", "1", "--out", out});
    EXPECT_EQ(saved.status, 0) << saved.err;
    EXPECT_EQ(folder.read("saved.doc"), document);
    EXPECT_EQ(sealdesk_scans({file, "--entry", "3", "--out", (folder.path / "none").string()}).status, 1);
    EXPECT_FALSE(std::filesystem::exists(folder.path / "none"));
}

TEST(ScansCommand, EndsWithOneWhenNothingOpens) {
    const Folder folder;
    for (const std::string& bytes : {std::string("text"), std::string(), packed({}), packed({{"a.txt", "x"}})})
        EXPECT_EQ(sealdesk_scans({folder.write("a", bytes)}).status, 1) << bytes;
    EXPECT_EQ(sealdesk_scans({(folder.path / "none").string()}).status, 1);
}
