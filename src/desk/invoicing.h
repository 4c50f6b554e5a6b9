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
// Numbers of the own range are given only to what can be printed: the document is laid out before the number is taken, and where
// the desk has an invoice printer its print job is written together with the number (nudge the worker).
Result<Invoiced> issue_invoice(Desk& desk, const staff::Actor& actor, const std::string& payment_no,
                               const std::string& order_no = {});
// A red letter, by who issued the blue one. `amount`, of an allowance: as red_letter() has it.
Result<Invoiced> reverse_invoice(Desk& desk, const staff::Actor& actor, const std::string& number, invoices::RedReason reason,
                                 const std::vector<std::string>& order_nos = {}, std::optional<Fen> amount = {});
Result<Invoiced> correct_invoice_title(Desk& desk, const staff::Actor& actor, const std::string& number,
                                       const orders::InvoiceTitle& title, const invoices::VoidTicks& ticks = {});

// The file of an invoice as it is given out: written on the desk's paper; of one that a service issued only the service's own,
// fetched when it is not on this machine yet. Unavailable while it cannot be had.
Result<std::filesystem::path> invoice_file(Desk& desk, const invoices::Invoice& invoice);

// A request that failed or lapsed, once more, or not any more; the service is asked first. Verbs of invoices/requests.h.
Result<invoices::Request> retry_invoice_request(Desk& desk, const staff::Actor& actor, std::int64_t id);
Result<> drop_invoice_request(Desk& desk, const staff::Actor& actor, std::int64_t id, const std::string& reason);
// As far as the service answers at once: for a command line, which has no worker.
Result<invoices::Request> advance_invoice_request(Desk& desk, std::int64_t id);

}  // namespace sealdesk::desk
