// Papers of real parcels, at a real desk: which invoice lies where, and labels that are printed again.
#include "desk/papers.h"

#include <gmock/gmock.h>

#include "base/process.h"
#include "desk/desk.h"
#include "desk/invoicing.h"
#include "keys/stock.h"
#include "orders/number_ranges.h"
#include "shipping/packing.h"
#include "shipping/waybills.h"
#include "support/orders.h"

using namespace sealdesk;
using testing::HasSubstr;
using testing::Not;

namespace {

class Papers : public testing::Test {
protected:
    void SetUp() override {
        desk::Settings settings;
        settings.home = folder_.path();
        settings.database = (folder_.path() / "desk.sqlite").string();
        settings.centre = "示例市电子签章服务中心";
        const auto places = desk::find_places();
        ASSERT_TRUE(places);
        auto opened = desk::Desk::open(settings, *places, clock_, random_);
        ASSERT_OK(opened);
        desk_ = std::move(*opened);
        ASSERT_OK(database().write([](storage::Tx& tx) -> Result<> {
            SEALDESK_TRY(orders::define(tx, {"waybill", "EA{s10}CN", 12345678, 12345690}));
            return orders::define(tx, {"invoice", "26322000{:012}", 1, 100});
        }));
    }
    storage::Database& database() { return desk_->database(); }
    shipping::Shipment packed(const std::string& no, bool apart = false) {
        shipping::PackOrder what;
        what.order_nos = {no};
        what.apart = apart;
        const auto parcel = shipping::pack(database(), clerk_, what);
        EXPECT_TRUE(parcel) << parcel.error().message;
        return parcel.value_or(shipping::Shipment{});
    }
    static std::string words_of(const std::filesystem::path& pdf) {
        const auto text = run({"pdftotext", "-raw", pdf.string(), "-"});
        return text ? text->output : "";
    }

