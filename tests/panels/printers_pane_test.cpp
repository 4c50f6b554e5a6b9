// The printers of a desk as a person sets them: found in the network, chosen, saved, tested; how each is, and what lies in it.
#include "panels/shipping_printers.h"

#include <gtest/gtest.h>

#include "base/files.h"
#include "desk/papers.h"
#include "desk/shipping_worker.h"
#include "orders/number_ranges.h"
#include "panels/back_office_ids.h"
#include "panels/shipping_ids.h"
#include "storage/rows.h"
#include "support/test_label_printer.h"
#include "support/test_printer.h"
#include "tests/panels/open_desk.h"

namespace sealdesk::tests {
namespace {

using panels::PrintersPane;
using printing::State;
using printing::Use;
namespace ids = panels::ids;

class PrintersPaneTest : public testing::Test {
protected:
    void SetUp() override {
        open_.sign_in("zhao", "赵云", kClerk);
        ASSERT_OK(open_.database().write([](storage::Tx& tx) {
            return orders::define(tx, {"waybill", "EA{s10}CN", 12345678, 12345699});
        }));
    }
    void save(const std::function<void(desk::ShippingSettings&)>& change) {
        desk::ShippingSettings settings;
        change(settings);
        ASSERT_OK(desk::save_shipping_settings(open_.desk->settings().home, settings));
    }
    desk::ShippingSettings saved() {
        return desk::load_shipping_settings(open_.folder.path()).value_or(desk::ShippingSettings{});
    }
    std::vector<printing::PrintJob> jobs() {
        auto list = printing::recent_jobs(open_.database(), desk::desk_name(*open_.desk), 50).value();
        std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
        return list;
    }
    // Packed parcels of an order each.
    std::vector<shipping::Shipment> packed(int count) {
        std::vector<shipping::Shipment> list;
        for (int i = 1; i <= count; ++i) {
            const auto order = sample_order(i);
            EXPECT_TRUE(put(open_.database(), {order}, orders::State::issued));
            EXPECT_TRUE(give_keys(open_.database(), {order}));
            list.push_back(shipping::pack(open_.database(), *open_.desk->actor, {order.no}).value());
        }
        return list;
    }
    OpenDesk open_;
};

TEST_F(PrintersPaneTest, APrinterIsFoundChosenSavedAndPrintsItsTestPage) {
    TestPrinter printer(open_.folder.path(), {.name = "SealDesk found", .announced = true});
    setenv("DBUS_SYSTEM_BUS_ADDRESS", printer.bus_address().c_str(), 1);  // libcups asks the announcer there
    Shown<PrintersPane> pane(open_);
    ASSERT_TRUE(pane.shows(ids::kPrinterFind));
    const auto choose = ids::with(ids::kPrinterFound, "1.label");
    for (int i = 0; i < 10 && !pane.screen.visible(choose); ++i) {
        pane.screen.click(ids::kPrinterFind);
        ASSERT_TRUE(pane.in_time([&] { return !pane.screen.disabled(ids::kPrinterFind); }));
        pane.screen.frame(2);
    }
    ASSERT_TRUE(pane.screen.visible(choose)) << pane.screen.text() << printer.process().lines();
    EXPECT_TRUE(pane.screen.says("SealDesk found"));
    pane.screen.click(choose);
    pane.screen.click(ids::with(ids::kPrinterFound, "1.a4"));
    pane.screen.click(ids::with(ids::kPrinterLabelSize, "100x150"));
    pane.screen.click(ids::kPrinterSave);
    ASSERT_TRUE(pane.says("马上生效")) << pane.screen.text();
    EXPECT_NE(saved().printer_label, "");
    EXPECT_EQ(saved().printer_a4, saved().printer_label);
    EXPECT_EQ(saved().printer_invoice, "");
    EXPECT_EQ(saved().label_size, "100x150");
    const auto test = ids::with(ids::kPrinterTest, "label");
    ASSERT_TRUE(pane.shows(test)) << pane.screen.text();
    ASSERT_TRUE(pane.says("就绪")) << pane.screen.text();
    EXPECT_TRUE(pane.screen.says("不认识 100×150 mm 的纸")) << pane.screen.text();
    pane.screen.click(test);
    ASSERT_TRUE(pane.in_time([&] { return printer.printed().size() == 1; })) << pane.screen.text() << printer.process().lines();
    EXPECT_EQ(printer.printed()[0].substr(0, 5), "%PDF-");
    EXPECT_NE(printer.printed()[0].find("/MediaBox"), std::string::npos);
    ASSERT_TRUE(pane.in_time([&] { return jobs().front().state == State::done; })) << jobs().front().said;
}

TEST_F(PrintersPaneTest, WhatLiesInTheLabelPrinterIsChosenAndPrinted) {
    TestLabelPrinter thermal;
    Shown<PrintersPane> pane(open_);
    const auto field = ids::with(ids::kPrinterAddress, "label");
    ASSERT_TRUE(pane.shows(field));
    pane.screen.type_into(field, thermal.address());
    pane.screen.click(ids::kPrinterSave);
    ASSERT_TRUE(pane.says("只能打印 ZPL")) << "PDF is no language of a thermal printer: " << pane.screen.text();
    EXPECT_EQ(saved().printer_label, "");
    EXPECT_FALSE(pane.screen.visible(ids::with(ids::kPrinterLabelDpi, "300"))) << "only ZPL is made for a resolution";
    pane.screen.click(ids::kPrinterZpl);
    pane.screen.frame(2);
    pane.screen.click(ids::with(ids::kPrinterLabelDpi, "300"));
    pane.screen.click(ids::with(ids::kPrinterLabelSize, "76x130"));
    pane.screen.click(ids::kPrinterSave);
    ASSERT_TRUE(pane.says("马上生效")) << pane.screen.text();
    EXPECT_EQ(saved().label_format, "zpl");
    EXPECT_EQ(saved().label_dpi, 300);
    EXPECT_EQ(saved().label_size, "76x130");
    const auto test = ids::with(ids::kPrinterTest, "label");
    ASSERT_TRUE(pane.shows(test));
    pane.screen.click(test);
    ASSERT_TRUE(pane.in_time([&] { return thermal.printed().size() == 1; })) << pane.screen.text();
    EXPECT_NE(thermal.printed()[0].find("^PW912"), std::string::npos) << "76 mm of 12 dots";
}

// Nothing but the printer changes: no verb ran, and the desk is told nothing.
TEST_F(PrintersPaneTest, HowAPrinterIsIsSeenWhileThePaneIsOpen) {
    TestLabelPrinter thermal;
    save([&](desk::ShippingSettings& settings) {
        settings.printer_label = thermal.address();
        settings.label_format = "zpl";
    });
    Shown<PrintersPane> pane(open_);
    ASSERT_TRUE(pane.says("就绪")) << pane.screen.text();
    thermal.mood({.paper_out = true});
    pane.screen.pass(6);
    ASSERT_TRUE(pane.says("缺纸")) << pane.screen.text();
    thermal.mood({.answers = false});
    pane.screen.pass(6);
    ASSERT_TRUE(pane.says("不回答状态")) << pane.screen.text();
    EXPECT_FALSE(pane.screen.says("就绪"));
}

TEST_F(PrintersPaneTest, LabelsAreSavedAsOneFileAndTheSecondTimeWithAReason) {
    const auto parcels = packed(2);
    Shown<PrintersPane> pane(open_);
    ASSERT_TRUE(pane.shows(ids::kBatchAllUnprinted)) << pane.screen.text();
    pane.screen.click(ids::kBatchAllUnprinted);
    pane.screen.frame();
    pane.screen.click(ids::kBatchFile);
    ASSERT_TRUE(pane.says("2 张面单在 labels/" + parcels[0].waybill + "-and-1.pdf")) << pane.screen.text();
    EXPECT_EQ(shipping::find(open_.database(), parcels[1].id)->prints, 1);
    ASSERT_TRUE(pane.says("只存了文件")) << pane.screen.text();
    pane.screen.click(ids::with(ids::kBatchParcel, std::to_string(parcels[0].id)));
    pane.screen.frame();
    EXPECT_TRUE(pane.screen.disabled(ids::kBatchFile)) << "no reason yet";
    pane.screen.type_into(ids::kBatchReason, "弄脏");
    pane.screen.frame();
    pane.screen.click(ids::kBatchFile);
    ASSERT_TRUE(pane.in_time([&] { return shipping::find(open_.database(), parcels[0].id)->prints == 2; })) << pane.screen.text();
    EXPECT_EQ(shipping::find(open_.database(), parcels[1].id)->prints, 1);
}

TEST_F(PrintersPaneTest, LabelsOfSeveralParcelsArePrintedAsOneBatch) {
    TestPrinter printer(open_.folder.path());
    const auto parcels = packed(3);
    save([&](desk::ShippingSettings& settings) { settings.printer_label = printer.address(); });
    printer.does(TestPrinter::Does::run_out_of_paper);
    Shown<PrintersPane> pane(open_);
    ASSERT_TRUE(pane.says("3 个没有打印")) << pane.screen.text();
    EXPECT_TRUE(pane.screen.disabled(ids::kBatchPrint)) << "nothing is chosen";
    pane.screen.click(ids::kBatchAllUnprinted);
    pane.screen.frame(2);
    pane.screen.click(ids::kBatchPrint);
    ASSERT_TRUE(pane.says("3 张单据已送打印")) << pane.screen.text();
    ASSERT_EQ(jobs().size(), 3U);
    for (size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(jobs()[i].subject, parcels[i].waybill) << "in the order of the list";
        EXPECT_EQ(jobs()[i].batch, jobs()[0].batch);
        EXPECT_EQ(shipping::find(open_.database(), parcels[i].id)->prints, 1);
        EXPECT_FALSE(shipping::find(open_.database(), parcels[i].id)->papers_due);
    }
    const auto row = ids::with(ids::kBatchRow, "1");
    ASSERT_TRUE(pane.says("0 / 3")) << pane.screen.text();
    ASSERT_TRUE(pane.says("缺纸")) << pane.screen.text();
    pane.screen.click(row);
    ASSERT_TRUE(pane.shows(ids::kBatchCancel));
    pane.screen.click(ids::kBatchCancel);
    ASSERT_TRUE(pane.says("3 张不再打印")) << pane.screen.text();
    printer.load_paper();
    ASSERT_TRUE(pane.says("3 张没有打印")) << pane.screen.text();

    // One of them left the house meanwhile: its label is not wanted any more.
    ASSERT_OK(shipping::hand_over(open_.database(), *open_.desk->actor, parcels[1].id));
    const auto before = printer.printed().size();
    ASSERT_TRUE(pane.in_time([&] { return !pane.screen.disabled(ids::kBatchResume); }));
    pane.screen.click(ids::kBatchResume);
    ASSERT_TRUE(pane.says("2 张单据已送打印")) << pane.screen.text();
    ASSERT_TRUE(pane.says("2 / 3")) << pane.screen.text();
    EXPECT_EQ(printer.printed().size(), before + 2);

    // One of the two once more, with its reason.
    const auto job = ids::with(ids::kBatchJob, std::to_string(jobs()[0].id));
    ASSERT_TRUE(pane.shows(job)) << pane.screen.text();
    pane.screen.click(job);
    ASSERT_TRUE(pane.shows(ids::kBatchAgain));
    EXPECT_TRUE(pane.screen.disabled(ids::kBatchAgain)) << "without a reason";
    pane.screen.type_into(ids::kBatchReason, "弄脏了");
    pane.screen.click(ids::kBatchAgain);
    ASSERT_TRUE(pane.in_time([&] { return printer.printed().size() == before + 3; })) << pane.screen.text();
    ASSERT_EQ(jobs().size(), 4U);
    EXPECT_EQ(jobs()[3].subject, parcels[0].waybill);
    EXPECT_EQ(jobs()[3].copy_no, 2);
    ASSERT_TRUE(pane.says("2 / 3")) << pane.screen.text();
}

TEST_F(PrintersPaneTest, ALabelThatIsOutIsNotInABatchWithoutAReason) {
    const auto parcels = packed(1);
    EXPECT_EQ(desk::print_labels(*open_.desk, *open_.desk->actor, {parcels[0].id}).error().kind, ErrorKind::refused)
        << "no printer";
    save([&](desk::ShippingSettings& settings) { settings.printer_label = "ipp://127.0.0.1:1/ipp/print"; });
    ASSERT_OK(desk::print_labels(*open_.desk, *open_.desk->actor, {parcels[0].id}));
    EXPECT_EQ(desk::print_labels(*open_.desk, *open_.desk->actor, {parcels[0].id}, "弄脏").error().kind, ErrorKind::conflict)
        << "it is on its way";
    ASSERT_OK(open_.database().write([](storage::Tx& tx) -> Result<> {
        storage::change(tx, "UPDATE print_jobs SET state = 'done'");
        return {};
    }));
    EXPECT_EQ(desk::print_labels(*open_.desk, *open_.desk->actor, {parcels[0].id}).error().kind, ErrorKind::refused);
    const auto again = desk::print_labels(*open_.desk, *open_.desk->actor, {parcels[0].id}, "弄脏");
    ASSERT_OK(again);
    EXPECT_EQ(again->asked, 1);
    const staff::Actor reviewer{"wang", "王敏", static_cast<staff::Roles>(staff::Role::reviewer)};
    EXPECT_EQ(desk::print_labels(*open_.desk, reviewer, {parcels[0].id}).error().kind, ErrorKind::denied);
    ASSERT_OK(shipping::hand_over(open_.database(), *open_.desk->actor, parcels[0].id));
    EXPECT_EQ(desk::print_labels(*open_.desk, *open_.desk->actor, {parcels[0].id}, "弄脏").error().kind, ErrorKind::refused);
}

}  // namespace
}  // namespace sealdesk::tests
