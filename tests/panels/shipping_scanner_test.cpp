// Scanners as they are set up: one that ends with Tab, one that sends CR LF, and one that reads a label twice.
#include <imgui_internal.h>

#include "shipping/handover.h"
#include "tests/panels/shipping_bench.h"

namespace sealdesk::tests {
namespace {

using orders::State;
using panels::ShippingPanel;
namespace ids = panels::ids;

class ShippingScannerTest : public ShippingBench {
protected:
    using Ends = std::vector<ImGuiKey>;
    static void scan_ending(Shown<ShippingPanel>& bench, const std::string& code, const Ends& ends) {
        bench.screen.pass(1.5);
        again(bench, code, ends);
    }
    static void again(Shown<ShippingPanel>& bench, const std::string& code, const Ends& ends) {
        bench.screen.type(code);
        for (const ImGuiKey end : ends) bench.screen.press(end);
    }
    // The item that the keyboard is at, and whether it is being typed into.
    using Keyboard = std::pair<ImGuiID, bool>;
    static Keyboard keyboard(Shown<ShippingPanel>& bench) {
        bench.screen.frame(3);
        return {ImGui::GetCurrentContext()->NavId, ImGui::GetIO().WantTextInput};
    }
    static bool types_into_a_field(Shown<ShippingPanel>& bench) { return keyboard(bench).second; }
    void quiet(Shown<ShippingPanel>& bench) {
        open_.desk->jobs().wait_idle();
        bench.screen.frame(3);
        open_.desk->jobs().wait_idle();
        bench.screen.frame(3);
    }
};

TEST_F(ShippingScannerTest, ATabEndsACodeAndMovesTheKeyboardNowhere) {
    issued(paid_together({1, 2}));
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.shows(ids::kShippingWaybill)) << bench.screen.text();
    bench.screen.click(ids::kShippingWaybill);  // its part of the window is where Tab begins to look
    bench.screen.press(ImGuiKey_Escape);
    const Keyboard before = keyboard(bench);
    ASSERT_FALSE(before.second);
    scan_ending(bench, "KEY-0001-1", {ImGuiKey_Tab});
    ASSERT_TRUE(bench.says("正确（1 / 2）")) << bench.screen.text();
    EXPECT_EQ(keyboard(bench), before);
    bench.screen.pass(1);
    bench.screen.press(ImGuiKey_Tab);
    EXPECT_NE(keyboard(bench), before) << "a person's Tab goes on";
    bench.screen.press(ImGuiKey_Escape);
    scan_ending(bench, "KEY-0002-1", {ImGuiKey_Tab});
    ASSERT_TRUE(bench.in_time([&] { return open_.state_of(two_) == State::packed; })) << bench.screen.text();
    EXPECT_EQ(shipping::waiting(open_.database())->front().waybill, "EA123456785CN") << "nothing was left in the field";
}

TEST_F(ShippingScannerTest, ALabelOfTheRollThatEndsWithTabIsTheParcelsNumber) {
    issued({sample_order(1)});
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.shows(ids::kShippingWaybill));
    bench.screen.click(ids::kShippingWaybill);
    scan_ending(bench, "SF1234567890123", {ImGuiKey_Tab});
    ASSERT_TRUE(bench.says("快递单号 SF1234567890123")) << bench.screen.text();
    EXPECT_FALSE(types_into_a_field(bench)) << "the KEY would be typed into it";
    scan_ending(bench, "KEY-0001-1", {ImGuiKey_Tab});
    ASSERT_TRUE(bench.in_time([&] { return open_.state_of(one_) == State::packed; })) << bench.screen.text();
    EXPECT_EQ(shipping::waiting(open_.database())->front().waybill, "SF1234567890123");
}

// The one field that is scanned into keeps the code, and the next one is not typed behind it.
TEST_F(ShippingScannerTest, ATabLeavesTheFieldForTypedNumbersAsEnterDoes) {
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
    bench.screen.click(ids::kTroubleTyped);
    scan_ending(bench, "SF1234567890123", {ImGuiKey_Tab});
    EXPECT_FALSE(types_into_a_field(bench));
    scan_ending(bench, "KEY-0001-1", {ImGuiKey_Tab});
    bench.screen.click(ids::kTroubleUseTyped);
    ASSERT_TRUE(bench.says("面单已送打印")) << bench.screen.text();
    EXPECT_EQ(shipping::waiting(open_.database())->front().waybill, "SF1234567890123");
}

TEST_F(ShippingScannerTest, AScanThatEndsWithTabStaysOutOfOtherFields) {
    issued({sample_order(1)});
    packed(one_);
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.shows(ids::kShippingTabOut));
    bench.screen.click(ids::kShippingTabOut);
    ASSERT_TRUE(bench.says("没有交接 1"));
    bench.screen.type_into(ids::kOutTakenBy, "Li Qiang");
    scan_ending(bench, "EA123456785CN", {ImGuiKey_Tab});
    ASSERT_TRUE(bench.says("没有交接 0")) << bench.screen.text();
    EXPECT_FALSE(types_into_a_field(bench));
    const auto list = shipping::open_manifests(open_.database())->front();
    bench.screen.click(ids::with(ids::kOutClose, std::to_string(list.id)));
    ASSERT_TRUE(bench.in_time([&] { return open_.state_of(one_) == State::completed; })) << bench.screen.text();
    EXPECT_EQ(shipping::manifest(open_.database(), list.id)->taken_by, "Li Qiang");
}

TEST_F(ShippingScannerTest, TheLfAfterCrIsNoKeyOfAButton) {
    issued({sample_order(1)});
    without_scanning();
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.shows(ids::kShippingPack));
    ASSERT_FALSE(bench.screen.disabled(ids::kShippingPack));
    for (const Ends& ends : {Ends{ImGuiKey_Enter, ImGuiKey_Enter}, Ends{ImGuiKey_Enter, ImGuiKey_KeypadEnter}}) {
        scan_ending(bench, one_, ends);
        quiet(bench);
        EXPECT_EQ(open_.state_of(one_), State::issued) << "the scan opens the parcel and packs nothing";
    }
    bench.screen.pass(1);
    bench.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(bench.in_time([&] { return open_.state_of(one_) == State::packed; })) << bench.screen.text();
}

TEST_F(ShippingScannerTest, ALabelThatIsReadTwiceIsScannedOnce) {
    issued({sample_order(1), sample_order(2)});
    packed(one_);
    packed(two_);
    const auto second = shipping::by_code(open_.database(), two_);
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.shows(ids::kShippingTabOut));
    bench.screen.click(ids::kShippingTabOut);
    ASSERT_TRUE(bench.says("没有交接 2"));
    scan_ending(bench, "EA123456785CN", {ImGuiKey_Enter});
    again(bench, "EA123456785CN", {ImGuiKey_Enter});
    quiet(bench);
    ASSERT_TRUE(bench.says("已扫描 1 个包裹")) << bench.screen.text();
    EXPECT_FALSE(bench.screen.says("已经扫描过了")) << bench.screen.text();
    EXPECT_EQ(bench.panel.scanner().tone(), kit::Tone::green);
    again(bench, (*second)->waybill, {ImGuiKey_Enter});  // the next parcel may come as fast
    ASSERT_TRUE(bench.says("已扫描 2 个包裹")) << bench.screen.text();
    scan_ending(bench, (*second)->waybill, {ImGuiKey_Enter});
    ASSERT_TRUE(bench.says("已经扫描过了")) << "later it is a scan of its own: " << bench.screen.text();
}

}  // namespace
}  // namespace sealdesk::tests
