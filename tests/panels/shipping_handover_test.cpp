// Hand-over and what must not leave; and what waits for somebody, put right in its place.
#include "base/files.h"
#include "desk/late_invoices.h"
#include "shipping/tracking.h"
#include "shipping/waybills.h"
#include "tests/panels/shipping_bench.h"
#include "tests/support/test_couriers.h"
#include "tests/support/test_invoice_service.h"

namespace sealdesk::tests {
namespace {

using orders::State;
using panels::ShippingPanel;
namespace ids = panels::ids;

class ShippingHandOverTest : public ShippingBench {
protected:
    const staff::Actor& clerk() { return *open_.desk->actor; }
    std::int64_t parcel_of(const std::string& no) { return (*shipping::by_code(open_.database(), no))->id; }
    static void to(Shown<ShippingPanel>& bench, const char* tab) {
        ASSERT_TRUE(bench.shows(tab));
        bench.screen.click(tab);
    }
    // An account at SF and at Kuaidi100, whose other side is `server`.
    void accounts(const TestCouriers& server) {
        const auto file = open_.desk->settings().home / "couriers.toml";
        const auto text = fmt::format(
            "[sf]\npartner_id = \"{}\"\ncheck_word = \"{}\"\nbase = \"{}\"\nca_file = \"{}\"\n"
            "[kuaidi100]\nkey = \"{}\"\nsecret = \"{}\"\ncustomer = \"{}\"\nbase = \"{}\"\nca_file = \"{}\"\n",
            TestCouriers::kPartner, TestCouriers::kCheckWord, server.base(), server.ca().string(), TestCouriers::kKey,
            TestCouriers::kSecret, TestCouriers::kCustomer, server.base(), server.ca().string());
        ASSERT_OK(write_file(file, text, 0600));
        desk::ShippingSettings settings;
        settings.couriers_file = "couriers.toml";
        ASSERT_OK(desk::save_shipping_settings(open_.desk->settings().home, settings));
    }
};

TEST_F(ShippingHandOverTest, AllAtOnceLeavesPickUpsAndListsAloneAndSaysWhatStays) {
    auto collected = sample_order(2);
    collected.delivery = {orders::DeliveryMethod::pickup, "周敏", "13800138000", ""};
    issued({sample_order(1), collected, sample_order(3)});
    for (const auto& no : {one_, two_, std::string("DD20261122-0003")}) packed(no);
    ASSERT_OK(shipping::scan_out(open_.database(), clerk(), "EA123456785CN"));
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.says("待交寄 3")) << bench.screen.text();
    EXPECT_TRUE(bench.screen.says("在交接清单里"));
    bench.screen.click(ids::kShippingHandOverAll);
    ASSERT_TRUE(bench.says("今天已交寄 1")) << bench.screen.text();
    EXPECT_EQ(open_.state_of("DD20261122-0003"), State::completed);
    EXPECT_EQ(open_.state_of(two_), State::packed) << "not collected yet";
    EXPECT_EQ(open_.state_of(one_), State::packed);
    EXPECT_TRUE(bench.screen.says("1 个包裹没有交寄：")) << bench.screen.text();
    EXPECT_TRUE(bench.screen.says("随清单一起交出"));
    // The list is as it was and is closed as ever.
    to(bench, ids::kShippingTabOut);
    const auto list = shipping::open_manifests(open_.database())->front();
    const auto close = ids::with(ids::kOutClose, std::to_string(list.id));
    ASSERT_TRUE(bench.shows(close));
    bench.screen.click(close);
    ASSERT_TRUE(bench.settles([&] { return open_.state_of(one_) == State::completed; })) << bench.screen.text();
    to(bench, ids::kShippingTabPack);
    ASSERT_TRUE(bench.says("待交寄 1"));
    EXPECT_TRUE(bench.screen.disabled(ids::kShippingHandOverAll)) << "what is left is collected at the counter";
}

TEST_F(ShippingHandOverTest, ARefundedOrderIsShownApartAndItsParcelUnpacked) {
    issued(paid_together({1, 2}));
    issued({sample_order(3)});
    packed("DD20261122-0003");
    refund(one_);
    refund("DD20261122-0003");
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.says("已退款，不要发货 2")) << bench.screen.text();
    const auto row = ids::with(ids::kShippingRefunded, one_);
    EXPECT_TRUE(bench.screen.says("取出 KEY KEY-0001-1 交主管办完退款"));
    bench.screen.click(row);
    EXPECT_TRUE(bench.screen.until_says("在任务里办完退款")) << bench.screen.text();
    scan(bench, "KEY-0001-1");
    ASSERT_TRUE(bench.in_time([&] { return bench.panel.scanner().said().find("已经退款") != std::string::npos; }));
    EXPECT_EQ(bench.panel.scanner().tone(), kit::Tone::red);
    scan(bench, "KEY-0002-1");  // the other one of the payment goes
    ASSERT_TRUE(bench.settles([&] { return open_.state_of(two_) == State::packed; })) << bench.screen.text();
    EXPECT_EQ(open_.state_of(one_), State::issued);

