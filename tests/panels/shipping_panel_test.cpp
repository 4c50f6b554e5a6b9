#include "panels/shipping_panel.h"

#include <gtest/gtest.h>

#include "base/files.h"
#include "orders/number_ranges.h"
#include "panels/back_office_ids.h"
#include "tests/panels/open_desk.h"

namespace sealdesk::tests {
namespace {

using orders::State;
using panels::ShippingPanel;
namespace ids = panels::ids;

class ShippingPanelTest : public testing::Test {
protected:
    void SetUp() override {
        open_.sign_in("zhao", "赵云", kClerk);
        ASSERT_OK(open_.database().write([](storage::Tx& tx) {
            return orders::define(tx, {"waybill", "EA{s10}CN", 12345678, 12345699});
        }));
    }
    void issued(const std::vector<orders::Order>& list) {
        ASSERT_OK(put(open_.database(), list, State::issued));
        ASSERT_OK(give_keys(open_.database(), list));
    }
    OpenDesk open_;
    const std::string one_ = "DD20261122-0001", two_ = "DD20261122-0002";
};

TEST_F(ShippingPanelTest, PacksPrintsAndHandsOver) {
    issued(paid_together({1, 2}));
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.shows(ids::with(ids::kShippingProposal, "1")));
    ASSERT_TRUE(bench.says(two_));
    bench.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(bench.says("EA123456785CN")) << bench.screen.text();
    EXPECT_EQ(open_.state_of(one_), State::packed);
    EXPECT_EQ(open_.state_of(two_), State::packed);
    const auto label = open_.desk->documents() / "labels/EA123456785CN.pdf";
    ASSERT_TRUE(std::filesystem::exists(label)) << bench.screen.text();
    EXPECT_EQ(read_file(label)->substr(0, 5), "%PDF-");
    EXPECT_EQ(shipping::waiting(open_.database())->front().prints, 1);

    ASSERT_TRUE(bench.shows(ids::kShippingHandOver));
    bench.screen.click(ids::kShippingHandOver);
    ASSERT_TRUE(bench.says("今天已交寄 1")) << bench.screen.text();
    EXPECT_EQ(open_.state_of(one_), State::completed);
    EXPECT_EQ(open_.state_of(two_), State::completed);
    ASSERT_TRUE(bench.in_time([&] { return !bench.screen.visible(ids::kShippingHandOver); }));
}

TEST_F(ShippingPanelTest, ATypedWaybillIsTakenAndAWrongOneIsRefused) {
    issued({sample_order(1)});
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.shows(ids::kShippingWaybill));
    bench.screen.type_into(ids::kShippingWaybill, "EA123456780CN");  // wrong check digit
    bench.screen.press(ImGuiKey_Enter);
    open_.desk->jobs().wait_idle();
    bench.screen.frame(3);
    EXPECT_EQ(open_.state_of(one_), State::issued);
    bench.screen.type_into(ids::kShippingWaybill, "SF1234567890123");
    bench.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(bench.in_time([&] { return open_.state_of(one_) == State::packed; })) << bench.screen.text();
    EXPECT_EQ(shipping::waiting(open_.database())->front().waybill, "SF1234567890123");
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
    EXPECT_TRUE(bench.screen.says("这次支付要分 2 个包裹"));
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
