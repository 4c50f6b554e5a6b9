// Every character is inked: pages are rendered by poppler and each character's box is compared, dot by dot, with FreeType's own
// drawing of the same glyph. Text extraction would not notice a blank; it is compared as well, since what is printed must also
// be what is copied. Here the characters stand on a grid; ink_documents_test.cpp has the documents, zpl_ink_test.cpp the ZPL.
#include "tests/reports/ink.h"

#include <gtest/gtest.h>

#include "reports/pdf.h"
#include "tests/reports/characters.h"
#include "tests/reports/document_test.h"
#include "tests/reports/grid.h"

using namespace sealdesk;
using namespace sealdesk::reports;

namespace {

constexpr int kDpi = 216;  // three dots a point

class InkTest : public DocumentTest {
protected:
    // The characters of `asked` that are not inked where they are asked for; bold is drawn finer, because poppler moves the
    // edges of a rim to whole dots.
    std::u32string wrong_in(const Paper& drawn, const Paper& asked, int dpi = kDpi) {
        const auto pdf = pdf_of(drawn, fonts());
        EXPECT_TRUE(pdf) << (pdf ? "" : pdf.error().message);
        if (!pdf) return U"?";
        InkJudge judge(fonts());
        std::u32string wrong;
        size_t page = 0;
        for_each_page(*pdf, {"-gray", "-r", std::to_string(dpi)}, [&](const std::string& pgm) {
            if (page < asked.pages.size()) wrong += judge.wrong_on(picture_of(pgm), asked.pages[page], dpi / 25.4);
            ++page;
        });
        EXPECT_EQ(page, asked.pages.size());
        return wrong;
    }
    void expect_inked_and_copied(const std::u32string& characters) {
        const Paper paper = grid(characters);
        EXPECT_EQ(text_of(wrong_in(paper, paper)), "");
        EXPECT_EQ(copied_out(pdf_of(paper, fonts()).value()), text_of(characters));
    }
    void expect_bold_inked(const std::u32string& characters) {
        const Paper paper = grid(characters, Weight::bold);
        EXPECT_EQ(text_of(wrong_in(paper, paper, 2 * kDpi)), "");
    }
};

}  // namespace

TEST_F(InkTest, EveryCharacterOfGb2312IsInkedAndCopied) {
    const std::u32string characters = gb2312();
    ASSERT_EQ(characters.size(), 6763U);
    expect_inked_and_copied(characters);
}

TEST_F(InkTest, RarerCharactersAreInkedAndCopied) {
    const std::u32string rare = rarer(fonts());
    ASSERT_EQ(rare.size(), 2000U);
    expect_inked_and_copied(rare);
}

TEST_F(InkTest, CharactersOutsideTheBmpAndPunctuationAreInkedAndCopied) {
    const std::u32string outside = outside_the_bmp(fonts());
    ASSERT_GE(outside.size(), 200U);
    expect_inked_and_copied(outside + punctuation());
}

TEST_F(InkTest, EveryCharacterOfGb2312IsInkedInBold) { expect_bold_inked(gb2312()); }

TEST_F(InkTest, RarerCharactersAreInkedInBold) { expect_bold_inked(rarer(fonts()) + outside_the_bmp(fonts()) + punctuation()); }

// The gate must be able to fail: a missing character, another one in its place, and a black box on it.
TEST_F(InkTest, TheComparisonNoticesABlankAWrongCharacterAndABlackBox) {
    for (const Weight weight : {Weight::regular, Weight::bold}) {
        const Paper asked = grid(U"电子印章𠮷龘", weight);
        Paper drawn = asked;
        for (const size_t boxed : {size_t{2}, size_t{5}}) {
            const TextMark mark = std::get<TextMark>(asked.pages[0].marks[boxed]);
            const double em = mark.size / kPointsPerMm;
            drawn.pages[0].marks.push_back(FillMark{{mark.x, mark.baseline - 0.86 * em, em, em}, kBlack});
        }
        drawn.pages[0].marks.erase(drawn.pages[0].marks.begin() + 4);
        std::get<TextMark>(drawn.pages[0].marks[1]).text = "了";
        EXPECT_EQ(text_of(wrong_in(drawn, asked)), "子印𠮷龘");
    }
}

// The smallest marks at the smallest size have a dozen dots of ink.
TEST_F(InkTest, TheComparisonNoticesAMissingDot) {
    for (const Weight weight : {Weight::regular, Weight::bold}) {
        const std::u32string marks = U"·.,'、。：-一丶";
        const Paper asked = grid(marks, weight, 4.5);
        EXPECT_EQ(text_of(wrong_in(asked, asked)), "");
        Paper drawn = asked;
        drawn.pages[0].marks = {asked.pages[0].marks[0]};
        EXPECT_EQ(text_of(wrong_in(drawn, asked)), text_of(marks.substr(1)));
    }
}