    const auto inside = ids::with(ids::kShippingRefunded, "DD20261122-0003");
    ASSERT_TRUE(bench.shows(inside));
    bench.screen.click(inside);
    ASSERT_TRUE(bench.shows(ids::kShippingUnpack)) << bench.screen.text();
    EXPECT_FALSE(bench.screen.visible(ids::kShippingHandOver));
    bench.screen.click(ids::kShippingUnpack);
    ASSERT_TRUE(bench.says("包裹已拆开")) << bench.screen.text();
    EXPECT_EQ(open_.state_of("DD20261122-0003"), State::issued);
    ASSERT_TRUE(bench.says("待交寄 1")) << bench.screen.text();
}

TEST_F(ShippingHandOverTest, AParcelWithAKeyThatWasCalledBackIsUnpackedWithThatReason) {
    issued({sample_order(1)});
    packed(one_);
    ASSERT_OK(open_.database().write([](storage::Tx& tx) -> Result<> {
        storage::change(tx, "UPDATE keys SET state = 'scrapped' WHERE serial = 'KEY-0001-1'");
        return {};
    }));
    Shown<ShippingPanel> bench(open_);
    const auto row = ids::with(ids::kShippingPacked, std::to_string(shipping::waiting(open_.database())->front().id));
    ASSERT_TRUE(bench.shows(row)) << bench.screen.text();
    EXPECT_TRUE(bench.screen.says("不能发出")) << bench.screen.text();
    bench.screen.click(row);
    ASSERT_TRUE(bench.shows(ids::kShippingUnpack)) << bench.screen.text();
    EXPECT_FALSE(bench.screen.visible(ids::kShippingHandOver));
    bench.screen.click(ids::kShippingUnpack);
    ASSERT_TRUE(bench.says("包裹已拆开")) << bench.screen.text();
    EXPECT_EQ(open_.state_of(one_), State::issued);
    const auto said = open_.database().read([](storage::Tx& tx) -> Result<std::string> {
        return storage::one<std::string>(tx, "SELECT details FROM audit WHERE action = 'shipping.unpack'", "");
    });
    ASSERT_OK(said);
    EXPECT_NE(said->find("KEY-0001-1"), std::string::npos) << *said;
}

TEST_F(ShippingHandOverTest, KeptBackIsSaidOnlyWhenItIs) {
    issued({sample_order(1)});
    packed(one_);
    Shown<ShippingPanel> bench(open_);
    to(bench, ids::kShippingTabOut);
    ASSERT_TRUE(bench.says("没有交接 1"));
    const auto keep = ids::with(ids::kOutKeep, std::to_string(parcel_of(one_)));
    scan(bench, "EA123456785CN");
    ASSERT_TRUE(bench.shows(keep)) << bench.screen.text();
    bench.screen.click(keep);
    ASSERT_TRUE(bench.says("没有交接 1")) << bench.screen.text();
    EXPECT_EQ(bench.panel.scanner().said(), "已从清单里拿出");
    EXPECT_TRUE(shipping::open_manifests(open_.database())->front().parcels.empty());
    scan(bench, "EA123456785CN");
    ASSERT_TRUE(bench.shows(keep)) << bench.screen.text();
    open_.desk->jobs().wait_idle();
    bench.screen.frame(3);
    ASSERT_OK(shipping::keep_back(open_.database(), clerk(), parcel_of(one_)));  // somebody else was faster
    bench.screen.click(keep);
    ASSERT_TRUE(bench.says("包裹不在还没有交出的清单里")) << bench.screen.text();
    EXPECT_NE(bench.panel.scanner().said(), "已从清单里拿出");
}

