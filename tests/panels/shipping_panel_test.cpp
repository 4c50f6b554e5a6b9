#include "base/files.h"
#include "shipping/tracking.h"
#include "shipping/waybills.h"
#include "tests/panels/shipping_bench.h"

namespace sealdesk::tests {
namespace {

using orders::State;
using panels::ShippingPanel;
namespace ids = panels::ids;

class ShippingPanelTest : public ShippingBench {};

TEST_F(ShippingPanelTest, TheLastRightScanPacksAndPrints) {
    issued(paid_together({1, 2}));
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.shows(ids::with(ids::kShippingProposal, "1")));
    ASSERT_TRUE(bench.says(two_));
    EXPECT_TRUE(bench.screen.disabled(ids::kShippingPack));
    bench.screen.press(ImGuiKey_Enter);
    scan(bench, "KEY-0001-1");
    ASSERT_TRUE(bench.says("KEY KEY-0001-1 正确（1 / 2）")) << bench.screen.text();
    scan(bench, "KEY-0001-1");
    ASSERT_TRUE(bench.says("已经扫描过")) << bench.screen.text();
    EXPECT_EQ(open_.state_of(one_), State::issued);
    scan(bench, "key-0002-1");
    ASSERT_TRUE(bench.says("EA123456785CN")) << bench.screen.text();
    EXPECT_EQ(open_.state_of(one_), State::packed);
    EXPECT_EQ(open_.state_of(two_), State::packed);
    const auto label = open_.desk->documents() / "labels/EA123456785CN.pdf";
    ASSERT_TRUE(bench.in_time([&] { return std::filesystem::exists(label); })) << bench.screen.text();
    EXPECT_EQ(read_file(label)->substr(0, 5), "%PDF-");
    EXPECT_EQ(shipping::waiting(open_.database())->front().prints, 1);

    ASSERT_TRUE(bench.shows(ids::kShippingHandOver));
    bench.screen.click(ids::kShippingHandOver);
    ASSERT_TRUE(bench.says("今天已交寄 1")) << bench.screen.text();
    EXPECT_EQ(open_.state_of(one_), State::completed);
    EXPECT_EQ(open_.state_of(two_), State::completed);
    ASSERT_TRUE(bench.in_time([&] { return !bench.screen.visible(ids::kShippingHandOver); }));
}

TEST_F(ShippingPanelTest, GoesFromPackingToTheCourierWithoutTheMouse) {
    issued({sample_order(1), sample_order(2)});
    without_scanning();
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.says("支付 ZF0001")) << bench.screen.text();
    bench.screen.press(ImGuiKey_DownArrow);
    ASSERT_TRUE(bench.says("支付 ZF0002")) << bench.screen.text();
    bench.screen.press(ImGuiKey_UpArrow);
    ASSERT_TRUE(bench.says("支付 ZF0001")) << bench.screen.text();
    bench.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(bench.says("EA123456785CN")) << bench.screen.text();
    bench.screen.press(ImGuiMod_Ctrl | ImGuiKey_2);
    ASSERT_TRUE(bench.says("没有交接 1")) << bench.screen.text();
    scan(bench, "EA123456785CN");
    ASSERT_TRUE(bench.says("交接完成：1 个包裹")) << bench.screen.text();
    EXPECT_TRUE(bench.screen.says("已扫描 1 个包裹"));
    bench.screen.press(ImGuiMod_Ctrl | ImGuiKey_D);
    ASSERT_TRUE(bench.settles([&] { return open_.state_of(one_) == State::completed; })) << bench.screen.text();
    bench.screen.press(ImGuiMod_Ctrl | ImGuiKey_1);
    ASSERT_TRUE(bench.says("今天已交寄 1")) << bench.screen.text();
    EXPECT_EQ(bench.panel.scanner().said(), "") << "what was told of the list is not about the next parcel";
}

