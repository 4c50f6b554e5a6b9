// Packages as applicants send them, through the real decoder.
#include "scans/scanbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/digest.h"
#include "made_packages.h"

using namespace sealdesk;
using namespace sealdesk::tests;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

int red_pixels(const scans::Pixels& pixels) {
    int count = 0;
    const auto rgba = pixels.rgba();
    for (size_t at = 0; at + 3 < rgba.size(); at += 4) count += rgba[at] > rgba[at + 1] + 50 && rgba[at] > rgba[at + 2] + 50;
    return count;
}

}  // namespace

TEST(Scanbox, ReadsAUtf8Zip) {
    const Folder folder;
    folder.make(R"([{"out":"a.zip","pages":[)" + page("材料/遗失声明.jpg", "jpeg") + "," + page("表.png", "png") + "]}]");
    const auto package = decoder().open(folder.path / "a.zip");
    ASSERT_TRUE(package.has_value()) << package.error().message;
    EXPECT_THAT(package->refusals, IsEmpty());
    ASSERT_EQ(package->entries.size(), 2U);
    EXPECT_EQ(package->entries[0].name, "材料/遗失声明.jpg");
    EXPECT_EQ(package->entries[0].kind, "jpeg");
    EXPECT_EQ(package->entries[0].sha256.size(), 64U);
    ASSERT_EQ(package->pages.size(), 2U);
    EXPECT_EQ(package->pages[0].title, "材料/遗失声明.jpg");
    EXPECT_EQ(package->pages[1].format, "png");
    EXPECT_EQ(package->pages[1].width, 595);  // A4 at 72 dpi
    EXPECT_EQ(package->pages[1].height, 842);
    EXPECT_EQ(package->pages[1].dpi, 72);
    for (const auto& one : package->pages) {
        const auto pixels = decoder().render(*package, one);
        ASSERT_TRUE(pixels.has_value()) << pixels.error().message << pixels.error().detail;
        EXPECT_EQ(pixels->width(), one.width);
        EXPECT_EQ(pixels->height(), one.height);
        EXPECT_EQ(pixels->rgba()[3], 255);
        EXPECT_GT(red_pixels(*pixels), 100) << "the seal";
        const auto small = decoder().render(*package, one, 2);
        ASSERT_TRUE(small.has_value());
        EXPECT_NEAR(small->width(), one.width / 2, 1);
    }
}

TEST(Scanbox, ReadsRawGbkNames) {
    const Folder folder;
    folder.make(R"([{"out":"a.zip","names":"gbk","pages":[)" + page("申请表/营业执照副本.jpg", "jpeg") + "]}]");
    EXPECT_THAT(folder.read("a.zip"), HasSubstr("\xc9\xea\xc7\xeb\xb1\xed/\xd3\xaa\xd2\xb5"));
    const auto package = decoder().open(folder.path / "a.zip");
    ASSERT_TRUE(package.has_value());
    ASSERT_EQ(package->entries.size(), 1U);
    EXPECT_EQ(package->entries[0].name, "申请表/营业执照副本.jpg");
}

TEST(Scanbox, KnowsABackslashFromTheSecondByteOfAGbkCharacter) {
    const Folder folder;
    const auto path = folder.write("a.zip", packed({{"\xd7\xca\xc1\xcf\\\x81\x5c\xb9\xab\xcb\xbe.txt", "x"}}));
    const auto package = decoder().open(path);
    ASSERT_TRUE(package.has_value());
    ASSERT_EQ(package->entries.size(), 1U);
    EXPECT_EQ(package->entries[0].name, "资料/乗公司.txt");
    EXPECT_THAT(codes(*package), ElementsAre("unsupported"));
}

TEST(Scanbox, ReadsSevenZipTiffAndPdf) {
    const Folder folder;
    const std::string pages = page("一.jpg", "jpeg") + "," + page("二.jpg", "jpeg");
    folder.make(R"([{"out":"a.7z","format":"7z","pages":[)" + pages + R"(]},{"out":"a.tif","format":"tiff","pages":[)" + pages +
                R"(]},{"out":"a.pdf","format":"pdf","pages":[)" + pages + "]}]");
    for (const std::string name : {"a.7z", "a.tif", "a.pdf"}) {
        const auto package = decoder().open(folder.path / name);
        ASSERT_TRUE(package.has_value()) << name << package.error().message;
        EXPECT_THAT(package->refusals, IsEmpty()) << name;
        ASSERT_EQ(package->pages.size(), 2U) << name;
        const auto pixels = decoder().render(*package, package->pages[1]);
        ASSERT_TRUE(pixels.has_value()) << name << pixels.error().detail;
        EXPECT_EQ(pixels->width(), package->pages[1].width) << name;
        EXPECT_GT(red_pixels(*pixels), 100) << name;
    }
}

