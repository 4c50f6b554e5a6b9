// Account files that cannot be used: said where somebody waits for what they are for, and read anew when the settings are saved.
#include "base/files.h"
#include "panels/invoices_panel.h"
#include "shipping/waybills.h"
#include "tests/panels/shipping_bench.h"
#include "tests/support/test_couriers.h"

namespace sealdesk::tests {
namespace {

namespace ids = panels::ids;

class AccountsTest : public ShippingBench {
protected:
    void write(const char* name, const std::string& text) { ASSERT_OK(write_file(open_.folder.path() / name, text, 0600)); }
    static std::string account_at(const TestCouriers& server, const char* check_word) {
        return fmt::format("[sf]\npartner_id = \"{}\"\n{} = \"{}\"\nbase = \"{}\"\nca_file = \"{}\"\n", TestCouriers::kPartner,
                           check_word, TestCouriers::kCheckWord, server.base(), server.ca().string());
    }
};

TEST_F(AccountsTest, AMisspeltAccountIsSaidWhereNumbersAreWaitedForAndCountsWhenItIsPutRight) {
    const TestCouriers server(open_.folder.path());
    write("couriers.toml", account_at(server, "check_wort"));
    desk::ShippingSettings settings;
    settings.couriers_file = "couriers.toml";
    ASSERT_OK(desk::save_shipping_settings(open_.folder.path(), settings));
    issued({sample_order(1)});
    shipping::PackOrder what;
    what.order_nos = {one_};
    what.number = {shipping::Source::sf, "", ""};
    what.desk = desk::desk_name(*open_.desk);
    const auto parcel = shipping::pack(open_.database(), *open_.desk->actor, what);
    ASSERT_OK(parcel);
    Shown<panels::ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.shows(ids::kShippingTabTroubles));
    bench.screen.click(ids::kShippingTabTroubles);
    ASSERT_TRUE(bench.says("账号文件里不认识“check_wort”")) << bench.screen.text();
    EXPECT_EQ(shipping::waybills_of(open_.database(), parcel->id)->front().state, shipping::WaybillState::asking);

    write("couriers.toml", account_at(server, "check_word"));
    bench.screen.click(ids::kShippingTabPrinters);
    ASSERT_TRUE(bench.settles([&] { return bench.screen.visible(ids::kPrinterSave); })) << bench.screen.text();
    bench.screen.click(ids::kPrinterSave);
    ASSERT_TRUE(bench.says("马上生效")) << bench.screen.text();
    EXPECT_TRUE(bench.in_time([&] { return !shipping::find(open_.database(), parcel->id)->waybill.empty(); }))
        << bench.screen.text();
    bench.screen.click(ids::kShippingTabTroubles);
    EXPECT_TRUE(bench.in_time([&] { return !bench.screen.says("check_wort"); })) << bench.screen.text();
}

TEST_F(AccountsTest, AnInvoiceServiceThatCannotBeUsedIsSaidBesideTheInvoices) {
    write("service.toml", "[nuonuo]\napp_kee = \"K\"\n");
    desk::ShippingSettings settings;
    settings.invoice_service_file = "service.toml";
    ASSERT_OK(desk::save_shipping_settings(open_.folder.path(), settings));
    Shown<panels::InvoicesPanel> desk(open_);
    ASSERT_TRUE(desk.says("账号文件里不认识“app_kee”")) << desk.screen.text();
    ASSERT_OK(desk::save_shipping_settings(open_.folder.path(), {}));
    open_.desk->shipping().use(desk::read_accounts(*open_.desk));
    EXPECT_TRUE(desk.in_time([&] { return !desk.screen.says("app_kee"); })) << desk.screen.text();
}

}  // namespace
}  // namespace sealdesk::tests
