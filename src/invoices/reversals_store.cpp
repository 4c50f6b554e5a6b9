#include "invoices/reversals.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "audit/audit.h"
#include "base/text.h"
#include "base/translate.h"
#include "invoices/allowances.h"
#include "invoices/ledger.h"
#include "invoices/request_rows.h"
#include "orders/number_ranges.h"
#include "orders/orders.h"
#include "storage/rows.h"

namespace sealdesk::invoices {

using storage::Database;
using storage::Tx;

namespace {

Result<std::vector<Invoice>> reds_of(Tx& tx, const std::string& blue) {
    return invoices_where(tx, "state = 'red' AND reverses = :blue", blue);
}

bool same_month(Instant a, Instant b) {
    const Day one = day_of(a), other = day_of(b);
    return one.year == other.year && one.month == other.month;
}

Result<> may_void(Tx& tx, const Invoice& invoice, const VoidTicks& ticks) {
    if (invoice.standing != Standing::live)
        return fail(ErrorKind::conflict, trf("发票 {} 现在是“{}”", invoice.number, word_of(invoice.standing)));
    if (is_fully_digital(invoice)) return refused(trf("发票 {} 是数电票，不能作废，只能红冲", invoice.number));
    if (!same_month(invoice.issued_at, tx.now)) return refused(trf("发票 {} 不是本月开的，不能作废，只能红冲", invoice.number));
    SEALDESK_LET(reds, reds_of(tx, invoice.number));
    if (!reds.empty()) return refused(trf("发票 {} 已经部分红冲，不能作废", invoice.number));
    if (!ticks.all())
        return refused(trf("发票 {} 要确认本单位还没有抄税、购买方也没有认证，才能作废；否则只能红冲", invoice.number));
    return {};
}

Result<> void_in(Tx& tx, const staff::Actor& actor, const Invoice& invoice, const std::string& reason, const VoidTicks& ticks) {
    SEALDESK_TRY(may_void(tx, invoice, ticks));
    set_standing(tx, invoice, Standing::voided, reason);
    for (const auto& no : invoice.order_nos)
        audit::append(tx, actor.login, "invoice.void", no,
                      nlohmann::json{{"number", invoice.number},
                                     {"reason", reason},
                                     {"not_reported", ticks.not_reported},
                                     {"not_certified", ticks.not_certified}}
                          .dump());
    SEALDESK_TRY(tell(tx, invoice, nlohmann::json{{"number", invoice.number}, {"total", 0}, {"voided", true}}.dump()));
    return settle(tx, invoice.payment_no);
}

Result<Invoice> red_in(Tx& tx, const staff::Actor& actor, const Invoice& blue, RedReason reason,
                       const std::vector<std::string>& order_nos = {}, std::optional<Fen> amount = {}) {
    if (blue.source == Source::service) return refused(trf("发票 {} 由开票服务开出，要请它红冲", blue.number));
    SEALDESK_LET(red, red_draft(tx, blue, reason, order_nos, amount, actor));
    SEALDESK_LET(number, take_number(tx));
    red.number = number;
    SEALDESK_TRY(record_red(tx, red, actor.login));
    return red;
}

// The live invoice on which red letters have left something of the order. An allowance does not take it off.
Result<std::string> standing_invoice(Tx& tx, const std::string& order_no) {
    SEALDESK_LET(order, orders::load(tx, order_no));
    SEALDESK_LET(live, invoices_where(tx, "state = 'live' AND payment_no = :no", order.order.payment.no));
    for (const auto& invoice : live) {
        SEALDESK_LET(reds, reds_of(tx, invoice.number));
        if (left_of(lines_left(invoice, reds), order_no) > Fen{}) return invoice.number;
    }
    return std::string();
}

// What is taken of what is left: all of it, what there is for those orders, or an amount of one order, which is named then.
Result<std::vector<Line>> part_of(const std::vector<Line>& left, const std::set<std::string>& gone, const Invoice& blue,
                                  std::vector<std::string>& order_nos, std::optional<Fen> amount) {
    if (amount && order_nos.empty()) {
        order_nos = orders_left(left);
        if (order_nos.empty()) return fail(ErrorKind::conflict, trf("发票 {} 上的订单都已经红冲", blue.number));
    }
    if (amount && order_nos.size() > 1) return refused(tr("按金额折让，一次只能是一个订单，请选择订单"));
    for (const auto& no : order_nos) {
        if (std::find(blue.order_nos.begin(), blue.order_nos.end(), no) == blue.order_nos.end())
            return refused(trf("订单 {} 不在发票 {} 上", no, blue.number));
        if (left_of(left, no) == Fen{}) return fail(ErrorKind::conflict, trf("发票 {} 上的订单 {} 已经红冲", blue.number, no));
    }
    if (amount) {
        SEALDESK_TRY(check_allowance(left, order_nos.front(), *amount));
        return allowance_of(left, order_nos.front(), *amount);
    }
    std::vector<Line> part;
    for (const auto& line : left)
        if (order_nos.empty() ? !gone.contains(line.order_no)
                              : std::find(order_nos.begin(), order_nos.end(), line.order_no) != order_nos.end())
            part.push_back(line);
    return part;
}

}  // namespace

Result<Fen> remaining_of(Tx& tx, const Invoice& blue) {
    SEALDESK_LET(reds, reds_of(tx, blue.number));
    Fen left = blue.total;
    for (const auto& red : reds) left += red.total;
    return left;
}

Result<Invoice> red_draft(Tx& tx, const Invoice& blue, RedReason reason, std::vector<std::string> order_nos,
                          std::optional<Fen> amount, const staff::Actor& actor) {
    if (reason == RedReason::mistake && (!order_nos.empty() || amount)) return refused(tr("开票有误只能全部红冲"));
    if (amount && reason != RedReason::allowance) return refused(tr("只有销售折让可以只红冲一部分金额"));
    if (blue.standing != Standing::live)
        return fail(ErrorKind::conflict, trf("发票 {} 现在是“{}”", blue.number, word_of(blue.standing)));
    SEALDESK_LET(reds, reds_of(tx, blue.number));
    const auto left = lines_left(blue, reds);
    const auto gone = taken_by(reds, left);
    SEALDESK_LET(lines, part_of(left, gone, blue, order_nos, amount));
    Invoice red = blue;
    red.number.clear();
    red.lines.clear();
    red.order_nos.clear();
    red.net = red.tax = red.total = {};
    red.standing = Standing::red;
    red.reverses = blue.number;
    red.reason = printed(reason);
    const auto number = printed_number(blue.number);
    red.remark = number && !number->code.empty()
                     ? fmt::format("对应正数发票代码：{}，号码：{}；原因：{}", number->code, number->number, red.reason)
                     : fmt::format("被红冲蓝字数电票号码：{}；原因：{}", blue.number, red.reason);
    red.issued_by = actor.name;
    red.issued_at = tx.now;
    for (auto& line : lines) {
        line.gross = -line.gross;
        line.net = -line.net;
        line.tax = -line.tax;
        line.quantity = -line.quantity;
        if (reason == RedReason::allowance) {  // money comes back, nothing that was sold does
            line.quantity = 0;
            line.unit.clear();
        }
        red.net += line.net;
        red.tax += line.tax;
        red.total += line.gross;
        red.lines.push_back(std::move(line));
    }
    for (const auto& no : blue.order_nos)
        if (order_nos.empty() ? !gone.contains(no) : std::find(order_nos.begin(), order_nos.end(), no) != order_nos.end())
            red.order_nos.push_back(no);
    if (red.total == Fen{}) return fail(ErrorKind::conflict, trf("发票 {} 已经全部红冲", blue.number));
    return red;
}

Result<> record_red(Tx& tx, const Invoice& red, const std::string& login) {
    SEALDESK_LET(blue, load_invoice(tx, red.reverses));
    SEALDESK_TRY(record(tx, red, login));
    SEALDESK_LET(left, remaining_of(tx, blue));
    if (left == Fen{}) set_standing(tx, blue, Standing::reversed, red.reason);
    return settle(tx, blue.payment_no);
}

Result<Invoice> void_invoice(Database& database, const staff::Actor& actor, const std::string& number, const std::string& reason,
                             const VoidTicks& ticks) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    if (trimmed(reason).empty()) return refused(tr("作废要写明原因"));
    return database.write([&](Tx& tx) -> Result<Invoice> {
        SEALDESK_LET(invoice, load_invoice(tx, number));
        SEALDESK_TRY(void_in(tx, actor, invoice, reason, ticks));
        return load_invoice(tx, number);
    });
}