TEST(Scanbox, TakesABarePictureAsAPackageOfOne) {
    const Folder folder;
    folder.make(R"([{"out":"a.png","format":"png","pages":[)" + page("x", "png") + "]}]");
    const auto package = decoder().open(folder.path / "a.png");
    ASSERT_TRUE(package.has_value());
    ASSERT_EQ(package->entries.size(), 1U);
    EXPECT_EQ(package->entries[0].sha256, sha256_hex(folder.read("a.png")));
    EXPECT_EQ(package->pages.size(), 1U);
}

TEST(Scanbox, TurnsPagesAsTheCameraSays) {
    const Folder folder;
    folder.make(R"([{"out":"a.jpg","format":"jpeg","pages":[)" + page("x", "jpeg") + "]}]");
    // An EXIF segment with orientation 6 (turned a quarter) behind the start of the JPEG.
    const std::string exif(
        "\xff\xe1\x00\x22"
        "Exif\0\0"
        "MM\0*\0\0\0\x08"
        "\0\x01"
        "\x01\x12\0\x03\0\0\0\x01\0\x06\0\0"
        "\0\0\0\0",
        36);
    std::string jpeg = folder.read("a.jpg");
    const auto upright = decoder().open(folder.path / "a.jpg");
    const auto turned = decoder().open(folder.write("b.jpg", jpeg.insert(2, exif)));
    ASSERT_TRUE(upright.has_value() && turned.has_value());
    ASSERT_EQ(turned->pages.size(), 1U);
    EXPECT_EQ(turned->pages[0].width, upright->pages.at(0).height);
    const auto pixels = decoder().render(*turned, turned->pages[0]);
    ASSERT_TRUE(pixels.has_value()) << pixels.error().detail;
    EXPECT_EQ(pixels->width(), turned->pages[0].width);
    EXPECT_EQ(pixels->height(), turned->pages[0].height);
}

TEST(Scanbox, OpensOneArchiveInsideAnotherAndNoMore) {
    const Folder folder;
    folder.make(R"([{"out":"in.png","format":"png","pages":[)" + page("x", "png") + "]}]");
    const auto inner = packed({{"page.png", folder.read("in.png")}});
    const auto middle = packed({{"inner.zip", inner}, {"own.png", folder.read("in.png")}}, "7zip");
    const auto two = decoder().open(folder.write("two.zip", packed({{"inner.zip", inner}})));
    ASSERT_TRUE(two.has_value());
    ASSERT_EQ(two->pages.size(), 1U);
    EXPECT_EQ(two->pages[0].title, "inner.zip/page.png");
    EXPECT_TRUE(decoder().render(*two, two->pages[0]).has_value());
    const auto three = decoder().open(folder.write("three.zip", packed({{"middle.7z", middle}})));
    ASSERT_TRUE(three.has_value());
    EXPECT_THAT(codes(*three), ElementsAre("nesting"));
    ASSERT_EQ(three->pages.size(), 1U);
    EXPECT_EQ(three->pages[0].title, "middle.7z/own.png");
}

TEST(Scanbox, PassesOverWhatSystemsLeaveBehind) {
    const Folder folder;
    const auto package = decoder().open(folder.write("a.zip", packed({{"__MACOSX/._a.jpg", "x"}, {"Thumbs.db", "y"}})));
    ASSERT_TRUE(package.has_value());
    EXPECT_THAT(package->refusals, IsEmpty());
    EXPECT_TRUE(package->entries.at(0).ignored);
    EXPECT_TRUE(package->entries.at(1).ignored);
}

TEST(Scanbox, WritesJsonForPrograms) {
    const Folder folder;
    const auto package = decoder().open(folder.write("a.zip", packed({{"说明.docx", "PK\x03\x04 no"}})));
    ASSERT_TRUE(package.has_value());
    EXPECT_THAT(scans::scans_json(*package), HasSubstr("\"refusals\": [\n    {\n      \"code\": "));
    EXPECT_THAT(scans::scans_json(*package), HasSubstr("说明.docx"));
}

TEST(Scanbox, SaysWhenTheFileOrTheDecoderIsNotThere) {
    const Folder folder;
    const auto missing = decoder().open(folder.path / "none.zip");
    ASSERT_FALSE(missing.has_value());
    EXPECT_EQ(missing.error().kind, ErrorKind::unavailable);
    const auto no_decoder = scans::Scanbox("/nonexistent/scanbox").open(folder.write("a.zip", packed({{"a", "b"}})));
    ASSERT_FALSE(no_decoder.has_value());
    EXPECT_EQ(no_decoder.error().kind, ErrorKind::unavailable);
}
