#include "panels/number_ranges_pane.h"

#include "panels/back_office_ids.h"
#include "panels/range_ids.h"
#include "tests/panels/open_desk.h"

namespace sealdesk::tests {
namespace {

using panels::NumberRangesPane;
namespace ids = panels::ids;

class NumberRangesPaneTest : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_OK(open_.database().write([](storage::Tx& tx) { return orders::define(tx, {"waybill", "EA{s10}CN", 100, 109}); }));
    }
    OpenDesk open_;
};

TEST_F(NumberRangesPaneTest, AnAdministratorAddsWaybillsAndInvoices) {
    open_.sign_in("root", "管理员", kAdministrator);
    Shown<NumberRangesPane> pane(open_);
    ASSERT_TRUE(pane.says("还剩 10")) << pane.screen.text();
    pane.screen.click(ids::kSettingsRangeAdd);
    ASSERT_TRUE(pane.shows(ids::kSettingsRangeSave));
    EXPECT_TRUE(pane.screen.disabled(ids::kSettingsRangeSave)) << "nothing is filled in";
    pane.screen.type_into(ids::kSettingsRangePattern, "EA{s10}CN");
    pane.screen.type_into(ids::kSettingsRangeFirst, "105");
    pane.screen.type_into(ids::kSettingsRangeLast, "199");
    pane.screen.click(ids::kSettingsRangeSave);
    ASSERT_TRUE(pane.says("重叠")) << pane.screen.text();
    EXPECT_EQ(orders::remaining(open_.database(), "waybill"), 10);
    pane.screen.type_into(ids::kSettingsRangeFirst, "110");
    pane.screen.click(ids::kSettingsRangeSave);
    ASSERT_TRUE(pane.says("还剩 100")) << pane.screen.text();
    ASSERT_TRUE(pane.says("EA{s10}CN · 110–199")) << pane.screen.text();
    EXPECT_EQ(orders::remaining(open_.database(), "waybill"), 100);

    pane.screen.click(ids::kSettingsRangeAdd);
    ASSERT_TRUE(pane.shows(ids::with(ids::kSettingsRangeName, "invoice")));
    EXPECT_FALSE(pane.screen.says("纸质发票")) << "waybills have neither";
    pane.screen.click(ids::with(ids::kSettingsRangeName, "invoice"));
    EXPECT_TRUE(pane.says("26320000000000000001")) << pane.screen.text();
    EXPECT_TRUE(pane.screen.says("032002600011-00000001")) << pane.screen.text();
    pane.screen.type_into(ids::kSettingsRangePattern, "{yy}320{:015}");
    pane.screen.type_into(ids::kSettingsRangeFirst, "1");
    pane.screen.type_into(ids::kSettingsRangeLast, "x");
    pane.screen.click(ids::kSettingsRangeSave);
    ASSERT_TRUE(pane.says("要填数字")) << pane.screen.text();
    pane.screen.type_into(ids::kSettingsRangeLast, "50");
    pane.screen.click(ids::kSettingsRangeSave);
    ASSERT_TRUE(pane.says("还剩 50")) << pane.screen.text();
    EXPECT_EQ(orders::remaining(open_.database(), "invoice"), 50);
}

TEST_F(NumberRangesPaneTest, NobodyElseAdds) {
    open_.sign_in("zhao", "赵云", kClerk);
    Shown<NumberRangesPane> pane(open_);
    ASSERT_TRUE(pane.says("新的号段由管理员添加")) << pane.screen.text();
    EXPECT_FALSE(pane.screen.visible(ids::kSettingsRangeAdd));
}

}  // namespace
}  // namespace sealdesk::tests
