// What is to be invoiced: a payment or one order of it, with its title, its discount, and why it may have to wait.
#include <fmt/format.h>

#include <algorithm>

#include "audit/audit.h"
#include "base/text.h"
#include "base/translate.h"
#include "invoices/invoice_json.h"
#include "invoices/ledger.h"
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
    std::vector<orders::Order> sold;  // not given back, and on the bill; without what was allowed off them
    std::vector<DeskOrder> sold_at_desk;
    Fen paid_back;  // refunded beyond the refunded orders' own amounts
    Fen discount;   // still to be taken off
    bool each = false;
    bool carries_freight = true;  // of one order's bill: no other one of the payment has freight and handling fee on it

    const orders::Payment& payment() const { return all.front().order.payment; }
    Fen total() const {
        Fen sum;
        if (carries_freight) sum = payment().freight + payment().handling_fee - paid_back;
        for (const auto& order : sold) sum += order.amounts.total();
        return sum - discount;
    }
};

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

Fen discount_of(Tx& tx, const Bill& bill) {
    return Fen{storage::one<std::int64_t>(tx,
                                          "SELECT amount FROM invoice_discounts WHERE payment_no = :payment AND order_no = :no",
                                          0, bill.payment_no, bill.order_no)};
}

Result<Paid> paid_of(Tx& tx, const Bill& bill) {
    SEALDESK_LET(numbers, orders::of_payment(tx, bill.payment_no));
    if (numbers.empty()) return refused(trf("没有支付 {}", bill.payment_no));
    SEALDESK_LET(back, given_back(tx, bill.payment_no));
    Paid paid;
    Fen refunded_orders;
    for (const auto& no : numbers) {
        SEALDESK_LET(order, orders::load(tx, no));
        if (back.refunded.contains(no)) refunded_orders += order.order.amounts.total();
        if (!back.orders.contains(no) && (bill.order_no.empty() || bill.order_no == no)) {
            auto& sold = paid.sold.emplace_back(order.order);
            sold.amounts.certificate -= back.allowed[{no, Item::certificate}];
            sold.amounts.key -= back.allowed[{no, Item::key}];
            paid.sold_at_desk.push_back(order);
        }
        paid.all.push_back(std::move(order));
    }
    paid.paid_back = std::max(Fen{}, back.amount - refunded_orders);
    paid.discount = std::max(Fen{}, discount_of(tx, bill) - back.discounts[bill.order_no]);
    paid.carries_freight = !back.freight;
    paid.each = storage::one<int>(tx, "SELECT invoice_each FROM payments WHERE no = :no", 0, bill.payment_no) != 0;
    if (!bill.order_no.empty()) {
        SEALDESK_LET(billed, freight_is_billed(tx, bill.payment_no));
        paid.carries_freight = paid.carries_freight && !billed;
    }
    return paid;
}

// Payments that are not settled and have an order that can be invoiced.
const std::string kUnsettled =
    " FROM payments p WHERE p.settled = 0 AND EXISTS (SELECT 1 FROM orders o WHERE o.payment_no = p.no AND o.state IN ('issued', "
    "'packed', 'completed'))";

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
    if (paid.total() <= Fen{})
        return refused(paid.discount > Fen{} ? trf("折扣 {} 元，支付 {} 就没有可以开票的金额了", yuan(paid.discount), payment.no)
                                             : trf("支付 {} 没有可以开票的金额", payment.no));
    return {};
}

}  // namespace

