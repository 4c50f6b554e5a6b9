// Invoice, label and daily report as a whole: where everything stands (golden listings), what the PDF says, and
// what is refused.
#include <gtest/gtest.h>

#include <thread>

#include "base/text.h"
#include "base/translate.h"
#include "tests/reports/document_test.h"
#include "tests/reports/samples.h"

using namespace sealdesk;
using namespace sealdesk::reports;

namespace {

class Documents : public DocumentTest {};

}  // namespace

TEST_F(Documents, LabelStandsAsListed) {
    const auto paper = layout_labels({samples::label()}, fonts());
    ASSERT_TRUE(paper) << paper.error().message;
    expect_golden("label.txt", listing(*paper));
}

TEST_F(Documents, SmallerLabelsStandAsListed) {
    for (const auto& [size, name] :
         {std::pair(LabelSize::mm100x150, "label_100x150.txt"), std::pair(LabelSize::mm76x130, "label_76x130.txt")}) {
        const auto paper = layout_labels({samples::label()}, fonts(), size);
        ASSERT_TRUE(paper) << paper.error().message;
        expect_marks_inside(*paper);
        expect_nothing_overprinted(*paper);
        expect_golden(name, listing(*paper));
    }
}

TEST_F(Documents, ALabelHasTheCouriersRouting) {
    Label label = samples::label();
    label.reprint = 2;
    for (const LabelSize size : {LabelSize::mm100x180, LabelSize::mm100x150, LabelSize::mm76x130}) {
        for (const std::string& routing :
             {std::string("512-A1"), std::string("江苏省苏州市姑苏区平江路转运中心 512-A1-03 集包")}) {
            label.routing = routing;
            label.routing_code = "";
            const auto paper = layout_labels({label}, fonts(), size);
            ASSERT_TRUE(paper) << paper.error().message;
            expect_marks_inside(*paper);
            expect_nothing_overprinted(*paper);
            EXPECT_NE(said_on(*paper).find(without_blanks(routing)), std::string::npos);
        }
        label.routing = "512-A1";
        label.routing_code =
            "MMM={'k1':'512WE','k2':'512DT','k3':'028','k4':'T4','k5':'SF7444496931331','k6':'','k7':'91f1b4d2'}";
        const auto paper = layout_labels({label}, fonts(), size);
        ASSERT_TRUE(paper) << paper.error().message;
        expect_marks_inside(*paper);
        expect_nothing_overprinted(*paper);
        const auto read_back = [&] {
            output_of({"pdftoppm", "-r", "203", "-mono", "-singlefile",
                       saved("routed.pdf", label_pdf(label, fonts(), size).value()), folder_ / "routed"});
            return codes_in(folder_ / "routed.pbm").find(label.routing_code) != std::string::npos;
        };
        EXPECT_TRUE(read_back());
        // An address that would not be readable beside it keeps the whole width; the code then stands beside the orders.
        Label full = label;
        for (int i = 0; i < 4; ++i) full.recipient.address += "，" + samples::label().recipient.address;
        for (int i = 22; i < 40; ++i) full.orders.push_back("SD202611220000" + std::to_string(i));
        Label without = full;
        without.routing_code = "";
        const auto above_the_orders = [](const std::string& list) { return list.substr(0, list.find("电子印章 KEY")); };
        const auto crowded = layout_labels({full}, fonts(), size);
        ASSERT_TRUE(crowded) << crowded.error().message;
        expect_marks_inside(*crowded);
        expect_nothing_overprinted(*crowded);
        EXPECT_EQ(above_the_orders(listing(*crowded)), above_the_orders(listing(*layout_labels({without}, fonts(), size))));
        label = full;
        EXPECT_TRUE(read_back());
        label = samples::label();
        label.reprint = 2;
    }
}

// The driver of a label printer makes dots of grey: small letters cannot be read then.
TEST_F(Documents, ALabelIsBlackAndWhite) {
    for (const LabelSize size : {LabelSize::mm100x180, LabelSize::mm100x150, LabelSize::mm76x130}) {
        const auto paper = layout_labels({samples::label()}, fonts(), size);
        ASSERT_TRUE(paper) << paper.error().message;
        for (const Mark& mark : paper->pages.at(0).marks)
            std::visit(
                [](const auto& each) {
                    if constexpr (requires { each.colour; }) {
                        EXPECT_TRUE(each.colour == kBlack || each.colour == kWhite);
                    }
                },
                mark);
    }
}

