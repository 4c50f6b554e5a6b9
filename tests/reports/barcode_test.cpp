#include "reports/barcode.h"

#include <gtest/gtest.h>

#include <cmath>

#include "reports/pdf.h"
#include "tests/reports/document_test.h"
#include "tests/reports/samples.h"

using namespace sealdesk;
using namespace sealdesk::reports;

namespace {

class BarcodeTest : public DocumentTest {
protected:
    // As a 203 dpi label printer sees it: black or white, no grey.
    std::string scanned(const std::string& pdf) {
        const fs::path file = saved("code.pdf", pdf);
        output_of({"pdftoppm", "-q", "-r", "203", "-mono", file, folder_ / "code"});
        fs::path picture;
        for (const auto& entry : fs::directory_iterator(folder_))
            if (entry.path().extension() == ".pbm") picture = entry.path();
        return codes_in(picture);
    }
};

}  // namespace

TEST_F(BarcodeTest, LabelIsReadFromPrinterDots) {
    for (const char* waybill : {"SD7444496931331", "EA123456785CN", "JDVA12345678901234", "73512345678901"}) {
        Label label = samples::label();
        label.waybill = waybill;
        const auto pdf = label_pdf(label, fonts());
        ASSERT_TRUE(pdf) << pdf.error().message;
        EXPECT_EQ(scanned(*pdf), std::string("CODE-128:") + waybill + "\n");
    }
}

TEST_F(BarcodeTest, InvoiceQrIsRead) {
    const auto pdf = invoice_pdf(samples::invoice(), fonts());
    ASSERT_TRUE(pdf) << pdf.error().message;
    EXPECT_EQ(scanned(*pdf), "QR-Code:" + samples::invoice().qr + "\n");
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
