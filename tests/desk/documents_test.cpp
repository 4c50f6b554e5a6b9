// How stored parcels become paper: what is taken over, where the file lies, and what is refused.
#include "desk/documents.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

#include "base/files.h"

using namespace sealdesk;

namespace {

const Instant kNow{1'795'334'580'000};
const desk::Centre kCentre{"省签章服务中心", "91320105MA1XAMPL0T", "江苏省南京市建邺区江东中路 265 号", "025-80001234"};

class ParcelDocuments : public testing::Test {
protected:
    ParcelDocuments() : folder_(std::filesystem::temp_directory_path() / ("sealdesk-documents." + std::to_string(getpid()))) {}
    ~ParcelDocuments() override { std::filesystem::remove_all(folder_); }

    static shipping::Shipment parcel(const std::string& waybill) {
        shipping::Shipment shipment;
        shipment.payment_no = "ZF1";
        shipment.courier = waybill.empty() ? "" : "ems";
        shipment.waybill = waybill;
        if (waybill.empty()) shipment.delivery.method = orders::DeliveryMethod::pickup;
        shipment.delivery.recipient = "龘垚鑫";
        shipment.delivery.mobile = "17700001234";
        shipment.delivery.address = "江苏省南京市江宁区双龙大道 1698 号";
        shipment.contents = {{"SD20261122000017", "南京垚鑫建设工程有限公司", 2, {"K1", "K2"}, 1},
                             {"SD20261122000018", "龘垚鑫", 1, {"K3"}, 1}};
        shipment.packed_at = kNow;
        return shipment;
    }

    std::filesystem::path folder_;
};

}  // namespace

TEST_F(ParcelDocuments, SlipNamesOrdersAndSerials) {
    const auto slip = desk::packing_slip(parcel("EA123456785CN"), kCentre, {"26322000000001234567", ""}, "周晓彤");
    ASSERT_EQ(slip.orders.size(), 2U);
    EXPECT_EQ(slip.orders[0].key_serials, (std::vector<std::string>{"K1", "K2"}));
    EXPECT_EQ(slip.orders[1].subject, "龘垚鑫");
    EXPECT_EQ(slip.waybill, "EA123456785CN");
    EXPECT_EQ(slip.recipient.address, "江苏省南京市江宁区双龙大道 1698 号");
    const auto file = desk::write_slip(folder_, slip);
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_EQ(*file, folder_ / "slips/EA123456785CN.pdf");
    EXPECT_EQ(read_file(*file).value_or("").substr(0, 5), "%PDF-");
}

TEST_F(ParcelDocuments, WhatIsPickedUpHasAReceiptAndNoLabel) {
    const auto receipt = desk::pickup_receipt(parcel(""), kCentre, "周晓彤", kNow);
    ASSERT_TRUE(receipt) << receipt.error().message;
    EXPECT_EQ(receipt->collector, "龘垚鑫");
    const auto file = desk::write_receipt(folder_, *receipt);
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_EQ(*file, folder_ / "receipts/ZQSD20261122000017-0.pdf");
    EXPECT_EQ(desk::pickup_receipt(parcel("EA123456785CN"), kCentre, "周晓彤", kNow).error().kind, ErrorKind::refused);
    auto unnumbered = parcel("");
    unnumbered.delivery.method = orders::DeliveryMethod::courier;
    EXPECT_EQ(desk::pickup_receipt(unnumbered, kCentre, "周晓彤", kNow).error().kind, ErrorKind::refused)
        << "the courier has not given its number yet";
    EXPECT_EQ(desk::write_label(folder_, kCentre, parcel(""), kNow, 0).error().kind, ErrorKind::refused);
}

TEST_F(ParcelDocuments, AKeyThatWasReplacedBeforeItLeftIsSaidAndNotCounted) {
    for (const char* waybill : {"EA123456785CN", ""}) {
        auto shipment = parcel(waybill);
        shipment.contents[1] = {"SD20261122000018", "龘垚鑫", 0, {}, 1, 1};
        const auto orders = *waybill != '\0' ? desk::packing_slip(shipment, kCentre, {}, "周晓彤").orders
                                             : desk::pickup_receipt(shipment, kCentre, "周晓彤", kNow)->orders;
        ASSERT_EQ(orders.size(), 2U);
        EXPECT_TRUE(orders[1].key_serials.empty()) << orders[1].key_serials.front();
        EXPECT_EQ(orders[1].note, "已由补办的 KEY 替换");
        EXPECT_EQ(orders[0].note, "");
    }
}

