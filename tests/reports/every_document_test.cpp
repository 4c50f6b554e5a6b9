// What holds for every kind of document: nothing leaves its box or overprints, the same input gives the same bytes, every font
// lies in the file, and what is copied out is what was laid out, character by character.
#include "tests/reports/every_document.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "tests/reports/characters.h"
#include "tests/reports/document_test.h"

using namespace sealdesk;
using namespace sealdesk::reports;

namespace {

class EveryDocument : public DocumentTest {
protected:
    void expect_fonts_embedded(const std::string& name, const std::string& pdf) {
        const auto lines = split(output_of({"pdffonts", saved("fonts.pdf", pdf)}), '\n');
        size_t fonts_seen = 0;
        for (size_t i = 2; i < lines.size(); ++i) {
            if (lines[i].empty()) continue;
            ++fonts_seen;
            EXPECT_NE(lines[i].find("CID TrueType      Identity-H       yes yes yes"), std::string::npos) << name << lines[i];
        }
        EXPECT_EQ(fonts_seen, 1U) << name;
    }
};

}  // namespace

TEST_F(EveryDocument, FitsItsBoxesAndNothingIsOverprinted) {
    for (const DocumentKind& kind : kEveryDocument) {
        SCOPED_TRACE(kind.name);
        const auto paper = kind.paper(fonts());
        ASSERT_TRUE(paper) << paper.error().message;
        expect_marks_inside(*paper);
        expect_nothing_overprinted(*paper);
    }
}

TEST_F(EveryDocument, IsTheSameBytesAgainAlsoFromFontsFoundAgain) {
    const auto again = Fonts::find();
    ASSERT_TRUE(again);
    std::set<std::string> seen;
    for (const DocumentKind& kind : kEveryDocument) {
        const auto first = kind.pdf(fonts());
        ASSERT_TRUE(first) << kind.name << first.error().message;
        EXPECT_EQ(*first, kind.pdf(fonts()).value()) << kind.name;
        EXPECT_EQ(*first, kind.pdf(*again).value()) << kind.name;
        EXPECT_TRUE(seen.insert(*first).second) << kind.name << " is another kind's";
    }
}

TEST_F(EveryDocument, HasItsFontsEmbedded) {
    for (const DocumentKind& kind : kEveryDocument) expect_fonts_embedded(kind.name, kind.pdf(fonts()).value());
}

TEST_F(EveryDocument, IsCopiedOutAsItWasLaidOut) {
    for (const DocumentKind& kind : kEveryDocument)
        expect_copied_out(kind.pdf(fonts()).value(), kind.paper(fonts()).value(), kind.name);
}

// Text extraction must be able to fail: another character, and one that is missing.
TEST_F(EveryDocument, CopyingNoticesAnotherCharacter) {
    Label other = rare_label();
    other.recipient.name = "𠮷田𬭎·龘圭";
    EXPECT_NE(copied_out(label_pdf(rare_label(), fonts()).value()), said_on(layout_labels({other}, fonts()).value()));
    other.recipient.name = "𠮷田𬭎·龘";
    EXPECT_NE(copied_out(label_pdf(rare_label(), fonts()).value()), said_on(layout_labels({other}, fonts()).value()));
}
