// What the invoice room reads and writes for itself: drafts, numbers, and rows of the ledger. Inside a transaction.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "invoices/reversals.h"

namespace sealdesk::invoices {

// What an invoice is for: a payment, or one order of it.
struct Bill {
    std::string payment_no, order_no;
};

Result<Invoice> load_invoice(storage::Tx& tx, const std::string& number);
Result<std::optional<Invoice>> live_invoice(storage::Tx& tx, const Bill& bill);
Result<std::vector<Invoice>> invoices_where(storage::Tx& tx, const std::string& condition, const std::string& value);
// What would be issued now, without a number; refused while something is missing.
Result<Invoice> draft(storage::Tx& tx, const Bill& bill, const Taxes& taxes, const staff::Actor& actor);
void put_title(storage::Tx& tx, const std::string& login, const Bill& bill, const orders::InvoiceTitle& title);
// The next number of the range; refused when it is no invoice number, conflict when it is taken.
Result<std::string> take_number(storage::Tx& tx);
// Puts it into the ledger: row, audit, "invoiced" for each order; a blue one settles its payment.
Result<> record(storage::Tx& tx, const Invoice& invoice, const std::string& login);
void set_standing(storage::Tx& tx, const Invoice& invoice, Standing standing, const std::string& reason);
// Whether everything of the payment is invoiced, written beside it.
Result<> settle(storage::Tx& tx, const std::string& payment_no);
// What its audit rows are about: its orders; the payment, when freight and handling fee are all that a red letter gives back.
std::vector<std::string> subjects_of(const Invoice& invoice);
// Tells the portal about each order of it.
Result<> tell(storage::Tx& tx, const Invoice& invoice, const std::string& body);
// What of a payment is on no invoice any more: its orders that were refunded (before or after the KEY was written, finished or
// not), and what a red letter gave back. After the red letter of a mistake, 01, the right invoice is due: that is not in it.
struct GivenBack {
    std::set<std::string> refunded, orders;  // the refunded ones are among `orders`
    Fen amount;                              // of the refunds
    bool freight = false;                    // freight and handling fee went with a red letter
    std::map<std::string, Fen> discounts;  // went with red letters, by the order that the bill was for, "" for a whole payment's
    std::map<std::pair<std::string, Item>, Fen> allowed;  // taken off by allowances, of orders that are not in `orders`
};
Result<GivenBack> given_back(storage::Tx& tx, const std::string& payment_no);
// The orders of the payment that need an invoice: not given back, and on no live one.
Result<std::vector<std::string>> to_invoice(storage::Tx& tx, const std::string& payment_no);
bool has_freight(const Invoice& invoice);  // or the handling fee
// Sentence when the service was asked for it and it stands so, else "".
std::string asked_already(storage::Tx& tx, const Bill& bill, const std::string& states = "'asking', 'waiting', 'failed'");
// What is left of a blue invoice after its red letters.
Result<Fen> remaining_of(storage::Tx& tx, const Invoice& blue);
// The red letter for a blue one, without a number, of what red_letter() says.
Result<Invoice> red_draft(storage::Tx& tx, const Invoice& blue, RedReason reason, std::vector<std::string> order_nos,
                          std::optional<Fen> amount, const staff::Actor& actor);
// Into the ledger, and the blue one is reversed when nothing is left of it.
Result<> record_red(storage::Tx& tx, const Invoice& red, const std::string& login);

}  // namespace sealdesk::invoices