TEST_F(ShippingPanelTest, AWrongKeyIsRefusedAtTheScan) {
    issued(paid_together({1, 2}));
    issued({sample_order(3)});
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.says(two_));
    scan(bench, "KEY-0001-1");
    ASSERT_TRUE(bench.says("正确（1 / 2）"));
    scan(bench, "KEY-0003-1");
    ASSERT_TRUE(bench.says("属于订单 DD20261122-0003，不能放进这个包裹")) << bench.screen.text();
    scan(bench, "KEY-7777-1");
    ASSERT_TRUE(bench.says("不认识 KEY-7777-1")) << bench.screen.text();
    EXPECT_EQ(open_.state_of(one_), State::issued);
    EXPECT_TRUE(bench.screen.disabled(ids::kShippingPack));
}

TEST_F(ShippingPanelTest, ASlowFrameInsideAScanLosesNothingAndSlowTypingIsNoScan) {
    issued(paid_together({1, 2}));
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.says(two_));
    bench.screen.pass(0.5);
    bench.screen.type("KEY");
    bench.screen.slow_frame(0.4);
    bench.screen.type("-0001-1");
    bench.screen.slow_frame(0.2);
    bench.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(bench.says("KEY KEY-0001-1 正确（1 / 2）")) << bench.screen.text();
    bench.screen.pass(0.5);
    bench.screen.type("KEY");
    bench.screen.pass(0.4);  // nothing was drawn: whoever waits that long is no scanner
    bench.screen.type("-0002-1");
    bench.screen.press(ImGuiKey_Enter);
    bench.screen.frame(10);
    EXPECT_FALSE(bench.screen.says("KEY KEY-0002-1 正确"));
    EXPECT_EQ(open_.state_of(one_), State::issued);
}

TEST_F(ShippingPanelTest, ScanningAnythingOpensItsParcel) {
    issued({sample_order(1), sample_order(2), sample_order(3)});
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.says("待打包 3"));
    scan(bench, two_);
    ASSERT_TRUE(bench.says("支付 ZF0002")) << bench.screen.text();
    scan(bench, "ZF0003");
    ASSERT_TRUE(bench.says("支付 ZF0003")) << bench.screen.text();
    scan(bench, one_);
    ASSERT_TRUE(bench.says("支付 ZF0001")) << bench.screen.text();
    scan(bench, "KEY-0001-1");
    ASSERT_TRUE(bench.in_time([&] { return open_.state_of(one_) == State::packed; })) << bench.screen.text();
    ASSERT_TRUE(bench.says("EA123456785CN"));
    scan(bench, "ZF0003");
    ASSERT_TRUE(bench.says("支付 ZF0003"));
    scan(bench, "EA123456785CN");
    ASSERT_TRUE(bench.says("打印过 1 次")) << bench.screen.text();
}

TEST_F(ShippingPanelTest, AParcelThatSomebodyOpenedTakesNoKeyOfAnother) {
    issued({sample_order(1), sample_order(2), sample_order(3)});
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.says("待打包 3"));
    scan(bench, two_);
    ASSERT_TRUE(bench.says("支付 ZF0002")) << bench.screen.text();
    scan(bench, "KEY-0001-1");  // the first one, and the wrong one
    ASSERT_TRUE(bench.in_time([&] { return bench.panel.scanner().tone() == kit::Tone::red; })) << bench.screen.text();
    EXPECT_NE(bench.panel.scanner().said().find("不能放进这个包裹"), std::string::npos) << bench.panel.scanner().said();
    open_.desk->jobs().wait_idle();
    bench.screen.frame(3);
    EXPECT_EQ(open_.state_of(one_), State::issued);
    EXPECT_TRUE(bench.screen.says("支付 ZF0002")) << bench.screen.text();
    scan(bench, "KEY-0002-1");
    ASSERT_TRUE(bench.settles([&] { return open_.state_of(two_) == State::packed; })) << bench.screen.text();
    // Nobody asked for the one that is shown now: a KEY opens its own.
    scan(bench, "KEY-0003-1");
    ASSERT_TRUE(bench.in_time([&] { return open_.state_of("DD20261122-0003") == State::packed; })) << bench.screen.text();
}