std::string asked_already(Tx& tx, const Bill& bill, const std::string& states) {
    const auto at = storage::one<std::int64_t>(
        tx,
        "SELECT asked_at FROM invoice_requests WHERE payment_no = :payment AND order_no = :no AND reverses = '' AND state IN (" +
            states + ")",
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
    invoice.lines = with_discount(std::move(lines), paid.discount);
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

Result<std::vector<Candidate>> candidates(Database& database) {
    return database.read([](Tx& tx) -> Result<std::vector<Candidate>> {
        struct Row {
            std::string no;
            int each = 0;
        };
        std::vector<Row> payments;
        Row row;
        storage::for_each_row(tx, "SELECT p.no, p.invoice_each" + kUnsettled + " ORDER BY p.paid_at, p.no",
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
            candidate.discount = paid.discount;
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

Result<std::int64_t> waiting(Database& database) {
    return database.read([](Tx& tx) -> Result<std::int64_t> {
        struct Row {
            std::string no;
            int each = 0, touched = 0;
        };
        std::vector<Row> payments;
        Row row;
        // Most were never refunded and never invoiced: they need no second look.
        storage::for_each_row(tx,
                              "SELECT p.no, p.invoice_each, CASE WHEN EXISTS (SELECT 1 FROM invoices i WHERE i.payment_no = "
                              "p.no) OR EXISTS (SELECT 1 FROM orders b WHERE b.payment_no = p.no AND (b.state = 'refunded' OR "
                              "EXISTS (SELECT 1 FROM refunds r WHERE r.order_no = b.no))) THEN 1 ELSE 0 END" +
                                  kUnsettled,
                              std::tie(row.no, row.each, row.touched), [&] { payments.push_back(row); });
        // The long list is the index's.
        auto count = storage::one<std::int64_t>(
            tx,
            "SELECT COUNT(*) FROM invoice_requests WHERE state IN ('asking', 'waiting', 'confirming', 'failed', 'fetching') AND "
            "state = 'failed' AND reverses <> ''",
            0);
        for (const auto& payment : payments) {
            if (payment.each == 0 && payment.touched == 0) {
                ++count;
                continue;
            }
            SEALDESK_LET(left, to_invoice(tx, payment.no));
            count += payment.each != 0 ? std::ssize(left) : left.empty() ? 0 : 1;
        }
        return count;
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

Result<bool> invoiced_each(Database& database, const std::string& payment_no) {
    return database.read([&](Tx& tx) -> Result<bool> {
        return storage::one<int>(tx, "SELECT invoice_each FROM payments WHERE no = :no", 0, payment_no) != 0;
    });
}

Result<> set_discount(Database& database, const staff::Actor& actor, const std::string& payment_no, const std::string& order_no,
                      Fen amount, const std::string& reason) {
    SEALDESK_TRY(staff::require(actor, staff::Role::supervisor));
    if (amount < Fen{}) return refused(tr("折扣写正数，单位是元"));
    if (amount > Fen{} && trimmed(reason).empty()) return refused(tr("折扣要写明原因"));
    return database.write([&](Tx& tx) -> Result<> {
        const Bill bill{payment_no, order_no};
        if (const auto asked = asked_already(tx, bill, "'asking', 'waiting'"); !asked.empty())
            return fail(ErrorKind::conflict, asked);
        SEALDESK_LET(live, live_invoice(tx, bill));
        if (live) return fail(ErrorKind::conflict, trf("发票 {} 已经开出", live->number));
        SEALDESK_LET(paid, paid_of(tx, bill));
        if (paid.each == order_no.empty())
            return refused(paid.each ? trf("支付 {} 按订单开票，请选择订单", payment_no)
                                     : trf("支付 {} 合开一张发票", payment_no));
        if (const Fen whole = paid.total() + paid.discount; amount >= whole)
            return refused(trf("折扣 {} 元应小于应开金额 {} 元", yuan(amount), yuan(whole)));
        storage::change(tx, "DELETE FROM invoice_discounts WHERE payment_no = :payment AND order_no = :no", payment_no, order_no);
        if (amount > Fen{})
            storage::change(tx,
                            "INSERT INTO invoice_discounts (payment_no, order_no, amount, reason, changed_by, changed_at) VALUES "
                            "(:payment, :no, :amount, :reason, :by, :at)",
                            payment_no, order_no, amount.value, reason, actor.login, tx.now.ms);
        audit::append(tx, actor.login, "invoice.discount", order_no.empty() ? payment_no : order_no,
                      nlohmann::json{{"fen", amount.value}, {"reason", reason}}.dump());
        return {};
    });
}

Result<> set_title(Database& database, const staff::Actor& actor, const std::string& payment_no, const std::string& order_no,
                   const orders::InvoiceTitle& title) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    SEALDESK_TRY(check_title(title));
    return database.write([&](Tx& tx) -> Result<> {
        // What the service said no to is mended and then asked for once more.
        if (const auto asked = asked_already(tx, {payment_no, order_no}, "'asking', 'waiting'"); !asked.empty())
            return fail(ErrorKind::conflict, asked);
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

Result<Invoice> preview(Database& database, const staff::Actor& actor, const Taxes& taxes, const std::string& payment_no,
                        const std::string& order_no) {
    return database.read([&](Tx& tx) { return draft(tx, {payment_no, order_no}, taxes, actor); });
}

}  // namespace sealdesk::invoices