    tests::TemporaryFolder folder_;
    tests::TestClock clock_;
    crypto::SystemRandom random_;
    std::unique_ptr<desk::Desk> desk_;
    const staff::Actor clerk_{"zhao", "赵云", static_cast<staff::Roles>(staff::Role::clerk)};
};

TEST_F(Papers, TheInvoiceLiesInTheFirstParcelAndTheOtherSlipSaysWhere) {
    auto pair = tests::paid_together({1, 2});
    pair[1].delivery.address = "江苏省苏州市姑苏区人民路1号";
    ASSERT_OK(tests::put(database(), pair, orders::State::issued));
    ASSERT_OK(tests::give_keys(database(), pair));
    ASSERT_OK(desk::issue_invoice(*desk_, clerk_, "ZF0001"));
    const auto one = packed(pair[0].no, true), two = packed(pair[1].no);
    const auto first = desk::print_papers(*desk_, clerk_, one.id), second = desk::print_papers(*desk_, clerk_, two.id);
    ASSERT_OK(first);
    ASSERT_OK(second);
    ASSERT_EQ(first->files.size(), 3U) << "invoice, slip, label";
    ASSERT_EQ(second->files.size(), 2U) << "slip and label";
    EXPECT_THAT(first->files[0].string(), HasSubstr("invoices/26322000000000000001.pdf"));
    const std::string inside = words_of(first->files[1]), beside = words_of(second->files[0]);
    EXPECT_THAT(inside, HasSubstr("26322000000000000001（随箱）"));
    EXPECT_THAT(beside, HasSubstr("26322000000000000001（在包裹 " + one.waybill + "）"));
    EXPECT_THAT(beside, Not(HasSubstr("随箱")));
    const auto again = desk::slip_file(*desk_, two);
    ASSERT_OK(again);
    EXPECT_EQ(words_of(*again), beside);
}

TEST_F(Papers, AnInvoiceInThePackedParcelThatIsVoidIsToBeTakenOut) {
    ASSERT_OK(tests::put(database(), {tests::sample_order(1)}, orders::State::issued));
    ASSERT_OK(tests::give_keys(database(), {tests::sample_order(1)}));
    const auto wrong = desk::issue_invoice(*desk_, clerk_, "ZF0001");
    ASSERT_OK(wrong);
    const auto parcel = packed("DD20261122-0001");
    ASSERT_OK(desk::print_papers(*desk_, clerk_, parcel.id));
    EXPECT_EQ(shipping::find(database(), parcel.id)->notes, "");
    const orders::InvoiceTitle title{orders::SubjectKind::unit, "南京钧石建设有限公司", "91320104MA1X1K2L3Q"};
    ASSERT_OK(desk::correct_invoice_title(*desk_, clerk_, wrong->invoice->number, title));
    EXPECT_THAT(shipping::find(database(), parcel.id)->notes, HasSubstr(wrong->invoice->number));
    ASSERT_OK(shipping::hand_over(database(), clerk_, parcel.id));
    EXPECT_EQ(shipping::find(database(), parcel.id)->notes, "") << "nobody can take it out any more";
}

TEST_F(Papers, AnInvoiceIsScannedByItsNumberAndItsCode) {
    const auto pair = tests::paid_together({1, 2});
    ASSERT_OK(tests::put(database(), pair, orders::State::issued));
    ASSERT_OK(tests::give_keys(database(), pair));
    const auto invoice = desk::issue_invoice(*desk_, clerk_, "ZF0001");
    ASSERT_OK(invoice);
    const std::string number = invoice->invoice->number;
    const auto before = shipping::identify(database(), number);
    ASSERT_OK(before);
    EXPECT_EQ(before->what, shipping::Scanned::What::order);
    EXPECT_EQ(before->order_no, pair[0].no);
    EXPECT_EQ(before->payment_no, "ZF0001");
    const auto parcel = packed(pair[0].no);
    EXPECT_EQ(shipping::identify(database(), "01,32,," + number + ",300.00,20261122,")->shipment, parcel.id);
    EXPECT_EQ(shipping::identify(database(), "01,32,,26322000000000000099,300.00,20261122,")->what,
              shipping::Scanned::What::nothing);
    EXPECT_EQ(shipping::identify(database(), "01,32")->what, shipping::Scanned::What::nothing);
}

// The receipt of a parcel that was opened again says what is not in it any more.
TEST_F(Papers, APickUpThatIsPackedAnewGetsAReceiptOfItsOwn) {
    desk::ShippingSettings own;
    own.set_printer(printing::Use::a4, "ipp://127.0.0.1:3/ipp/print");  // nobody listens there: the jobs stay
    ASSERT_OK(desk::save_shipping_settings(desk_->settings().home, own));
    auto pair = tests::paid_together({1, 2});
    for (auto& order : pair) order.delivery = {orders::DeliveryMethod::pickup, "周敏", "13800138000", ""};
    ASSERT_OK(tests::put(database(), pair, orders::State::issued));
    ASSERT_OK(tests::give_keys(database(), pair));
    const auto both = shipping::pack(database(), clerk_, {pair[0].no, pair[1].no});
    ASSERT_OK(both);
    EXPECT_EQ(desk::print_papers(*desk_, clerk_, both->id)->asked, 1);
    ASSERT_OK(shipping::unpack(database(), clerk_, both->id, "退款"));
    const auto alone = packed(pair[0].no);
    const auto papers = desk::print_papers(*desk_, clerk_, alone.id);
    ASSERT_OK(papers);
    EXPECT_EQ(papers->asked, 1);
    EXPECT_EQ(desk::print_papers(*desk_, clerk_, alone.id)->asked, 0) << "once";

    EXPECT_EQ(desk::reprint_label(*desk_, clerk_, alone.id, "").error().kind, ErrorKind::refused);
    EXPECT_EQ(desk::reprint_label(*desk_, clerk_, alone.id, "弄脏").error().kind, ErrorKind::conflict) << "it may still come out";
    const auto jobs = printing::recent_jobs(database(), desk::desk_name(*desk_), 10);
    ASSERT_OK(jobs);
    for (const auto& job : *jobs) ASSERT_OK(printing::cancel(database(), clerk_, job.id));
    const auto again = desk::reprint_label(*desk_, clerk_, alone.id, "弄脏");
    ASSERT_OK(again);
    EXPECT_EQ(again->asked, 1);
    EXPECT_EQ(again->prints, 2);
    EXPECT_EQ(again->files, papers->files);
}

TEST_F(Papers, ASlipWithoutAnInvoiceSaysSo) {
    ASSERT_OK(tests::put(database(), {tests::sample_order(1)}, orders::State::issued));
    ASSERT_OK(tests::give_keys(database(), {tests::sample_order(1)}));
    const auto papers = desk::print_papers(*desk_, clerk_, packed("DD20261122-0001").id);
    ASSERT_OK(papers);
    EXPECT_THAT(words_of(papers->files.front()), HasSubstr("未随箱"));
    EXPECT_THAT(words_of(papers->files.front()), HasSubstr("新办"));
}

TEST_F(Papers, ALabelAsAFileIsCountedAndNeedsAReasonTheSecondTime) {
    auto collected = tests::sample_order(2);
    collected.delivery = {orders::DeliveryMethod::pickup, "周敏", "13800138000", ""};
    const std::vector<orders::Order> both{tests::sample_order(1), collected};
    ASSERT_OK(tests::put(database(), both, orders::State::issued));
    ASSERT_OK(tests::give_keys(database(), both));
    const auto parcel = packed(both[0].no), pickup = packed(both[1].no);
    const auto first = desk::labels_as_file(*desk_, clerk_, {parcel.id}, {}, "");
    ASSERT_OK(first);
    EXPECT_EQ(first->prints, 1);
    const auto refusal = desk::labels_as_file(*desk_, clerk_, {parcel.id}, {}, "");
    ASSERT_FALSE(refusal);
    EXPECT_EQ(refusal.error().kind, ErrorKind::refused);
    EXPECT_EQ(shipping::find(database(), parcel.id)->prints, 1);
    EXPECT_EQ(desk::labels_as_file(*desk_, clerk_, {parcel.id}, {}, "弄脏")->prints, 2);
    EXPECT_EQ(desk::labels_as_file(*desk_, clerk_, {pickup.id}, {}, "").error().kind, ErrorKind::refused);
    EXPECT_EQ(shipping::find(database(), pickup.id)->prints, 0) << "nothing was counted for what has no label";
    const staff::Actor officer{"wang", "王敏", static_cast<staff::Roles>(staff::Role::officer)};
    EXPECT_EQ(desk::labels_as_file(*desk_, officer, {parcel.id}, {}, "x").error().kind, ErrorKind::denied);
}

// A second box could go under the same number, and nobody is there to sign.
TEST_F(Papers, WhatIsOutOfTheHouseGetsNoLabelAndNoReceiptAgain) {
    auto collected = tests::sample_order(2);
    collected.delivery = {orders::DeliveryMethod::pickup, "周敏", "13800138000", ""};
    const std::vector<orders::Order> both{tests::sample_order(1), collected};
    ASSERT_OK(tests::put(database(), both, orders::State::issued));
    ASSERT_OK(tests::give_keys(database(), both));
    for (const auto& order : both) {
        const auto parcel = packed(order.no);
        ASSERT_OK(desk::print_papers(*desk_, clerk_, parcel.id));
        ASSERT_OK(shipping::hand_over(database(), clerk_, parcel.id));
        const auto again = desk::reprint_label(*desk_, clerk_, parcel.id, "弄脏");
        ASSERT_FALSE(again);
        EXPECT_EQ(again.error().kind, ErrorKind::refused);
        EXPECT_THAT(again.error().message, HasSubstr("已交寄"));
        EXPECT_EQ(shipping::find(database(), parcel.id)->prints, 1);
    }
}

TEST_F(Papers, WhatLeftBeforeItsFirstPapersGetsTheSlipOfWhatLeftAndNoLabel) {
    desk::ShippingSettings own;
    for (const auto use : {printing::Use::label, printing::Use::invoice, printing::Use::a4})
        own.set_printer(use, "ipp://127.0.0.1:3/ipp/print");  // nobody listens there: the jobs stay
    ASSERT_OK(desk::save_shipping_settings(desk_->settings().home, own));
    auto collected = tests::sample_order(2);
    collected.delivery = {orders::DeliveryMethod::pickup, "周敏", "13800138000", ""};
    ASSERT_OK(tests::put(database(), {tests::sample_order(1), collected}, orders::State::issued));
    ASSERT_OK(tests::give_keys(database(), {tests::sample_order(1), collected}));
    ASSERT_OK(desk::issue_invoice(*desk_, clerk_, "ZF0001"));
    const auto before = packed("DD20261122-0001");
    ASSERT_OK(shipping::hand_over(database(), clerk_, before.id));
    ASSERT_OK(database().write(
        [](storage::Tx& tx) { return keys::move_key(tx, "KEY-0001-1", keys::KeyState::returned, "wang", "申请人退回"); }));
    const auto jobs = [&] {
        return printing::recent_jobs(database(), desk::desk_name(*desk_), 10).value_or(std::vector<printing::PrintJob>{});
    };
    const auto printed = jobs().size();  // the invoice, where it is printed when it gets its number
    const auto papers = desk::print_papers(*desk_, clerk_, before.id);
    ASSERT_OK(papers);
    ASSERT_EQ(papers->files.size(), 1U);
    EXPECT_EQ(papers->asked, 1);
    ASSERT_EQ(jobs().size(), printed + 1);
    EXPECT_EQ(jobs().front().kind, printing::Kind::slip);
    const std::string words = words_of(papers->files.front());
    EXPECT_THAT(words, HasSubstr("KEY-0001-1")) << "as it left";
    EXPECT_THAT(words, HasSubstr("未随箱"));
    const auto after = shipping::find(database(), before.id);
    EXPECT_EQ(after->prints, 0) << "no label";
    EXPECT_EQ(after->waybill, before.waybill);
    EXPECT_FALSE(after->papers_due);
    EXPECT_EQ(shipping::waybills_of(database(), before.id)->size(), 1U);
    EXPECT_TRUE(desk::print_papers(*desk_, clerk_, before.id)->files.empty()) << "once";

    const auto pickup = packed(collected.no);
    ASSERT_OK(shipping::hand_over(database(), clerk_, pickup.id));
    const auto receipt = desk::print_papers(*desk_, clerk_, pickup.id);
    ASSERT_OK(receipt);
    ASSERT_EQ(receipt->files.size(), 1U);
    EXPECT_THAT(words_of(receipt->files.front()), HasSubstr("KEY-0002-1"));
    EXPECT_FALSE(shipping::find(database(), pickup.id)->papers_due);
}

TEST_F(Papers, AParcelThatWaitsForItsNumberHasNoSlip) {
    ASSERT_OK(tests::put(database(), {tests::sample_order(1)}, orders::State::issued));
    ASSERT_OK(tests::give_keys(database(), {tests::sample_order(1)}));
    shipping::PackOrder what;
    what.order_nos = {"DD20261122-0001"};
    what.number = {shipping::Source::sf, "", ""};
    const auto parcel = shipping::pack(database(), clerk_, what);
    ASSERT_OK(parcel);
    const auto slip = desk::slip_file(*desk_, *parcel);
    ASSERT_FALSE(slip);
    EXPECT_EQ(slip.error().kind, ErrorKind::refused);
    EXPECT_THAT(slip.error().message, HasSubstr("还没有给出单号"));
}

TEST_F(Papers, LabelsOfSeveralParcelsLieInOneFileInTheirOrder) {
    const std::vector<orders::Order> both{tests::sample_order(1), tests::sample_order(2)};
    ASSERT_OK(tests::put(database(), both, orders::State::issued));
    ASSERT_OK(tests::give_keys(database(), both));
    const auto one = packed(both[0].no), two = packed(both[1].no);
    EXPECT_EQ(desk::labels_as_file(*desk_, clerk_, {}, {}, "").error().kind, ErrorKind::refused);
    const auto papers = desk::labels_as_file(*desk_, clerk_, {two.id, one.id}, {}, "");
    ASSERT_OK(papers);
    const std::string words = words_of(papers->files.back());
    ASSERT_NE(words.find(one.waybill), std::string::npos) << words;
    EXPECT_LT(words.find(two.waybill), words.find(one.waybill));
    EXPECT_EQ(shipping::find(database(), one.id)->prints, 1);
    EXPECT_EQ(shipping::find(database(), two.id)->prints, 1);
    // One of them was printed: without a reason none is counted.
    EXPECT_EQ(desk::labels_as_file(*desk_, clerk_, {two.id, one.id}, {}, "").error().kind, ErrorKind::refused);
    EXPECT_EQ(shipping::find(database(), two.id)->prints, 1);
}

}  // namespace
