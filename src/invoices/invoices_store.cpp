#include <fmt/format.h>

#include <algorithm>

#include "acts/acts.h"
#include "audit/audit.h"
#include "base/text.h"
#include "base/translate.h"
#include "invoices/invoice_json.h"
#include "invoices/invoices.h"
#include "orders/number_ranges.h"
#include "orders/orders.h"
#include "storage/rows.h"

namespace sealdesk::invoices {

using orders::DeskOrder;
using orders::State;
using storage::Database;
using storage::Tx;

namespace {

// A payment with all its orders, as an invoice sees it.
struct Paid {
    std::vector<DeskOrder> all;
    std::vector<orders::Order> sold;  // not refunded
    std::vector<DeskOrder> sold_at_desk;
    Fen paid_back;  // refunded beyond the refunded orders' own amounts

    const orders::Payment& payment() const { return all.front().order.payment; }
    Fen total() const {
        Fen sum = payment().freight + payment().handling_fee - paid_back;
        for (const auto& order : sold) sum += order.amounts.total();
        return sum;
    }
};

Result<Paid> paid_of(Tx& tx, const std::string& payment_no) {
    SEALDESK_LET(numbers, orders::of_payment(tx, payment_no));
    if (numbers.empty()) return refused(trf("没有支付 {}", payment_no));
    Paid paid;
    Fen refunded_orders;
    for (const auto& no : numbers) {
        SEALDESK_LET(order, orders::load(tx, no));
        if (order.state == State::refunded) {
            refunded_orders += order.order.amounts.total();
        } else {
            paid.sold.push_back(order.order);
            paid.sold_at_desk.push_back(order);
        }
        paid.all.push_back(std::move(order));
    }
    const Fen refunded{storage::one<std::int64_t>(
        tx,
        "SELECT CAST(COALESCE(SUM(r.amount), 0) AS BIGINT) FROM refunds r JOIN orders o ON o.no = r.order_no "
        "WHERE o.payment_no = :payment AND o.state = 'refunded'",
        0, payment_no)};
    paid.paid_back = std::max(Fen{}, refunded - refunded_orders);
    return paid;
}

// Whether everything is there that an invoice needs, apart from the rates.
Result<> check_ready(const Paid& paid) {
    const auto& payment = paid.payment();
    if (static_cast<int>(paid.all.size()) != payment.orders)
        return refused(trf("支付 {} 有 {} 个订单，本机只收到 {} 个，请等同步完成", payment.no, payment.orders, paid.all.size()));
    Fen sum = payment.freight + payment.handling_fee;
    for (const auto& order : paid.all) sum += order.order.amounts.total();
    if (sum != payment.total)
        return fail(ErrorKind::corrupt, trf("支付 {} 的金额 {} 与明细合计 {} 不符", payment.no, yuan(payment.total), yuan(sum)));
    if (paid.sold.empty()) return refused(trf("支付 {} 已全部退款，不开发票", payment.no));
    for (const auto& order : paid.sold_at_desk)
        if (order.state != State::issued && order.state != State::packed && order.state != State::completed)
            return refused(trf("订单 {} 还是“{}”，制证完成后才能开票", order.order.no, word_of(order.state)));
    const auto& title = paid.sold.front().invoice_title;
    for (const auto& order : paid.sold) {
        const auto& other = order.invoice_title;
        if (other.kind != title.kind || other.name != title.name || other.tax_number != title.tax_number)
            return refused(
                trf("同一支付的订单抬头不一致：{} 是“{}”，{} 是“{}”", paid.sold.front().no, title.name, order.no, other.name));
    }
    SEALDESK_TRY(check_title(title));
    if (paid.total() <= Fen{}) return refused(trf("支付 {} 没有可以开票的金额", payment.no));
    return {};
}

Result<std::optional<Invoice>> stored(Tx& tx, const std::string& condition, const std::string& value) {
    const auto document = storage::one<std::string>(tx, "SELECT document FROM invoices WHERE " + condition, "", value);
    if (document.empty()) return std::nullopt;
    SEALDESK_LET(invoice, invoice_from_json_text(document));
    return invoice;
}

Result<Invoice> draft(const Paid& paid, const Taxes& taxes, const staff::Actor& actor, Instant now) {
    SEALDESK_TRY(check_ready(paid));
    Invoice invoice;
    invoice.payment_no = paid.payment().no;
    invoice.seller = taxes.seller;
    invoice.title = paid.sold.front().invoice_title;
    SEALDESK_LET(lines, lines_of(paid.sold, taxes, day_of(now), paid.paid_back));
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
    invoice.issued_at = now;
    return invoice;
}

void insert(Tx& tx, const Invoice& invoice, const staff::Actor& actor) {
    const std::string title_kind = name_of(invoice.title.kind), document = to_json(invoice).dump();
    storage::change(
        tx,
        "INSERT INTO invoices (number, payment_no, title_kind, title_name, title_tax_number, total, tax, document, "
        "issued_by, issued_at) VALUES (:number, :payment, :kind, :name, :tax_number, :total, :tax, :document, :by, :at)",
        invoice.number, invoice.payment_no, title_kind, invoice.title.name, invoice.title.tax_number, invoice.total.value,
        invoice.tax.value, document, actor.login, invoice.issued_at.ms);
    storage::change(tx, "UPDATE payments SET settled = 1 WHERE no = :no", invoice.payment_no);
}

}  // namespace

Result<std::vector<Candidate>> candidates(Database& database) {
    return database.read([](Tx& tx) -> Result<std::vector<Candidate>> {
        std::vector<std::string> payments;
        std::string no;
        storage::for_each_row(tx,
                              "SELECT p.no FROM payments p WHERE p.settled = 0 AND EXISTS (SELECT 1 FROM orders o WHERE "
                              "o.payment_no = p.no AND o.state IN ('issued', 'packed', 'completed')) "
                              "ORDER BY p.paid_at, p.no",
                              std::tie(no), [&] { payments.push_back(no); });
        std::vector<Candidate> list;
        for (const auto& payment_no : payments) {
            SEALDESK_LET(paid, paid_of(tx, payment_no));
            Candidate candidate;
            candidate.payment_no = payment_no;
            for (const auto& order : paid.all) candidate.order_nos.push_back(order.order.no);
            candidate.refunded = static_cast<int>(paid.all.size() - paid.sold.size());
            candidate.title = paid.sold.front().invoice_title;
            candidate.total = paid.total();
            candidate.paid_at = paid.payment().paid_at;
            if (const auto ready = check_ready(paid); !ready) candidate.blocked = ready.error().message;
            list.push_back(std::move(candidate));
        }
        std::stable_partition(list.begin(), list.end(), [](const Candidate& candidate) { return candidate.blocked.empty(); });
        return list;
    });
}

Result<Invoice> issue(Database& database, const staff::Actor& actor, const Taxes& taxes, const std::string& payment_no) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    return database.write([&](Tx& tx) -> Result<Invoice> {
        SEALDESK_LET(there, stored(tx, "payment_no = :no", payment_no));
        if (there) return *there;
        SEALDESK_LET(paid, paid_of(tx, payment_no));
        SEALDESK_LET(invoice, draft(paid, taxes, actor, tx.now));
        SEALDESK_LET(number, orders::take(tx, "invoice"));
        if (number.size() != 20 || number.find_first_not_of("0123456789") != std::string::npos)
            return refused(trf("发票号码应为 20 位数字，号段 invoice 给出的是 {}，请管理员改正号段", number));
        SEALDESK_LET(taken, stored(tx, "number = :number", number));
        if (taken)
            return fail(ErrorKind::conflict, trf("发票号码 {} 已经开给支付 {}，请管理员检查号段", number, taken->payment_no));
        invoice.number = number;
        insert(tx, invoice, actor);
        for (const auto& order : paid.sold_at_desk) {
            const auto details = nlohmann::json{
                {"number", number}, {"payment", payment_no}, {"total", invoice.total.value}, {"tax", invoice.tax.value}};
            audit::append(tx, actor.login, "invoice.issue", order.order.no, details.dump());
            acts::queue(tx, order.order.no, order.revision, "invoiced",
                        nlohmann::json{{"number", number}, {"total", invoice.total.value}}.dump());
        }
        return invoice;
    });
}

