// The picture of a seal as PNG: what is written, and what is said about those of others.
#include "seals/picture.h"

#include <gmock/gmock.h>
#include <zlib.h>

#include "seal_parts.h"

using namespace sealdesk;
using namespace sealdesk::seals;
using namespace sealdesk::tests;
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
    EXPECT_THAT(refusal(kMark + head(5000, 5000) + chunk("IDAT", "x") + chunk("IEND", "")), HasSubstr("太大"));
    EXPECT_THAT(refusal(kMark + head(0xffffffff, 80) + chunk("IDAT", "x") + chunk("IEND", "")), HasSubstr("太大"));
    EXPECT_THAT(refusal(kMark + number(0xfffffff0) + "IHDR" + std::string(40, 'x')), HasSubstr("不完整"));
    std::string wrong = good;
    wrong[20] = static_cast<char>(wrong[20] ^ 1);
    EXPECT_THAT(refusal(wrong), HasSubstr("校验和"));
    EXPECT_THAT(refusal(good, "PNG", 40, 30), HasSubstr("比例"));
    EXPECT_THAT(refusal(good, "PNG", 0, 40), HasSubstr("尺寸"));
    for (size_t cut = 0; cut < good.size(); ++cut) EXPECT_FALSE(look_at({"PNG", good.substr(0, cut), 40, 40})) << cut;
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
    EXPECT_THAT(refused({"JPG", "\xff\xd8\xff\xe0", 40, 40}), HasSubstr("PNG"));
    EXPECT_THAT(refused({"PNG", "nothing", 40, 40}), HasSubstr("不是 PNG"));
    EXPECT_NEAR(look_at_png(small_picture().data)->dpi, 300, 0.1);
    EXPECT_THAT(look_at_png("nothing").error().message, HasSubstr("不是 PNG"));
}