Result<Invoice> red_letter(Database& database, const staff::Actor& actor, const std::string& number, RedReason reason,
                           const std::vector<std::string>& order_nos, std::optional<Fen> amount, const Numbered& then) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    return database.write([&](Tx& tx) -> Result<Invoice> {
        SEALDESK_LET(blue, load_invoice(tx, number));
        SEALDESK_LET(red, red_in(tx, actor, blue, reason, order_nos, amount));
        if (then) SEALDESK_TRY(then(tx, {red}));
        return red;
    });
}

Result<Invoice> correct_title(Database& database, const staff::Actor& actor, const Taxes& taxes, const std::string& number,
                              const orders::InvoiceTitle& title, const VoidTicks& ticks, const Numbered& then) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    SEALDESK_TRY(check_title(title));
    return database.write([&](Tx& tx) -> Result<Invoice> {
        SEALDESK_LET(wrong, load_invoice(tx, number));
        if (wrong.title.kind == title.kind && wrong.title.name == title.name && wrong.title.tax_number == title.tax_number)
            return refused(tr("抬头没有变化"));
        std::vector<Invoice> numbered;
        if (may_void(tx, wrong, ticks)) {
            SEALDESK_TRY(void_in(tx, actor, wrong, tr("抬头有误"), ticks));
        } else {
            SEALDESK_LET(red, red_in(tx, actor, wrong, RedReason::mistake));
            numbered.push_back(std::move(red));
        }
        const Bill bill{wrong.payment_no, wrong.order_no};
        put_title(tx, actor.login, bill, title);
        SEALDESK_LET(right, draft(tx, bill, taxes, actor));
        SEALDESK_LET(next, take_number(tx));
        right.number = next;
        SEALDESK_TRY(record(tx, right, actor.login));
        numbered.push_back(right);
        if (then) SEALDESK_TRY(then(tx, numbered));
        return right;
    });
}

