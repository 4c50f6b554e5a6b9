#include "panels/daily_panel.h"

#include <gtest/gtest.h>

#include "base/files.h"
#include "base/translate.h"
#include "desk/papers.h"
#include "desk/shipping_settings.h"
#include "panels/back_office_ids.h"
#include "panels/kit/tile.h"
#include "panels/shipping_ids.h"
#include "support/test_printer.h"
#include "tests/panels/open_desk.h"

namespace sealdesk::tests {
namespace {

using orders::State;
using panels::DailyPanel;
namespace ids = panels::ids;

class DailyPanelTest : public testing::Test {
protected:
    void SetUp() override {
        open_.sign_in("sun", "孙静", kSupervisor);
        // Paid the day before (see sample_order), approved and issued today.
        ASSERT_OK(put(open_.database(), {sample_order(1), sample_order(2)}, State::issued));
        ASSERT_OK(put(open_.database(), {sample_order(3)}, State::paid));
    }
    OpenDesk open_;
};

TEST_F(DailyPanelTest, NumbersOpenTheirRows) {
    Shown<DailyPanel> daily(open_);
    ASSERT_TRUE(daily.shows(ids::with(ids::kDailyFlow, "in.issued"))) << daily.screen.text();
    EXPECT_EQ(daily.screen.item(ids::with(ids::kDailyFlow, "in.issued")).label.substr(0, 1), "2");
    daily.screen.click(ids::with(ids::kDailyFlow, "in.issued"));
    ASSERT_TRUE(daily.shows("daily.row.2"));
    EXPECT_TRUE(daily.screen.says("DD20261122-0001"));
    EXPECT_TRUE(daily.screen.says("2 行"));
    EXPECT_FALSE(daily.screen.says("DD20261122-0003"));
}

TEST_F(DailyPanelTest, TakingsStandOnTheDayOfThePayment) {
    Shown<DailyPanel> daily(open_);
    ASSERT_TRUE(daily.shows(ids::kDailyTakings));
    daily.screen.click(ids::kDailyBack);
    ASSERT_TRUE(daily.says("¥948.00")) << daily.screen.text();
    EXPECT_TRUE(daily.screen.says("2026-11-21"));
    daily.screen.click(ids::kDailyTakings);
    ASSERT_TRUE(daily.shows("daily.row.3"));
    EXPECT_TRUE(daily.screen.says("3 行 · ¥948.00")) << daily.screen.text();
    daily.screen.press(ImGuiKey_RightArrow);
    ASSERT_TRUE(daily.says("2026-11-22"));
    EXPECT_TRUE(daily.screen.disabled(ids::kDailyForward)) << "tomorrow has no report";
}

// On a screen of 1366×768, of which the rail and the bars take their part, and on a wide one.
TEST_F(DailyPanelTest, TilesStandInAsManyRowsAsTheirNumbersNeed) {
    const Fen total{1234567890}, tax{69881107};
    ASSERT_OK(open_.database().write([&](storage::Tx& tx) -> Result<> {
        storage::change(tx,
                        "INSERT INTO invoices (number, payment_no, title_kind, title_name, title_tax_number, total, tax, "
                        "document, issued_by, issued_at) VALUES ('26322000000000000001', 'ZF0001', 'unit', '南京垚鑫', "
                        "'91320104MA1X1K2L3Q', :total, :tax, '{}', 'zhao', :at)",
                        total.value, tax.value, tx.now.ms);
        return {};
    }));
    constexpr const char* kTiles[] = {ids::kDailyTakings,  ids::kDailyRefunds,  ids::kDailyKeys,
                                      ids::kDailyRejected, ids::kDailyInvoices, ids::kDailyRevoked};
    for (const ImVec2 size : {ImVec2(1294, 691), ImVec2(2600, 900)}) {
        Shown<DailyPanel> daily(open_, size);
        ASSERT_TRUE(daily.shows(ids::kDailyTakings));
        EXPECT_TRUE(daily.screen.says(trf("{} · 税 {}", yuan_on_screen(total), yuan(tax)))) << daily.screen.text();
        const auto first = daily.screen.item(ids::kDailyTakings);
        for (const char* id : kTiles) {
            const auto& tile = daily.screen.item(id);
            EXPECT_NEAR(tile.w, first.w, 1) << id << " is cut at the pane's edge";
            EXPECT_NEAR(tile.h, kit::kTileHeight, 1) << id;
        }
        const auto& fourth = daily.screen.item(ids::kDailyRejected);
        const bool below = size.x < 2000;
        EXPECT_EQ(fourth.y > first.y, below) << size.x;
        EXPECT_EQ(fourth.x > first.x, !below) << size.x;
    }
}

TEST_F(DailyPanelTest, ExportsThreeDocuments) {
    Shown<DailyPanel> daily(open_);
    ASSERT_TRUE(daily.shows(ids::kDailyTakings));
    for (const auto& [id, name, head] :
         {std::tuple{ids::kDailyPdf, "2026-11-22.pdf", "%PDF-"}, std::tuple{ids::kDailyCsv, "2026-11-22.csv", "\xEF\xBB\xBF"},
          std::tuple{ids::kDailyXlsx, "2026-11-22.xlsx", "PK"}}) {
        const auto file = open_.desk->documents() / "report" / name;
        ASSERT_TRUE(daily.in_time([&, button = id] { return !daily.screen.disabled(button); }));
        daily.screen.click(id);
        ASSERT_TRUE(daily.says(name)) << daily.screen.text();
        const auto bytes = read_file(file);
        ASSERT_OK(bytes);
        EXPECT_EQ(bytes->substr(0, std::string(head).size()), head);
    }
}

TEST_F(DailyPanelTest, PrintsTheReportAndFollowsItsSheet) {
    TestPrinter printer(open_.folder.path());
    Shown<DailyPanel> daily(open_);
    ASSERT_TRUE(daily.shows(ids::kDailyTakings));
    ASSERT_TRUE(daily.in_time([&] { return !daily.screen.disabled(ids::kDailyPrint); }));
    daily.screen.click(ids::kDailyPrint);
    ASSERT_TRUE(daily.says("还没有设置A4 纸打印机")) << daily.screen.text();
    desk::ShippingSettings settings;
    settings.printer_a4 = printer.address();
    ASSERT_OK(desk::save_shipping_settings(open_.desk->settings().home, settings));
    printer.does(TestPrinter::Does::run_out_of_paper);
    daily.screen.click(ids::kDailyPrint);
    ASSERT_TRUE(daily.says("缺纸")) << daily.screen.text();
    EXPECT_TRUE(daily.screen.says("日报：打印机停了"));
    printer.load_paper();
    ASSERT_TRUE(daily.says("日报：已打印")) << daily.screen.text();
    ASSERT_EQ(printer.printed().size(), 1U);
    EXPECT_EQ(printer.printed()[0].substr(0, 5), "%PDF-");
    daily.screen.click(ids::kDailyPrint);
    ASSERT_TRUE(daily.in_time([&] { return printer.printed().size() == 2; })) << "a second sheet: " << daily.screen.text();
    const auto jobs = printing::recent_jobs(open_.database(), desk::desk_name(*open_.desk), 10);
    ASSERT_EQ(jobs->size(), 2U);
    EXPECT_EQ(jobs->front().kind, printing::Kind::report);
    EXPECT_EQ(jobs->front().copy_no, 2);
}

TEST_F(DailyPanelTest, OnlyASupervisorReadsIt) {
    open_.sign_in("zhao", "赵云", kClerk);
    Shown<DailyPanel> daily(open_);
    ASSERT_TRUE(daily.says("日报由主管查看"));
    EXPECT_TRUE(daily.screen.disabled(ids::kDailyPdf));
    EXPECT_TRUE(daily.screen.disabled(ids::kDailyPrint));
    EXPECT_FALSE(daily.screen.visible(ids::kDailyTakings));
}

}  // namespace
}  // namespace sealdesk::tests