TEST_F(ShippingPanelTest, MissingOrdersNeedAChoice) {
    const auto three = paid_together({1, 2, 3});
    issued({three[0]});
    ASSERT_OK(put(open_.database(), {three[1]}, State::approved));
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.shows(ids::kShippingWait));
    scan(bench, "KEY-0001-1");
    ASSERT_TRUE(bench.says("请选择先发还是等齐")) << bench.screen.text();
    EXPECT_EQ(open_.state_of(one_), State::issued) << "the last scan does not decide";
    bench.screen.click(ids::kShippingWait);
    ASSERT_TRUE(bench.says("等齐再发")) << bench.screen.text();
    bench.screen.click(ids::with(ids::kShippingProposal, "1"));
    scan(bench, "KEY-0001-1");
    ASSERT_TRUE(bench.in_time([&] { return !bench.screen.disabled(ids::kShippingPack); })) << bench.screen.text();
    bench.screen.click(ids::kShippingPack);  // its words say that it goes without the rest
    ASSERT_TRUE(bench.in_time([&] { return open_.state_of(one_) == State::packed; })) << bench.screen.text();
}

TEST_F(ShippingPanelTest, TheHandOverIsScannedAndSaysWhatStaysBehind) {
    issued({sample_order(1), sample_order(2)});
    ASSERT_OK(shipping::pack(open_.database(), *open_.desk->actor, {one_}));
    ASSERT_OK(shipping::pack(open_.database(), *open_.desk->actor, {two_}));
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.shows(ids::kShippingTabOut));
    bench.screen.click(ids::kShippingTabOut);
    ASSERT_TRUE(bench.says("没有交接 2")) << bench.screen.text();
    scan(bench, "EA123456785CN");
    ASSERT_TRUE(bench.says("没有交接 1")) << bench.screen.text();
    scan(bench, "EA123456785CN");
    ASSERT_TRUE(bench.says("已经扫描过了")) << bench.screen.text();
    scan(bench, "SF0000000000000");
    ASSERT_TRUE(bench.says("没有快递单号是 SF0000000000000 的包裹")) << bench.screen.text();
    EXPECT_EQ(open_.state_of(one_), State::packed);
    const auto manifest = shipping::open_manifests(open_.database())->front();
    bench.screen.type_into(ids::kOutTakenBy, "李强");
    bench.screen.click(ids::with(ids::kOutClose, std::to_string(manifest.id)));
    ASSERT_TRUE(bench.in_time([&] { return open_.state_of(one_) == State::completed; })) << bench.screen.text();
    EXPECT_EQ(open_.state_of(two_), State::packed);
    EXPECT_EQ(shipping::manifest(open_.database(), manifest.id)->taken_by, "李强");
}

TEST_F(ShippingPanelTest, APrintThatStandsStillIsListedAndRepeated) {
    issued({sample_order(1)});
    const auto file = printing::keep(open_.folder.path() / "spool", printing::Format::pdf, "%PDF-1.4");
    ASSERT_OK(file);
    ASSERT_OK(open_.database().write([&](storage::Tx& tx) -> Result<> {
        SEALDESK_LET(job, printing::print_once(tx, *open_.desk->actor,
                                               {desk::desk_name(*open_.desk), "parcel 1", printing::Kind::label, "EA123456785CN",
                                                "面单 EA123456785CN", "socket://127.0.0.1:1", printing::Format::pdf, *file, 1}));
        storage::change(tx, "UPDATE print_jobs SET state = 'unsure', said = '看一下' WHERE id = :id", job.id);
        return {};
    }));
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.shows(ids::kShippingTabTroubles));
    bench.screen.click(ids::kShippingTabTroubles);
    ASSERT_TRUE(bench.shows(ids::with(ids::kTroubleRow, "print.1")));
    bench.screen.click(ids::with(ids::kTroubleRow, "print.1"));
    ASSERT_TRUE(bench.shows(ids::kTroubleCameOut));
    EXPECT_TRUE(bench.screen.disabled(ids::kTroubleAgain)) << "without a reason";
    bench.screen.click(ids::kTroubleCameOut);
    ASSERT_TRUE(bench.says("打印 0")) << bench.screen.text();
    EXPECT_EQ(printing::find(open_.database(), 1)->state, printing::State::done);
}

