// Numbers of waybills and their labels: typed, scanned, voided, stale, failed.
#include "base/files.h"
#include "shipping/waybills.h"
#include "tests/panels/shipping_bench.h"

namespace sealdesk::tests {
namespace {

using orders::State;
using panels::ShippingPanel;
namespace ids = panels::ids;

class ShippingLabelsTest : public ShippingBench {};

TEST_F(ShippingLabelsTest, AnAccountFileThatCannotBeReadIsSaidWhereNumbersAreTaken) {
    issued({sample_order(1)});
    desk::ShippingSettings settings;
    settings.couriers_file = "couriers.toml";  // nobody wrote it
    ASSERT_OK(desk::save_shipping_settings(open_.desk->settings().home, settings));
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.says("快递账号不能用，现在只能用号段里的或自己输入的单号")) << bench.screen.text();
    EXPECT_TRUE(bench.screen.says("没有账号文件")) << bench.screen.text();
    bench.screen.press(ImGuiMod_Ctrl | ImGuiKey_4);
    ASSERT_TRUE(bench.says(open_.desk->shipping().couriers().error().message)) << bench.screen.text();
}

TEST_F(ShippingLabelsTest, ATypedWaybillIsTakenAndAWrongOneIsRefused) {
    issued({sample_order(1)});
    without_scanning();
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.shows(ids::kShippingWaybill));
    bench.screen.type_into(ids::kShippingWaybill, "EA123456780CN");  // wrong check digit
    bench.screen.pass(1);                                            // nobody's scanner waits that long
    bench.screen.press(ImGuiKey_Enter);
    open_.desk->jobs().wait_idle();
    bench.screen.frame(3);
    EXPECT_EQ(open_.state_of(one_), State::issued);
    bench.screen.type_into(ids::kShippingWaybill, "SF1234567890123");
    bench.screen.pass(1);
    bench.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(bench.in_time([&] { return open_.state_of(one_) == State::packed; })) << bench.screen.text();
    EXPECT_EQ(shipping::waiting(open_.database())->front().waybill, "SF1234567890123");
}

TEST_F(ShippingLabelsTest, AScannedLabelOfTheCouriersRollIsTheParcelsNumber) {
    issued({sample_order(1)});
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.shows(ids::kShippingWaybill));
    bench.screen.click(ids::kShippingWaybill);  // also while the keyboard is in a field
    scan(bench, "SF1234567890123");
    ASSERT_TRUE(bench.says("快递单号 SF1234567890123")) << bench.screen.text();
    scan(bench, "KEY-0001-1");
    ASSERT_TRUE(bench.in_time([&] { return open_.state_of(one_) == State::packed; })) << bench.screen.text();
    EXPECT_EQ(shipping::waiting(open_.database())->front().waybill, "SF1234567890123");
}

TEST_F(ShippingLabelsTest, AFailedLabelIsListedWithItsReasonAndPutRight) {
    issued({sample_order(1)});
    shipping::PackOrder what;
    what.order_nos = {one_};
    what.number = {shipping::Source::sf, "", ""};  // no account here
    ASSERT_OK(shipping::pack(open_.database(), *open_.desk->actor, what));
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.shows(ids::kShippingTabTroubles));
    bench.screen.click(ids::kShippingTabTroubles);
    ASSERT_TRUE(bench.says("这个工位没有设置顺丰开放平台的账号")) << bench.screen.text();
    bench.screen.click(ids::with(ids::kTroubleRow, "label.1"));
    ASSERT_TRUE(bench.shows(ids::kTroubleTyped));
    EXPECT_TRUE(bench.screen.disabled(ids::kTroubleUseTyped));
    bench.screen.type_into(ids::kTroubleTyped, "SF1234567890123");
    bench.screen.click(ids::kTroubleUseTyped);
    ASSERT_TRUE(bench.says("面单已送打印")) << bench.screen.text();
    ASSERT_TRUE(bench.says("单号 0")) << bench.screen.text();
    EXPECT_TRUE(std::filesystem::exists(open_.desk->documents() / "labels/SF1234567890123.pdf"));
    EXPECT_FALSE(shipping::waiting(open_.database())->front().papers_due);
}