TEST_F(ShippingHandOverTest, WhatDidNotWorkIsNotSaidToBeDone) {
    issued({sample_order(1)});
    packed(one_);
    ASSERT_OK(shipping::hand_over(open_.database(), clerk(), parcel_of(one_)));
    shipping::Track track;
    track.delivered = true;
    track.steps = {{open_.clock.now(), "已签收", "3"}};
    ASSERT_OK(shipping::take_track(open_.database(), "EA123456785CN", track));
    open_.clock.advance(8 * kDay);
    const auto file = printing::keep(open_.folder.path() / "spool", printing::Format::pdf, "%PDF-1.4");
    ASSERT_OK(file);
    const auto job = open_.database().write([&](storage::Tx& tx) -> Result<std::int64_t> {
        SEALDESK_LET(asked,
                     printing::print_once(tx, clerk(),
                                          {desk::desk_name(*open_.desk), "parcel 1", printing::Kind::label, "EA123456785CN",
                                           "面单 EA123456785CN", kLabels, printing::Format::pdf, *file, 1}));
        storage::change(tx, "UPDATE print_jobs SET state = 'unsure', said = '看一下' WHERE id = :id", asked.id);
        return asked.id;
    });
    ASSERT_OK(job);
    Shown<ShippingPanel> bench(open_);
    to(bench, ids::kShippingTabTroubles);
    const auto print = ids::with(ids::kTroubleRow, "print." + std::to_string(*job));
    ASSERT_TRUE(bench.shows(print));
    bench.screen.click(print);
    ASSERT_TRUE(bench.shows(ids::kTroubleCameOut));
    ASSERT_OK(printing::came_out(open_.database(), clerk(), *job));  // somebody else looked
    bench.screen.click(ids::kTroubleCameOut);
    ASSERT_TRUE(bench.says("打印 0")) << bench.screen.text();
    EXPECT_FALSE(bench.screen.says("已记下")) << bench.screen.text();

    const auto row = ids::with(ids::kTroubleRow, "follow." + std::to_string(parcel_of(one_)));
    ASSERT_TRUE(bench.shows(row)) << bench.screen.text();
    if (bench.screen.visible("ok")) bench.screen.click("ok");
    bench.screen.press(ImGuiKey_Escape);
    bench.screen.frame(5);
    bench.screen.click(row);
    ASSERT_TRUE(bench.shows(ids::kTroubleNote));
    bench.screen.type_into(ids::kTroubleNote, "called");
    ASSERT_OK(shipping::settle_follow_up(open_.database(), clerk(), parcel_of(one_), "已电话联系"));
    bench.screen.click(ids::kTroubleSettle);
    ASSERT_TRUE(bench.says("回访 0")) << bench.screen.text();
    EXPECT_FALSE(bench.screen.says("已记下")) << bench.screen.text();
}

TEST_F(ShippingHandOverTest, AnInvoiceThatComesWhenItsParcelHasLeftStaysListedUntilSomebodySaysHowItWasGiven) {
    TestInvoiceService remote(open_.folder.path());
    remote.write_account(open_.desk->settings().home);
    desk::ShippingSettings settings;
    settings.invoice_service_file = "service.toml";
    ASSERT_OK(desk::save_shipping_settings(open_.desk->settings().home, settings));
    issued({sample_order(1)});
    packed(one_);
    ASSERT_OK(desk::print_papers(*open_.desk, clerk(), parcel_of(one_)));
    ASSERT_OK(shipping::hand_over(open_.database(), clerk(), parcel_of(one_)));
    const auto asked = desk::issue_invoice(*open_.desk, clerk(), "ZF0001");
    ASSERT_OK(asked);
    const auto request = desk::advance_invoice_request(*open_.desk, asked->request->id);
    ASSERT_OK(request);
    Shown<ShippingPanel> bench(open_);
    to(bench, ids::kShippingTabTroubles);
    const auto row = ids::with(ids::kTroubleRow, "invoice." + request->number);
    ASSERT_TRUE(bench.shows(row)) << bench.screen.text();
    bench.screen.click(row);
    ASSERT_TRUE(bench.shows(ids::kTroubleSettle)) << bench.screen.text();
    EXPECT_TRUE(bench.screen.says("包裹已经交出")) << bench.screen.text();
    EXPECT_TRUE(bench.screen.says("请另外交给申请人"));
    EXPECT_TRUE(bench.screen.disabled(ids::kTroubleSettle)) << "without a note";
    bench.screen.type_into(ids::kTroubleNote, "e-mail");
    bench.screen.click(ids::kTroubleSettle);
    ASSERT_TRUE(bench.settles([&] { return desk::late_invoices(*open_.desk)->empty(); })) << bench.screen.text();
    EXPECT_TRUE(bench.in_time([&] { return !bench.screen.visible(row); })) << bench.screen.text();
}

