// Invoices: one for a payment, or one for each of its orders, once what is on it has been issued and was not refunded. The
// snapshot in the database is what is printed, today and in ten years. Verbs need a clerk. Any thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "invoices/taxes.h"
#include "orders/order.h"
#include "staff/staff.h"
#include "storage/database.h"

namespace sealdesk::invoices {

// One line; net + tax == gross to the fen.
struct Line {
    Item item = Item::certificate;
    std::string order_no;  // "" for freight and handling fee, which belong to the payment
    std::string printed;   // *信息技术服务*数字证书服务
    std::string spec;      // 2 年
    std::string unit;
    std::string code;  // of the tax classification, 19 digits; "" when the rates do not say
    int quantity = 1;
    Fen gross, net, tax;
    int rate_per_mille = 0;
    bool discount = false;  // taken off the line before it, at its rate: negative amounts and no quantity
};

enum class Source { range, service };  // whose number it has
enum class Standing { live, voided, reversed, red };
const char* name_of(Standing standing);  // "live": database, JSON
Standing standing_of(const std::string& name);
const char* word_of(Standing standing);  // 有效, 已作废, 已红冲, 红字

struct Invoice {
    std::string number;  // 20 digits, or of a paper form its code, a hyphen and 8 digits
    std::string payment_no;
    std::string order_no;  // of an invoice for one order; "": for the whole payment
    Source source = Source::range;
    Standing standing = Standing::live;
    std::string reverses;  // of a red letter: the blue one's number
    std::string reason;    // of a red letter, or why it was voided
    Seller seller;
    orders::InvoiceTitle title;
    std::vector<std::string> order_nos;  // without the refunded ones
    std::vector<Line> lines;
    Fen net, tax, total;
    std::string remark;     // payment and order numbers
    std::string issued_by;  // name of the clerk
    Instant issued_at;
};

// A payment that waits for its invoice.
struct Candidate {
    std::string payment_no;
    std::string order_no;                // "": the whole payment
    bool each = false;                   // the payment's switch: one invoice for each order
    bool may_split = false;              // it has several orders and nothing is issued for it yet
    std::vector<std::string> order_nos;  // all of the payment, refunded ones included
    int refunded = 0;
    orders::InvoiceTitle title;
    Fen total;     // what would be invoiced
    Fen discount;  // taken off already
    Instant paid_at;
    std::string blocked;  // why it cannot be issued yet; "" when it can
};

// A number as it is printed. Fully digital ones are 20 digits and have no code; those of the desk's own paper forms have a code
// of 10 or 12 digits, which a range's pattern parts from the 8 digits by a hyphen ("032002600011-{:08}"). Without a hyphen 18
// digits are a code of 10 and the number; 20 would be either, and are fully digital.
struct PrintedNumber {
    std::string code, number;
};
// Refused when it is neither.
Result<PrintedNumber> printed_number(const std::string& number);
// 数电票: a service's, or of a range whose numbers have no code. Never voided, only reversed.
bool is_fully_digital(const Invoice& invoice);

// Unit: name and a tax number of 15 to 20 letters and digits. Person: a name.
Result<> check_title(const orders::InvoiceTitle& title);

// Tax-inclusive lines of the orders that are not refunded, freight and handling fee behind them; nothing for zero.
// `paid_back`: what was refunded beyond the refunded orders' own amounts; it lessens freight, then the handling fee.
Result<std::vector<Line>> lines_of(const std::vector<orders::Order>& orders, const Taxes& taxes, Day day, Fen paid_back = {});

// Takes the discount off the lines, each at most its own amount, those with the lowest rate first: the tax is never lessened at
// a rate higher than it has to be. Each part stands behind its line.
std::vector<Line> with_discount(std::vector<Line> lines, Fen discount);

// What else belongs into the transaction that gives numbers: its print jobs. Gets every invoice that was numbered, in the order
// of the numbers; an error undoes it all.
using Numbered = std::function<Result<>(storage::Tx&, const std::vector<Invoice>&)>;

// Payments without invoice with at least one order issued; those that can be issued first, then oldest first.
Result<std::vector<Candidate>> candidates(storage::Database& database);
// How many they are, and how many red letters a service refused; the payments of blue ones that it refused are among them.
// Without reading the orders: for a number that is always on screen.
Result<std::int64_t> waiting(storage::Database& database);
// With the next number of the range. Idempotent: a second call gives the same invoice. Queues "invoiced" for each order in it.
// `order_no`: of a payment that is invoiced by order.
Result<Invoice> issue(storage::Database& database, const staff::Actor& actor, const Taxes& taxes, const std::string& payment_no,
                      const std::string& order_no = {}, const Numbered& then = {});
// The payment's switch. Refused when something of it is invoiced or asked for already.
Result<> invoice_each(storage::Database& database, const staff::Actor& actor, const std::string& payment_no, bool each);
Result<bool> invoiced_each(storage::Database& database, const std::string& payment_no);
// What is taken off the next invoice of it, in fen; 0: nothing any more. Supervisors. Refused without a reason, and when nothing
// would be left; conflict when it is invoiced or asked for already.
Result<> set_discount(storage::Database& database, const staff::Actor& actor, const std::string& payment_no,
                      const std::string& order_no, Fen amount, const std::string& reason);
// What will stand on the next invoice of it instead of what the applicant wrote.
Result<> set_title(storage::Database& database, const staff::Actor& actor, const std::string& payment_no,
                   const std::string& order_no, const orders::InvoiceTitle& title);
// As it was issued. Refused when there is none.
Result<Invoice> find(storage::Database& database, const std::string& number);
// The live one: for the whole payment, or the first for one of its orders.
Result<std::optional<Invoice>> of_payment(storage::Database& database, const std::string& payment_no);
// The live one that the order stands on.
Result<std::optional<Invoice>> of_order(storage::Database& database, const std::string& order_no);

// One row of the list of what was issued.
struct Issued {
    std::string number, payment_no, title_name;
    Fen total;
    Instant issued_at;
    Standing standing = Standing::live;
};
// Newest first. `text`: only those with it in their number, title, tax number or payment number, or for that order; "" for all.
Result<std::vector<Issued>> issued(storage::Database& database, int limit, const std::string& text = {});
// What issue() would print for the payment now, without a number; refused as issue() would refuse it.
Result<Invoice> preview(storage::Database& database, const staff::Actor& actor, const Taxes& taxes, const std::string& payment_no,
                        const std::string& order_no = {});

}  // namespace sealdesk::invoices