TEST_F(ShippingLabelsTest, AnotherAddressMakesTheLabelStaleUntilItIsPrintedAgain) {
    issued({sample_order(1)});
    const auto parcel = shipping::pack(open_.database(), *open_.desk->actor, {one_});
    ASSERT_OK(parcel);
    ASSERT_OK(desk::print_papers(*open_.desk, *open_.desk->actor, parcel->id));
    Shown<ShippingPanel> bench(open_);
    const auto row = ids::with(ids::kShippingPacked, std::to_string(parcel->id));
    ASSERT_TRUE(bench.shows(row));
    bench.screen.click(row);
    ASSERT_TRUE(bench.shows(ids::kLabelPlace)) << bench.screen.text();
    bench.screen.click(ids::kLabelPlace);
    ASSERT_TRUE(bench.shows(ids::kLabelAddress)) << bench.screen.text();
    bench.screen.type_into(ids::kLabelAddress, "江苏省苏州市姑苏区人民路1号");
    bench.screen.click(ids::kLabelPlaceSave);
    ASSERT_TRUE(bench.says("旧面单不能再用")) << bench.screen.text();
    EXPECT_EQ(shipping::find(open_.database(), parcel->id)->delivery.address, "江苏省苏州市姑苏区人民路1号");
    ASSERT_TRUE(bench.says("面单过期")) << bench.screen.text();
    bench.screen.click(ids::kShippingTabOut);
    ASSERT_TRUE(bench.says("没有交接 1")) << bench.screen.text();
    scan(bench, parcel->waybill);
    ASSERT_TRUE(bench.says("面单打印以后收件信息改过")) << bench.screen.text();
    EXPECT_EQ(shipping::find(open_.database(), parcel->id)->manifest, 0);
    bench.screen.click(ids::kShippingTabPack);
    ASSERT_TRUE(bench.shows(ids::kShippingReason)) << bench.screen.text();
    bench.screen.type_into(ids::kShippingReason, "改地址");
    bench.screen.click(ids::kShippingReprint);
    ASSERT_TRUE(bench.in_time([&] { return shipping::find(open_.database(), parcel->id)->stale.empty(); }))
        << bench.screen.text();
}

TEST_F(ShippingLabelsTest, ANumberIsVoidedWithAReasonAndTheNextOneIsPrinted) {
    issued({sample_order(1)});
    const auto parcel = shipping::pack(open_.database(), *open_.desk->actor, {one_});
    ASSERT_OK(parcel);
    ASSERT_OK(desk::print_papers(*open_.desk, *open_.desk->actor, parcel->id));
    Shown<ShippingPanel> bench(open_);
    const auto row = ids::with(ids::kShippingPacked, std::to_string(parcel->id));
    ASSERT_TRUE(bench.shows(row));
    bench.screen.click(row);
    ASSERT_TRUE(bench.shows(ids::kLabelNumber)) << bench.screen.text();
    bench.screen.click(ids::kLabelNumber);
    ASSERT_TRUE(bench.shows(ids::kLabelNumberSave)) << bench.screen.text();
    EXPECT_TRUE(bench.screen.disabled(ids::kLabelNumberSave)) << "without a reason";
    bench.screen.type_into(ids::kLabelReason, "换快递");
    bench.screen.type_into(ids::kLabelTyped, "123456789012345");
    bench.screen.frame(2);
    EXPECT_TRUE(bench.screen.disabled(ids::kLabelNumberSave)) << "nobody knows whose number that is";
    bench.screen.click(ids::with(ids::kLabelCourier, "yunda"));
    ASSERT_TRUE(bench.in_time([&] { return !bench.screen.disabled(ids::kLabelNumberSave); })) << bench.screen.text();
    bench.screen.click(ids::kLabelNumberSave);
    ASSERT_TRUE(bench.says("新单号 123456789012345")) << bench.screen.text();
    const auto now = shipping::find(open_.database(), parcel->id);
    EXPECT_EQ(now->courier, "yunda");
    EXPECT_FALSE(now->papers_due);
    EXPECT_TRUE(std::filesystem::exists(open_.desk->documents() / "labels/123456789012345.pdf"));
    scan(bench, parcel->waybill);
    ASSERT_TRUE(bench.says("已作废（换快递）")) << bench.screen.text();
}

TEST_F(ShippingLabelsTest, DigitsOfTheCouriersRollNeedACourierOnce) {
    issued({sample_order(1), sample_order(2)});
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.shows(ids::kShippingWaybill));
    scan(bench, "512345678901");
    ASSERT_TRUE(bench.says("快递单号 512345678901：请选择快递公司")) << bench.screen.text();
    const auto zto = ids::with(ids::kShippingCourier, "zhongtong");
    ASSERT_TRUE(bench.shows(zto)) << bench.screen.text();
    bench.screen.click(zto);
    scan(bench, "KEY-0001-1");
    ASSERT_TRUE(bench.in_time([&] { return open_.state_of(one_) == State::packed; })) << bench.screen.text();
    EXPECT_EQ(shipping::waiting(open_.database())->front().courier, "zhongtong");
    ASSERT_TRUE(bench.says("已打包")) << bench.screen.text();
    scan(bench, two_);
    ASSERT_TRUE(bench.says("支付 ZF0002")) << bench.screen.text();
    scan(bench, "512345678902");
    ASSERT_TRUE(bench.says("快递单号 512345678902（中通快递）")) << bench.screen.text();
}

}  // namespace
}  // namespace sealdesk::tests
