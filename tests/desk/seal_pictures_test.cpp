// Seals drawn with the installed fonts, printed and lifted from scans again. SEALDESK_LOOK=folder keeps the pictures for eyes.
#include "desk/seal_pictures.h"

#include <gmock/gmock.h>

#include <cmath>
#include <cstdlib>
#include <numbers>
#include <random>

#include "base/files.h"
#include "base/process.h"
#include "seals/lifting.h"
#include "support/databases.h"

using namespace sealdesk;
using namespace sealdesk::seals;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

class SealPictures : public testing::Test {
protected:
    static void SetUpTestSuite() {
        auto press = desk::SealPress::open();
        ASSERT_TRUE(press) << press.error().message;
        press_ = new desk::SealPress(std::move(*press));
    }
    static void TearDownTestSuite() {
        delete press_;
        press_ = nullptr;
    }
    static Impression printed(const SealText& text, double dpi = 600) {
        const auto drawing = press_->draw(text);
        EXPECT_TRUE(drawing) << text.name << (drawing ? "" : drawing.error().message);
        return drawing ? *press_->print(*drawing, dpi) : Impression{};
    }
    static void keep(const std::string& name, const Impression& impression) {
        if (const char* folder = std::getenv("SEALDESK_LOOK")) {
            EXPECT_TRUE(write_file(std::filesystem::path(folder) / (name + ".png"), *png_of(impression)));
        }
    }
    static desk::SealPress* press_;
};
desk::SealPress* SealPictures::press_ = nullptr;

SealText unit(const std::string& name, const std::string& number = "", const std::string& centre = "") {
    SealText text = seal_text(SealShape::round, name);
    text.number = number;
    text.centre = centre;
    return text;
}

double ink_of(const Impression& impression) {
    double sum = 0;
    for (const auto value : impression.ink) sum += value;
    return sum / 255 / static_cast<double>(impression.ink.size());
}

// A scanned sheet: paper with grain, a line of print, and seals put on it.
struct Sheet {
    int width, height;
    double dpi;
    std::vector<std::uint8_t> rgba;
    explicit Sheet(double resolution = 300, double wide_mm = 120, double high_mm = 100)
        : width(static_cast<int>(wide_mm / 25.4 * resolution)),
          height(static_cast<int>(high_mm / 25.4 * resolution)),
          dpi(resolution) {
        std::minstd_rand grain(7);
        for (int i = 0; i < width * height; ++i) {
            const int tone = 236 + static_cast<int>(grain() % 14);
            for (const int part : {tone, tone - 2, tone - 8, 255}) rgba.push_back(static_cast<std::uint8_t>(part));
        }
    }
    void blend(int x, int y, double share, std::array<int, 3> colour) {
        if (x < 0 || y < 0 || x >= width || y >= height) return;
        auto* p = &rgba[(static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x)) * 4];
        for (size_t i = 0; i < 3; ++i) p[i] = static_cast<std::uint8_t>(p[i] * (1 - share) + colour[i] * share);
    }
    // Its middle at (x, y) mm, turned clockwise by degrees, `strength` of the ink.
    void stamp(const Impression& seal, double x_mm, double y_mm, double degrees = 0, double strength = 0.9,
               std::array<int, 3> colour = {206, 40, 52}) {
        const double turn = degrees * std::numbers::pi / 180, c = std::cos(turn), s = std::sin(turn);
        const double scale = seal.dpi / dpi, reach = std::hypot(seal.width, seal.height) / 2 / scale;
        const double mx = x_mm / 25.4 * dpi, my = y_mm / 25.4 * dpi;
        for (int y = static_cast<int>(my - reach); y <= my + reach; ++y)
            for (int x = static_cast<int>(mx - reach); x <= mx + reach; ++x) {
                const double dx = (x - mx) * scale, dy = (y - my) * scale;
                // A scanner sees the mean of what lies under a pixel.
                double sum = 0;
                for (int part = 0; part < 16; ++part) {
                    const double px = dx + (part % 4 - 1.5) / 4 * scale, py = dy + (part / 4 - 1.5) / 4 * scale;
                    const int sx = static_cast<int>(std::floor(c * px + s * py + seal.width / 2.0)),
                              sy = static_cast<int>(std::floor(-s * px + c * py + seal.height / 2.0));
                    if (sx >= 0 && sy >= 0 && sx < seal.width && sy < seal.height) sum += seal.at(sx, sy);
                }
                blend(x, y, sum / 16 / 255 * strength, colour);
            }
    }
    void bar(double x_mm, double y_mm, double w_mm, double h_mm, std::array<int, 3> colour) {
        const auto px = [&](double mm) { return static_cast<int>(mm / 25.4 * dpi); };
        for (int y = px(y_mm); y < px(y_mm + h_mm); ++y)
            for (int x = px(x_mm); x < px(x_mm + w_mm); ++x) blend(x, y, 1, colour);
    }
    // Squares of `side` px, each `pitch` px from the next, but for those within `free` mm of the sheet's middle; how many.
    int spots(int side, int pitch, double free = 0) {
        int count = 0;
        for (int y = 0; y + side <= height; y += pitch)
            for (int x = 0; x + side <= width; x += pitch) {
                if (std::hypot(x - width / 2, y - height / 2) / dpi * 25.4 < free) continue;
                ++count;
                for (int i = 0; i < side * side; ++i) blend(x + i % side, y + i / side, 1, {206, 40, 52});
            }
        return count;
    }
    PagePixels page() const { return {rgba, width, height, dpi}; }
};

