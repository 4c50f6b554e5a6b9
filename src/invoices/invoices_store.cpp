#include <fmt/format.h>

#include <algorithm>

#include "acts/acts.h"
#include "audit/audit.h"
#include "base/text.h"
#include "base/translate.h"
#include "invoices/invoice_json.h"
#include "invoices/ledger.h"
#include "orders/number_ranges.h"
#include "orders/orders.h"
#include "storage/rows.h"

namespace sealdesk::invoices {

using orders::DeskOrder;
using orders::State;
using storage::Database;
using storage::Tx;

namespace {

// A payment with its orders, as an invoice sees it.
struct Paid {
    std::vector<DeskOrder> all;
    std::vector<orders::Order> sold;  // not refunded, and on the bill
    std::vector<DeskOrder> sold_at_desk;
    Fen paid_back;  // refunded beyond the refunded orders' own amounts
    bool each = false;
    bool carries_freight = true;  // of one order's bill: no other one of the payment has freight and handling fee on it

    const orders::Payment& payment() const { return all.front().order.payment; }
    Fen total() const {
        Fen sum;
        if (carries_freight) sum = payment().freight + payment().handling_fee - paid_back;
        for (const auto& order : sold) sum += order.amounts.total();
        return sum;
    }
};

bool has_freight(const Invoice& invoice) {
    return std::any_of(invoice.lines.begin(), invoice.lines.end(),
                       [](const Line& line) { return line.item == Item::freight || line.item == Item::handling_fee; });
}

// Whether an invoice for one order of the payment, issued or asked for, has the payment's own items on it.
Result<bool> freight_is_billed(Tx& tx, const std::string& payment_no) {
    SEALDESK_LET(live, invoices_where(tx, "state = 'live' AND payment_no = :no", payment_no));
    bool billed = std::any_of(live.begin(), live.end(), has_freight);
    std::string document;
    storage::for_each_row(
        tx,
        "SELECT document FROM invoice_requests WHERE payment_no = :no AND reverses = '' AND state IN ('asking', 'waiting', "
        "'failed')",
        std::tie(document),
        [&] {
            if (const auto asked = invoice_from_json_text(document)) billed |= has_freight(*asked);
        },
        payment_no);
    return billed;
}

Result<Paid> paid_of(Tx& tx, const Bill& bill) {
    SEALDESK_LET(numbers, orders::of_payment(tx, bill.payment_no));
    if (numbers.empty()) return refused(trf("没有支付 {}", bill.payment_no));
    Paid paid;
    Fen refunded_orders;
    for (const auto& no : numbers) {
        SEALDESK_LET(order, orders::load(tx, no));
        if (order.state == State::refunded) {
            refunded_orders += order.order.amounts.total();
        } else if (bill.order_no.empty() || bill.order_no == no) {
            paid.sold.push_back(order.order);
            paid.sold_at_desk.push_back(order);
        }
        paid.all.push_back(std::move(order));
    }
    const Fen refunded{storage::one<std::int64_t>(
        tx,
        "SELECT CAST(COALESCE(SUM(r.amount), 0) AS BIGINT) FROM refunds r JOIN orders o ON o.no = r.order_no "
        "WHERE o.payment_no = :payment AND o.state = 'refunded'",
        0, bill.payment_no)};
    paid.paid_back = std::max(Fen{}, refunded - refunded_orders);
    paid.each = storage::one<int>(tx, "SELECT invoice_each FROM payments WHERE no = :no", 0, bill.payment_no) != 0;
    if (!bill.order_no.empty()) {
        SEALDESK_LET(billed, freight_is_billed(tx, bill.payment_no));
        paid.carries_freight = !billed;
    }
    return paid;
}

std::optional<orders::InvoiceTitle> corrected_title(Tx& tx, const Bill& bill) {
    std::string kind;
    orders::InvoiceTitle title;
    storage::for_each_row(
        tx, "SELECT kind, name, tax_number FROM invoice_titles WHERE payment_no = :payment AND order_no = :no",
        std::tie(kind, title.name, title.tax_number), [] {}, bill.payment_no, bill.order_no);
    if (kind.empty()) return std::nullopt;
    title.kind = kind == name_of(orders::SubjectKind::person) ? orders::SubjectKind::person : orders::SubjectKind::unit;
    return title;
}

// The title of the bill: corrected at the desk, else what the applicant wrote. Refused when orders do not agree.
Result<orders::InvoiceTitle> title_of(Tx& tx, const Bill& bill, const Paid& paid) {
    if (const auto corrected = corrected_title(tx, bill)) return *corrected;
    const auto& title = paid.sold.front().invoice_title;
    for (const auto& order : paid.sold) {
        const auto& other = order.invoice_title;
        if (other.kind != title.kind || other.name != title.name || other.tax_number != title.tax_number)
            return refused(
                trf("同一支付的订单抬头不一致：{} 是“{}”，{} 是“{}”", paid.sold.front().no, title.name, order.no, other.name));
    }
    return title;
}

// Whether everything is there that an invoice needs, apart from the rates.
Result<> check_ready(Tx& tx, const Bill& bill, const Paid& paid) {
    const auto& payment = paid.payment();
    if (static_cast<int>(paid.all.size()) != payment.orders)
        return refused(trf("支付 {} 有 {} 个订单，本机只收到 {} 个，请等同步完成", payment.no, payment.orders, paid.all.size()));
    Fen sum = payment.freight + payment.handling_fee;
    for (const auto& order : paid.all) sum += order.order.amounts.total();
    if (sum != payment.total)
        return fail(ErrorKind::corrupt, trf("支付 {} 的金额 {} 与明细合计 {} 不符", payment.no, yuan(payment.total), yuan(sum)));
    if (paid.sold.empty())
        return refused(bill.order_no.empty() ? trf("支付 {} 已全部退款，不开发票", payment.no)
                                             : trf("订单 {} 不在支付 {} 里，或者已经退款", bill.order_no, payment.no));
    if (paid.each == bill.order_no.empty())
        return refused(paid.each ? trf("支付 {} 按订单开票，请选择订单", payment.no) : trf("支付 {} 合开一张发票", payment.no));
    for (const auto& order : paid.sold_at_desk)
        if (order.state != State::issued && order.state != State::packed && order.state != State::completed)
            return refused(trf("订单 {} 还是“{}”，制证完成后才能开票", order.order.no, word_of(order.state)));
    SEALDESK_LET(title, title_of(tx, bill, paid));
    SEALDESK_TRY(check_title(title));
    if (const auto asked = asked_already(tx, bill); !asked.empty()) return fail(ErrorKind::conflict, asked);
    if (paid.total() <= Fen{}) return refused(trf("支付 {} 没有可以开票的金额", payment.no));
    return {};
}

}  // namespace

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

std::string asked_already(Tx& tx, const Bill& bill) {
    const auto at = storage::one<std::int64_t>(
        tx,
        "SELECT asked_at FROM invoice_requests WHERE payment_no = :payment AND order_no = :no AND reverses = '' AND state IN "
        "('asking', 'waiting', 'failed')",
        0, bill.payment_no, bill.order_no);
    return at == 0 ? std::string() : trf("已在 {} 交给开票服务，正在等结果", date_time(Instant{at}));
}

Result<Invoice> draft(Tx& tx, const Bill& bill, const Taxes& taxes, const staff::Actor& actor) {
    SEALDESK_LET(paid, paid_of(tx, bill));
    SEALDESK_TRY(check_ready(tx, bill, paid));
    Invoice invoice;
    invoice.payment_no = bill.payment_no;
    invoice.order_no = bill.order_no;
    invoice.seller = taxes.seller;
    SEALDESK_LET(title, title_of(tx, bill, paid));
    invoice.title = std::move(title);
    auto sold = paid.sold;
    if (!paid.carries_freight) sold.front().payment.freight = sold.front().payment.handling_fee = {};
    SEALDESK_LET(lines, lines_of(sold, taxes, day_of(tx.now), paid.carries_freight ? paid.paid_back : Fen{}));
    invoice.lines = std::move(lines);
    for (const auto& line : invoice.lines) {
        invoice.net += line.net;
        invoice.tax += line.tax;
        invoice.total += line.gross;
    }
    if (invoice.total != paid.total()) return fail(ErrorKind::internal, tr("发票合计与应开金额不符，没有开票"));
    std::string numbers;
    for (const auto& order : paid.sold) {
        invoice.order_nos.push_back(order.no);
        numbers += (numbers.empty() ? "" : "、") + order.no;
    }
    invoice.remark = fmt::format("支付 {}；订单 {}", invoice.payment_no, numbers);
    invoice.issued_by = actor.name;
    invoice.issued_at = tx.now;
    return invoice;
}

Result<std::string> take_number(Tx& tx) {
    SEALDESK_LET(number, orders::take(tx, "invoice"));
    if (number.size() != 20 || number.find_first_not_of("0123456789") != std::string::npos)
        return refused(trf("发票号码应为 20 位数字，号段 invoice 给出的是 {}，请管理员改正号段", number));
    SEALDESK_LET(taken, invoices_where(tx, "number = :number", number));
    if (!taken.empty())
        return fail(ErrorKind::conflict, trf("发票号码 {} 已经开给支付 {}，请管理员检查号段", number, taken.front().payment_no));
    return number;
}

// The orders of the payment that need an invoice: not refunded, on no live one, and not given back with a red letter (after a
// mistake, 01, the right one is due).
static Result<std::vector<std::string>> to_invoice(Tx& tx, const std::string& payment_no) {
    SEALDESK_LET(done,
                 invoices_where(tx, "(state = 'live' OR (state = 'reversed' AND reason NOT LIKE '01%')) AND payment_no = :no",
                                payment_no));
    SEALDESK_LET(numbers, orders::of_payment(tx, payment_no));
    std::vector<std::string> left;
    for (const auto& no : numbers) {
        SEALDESK_LET(order, orders::load(tx, no));
        const bool there = std::any_of(
            done.begin(), done.end(), [&](const Invoice& invoice) { return invoice.order_no.empty() || invoice.order_no == no; });
        if (order.state != State::refunded && !there) left.push_back(no);
    }
    return left;
}

Result<> settle(Tx& tx, const std::string& payment_no) {
    SEALDESK_LET(left, to_invoice(tx, payment_no));
    const bool all = left.empty();
    storage::change(tx, "UPDATE payments SET settled = :settled WHERE no = :no", all ? 1 : 0, payment_no);
    return {};
}

Result<> tell(Tx& tx, const Invoice& invoice, const std::string& body) {
    for (const auto& no : invoice.order_nos) {
        SEALDESK_LET(order, orders::load(tx, no));
        if (order.state != State::refunded) acts::queue(tx, no, order.revision, "invoiced", body);
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
    for (const auto& no : invoice.order_nos) audit::append(tx, login, red ? "invoice.red" : "invoice.issue", no, details.dump());
    SEALDESK_TRY(tell(tx, invoice, body.dump()));
    return settle(tx, invoice.payment_no);
}

void set_standing(Tx& tx, const Invoice& invoice, Standing standing, const std::string& reason) {
    const std::string state = name_of(standing);
    storage::change(tx, "UPDATE invoices SET state = :state, reason = :reason WHERE number = :number", state, reason,
                    invoice.number);
}

Result<std::vector<Candidate>> candidates(Database& database) {
    return database.read([](Tx& tx) -> Result<std::vector<Candidate>> {
        struct Row {
            std::string no;
            int each = 0;
        };
        std::vector<Row> payments;
        Row row;
        storage::for_each_row(tx,
                              "SELECT p.no, p.invoice_each FROM payments p WHERE p.settled = 0 AND EXISTS (SELECT 1 FROM orders "
                              "o WHERE o.payment_no = p.no AND o.state IN ('issued', 'packed', 'completed')) "
                              "ORDER BY p.paid_at, p.no",
                              std::tie(row.no, row.each), [&] { payments.push_back(row); });
        std::vector<Candidate> list;
        const auto add = [&](const Bill& bill) -> Result<> {
            SEALDESK_LET(paid, paid_of(tx, bill));
            if (paid.sold.empty()) return {};
            Candidate candidate;
            candidate.payment_no = bill.payment_no;
            candidate.order_no = bill.order_no;
            candidate.each = paid.each;
            for (const auto& order : paid.all)
                if (bill.order_no.empty() || bill.order_no == order.order.no) candidate.order_nos.push_back(order.order.no);
            candidate.refunded = static_cast<int>(candidate.order_nos.size()) - static_cast<int>(paid.sold.size());
            candidate.title = corrected_title(tx, bill).value_or(paid.sold.front().invoice_title);
            candidate.total = paid.total();
            candidate.paid_at = paid.payment().paid_at;
            candidate.may_split =
                paid.payment().orders > 1 &&
                storage::one<std::int64_t>(tx, "SELECT COUNT(*) FROM invoices WHERE state = 'live' AND payment_no = :no", 0,
                                           bill.payment_no) == 0;
            if (const auto ready = check_ready(tx, bill, paid); !ready) candidate.blocked = ready.error().message;
            list.push_back(std::move(candidate));
            return {};
        };
        for (const auto& payment : payments) {
            if (payment.each == 0) {
                SEALDESK_TRY(add({payment.no, ""}));
                continue;
            }
            SEALDESK_LET(left, to_invoice(tx, payment.no));
            for (const auto& no : left) SEALDESK_TRY(add({payment.no, no}));
        }
        std::stable_partition(list.begin(), list.end(), [](const Candidate& candidate) { return candidate.blocked.empty(); });
        return list;
    });
}

Result<Invoice> issue(Database& database, const staff::Actor& actor, const Taxes& taxes, const std::string& payment_no,
                      const std::string& order_no) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    return database.write([&](Tx& tx) -> Result<Invoice> {
        const Bill bill{payment_no, order_no};
        SEALDESK_LET(there, live_invoice(tx, bill));
        if (there) return *there;
        SEALDESK_LET(invoice, draft(tx, bill, taxes, actor));
        SEALDESK_LET(number, take_number(tx));
        invoice.number = number;
        SEALDESK_TRY(record(tx, invoice, actor.login));
        return invoice;
    });
}

Result<> invoice_each(Database& database, const staff::Actor& actor, const std::string& payment_no, bool each) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    return database.write([&](Tx& tx) -> Result<> {
        SEALDESK_LET(live, invoices_where(tx, "state = 'live' AND payment_no = :no", payment_no));
        const auto asked = storage::one<std::int64_t>(
            tx, "SELECT COUNT(*) FROM invoice_requests WHERE payment_no = :no AND state IN ('asking', 'waiting', 'failed')", 0,
            payment_no);
        if (!live.empty() || asked > 0) return fail(ErrorKind::conflict, trf("支付 {} 已经开过票，不能再改开法", payment_no));
        if (storage::change(tx, "UPDATE payments SET invoice_each = :each WHERE no = :no", each ? 1 : 0, payment_no) == 0)
            return refused(trf("没有支付 {}", payment_no));
        audit::append(tx, actor.login, "invoice.each", payment_no, nlohmann::json{{"each", each}}.dump());
        return {};
    });
}