// Its printer was carried away: it goes to another one, or nobody waits for it longer.
TEST_F(ShippingPanelTest, APrintThatWaitsForADeadPrinterIsMovedOrGivenUp) {
    issued({sample_order(1)});
    const std::string dead = "ipp://127.0.0.1:1/ipp/print", other = "ipp://127.0.0.1:2/ipp/print";
    printers("", other, "");
    const auto file = printing::keep(open_.folder.path() / "spool", printing::Format::pdf, "%PDF-1.4");
    ASSERT_OK(file);
    const auto asked = open_.database().write([&](storage::Tx& tx) {
        return printing::print_once(tx, *open_.desk->actor,
                                    {"another desk of this store", "parcel 1", printing::Kind::label, "EA123456785CN",
                                     "面单 EA123456785CN", dead, printing::Format::pdf, *file, 1});
    });
    ASSERT_OK(asked);
    const auto becomes = [&](const char* state) {
        return open_.database().write([&](storage::Tx& tx) -> Result<> {
            storage::change(tx, "UPDATE print_jobs SET desk = :desk, state = :state, printer_job = 7, said = '没有应答'",
                            desk::desk_name(*open_.desk), std::string(state));
            return {};
        });
    };
    const auto now = [&] { return *printing::find(open_.database(), asked->id); };
    ASSERT_OK(becomes("cancelling"));
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.shows(ids::kShippingTabTroubles));
    bench.screen.click(ids::kShippingTabTroubles);
    const auto row = ids::with(ids::kTroubleRow, "print." + std::to_string(asked->id));
    ASSERT_TRUE(bench.shows(row));
    bench.screen.click(row);
    ASSERT_TRUE(bench.shows(ids::kTroubleGiveUp)) << bench.screen.text();
    EXPECT_TRUE(bench.screen.disabled(ids::kTroubleCancel)) << "that has been asked for";
    bench.screen.click(ids::kTroubleGiveUp);
    ASSERT_TRUE(bench.in_time([&] { return now().state == printing::State::unsure; })) << bench.screen.text();

    ASSERT_OK(becomes("failed"));
    open_.desk->touch();
    ASSERT_TRUE(bench.shows(ids::kTroubleRedirect)) << bench.screen.text();
    EXPECT_TRUE(bench.screen.disabled(ids::kTroubleRedirect)) << "it is there already";
    bench.screen.click(ids::with(ids::kTroublePrinterOf, "invoice"));
    bench.screen.click(ids::kTroubleRedirect);
    ASSERT_TRUE(bench.in_time([&] { return now().printer == other; })) << bench.screen.text();
    EXPECT_EQ(now().copy_no, 1);
}

TEST_F(ShippingPanelTest, EachPaperGoesToItsPrinterInTheOrderOfTheParcel) {
    printers(kLabels, kInvoices, kA4);
    issued(paid_together({1, 2}));
    invoiced("ZF0001");
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.says(two_));
    scan(bench, "KEY-0001-1");
    ASSERT_TRUE(bench.says("正确（1 / 2）"));
    scan(bench, "KEY-0002-1");
    ASSERT_TRUE(bench.says("3 张单据已送打印")) << bench.screen.text();
    auto jobs = jobs_in_order();
    ASSERT_EQ(jobs.size(), 3U);
    EXPECT_EQ(jobs[0].kind, printing::Kind::invoice);
    EXPECT_EQ(jobs[0].printer, kInvoices);
    EXPECT_EQ(jobs[1].kind, printing::Kind::slip);
    EXPECT_EQ(jobs[1].printer, kA4);
    EXPECT_EQ(jobs[2].kind, printing::Kind::label);
    EXPECT_EQ(jobs[2].printer, kLabels);
    EXPECT_EQ(jobs[0].batch, jobs[2].batch);
    for (const char* file : {"invoices/26322000000000000001.pdf", "slips/EA123456785CN.pdf", "labels/EA123456785CN.pdf"})
        EXPECT_TRUE(std::filesystem::exists(open_.desk->documents() / file)) << file;

    ASSERT_TRUE(bench.shows(ids::kShippingReason));
    bench.screen.click(ids::kShippingReprint);
    ASSERT_TRUE(bench.says("重印要写明原因")) << bench.screen.text();
    EXPECT_EQ(jobs_in_order().size(), 3U);
    bench.screen.click(ids::kShippingHandOver);
    ASSERT_TRUE(bench.says("今天已交寄 1")) << bench.screen.text();
    EXPECT_TRUE(bench.in_time([&] { return !bench.screen.visible(ids::kShippingReprint); })) << "it is out of the house";
}