std::string refusal(const Sheet& sheet, const Expected& expected = SealShape::round) {
    const auto lifted = lift(sheet.page(), expected);
    EXPECT_FALSE(lifted) << "was lifted";
    return lifted ? std::string() : lifted.error().message;
}

// Share of pixels whose ink differs by more than half, at the same size.
double difference(const Impression& a, const Impression& b) {
    int differ = 0, all = 0;
    for (int y = 0; y < a.height; y += 2)
        for (int x = 0; x < a.width; x += 2, ++all)
            differ += std::abs(a.at(x, y) - b.at(std::min(b.width - 1, x * b.width / a.width),
                                                 std::min(b.height - 1, y * b.height / a.height))) > 127;
    return static_cast<double>(differ) / all;
}

const std::string kName = "江东市垚鑫建设有限公司", kNumber = "3201020012345";

}  // namespace

TEST_F(SealPictures, ManyNamesBecomePictures) {
    const struct {
        const char* file;
        SealText text;
    } seals[] = {
        {"unit04", unit("江东建设")},
        {"unit07", unit("江东垚鑫设计院", kNumber)},
        {"unit11", unit(kName, kNumber)},
        {"unit11-contract", unit(kName, kNumber, "合同专用章")},
        {"unit16-brackets", unit("垚鑫（江东）工程造价咨询有限公司", kNumber, "财务专用章")},
        {"unit22", unit("江东省交通运输厅公路工程建设项目管理服务中心站", kNumber)},
        {"unit30", unit("江东市垚鑫建设工程项目管理（集团）有限责任公司第12分公司", kNumber, "合同专用章")},
        {"unit-rare", unit("江东𠮷𬭎化工有限公司", kNumber)},
        {"unit-latin", unit("ABC（江东）科技有限公司", "91320104MA1X1K2L3Q")},
    };
    for (const auto& seal : seals) {
        const Impression impression = printed(seal.text);
        keep(seal.file, impression);
        EXPECT_EQ(impression.width, 945) << "40 mm at 600 dpi";
        const double ink = ink_of(impression);
        EXPECT_GT(ink, 0.13) << seal.file;
        EXPECT_LT(ink, 0.45) << seal.file;
        EXPECT_EQ(impression.at(0, 0), 0) << "transparent beside the ring";
        EXPECT_EQ(impression.at(472, 5), 255) << "the ring";
        EXPECT_EQ(impression.at(472, 472), 255) << "the star";
        const auto picture = seal_picture(impression);
        ASSERT_TRUE(picture);
        EXPECT_LT(picture->data.size(), 60'000u) << "a KEY must hold it";
        EXPECT_TRUE(look_at(*picture));
    }
    SealText invoice = seal_text(SealShape::oval, kName);
    invoice.number = "91320104MA1X1K2L3Q";
    invoice.centre = "发票专用章";
    keep("oval", printed(invoice));
    invoice.number.clear();
    keep("oval-plain", printed(invoice));
    int count = 0;
    for (const char* name : {"王敏", "欧阳修", "欧阳文修", "阿卜杜拉江", "买买提·阿卜杜拉", "John Smith", "𠮷田𬭎"}) {
        const Impression impression = printed(seal_text(SealShape::square, name));
        keep("person" + std::to_string(++count), impression);
        EXPECT_EQ(impression.width, 472);
        EXPECT_GT(ink_of(impression), 0.2) << name;
    }
}

TEST_F(SealPictures, ACharacterThatNoFontHasIsNamed) {
    const auto refused = press_->draw(unit("江东\U0010FFFD建设"));
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("U+10FFFD"));
    EXPECT_FALSE(press_->draw(unit("江东\u0301建设"))) << "a mark that belongs over another letter";
    EXPECT_FALSE(press_->draw(unit("السلام")));
}

