#include "reports/fonts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "base/text.h"
#include "tests/reports/document_test.h"

using namespace sealdesk;
using namespace sealdesk::reports;

namespace {

class FontsTest : public DocumentTest {};

}  // namespace

TEST_F(FontsTest, EachCharacterHasItsSource) {
    for (const char32_t c : std::u32string_view(U"电子印章垚龘A1 　（）·¥"))
        EXPECT_EQ(fonts().source(c), GlyphSource::main) << utf8(c);
    for (const char32_t c : std::u32string_view(U"𠮷𬭎⊗")) EXPECT_EQ(fonts().source(c), GlyphSource::outline) << utf8(c);
    for (const char32_t c : {U'\n', U'\u200F', U'\u202E', U'\uFEFF', U'\u0301', U'ت', U'\uE000', U'\U000E0100', U'\U00031350'})
        EXPECT_EQ(fonts().source(c), GlyphSource::none) << static_cast<unsigned>(c);
    EXPECT_NE(fonts().font_of(U'𠮷').file, fonts().main_font().file);
}

TEST_F(FontsTest, WidthsAddUp) {
    EXPECT_DOUBLE_EQ(fonts().advance(U'印'), 1.0);
    EXPECT_NEAR(fonts().width("电子印章", 10), 4 * 10 * 25.4 / 72, 1e-9);
    EXPECT_LT(fonts().advance(U'1'), 0.7);
    EXPECT_GT(fonts().advance(U'1'), 0.3);
}

TEST_F(FontsTest, NoGlyphLeavesItsLine) {
    size_t seen = 0;
    for (char32_t c = 0x21; c < 0x3100; ++c) {
        if (fonts().source(c) == GlyphSource::none) continue;
        ++seen;
        for (const PathStep& step : fonts().outline(c)) {
            const int last = step.kind == PathStep::Kind::curve ? 2 : 0;
            ASSERT_LE(step.y[last], kAscent + 1e-9) << utf8(c);
            ASSERT_GE(step.y[last], -kDescent - 1e-9) << utf8(c);
        }
    }
    EXPECT_GT(seen, 2000U);
}

TEST_F(FontsTest, TheCutFontIsSmallAndAlwaysTheSame) {
    const std::set<char32_t> some{U'电', U'子', U'印', U'章', U'A', U'1'};
    const auto cut = fonts().cut(some);
    ASSERT_TRUE(cut) << cut.error().message;
    EXPECT_LT(cut->size(), 10'000U);
    EXPECT_EQ(*cut, *fonts().cut(some));
    EXPECT_EQ(cut->substr(0, 4), std::string("\0\1\0\0", 4));
}

TEST_F(FontsTest, AMachineWithoutAChineseTrueTypeFontIsToldWhatToInstall) {
    const fs::path empty =
        saved("fonts.conf",
              "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\"><fontconfig><dir>/nowhere</dir>"
              "<cachedir>/nowhere</cachedir></fontconfig>");
    setenv("FONTCONFIG_FILE", empty.c_str(), 1);
    const auto found = Fonts::find();
    unsetenv("FONTCONFIG_FILE");
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind, ErrorKind::unavailable);
    EXPECT_NE(found.error().message.find("fonts-wqy-zenhei"), std::string::npos);
}
