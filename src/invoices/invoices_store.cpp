#include <fmt/format.h>

#include <algorithm>

#include "acts/acts.h"
#include "audit/audit.h"
#include "base/text.h"
#include "base/translate.h"
#include "invoices/allowances.h"
#include "invoices/invoice_json.h"
#include "invoices/ledger.h"
#include "orders/number_ranges.h"
#include "orders/orders.h"
#include "storage/rows.h"

namespace sealdesk::invoices {

using storage::Database;
using storage::Tx;

Result<std::vector<Invoice>> invoices_where(Tx& tx, const std::string& condition, const std::string& value) {
    std::vector<Invoice> list;
    std::optional<Error> broken;
    std::string document, source, state, reason;
    storage::for_each_row(
        tx, "SELECT document, source, state, reason FROM invoices WHERE " + condition + " ORDER BY issued_at, number",
        std::tie(document, source, state, reason),
        [&] {
            auto invoice = invoice_from_json_text(document);
            if (!invoice) {
                broken = invoice.error();
                return;
            }
            invoice->source = source == "service" ? Source::service : Source::range;
            invoice->standing = standing_of(state);
            invoice->reason = reason;
            list.push_back(std::move(*invoice));
        },
        value);
    if (broken) return Failure(*broken);
    return list;
}

Result<Invoice> load_invoice(Tx& tx, const std::string& number) {
    SEALDESK_LET(list, invoices_where(tx, "number = :number", number));
    if (list.empty()) return refused(trf("没有发票 {}", number));
    return list.front();
}

Result<std::optional<Invoice>> live_invoice(Tx& tx, const Bill& bill) {
    SEALDESK_LET(list, invoices_where(tx, "state = 'live' AND payment_no = :no", bill.payment_no));
    for (auto& invoice : list)
        if (invoice.order_no == bill.order_no) return std::optional(std::move(invoice));
    return std::nullopt;
}

Result<std::string> take_number(Tx& tx) {
    SEALDESK_LET(number, orders::take(tx, "invoice"));
    SEALDESK_TRY(printed_number(number));
    SEALDESK_LET(taken, invoices_where(tx, "number = :number", number));
    if (!taken.empty())
        return fail(ErrorKind::conflict, trf("发票号码 {} 已经开给支付 {}，请管理员检查号段", number, taken.front().payment_no));
    return number;
}

bool has_freight(const Invoice& invoice) {
    return std::any_of(invoice.lines.begin(), invoice.lines.end(),
                       [](const Line& line) { return line.item == Item::freight || line.item == Item::handling_fee; });
}

// What its red letters gave back of one invoice.
static void take_back(const Invoice& blue, const std::vector<Invoice>& reds, GivenBack& back) {
    auto taken = taken_by(reds, lines_left(blue, reds));
    for (const auto& line : blue.lines)
        if (line.discount && taken.contains(line.order_no)) back.discounts[blue.order_no] -= line.gross;
    for (const auto& red : reds)
        for (const auto& line : red.lines)
            if (!taken.contains(line.order_no)) back.allowed[{line.order_no, line.item}] -= line.gross;
    back.freight |= taken.erase("") > 0;
    back.orders.merge(taken);
}

Result<GivenBack> given_back(Tx& tx, const std::string& payment_no) {
    GivenBack back;
    std::string no;
    storage::for_each_row(
        tx,
        "SELECT o.no FROM orders o WHERE o.payment_no = :no AND (o.state = 'refunded' OR EXISTS (SELECT 1 FROM refunds r WHERE "
        "r.order_no = o.no))",
        std::tie(no), [&] { back.refunded.insert(no); }, payment_no);
    back.amount = Fen{storage::one<std::int64_t>(
        tx,
        "SELECT CAST(COALESCE(SUM(r.amount), 0) AS BIGINT) FROM refunds r JOIN orders o ON o.no = r.order_no "
        "WHERE o.payment_no = :payment",
        0, payment_no)};
    back.orders = back.refunded;
    SEALDESK_LET(reds, invoices_where(tx, "state = 'red' AND reason NOT LIKE '01%' AND payment_no = :no", payment_no));
    std::map<std::string, std::vector<Invoice>> by_blue;
    for (auto& red : reds) by_blue[red.reverses].push_back(std::move(red));
    for (const auto& [number, own] : by_blue) {
        SEALDESK_LET(blue, load_invoice(tx, number));
        take_back(blue, own, back);
    }
    return back;
}

Result<std::vector<std::string>> to_invoice(Tx& tx, const std::string& payment_no) {
    SEALDESK_LET(live, invoices_where(tx, "state = 'live' AND payment_no = :no", payment_no));
    SEALDESK_LET(back, given_back(tx, payment_no));
    SEALDESK_LET(numbers, orders::of_payment(tx, payment_no));
    std::vector<std::string> left;
    for (const auto& no : numbers) {
        const bool there = std::any_of(
            live.begin(), live.end(), [&](const Invoice& invoice) { return invoice.order_no.empty() || invoice.order_no == no; });
        if (!there && !back.orders.contains(no)) left.push_back(no);
    }
    return left;
}

Result<> settle(Tx& tx, const std::string& payment_no) {
    SEALDESK_LET(left, to_invoice(tx, payment_no));
    const bool all = left.empty();
    storage::change(tx, "UPDATE payments SET settled = :settled WHERE no = :no", all ? 1 : 0, payment_no);
    return {};
}

std::vector<std::string> subjects_of(const Invoice& invoice) {
    return invoice.order_nos.empty() ? std::vector{invoice.payment_no} : invoice.order_nos;
}

Result<> tell(Tx& tx, const Invoice& invoice, const std::string& body) {
    // The portal has refunded orders behind it.
    SEALDESK_LET(back, given_back(tx, invoice.payment_no));
    for (const auto& no : invoice.order_nos) {
        SEALDESK_LET(order, orders::load(tx, no));
        if (!back.refunded.contains(no)) acts::queue(tx, no, order.revision, "invoiced", body);
    }
    return {};
}

Result<> record(Tx& tx, const Invoice& invoice, const std::string& login) {
    const std::string title_kind = name_of(invoice.title.kind), document = to_json(invoice).dump(),
                      source = invoice.source == Source::service ? "service" : "range", state = name_of(invoice.standing);
    storage::change(tx,
                    "INSERT INTO invoices (number, payment_no, order_no, title_kind, title_name, title_tax_number, total, tax, "
                    "document, issued_by, issued_at, source, state, reverses, reason) VALUES (:number, :payment, :order, :kind, "
                    ":name, :tax_number, :total, :tax, :document, :by, :at, :source, :state, :reverses, :reason)",
                    invoice.number, invoice.payment_no, invoice.order_no, title_kind, invoice.title.name,
                    invoice.title.tax_number, invoice.total.value, invoice.tax.value, document, login, invoice.issued_at.ms,
                    source, state, invoice.reverses, invoice.reason);
    const bool red = invoice.standing == Standing::red;
    auto details = nlohmann::json{
        {"number", invoice.number}, {"payment", invoice.payment_no}, {"total", invoice.total.value}, {"tax", invoice.tax.value}};
    auto body = nlohmann::json{{"number", invoice.number}, {"total", invoice.total.value}};
    if (red) details["reverses"] = body["reverses"] = invoice.reverses, details["reason"] = invoice.reason;
    for (const auto& no : subjects_of(invoice))
        audit::append(tx, login, red ? "invoice.red" : "invoice.issue", no, details.dump());
    SEALDESK_TRY(tell(tx, invoice, body.dump()));
    return settle(tx, invoice.payment_no);
}

void set_standing(Tx& tx, const Invoice& invoice, Standing standing, const std::string& reason) {
    const std::string state = name_of(standing);
    storage::change(tx, "UPDATE invoices SET state = :state, reason = :reason WHERE number = :number", state, reason,
                    invoice.number);
}

Result<Invoice> issue(Database& database, const staff::Actor& actor, const Taxes& taxes, const std::string& payment_no,
                      const std::string& order_no, const Numbered& then) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    return database.write([&](Tx& tx) -> Result<Invoice> {
        const Bill bill{payment_no, order_no};
        SEALDESK_LET(there, live_invoice(tx, bill));
        if (there) return *there;
        SEALDESK_LET(invoice, draft(tx, bill, taxes, actor));
        SEALDESK_LET(number, take_number(tx));
        invoice.number = number;
        SEALDESK_TRY(record(tx, invoice, actor.login));
        if (then) SEALDESK_TRY(then(tx, {invoice}));
        return invoice;
    });
}