TEST_F(SealPictures, ThePdfShowsWhatThePictureShows) {
    const tests::TemporaryFolder folder;
    const auto drawing = press_->draw(unit(kName, kNumber, "合同专用章"));
    ASSERT_TRUE(drawing);
    const std::string pdf = press_->pdf(*drawing);
    EXPECT_EQ(pdf, press_->pdf(*drawing)) << "the same bytes every time";
    ASSERT_TRUE(write_file(folder.path() / "seal.pdf", pdf));
    const auto info = run({"pdfinfo", folder.path() / "seal.pdf"});
    ASSERT_TRUE(info && info->status == 0) << info->output;
    EXPECT_THAT(info->output, HasSubstr("113.386 x 113.386 pts")) << "40 mm";
    const auto drawn = run({"pdftoppm", "-r", "150", "-gray", "-singlefile", folder.path() / "seal.pdf", folder.path() / "seal"});
    ASSERT_TRUE(drawn && drawn->status == 0) << drawn->output;
    const auto grey = read_file(folder.path() / "seal.pgm");
    ASSERT_TRUE(grey);
    const Impression ours = *press_->print(*drawing, 150);
    ASSERT_EQ(ours.width, 236);
    int side_x = 0, side_y = 0, most = 0, head = 0;
    ASSERT_EQ(std::sscanf(grey->c_str(), "P5 %d %d %d%n", &side_x, &side_y, &most, &head), 3);
    ASSERT_NEAR(side_x, 236, 1);
    Impression theirs = ours;
    for (int y = 0; y < 236; ++y)
        for (int x = 0; x < 236; ++x) {
            const auto tone = static_cast<unsigned char>((*grey)[static_cast<size_t>(head + 1 + y * side_x + x)]);
            theirs.at(x, y) = static_cast<std::uint8_t>(std::min(255, (255 - tone) * 255 / 186));  // red as grey is 69
        }
    EXPECT_LT(difference(ours, theirs), 0.02);
}

