// Invoices: one for each payment, once everything in it that was not refunded has been issued. The snapshot
// in the database is what is printed, today and in ten years. Verbs need a clerk. Any thread.
#pragma once

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
    int quantity = 1;
    Fen gross, net, tax;
    int rate_per_mille = 0;
};

struct Invoice {
    std::string number;  // 20 digits
    std::string payment_no;
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
    std::vector<std::string> order_nos;  // all of the payment, refunded ones included
    int refunded = 0;
    orders::InvoiceTitle title;
    Fen total;  // what would be invoiced
    Instant paid_at;
    std::string blocked;  // why it cannot be issued yet; "" when it can
};

// Unit: name and a tax number of 15 to 20 letters and digits. Person: a name.
Result<> check_title(const orders::InvoiceTitle& title);

// Tax-inclusive lines of the orders that are not refunded, freight and handling fee behind them; nothing for zero.
// `paid_back`: what was refunded beyond the refunded orders' own amounts; it lessens freight, then the handling fee.
Result<std::vector<Line>> lines_of(const std::vector<orders::Order>& orders, const Taxes& taxes, Day day, Fen paid_back = {});

// Payments without invoice with at least one order issued; those that can be issued first, then oldest first.
Result<std::vector<Candidate>> candidates(storage::Database& database);
// Idempotent: a second call gives the same invoice. Queues "invoiced" for each order in it.
Result<Invoice> issue(storage::Database& database, const staff::Actor& actor, const Taxes& taxes, const std::string& payment_no);
// As it was issued. Refused when there is none.
Result<Invoice> find(storage::Database& database, const std::string& number);
Result<std::optional<Invoice>> of_payment(storage::Database& database, const std::string& payment_no);

// One row of the list of what was issued.
struct Issued {
    std::string number, payment_no, title_name;
    Fen total;
    Instant issued_at;
};
// Newest first.
Result<std::vector<Issued>> issued(storage::Database& database, int limit);
// What issue() would print for the payment now, without a number; refused as issue() would refuse it.
Result<Invoice> preview(storage::Database& database, const staff::Actor& actor, const Taxes& taxes,
                        const std::string& payment_no);

}  // namespace sealdesk::invoices
