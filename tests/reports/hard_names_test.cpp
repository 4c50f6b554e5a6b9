// Three hundred hard names and addresses on every paper that carries them, to the end: what can be printed is on the paper to
// its last character, inside its box and over nothing else, comes out of the PDF again and goes into the ZPL; what cannot is
// refused by name.
#include <gtest/gtest.h>

#include <iterator>

#include "base/text.h"
#include "reports/pdf.h"
#include "tests/reports/document_test.h"
#include "tests/reports/samples.h"
#include "tests/reports/zpl_drawer.h"

using namespace sealdesk;
using namespace sealdesk::reports;

namespace {

// The longest that an order may have.
constexpr size_t kName = 60, kUnit = 100, kAddress = 200;

struct Case {
    std::string name, unit, address;
    bool printable = true;  // some installed font has it all; false: may be refused, by name
};

std::string cut(const std::string& text, size_t most) {
    std::string out;
    size_t count = 0;
    for (const char32_t c : code_points(text)) {
        if (count++ == most) break;
        out += utf8(c);
    }
    return out;
}
std::string filled(const std::string& piece, size_t most) {
    std::string text;
    while (code_points(text).size() < most) text += piece;
    return cut(text, most);
}

std::vector<Case> hard_cases() {
    const std::vector<std::string> printable = {"新疆维吾尔自治区巴音郭楞蒙古自治州和静县巴音布鲁克镇",
                                                "吐尔逊·买买提江·阿卜杜拉·艾合买提",
                                                "洛桑·次仁多吉·旺堆",
                                                "WWWWWWWWWWWWWWWWWWWW",
                                                "Room1204Building3No1698ShuanglongAvenueJiangningDistrict",
                                                "Flat 7, 12 O'Connell St., Suite #4-B/C",
                                                "𠮷祥𬭎街道㐱村",
                                                "龘靐齉爩鱻麤灪",
                                                "（靠近加油站）【二期】",
                                                "！！！！！！！！！！",
                                                "。，、；：",
                                                "10000000000000000000000000000",
                                                "é à ü ñ Ō ß",
                                                "Ⅷ-①-℃-㎡",
                                                "ＡＢＣ１２３",
                                                "……——～",
                                                "^XZ~JA_5E^FS",
                                                "Ленина 5",
                                                "ソウル特別市",
                                                "서울",
                                                "////////////////",
                                                "　　　",
                                                "西藏自治区那曲市双湖县措折羌玛乡"};
    const std::vector<std::string> odd = {"\u200F", "\u202E金",           "\uFEFF", "\u200B",  "\t",     "\x01",   "\x7F",
                                          "😀",      "👨‍👩‍👧", "تۇرسۇن", "བསོད་ནམས", "\u0301", "\uE000", "𱍐",
                                          "\u2028", "\U000E0100",         "हिन्दी",  "\uFFFE"};
    std::vector<Case> all;
    for (const std::string& piece : printable) {
        all.push_back({filled(piece, kName), filled(piece, kUnit), filled(piece, kAddress)});  // the longest of each
        all.push_back({piece, "", piece});
        all.push_back({cut(piece, 2), piece, filled(piece, 60)});
        all.push_back({"王敏", "", filled(piece + " ", kAddress)});
    }
    for (const std::string& piece : odd) {
        all.push_back({"王" + piece + "敏", "", "江苏省南京市", false});
        all.push_back({"王敏", "", "江苏省" + piece + "南京市", false});
        all.push_back({"王敏", piece + "有限公司", "江苏省南京市", false});
    }
    unsigned seed = 20261123;
    const auto any = [&](size_t below) {
        seed = seed * 1664525 + 1013904223;
        return (seed >> 12) % below;
    };
    while (all.size() < 300) {
        Case mixed;
        for (size_t parts = 1 + any(8); parts > 0; --parts) mixed.address += printable[any(printable.size())];
        for (size_t parts = 1 + any(3); parts > 0; --parts) mixed.name += printable[any(printable.size())];
        for (size_t parts = any(5); parts > 0; --parts) mixed.unit += printable[any(printable.size())];
        all.push_back({cut(mixed.name, kName), cut(mixed.unit, kUnit), cut(mixed.address, kAddress)});
    }
    return all;
}

class HardNames : public DocumentTest {
protected:
    static std::string inked(const std::string& text) { return without_blanks(text); }
    bool all_printable(const Case& one) const {
        return fonts().check(one.name) && fonts().check(one.unit) && fonts().check(one.address);
    }
    // Whole on the paper and copied out of the PDF to the last character; returns whether it was printed. Else refused with the
    // character's number.
    bool expect_whole_or_refused(const Result<Paper>& paper, const std::vector<std::string>& values, bool printable,
                                 const std::string& where) {
        if (!paper) {
            EXPECT_EQ(paper.error().kind, ErrorKind::refused);
            EXPECT_FALSE(printable) << where << ": " << paper.error().message;
            EXPECT_NE(paper.error().message.find("U+"), std::string::npos) << where << ": " << paper.error().message;
            return false;
        }
        expect_marks_inside(*paper);
        expect_nothing_overprinted(*paper);
        const auto pdf = pdf_of(*paper, fonts());
        EXPECT_TRUE(pdf) << where << ": " << (pdf ? "" : pdf.error().message);
        if (!pdf) return false;
        const std::string copied = copied_out(*pdf);
        EXPECT_EQ(copied, said_on(*paper)) << where;
        for (const std::string& value : values) EXPECT_NE(copied.find(inked(value)), std::string::npos) << where << ": " << value;
        return true;
    }
    bool expect_case(const Result<Paper>& paper, const Case& one, const std::string& where) {
        EXPECT_TRUE(paper || !one.printable) << where;
        return expect_whole_or_refused(paper, {one.name, one.address, one.unit}, all_printable(one), where);
    }
    void expect_zpl(const Label& label, LabelSize size, bool printable) {
        const auto zpl = labels_zpl({label}, fonts(), size, PrinterDots::dpi203);
        ASSERT_EQ(zpl.has_value(), printable) << (zpl ? "" : zpl.error().message);
        if (!zpl) return;
        const auto drawn = drawn_zpl(*zpl);
        ASSERT_TRUE(drawn) << drawn.error().message;
        EXPECT_EQ(drawn->size(), 1U);
    }
    // A label of each case, with the hard words where `put` puts them.
    template <class Put>
    void expect_labels(LabelSize size, Put put) {
        const auto cases = hard_cases();
        ASSERT_EQ(cases.size(), 300U);
        int printed = 0, refused = 0;
        for (const Case& one : cases) {
            Label label = samples::label();
            put(label, one);
            const bool whole = expect_case(layout_labels({label}, fonts(), size), one, "label");
            expect_zpl(label, size, whole);
            ++(whole ? printed : refused);
        }
        EXPECT_GT(printed, 240);
        EXPECT_GT(refused, 35);
    }
    static void as_recipient(Label& label, const Case& one) {
        label.recipient = {one.name, one.unit, "17700001234", one.address};
    }
    // The sender is the centre's own: what is too long for its corner is refused as that, nothing is cut.
    void expect_senders(LabelSize size) {
        int printed = 0, too_long = 0;
        for (const Case& one : hard_cases()) {
            Label label = samples::label();
            as_sender(label, one);
            const auto paper = layout_labels({label}, fonts(), size);
            if (!paper && all_printable(one)) {
                EXPECT_NE(paper.error().message.find("太长"), std::string::npos) << paper.error().message;
                expect_zpl(label, size, false);
                ++too_long;
                continue;
            }
            const bool whole = expect_whole_or_refused(paper, {one.name, one.address, one.unit}, all_printable(one), "sender");
            expect_zpl(label, size, whole);
            printed += whole ? 1 : 0;
        }
        EXPECT_GT(printed, 100) << too_long << " were too long";
    }
    static void as_sender(Label& label, const Case& one) { label.sender = {one.name, one.unit, "025-80001234", one.address}; }
};

}  // namespace

