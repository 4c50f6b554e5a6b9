#include "desk/invoicing.h"

#include "base/translate.h"
#include "desk/account_file.h"
#include "desk/desk.h"
#include "desk/documents.h"
#include "invoices/nuonuo.h"

namespace sealdesk::desk {

Result<std::unique_ptr<invoices::Service>> load_invoice_service(const Settings& settings, const ShippingSettings& own,
                                                                const Clock& clock, crypto::Random& random) {
    if (own.invoice_service_file.empty()) return nullptr;
    SEALDESK_LET(all, read_accounts(settings.home / own.invoice_service_file));
    SEALDESK_TRY(check_names(all, {"nuonuo"}));
    const auto* table = all["nuonuo"].as_table();
    if (table == nullptr) return refused(tr("开票服务的账号文件里没有 [nuonuo]"));
    SEALDESK_TRY(check_names(*table, {"app_key", "app_secret", "token", "telephone", "address", "base", "ca_file"}));
    invoices::Nuonuo::Account account;
    account.app_key = account_text(*table, "app_key");
    account.app_secret = crypto::Secret(account_text(*table, "app_secret"));
    account.token = crypto::Secret(account_text(*table, "token"));
    account.telephone = account_text(*table, "telephone", settings.centre_mobile.c_str());
    account.address = account_text(*table, "address", settings.centre_address.c_str());
    return std::make_unique<invoices::Nuonuo>(
        std::move(account), account_options(*table, account_text(*table, "base", "https://sdk.nuonuo.com")), clock, random);
}

Result<Invoiced> issue_invoice(Desk& desk, const staff::Actor& actor, const std::string& payment_no,
                               const std::string& order_no) {
    SEALDESK_LET(own, load_shipping_settings(desk.settings().home));
    SEALDESK_LET(taxes, taxes_of(desk.settings(), desk.places()));
    if (own.invoice_service_file.empty()) {
        SEALDESK_LET(invoice, invoices::issue(desk.database(), actor, taxes, payment_no, order_no));
        return Invoiced{std::move(invoice), {}};
    }
    SEALDESK_LET(request, invoices::request(desk.database(), actor, taxes, payment_no, order_no));
    return Invoiced{{}, std::move(request)};
}

Result<Invoiced> reverse_invoice(Desk& desk, const staff::Actor& actor, const std::string& number, invoices::RedReason reason,
                                 const std::vector<std::string>& order_nos) {
    SEALDESK_LET(blue, invoices::find(desk.database(), number));
    if (blue.source == invoices::Source::range) {
        SEALDESK_LET(red, invoices::red_letter(desk.database(), actor, number, reason, order_nos));
        return Invoiced{std::move(red), {}};
    }
    SEALDESK_LET(request, invoices::request_red(desk.database(), actor, number, reason, order_nos));
    return Invoiced{{}, std::move(request)};
}

Result<Invoiced> correct_invoice_title(Desk& desk, const staff::Actor& actor, const std::string& number,
                                       const orders::InvoiceTitle& title) {
    SEALDESK_LET(wrong, invoices::find(desk.database(), number));
    if (wrong.source == invoices::Source::range) {
        SEALDESK_LET(taxes, taxes_of(desk.settings(), desk.places()));
        SEALDESK_LET(right, invoices::correct_title(desk.database(), actor, taxes, number, title));
        return Invoiced{std::move(right), {}};
    }
    SEALDESK_LET(request, invoices::request_title(desk.database(), actor, number, title));
    return Invoiced{{}, std::move(request)};
}

}  // namespace sealdesk::desk