TEST_F(ShippingPanelTest, WhatIsPickedUpGetsAReceiptToSign) {
    printers(kLabels, kInvoices, kA4);
    auto order = sample_order(1);
    order.delivery = {orders::DeliveryMethod::pickup, "周敏", "13800138000", ""};
    issued({order});
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.says("自取"));
    scan(bench, "KEY-0001-1");
    ASSERT_TRUE(bench.says("等申请人自取")) << bench.screen.text();
    const auto jobs = jobs_in_order();
    ASSERT_EQ(jobs.size(), 1U);
    EXPECT_EQ(jobs[0].kind, printing::Kind::receipt);
    const std::string receipt = fmt::format("ZQ{}-{}", one_, shipping::waiting(open_.database())->front().id);
    EXPECT_EQ(jobs[0].subject, receipt);
    ASSERT_TRUE(bench.shows(ids::kShippingReason)) << bench.screen.text();
    ASSERT_OK(printing::cancel(open_.database(), *open_.desk->actor, jobs[0].id));  // the one before is over
    bench.screen.click(ids::kShippingReprint);
    ASSERT_TRUE(bench.says("重印要写明原因")) << bench.screen.text();
    bench.screen.type_into(ids::kShippingReason, "弄脏");
    bench.screen.click(ids::kShippingReprint);
    ASSERT_TRUE(bench.says("第 2 次打印，签收单")) << bench.screen.text();
    ASSERT_EQ(jobs_in_order().size(), 2U);
    EXPECT_EQ(jobs_in_order()[1].subject, receipt);
    ASSERT_TRUE(bench.shows(ids::kShippingHandOver));
    bench.screen.click(ids::kShippingHandOver);
    ASSERT_TRUE(bench.says("今天已交寄 1")) << bench.screen.text();
    EXPECT_EQ(open_.state_of(one_), State::completed);
}

TEST_F(ShippingPanelTest, AClosedListHasANumberAndIsPrintedForBothSides) {
    printers("", "", kA4);
    issued({sample_order(1)});
    ASSERT_OK(shipping::pack(open_.database(), *open_.desk->actor, {one_}));
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.shows(ids::kShippingTabOut));
    bench.screen.click(ids::kShippingTabOut);
    ASSERT_TRUE(bench.says("没有交接 1")) << bench.screen.text();
    scan(bench, "EA123456785CN");
    ASSERT_TRUE(bench.says("没有交接 0")) << bench.screen.text();
    const auto id = shipping::open_manifests(open_.database())->front().id;
    bench.screen.click(ids::with(ids::kOutClose, std::to_string(id)));
    ASSERT_TRUE(bench.says("交接清单 JJ00000001")) << bench.screen.text();
    ASSERT_TRUE(bench.shows(ids::with(ids::kOutPrint, std::to_string(id))));
    ASSERT_EQ(jobs_in_order().size(), 1U);
    EXPECT_EQ(jobs_in_order()[0].kind, printing::Kind::manifest);
    EXPECT_EQ(jobs_in_order()[0].copies, 2);
    EXPECT_TRUE(std::filesystem::exists(open_.desk->documents() / "manifests/JJ00000001.pdf"));
}