TEST_F(ShippingHandOverTest, PapersThatAreDueArePrintedFromTheParcel) {
    issued({sample_order(1)});
    packed(one_);  // and the program ended before anything was printed
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.says("面单没有打印")) << bench.screen.text();
    bench.screen.click(ids::with(ids::kShippingPacked, std::to_string(parcel_of(one_))));
    ASSERT_TRUE(bench.shows(ids::kShippingPrintDue)) << bench.screen.text();
    bench.screen.click(ids::kShippingPrintDue);
    ASSERT_TRUE(bench.says("2 张单据已做好")) << bench.screen.text();
    for (const char* paper : {"slips/EA123456785CN.pdf", "labels/EA123456785CN.pdf"})
        EXPECT_TRUE(std::filesystem::exists(open_.desk->documents() / paper)) << paper;
    const auto parcel = shipping::find(open_.database(), parcel_of(one_));
    EXPECT_FALSE(parcel->papers_due);
    EXPECT_EQ(parcel->prints, 1);
    ASSERT_TRUE(bench.in_time([&] { return !bench.screen.visible(ids::kShippingPrintDue); }));
}

TEST_F(ShippingHandOverTest, TheNumberComesFromTheSourceThatWasChosen) {
    TestCouriers server(open_.folder.path());
    accounts(server);
    issued({sample_order(1)});
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.shows(ids::with(ids::kShippingSource, "sf"))) << bench.screen.text();
    EXPECT_TRUE(bench.screen.visible(ids::with(ids::kShippingSource, "kuaidi100.ems")));
    bench.screen.click(ids::with(ids::kShippingSource, "sf"));
    scan(bench, "KEY-0001-1");
    ASSERT_TRUE(bench.in_time([&] {
        const auto waiting = shipping::waiting(open_.database());
        return waiting && !waiting->empty() && !waiting->front().waybill.empty() && !waiting->front().papers_due;
    })) << bench.screen.text();
    const auto parcel = shipping::waiting(open_.database())->front();
    EXPECT_EQ(parcel.courier, "shunfeng");
    ASSERT_EQ(server.orders().size(), 1U);
    EXPECT_EQ(server.orders().front().waybill, parcel.waybill);
    EXPECT_TRUE(std::filesystem::exists(open_.desk->documents() / "labels" / (parcel.waybill + ".pdf")))
        << "printed when it came";
    EXPECT_EQ(orders::remaining(open_.database(), "waybill"), 22) << "none of the range";
}

TEST_F(ShippingHandOverTest, ALabelThatTheCourierRefusedIsPutRightAndAskedForAgain) {
    TestCouriers server(open_.folder.path());
    accounts(server);
    server.mood(TestCouriers::Mood::refuses);
    issued({sample_order(1)});
    shipping::PackOrder what;
    what.order_nos = {one_};
    what.number = {shipping::Source::sf, "", ""};
    ASSERT_OK(shipping::pack(open_.database(), clerk(), what));
    Shown<ShippingPanel> bench(open_);
    to(bench, ids::kShippingTabTroubles);
    ASSERT_TRUE(bench.says("取号失败")) << bench.screen.text();
    bench.screen.click(ids::with(ids::kTroubleRow, "label.1"));
    ASSERT_TRUE(bench.shows(ids::kTroubleRetry)) << bench.screen.text();
    bench.screen.type_into(ids::kTroubleAddress, "");
    bench.screen.click(ids::kTroubleRetry);
    ASSERT_TRUE(bench.says("收件人、手机和地址都要填写")) << bench.screen.text();
    server.mood(TestCouriers::Mood::answers);
    bench.screen.type_into(ids::kTroubleAddress, "Suzhou, Renmin Road 1");
    bench.screen.click(ids::kTroubleRetry);
    ASSERT_TRUE(bench.says("单号 0")) << bench.screen.text();
    ASSERT_EQ(server.orders().size(), 1U);
    EXPECT_EQ(server.orders().front().address, "Suzhou, Renmin Road 1");
    EXPECT_EQ(shipping::find(open_.database(), parcel_of(one_))->waybill, server.orders().front().waybill);
}

}  // namespace
}  // namespace sealdesk::tests
