// The real reader behind its walls, on drawn scans.
#include "checks/reader.h"

#include <gmock/gmock.h>

#include <thread>

#include "checks/paper_text.h"
#include "checks/places.h"
#include "tests/scans/made_packages.h"

using namespace sealdesk;
using checks::Reader;

namespace {

const std::filesystem::path kProgram = SEALDESK_BIN "/sealdesk-ocr";

scans::Pixels drawn(const tests::Folder& folder, const std::string& form, const std::string& fields) {
    folder.make(R"([{"out":"a.zip","format":"zip","pages":[{"template":")" + form +
                R"(","file":"1.png","as":"png","dpi":150,"skew":0.3,"noise":3,"seal":"","fields":{)" + fields + "}}]}]");
    const auto& box = tests::decoder();
    const auto package = box.open(folder.path / "a.zip");
    EXPECT_TRUE(package && package->pages.size() == 1);
    return box.render(*package, package->pages.front()).value();
}

}  // namespace

TEST(Reader, ReadsALicence) {
    const tests::Folder folder;
    const auto pixels =
        drawn(folder, "business_licence",
              R"("name":"南京长歌建设工程有限公司","uscc":"91110108MA01ABCD5T","term":"长期","legal_person":"周敏")");
    const std::atomic<bool> stop = false;
    const auto read = Reader(kProgram).read(pixels, 150, stop);
    ASSERT_TRUE(read) << read.error().message << " " << read.error().detail;
    const std::string text = checks::plain_text(*read);
    const auto number = checks::nearest("91110108MA01ABCD5T", text), name = checks::nearest("南京长歌建设工程有限公司", text);
    ASSERT_TRUE(number && name) << text;
    EXPECT_LE(number->distance, 2) << number->found << "\n" << text;
    EXPECT_LE(name->distance, 1) << name->found << "\n" << text;
    const auto places = checks::places_of("91110108MA01ABCD5T", {*read});
    ASSERT_FALSE(places.empty()) << *read;
    const auto& area = places.front().areas.front();
    EXPECT_GT(area.width, 0.1) << "a number of 18 letters";
    EXPECT_LT(area.height, 0.05) << "one line of it";
    EXPECT_GE(area.x, 0);
    EXPECT_LE(area.x + area.width, 1);
}

TEST(Reader, SaysWhyItDoesNotRead) {
    const auto memory = std::shared_ptr<std::uint8_t[]>(new std::uint8_t[40000]());
    const scans::Pixels black(100, 100, std::shared_ptr<const std::uint8_t>(memory, memory.get()));
    std::atomic<bool> stop = false;
    EXPECT_EQ(Reader("/no/such/program").read(black, 150, stop).error().kind, ErrorKind::unavailable);
    EXPECT_FALSE(Reader("").there());
    const auto nothing = Reader(kProgram).read(black, 150, stop);
    ASSERT_TRUE(nothing) << nothing.error().detail;
    EXPECT_EQ(checks::plain_text(*nothing), "") << "a black page has no text";
    EXPECT_EQ(Reader("/bin/true").read(black, 150, stop).error().kind, ErrorKind::corrupt) << "ends without an answer";
    EXPECT_EQ(Reader("/bin/cat", std::chrono::milliseconds(0)).read(black, 150, stop).error().kind, ErrorKind::corrupt)
        << "too late";
    stop = true;
    EXPECT_EQ(Reader(kProgram).read(black, 150, stop).error().kind, ErrorKind::unavailable) << "stopped";
}

TEST(Reader, ForgivesWhatIsNoAnswer) {
    EXPECT_EQ(checks::plain_text(""), "");
    EXPECT_EQ(checks::plain_text("[1,2"), "");
    EXPECT_EQ(checks::plain_text(R"({"lines":7})"), "");
    EXPECT_EQ(checks::plain_text(R"({"lines":[{"text":"一"},{"text":3},4,{"text":"二"}]})"), "一\n二\n");
    EXPECT_EQ(checks::plain_text(R"({"lines":[{"text":"乙","x":90,"y":11,"height":20},{"text":"丙","x":5,"y":50,"height":20},)"
                                 R"({"text":"甲","x":10,"y":10,"height":20}]})"),
              "甲 乙\n丙\n")
        << "as they stand on the page";
}