TEST_F(ShippingPanelTest, AKeyThatArrivedAndWasNeverUsedIsFollowedUp) {
    issued({sample_order(1)});
    const auto parcel = shipping::pack(open_.database(), *open_.desk->actor, {one_});
    ASSERT_OK(parcel);
    ASSERT_OK(shipping::hand_over(open_.database(), *open_.desk->actor, parcel->id));
    shipping::Track track;
    track.delivered = true;
    track.steps = {{open_.clock.now(), "已签收", "3"}};
    ASSERT_OK(shipping::take_track(open_.database(), parcel->waybill, track));
    open_.clock.advance(8 * kDay);
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.shows(ids::kShippingTabTroubles));
    bench.screen.click(ids::kShippingTabTroubles);
    const auto row = ids::with(ids::kTroubleRow, "follow." + std::to_string(parcel->id));
    ASSERT_TRUE(bench.shows(row)) << bench.screen.text();
    bench.screen.click(row);
    ASSERT_TRUE(bench.says("没有用过")) << bench.screen.text();
    EXPECT_TRUE(bench.screen.disabled(ids::kTroubleSettle)) << "without a note";
    bench.screen.type_into(ids::kTroubleNote, "已电话联系，下周使用");
    bench.screen.click(ids::kTroubleSettle);
    ASSERT_TRUE(bench.says("回访 0")) << bench.screen.text();
}

TEST_F(ShippingPanelTest, PrintersAreSetAndTestedHere) {
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.shows(ids::kShippingTabPrinters));
    bench.screen.click(ids::kShippingTabPrinters);
    const auto field = ids::with(ids::kPrinterAddress, "label");
    ASSERT_TRUE(bench.shows(field)) << bench.screen.text();
    bench.screen.type_into(field, "the printer in the corner");
    bench.screen.click(ids::kPrinterSave);
    ASSERT_TRUE(bench.in_time([&] { return !bench.screen.disabled(ids::kPrinterSave); }));
    EXPECT_EQ(desk::load_shipping_settings(open_.folder.path())->printer_label, "") << "that is no address";
    bench.screen.type_into(field, kLabels);
    bench.screen.click(ids::kPrinterSave);
    ASSERT_TRUE(bench.says("马上生效")) << bench.screen.text();
    const auto test = ids::with(ids::kPrinterTest, "label");
    ASSERT_TRUE(bench.shows(test)) << bench.screen.text();
    bench.screen.click(test);
    ASSERT_TRUE(bench.says("测试页已送打印")) << bench.screen.text();
    ASSERT_EQ(jobs_in_order().size(), 1U);
    EXPECT_EQ(jobs_in_order()[0].printer, kLabels);
}

TEST_F(ShippingPanelTest, ThePaperOfTheInvoicesIsSetBesideTheirPrinter) {
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.shows(ids::kShippingTabPrinters));
    bench.screen.click(ids::kShippingTabPrinters);
    ASSERT_TRUE(bench.shows(ids::kPrinterInvoicePaper)) << bench.screen.text();
    bench.screen.click(ids::kPrinterInvoicePaper);
    bench.screen.frame(2);
    bench.screen.click("发票用 241×140 毫米预印纸，只打内容");
    bench.screen.frame(2);
    bench.screen.type_into(ids::kPrinterInvoiceRight, "left a bit");
    bench.screen.frame(2);
    EXPECT_TRUE(bench.screen.disabled(ids::kPrinterSave));
    bench.screen.click(ids::kPrinterInvoiceRight);
    bench.screen.press(ImGuiKey_A | ImGuiMod_Ctrl);
    bench.screen.type("-1.5");
    ASSERT_TRUE(bench.in_time([&] { return !bench.screen.disabled(ids::kPrinterSave); })) << bench.screen.text();
    bench.screen.click(ids::kPrinterSave);
    ASSERT_TRUE(bench.says("马上生效")) << bench.screen.text();
    const auto saved = desk::load_shipping_settings(open_.folder.path());
    ASSERT_OK(saved);
    EXPECT_EQ(saved->invoice_right, -1.5);
    EXPECT_EQ(saved->invoice_down, 0.0);
    EXPECT_EQ(saved->invoice_paper, "form_pre_printed");
}