TEST_F(SealPictures, ASealIsLiftedStraightWholeAndWithoutPaper) {
    const struct {
        const char* file;
        SealText text;
        double degrees;
    } cases[] = {{"round", unit(kName, kNumber), 0},
                 {"round-turned", unit(kName, kNumber, "合同专用章"), 11},
                 {"round-back", unit("江东垚鑫设计院"), -7.5},
                 {"oval", seal_text(SealShape::oval, kName), -9},
                 {"square", seal_text(SealShape::square, "欧阳修"), 6}};
    for (const auto& one : cases) {
        Sheet sheet;
        sheet.bar(10, 8, 90, 1.2, {30, 30, 30});  // a line of print
        sheet.bar(4, 90, 110, 0.4, {40, 40, 40});
        const Impression seal = printed(one.text);
        sheet.stamp(seal, 60, 50, one.degrees);
        const auto lifted = lift(sheet.page(), one.text.shape);
        ASSERT_TRUE(lifted) << one.file << ": " << lifted.error().message;
        keep(std::string("lifted-") + one.file, lifted->impression);
        EXPECT_NEAR(lifted->turned, -one.degrees, 0.5) << one.file;
        EXPECT_GT(lifted->whole, 0.97) << one.file;
        EXPECT_THAT(lifted->doubts, IsEmpty()) << one.file << lifted->doubts.front();
        EXPECT_NEAR(lifted->impression.width_mm(), one.text.width, 0.4) << one.file;
        EXPECT_NEAR(lifted->impression.height_mm(), one.text.height, 0.4) << one.file;
        EXPECT_LT(difference(printed(one.text, 300), lifted->impression), 0.035) << one.file;
        const auto picture = seal_picture(lifted->impression);
        ASSERT_TRUE(picture);
        EXPECT_TRUE(look_at(*picture)) << one.file;
    }
}

TEST_F(SealPictures, ASheetThatLaySidewaysOrUpsideDownComesOutUpright) {
    SealText invoice = seal_text(SealShape::oval, kName);
    invoice.centre = "发票专用章";
    SealText wide = seal_text(SealShape::square, "欧阳文修");
    wide.width = 22, wide.height = 18;
    const struct {
        const char* file;
        SealText text;
    } cases[] = {{"round", unit(kName, kNumber)},
                 {"few", unit("江东建设", kNumber, "合同专用章")},
                 {"many", unit("江东市垚鑫建设工程项目管理（集团）有限责任公司第12分公司", kNumber, "合同专用章")},
                 {"latin", unit("ABC（江东）科技有限公司", "91320104MA1X1K2L3Q")},
                 {"oval", invoice},
                 {"oval-plain", seal_text(SealShape::oval, "江东垚鑫设计院")},
                 {"square", seal_text(SealShape::square, "欧阳修")},
                 {"wide", wide}};
    for (const auto& one : cases) {
        const Impression seal = printed(one.text), drawn = printed(one.text, 150);
        for (const double degrees : {180.0, -90.0, 143.0}) {
            Sheet sheet;
            sheet.stamp(seal, 60, 50, degrees);
            Expected expected = one.text.shape;
            if (one.text.shape == SealShape::square) expected.drawn = &drawn;
            const auto lifted = lift(sheet.page(), expected);
            ASSERT_TRUE(lifted) << one.file << degrees << ": " << lifted.error().message;
            EXPECT_NEAR(std::remainder(lifted->turned + degrees, 360), 0, 0.6) << one.file << degrees;
            EXPECT_LT(difference(printed(one.text, 300), lifted->impression), 0.04) << one.file << degrees;
            if (one.text.width == one.text.height || one.text.shape == SealShape::oval) {
                EXPECT_THAT(lifted->doubts, IsEmpty()) << one.file << degrees << lifted->doubts.front();
            }
        }
    }
}

TEST_F(SealPictures, WhenNobodyCanTellWhichWayIsUpItIsSaid) {
    // A name that runs all the way round, and a seal without a star.
    const Impression seal = printed(unit(kName));
    Sheet starless;
    starless.stamp(seal, 60, 50, 40);
    starless.bar(52, 42, 16, 16, {244, 242, 236});
    const auto flat = lift(starless.page(), SealShape::round);
    ASSERT_TRUE(flat) << flat.error().message;
    EXPECT_THAT(flat->doubts, testing::Contains(HasSubstr("没有认出五角星")));
    Impression ring = seal;
    for (int y = 0; y < ring.height; ++y)
        for (int x = 0; x < ring.width; ++x) {
            const double far = std::hypot(x - 472.5, y - 472.5) / 472.5;
            if (far > 0.66 && far < 0.8) ring.at(x, y) = (static_cast<int>(std::atan2(y - 472.5, x - 472.5) * 40) & 1) ? 255 : 0;
        }
    Sheet round;
    round.stamp(ring, 60, 50, 40);
    const auto unclear = lift(round.page(), SealShape::round);
    ASSERT_TRUE(unclear) << unclear.error().message;
    EXPECT_THAT(unclear->doubts, testing::Contains(HasSubstr("哪一边朝上")));
    // A name seal in other letters than the drawn ones: as it lies, and the officer looks.
    Sheet other;
    other.stamp(printed(seal_text(SealShape::square, "司马相如")), 60, 50, 90);
    const Impression drawn = printed(seal_text(SealShape::square, "欧阳修"), 150);
    Expected expected = SealShape::square;
    expected.drawn = &drawn;
    const auto kept = lift(other.page(), expected);
    ASSERT_TRUE(kept) << kept.error().message;
    EXPECT_THAT(kept->doubts, testing::Contains(HasSubstr("哪一边朝上")));
}