// Pages of several parcels lie in one tray.
TEST_F(Documents, EveryPageOfASlipAndAReceiptSaysWhose) {
    PackingSlip slip = samples::packing_slip();
    PickupReceipt receipt = samples::pickup_receipt();
    for (int i = 0; i < 30; ++i) {
        slip.orders.push_back(slip.orders[1]);
        receipt.orders.push_back(receipt.orders[1]);
    }
    const auto told = [](const Paper& paper, const std::string& number) {
        int pages = 0;
        for (const Page& page : paper.pages) pages += said_on({paper.title, {page}}).find(number) != std::string::npos ? 1 : 0;
        return pages;
    };
    const auto slips = layout_packing_slip(slip, fonts()), receipts = layout_pickup_receipt(receipt, fonts());
    ASSERT_TRUE(slips && receipts);
    ASSERT_GT(slips->pages.size(), 1U);
    EXPECT_EQ(told(*slips, slip.waybill), static_cast<int>(slips->pages.size()));
    EXPECT_EQ(told(*receipts, receipt.number), static_cast<int>(receipts->pages.size()));
}

TEST_F(Documents, InvoiceStandsAsListed) {
    const auto paper = layout_invoice(samples::invoice(), fonts());
    ASSERT_TRUE(paper) << paper.error().message;
    expect_golden("invoice.txt", listing(*paper));
}

// Paper for applicants and couriers is Chinese, whatever the clerk's screen speaks.
TEST_F(Documents, InvoiceAndLabelStayChineseOnAnEnglishDesk) {
    set_language(Language::en, fs::path(SEALDESK_BIN) / "../share/locale");
    EXPECT_STREQ(tr(""), "") << "not the header of the catalogue";
    const auto invoice = layout_invoice(samples::invoice(), fonts());
    const auto label = layout_labels({samples::label()}, fonts());
    const std::string report = tr("签章中心日报");
    set_language(Language::zh_CN, {});
    EXPECT_NE(report, "签章中心日报") << "the English catalogue was not there";
    ASSERT_TRUE(invoice && label);
    expect_golden("invoice.txt", listing(*invoice));
    expect_golden("label.txt", listing(*label));
}

TEST_F(Documents, DailyReportStandsAsListed) {
    const auto paper = layout_daily_report(samples::daily_report(), fonts());
    ASSERT_TRUE(paper) << paper.error().message;
    expect_golden("daily_report.txt", listing(*paper));
}

TEST_F(Documents, SameInputGivesTheSameSpreadsheet) {
    EXPECT_EQ(daily_report_xlsx(samples::daily_report()).value(), daily_report_xlsx(samples::daily_report()).value());
}

// The packing bench, the printers' worker and a clerk's own job print from one set of fonts at once.
TEST_F(Documents, SeveralThreadsGetTheSameBytes) {
    const std::string label = label_pdf(samples::label(), fonts()).value();
    const std::string invoice = invoice_pdf(samples::invoice(), fonts()).value();
    const std::string slip = packing_slip_pdf(samples::packing_slip(), fonts()).value();
    std::vector<std::vector<std::string>> faults(6);
    const auto same = [](const Result<std::string>& made, const std::string& expected) -> std::string {
        if (!made) return made.error().message + " " + made.error().detail;
        return *made == expected ? "" : "other bytes";
    };
    {
        std::vector<std::jthread> threads;
        for (std::vector<std::string>& own : faults)
            threads.emplace_back([&] {
                for (int i = 0; i < 12; ++i) {
                    own.push_back(same(label_pdf(samples::label(), fonts()), label));
                    own.push_back(same(invoice_pdf(samples::invoice(), fonts()), invoice));
                    own.push_back(same(packing_slip_pdf(samples::packing_slip(), fonts()), slip));
                }
            });
    }
    for (const auto& own : faults) EXPECT_EQ(std::vector<std::string>(own.size()), own);
}

// Labels whose fonts came out at a size that libharu refuses; with WenQuanYi Zen Hei 0.9.45.
TEST_F(Documents, NoSizeOfFontIsRefused) {
    for (int number = 0; number < 40; ++number) {
        Label label = samples::label();
        label.courier = "中国邮政 EMS";
        label.waybill = "EA1000" + std::to_string(13916 + 7 * number) + "CN";
        label.recipient = {"况睩棰", "", "19900000345", "戣楒囀畊魠638"};
        label.orders = {"SD100039"};
        label.keys = 1;
        label.parcel = label.parcels = 1;
        label.printed_at = Instant{1'795'554'660'000};
        const auto pdf = label_pdf(label, fonts());
        ASSERT_TRUE(pdf) << label.waybill << " " << pdf.error().message << " " << pdf.error().detail;
        EXPECT_NE(text_of_pdf(*pdf).find("况睩棰"), std::string::npos);
    }
}