TEST_F(ShippingPanelTest, PapersThatCannotBeMadeStandInTheListWithTheirReason) {
    auto order = sample_order(1);
    order.delivery.address = "江苏省南京市建邺区\xF3\xB0\x80\x80路1号";  // a private character that no font has
    issued({order});
    const auto parcel = shipping::pack(open_.database(), *open_.desk->actor, {one_});
    ASSERT_OK(parcel);
    EXPECT_FALSE(desk::print_papers(*open_.desk, *open_.desk->actor, parcel->id));
    const std::string why = shipping::find(open_.database(), parcel->id)->papers_trouble;
    ASSERT_NE(why, "");
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.shows(ids::kShippingTabTroubles));
    bench.screen.click(ids::kShippingTabTroubles);
    const auto row = ids::with(ids::kTroubleRow, "papers." + std::to_string(parcel->id));
    ASSERT_TRUE(bench.shows(row)) << bench.screen.text();
    bench.screen.click(row);
    ASSERT_TRUE(bench.shows(ids::kTroublePrint)) << bench.screen.text();
    EXPECT_TRUE(bench.says(why)) << bench.screen.text();
    bench.screen.click(ids::kTroublePrint);
    open_.desk->jobs().wait_idle();
    EXPECT_TRUE(shipping::find(open_.database(), parcel->id)->papers_due) << "the address is still the same";
    bench.screen.frame(3);
    bench.screen.type_into(ids::kTroubleAddress, "江苏省南京市建邺区江东中路1号");
    bench.screen.click(ids::kTroublePrint);
    ASSERT_TRUE(bench.in_time([&] { return !bench.screen.visible(row); })) << bench.screen.text();
    const auto printed = shipping::find(open_.database(), parcel->id);
    EXPECT_EQ(printed->delivery.address, "江苏省南京市建邺区江东中路1号");
    EXPECT_FALSE(printed->papers_due);
    EXPECT_EQ(printed->prints, 1);
}

TEST_F(ShippingPanelTest, HandsOverEverythingAtOnce) {
    issued({sample_order(1), sample_order(2)});
    ASSERT_OK(shipping::pack(open_.database(), *open_.desk->actor, {one_}));
    ASSERT_OK(shipping::pack(open_.database(), *open_.desk->actor, {two_}));
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.says("待交寄 2"));
    bench.screen.click(ids::kShippingHandOverAll);
    ASSERT_TRUE(bench.says("今天已交寄 2")) << bench.screen.text();
    EXPECT_EQ(open_.state_of(one_), State::completed);
    EXPECT_EQ(open_.state_of(two_), State::completed);
    EXPECT_TRUE(bench.screen.disabled(ids::kShippingHandOverAll));
}

TEST_F(ShippingPanelTest, DifferencesAreShownBeforePacking) {
    auto pair = paid_together({1, 2});
    pair[1].delivery.address = "江苏省苏州市姑苏区人民路1号";
    issued(pair);
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.says("地址不同 2"));
    EXPECT_TRUE(bench.screen.says("这次支付有 2 处收件信息"));
    EXPECT_TRUE(bench.screen.says("还没有")) << "the invoice";
}

TEST_F(ShippingPanelTest, OnlyAClerkPacks) {
    issued({sample_order(1)});
    open_.sign_in("wang", "王敏", static_cast<staff::Roles>(staff::Role::reviewer));
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.says("只有发货员可以打包和交寄"));
    EXPECT_TRUE(bench.screen.disabled(ids::kShippingPack));
    bench.screen.press(ImGuiKey_Enter);
    open_.desk->jobs().wait_idle();
    EXPECT_EQ(open_.state_of(one_), State::issued);
}

}  // namespace
}  // namespace sealdesk::tests
