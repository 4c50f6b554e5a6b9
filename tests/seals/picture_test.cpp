// The picture of a seal as PNG: what is written, and what is said about those of others.
#include "seals/picture.h"

#include <gmock/gmock.h>
#include <zlib.h>

#include <random>

#include "seal_parts.h"

using namespace sealdesk;
using namespace sealdesk::seals;
using namespace sealdesk::tests;
using testing::AllOf;
using testing::HasSubstr;

namespace {

std::string number(std::uint32_t value) {
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
    return out;
}
std::string chunk(const std::string& name, const std::string& content) {
    const std::string body = name + content;
    const auto sum = crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
    return number(static_cast<std::uint32_t>(content.size())) + body + number(static_cast<std::uint32_t>(sum));
}
const std::string kMark("\x89PNG\r\n\x1a\n", 8);
std::string head(std::uint32_t width, std::uint32_t height, char kind = 6) {
    return chunk("IHDR", number(width) + number(height) + std::string{8, kind, 0, 0, 0});
}

// Of every pixel of a PNG that was made here, row by row.
std::vector<int> grades_of(const std::string& png, int width, int height) {
    const size_t at = png.find("IDAT");
    std::string rows(static_cast<size_t>(height) * static_cast<size_t>((width + 1) / 2 + 1), '\0');
    uLongf size = rows.size();
    EXPECT_EQ(uncompress(reinterpret_cast<Bytef*>(rows.data()), &size, reinterpret_cast<const Bytef*>(png.data() + at + 4),
                         static_cast<uLong>(png.size() - at - 4)),
              Z_OK);
    std::vector<int> grades;
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const auto two = static_cast<unsigned char>(rows[static_cast<size_t>(y * ((width + 1) / 2 + 1) + 1 + x / 2)]);
            grades.push_back(x % 2 == 0 ? two >> 4 : two & 15);
        }
    return grades;
}

std::string refusal(const std::string& data, const std::string& type = "PNG", int width = 40, int height = 40) {
    const auto looked = look_at({type, data, width, height});
    EXPECT_FALSE(looked) << "was accepted";
    return looked ? std::string() : looked.error().message;
}

}  // namespace

TEST(Picture, IsWrittenWithTransparencyAndResolution) {
    Impression impression;
    impression.width = 945;
    impression.height = 941;  // odd and even rows
    impression.ink.assign(945 * 941, 0);
    impression.at(944, 940) = 255;
    const auto png = png_of(impression);
    ASSERT_TRUE(png);
    EXPECT_EQ(*png, *png_of(impression)) << "the same bytes every time";
    const auto picture = seal_picture(impression);
    EXPECT_EQ(picture->width, 40);
    const auto facts = look_at(*picture);
    ASSERT_TRUE(facts) << facts.error().message;
    EXPECT_EQ(facts->width, 945);
    EXPECT_EQ(facts->height, 941);
    EXPECT_NEAR(facts->dpi, 600, 0.1);
    EXPECT_TRUE(facts->transparent);
    impression.ink.pop_back();
    EXPECT_FALSE(png_of(impression)) << "pixels are missing";
    EXPECT_FALSE(png_of({}));
}