TEST_F(HardNames, AreWholeOnTheLargestLabel) { expect_labels(LabelSize::mm100x180, as_recipient); }
TEST_F(HardNames, AreWholeOnTheMiddleLabel) { expect_labels(LabelSize::mm100x150, as_recipient); }
TEST_F(HardNames, AreWholeOnTheSmallestLabel) { expect_labels(LabelSize::mm76x130, as_recipient); }
TEST_F(HardNames, AreWholeBesideTheCouriersRouting) {
    const auto with_routing = [](Label& label, const Case& one) {
        as_recipient(label, one);
        label.routing = "512-A1 苏州转运中心";
        label.routing_code =
            "MMM={'k1':'512WE','k2':'512DT','k3':'028','k4':'T4','k5':'SF7444496931331','k6':'','k7':'91f1b4d2'}";
    };
    expect_labels(LabelSize::mm100x150, with_routing);
    expect_labels(LabelSize::mm76x130, with_routing);
}
TEST_F(HardNames, AreWholeAsTheSenderOfALabel) { expect_senders(LabelSize::mm100x180); }
TEST_F(HardNames, AreWholeAsTheSenderOfTheSmallestLabel) { expect_senders(LabelSize::mm76x130); }

TEST_F(HardNames, AreWholeOnTheSlipAlsoAsSubjects) {
    for (const Case& one : hard_cases()) {
        PackingSlip slip = samples::packing_slip();
        slip.recipient = {one.name, one.unit, "17700001234", one.address};
        slip.orders[1].subject = one.name;
        slip.orders[2].subject = one.unit;
        expect_case(layout_packing_slip(slip, fonts()), one, "slip");
        slip.recipient = samples::packing_slip().recipient;
        if (one.unit.empty()) continue;
        expect_whole_or_refused(layout_packing_slip(slip, fonts()), {one.name, one.unit},
                                fonts().check(one.name) && fonts().check(one.unit), "subjects");
    }
}