Result<> set_title(Database& database, const staff::Actor& actor, const std::string& payment_no, const std::string& order_no,
                   const orders::InvoiceTitle& title) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    SEALDESK_TRY(check_title(title));
    return database.write([&](Tx& tx) -> Result<> {
        if (const auto asked = asked_already(tx, {payment_no, order_no}); !asked.empty()) return fail(ErrorKind::conflict, asked);
        put_title(tx, actor.login, {payment_no, order_no}, title);
        return {};
    });
}

void put_title(Tx& tx, const std::string& login, const Bill& bill, const orders::InvoiceTitle& title) {
    const std::string kind = name_of(title.kind);
    storage::change(tx, "DELETE FROM invoice_titles WHERE payment_no = :payment AND order_no = :no", bill.payment_no,
                    bill.order_no);
    storage::change(tx,
                    "INSERT INTO invoice_titles (payment_no, order_no, kind, name, tax_number, changed_by, changed_at) VALUES "
                    "(:payment, :no, :kind, :name, :tax_number, :by, :at)",
                    bill.payment_no, bill.order_no, kind, title.name, title.tax_number, login, tx.now.ms);
    audit::append(tx, login, "invoice.title", bill.order_no.empty() ? bill.payment_no : bill.order_no,
                  nlohmann::json{{"name", title.name}, {"tax_number", title.tax_number}}.dump());
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

Result<std::vector<Issued>> issued(Database& database, int limit) {
    return database.read([&](Tx& tx) -> Result<std::vector<Issued>> {
        std::vector<Issued> list;
        Issued row;
        std::string state;
        storage::for_each_row(
            tx,
            "SELECT number, payment_no, title_name, total, issued_at, state FROM invoices ORDER BY issued_at DESC, number DESC "
            "LIMIT :limit",
            std::tie(row.number, row.payment_no, row.title_name, row.total.value, row.issued_at.ms, state),
            [&] {
                row.standing = standing_of(state);
                list.push_back(row);
            },
            limit);
        return list;
    });
}

Result<Invoice> preview(Database& database, const staff::Actor& actor, const Taxes& taxes, const std::string& payment_no,
                        const std::string& order_no) {
    return database.read([&](Tx& tx) { return draft(tx, {payment_no, order_no}, taxes, actor); });
}

}  // namespace sealdesk::invoices