TEST_F(SealPictures, WhatIsMissingInsideIsSeen) {
    const auto sheet_without = [&](const SealText& text, auto&& gone) {
        Impression seal = printed(text);
        for (int y = 0; y < seal.height; ++y)
            for (int x = 0; x < seal.width; ++x)
                if (gone((x + 0.5) / seal.width * 2 - 1, (y + 0.5) / seal.height * 2 - 1)) seal.at(x, y) = 0;
        Sheet sheet;
        sheet.stamp(seal, 60, 50, 4);
        return sheet;
    };
    const SealText text = unit(kName, kNumber);
    const Impression drawn = printed(text, 150);
    for (const Impression* reference : {static_cast<const Impression*>(nullptr), &drawn}) {
        Expected expected = SealShape::round;
        expected.drawn = reference;
        const auto name = [](double u, double v) { return std::hypot(u, v) > 0.5 && std::hypot(u, v) < 0.92; };
        EXPECT_THAT(refusal(sheet_without(text, name), expected), HasSubstr("文字没有盖出来"));
        EXPECT_THAT(refusal(sheet_without(text, [](double u, double v) { return std::hypot(u, v) < 0.92; }), expected),
                    HasSubstr("文字没有盖出来"));
        const auto whole = lift(sheet_without(text, [](double, double) { return false; }).page(), expected);
        ASSERT_TRUE(whole);
        EXPECT_THAT(whole->doubts, IsEmpty());
    }
    Expected expected = SealShape::round;
    expected.drawn = &drawn;
    const auto half = [](double u, double v) { return std::hypot(u, v) > 0.5 && std::hypot(u, v) < 0.92 && u > 0.55; };
    const auto part = lift(sheet_without(text, half).page(), expected);
    ASSERT_TRUE(part) << part.error().message;
    EXPECT_THAT(part->doubts, testing::Contains(HasSubstr("没有盖全")));
    const auto star = lift(sheet_without(text, [](double u, double v) { return std::hypot(u, v) < 0.4; }).page(), expected);
    ASSERT_TRUE(star) << star.error().message;
    EXPECT_THAT(star->doubts, testing::Contains(HasSubstr("五角星")));
    // The other shapes.
    for (const SealText& other : {seal_text(SealShape::oval, kName), seal_text(SealShape::square, "欧阳修")}) {
        const bool square = other.shape == SealShape::square;
        const auto inside = [square](double u, double v) {
            return square ? std::max(std::abs(u), std::abs(v)) < 0.92 : std::hypot(u, v) < 0.9;
        };
        EXPECT_THAT(refusal(sheet_without(other, inside), other.shape), HasSubstr("文字没有盖出来"));
        const Impression same = printed(other, 150);
        Expected known = other.shape;
        known.drawn = &same;
        EXPECT_THAT(refusal(sheet_without(other, inside), known), HasSubstr("文字没有盖出来"));
    }
}