TEST(Picture, OfAFineScanIsMadeCoarserUntilAKeyHoldsIt) {
    Impression fine;  // 36 mm, half of them ink
    fine.width = fine.height = 3402;
    fine.dpi = 2400;
    fine.ink.assign(3402 * 1701, 255);
    fine.ink.resize(3402 * 3402, 0);
    const auto scanned = seal_picture(fine);
    ASSERT_TRUE(scanned) << scanned.error().message;
    EXPECT_EQ(scanned->width, 36);
    EXPECT_TRUE(check_for_new_seal(*scanned));
    const auto facts = look_at(*scanned);
    EXPECT_EQ(facts->width, 851);
    EXPECT_NEAR(facts->dpi, 600, 0.1);
    const auto grades = grades_of(scanned->data, 851, 851);
    EXPECT_EQ(grades[0], 15);
    EXPECT_EQ(grades[static_cast<size_t>(851 * 424)], 15);
    EXPECT_EQ(grades[static_cast<size_t>(851 * 425)], 4) << "one line of four is ink";
    EXPECT_EQ(grades[static_cast<size_t>(851 * 426)], 0);
    // Larger than a PNG of a seal may be before it is made coarser.
    fine.width = fine.height = 4429;
    fine.dpi = 2500;
    fine.ink.assign(4429 * 4429, 255);
    const auto finest = seal_picture(fine);
    ASSERT_TRUE(finest) << finest.error().message;
    EXPECT_EQ(look_at(*finest)->width, 1063);
    // So restless that a KEY holds it at 300 dpi alone.
    Impression restless;
    restless.width = restless.height = 850;
    std::minstd_rand noise(7);
    for (int i = 0; i < 850 * 850; ++i) restless.ink.push_back((noise() >> 10 & 1) != 0 ? 255 : 0);
    const auto small = seal_picture(restless);
    ASSERT_TRUE(small) << small.error().message;
    EXPECT_LE(small->data.size(), kLargestPicture);
    EXPECT_EQ(look_at(*small)->width, 425);
    EXPECT_TRUE(check_for_new_seal(*small));
    // What is of 300 dpi already stays as it is, and is too large.
    restless.dpi = 300;
    const auto large = seal_picture(restless);
    ASSERT_TRUE(large) << large.error().message;
    EXPECT_EQ(large->data, *png_of(restless));
    EXPECT_THAT(check_for_new_seal(*large).error().message, AllOf(HasSubstr("KEY 里最多放得下 64 KB"), HasSubstr("300 dpi")));
}

TEST(Picture, OfOthersIsJudgedWithoutDecoding) {
    const std::string good = kMark + head(80, 80) + chunk("IDAT", "x") + chunk("IEND", "");
    EXPECT_TRUE(look_at({"PNG", good, 40, 40}));
    EXPECT_TRUE(look_at({"png", good, 40, 40}));
    EXPECT_TRUE(look_at({"JPG", "\xff\xd8\xff\xe0", 40, 40}));
    EXPECT_TRUE(look_at({"SVG", "<?xml?><svg/>", 40, 40}));
    EXPECT_TRUE(look_at({"OFD", "PK\x03\x04", 40, 40}));
    EXPECT_TRUE(look_at({"GIF", "GIF89a", 40, 40}));
    EXPECT_TRUE(look_at({"BMP", "BM", 40, 40}));
    EXPECT_THAT(refusal(""), HasSubstr("没有图片"));
    EXPECT_THAT(refusal("x"), HasSubstr("不是 PNG"));
    EXPECT_THAT(refusal(good, "JPG"), HasSubstr("不是 JPG"));
    EXPECT_THAT(refusal(good, "EXE"), HasSubstr("不认识"));
    EXPECT_THAT(refusal("hello", "SVG"), HasSubstr("不是 SVG"));
    EXPECT_THAT(refusal(kMark), HasSubstr("不完整"));
    EXPECT_THAT(refusal(good.substr(0, good.size() - 1)), HasSubstr("损坏"));
    EXPECT_THAT(refusal(good + "x"), HasSubstr("损坏"));
    EXPECT_THAT(refusal(kMark + head(80, 80) + chunk("IEND", "")), HasSubstr("不完整"));
    EXPECT_THAT(refusal(kMark + head(80, 80) + chunk("IDAT", "x")), HasSubstr("不完整"));
    EXPECT_THAT(refusal(kMark + chunk("IDAT", "x") + head(80, 80) + chunk("IEND", "")), HasSubstr("损坏"));
    EXPECT_THAT(refusal(kMark + head(80, 80) + head(80, 80) + chunk("IEND", "")), HasSubstr("损坏"));
    EXPECT_THAT(refusal(kMark + head(0, 80) + chunk("IDAT", "x") + chunk("IEND", "")), HasSubstr("损坏"));
    EXPECT_THAT(refusal(kMark + chunk("IHDR", "short") + chunk("IEND", "")), HasSubstr("损坏"));
    EXPECT_THAT(refusal(kMark + head(0xffffffff, 80) + chunk("IDAT", "x") + chunk("IEND", "")), HasSubstr("损坏"));
    EXPECT_THAT(refusal(kMark + number(0xfffffff0) + "IHDR" + std::string(40, 'x')), HasSubstr("不完整"));
    std::string wrong = good;
    wrong[20] = static_cast<char>(wrong[20] ^ 1);
    EXPECT_THAT(refusal(wrong), HasSubstr("校验和"));
    EXPECT_THAT(refusal(good, "PNG", 0, 40), HasSubstr("尺寸"));
    for (size_t cut = 0; cut < good.size(); ++cut) EXPECT_FALSE(look_at({"PNG", good.substr(0, cut), 40, 40})) << cut;
}

