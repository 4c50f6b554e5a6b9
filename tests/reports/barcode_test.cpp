#include "reports/barcode.h"

#include <gtest/gtest.h>

#include <cmath>

#include "reports/pdf.h"
#include "tests/reports/document_test.h"
#include "tests/reports/every_document.h"
#include "tests/reports/zpl_drawer.h"

using namespace sealdesk;
using namespace sealdesk::reports;

namespace {

constexpr LabelSize kSizes[] = {LabelSize::mm100x180, LabelSize::mm100x150, LabelSize::mm76x130};
constexpr const char* kNumbers[] = {"SD7444496931331",    "EA123456785CN",          "JDVA12345678901234", "73512345678901",
                                    "YT1234567890123456", "9400111899223100001234", "DPK-364A-001-77",    "A1B2C3D4"};
constexpr const char* kLongest[] = {"ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEF", "12345678901234567890123456789012",
                                    "A1234567890123456789012345678901", "SEALDESK-2026-11-28-REGION-EAST1",
                                    "W1W1W1W1W1W1W1W1W1W1W1W1W1W1W1W1", "ABCDEFGHIJKLMNOPQRSTUV",
                                    "ABCDEFGHIJKLMNOPQRSTUVWXYZABC"};

class BarcodeTest : public DocumentTest {
protected:
    // Puts every code of the page aside as a picture of its own, with its quiet zones and nothing else of the page: two codes
    // that say the same do not speak for each other. Returns how many there are.
    int take(const Dots& page, const Page& laid_out, int per_mm) {
        int codes = 0;
        for (const Mark& mark : laid_out.marks) {
            const auto* bars = std::get_if<BarsMark>(&mark);
            if (!bars) continue;
            const bool square = bars->kind == "qr";
            double module = 1e9;
            for (const Area& bar : bars->bars) module = std::min(module, square ? 0.5 : bar.w);
            const auto at = [&](double mm) { return static_cast<int>(std::lround(std::max(0.0, mm) * per_mm)); };
            const double quiet = (square ? 4 : 10) * module;
            const int x = at(bars->area.x - quiet), y = at(bars->area.y - (square ? quiet : 0));
            // A scanner's eye is finer than the printer's dots: three of its pixels a dot.
            constexpr int kEye = 3;
            Dots cut(kEye * (at(bars->area.right() + quiet) - x), kEye * (at(bars->area.bottom() + (square ? quiet : 0)) - y));
            for (int row = 0; row < cut.h; ++row)
                for (int column = 0; column < cut.w; ++column)
                    cut.set(column, row, page.black(x + column / kEye, y + row / kEye));
            pictures_.push_back(saved("code" + std::to_string(pictures_.size()) + ".pbm", pbm_of(cut)));
            expected_ += (square ? "QR-Code:" : "CODE-128:") + bars->data + "\n";
            ++codes;
        }
        return codes;
    }
    // The PDF as a 203 dpi printer puts it on paper: black or white, no grey.
    int take(const std::string& pdf, const Paper& paper) {
        int codes = 0;
        size_t page = 0;
        for_each_page(pdf, {"-mono", "-r", "203.2"}, [&](const std::string& pbm) {
            ASSERT_LT(page, paper.pages.size());
            codes += take(dots_of(pbm), paper.pages[page++], 8);
        });
        return codes;
    }
    int take_zpl(const Label& label, LabelSize size, PrinterDots dots) {
        const auto paper = layout_labels({label}, fonts(), size, dots);
        const auto zpl = labels_zpl({label}, fonts(), size, dots);
        EXPECT_TRUE(paper && zpl) << label.waybill;
        if (!paper || !zpl) return 0;
        const auto drawn = drawn_zpl(*zpl);
        EXPECT_TRUE(drawn && drawn->size() == 1) << label.waybill;
        return drawn && drawn->size() == 1 ? take(drawn->front().dots, paper->pages[0], per_mm(dots)) : 0;
    }
    void expect_all_read() {
        std::vector<std::string> command{"zbarimg", "-q"};
        command.insert(command.end(), pictures_.begin(), pictures_.end());
        const auto done = run(command);
        ASSERT_TRUE(done);
        std::string codes;
        for (const std::string& line : split(done->output, '\n'))
            if (line.starts_with("CODE-128:") || line.starts_with("QR-Code:")) codes += line + "\n";
        EXPECT_EQ(codes, expected_);
    }
    static Label numbered(const std::string& waybill) {
        Label label = samples::label();
        label.waybill = waybill;
        return label;
    }

