#include "panels/daily_panel.h"

#include <gtest/gtest.h>

#include "base/files.h"
#include "panels/back_office_ids.h"
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

TEST_F(DailyPanelTest, ExportsThreeDocuments) {
    Shown<DailyPanel> daily(open_);
    ASSERT_TRUE(daily.shows(ids::kDailyTakings));
    for (const auto& [id, name, head] :
         {std::tuple{ids::kDailyPdf, "2026-11-22.pdf", "%PDF-"}, std::tuple{ids::kDailyCsv, "2026-11-22.csv", "\xEF\xBB\xBF"},
          std::tuple{ids::kDailyXlsx, "2026-11-22.xlsx", "PK"}}) {
        const auto file = open_.desk->documents() / "report" / name;
        ASSERT_TRUE(daily.in_time([&] { return !daily.screen.disabled(id); }));
        daily.screen.click(id);
        ASSERT_TRUE(daily.says(name)) << daily.screen.text();
        const auto bytes = read_file(file);
        ASSERT_OK(bytes);
        EXPECT_EQ(bytes->substr(0, std::string(head).size()), head);
    }
}

TEST_F(DailyPanelTest, OnlyASupervisorReadsIt) {
    open_.sign_in("zhao", "赵云", kClerk);
    Shown<DailyPanel> daily(open_);
    ASSERT_TRUE(daily.says("日报由主管查看"));
    EXPECT_TRUE(daily.screen.disabled(ids::kDailyPdf));
    EXPECT_FALSE(daily.screen.visible(ids::kDailyTakings));
}

}  // namespace
}  // namespace sealdesk::tests
