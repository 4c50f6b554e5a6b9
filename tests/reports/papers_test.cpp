// The centre's papers around a parcel, and the invoice on the continuous form: where everything stands, what they say,
// how they break over pages and what is refused.
#include <gtest/gtest.h>

#include "base/text.h"
#include "tests/reports/document_test.h"
#include "tests/reports/samples.h"

using namespace sealdesk;
using namespace sealdesk::reports;

namespace {

class Papers : public DocumentTest {
protected:
    void expect_good(const Result<Paper>& paper, const std::string& golden) {
        ASSERT_TRUE(paper) << paper.error().message;
        expect_marks_inside(*paper);
        expect_nothing_overprinted(*paper);
        if (!golden.empty()) expect_golden(golden, listing(*paper));
    }
    template <class Value>
    void expect_refused(const Result<Value>& made, const std::string& says) {
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().kind, ErrorKind::refused);
        EXPECT_NE(made.error().message.find(says), std::string::npos) << made.error().message;
    }
};

Invoice with_lines(int more) {
    Invoice invoice = samples::invoice();
    for (int i = 0; i < more; ++i) {
        const InvoiceLine line = invoice.lines[static_cast<size_t>(i) % 4];
        invoice.lines.push_back(line);
        invoice.net += line.net;
        invoice.tax += line.tax;
        invoice.gross += line.net + line.tax;
    }
    return invoice;
}

std::vector<const TextMark*> texts_of(const Paper& paper) {
    std::vector<const TextMark*> texts;
    for (const Page& page : paper.pages)
        for (const Mark& mark : page.marks)
            if (const auto* text = std::get_if<TextMark>(&mark)) texts.push_back(text);
    return texts;
}

}  // namespace

TEST_F(Papers, StandAsListed) {
    expect_good(layout_packing_slip(samples::packing_slip(), fonts()), "packing_slip.txt");
    expect_good(layout_pickup_receipt(samples::pickup_receipt(), fonts()), "pickup_receipt.txt");
    expect_good(layout_manifest(samples::manifest(), fonts()), "manifest.txt");
    expect_good(layout_pin_letter(samples::pin_letter(), "O0l1-Kq7P", fonts()), "pin_letter.txt");
    expect_good(layout_invoice(samples::invoice(), fonts(), {InvoicePaper::form_241x140}), "invoice_form.txt");
}

TEST_F(Papers, CanBeCopiedOutAndRead) {
    const std::string slip = text_of_pdf(packing_slip_pdf(samples::packing_slip(), fonts()).value());
    for (const char* part : {"装箱单", "K2026110000172", "龘垚鑫", "SD20261122000021", "26322000000001234567（随箱）"})
        EXPECT_NE(slip.find(part), std::string::npos) << part << "\n" << slip;
    const std::string receipt = text_of_pdf(pickup_receipt_pdf(samples::pickup_receipt(), fonts()).value());
    for (const char* part : {"自取签收单", "领取人签名：", "320115********002X", "以上 4 个 KEY"})
        EXPECT_NE(receipt.find(part), std::string::npos) << part << "\n" << receipt;
    const std::string list = text_of_pdf(manifest_pdf(samples::manifest(), fonts()).value());
    for (const char* part : {"快递交接清单", "揽收员签名：", "SD7444496931342", "12 件", "24", "30"})
        EXPECT_NE(list.find(part), std::string::npos) << part << "\n" << list;
    const std::string letter = text_of_pdf(pin_letter_pdf(samples::pin_letter(), "O0l1", fonts()).value());
    for (const char* part : {"大写 O", "数字 0", "小写 l", "数字 1", "K2026110000171", "025-80001234"})
        EXPECT_NE(letter.find(part), std::string::npos) << part << "\n" << letter;
}

TEST_F(Papers, NumbersAreReadFromTheirBarcodes) {
    const auto read = [&](const std::string& pdf) {
        output_of({"pdftoppm", "-q", "-r", "203", "-mono", "-singlefile", saved("code.pdf", pdf), folder_ / "code"});
        return codes_in(folder_ / "code.pbm");
    };
    EXPECT_EQ(read(packing_slip_pdf(samples::packing_slip(), fonts()).value()), "CODE-128:SD7444496931331\n");
    EXPECT_EQ(read(pickup_receipt_pdf(samples::pickup_receipt(), fonts()).value()), "CODE-128:ZQ20261122000003\n");
    EXPECT_EQ(read(manifest_pdf(samples::manifest(), fonts()).value()), "CODE-128:JJ20261122000002\n");
}

