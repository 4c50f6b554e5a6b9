// Every character of what is sent to a label printer: the ZPL drawn as its dots, each character's box against FreeType's own
// drawing of the glyph. ink.h has the judge.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "reports/zpl.h"
#include "tests/reports/characters.h"
#include "tests/reports/document_test.h"
#include "tests/reports/every_document.h"
#include "tests/reports/grid.h"
#include "tests/reports/ink.h"
#include "tests/reports/zpl_drawer.h"

using namespace sealdesk;
using namespace sealdesk::reports;

namespace {

class ZplInk : public DocumentTest {
protected:
    std::string wrong_in(const Paper& sent, const Paper& asked, PrinterDots dots) {
        const auto zpl = zpl_of(sent, fonts(), dots);
        EXPECT_TRUE(zpl) << (zpl ? "" : zpl.error().message);
        const auto labels = drawn_zpl(zpl.value_or(""));
        EXPECT_TRUE(labels) << (labels ? "" : labels.error().message);
        if (!labels || labels->size() != asked.pages.size()) return "?";
        InkJudge judge(fonts());
        std::u32string wrong;
        for (size_t i = 0; i < labels->size(); ++i)
            wrong += judge.wrong_on(picture_of((*labels)[i].dots), asked.pages[i], per_mm(dots));
        return text_of(wrong);
    }
};

}  // namespace

TEST_F(ZplInk, EveryCharacterIsDrawnAt203Dpi) {
    const Paper paper = grid(every_character(fonts()) + punctuation());
    EXPECT_EQ(wrong_in(paper, paper, PrinterDots::dpi203), "");
}

TEST_F(ZplInk, EveryCharacterIsDrawnInBold) {
    const Paper paper = grid(every_character(fonts()) + punctuation(), Weight::bold);
    EXPECT_EQ(wrong_in(paper, paper, PrinterDots::dpi300), "");
}

TEST_F(ZplInk, LabelsOfAllSizesAreInked) {
    for (const LabelSize size : {LabelSize::mm100x180, LabelSize::mm100x150, LabelSize::mm76x130})
        for (const PrinterDots dots : {PrinterDots::dpi203, PrinterDots::dpi300}) {
            const auto paper = layout_labels({rare_label()}, fonts(), size, dots);
            ASSERT_TRUE(paper) << paper.error().message;
            Paper black = *paper;  // a thermal printer has no grey
            for (Mark& mark : black.pages[0].marks)
                if (auto* text = std::get_if<TextMark>(&mark); text && text->colour == kGrey) text->colour = kBlack;
            EXPECT_EQ(wrong_in(*paper, black, dots), "");
        }
}

TEST_F(ZplInk, TheComparisonNoticesABlankAndAWrongCharacter) {
    const Paper asked = grid(U"电子印章𠮷·");
    Paper sent = asked;
    sent.pages[0].marks.erase(sent.pages[0].marks.begin() + 4, sent.pages[0].marks.end());
    std::get<TextMark>(sent.pages[0].marks[1]).text = "了";
    EXPECT_EQ(wrong_in(sent, asked, PrinterDots::dpi203), "子𠮷·");
}

// FreeType draws no outline that is far too large: that is said, and nothing is sent.
TEST_F(ZplInk, WhatCannotBeDrawnIsAnError) {
    Dots dots(100, 100);
    const auto drawn = draw_text(dots, fonts(), "印", 0, 50, 1e7, Weight::regular);
    ASSERT_FALSE(drawn);
    EXPECT_EQ(drawn.error().kind, ErrorKind::internal);
    EXPECT_TRUE(draw_text(dots, fonts(), "印", 0, 50, 40, Weight::regular));
}
