// A number that a courier gives late: its papers are printed without anybody opening the shipping panel, also after a restart.
#include "desk/invoicing.h"
#include "desk/papers.h"
#include "desk/shipping_settings.h"
#include "desk/shipping_worker.h"
#include "shipping/waybills.h"
#include "tests/panels/desk_on_screen.h"
#include "tests/support/test_couriers.h"
#include "tests/support/test_invoice_service.h"

namespace sealdesk::tests {
namespace {

class LatePapers : public DeskOnScreen {
protected:
    void SetUp() override {
        DeskOnScreen::SetUp();
        if (HasFatalFailure()) return;
        server_ = std::make_unique<TestCouriers>(folder_.path());
        ASSERT_OK(
            write_file(settings_.home / "couriers.toml",
                       fmt::format("[sf]\npartner_id = \"{}\"\ncheck_word = \"{}\"\nbase = \"{}\"\nca_file = \"{}\"\n",
                                   TestCouriers::kPartner, TestCouriers::kCheckWord, server_->base(), server_->ca().string()),
                       0600));
        desk::ShippingSettings own;
        own.couriers_file = "couriers.toml";
        ASSERT_OK(desk::save_shipping_settings(settings_.home, own));
    }
    std::int64_t packed(const orders::Order& order) {
        EXPECT_TRUE(put(desk_->database(), {order}, orders::State::issued));
        EXPECT_TRUE(give_keys(desk_->database(), {order}));
        shipping::PackOrder what;
        what.order_nos = {order.no};
        what.number = {shipping::Source::sf, "", ""};
        what.desk = desk::desk_name(*desk_);
        const auto parcel =
            shipping::pack(desk_->database(), {"chen", "陈洁", static_cast<staff::Roles>(staff::Role::clerk)}, what);
        EXPECT_TRUE(parcel) << (parcel ? "" : parcel.error().message);
        return parcel ? parcel->id : 0;
    }
    std::unique_ptr<TestCouriers> server_;
};

TEST_F(LatePapers, AreMadeAfterARestartAsSoonAsSomebodyIsSignedIn) {
    const auto id = packed(sample_order(1));
    restart();
    EXPECT_EQ(shipping::find(desk_->database(), id)->waybill, "");
    sign_in("wang");  // who reviews, and never looks at the parcels
    ASSERT_TRUE(ui_->until([&] { return !shipping::find(desk_->database(), id)->papers_due; })) << ui_->text();
    const auto parcel = shipping::find(desk_->database(), id);
    EXPECT_EQ(parcel->waybill.substr(0, 2), "SF");
    EXPECT_EQ(parcel->prints, 1);
    EXPECT_TRUE(std::filesystem::exists(desk_->documents() / ("labels/" + parcel->waybill + ".pdf")));
}

// Nobody asks for it but the worker, which is the one that hears of the file.
TEST_F(LatePapers, AnInvoiceThatComesAfterThemIsPrintedByItself) {
    TestInvoiceService remote(folder_.path());
    remote.write_account(settings_.home);
    auto own = *desk::load_shipping_settings(settings_.home);
    own.invoice_service_file = "service.toml";
    own.printer_invoice = "ipp://127.0.0.1:2/ipp/print";  // nobody listens there: the jobs stay
    ASSERT_OK(desk::save_shipping_settings(settings_.home, own));
    const auto id = packed(sample_order(1));
    restart();
    sign_in("wang");
    ASSERT_TRUE(ui_->until([&] { return !shipping::find(desk_->database(), id)->papers_due; })) << ui_->text();
    ASSERT_OK(desk::issue_invoice(*desk_, {"chen", "陈洁", static_cast<staff::Roles>(staff::Role::clerk)}, "ZF0001"));
    desk_->shipping().nudge();
    ASSERT_TRUE(ui_->until([&] {
        const auto open = invoices::open_requests(desk_->database());
        return open && open->size() == 1 && open->front().state == invoices::RequestState::waiting;
    })) << ui_->text();
    clock_.advance(kMinute);  // the service is looked at again
    desk_->shipping().nudge();
    const auto jobs = [&] { return *printing::recent_jobs(desk_->database(), desk::desk_name(*desk_), 10); };
    ASSERT_TRUE(ui_->until([&] { return !jobs().empty(); })) << ui_->text();
    const auto invoice = invoices::of_payment(desk_->database(), "ZF0001");
    ASSERT_TRUE(invoice && invoice->has_value());
    EXPECT_EQ(jobs().front().subject, (*invoice)->number);
    EXPECT_EQ(jobs().size(), 1U);
}

TEST_F(LatePapers, ThatCannotBeMadeSayWhy) {
    auto order = sample_order(1);
    order.delivery.address = "江苏省南京市建邺区\xF3\xB0\x80\x80路1号";  // a private character that no font has
    const auto id = packed(order);
    open_screen();
    sign_in("wang");
    ASSERT_TRUE(ui_->until([&] { return !shipping::find(desk_->database(), id)->papers_trouble.empty(); })) << ui_->text();
    EXPECT_TRUE(shipping::find(desk_->database(), id)->papers_due);
    EXPECT_EQ(shipping::unprinted(desk_->database())->size(), 1U);
}

}  // namespace
}  // namespace sealdesk::tests
