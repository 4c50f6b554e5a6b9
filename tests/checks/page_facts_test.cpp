#include "checks/page_facts.h"

#include <gmock/gmock.h>

#include <cmath>
#include <numbers>

#include "checks/stamp.h"
#include "tests/scans/made_packages.h"

using namespace sealdesk;
using checks::look_at;
using checks::Orientation;
using checks::PageFacts;

namespace {

// A white sheet to paint on.
struct Sheet {
    int width = 1240, height = 1754;
    std::vector<std::uint8_t> rgba = std::vector<std::uint8_t>(static_cast<size_t>(width) * static_cast<size_t>(height) * 4, 255);
    void dot(int x, int y, std::uint8_t r, std::uint8_t g, std::uint8_t b) {
        if (x < 0 || y < 0 || x >= width || y >= height) return;
        auto* p = &rgba[(static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x)) * 4];
        p[0] = r, p[1] = g, p[2] = b;
    }
    void box(int left, int top, int wide, int high, std::uint8_t r, std::uint8_t g, std::uint8_t b) {
        for (int y = top; y < top + high; ++y)
            for (int x = left; x < left + wide; ++x) dot(x, y, r, g, b);
    }
    // Part of a ring, from 0 to `share` of a turn.
    void ring(int cx, int cy, double rx, double ry, double thick, double share = 1) {
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x) {
                const double radius = std::hypot((x - cx) / rx, (y - cy) / ry);
                const double turn = (std::atan2(y - cy, x - cx) / std::numbers::pi + 1) / 2;
                if (radius > 1 - thick / rx && radius < 1 && turn <= share) dot(x, y, 208, 48, 40);
            }
    }
    // Rows of black blocks like letters.
    void letters(bool across = true) {
        const int lines = across ? height : width, along = across ? width : height;
        for (int line = 120; line + 160 < lines; line += 50)
            for (int at = 120; at + 160 < along; at += 26)
                across ? box(at, line, 20, 22, 20, 20, 20) : box(line, at, 22, 20, 20, 20, 20);
    }
    PageFacts facts() const { return look_at(rgba, width, height); }
    std::optional<checks::StampSeen> stamp() const { return checks::find_stamp(rgba, width, height); }
};

std::vector<PageFacts> facts_of(const tests::Folder& folder, const std::string& name) {
    const auto& box = tests::decoder();
    const auto package = box.open(folder.path / name);
    std::vector<PageFacts> all;
    EXPECT_TRUE(package) << (package ? "" : package.error().message);
    if (!package) return all;
    for (const auto& page : package->pages) {
        const auto pixels = box.render(*package, page, checks::shrink_for_facts(page.width, page.height));
        EXPECT_TRUE(pixels);
        if (pixels) all.push_back(look_at(pixels->rgba(), pixels->width(), pixels->height(), page.width, page.height, page.dpi));
    }
    return all;
}

std::string form(const std::string& file, const std::string& template_name, const std::string& more,
                 const std::string& name = "南京犇鑫建设工程有限公司") {
    return R"({"template":")" + template_name + R"(","file":")" + file + R"(","as":"jpeg","skew":0.7,"noise":6,)" + more +
           R"("fields":{"name":")" + name +
           R"(","uscc":"91110108MA01ABCD5T","handler":"周敏","mobile":"13800138000","order":"SD1"}})";
}

}  // namespace

TEST(PageFacts, ABlankSheetHasNothingOnIt) {
    const Sheet sheet;
    const auto facts = sheet.facts();
    EXPECT_EQ(facts.ink, 0);
    EXPECT_EQ(facts.red, 0);
    EXPECT_EQ(facts.sharpness, 0);
    EXPECT_EQ(facts.orientation, Orientation::unknown);
    EXPECT_FALSE(facts.stamp);
}

TEST(PageFacts, TheSamePictureHasTheSameHashAndAnotherHasNot) {
    Sheet sheet, other;
    sheet.letters();
    other.letters();
    EXPECT_EQ(sheet.facts().sha256, other.facts().sha256);
    other.dot(600, 600, 0, 0, 1);
    EXPECT_NE(sheet.facts().sha256, other.facts().sha256);
    EXPECT_LT(checks::hash_difference(sheet.facts().perceptual, other.facts().perceptual), 0.01);
    EXPECT_EQ(checks::hash_difference("", sheet.facts().perceptual), 1);
    // A picture with the same bytes in another shape is another picture.
    const std::vector<std::uint8_t> bytes(400, 7);
    EXPECT_NE(look_at(bytes, 10, 10).sha256, look_at(bytes, 20, 5).sha256);
}

TEST(PageFacts, WrongSizesGiveNoStatistics) {
    const std::vector<std::uint8_t> few(16, 0);
    EXPECT_EQ(look_at(few, 100, 100).perceptual, "");
    EXPECT_EQ(look_at({}, 0, 0).perceptual, "");
    EXPECT_EQ(look_at(few, 2, 2).perceptual, "");
}