TEST_F(Papers, LongListsBreakOverPagesAndNothingIsLost) {
    const auto list = layout_manifest(samples::manifest(180), fonts());
    expect_good(list, "");
    EXPECT_GE(list->pages.size(), 4U);
    const std::string all = listing(*list);
    for (int i = 0; i < 180; ++i) EXPECT_NE(all.find("|SD" + std::to_string(7444496931331 + i) + "|"), std::string::npos) << i;
    EXPECT_NE(all.find("以上包裹共 180 件"), std::string::npos);

    PackingSlip slip = samples::packing_slip();
    for (int i = 0; i < 40; ++i)
        slip.orders.push_back({"SD2026112300" + std::to_string(1000 + i), "龘垚鑫", "新办", {"K" + std::to_string(5000 + i)}});
    for (int i = 0; i < 15; ++i) slip.orders[0].key_serials.push_back("M" + std::to_string(100 + i));
    const auto paper = layout_packing_slip(slip, fonts());
    expect_good(paper, "");
    const std::string lines = listing(*paper);
    for (int i = 0; i < 40; ++i) EXPECT_NE(lines.find("|K" + std::to_string(5000 + i) + "|"), std::string::npos) << i;
    for (int i = 0; i < 15; ++i) EXPECT_NE(lines.find("|M" + std::to_string(100 + i) + "|"), std::string::npos) << i;
    EXPECT_NE(lines.find("|59|"), std::string::npos) << "KEYs are counted";
}

TEST_F(Papers, AnOrderWithoutAKeyHasItsNoteAndIsNotCounted) {
    PackingSlip slip = samples::packing_slip();
    slip.orders[1].key_serials.clear();
    slip.orders[1].note = "已由补办的 KEY 替换";
    const auto paper = layout_packing_slip(slip, fonts());
    expect_good(paper, "");
    ASSERT_TRUE(paper);
    EXPECT_NE(said_on(*paper).find("已由补办的KEY替换"), std::string::npos) << said_on(*paper);
    EXPECT_NE(listing(*paper).find("|0|"), std::string::npos) << listing(*paper);
    PickupReceipt receipt = samples::pickup_receipt();
    receipt.orders = slip.orders;
    EXPECT_NE(said_on(*layout_pickup_receipt(receipt, fonts())).find("以上3个KEY"), std::string::npos);
    receipt.orders = {slip.orders[1]};
    EXPECT_NE(said_on(*layout_pickup_receipt(receipt, fonts())).find("没有KEY"), std::string::npos) << "nobody signs for none";
}

TEST_F(Papers, APackingSlipNamesTwentyInvoices) {
    PackingSlip slip = samples::packing_slip();
    slip.invoice_number.clear();
    for (int i = 0; i < 20; ++i)
        slip.invoice_number += (i == 0 ? "" : " ") + std::to_string(263220000000) + std::to_string(10000000 + i);
    const auto paper = layout_packing_slip(slip, fonts());
    expect_good(paper, "");
    ASSERT_TRUE(paper);
    const std::string said = said_on(*paper);
    for (int i = 0; i < 20; ++i) EXPECT_NE(said.find("263220000000" + std::to_string(10000000 + i)), std::string::npos) << i;
    for (const TextMark* text : texts_of(*paper)) {
        if (text->text.find("2632200000001") != std::string::npos) {
            EXPECT_EQ(text->size, 9) << "readable: " << text->text;
        }
    }
}

TEST_F(Papers, RefuseWhatCannotBeRight) {
    PackingSlip slip = samples::packing_slip();
    slip.orders[1].key_serials.clear();
    expect_refused(layout_packing_slip(slip, fonts()), "SD20261122000018");
    slip.orders.clear();
    expect_refused(layout_packing_slip(slip, fonts()), "");
    Manifest list = samples::manifest();
    list.parcels.push_back(list.parcels[2]);
    expect_refused(layout_manifest(list, fonts()), "SD7444496931333");
    list.parcels.clear();
    expect_refused(layout_manifest(list, fonts()), "");
    PickupReceipt receipt = samples::pickup_receipt();
    receipt.collector = "王𱍐";
    expect_refused(layout_pickup_receipt(receipt, fonts()), "U+31350");
}