Result<Invoice> find(Database& database, const std::string& number) {
    return database.read([&](Tx& tx) { return load_invoice(tx, number); });
}

Result<std::optional<Invoice>> of_payment(Database& database, const std::string& payment_no) {
    return database.read([&](Tx& tx) -> Result<std::optional<Invoice>> {
        SEALDESK_LET(list, invoices_where(tx, "state = 'live' AND payment_no = :no", payment_no));
        return list.empty() ? std::nullopt : std::optional(list.front());
    });
}

Result<std::optional<Invoice>> of_order(Database& database, const std::string& order_no) {
    return database.read([&](Tx& tx) -> Result<std::optional<Invoice>> {
        SEALDESK_LET(order, orders::load(tx, order_no));
        SEALDESK_LET(list, invoices_where(tx, "state = 'live' AND payment_no = :no", order.order.payment.no));
        for (auto& invoice : list)
            if (std::find(invoice.order_nos.begin(), invoice.order_nos.end(), order_no) != invoice.order_nos.end())
                return std::optional(std::move(invoice));
        return std::nullopt;
    });
}

Result<std::vector<Issued>> issued(Database& database, int limit, const std::string& text) {
    return database.read([&](Tx& tx) -> Result<std::vector<Issued>> {
        std::vector<Issued> list;
        Issued row;
        std::string state, wanted = upper_ascii(trimmed(text)), pattern = "%";
        for (const char c : wanted) pattern += (c == '%' || c == '_' || c == '\\' ? std::string("\\") : std::string()) + c;
        pattern += "%";
        const std::string found =
            wanted.empty() ? ":text <> ''"
                           : "(UPPER(i.number || ' ' || i.title_name || ' ' || i.title_tax_number || ' ' || i.payment_no) LIKE "
                             ":text ESCAPE '\\' OR i.payment_no IN (SELECT o.payment_no FROM orders o WHERE o.no = :no))";
        const auto each = [&] {
            row.standing = standing_of(state);
            list.push_back(row);
        };
        const std::string ask =
            "SELECT i.number, i.payment_no, i.title_name, i.total, i.issued_at, i.state FROM invoices i WHERE " + found +
            " ORDER BY i.issued_at DESC, i.number DESC LIMIT :limit";
        const auto into = std::tie(row.number, row.payment_no, row.title_name, row.total.value, row.issued_at.ms, state);
        if (wanted.empty())
            storage::for_each_row(tx, ask, into, each, pattern, limit);
        else
            storage::for_each_row(tx, ask, into, each, pattern, wanted, limit);
        return list;
    });
}

}  // namespace sealdesk::invoices