TEST(PageFacts, LinesOfWritingTellWhichWayThePageLies) {
    Sheet upright, sideways;
    upright.letters(true);
    sideways.letters(false);
    EXPECT_EQ(upright.facts().orientation, Orientation::upright);
    EXPECT_EQ(sideways.facts().orientation, Orientation::sideways);
    EXPECT_EQ(checks::orientation_from(name_of(Orientation::sideways)), Orientation::sideways);
}

TEST(PageFacts, ShrinksToASizeThatCompares) {
    EXPECT_EQ(checks::shrink_for_facts(1240, 1754), 1);
    EXPECT_EQ(checks::shrink_for_facts(2480, 3508), 2);
    EXPECT_EQ(checks::shrink_for_facts(9920, 14032), 8);
    EXPECT_EQ(checks::shrink_for_facts(0, 0), 1);
}

TEST(Stamp, ARingIsFoundWhereItIs) {
    Sheet sheet;
    sheet.letters();
    sheet.ring(800, 1300, 125, 125, 9);
    const auto stamp = sheet.stamp();
    ASSERT_TRUE(stamp);
    EXPECT_NEAR(stamp->x, 800 / 1240.0, 0.01);
    EXPECT_NEAR(stamp->y, 1300 / 1754.0, 0.01);
    EXPECT_NEAR(stamp->across, 250 / 1240.0, 0.015);
    EXPECT_GT(stamp->ring, 0.9);
}

TEST(Stamp, OvalAndWornOnesCount) {
    Sheet oval, worn;
    oval.ring(600, 600, 140, 95, 8);
    EXPECT_TRUE(oval.stamp());
    worn.ring(600, 600, 125, 125, 8, 0.85);
    EXPECT_TRUE(worn.stamp()) << "a seal at the edge of the pad";
}

TEST(Stamp, OtherRedThingsAreNone) {
    Sheet line, disc, emblem, half, frame, photo;
    line.box(100, 300, 900, 12, 208, 48, 40);
    EXPECT_FALSE(line.stamp()) << "a line under a letterhead";
    disc.ring(600, 600, 125, 125, 125);
    EXPECT_FALSE(disc.stamp()) << "a full disc";
    emblem.ring(600, 200, 62, 62, 6);
    EXPECT_FALSE(emblem.stamp()) << "the emblem of a licence is half as large";
    half.ring(600, 600, 125, 125, 8, 0.5);
    EXPECT_FALSE(half.stamp());
    frame.box(200, 200, 300, 8, 208, 48, 40);
    frame.box(200, 492, 300, 8, 208, 48, 40);
    frame.box(200, 200, 8, 300, 208, 48, 40);
    frame.box(492, 200, 8, 300, 208, 48, 40);
    EXPECT_FALSE(frame.stamp()) << "a square frame";
    photo.box(200, 200, 400, 500, 200, 60, 50);
    EXPECT_FALSE(photo.stamp());
    EXPECT_FALSE(Sheet().stamp());
}

// Drawn and worn as the demo's scans, through the real decoder.
TEST(PageFacts, DrawnScansAreToldApart) {
    const tests::Folder folder;
    const std::string seal = R"("seal":"南京犇鑫建设工程有限公司",)", none = R"("seal":"",)";
    folder.make(R"([{"out":"a.zip","format":"zip","pages":[)" + form("1.jpg", "application_unit", seal) + "," +
                form("2.jpg", "application_unit", none) + "," + form("3.jpg", "business_licence", seal) + "," +
                form("4.jpg", "business_licence", none) + "," + form("5.jpg", "identity_card", none) + "," +
                form("6.jpg", "application_unit", seal + R"("blur":2,)") + "," +
                form("7.jpg", "business_licence", seal + R"("blur":2,)") + "," +
                form("8.jpg", "loss_statement", seal + R"("dpi":300,)") + "]}]");
    const auto pages = facts_of(folder, "a.zip");
    ASSERT_EQ(pages.size(), 8u);
    const std::vector<bool> stamped{true, false, true, false, false, true, true, true};
    for (size_t i = 0; i < pages.size(); ++i) {
        EXPECT_EQ(pages[i].stamp.has_value(), stamped[i]) << "page " << i + 1;
        EXPECT_GT(pages[i].ink, 0.005) << "page " << i + 1;
        EXPECT_NE(pages[i].orientation, Orientation::sideways) << "page " << i + 1;
        if (i == 5 || i == 6)
            EXPECT_LT(pages[i].sharpness, 0.04) << "page " << i + 1;
        else
            EXPECT_GT(pages[i].sharpness, 0.12) << "page " << i + 1;
    }
    EXPECT_EQ(pages[7].width, 2480) << "as uploaded, not as decoded";
    EXPECT_GT(checks::hash_difference(pages[0].perceptual, pages[2].perceptual), 0.5);
}