TEST_F(HardNames, AreWholeOnTheReceiptAlsoAsSubjects) {
    for (const Case& one : hard_cases()) {
        PickupReceipt receipt = samples::pickup_receipt();
        receipt.collector = one.name;
        if (!one.unit.empty()) receipt.orders[0].subject = one.unit;
        expect_whole_or_refused(layout_pickup_receipt(receipt, fonts()), {one.name, one.unit},
                                fonts().check(one.name) && fonts().check(one.unit), "receipt");
    }
}

TEST_F(HardNames, AreWholeOnTheLetterAlsoAsSubjects) {
    for (const Case& one : hard_cases()) {
        PinLetter letter = samples::pin_letter();
        letter.recipient = {one.name, one.unit, "17700001234", one.address};
        letter.subject = one.unit.empty() ? one.name : one.unit;
        expect_case(layout_pin_letter(letter, "Q7z#", fonts()), one, "letter");
    }
}

TEST_F(HardNames, AreWholeOnTheManifest) {
    for (const Case& one : hard_cases()) {
        Manifest list = samples::manifest(1);
        list.parcels[0].recipient = one.name;
        list.parcels[0].address = one.address;
        expect_whole_or_refused(layout_manifest(list, fonts()), {one.name, one.address},
                                fonts().check(one.name) && fonts().check(one.address), "manifest");
    }
}

TEST_F(HardNames, AreWholeOnTheInvoice) {
    for (const Case& one : hard_cases()) {
        if (one.unit.empty()) continue;
        Invoice invoice = samples::invoice();
        invoice.buyer.name = one.unit;
        for (const InvoicePaper paper : {InvoicePaper::a4, InvoicePaper::form_241x140})
            expect_whole_or_refused(layout_invoice(invoice, fonts(), {paper}), {one.unit}, fonts().check(one.unit).has_value(),
                                    "invoice");
    }
}

TEST_F(HardNames, AreWholeOnTheDailyReport) {
    int too_long = 0;
    for (const Case& one : hard_cases()) {
        DailyReport report = samples::daily_report();
        report.rejections[0].reason = one.address;
        report.takings[0].channel = one.name;
        report.centre = one.unit;
        const auto paper = layout_daily_report(report, fonts());
        if (!paper && all_printable(one)) {  // the centre's own name; nothing is cut
            EXPECT_NE(paper.error().message.find("中心名称太长"), std::string::npos) << paper.error().message;
            ++too_long;
            continue;
        }
        expect_whole_or_refused(paper, {one.name, one.address, one.unit}, all_printable(one), "daily report");
    }
    EXPECT_LT(too_long, 60);
}
