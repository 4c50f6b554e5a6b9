#include "panels/invoices_panel.h"

#include <gtest/gtest.h>

#include "base/files.h"
#include "desk/documents.h"
#include "desk/shipping_worker.h"
#include "panels/back_office_ids.h"
#include "tests/panels/invoices_bench.h"

namespace sealdesk::tests {
namespace {

using orders::State;
using panels::InvoicesPanel;
namespace ids = panels::ids;

class InvoicesPanelTest : public InvoicesBench {};

TEST_F(InvoicesPanelTest, IssuesAndWritesTheDocument) {
    ASSERT_OK(put(open_.database(), {sample_order(1)}, State::issued));
    Shown<InvoicesPanel> desk(open_);
    ASSERT_TRUE(desk.says("价税合计"));
    EXPECT_TRUE(desk.screen.says("¥316.00"));
    EXPECT_TRUE(desk.screen.says("叁佰壹拾陆圆整")) << desk.screen.text();
    EXPECT_TRUE(desk.screen.says("*信息技术服务*数字证书服务"));
    desk.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(desk.says("发票 " + number_ + " 已开出")) << desk.screen.text();
    const auto invoice = invoices::of_payment(open_.database(), "ZF0001");
    ASSERT_OK(invoice);
    ASSERT_TRUE(invoice->has_value());
    EXPECT_EQ((*invoice)->number, number_);
    EXPECT_EQ((*invoice)->issued_by, "赵云");
    const auto file = open_.desk->documents() / "invoices" / (number_ + ".pdf");
    ASSERT_TRUE(desk.in_time([&] { return std::filesystem::exists(file); }));
    EXPECT_EQ(read_file(file)->substr(0, 5), "%PDF-");
    ASSERT_TRUE(desk.shows(ids::with(ids::kInvoicesIssued, number_)));
    EXPECT_TRUE(desk.says("没有等待开票的支付"));

    std::filesystem::remove(file);
    desk.screen.click(ids::with(ids::kInvoicesIssued, number_));
    ASSERT_TRUE(desk.shows(ids::kInvoicesReprint));
    desk.screen.click(ids::kInvoicesReprint);
    ASSERT_TRUE(desk.in_time([&] { return std::filesystem::exists(file); })) << desk.screen.text();
    EXPECT_EQ(invoices::issued(open_.database(), 10)->size(), 1U);
}

TEST_F(InvoicesPanelTest, SaysWhyAPaymentHasToWait) {
    const auto pair = paid_together({1, 2});
    ASSERT_OK(put(open_.database(), {pair[0]}, State::issued));
    ASSERT_OK(put(open_.database(), {pair[1]}, State::approved));
    Shown<InvoicesPanel> desk(open_);
    ASSERT_TRUE(desk.says("制证完成后才能开票"));
    EXPECT_TRUE(desk.screen.disabled(ids::kInvoicesIssue));
    desk.screen.press(ImGuiKey_Enter);
    open_.desk->jobs().wait_idle();
    EXPECT_FALSE(invoices::of_payment(open_.database(), "ZF0001")->has_value());
}

TEST_F(InvoicesPanelTest, OnlyAClerkIssues) {
    ASSERT_OK(put(open_.database(), {sample_order(1)}, State::issued));
    open_.sign_in("qian", "钱进", kOfficer);
    Shown<InvoicesPanel> desk(open_);
    ASSERT_TRUE(desk.says("只有发货员可以开票"));
    EXPECT_TRUE(desk.screen.disabled(ids::kInvoicesIssue));
}

TEST_F(InvoicesPanelTest, ARangeThatIsUsedUpIsToldBesideTheButton) {
    ASSERT_OK(put(open_.database(), {sample_order(1), sample_order(2)}, State::issued));
    ASSERT_OK(open_.database().write([](storage::Tx& tx) {
        return orders::define(tx, {"invoice", "26322000{:012}", 101, 100});
    }));
    Shown<InvoicesPanel> desk(open_);
    ASSERT_TRUE(desk.says("价税合计"));
    desk.screen.click(ids::kInvoicesIssue);
    ASSERT_TRUE(desk.says("号段")) << desk.screen.text();
    EXPECT_TRUE(invoices::issued(open_.database(), 10)->empty());
}

TEST_F(InvoicesPanelTest, AWrongTitleIsCorrectedInThreeKeys) {
    ASSERT_OK(put(open_.database(), {sample_order(1)}, State::issued));
    Shown<InvoicesPanel> desk(open_);
    ASSERT_TRUE(desk.says("价税合计"));
    desk.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(desk.shows(ids::kInvoicesReprint)) << desk.screen.text();
    EXPECT_FALSE(desk.screen.visible(ids::kInvoicesVoid)) << "a fully digital one is never voided";
    desk.screen.press(ImGuiKey_T);
    ASSERT_TRUE(desk.shows(ids::kInvoicesName)) << desk.screen.text();
    EXPECT_FALSE(desk.screen.visible(ids::kInvoicesNotReported)) << "nor asked about";
    desk.screen.frame(2);
    desk.screen.press(ImGuiKey_A | ImGuiMod_Ctrl);
    desk.screen.type("南京钧石建设有限公司");
    desk.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(desk.says("抬头已更正，新发票 26322000000000000003")) << desk.screen.text();
    EXPECT_EQ(invoices::of_payment(open_.database(), "ZF0001")->value().title.name, "南京钧石建设有限公司");
    EXPECT_EQ(invoices::find(open_.database(), number_)->standing, invoices::Standing::reversed);
    EXPECT_TRUE(desk.in_time([&] { return desk.screen.says("已红冲"); })) << desk.screen.text();
}

TEST_F(InvoicesPanelTest, EachOrderGetsItsOwnWhenThePaymentSaysSo) {
    ASSERT_OK(put(open_.database(), paid_together({1, 2}), State::issued));
    Shown<InvoicesPanel> desk(open_);
    ASSERT_TRUE(desk.shows(ids::kInvoicesEach));
    desk.screen.click(ids::kInvoicesEach);
    ASSERT_TRUE(desk.says("待开票 2")) << desk.screen.text();
    ASSERT_TRUE(desk.says("价税合计"));
    for (int i = 0; i < 2; ++i) {
        ASSERT_TRUE(desk.in_time([&] { return !desk.screen.disabled(ids::kInvoicesIssue); })) << desk.screen.text();
        desk.screen.press(ImGuiKey_Enter);
        ASSERT_TRUE(desk.shows(ids::kInvoicesReprint)) << desk.screen.text();
        if (i == 0) desk.screen.press(ImGuiKey_N);
        ASSERT_TRUE(desk.in_time([&] { return i == 1 || desk.screen.visible(ids::kInvoicesIssue); }));
    }
    const auto list = invoices::issued(open_.database(), 10);
    ASSERT_EQ(list->size(), 2U);
    EXPECT_EQ((*list)[0].total + (*list)[1].total, Fen{61600});
}

// The number comes from a service that first refuses, and a red letter waits for the buyer.
TEST_F(InvoicesPanelTest, AServiceGivesTheNumberAndWhatItRefusesIsMendedInPlace) {
    TestInvoiceService remote(open_.folder.path());
    by_service(remote);
    ASSERT_OK(put(open_.database(), {sample_order(1)}, State::issued));
    remote.mood(TestInvoiceService::Mood::refuses);

    Shown<InvoicesPanel> desk(open_);
    const auto in_due_course = [&](const std::string& words) {
        return desk.in_time([&] {
            open_.clock.advance(kMinute);
            open_.desk->shipping().nudge();
            return desk.screen.says(words);
        });
    };
    ASSERT_TRUE(
        desk.in_time([&] { return desk.screen.visible(ids::kInvoicesIssue) && !desk.screen.disabled(ids::kInvoicesIssue); }));
    desk.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(in_due_course("开票服务 1")) << desk.screen.text();
    ASSERT_TRUE(in_due_course(invoices::word_of(invoices::RequestState::failed))) << desk.screen.text();
    const auto asked = invoices::open_requests(open_.database());
    ASSERT_EQ(asked->size(), 1U);
    desk.screen.click(ids::with(ids::kInvoicesRequest, std::to_string(asked->front().id)));
    ASSERT_TRUE(desk.in_time([&] {
        return desk.screen.visible(ids::kInvoicesRetry) && !desk.screen.disabled(ids::kInvoicesRetry);
    })) << desk.screen.text();
    EXPECT_TRUE(desk.screen.says(asked->front().said)) << "in the service's words";
    EXPECT_TRUE(invoices::issued(open_.database(), 10)->empty());

    remote.mood(TestInvoiceService::Mood::answers);
    desk.screen.click(ids::kInvoicesRetry);
    ASSERT_TRUE(desk.in_time([&] {
        open_.clock.advance(kMinute);
        open_.desk->shipping().nudge();
        return !invoices::issued(open_.database(), 10)->empty();
    })) << desk.screen.text();
    const std::string blue = invoices::issued(open_.database(), 10)->front().number;
    ASSERT_TRUE(desk.shows(ids::with(ids::kInvoicesIssued, blue))) << desk.screen.text();
    EXPECT_TRUE(desk.in_time([&] { return std::filesystem::exists(open_.desk->documents() / "invoices" / (blue + ".pdf")); }));
    EXPECT_TRUE(desk.settles([&] { return invoices::open_requests(open_.database())->empty(); }));

    remote.buyer_must_confirm(true);
    desk.screen.click(ids::with(ids::kInvoicesIssued, blue));
    ASSERT_TRUE(desk.shows(ids::kInvoicesRed)) << desk.screen.text();
    EXPECT_FALSE(desk.screen.visible(ids::kInvoicesVoid)) << "a fully digital one is never voided";
    desk.screen.press(ImGuiKey_R);
    ASSERT_TRUE(desk.shows(ids::kInvoicesConfirm)) << desk.screen.text();
    desk.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(in_due_course(invoices::word_of(invoices::RequestState::confirming))) << desk.screen.text();
    remote.buyer_confirms();
    ASSERT_TRUE(desk.in_time([&] {
        open_.clock.advance(kMinute);
        open_.desk->shipping().nudge();
        return invoices::find(open_.database(), blue)->standing == invoices::Standing::reversed;
    })) << desk.screen.text();
    EXPECT_EQ(remote.given().size(), 2U) << "one blue, one red";
    EXPECT_EQ(remote.bad_signatures(), 0);
}

TEST_F(InvoicesPanelTest, ARefundedOrderIsNotOnTheInvoice) {
    ASSERT_OK(put(open_.database(), paid_together({1, 2}), State::issued));
    refund_after_writing();
    Shown<InvoicesPanel> desk(open_);
    ASSERT_TRUE(desk.says("价税合计"));
    EXPECT_TRUE(desk.screen.says("退款 1"));
    EXPECT_TRUE(desk.screen.says("叁佰壹拾陆圆整")) << desk.screen.text();
    desk.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(desk.shows(ids::kInvoicesReprint)) << desk.screen.text();
    const auto invoice = invoices::of_payment(open_.database(), "ZF0001")->value();
    EXPECT_EQ(invoice.order_nos, std::vector<std::string>{"DD20261122-0001"});
    EXPECT_EQ(invoice.total, Fen{31600});
    EXPECT_TRUE(desk.shows(ids::with(ids::kInvoicesFinishRefund, "DD20261122-0002"))) << "nothing stands in its way";
}

TEST_F(InvoicesPanelTest, AUnitStaysAUnitUntilSomebodySaysPerson) {
    ASSERT_OK(put(open_.database(), {sample_order(1)}, State::issued));
    Shown<InvoicesPanel> desk(open_);
    ASSERT_TRUE(desk.says("价税合计"));
    desk.screen.press(ImGuiKey_T);
    ASSERT_TRUE(desk.shows(ids::kInvoicesTaxNumber)) << desk.screen.text();
    desk.screen.frame(2);
    desk.screen.click(ids::kInvoicesTaxNumber);
    desk.screen.press(ImGuiKey_A | ImGuiMod_Ctrl);
    desk.screen.press(ImGuiKey_Backspace);
    desk.screen.frame(2);
    EXPECT_TRUE(desk.screen.says("单位发票必须有纳税人识别号")) << desk.screen.text();
    EXPECT_TRUE(desk.screen.disabled(ids::kInvoicesConfirm));
    desk.screen.click(ids::kInvoicesPerson);
    desk.screen.frame(2);
    EXPECT_FALSE(desk.screen.visible(ids::kInvoicesTaxNumber)) << "a person has none";
    desk.screen.click(ids::kInvoicesConfirm);
    ASSERT_TRUE(desk.says("抬头已更正")) << desk.screen.text();
    desk.screen.click(ids::kInvoicesIssue);
    ASSERT_TRUE(desk.shows(ids::kInvoicesReprint)) << desk.screen.text();
    const auto title = invoices::of_payment(open_.database(), "ZF0001")->value().title;
    EXPECT_EQ(title.kind, orders::SubjectKind::person);
    EXPECT_EQ(title.tax_number, "");
}

TEST_F(InvoicesPanelTest, ASupervisorGivesADiscountWithItsReason) {
    ASSERT_OK(put(open_.database(), {sample_order(1)}, State::issued));
    Shown<InvoicesPanel> desk(open_);
    ASSERT_TRUE(desk.shows(ids::kInvoicesDiscount));
    EXPECT_TRUE(desk.screen.disabled(ids::kInvoicesDiscount)) << "a clerk gives none";
    open_.sign_in("sun", "孙权", kSupervisor | kClerk);
    ASSERT_TRUE(desk.in_time([&] { return !desk.screen.disabled(ids::kInvoicesDiscount); }));
    desk.screen.press(ImGuiKey_D);
    ASSERT_TRUE(desk.shows(ids::kInvoicesDiscountYuan)) << desk.screen.text();
    desk.screen.frame(2);
    desk.screen.press(ImGuiKey_A | ImGuiMod_Ctrl);
    desk.screen.type("16.00");
    desk.screen.frame(2);
    EXPECT_TRUE(desk.screen.disabled(ids::kInvoicesConfirm)) << "without a reason";
    desk.screen.type_into(ids::kInvoicesReason, "老客户");
    desk.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(desk.says("有折扣")) << desk.screen.text();
    ASSERT_TRUE(desk.says("叁佰圆整")) << desk.screen.text();
    desk.screen.click(ids::kInvoicesIssue);
    ASSERT_TRUE(desk.shows(ids::kInvoicesReprint)) << desk.screen.text();
    const auto invoice = invoices::of_payment(open_.database(), "ZF0001")->value();
    EXPECT_EQ(invoice.total, Fen{30000});
    EXPECT_TRUE(invoice.lines[1].discount);
    EXPECT_EQ(invoice.lines[1].gross, Fen{-1600});
}

TEST_F(InvoicesPanelTest, OneForEachOrderStaysAtThePaymentThatWasChosen) {
    ASSERT_OK(put(open_.database(), {sample_order(1)}, State::issued));
    ASSERT_OK(put(open_.database(), paid_together({2, 3}), State::issued));
    Shown<InvoicesPanel> desk(open_);
    ASSERT_TRUE(desk.says("待开票 2"));
    desk.screen.press(ImGuiKey_DownArrow);
    ASSERT_TRUE(desk.shows(ids::kInvoicesEach)) << desk.screen.text();
    desk.screen.press(ImGuiKey_S);
    ASSERT_TRUE(desk.says("待开票 3")) << desk.screen.text();
    ASSERT_TRUE(desk.settles([&] { return desk.screen.says("DD20261122-0002"); }));
    desk.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(desk.settles([&] { return !invoices::issued(open_.database(), 10)->empty(); })) << desk.screen.text();
    EXPECT_EQ(invoices::find(open_.database(), number_)->order_nos, std::vector<std::string>{"DD20261122-0002"});
    EXPECT_FALSE(invoices::of_payment(open_.database(), "ZF0001")->has_value()) << "that one was never chosen";
}

// On a small screen, by keys alone: what is missing is asked for, what is refused is seen.
TEST_F(InvoicesPanelTest, ADiscountIsGivenWithoutTheMouse) {
    ASSERT_OK(put(open_.database(), {sample_order(1)}, State::issued));
    open_.sign_in("sun", "孙权", kSupervisor | kClerk);
    Shown<InvoicesPanel> desk(open_, {1366, 640});
    ASSERT_TRUE(desk.says("价税合计"));
    const auto give = [&](const char* yuan, const char* reason) {
        desk.screen.press(ImGuiKey_D);
        ASSERT_TRUE(desk.shows(ids::kInvoicesDiscountYuan)) << desk.screen.text();
        desk.screen.frame(3);
        desk.screen.press(ImGuiMod_Ctrl | ImGuiKey_A);
        desk.screen.type(yuan);
        desk.screen.press(ImGuiKey_Enter);
        ASSERT_TRUE(desk.says("先写原因")) << desk.screen.text();
        desk.screen.frame(3);
        desk.screen.type(reason);
        desk.screen.press(ImGuiKey_Enter);
    };
    give("999", "老客户");
    ASSERT_TRUE(desk.says("折扣 999.00 元应小于应开金额")) << desk.screen.text();
    desk.screen.press(ImGuiKey_Escape);
    desk.screen.frame(2);
    give("16", "老客户");
    ASSERT_TRUE(desk.says("有折扣")) << desk.screen.text();
    EXPECT_EQ(invoices::candidates(open_.database())->front().discount, Fen{1600});
}

TEST_F(InvoicesPanelTest, TheSearchBoxReachesWhatIsOlderThanTheList) {
    constexpr int kMore = 101;
    std::vector<orders::Order> list;
    for (int i = 1; i <= kMore; ++i) list.push_back(sample_order(i));
    ASSERT_OK(put(open_.database(), list, State::issued));
    const auto taxes = invoices::load_taxes(source("data/taxes.toml"));
    ASSERT_OK(open_.database().write([](storage::Tx& tx) { return orders::define(tx, {"invoice", "26322000{:012}", 1, 1000}); }));
    for (const auto& order : list) {
        ASSERT_OK(invoices::issue(open_.database(), *open_.desk->actor, *taxes, order.payment.no));
        open_.clock.advance(kMinute);
    }
    Shown<InvoicesPanel> desk(open_);
    ASSERT_TRUE(desk.shows(ids::with(ids::kInvoicesIssued, "26322000000000000101")));
    desk.panel.search("ZF0001");
    ASSERT_TRUE(desk.shows(ids::with(ids::kInvoicesIssued, number_))) << desk.screen.text();
    EXPECT_FALSE(desk.screen.visible(ids::with(ids::kInvoicesIssued, "26322000000000000101")));
    desk.screen.click(ids::with(ids::kInvoicesIssued, number_));
    ASSERT_TRUE(desk.in_time([&] { return desk.screen.visible(ids::kInvoicesRed) && !desk.screen.disabled(ids::kInvoicesRed); }));
    desk.screen.press(ImGuiKey_R);
    ASSERT_TRUE(desk.shows(ids::kInvoicesConfirm));
    desk.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(desk.in_time([&] { return invoices::find(open_.database(), number_)->standing == invoices::Standing::reversed; }))
        << desk.screen.text();
    desk.panel.search("nothing of the kind");
    EXPECT_TRUE(desk.says("没有这样的发票")) << desk.screen.text();
}

// What the service says no to is mended where it stands, or given up with a reason.
TEST_F(InvoicesPanelTest, AFailedRequestGetsTheRightTitleInPlaceOrIsDropped) {
    TestInvoiceService remote(open_.folder.path());
    by_service(remote);
    ASSERT_OK(put(open_.database(), {sample_order(1), sample_order(2)}, State::issued));
    remote.mood(TestInvoiceService::Mood::refuses);
    const auto ask = [&](const std::string& payment) {
        const auto taxes = desk::taxes_of(open_.desk->settings(), open_.desk->places());
        return invoices::request(open_.database(), *open_.desk->actor, *taxes, payment)->id;
    };
    const auto first = ask("ZF0001"), second = ask("ZF0002");
    Shown<InvoicesPanel> desk(open_);
    const auto in_due_course = [&](const std::function<bool()>& condition) {
        return desk.in_time([&] {
            open_.clock.advance(kMinute);
            open_.desk->shipping().nudge();
            return condition();
        });
    };
    const auto failed = [&](std::int64_t id) {
        return invoices::find_request(open_.database(), id)->state == invoices::RequestState::failed;
    };
    ASSERT_TRUE(in_due_course([&] { return failed(first) && failed(second); })) << desk.screen.text();
    const std::string row = ids::with(ids::kInvoicesRequest, std::to_string(second));
    ASSERT_TRUE(desk.shows(row));
    desk.screen.click(row);
    ASSERT_TRUE(desk.in_time([&] {
        return desk.screen.visible(ids::kInvoicesDrop) && !desk.screen.disabled(ids::kInvoicesDrop);
    })) << desk.screen.text();
    desk.screen.click(ids::kInvoicesDrop);
    ASSERT_TRUE(desk.shows(ids::kInvoicesReason));
    EXPECT_TRUE(desk.screen.disabled(ids::kInvoicesConfirm)) << "not without a reason";
    desk.screen.frame(2);
    desk.screen.type_into(ids::kInvoicesReason, "申请人不要发票");
    desk.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(desk.says("这次申请已放弃")) << desk.screen.text();
    EXPECT_EQ(invoices::find_request(open_.database(), second)->state, invoices::RequestState::dropped);
    EXPECT_EQ(invoices::find_request(open_.database(), second)->said, "申请人不要发票");

    remote.mood(TestInvoiceService::Mood::answers);
    desk.screen.click(ids::with(ids::kInvoicesRequest, std::to_string(first)));
    ASSERT_TRUE(desk.in_time([&] {
        return desk.screen.visible(ids::kInvoicesTitle) && !desk.screen.disabled(ids::kInvoicesTitle);
    })) << desk.screen.text();
    desk.screen.press(ImGuiKey_T);
    ASSERT_TRUE(desk.shows(ids::kInvoicesName)) << desk.screen.text();
    desk.screen.frame(2);
    desk.screen.press(ImGuiKey_A | ImGuiMod_Ctrl);
    desk.screen.type("南京钧石建设有限公司");
    desk.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(in_due_course([&] { return invoices::of_payment(open_.database(), "ZF0001")->has_value(); }))
        << desk.screen.text();
    EXPECT_EQ(invoices::of_payment(open_.database(), "ZF0001")->value().title.name, "南京钧石建设有限公司");
    ASSERT_EQ(remote.given().size(), 1U);
    EXPECT_EQ(remote.given()[0].buyer, "南京钧石建设有限公司");
}

}  // namespace
}  // namespace sealdesk::tests