TEST_F(ParcelDocuments, LabelAndSlipNameTheUnitThatAllOfItIsFor) {
    shipping::Shipment one = parcel("EA123456785CN");
    for (shipping::Content& content : one.contents) content.unit = "南京垚鑫建设工程有限公司";
    EXPECT_EQ(desk::printable(one, kCentre, kNow, 0).recipient.unit, "南京垚鑫建设工程有限公司");
    EXPECT_EQ(desk::packing_slip(one, kCentre, {}, "周晓彤").recipient.unit, "南京垚鑫建设工程有限公司");
    one.contents[1].unit = "江苏垚鑫市政园林工程有限公司";  // an agent collects for several: none of them
    EXPECT_EQ(desk::printable(one, kCentre, kNow, 0).recipient.unit, "");
    one.contents[1].unit = "";
    EXPECT_EQ(desk::printable(one, kCentre, kNow, 0).recipient.unit, "");
}

TEST_F(ParcelDocuments, ALabelHasItsRoutingAndAnInvoiceItsCode) {
    shipping::Shipment one = parcel("EA123456785CN");
    one.routing = "512-A1";
    one.routing_code = "MMM={}";
    EXPECT_EQ(desk::printable(one, kCentre, kNow, 0).routing, "512-A1");
    EXPECT_EQ(desk::printable(one, kCentre, kNow, 0).routing_code, "MMM={}");
    invoices::Invoice invoice;
    invoice.number = "032002600011-00000007";
    EXPECT_EQ(desk::printable(invoice).code, "032002600011");
    EXPECT_EQ(desk::printable(invoice).number, "00000007");
    EXPECT_EQ(desk::printable(invoice).qr, "") << "it would need the check code";
    invoice.number = "26322000000001234567";
    EXPECT_EQ(desk::printable(invoice).code, "");
    EXPECT_EQ(desk::printable(invoice).number, invoice.number);
    EXPECT_NE(desk::printable(invoice).qr, "");
}

// Looking for fonts takes longer than a label: a desk does it once.
TEST_F(ParcelDocuments, FontsAreFoundWithTheFirstDocumentAndKept) {
    const desk::DocumentFolder folder(folder_), copy = folder;
    ASSERT_TRUE(desk::write_label(folder, kCentre, parcel("EA123456785CN"), kNow, 0));
    const auto config = folder_ / "fonts.conf";
    ASSERT_TRUE(write_file(config,
                           "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\"><fontconfig><dir>/nowhere</dir>"
                           "<cachedir>/nowhere</cachedir></fontconfig>"));
    setenv("FONTCONFIG_FILE", config.c_str(), 1);
    const auto again = desk::write_label(folder, kCentre, parcel("EA123456799CN"), kNow, 0);
    const auto slip = desk::write_slip(copy, desk::packing_slip(parcel("EA123456785CN"), kCentre, {}, "周晓彤"));
    const auto other = desk::write_label(folder_, kCentre, parcel("EA123456785CN"), kNow, 0);
    unsetenv("FONTCONFIG_FILE");
    EXPECT_TRUE(again) << again.error().message;
    EXPECT_TRUE(slip) << slip.error().message;
    ASSERT_FALSE(other) << "it would have found fonts: the test proves nothing";
    EXPECT_EQ(other.error().kind, ErrorKind::unavailable);
}

TEST_F(ParcelDocuments, HandOverListCountsAndRefusesAnotherCouriersParcel) {
    const auto list =
        desk::manifest({parcel("EA123456785CN"), parcel("EA123456799CN")}, "ems", kCentre, "JJ20261122-EMS", "周晓彤", kNow);
    ASSERT_TRUE(list) << list.error().message;
    ASSERT_EQ(list->parcels.size(), 2U);
    EXPECT_EQ(list->parcels[0].orders, 2);
    EXPECT_EQ(list->parcels[0].keys, 3);
    const auto file = desk::write_manifest(folder_, *list);
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_EQ(*file, folder_ / "manifests/JJ20261122-EMS.pdf");
    EXPECT_EQ(desk::manifest({parcel("EA123456785CN")}, "shunfeng", kCentre, "JJ", "周晓彤", kNow).error().kind,
              ErrorKind::refused);
}

TEST_F(ParcelDocuments, LabelIsWrittenForThePrinterThatIsThere) {
    const desk::LabelPaper thermal{reports::LabelSize::mm76x130, desk::LabelPaper::Kind::zpl, reports::PrinterDots::dpi300};
    const auto zpl = desk::write_label(folder_, kCentre, parcel("EA123456785CN"), kNow, 0, thermal);
    ASSERT_TRUE(zpl) << zpl.error().message;
    EXPECT_EQ(*zpl, folder_ / "labels/EA123456785CN.zpl");
    EXPECT_NE(read_file(*zpl).value_or("").find("^PW912\n^LL1560\n"), std::string::npos);
    const auto pdf = desk::write_label(folder_, kCentre, parcel("EA123456785CN"), kNow, 0, {reports::LabelSize::mm100x150});
    ASSERT_TRUE(pdf) << pdf.error().message;
    EXPECT_NE(read_file(*pdf).value_or("").find("/MediaBox[0 0 283.465 425.197]"), std::string::npos);
}