TEST_F(SealPictures, TheSizeThatWasChosenIsHeldAgainstTheScan) {
    Sheet sheet;
    SealText large = unit(kName, kNumber);
    large.width = large.height = 42;
    sheet.stamp(printed(large), 60, 50);
    Expected expected = SealShape::round;
    expected.width = expected.height = 42;
    const auto right = lift(sheet.page(), expected);
    ASSERT_TRUE(right);
    EXPECT_TRUE(right->as_expected);
    EXPECT_THAT(right->doubts, IsEmpty());
    expected.width = expected.height = 40;
    const auto wrong = lift(sheet.page(), expected);
    ASSERT_TRUE(wrong);
    EXPECT_FALSE(wrong->as_expected);
    EXPECT_THAT(wrong->doubts, testing::ElementsAre(HasSubstr("不是 40×40")));
    // Name seals may have unequal sides; when nobody said so, it is worth a look.
    SealText wide = seal_text(SealShape::square, "欧阳文修");
    wide.width = 22, wide.height = 18;
    Sheet person;
    person.stamp(printed(wide), 60, 50);
    Expected known = SealShape::square;
    known.width = 22, known.height = 18;
    EXPECT_TRUE(lift(person.page(), known)->as_expected);
    EXPECT_THAT(lift(person.page(), known)->doubts, IsEmpty());
    EXPECT_THAT(lift(person.page(), SealShape::square)->doubts, testing::ElementsAre(HasSubstr("长宽不等")));
    known.width = known.height = 20;
    EXPECT_THAT(refusal(person, known), HasSubstr("长宽不一致"));
}

TEST_F(SealPictures, WhatIsNoGoodImpressionIsRefused) {
    const Impression seal = printed(unit(kName, kNumber));
    EXPECT_THAT(refusal(Sheet()), HasSubstr("没有找到红色印章"));
    Sheet coarse(200);
    coarse.stamp(seal, 60, 50);
    EXPECT_THAT(refusal(coarse), HasSubstr("200 dpi"));
    Sheet absurd(300);
    absurd.dpi = 9600;
    EXPECT_THAT(refusal(absurd), HasSubstr("不可信"));
    Sheet two;
    two.stamp(seal, 32, 50);
    two.stamp(seal, 90, 50);
    EXPECT_THAT(refusal(two), HasSubstr("2 个红色印章"));
    Sheet with_name;
    with_name.stamp(seal, 40, 50);
    with_name.stamp(printed(seal_text(SealShape::square, "欧阳修")), 95, 50);
    EXPECT_THAT(refusal(with_name), HasSubstr("2 个红色印章"));
    Sheet cut;
    cut.stamp(seal, 15, 50);
    EXPECT_THAT(refusal(cut), HasSubstr("纸边"));
    Sheet low;
    low.stamp(seal, 60, 85);
    EXPECT_THAT(refusal(low), HasSubstr("纸边"));
    for (const auto& colour : {std::array{30, 40, 170}, std::array{35, 35, 35}}) {
        Sheet other;
        other.stamp(seal, 60, 50, 0, 0.9, colour);
        EXPECT_THAT(refusal(other), HasSubstr("不是红色"));
    }
    Sheet faint;
    faint.stamp(seal, 60, 50, 0, 0.33);
    EXPECT_THAT(refusal(faint), testing::AnyOf(HasSubstr("太淡"), HasSubstr("没有找到")));
    Sheet half;
    half.stamp(seal, 60, 50);
    half.bar(35, 25, 50, 19, {244, 242, 236});
    EXPECT_THAT(refusal(half), testing::AnyOf(HasSubstr("没有盖全"), HasSubstr("长宽不一致")));
    Sheet worn;
    worn.stamp(seal, 60, 50);
    for (const double x : {38.0, 52.0, 66.0})
        for (const double y : {28.0, 64.0}) worn.bar(x, y, 11, 8, {244, 242, 236});
    EXPECT_THAT(refusal(worn), testing::AnyOf(HasSubstr("不完整"), HasSubstr("没有盖全"), HasSubstr("长宽不一致")));
    Sheet small;
    Impression shrunk = seal;
    shrunk.dpi = 900;
    small.stamp(shrunk, 60, 50);
    EXPECT_THAT(refusal(small), HasSubstr("太小"));
    Sheet large;
    shrunk.dpi = 400;
    large.stamp(shrunk, 60, 50);
    EXPECT_THAT(refusal(large), HasSubstr("太大"));
    Sheet square;
    square.stamp(printed(seal_text(SealShape::square, "欧阳修")), 60, 50);
    EXPECT_THAT(refusal(square), HasSubstr("太小")) << "a person's seal where a unit's is asked for";
    const auto nothing = lift({{}, 0, 0, 300}, SealShape::round);
    EXPECT_EQ(nothing.error().kind, ErrorKind::corrupt);
    Sheet broken;
    broken.rgba.pop_back();
    EXPECT_EQ(lift(broken.page(), SealShape::round).error().kind, ErrorKind::corrupt);
}

