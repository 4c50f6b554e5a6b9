// Taking an invoice back: void 作废, red letter 红冲, spoiled sheets, a title put right, and the refunds that wait for a red
// letter. Blue and red stand in the ledger as a linked pair with its reason. For numbers of the own range; what a service
// issued is reversed by it (requests.h). Verbs need a clerk. Any thread.
#pragma once

#include "invoices/invoices.h"

namespace sealdesk::invoices {

enum class RedReason { mistake, returned, ended, allowance };
const char* code_of(RedReason reason);  // "01" … "04", as the tax bureau has them
const char* word_of(RedReason reason);  // 开票有误 …
std::string printed(RedReason reason);  // "01 开票有误", as paper and ledger have it, in Chinese
std::optional<RedReason> red_reason_of(const std::string& code);

// What only a person can say before an invoice is voided; kept in the audit row.
struct VoidTicks {
    bool not_reported = false;   // neither copied for tax nor booked by us
    bool not_certified = false;  // nor certified by the buyer, or that failed
    bool all() const { return not_reported && not_certified; }
};
// Only a paper form's number, in the month of issue, without a red letter, and with both ticks; refused without a reason. The
// number stays.
Result<Invoice> void_invoice(storage::Database& database, const staff::Actor& actor, const std::string& number,
                             const std::string& reason, const VoidTicks& ticks);
// All that is left of it, or of those orders on it; a mistake is reversed as a whole. `amount`, of an allowance: that much of one
// order, tax included (allowances.h); the order need not be named where only one is left. Gives the red one, with the next
// number. Conflict when nothing is left of what it asks for; refused when the amount is more than that.
Result<Invoice> red_letter(storage::Database& database, const staff::Actor& actor, const std::string& number, RedReason reason,
                           const std::vector<std::string>& order_nos = {}, std::optional<Fen> amount = {},
                           const Numbered& then = {});
// Voided when it may be, with both ticks, else reversed, and issued again with the right title: all of it or nothing.
Result<Invoice> correct_title(storage::Database& database, const staff::Actor& actor, const Taxes& taxes,
                              const std::string& number, const orders::InvoiceTitle& title, const VoidTicks& ticks = {},
                              const Numbered& then = {});

// The next sheet of the range was spoiled before anything was issued on it. Gives its number; refused without a reason.
Result<std::string> spoil(storage::Database& database, const staff::Actor& actor, const std::string& reason);
struct SpoiledSheet {
    std::string number, reason, noted_by;  // name of who noted it
    Instant noted_at;
};
Result<std::vector<SpoiledSheet>> spoiled_sheets(storage::Database& database, int limit);  // newest first

// Blue and red ones that belong together, oldest first.
Result<std::vector<Invoice>> pair_of(storage::Database& database, const std::string& number);

// An order that was refunded after its KEY was written, and is not finished.
struct RefundDue {
    std::string order_no, subject_name;
    Fen amount;
    Instant at;
    std::string invoice;  // the live one on which something is left of it; "" when nothing is in the way
};
Result<std::vector<RefundDue>> refunds_due(storage::Database& database);
// Refused until the red letter is there, and while a service is about to issue the order's invoice. A supervisor may finish it
// without one, with a reason.
Result<> finish_refund(storage::Database& database, const staff::Actor& actor, const std::string& order_no,
                       const std::string& without_red_because = {});
// Refused with the same sentence: for whoever closes the task of the refund.
Result<> refund_may_close(storage::Database& database, const std::string& order_no);
Result<> refund_may_close(storage::Tx& tx, const std::string& order_no);

}  // namespace sealdesk::invoices