TEST_F(Documents, OneLabelIsSmall) {
    const auto pdf = label_pdf(samples::label(), fonts());
    ASSERT_TRUE(pdf) << pdf.error().message;
    EXPECT_LE(pdf->size(), 30'000U);
}

TEST_F(Documents, TextCanBeCopiedOutAlsoWhatIsDrawnAsOutline) {
    Label label = samples::label();
    label.recipient.name = "𠮷田𬭎·龘垚";
    ASSERT_EQ(fonts().source(U'𠮷'), GlyphSource::outline);
    const auto pdf = label_pdf(label, fonts());
    ASSERT_TRUE(pdf) << pdf.error().message;
    const std::string text = text_of_pdf(*pdf);
    EXPECT_NE(text.find("𠮷田𬭎·龘垚"), std::string::npos) << text;
    EXPECT_NE(text.find("南京垚鑫建设工程有限公司"), std::string::npos) << text;
    EXPECT_NE(text.find("SD20261122000021"), std::string::npos) << text;
}

TEST_F(Documents, InvoiceSaysItsAmountsAndParties) {
    const auto pdf = invoice_pdf(samples::invoice(), fonts());
    ASSERT_TRUE(pdf) << pdf.error().message;
    const std::string text = text_of_pdf(*pdf);
    for (const char* part :
         {"电子发票（普通发票）", "26322000000001234567", "2026年11月22日", "91320115MA27EXMP4X", "⊗ 壹仟肆佰零玖圆伍角整",
          "¥1409.50", "¥1301.67", "¥107.83", "*信息技术服务*数字证书服务费", "188.68", "周晓彤", "13%"})
        EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
}

TEST_F(Documents, ManyInvoiceLinesBreakOverPagesAndNoneIsLost) {
    Invoice invoice = samples::invoice();
    for (int i = 0; i < 60; ++i) {
        InvoiceLine line = invoice.lines[0];
        line.spec = "规格" + std::to_string(1000 + i);
        invoice.lines.push_back(line);
        invoice.net += line.net;
        invoice.tax += line.tax;
        invoice.gross += line.net + line.tax;
    }
    const auto paper = layout_invoice(invoice, fonts());
    ASSERT_TRUE(paper) << paper.error().message;
    EXPECT_EQ(paper->pages.size(), 2U);
    const std::string all = listing(*paper);
    for (int i = 0; i < 60; ++i) EXPECT_NE(all.find("规格" + std::to_string(1000 + i)), std::string::npos) << i;
    EXPECT_NE(all.find("共 2 页 第 2 页"), std::string::npos);
    expect_marks_inside(*paper);
}

TEST_F(Documents, RedLetterAndDiscountAreNegative) {
    Invoice invoice = samples::invoice();
    const TaxSplit off = split_tax(Fen{-1000}, 60);
    invoice.lines.push_back({"*信息技术服务*数字证书服务费", "", "", 0, off.net, 60, off.tax});
    invoice.net += off.net;
    invoice.tax += off.tax;
    invoice.gross += Fen{-1000};
    auto paper = layout_invoice(invoice, fonts());
    ASSERT_TRUE(paper) << paper.error().message;
    EXPECT_NE(listing(*paper).find("|-9.43|"), std::string::npos);

    for (InvoiceLine& line : invoice.lines) {
        line.quantity = -line.quantity;
        line.net = -line.net;
        line.tax = -line.tax;
    }
    invoice.net = -invoice.net;
    invoice.tax = -invoice.tax;
    invoice.gross = -invoice.gross;
    paper = layout_invoice(invoice, fonts());
    ASSERT_TRUE(paper) << paper.error().message;
    EXPECT_NE(listing(*paper).find("⊗ （负数）壹仟叁佰玖拾玖圆伍角整"), std::string::npos) << listing(*paper);
}

TEST_F(Documents, AnAllowanceHasNoQuantitiesAndNamesItsBlueInvoice) {
    Invoice invoice = samples::invoice();
    invoice.number = "26322000000001234568";
    invoice.lines = {{"*信息技术服务*数字证书服务费", "单位证书 2 年", "", 0, Fen{-3144}, 60, Fen{-189}},
                     {"*计算机配套产品*智能密码钥匙", "USB KEY", "", 0, Fen{-1475}, 130, Fen{-192}}};
    invoice.net = Fen{-4619};
    invoice.tax = Fen{-381};
    invoice.gross = Fen{-5000};
    invoice.remark = "被红冲蓝字数电票号码：26322000000001234567；原因：04 销售折让";
    for (const InvoicePaper kind : {InvoicePaper::a4, InvoicePaper::form_241x140}) {
        const auto paper = layout_invoice(invoice, fonts(), {kind});
        ASSERT_TRUE(paper) << paper.error().message;
        expect_marks_inside(*paper);
        expect_nothing_overprinted(*paper);
        const std::string all = listing(*paper);
        for (const char* part : {"|-31.44|", "|-1.89|", "|-14.75|", "|-1.92|", "|¥-46.19|", "|¥-3.81|", "|¥-50.00|", "|13%|",
                                 "|⊗ （负数）伍拾圆整|"})
            EXPECT_NE(all.find(part), std::string::npos) << part << "\n" << all;
        EXPECT_EQ(all.find("|0|"), std::string::npos) << "a quantity";
        EXPECT_EQ(all.find("|0.00|"), std::string::npos) << "a price";
        EXPECT_NE(said_on(*paper).find(without_blanks(invoice.remark)), std::string::npos);
    }
}

TEST_F(Documents, SumsThatDoNotAddUpAreRefused) {
    Invoice invoice = samples::invoice();
    invoice.tax += Fen{1};
    const auto paper = layout_invoice(invoice, fonts());
    ASSERT_FALSE(paper);
    EXPECT_EQ(paper.error().kind, ErrorKind::refused);
    invoice = samples::invoice();
    invoice.lines.clear();
    EXPECT_FALSE(layout_invoice(invoice, fonts()));
}

TEST_F(Documents, UnitPriceHasAtMostThirteenDecimals) {
    EXPECT_EQ(unit_price(Fen{75472}, 4), "188.68");
    EXPECT_EQ(unit_price(Fen{9434}, 3), "31.4466666666667");
    EXPECT_EQ(unit_price(Fen{100}, 3), "0.3333333333333");
    EXPECT_EQ(unit_price(Fen{-100}, 3), "-0.3333333333333");
    EXPECT_EQ(unit_price(Fen{-100}, -3), "0.3333333333333");
    EXPECT_EQ(unit_price(Fen{0}, 3), "0.00");
    EXPECT_EQ(unit_price(Fen{100000}, 1), "1000.00");
    EXPECT_EQ(unit_price(Fen{29'999'999'999'999}, 3), "99999999999.9966666666667");
}

TEST_F(Documents, CharactersThatCannotBePrintedAreNamedBeforeAnythingIsMade) {
    struct Case {
        const char* name;
        const char* says;
    };
    for (const Case& c : {Case{"王𱍐", "“𱍐”（U+31350）"}, Case{"王\u200F敏", "U+200F"}, Case{"王\t敏", "U+0009"},
                          Case{"تۇرسۇن", "“ت”（U+062A）"}, Case{"བསོད", "U+0F56"}, Case{"\xFF\xFE", "UTF-8"}}) {
        Label label = samples::label();
        label.recipient.name = c.name;
        const auto pdf = label_pdf(label, fonts());
        ASSERT_FALSE(pdf) << c.name;
        EXPECT_EQ(pdf.error().kind, ErrorKind::refused);
        EXPECT_NE(pdf.error().message.find(c.says), std::string::npos) << pdf.error().message;
        EXPECT_EQ(pdf.error().message.find("收件人"), 0U) << pdf.error().message;
    }
}

TEST_F(Documents, ManyLabelsArePagesOfOneSmallFile) {
    std::vector<Label> labels;
    for (int i = 0; i < 100; ++i) {
        labels.push_back(samples::label());
        labels.back().waybill = "SD74444969" + std::to_string(31000 + i);
    }
    const auto pdf = labels_pdf(labels, fonts());
    ASSERT_TRUE(pdf) << pdf.error().message;
    EXPECT_LE(pdf->size(), 100 * 3'500U);
    EXPECT_NE(output_of({"pdfinfo", saved("many.pdf", *pdf)}).find("Pages:           100\n"), std::string::npos);
    EXPECT_NE(text_of_pdf(*pdf).find("SD7444496931099"), std::string::npos);
    EXPECT_EQ(labels_pdf({}, fonts()).error().kind, ErrorKind::refused);
}

// The page objects and the map back to text are ours, the font is libharu's: two readers take them as one file.
TEST_F(Documents, ReadersDoNotComplain) {
    Label label = samples::label();
    label.recipient.name = "𠮷田𬭎·龘垚";
    for (const auto& pdf : {label_pdf(label, fonts()), invoice_pdf(samples::invoice(), fonts()),
                            daily_report_pdf(samples::daily_report(), fonts())}) {
        ASSERT_TRUE(pdf) << pdf.error().message;
        const fs::path file = saved("readers.pdf", *pdf);
        for (const std::vector<std::string>& reader : {std::vector<std::string>{"pdftotext", file, folder_ / "out.txt"},
                                                       {"pdffonts", file},
                                                       {"pdfinfo", file},
                                                       {"pdftoppm", "-r", "36", "-singlefile", file, folder_ / "out"}}) {
            const std::string said = output_of(reader);
            EXPECT_EQ(said.find("Syntax"), std::string::npos) << said;
            EXPECT_EQ(said.find("Error"), std::string::npos) << said;
        }
        EXPECT_NE(output_of({"pdfinfo", file}).find("Title:"), std::string::npos);
    }
}

TEST_F(Documents, ManyOrdersOnALabelAreCountedNotDropped) {
    Label label = samples::label();
    for (int i = 0; i < 100; ++i) label.orders.push_back("SD202611230" + std::to_string(10000 + i));
    const auto paper = layout_labels({label}, fonts());
    ASSERT_TRUE(paper) << paper.error().message;
    const std::string all = listing(*paper);
    EXPECT_NE(all.find("等 103 个订单"), std::string::npos) << all;
    EXPECT_NE(all.find("共 103 个订单"), std::string::npos);
}

TEST_F(Documents, ALongDailyReportBreaksOverPages) {
    DailyReport report = samples::daily_report();
    for (int i = 0; i < 80; ++i) report.rejections.push_back({"X" + std::to_string(100 + i), "其他原因，详见审核备注", 1});
    for (int i = 0; i < 60; ++i) report.takings.push_back({"渠道" + std::to_string(100 + i), 1, Fen{100}, Fen{}, Fen{}, Fen{}});
    const auto paper = layout_daily_report(report, fonts());
    ASSERT_TRUE(paper) << paper.error().message;
    EXPECT_GE(paper->pages.size(), 3U);
    const std::string all = listing(*paper);
    for (int i = 0; i < 60; ++i) EXPECT_NE(all.find("|渠道" + std::to_string(100 + i) + "|"), std::string::npos) << i;
    expect_marks_inside(*paper);
}

// A day of the demo centre: signature and audit head belong on the page of the figures.
TEST_F(Documents, AFullDayIsOnePage) {
    DailyReport report = samples::daily_report();
    report.rejections = {{"name_differs", "填写的名称与材料上的不一致，请核对后修改。", 6},
                         {"number_differs", "填写的证件号码与材料上的不一致，请核对后修改。", 3},
                         {"identity_missing", "材料包里没有身份证正反面，请补齐后重新上传。", 1},
                         {"licence_missing", "材料包里没有营业执照（加盖公章的复印件），请补齐后重新上传。", 1},
                         {"stamp_missing", "证件复印件没有加盖公章，请盖章后重新扫描上传。", 1},
                         {"stamp_unclear", "材料上的公章不清晰，请重新盖章后扫描上传。", 1}};
    for (int more = 0; more < 6; ++more) {
        const auto paper = layout_daily_report(report, fonts());
        ASSERT_TRUE(paper) << paper.error().message;
        EXPECT_EQ(paper->pages.size(), 1U) << report.rejections.size();
        expect_marks_inside(*paper);
        expect_nothing_overprinted(*paper);
        report.rejections.push_back({"X" + std::to_string(more), "其他原因，详见审核备注，请补齐后重新上传。", 1});
    }
}

TEST_F(Documents, AQuietDaySaysSo) {
    DailyReport report;
    report.centre = "省签章服务中心";
    const auto pdf = daily_report_pdf(report, fonts());
    ASSERT_TRUE(pdf) << pdf.error().message;
    EXPECT_NE(text_of_pdf(*pdf).find("当日没有收款和退款"), std::string::npos);
}