// Cells of the search are 5 px wide at 300 dpi: spots of 10 px are two of them, in every fifth they stay apart.
TEST_F(SealPictures, ASheetFullOfSpotsDoesNotKeepTheDeskBusy) {
    const Impression seal = printed(unit(kName, kNumber));
    Sheet hostile(300, 212, 212);
    EXPECT_GT(hostile.spots(10, 25), 9000);
    EXPECT_THAT(refusal(hostile), HasSubstr("零散的色块太多"));
    Sheet blue(300, 212, 212);
    blue.spots(10, 25);
    for (size_t i = 0; i < blue.rgba.size(); i += 4) std::swap(blue.rgba[i], blue.rgba[i + 2]);
    EXPECT_THAT(refusal(blue), HasSubstr("没有找到红色印章"));
    // As many as a worn stamp pad leaves behind, and dust, are passed over.
    Sheet spotted;
    spotted.stamp(seal, 60, 50);
    EXPECT_GT(spotted.spots(10, 30, 31), 1000);
    Sheet dusty;
    dusty.stamp(seal, 60, 50);
    EXPECT_GT(dusty.spots(3, 20, 31), 2500);
    for (const Sheet* sheet : {&spotted, &dusty}) {
        const auto lifted = lift(sheet->page(), SealShape::round);
        ASSERT_TRUE(lifted) << lifted.error().message;
        EXPECT_NEAR(lifted->impression.width_mm(), 40, 0.4);
    }
    // One spot as large as the sheet is no seal either.
    Sheet painted(300, 150, 150);
    painted.bar(10, 10, 130, 130, {206, 40, 52});
    EXPECT_THAT(refusal(painted), AllOf(HasSubstr("130"), HasSubstr("太大")));
}

TEST_F(SealPictures, DoubtsAreTold) {
    const Impression seal = printed(unit(kName, kNumber));
    Sheet unknown(300, 210, 297);
    unknown.dpi = 300;
    unknown.stamp(seal, 100, 150);
    PagePixels page = unknown.page();
    page.dpi = 0;
    const auto guessed = lift(page, SealShape::round);
    ASSERT_TRUE(guessed) << guessed.error().message;
    EXPECT_NEAR(guessed->impression.dpi, 300, 1);
    EXPECT_THAT(guessed->doubts, testing::ElementsAre(HasSubstr("A4")));
    Sheet pale;
    pale.stamp(seal, 60, 50, 0, 0.47);
    const auto weak = lift(pale.page(), SealShape::round);
    ASSERT_TRUE(weak) << weak.error().message;
    EXPECT_THAT(weak->doubts, testing::Contains(HasSubstr("偏淡")));
    Sheet printed_over;
    for (int line = 0; line < 5; ++line) printed_over.bar(20, 35 + line * 7, 80, 1.2, {25, 25, 25});
    printed_over.stamp(seal, 60, 50);
    const auto over = lift(printed_over.page(), SealShape::round);
    ASSERT_TRUE(over) << over.error().message;
    EXPECT_THAT(over->doubts, testing::Contains(HasSubstr("压住")));
    Sheet gap;
    gap.stamp(seal, 60, 50);
    for (const double y : {38.0, 43.0, 48.0, 53.0, 58.0}) gap.bar(76, y, 7, 3, {244, 242, 236});
    const auto notched = lift(gap.page(), SealShape::round);
    ASSERT_TRUE(notched) << notched.error().message;
    EXPECT_LT(notched->whole, 0.93);
    EXPECT_THAT(notched->doubts, testing::Contains(HasSubstr("缺口")));
}