    std::vector<fs::path> pictures_;
    std::string expected_;
};

}  // namespace

TEST_F(BarcodeTest, EveryCodeOfEveryDocumentIsReadByItself) {
    int codes = 0;
    for (const DocumentKind& kind : kEveryDocument) codes += take(kind.pdf(fonts()).value(), kind.paper(fonts()).value());
    EXPECT_EQ(codes, 2 + 1 + 1 + 3 + 2) << "labels (one with its stub), slip, receipt, manifest, and two invoices' QR codes";
    expect_all_read();
}

// The gate must be able to fail: one of two codes that say the same is spoiled.
TEST_F(BarcodeTest, ASpoiledCodeIsNotReadByTheOther) {
    Paper paper = layout_labels({samples::label()}, fonts()).value();
    for (Mark& mark : paper.pages[0].marks)
        if (auto* bars = std::get_if<BarsMark>(&mark)) {
            bars->bars.erase(bars->bars.begin() + 8);
            break;
        }
    take(pdf_of(paper, fonts()).value(), paper);
    ASSERT_EQ(pictures_.size(), 2U);
    const auto done = run({"zbarimg", "-q", pictures_[0]});
    ASSERT_TRUE(done);
    EXPECT_EQ(done->output.find("CODE-128:SD7444496931331"), std::string::npos);
    EXPECT_EQ(codes_in(pictures_[1]), "CODE-128:SD7444496931331\n");
}

TEST_F(BarcodeTest, LabelsAreReadFromPrinterDots) {
    for (const LabelSize size : kSizes) {
        std::vector<Label> labels;
        for (const char* waybill : kNumbers) labels.push_back(numbered(waybill));
        const auto pdf = labels_pdf(labels, fonts(), size);
        ASSERT_TRUE(pdf) << pdf.error().message;
        EXPECT_EQ(take(*pdf, layout_labels(labels, fonts(), size).value()),
                  static_cast<int>(labels.size()) * (size == LabelSize::mm100x180 ? 2 : 1));
    }
    expect_all_read();
}

TEST_F(BarcodeTest, LabelsAreReadFromZplAtBothResolutions) {
    for (const LabelSize size : kSizes)
        for (const PrinterDots dots : {PrinterDots::dpi203, PrinterDots::dpi300})
            for (const char* waybill : kNumbers)
                EXPECT_EQ(take_zpl(numbered(waybill), size, dots), size == LabelSize::mm100x180 ? 2 : 1);
    expect_all_read();
}

// A typed waybill has up to 32 letters: either its code is on the label and is read, or the label is refused by its number.
TEST_F(BarcodeTest, LongNumbersAreReadOrRefusedByName) {
    int fitting = 0, refused = 0;
    for (const LabelSize size : kSizes)
        for (const PrinterDots dots : {PrinterDots::dpi203, PrinterDots::dpi300})
            for (const char* waybill : kLongest) {
                const Label label = numbered(waybill);
                const auto fits = waybill_fits(waybill, size, dots);
                if (fits) {
                    EXPECT_GT(take_zpl(label, size, dots), 0);
                    if (dots == PrinterDots::dpi203)
                        take(label_pdf(label, fonts(), size).value(), *layout_labels({label}, fonts(), size));
                    ++fitting;
                    continue;
                }
                const auto zpl = labels_zpl({label}, fonts(), size, dots);
                ASSERT_FALSE(zpl) << waybill;
                EXPECT_EQ(zpl.error().kind, ErrorKind::refused);
                EXPECT_EQ(zpl.error().message, fits.error().message);
                EXPECT_NE(fits.error().message.find(waybill), std::string::npos) << fits.error().message;
                EXPECT_NE(fits.error().message.find(std::to_string(longest_waybill(size, dots))), std::string::npos);
                EXPECT_GT(std::string_view(waybill).size(), longest_waybill(size, dots)) << waybill;
                ++refused;
            }
    expect_all_read();
    EXPECT_EQ(fitting + refused, 42);
    EXPECT_EQ(refused, 11);
    EXPECT_EQ(longest_waybill(LabelSize::mm76x130), 21U);
    EXPECT_EQ(longest_waybill(LabelSize::mm100x150), 29U);
    EXPECT_GE(longest_waybill(LabelSize::mm76x130, PrinterDots::dpi300), 32U);
    for (const LabelSize size : kSizes)
        for (const PrinterDots dots : {PrinterDots::dpi203, PrinterDots::dpi300}) {
            EXPECT_TRUE(waybill_fits(std::string(longest_waybill(size, dots), 'W'), size, dots));
            EXPECT_FALSE(waybill_fits(std::string(longest_waybill(size, dots) + 1, 'W'), size, dots));
        }
}

