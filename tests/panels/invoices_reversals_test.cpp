// What is taken back of an invoice: voids, red letters and allowances, refunds that wait for them, spoiled sheets.
#include <gtest/gtest.h>

#include "base/files.h"
#include "invoices/reversals.h"
#include "panels/back_office_ids.h"
#include "panels/invoices_panel.h"
#include "tests/panels/invoices_bench.h"

namespace sealdesk::tests {
namespace {

using orders::State;
using panels::InvoicesPanel;
namespace ids = panels::ids;

class InvoicesReversals : public InvoicesBench {};

TEST_F(InvoicesReversals, AnInvoiceIsVoidedWithBothTicks) {
    on_paper();
    ASSERT_OK(put(open_.database(), {sample_order(1)}, State::issued));
    Shown<InvoicesPanel> desk(open_);
    ASSERT_TRUE(desk.says("价税合计"));
    desk.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(desk.shows(ids::kInvoicesReprint)) << desk.screen.text();
    desk.screen.press(ImGuiKey_V);
    ASSERT_TRUE(desk.shows(ids::kInvoicesReason)) << desk.screen.text();
    desk.screen.frame(2);
    desk.screen.type("卡纸");
    desk.screen.frame(2);
    EXPECT_TRUE(desk.screen.disabled(ids::kInvoicesConfirm));
    desk.screen.click(ids::kInvoicesNotReported);
    EXPECT_TRUE(desk.screen.disabled(ids::kInvoicesConfirm)) << "one is not enough";
    desk.screen.click(ids::kInvoicesNotCertified);
    desk.screen.click(ids::kInvoicesConfirm);
    ASSERT_TRUE(desk.says("发票 032002600011-00000001 已作废")) << desk.screen.text();
    EXPECT_EQ(invoices::find(open_.database(), "032002600011-00000001")->standing, invoices::Standing::voided);
}

TEST_F(InvoicesReversals, ARefundIsFinishedAfterItsRedLetter) {
    ASSERT_OK(put(open_.database(), paid_together({1, 2}), State::issued));
    Shown<InvoicesPanel> desk(open_);
    ASSERT_TRUE(desk.says("价税合计"));
    desk.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(desk.shows(ids::kInvoicesReprint)) << desk.screen.text();
    refund_after_writing();
    ASSERT_TRUE(desk.says("先红冲")) << desk.screen.text();
    EXPECT_FALSE(desk.screen.visible(ids::with(ids::kInvoicesFinishRefund, "DD20261122-0002")));
    desk.screen.click(ids::with(ids::kInvoicesRefund, "DD20261122-0002"));
    ASSERT_TRUE(desk.shows(ids::kInvoicesConfirm)) << desk.screen.text();
    desk.screen.press(ImGuiKey_Enter);  // 02 销货退回 is chosen
    ASSERT_TRUE(desk.says("红字发票 26322000000000000002")) << desk.screen.text();
    ASSERT_TRUE(desk.says("蓝字和红字")) << desk.screen.text();
    ASSERT_TRUE(desk.shows(ids::with(ids::kInvoicesFinishRefund, "DD20261122-0002")));
    desk.screen.click(ids::with(ids::kInvoicesFinishRefund, "DD20261122-0002"));
    ASSERT_TRUE(desk.in_time([&] { return invoices::refunds_due(open_.database())->empty(); })) << desk.screen.text();
    EXPECT_EQ(invoices::find(open_.database(), number_)->standing, invoices::Standing::live) << "the other order stays on it";
}

TEST_F(InvoicesReversals, AnAllowanceTakesAPartOfOneOrderAndARefundOfItTheRest) {
    ASSERT_OK(put(open_.database(), paid_together({1, 2}), State::issued));
    Shown<InvoicesPanel> desk(open_);
    ASSERT_TRUE(desk.says("价税合计"));
    desk.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(desk.shows(ids::kInvoicesReprint)) << desk.screen.text();
    desk.screen.press(ImGuiKey_R);
    ASSERT_TRUE(desk.shows(ids::kInvoicesConfirm)) << desk.screen.text();
    EXPECT_FALSE(desk.screen.visible(ids::kInvoicesRedYuan)) << "a mistake is reversed as a whole";
    desk.screen.click(ids::with(ids::kInvoicesRedReason, "04"));
    ASSERT_TRUE(desk.says("选择一个订单")) << desk.screen.text();
    EXPECT_FALSE(desk.screen.visible(ids::kInvoicesRedYuan)) << "of which of the two?";
    ASSERT_TRUE(desk.shows(ids::with(ids::kInvoicesRedOrder, "DD20261122-0002"))) << desk.screen.text();
    desk.screen.frame(2);
    desk.screen.click(ids::with(ids::kInvoicesRedOrder, "DD20261122-0002"));
    ASSERT_TRUE(desk.shows(ids::kInvoicesRedYuan)) << desk.screen.text();
    EXPECT_TRUE(desk.screen.says("最多 300.00")) << desk.screen.text();
    EXPECT_FALSE(desk.screen.disabled(ids::kInvoicesConfirm)) << "all of it is there to begin with";
    for (const auto& [typed, said] : {std::pair("0", "折让的金额应大于 0"),
                                      {"-5", "折让的金额应大于 0"},
                                      {"300.01", "最多还能折让 300.00 元"},
                                      {"fifty", "“fifty”不是金额"}}) {
        desk.screen.type_into(ids::kInvoicesRedYuan, typed);
        ASSERT_TRUE(desk.says(said)) << typed << desk.screen.text();
        EXPECT_TRUE(desk.screen.disabled(ids::kInvoicesConfirm)) << typed;
    }
    desk.screen.click(ids::with(ids::kInvoicesRedReason, "01"));
    ASSERT_TRUE(desk.in_time([&] { return !desk.screen.visible(ids::kInvoicesRedYuan); }));
    EXPECT_TRUE(desk.screen.disabled(ids::kInvoicesConfirm)) << "one order of several is no mistake";
    desk.screen.click(ids::with(ids::kInvoicesRedReason, "04"));
    ASSERT_TRUE(desk.shows(ids::kInvoicesRedYuan));
    desk.screen.frame(2);
    desk.screen.type_into(ids::kInvoicesRedYuan, "50");
    desk.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(desk.says("红字发票 26322000000000000002")) << desk.screen.text();
    const auto red = invoices::find(open_.database(), "26322000000000000002");
    ASSERT_OK(red);
    EXPECT_EQ(red->total, Fen{-5000});
    EXPECT_EQ(red->order_nos, std::vector<std::string>{"DD20261122-0002"});
    EXPECT_EQ(invoices::find(open_.database(), number_)->standing, invoices::Standing::live);
    EXPECT_TRUE(desk.says("负伍拾圆整")) << desk.screen.text();

    refund_after_writing();
    ASSERT_TRUE(desk.says("先红冲")) << "the rest still stands: " << desk.screen.text();
    desk.screen.click(ids::with(ids::kInvoicesRefund, "DD20261122-0002"));
    ASSERT_TRUE(desk.shows(ids::kInvoicesConfirm)) << desk.screen.text();
    desk.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(desk.says("红字发票 26322000000000000003")) << desk.screen.text();
    EXPECT_EQ(invoices::find(open_.database(), "26322000000000000003")->total, Fen{-25000});
    EXPECT_TRUE(desk.shows(ids::with(ids::kInvoicesFinishRefund, "DD20261122-0002"))) << desk.screen.text();
}

TEST_F(InvoicesReversals, NoReasonIsCutOnANarrowScreen) {
    ASSERT_OK(put(open_.database(), paid_together({1, 2}), State::issued));
    Shown<InvoicesPanel> desk(open_, {1294, 691});  // 1366 x 768 without rail and bars
    ASSERT_TRUE(desk.says("价税合计"));
    desk.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(desk.shows(ids::kInvoicesReprint)) << desk.screen.text();
    desk.screen.press(ImGuiKey_R);
    ASSERT_TRUE(desk.shows(ids::kInvoicesConfirm)) << desk.screen.text();
    const auto width = [&](const char* code) { return desk.screen.item(ids::with(ids::kInvoicesRedReason, code)).w; };
    EXPECT_NEAR(width("04"), width("01"), 1) << "as many letters";
}

TEST_F(InvoicesReversals, AnAllowanceOnTheOnlyOrderBeginsWithAllThatIsLeftOfIt) {
    ASSERT_OK(put(open_.database(), {sample_order(1)}, State::issued));
    Shown<InvoicesPanel> desk(open_);
    ASSERT_TRUE(desk.says("价税合计"));
    desk.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(desk.shows(ids::kInvoicesReprint)) << desk.screen.text();
    desk.screen.press(ImGuiKey_R);
    ASSERT_TRUE(desk.shows(ids::kInvoicesConfirm)) << desk.screen.text();
    desk.screen.press(ImGuiKey_4);
    ASSERT_TRUE(desk.shows(ids::kInvoicesRedYuan)) << desk.screen.text();
    EXPECT_FALSE(desk.screen.visible(ids::with(ids::kInvoicesRedOrder, "all"))) << "there is nothing to choose";
    desk.screen.frame(3);
    desk.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(desk.says("红字发票 26322000000000000002")) << desk.screen.text();
    EXPECT_EQ(invoices::find(open_.database(), "26322000000000000002")->total, Fen{-30000}) << "freight stays";
    EXPECT_EQ(invoices::find(open_.database(), number_)->standing, invoices::Standing::live);
}

TEST_F(InvoicesReversals, OnlyASupervisorFinishesARefundWithoutItsRedLetterAndSaysWhy) {
    ASSERT_OK(put(open_.database(), paid_together({1, 2}), State::issued));
    const std::string button = ids::with(ids::kInvoicesWithoutRed, "DD20261122-0002");
    {
        Shown<InvoicesPanel> clerk(open_);
        ASSERT_TRUE(clerk.says("价税合计"));
        clerk.screen.press(ImGuiKey_Enter);
        ASSERT_TRUE(clerk.shows(ids::kInvoicesReprint)) << clerk.screen.text();
        refund_after_writing();
        ASSERT_TRUE(clerk.says("先红冲")) << clerk.screen.text();
        EXPECT_FALSE(clerk.screen.visible(button));
    }
    EXPECT_EQ(invoices::finish_refund(open_.database(), *open_.desk->actor, "DD20261122-0002", "我说了算").error().kind,
              ErrorKind::denied);
    open_.sign_in("sun", "孙权", kSupervisor);
    Shown<InvoicesPanel> desk(open_);
    ASSERT_TRUE(desk.shows(button)) << desk.screen.text();
    desk.screen.click(button);
    ASSERT_TRUE(desk.shows(ids::kInvoicesReason)) << desk.screen.text();
    desk.screen.frame(2);
    desk.screen.press(ImGuiKey_Enter);
    desk.screen.frame(2);
    EXPECT_EQ(invoices::refunds_due(open_.database())->size(), 1U) << "not without a reason";
    desk.screen.type_into(ids::kInvoicesReason, "税务局要求次月红冲");
    desk.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(desk.in_time([&] { return invoices::refunds_due(open_.database())->empty(); })) << desk.screen.text();
    EXPECT_EQ(invoices::find(open_.database(), number_)->standing, invoices::Standing::live);
}

TEST_F(InvoicesReversals, AVoidAndASpoiledSheetNeedAReason) {
    on_paper();
    ASSERT_OK(put(open_.database(), {sample_order(1), sample_order(2)}, State::issued));
    Shown<InvoicesPanel> desk(open_);
    ASSERT_TRUE(desk.shows(ids::kInvoicesSpoiled));
    desk.screen.click(ids::kInvoicesSpoiled);
    ASSERT_TRUE(desk.shows(ids::kInvoicesReason));
    EXPECT_TRUE(desk.screen.disabled(ids::kInvoicesConfirm));
    desk.screen.type_into(ids::kInvoicesReason, "撕破");
    desk.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(desk.says("废票 032002600011-00000001 已登记")) << desk.screen.text();
    desk.screen.click(ids::kInvoicesIssue);
    ASSERT_TRUE(desk.shows(ids::kInvoicesVoid)) << desk.screen.text();
    desk.screen.press(ImGuiKey_V);
    ASSERT_TRUE(desk.shows(ids::kInvoicesReason));
    desk.screen.type_into(ids::kInvoicesReason, "卡纸");
    EXPECT_TRUE(desk.screen.disabled(ids::kInvoicesConfirm)) << "nobody said that it is in no books yet";
    desk.screen.click(ids::kInvoicesNotReported);
    desk.screen.click(ids::kInvoicesNotCertified);
    desk.screen.frame();
    desk.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(desk.says("发票 032002600011-00000002 已作废")) << desk.screen.text();
    EXPECT_EQ(invoices::find(open_.database(), "032002600011-00000002")->reason, "卡纸");
}

TEST_F(InvoicesReversals, SpoiledSheetsAreListed) {
    ASSERT_OK(invoices::spoil(open_.database(), *open_.desk->actor, "卷纸撕破"));
    Shown<InvoicesPanel> desk(open_);
    ASSERT_TRUE(desk.shows(ids::kInvoicesSpoiledList));
    EXPECT_FALSE(desk.screen.says("卷纸撕破"));
    desk.screen.click(ids::kInvoicesSpoiledList);
    ASSERT_TRUE(desk.says("卷纸撕破")) << desk.screen.text();
    EXPECT_TRUE(desk.screen.says(number_));
    desk.screen.click(ids::kInvoicesIssuedList);
    EXPECT_TRUE(desk.says("还没有开出发票"));
}

}  // namespace
}  // namespace sealdesk::tests