Result<std::string> spoil(Database& database, const staff::Actor& actor, const std::string& reason) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    if (trimmed(reason).empty()) return refused(tr("废票要写明原因"));
    return database.write([&](Tx& tx) -> Result<std::string> {
        SEALDESK_LET(number, take_number(tx));
        storage::change(tx, "INSERT INTO spoiled_sheets (number, reason, noted_by, noted_at) VALUES (:number, :reason, :by, :at)",
                        number, reason, actor.login, tx.now.ms);
        audit::append(tx, actor.login, "invoice.spoiled", number, nlohmann::json{{"reason", reason}}.dump());
        return number;
    });
}

Result<std::vector<SpoiledSheet>> spoiled_sheets(Database& database, int limit) {
    return database.read([&](Tx& tx) -> Result<std::vector<SpoiledSheet>> {
        std::vector<SpoiledSheet> list;
        SpoiledSheet row;
        storage::for_each_row(
            tx,
            "SELECT p.number, p.reason, " + staff::person_in("p.noted_by") +
                ", p.noted_at FROM spoiled_sheets p ORDER BY p.noted_at DESC, p.number DESC LIMIT :limit",
            std::tie(row.number, row.reason, row.noted_by, row.noted_at.ms), [&] { list.push_back(row); }, limit);
        return list;
    });
}

Result<std::vector<Invoice>> pair_of(Database& database, const std::string& number) {
    return database.read([&](Tx& tx) -> Result<std::vector<Invoice>> {
        SEALDESK_LET(one, load_invoice(tx, number));
        const std::string blue = one.reverses.empty() ? one.number : one.reverses;
        SEALDESK_LET(first, load_invoice(tx, blue));
        SEALDESK_LET(reds, reds_of(tx, blue));
        std::vector<Invoice> all{std::move(first)};
        for (auto& red : reds) all.push_back(std::move(red));
        return all;
    });
}

Result<std::vector<RefundDue>> refunds_due(Database& database) {
    return database.read([&](Tx& tx) -> Result<std::vector<RefundDue>> {
        std::vector<RefundDue> list;
        RefundDue row;
        storage::for_each_row(tx,
                              "SELECT r.order_no, o.subject_name, r.amount, r.at FROM refunds r JOIN orders o ON o.no = "
                              "r.order_no WHERE r.state = 'needs_person' ORDER BY r.at, r.order_no",
                              std::tie(row.order_no, row.subject_name, row.amount.value, row.at.ms),
                              [&] { list.push_back(row); });
        for (auto& each : list) {
            SEALDESK_LET(invoice, standing_invoice(tx, each.order_no));
            each.invoice = invoice;
        }
        return list;
    });
}

static Result<> may_finish(Tx& tx, const std::string& order_no) {
    SEALDESK_LET(invoice, standing_invoice(tx, order_no));
    if (!invoice.empty()) return refused(trf("订单 {} 的发票 {} 还没有红冲，退款要等红字发票", order_no, invoice));
    // The service may have issued what it said no to.
    SEALDESK_LET(asked, requests_where(tx, "reverses = '' AND state IN ('asking', 'waiting', 'failed')"));
    for (const auto& row : asked)
        if (std::find(row.invoice.order_nos.begin(), row.invoice.order_nos.end(), order_no) != row.invoice.order_nos.end())
            return refused(row.state == RequestState::failed
                               ? trf("订单 {} 的开票申请没有办成，先“重新提交”或“放弃”，才能办完退款", order_no)
                               : trf("订单 {} 的发票已交给开票服务，开出并红冲以后才能办完退款", order_no));
    return {};
}

Result<> finish_refund(Database& database, const staff::Actor& actor, const std::string& order_no, const std::string& because) {
    SEALDESK_TRY(staff::require(actor, because.empty() ? staff::Role::clerk : staff::Role::supervisor));
    return database.write([&](Tx& tx) -> Result<> {
        if (because.empty()) SEALDESK_TRY(may_finish(tx, order_no));
        if (storage::change(tx, "UPDATE refunds SET state = 'settled' WHERE order_no = :no AND state = 'needs_person'",
                            order_no) == 0)
            return fail(ErrorKind::conflict, trf("订单 {} 没有未办完的退款", order_no));
        audit::append(tx, actor.login, "invoice.refund", order_no, nlohmann::json{{"without_red_because", because}}.dump());
        return {};
    });
}

Result<> refund_may_close(Tx& tx, const std::string& order_no) {
    const auto open = storage::one<std::int64_t>(
        tx, "SELECT COUNT(*) FROM refunds WHERE order_no = :no AND state = 'needs_person'", 0, order_no);
    return open == 0 ? Result<>{} : may_finish(tx, order_no);
}

Result<> refund_may_close(Database& database, const std::string& order_no) {
    return database.read([&](Tx& tx) { return refund_may_close(tx, order_no); });
}

}  // namespace sealdesk::invoices