TEST_F(BarcodeTest, TheSlipShowsTheLongestNumbers) {
    for (const char* waybill : kLongest) {
        PackingSlip slip = samples::packing_slip();
        slip.waybill = waybill;
        slip.centre = "江苏省公共资源交易平台电子签章与数字证书综合服务中心（南京）";
        const auto paper = layout_packing_slip(slip, fonts());
        ASSERT_TRUE(paper) << paper.error().message;
        expect_marks_inside(*paper);
        expect_nothing_overprinted(*paper);
        EXPECT_EQ(take(packing_slip_pdf(slip, fonts()).value(), *paper), 1);
    }
    expect_all_read();
}

// Zint chooses the subsets for what is laid out and zpl_code128 for the ZPL, which must not need more room.
TEST_F(BarcodeTest, TheZplNeedsNoMoreRoomThanWasLaidOut) {
    unsigned seed = 20261128;
    const auto any = [&](size_t below) {
        seed = seed * 1664525 + 1013904223;
        return (seed >> 12) % below;
    };
    constexpr std::string_view kAll = "0123456789012345678901234567890123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-";
    for (int i = 0; i < 3000; ++i) {
        std::string data;
        for (size_t length = 8 + any(25); data.size() < length;) data += kAll[any(i % 2 == 0 ? kAll.size() : 44)];
        const auto mark = code128(data, {0, 0, 400, 10});
        ASSERT_TRUE(mark) << data;
        EXPECT_LE(zpl_code128(data).modules, std::lround(mark->area.w / 0.5)) << data << " " << zpl_code128(data).field;
    }
}

TEST_F(BarcodeTest, ModulesAreWholePrinterDotsAndQuietZonesStayFree) {
    const Area area{4, 20, 92, 20};
    const auto mark = code128("SD7444496931331", area);
    ASSERT_TRUE(mark) << mark.error().message;
    EXPECT_GT(mark->bars.size(), 20U);
    double narrowest = 100;
    for (const Area& bar : mark->bars) {
        EXPECT_NEAR(std::remainder(bar.x, 0.125), 0, 0.002);
        EXPECT_NEAR(std::remainder(bar.w, 0.125), 0, 0.002);
        narrowest = std::min(narrowest, bar.w);
    }
    EXPECT_GE(narrowest, 0.249);
    EXPECT_GE(mark->area.x - area.x, 10 * narrowest - 0.2);
    EXPECT_GE(area.right() - mark->area.right(), 10 * narrowest - 0.2);
}

TEST_F(BarcodeTest, RefusesWhatCannotBeCodedOrIsTooLong) {
    EXPECT_EQ(code128("顺丰123", {0, 0, 92, 20}).error().kind, ErrorKind::refused);
    EXPECT_FALSE(code128("", {0, 0, 92, 20}));
    EXPECT_FALSE(code128("SD\n1", {0, 0, 92, 20}));
    EXPECT_FALSE(code128(std::string(60, 'A'), {0, 0, 92, 20}));
    EXPECT_FALSE(qr_code("", {0, 0, 20, 20}));
}