TEST_F(Papers, ThePinIsOnThePaperAndInNoSentence) {
    for (const char* pin : {"123", "12 34", "密码1234", "1234567890123456789012345678901234567"}) {
        const auto made = layout_pin_letter(samples::pin_letter(), pin, fonts());
        ASSERT_FALSE(made) << pin;
        EXPECT_EQ(made.error().message.find(pin), std::string::npos);
        EXPECT_EQ(made.error().detail.find(pin), std::string::npos);
    }
    const auto longest = layout_pin_letter(samples::pin_letter(), "~^WM1234567890abcdefghijklmnopWM", fonts());
    expect_good(longest, "");
    const auto paper = layout_pin_letter(samples::pin_letter(), "Q7z#", fonts());
    ASSERT_TRUE(paper);
    EXPECT_EQ(paper->title, "密码信封");
    // Everything that tells the PIN is on the middle third, which is folded inside.
    int boxes = 0;
    for (const TextMark* text : texts_of(*paper)) {
        if (text->text != "Q" && text->text != "7" && text->text != "z" && text->text != "#") continue;
        ++boxes;
        EXPECT_GT(text->box.y, 297.0 / 3);
        EXPECT_LT(text->box.bottom(), 2 * 297.0 / 3);
    }
    EXPECT_EQ(boxes, 4);
}

TEST_F(Papers, TheFormTakesElevenLinesAndTurnsThePage) {
    const auto pages = [&](int lines) {
        const auto paper = layout_invoice(with_lines(lines - 4), fonts(), {InvoicePaper::form_241x140});
        EXPECT_TRUE(paper) << (paper ? "" : paper.error().message);
        if (!paper) return size_t{0};
        expect_marks_inside(*paper);
        expect_nothing_overprinted(*paper);
        return paper->pages.size();
    };
    EXPECT_EQ(pages(4), 1U);
    EXPECT_EQ(pages(11), 1U);
    EXPECT_EQ(pages(12), 2U);
    EXPECT_EQ(pages(60), 6U);
}

TEST_F(Papers, ACodeIsPrintedApartFromItsNumber) {
    Invoice invoice = samples::invoice();
    invoice.code = "032002600011";
    invoice.number = "00001234";
    invoice.qr.clear();
    for (const InvoicePaper paper : {InvoicePaper::a4, InvoicePaper::form_241x140}) {
        const auto plain = layout_invoice(invoice, fonts(), {paper});
        expect_good(plain, "");
        ASSERT_TRUE(plain);
        const std::string said = said_on(*plain);
        EXPECT_NE(said.find("发票代码：032002600011"), std::string::npos) << said;
        EXPECT_NE(said.find("发票号码：00001234"), std::string::npos) << said;
        EXPECT_EQ(said.find("电子发票"), std::string::npos) << "it is paper";
    }
    const auto bare = layout_invoice(invoice, fonts(), {InvoicePaper::form_241x140, Stock::pre_printed});
    expect_good(bare, "");
    ASSERT_TRUE(bare);
    std::vector<std::string> values;
    for (const TextMark* text : texts_of(*bare)) values.push_back(text->text);
    EXPECT_NE(std::find(values.begin(), values.end(), "032002600011"), values.end());
    EXPECT_NE(std::find(values.begin(), values.end(), "00001234"), values.end());
}

// On paper that has the face already: the same values at the same places, and nothing else.
TEST_F(Papers, PrePrintedPaperGetsTheValuesAloneAndIsMovedByMillimetres) {
    const auto plain = layout_invoice(samples::invoice(), fonts(), {InvoicePaper::form_241x140});
    const auto bare = layout_invoice(samples::invoice(), fonts(), {InvoicePaper::form_241x140, Stock::pre_printed});
    const auto moved = layout_invoice(samples::invoice(), fonts(), {InvoicePaper::form_241x140, Stock::pre_printed, 1.5, -2});
    ASSERT_TRUE(plain && bare && moved);
    const std::string all = listing(*plain), values = listing(*bare);
    EXPECT_EQ(values.find("line "), std::string::npos);
    EXPECT_EQ(values.find("购"), std::string::npos);
    EXPECT_EQ(values.find("名称"), std::string::npos);
    for (const std::string& line : split(values, '\n')) EXPECT_NE(all.find(line), std::string::npos) << line;
    for (const char* part : {"26322000000001234567", "91320115MA27EXMP4X", "188.68", "¥1409.50", "⊗", "周晓彤", "qr "})
        EXPECT_NE(values.find(part), std::string::npos) << part;
    const auto here = texts_of(*bare), there = texts_of(*moved);
    ASSERT_EQ(here.size(), there.size());
    for (size_t i = 0; i < here.size(); ++i) {
        EXPECT_NEAR(there[i]->x - here[i]->x, 1.5, 1e-9);
        EXPECT_NEAR(there[i]->baseline - here[i]->baseline, -2, 1e-9);
        EXPECT_EQ(there[i]->text, here[i]->text);
    }
    for (const auto& [right, down] : {std::pair(60.0, 0.0), {0.0, 20.0}, {-40.0, 0.0}, {0.0, -10.0}})
        expect_refused(layout_invoice(samples::invoice(), fonts(), {InvoicePaper::form_241x140, Stock::pre_printed, right, down}),
                       "超出纸张");
}
