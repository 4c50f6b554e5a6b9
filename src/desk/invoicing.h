// Who gives this desk's invoices their numbers: its own range, or an invoice service; and what people do with invoices, by
// whichever of the two it is. Jobs only.
#pragma once

#include <memory>

#include "desk/settings.h"
#include "desk/shipping_settings.h"
#include "invoices/requests.h"

namespace sealdesk::desk {

class Desk;

// [nuonuo] app_key, app_secret, token, telephone, address, base (https://host), ca_file. Nothing when the desk has no service.
Result<std::unique_ptr<invoices::Service>> load_invoice_service(const Settings& settings, const ShippingSettings& own,
                                                                const Clock& clock, crypto::Random& random);

// One of the two: it is there, or it was asked for and the worker sees to it.
struct Invoiced {
    std::optional<invoices::Invoice> invoice;
    std::optional<invoices::Request> request;
};
Result<Invoiced> issue_invoice(Desk& desk, const staff::Actor& actor, const std::string& payment_no,
                               const std::string& order_no = {});
// A red letter, by who issued the blue one.
Result<Invoiced> reverse_invoice(Desk& desk, const staff::Actor& actor, const std::string& number, invoices::RedReason reason,
                                 const std::vector<std::string>& order_nos = {});
Result<Invoiced> correct_invoice_title(Desk& desk, const staff::Actor& actor, const std::string& number,
                                       const orders::InvoiceTitle& title);

}  // namespace sealdesk::desk