TEST(Picture, WhatIsOnlyOddIsRemarkedAndNotForASealOfOurs) {
    const std::string large = kMark + head(5000, 5000) + chunk("IDAT", "x") + chunk("IEND", ""),
                      good = kMark + head(80, 80) + chunk("IDAT", "x") + chunk("IEND", "");
    EXPECT_EQ(look_at({"PNG", good, 40, 40})->remark, "");
    EXPECT_TRUE(look_at_own({"PNG", good, 40, 40}));
    const struct {
        SealPicture picture;
        const char* said;
    } odd[] = {{{"PNG", large, 40, 40}, "太大"}, {{"PNG", good, 40, 30}, "比例"}, {{"PNG", large, 40, 30}, "太大"}};
    for (const auto& one : odd) {
        const auto facts = look_at(one.picture);
        ASSERT_TRUE(facts) << facts.error().message;
        EXPECT_THAT(facts->remark, HasSubstr(one.said));
        EXPECT_EQ(look_at_own(one.picture).error().message, facts->remark);
        EXPECT_EQ(check_for_new_seal(one.picture).error().message, facts->remark);
    }
    EXPECT_EQ(look_at_own({"PNG", "x", 40, 40}).error().message, look_at({"PNG", "x", 40, 40}).error().message);
}

TEST(Picture, ForANewSealIsTransparentAndFineEnough) {
    const auto refused = [](const SealPicture& picture) {
        const auto checked = check_for_new_seal(picture);
        EXPECT_FALSE(checked) << "was accepted";
        return checked ? std::string() : checked.error().message;
    };
    EXPECT_TRUE(check_for_new_seal(small_picture()));
    SealPicture coarse = small_picture();
    coarse.width = coarse.height = 60;
    EXPECT_THAT(refused(coarse), HasSubstr("200 dpi"));
    const std::string paper = kMark + head(600, 600, 2) + chunk("IDAT", "x") + chunk("IEND", "");
    EXPECT_THAT(refused({"PNG", paper, 40, 40}), HasSubstr("没有透明背景"));
    const auto of_bytes = [](size_t bytes) {
        const auto png = [](size_t pixels) {
            return kMark + head(600, 600) + chunk("IDAT", std::string(pixels, 'x')) + chunk("IEND", "");
        };
        return SealPicture{"PNG", png(bytes - png(0).size()), 40, 40};
    };
    EXPECT_TRUE(check_for_new_seal(of_bytes(kLargestPicture)));
    EXPECT_THAT(refused(of_bytes(kLargestPicture + 1)), HasSubstr("有 65 KB"));
    EXPECT_THAT(refused({"JPG", "\xff\xd8\xff\xe0", 40, 40}), HasSubstr("PNG"));
    EXPECT_THAT(refused({"PNG", "nothing", 40, 40}), HasSubstr("不是 PNG"));
    EXPECT_NEAR(look_at_png(small_picture().data)->dpi, 300, 0.1);
    EXPECT_THAT(look_at_png("nothing").error().message, HasSubstr("不是 PNG"));
}