Result<Invoice> find(Database& database, const std::string& number) {
    return database.read([&](Tx& tx) -> Result<Invoice> {
        SEALDESK_LET(there, stored(tx, "number = :number", number));
        if (!there) return refused(trf("没有发票 {}", number));
        return *there;
    });
}

Result<std::optional<Invoice>> of_payment(Database& database, const std::string& payment_no) {
    return database.read([&](Tx& tx) { return stored(tx, "payment_no = :no", payment_no); });
}

Result<std::vector<Issued>> issued(Database& database, int limit) {
    return database.read([&](Tx& tx) -> Result<std::vector<Issued>> {
        std::vector<Issued> list;
        Issued row;
        storage::for_each_row(
            tx,
            "SELECT number, payment_no, title_name, total, issued_at FROM invoices ORDER BY issued_at DESC, number DESC "
            "LIMIT :limit",
            std::tie(row.number, row.payment_no, row.title_name, row.total.value, row.issued_at.ms), [&] { list.push_back(row); },
            limit);
        return list;
    });
}

Result<Invoice> preview(Database& database, const staff::Actor& actor, const Taxes& taxes, const std::string& payment_no) {
    return database.read([&](Tx& tx) -> Result<Invoice> {
        SEALDESK_LET(paid, paid_of(tx, payment_no));
        return draft(paid, taxes, actor, tx.now);
    });
}

}  // namespace sealdesk::invoices
