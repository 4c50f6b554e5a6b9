// The label as ZPL, drawn by a printer of the tests' own: it reads back, looks like the PDF, and nothing that a person
// wrote can become a command.
#include "reports/zpl.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/text.h"
#include "tests/reports/document_test.h"
#include "tests/reports/samples.h"
#include "tests/reports/zpl_drawer.h"

using namespace sealdesk;
using namespace sealdesk::reports;

namespace {

constexpr LabelSize kSizes[] = {LabelSize::mm100x180, LabelSize::mm100x150, LabelSize::mm76x130};

class ZplTest : public DocumentTest {
protected:
    std::vector<DrawnLabel> drawn(const std::string& zpl) {
        auto labels = drawn_zpl(zpl);
        EXPECT_TRUE(labels) << (labels ? "" : labels.error().message);
        return labels ? *labels : std::vector<DrawnLabel>{};
    }
    std::string zpl_of_label(const Label& label, LabelSize size, PrinterDots dots) {
        const auto zpl = labels_zpl({label}, fonts(), size, dots);
        EXPECT_TRUE(zpl) << (zpl ? "" : zpl.error().message);
        return zpl.value_or("");
    }
    // The page as black and white dots of 203.2 a inch, as a label printer's driver would make it.
    Dots printed(const std::string& pdf) {
        output_of({"pdftoppm", "-q", "-r", "203.2", "-mono", saved("page.pdf", pdf), folder_ / "page"});
        fs::path picture;
        for (const auto& entry : fs::directory_iterator(folder_))
            if (entry.path().extension() == ".pbm") picture = entry.path();
        const std::string bytes = read_file(picture).value_or("");
        fs::remove(picture);
        return dots_of(bytes);
    }
};

int ink(const Dots& dots, int left, int top, int side) {
    int black = 0;
    for (int y = top; y < top + side; ++y)
        for (int x = left; x < left + side; ++x) black += dots.black(x, y);
    return black;
}

}  // namespace

TEST_F(ZplTest, PaperIsAsWideAndHighAsItsDots) {
    const auto dots_of = [&](LabelSize size, PrinterDots dots) {
        const auto labels = drawn(zpl_of_label(samples::label(), size, dots));
        return labels.empty() ? std::pair(0, 0) : std::pair(labels[0].dots.w, labels[0].dots.h);
    };
    EXPECT_EQ(dots_of(LabelSize::mm100x180, PrinterDots::dpi203), std::pair(800, 1440));
    EXPECT_EQ(dots_of(LabelSize::mm100x150, PrinterDots::dpi203), std::pair(800, 1200));
    EXPECT_EQ(dots_of(LabelSize::mm76x130, PrinterDots::dpi203), std::pair(608, 1040));
    EXPECT_EQ(dots_of(LabelSize::mm76x130, PrinterDots::dpi300), std::pair(912, 1560));
}

TEST_F(ZplTest, LooksLikeThePdf) {
    Label label = samples::label();
    label.recipient.name = "𠮷田𬭎·龘垚";
    for (const LabelSize size : kSizes) {
        const auto labels = drawn(zpl_of_label(label, size, PrinterDots::dpi203));
        ASSERT_EQ(labels.size(), 1U);
        const Dots page = printed(label_pdf(label, fonts(), size).value());
        constexpr int kBlock = 16;  // two millimetres
        int blocks = 0, far = 0;
        for (int y = 0; y < labels[0].dots.h; y += kBlock) {
            for (int x = 0; x < labels[0].dots.w; x += kBlock) {
                ++blocks;
                far += std::abs(ink(labels[0].dots, x, y, kBlock) - ink(page, x, y, kBlock)) > 64;  // a quarter of it
            }
        }
        EXPECT_LE(far, blocks / 100) << blocks;
    }
}

TEST_F(ZplTest, OnlyAsciiIsSentAndSmall) {
    const std::string zpl = zpl_of_label(samples::label(), LabelSize::mm100x180, PrinterDots::dpi203);
    for (const char c : zpl) ASSERT_TRUE((c >= ' ' && c <= '~') || c == '\n') << static_cast<int>(c);
    EXPECT_LT(zpl.size(), 60'000U);
    const auto labels = drawn(zpl);
    ASSERT_EQ(labels.size(), 1U);
    EXPECT_GE(labels[0].pictures, 20);
    EXPECT_EQ(labels[0].codes, (std::vector<std::string>{">:SD7>5444496931331", ">:SD7>5444496931331"}));  // the stub's too
}

TEST_F(ZplTest, NothingThatAPersonWroteBecomesACommand) {
    Label label = samples::label();
    label.recipient.name = "^XZ~JA_5E ^FS";
    label.recipient.address = "No. 7 ^XA^FO0,0^GB800,1440,800^FS ~HS";
    label.waybill = "A^B~C>D_1234";
    const auto labels = drawn(zpl_of_label(label, LabelSize::mm100x180, PrinterDots::dpi203));
    ASSERT_EQ(labels.size(), 1U);
    EXPECT_EQ(codes_in(saved("odd.pbm", pbm_of(labels[0].dots))), "CODE-128:A^B~C>D_1234\n");
}

TEST_F(ZplTest, DigitsArePackedInPairs) {
    EXPECT_EQ(zpl_code128("73512345678901").field, ">;73512345678901");
    EXPECT_EQ(zpl_code128("73512345678901").modules, 35 + 7 * 11);
    EXPECT_EQ(zpl_code128("SD7444496931331").field, ">:SD7>5444496931331");
    EXPECT_EQ(zpl_code128("EA123456785CN").field, ">:EA1>523456785>6CN");
    EXPECT_EQ(zpl_code128("12345AB").field, ">;1234>65AB");
    EXPECT_EQ(zpl_code128("12345AB").modules, 35 + 6 * 11);
    EXPECT_EQ(zpl_code128("ABC12DE").field, ">:ABC12DE");
}

TEST_F(ZplTest, LabelsFollowEachOtherAndWhatCannotPrintIsRefused) {
    Label second = samples::label();
    second.waybill = "SD7444496931332";
    const auto zpl = labels_zpl({samples::label(), second}, fonts(), LabelSize::mm100x150, PrinterDots::dpi203);
    ASSERT_TRUE(zpl) << zpl.error().message;
    EXPECT_EQ(drawn(*zpl).size(), 2U);
    EXPECT_EQ(*zpl, *labels_zpl({samples::label(), second}, fonts(), LabelSize::mm100x150, PrinterDots::dpi203));
    second.recipient.name = "王𱍐";
    const auto refused = labels_zpl({second}, fonts(), LabelSize::mm100x150, PrinterDots::dpi203);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("U+31350"), std::string::npos) << refused.error().message;
}
