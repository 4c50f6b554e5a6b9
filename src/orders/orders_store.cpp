#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/text.h"
#include "base/translate.h"
#include "orders/orders.h"
#include "search/search.h"
#include "staff/staff.h"
#include "storage/rows.h"

namespace sealdesk::orders {

using storage::Database;
using storage::Tx;

namespace {

constexpr std::array<State, 7> kStates{State::paid,   State::rejected,  State::approved, State::issued,
                                       State::packed, State::completed, State::refunded};

// Names from our own database: an unknown one means that it was written by something else.
template <class Enum>
Enum known(const std::string& name) {
    if (const auto value = from_name<Enum>(name)) return *value;
    throw std::runtime_error("unknown name in the database: " + name);
}

void count(Tx& tx, State state, int by) {
    const std::string name = name_of(state);
    if (storage::change(tx, "UPDATE state_counts SET orders = orders + :by WHERE state = :state", by, name) == 0)
        storage::change(tx, "INSERT INTO state_counts (state, orders) VALUES (:state, :by)", name, by);
}

// One more arrival in a state, or departure from it, on that day.
void count_passage(Tx& tx, std::int64_t day, const std::string& state, std::int64_t came, std::int64_t gone) {
    if (storage::change(tx, "UPDATE state_days SET came = came + :came, gone = gone + :gone WHERE day = :day AND state = :state",
                        came, gone, day, state) == 0)
        storage::change(tx, "INSERT INTO state_days (day, state, came, gone) VALUES (:day, :state, :came, :gone)", day, state,
                        came, gone);
}

void record(Tx& tx, const std::string& no, const std::string& from, State to, const std::string& actor) {
    const std::string to_name = name_of(to);
    count_passage(tx, day_number(tx.now), to_name, 1, 0);
    if (!from.empty()) count_passage(tx, day_number(tx.now), from, 0, 1);
    storage::change(tx,
                    "INSERT INTO state_changes (order_no, from_state, to_state, at, actor) VALUES (:no, :from, :to, :at, :actor)",
                    no, from, to_name, tx.now.ms, actor);
}

void insert_submission(Tx& tx, const std::string& no, const Submission& s) {
    storage::change(tx,
                    "INSERT INTO submissions (order_no, revision, package_sha256, package_name, package_bytes, submitted_at) "
                    "VALUES (:no, :revision, :sha, :name, :bytes, :at)",
                    no, s.revision, s.package_sha256, s.package_name, s.package_bytes, s.submitted_at.ms);
}

Result<> insert_payment(Tx& tx, const Payment& payment) {
    const auto there = storage::one<std::int64_t>(tx, "SELECT total FROM payments WHERE no = :no", -1, payment.no);
    if (there >= 0) {
        if (there == payment.total.value) return {};
        return fail(ErrorKind::corrupt,
                    trf("支付 {} 的金额前后不一致：{} 与 {}", payment.no, yuan(Fen{there}), yuan(payment.total)));
    }
    const std::string channel = name_of(payment.channel);
    storage::change(tx,
                    "INSERT INTO payments (no, channel, trade_no, freight, handling_fee, total, orders, paid_at) "
                    "VALUES (:no, :channel, :trade, :freight, :fee, :total, :orders, :at)",
                    payment.no, channel, payment.trade_no, payment.freight.value, payment.handling_fee.value, payment.total.value,
                    payment.orders, payment.paid_at.ms);
    return {};
}

// % and _ of what a person typed stand for themselves.
std::string like(const std::string& text) {
    std::string pattern = "%";
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '\\') pattern += '\\';
        pattern += c;
    }
    return pattern + "%";
}

// What state_days keeps against the history itself.
int recount_days(Tx& tx) {
    using Passages = std::pair<std::int64_t, std::int64_t>;  // came, gone
    std::map<std::pair<std::int64_t, std::string>, Passages> real, kept;
    std::int64_t day = 0, came = 0, gone = 0;
    std::string state;
    const auto count_by = [&](const std::string& column, std::int64_t Passages::*side) {
        storage::for_each_row(tx,
                              "SELECT (at + 28800000) / 86400000, " + column + ", COUNT(*) FROM state_changes WHERE " + column +
                                  " <> '' GROUP BY 1, 2",
                              std::tie(day, state, came), [&] {
                                  real[{day, state}].*side = came;
                              });
    };
    count_by("to_state", &Passages::first);
    count_by("from_state", &Passages::second);
    storage::for_each_row(tx, "SELECT day, state, came, gone FROM state_days", std::tie(day, state, came, gone), [&] {
        kept[{day, state}] = {came, gone};
        real.try_emplace({day, state});
    });
    int mended = 0;
    for (const auto& [where, passages] : real) {
        const Passages& old = kept[where];
        if (old == passages) continue;
        ++mended;
        count_passage(tx, where.first, where.second, passages.first - old.first, passages.second - old.second);
    }
    return mended;
}

search::Facts facts_of(const Order& order) {
    using search::Kind;
    return {order.no,
            {order.subject.name, order.subject.enterprise, order.subject.handler},
            {{Kind::order, order.no},
             {Kind::payment, order.payment.no},
             {Kind::document, order.subject.document_number},
             {Kind::mobile, order.subject.mobile},
             {Kind::mobile, order.delivery.mobile}}};
}

Result<> version_conflict(const std::string& no) {
    return fail(ErrorKind::conflict, trf("订单 {} 刚被别人处理过，请看最新内容后再决定", no));
}

}  // namespace

namespace {

// Numbers of the orders that the index finds, as one text for IN. A list of one state is short enough to be looked
// through; all orders are not.
constexpr int kFound = 100;
Result<std::string> found_by(Tx& tx, const std::string& text) {
    SEALDESK_LET(hits, search::find(tx, text, kFound));
    std::set<std::string> numbers;
    for (auto& hit : hits) numbers.insert(std::move(hit.order_no));
    if (tx.engine == storage::Engine::sqlite) return nlohmann::json(numbers).dump();
    std::string list;
    for (const auto& no : numbers) list += (list.empty() ? "" : " ") + no;
    return list;
}

}  // namespace

Result<std::vector<Row>> page(Database& database, const Filter& filter, const std::optional<Key>& after, int limit) {
    return database.read([&](Tx& tx) -> Result<std::vector<Row>> {
        const std::string state = filter.state ? name_of(*filter.state) : "", text = trimmed(filter.text);
        std::string pattern = like(text), matches =
                                              "(o.no || ' ' || o.subject_name || ' ' || o.document_number || ' ' || o.mobile || "
                                              "' ' || o.payment_no) LIKE :text "
                                              "ESCAPE '\\'";
        if (text.empty()) matches = ":text <> ''";
        if (!filter.state && code_points(text).size() > 1) {
            SEALDESK_LET(found, found_by(tx, text));
            pattern = std::move(found);
            matches = tx.engine == storage::Engine::sqlite ? "o.no IN (SELECT value FROM json_each(:text))"
                                                           : "o.no = ANY (string_to_array(:text, ' '))";
        }
        constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
        const Key key = after.value_or(filter.newest_first ? Key{Instant{kNever}, ""} : Key{Instant{-1}, ""});
        const std::string only_kind = filter.kind ? name_of(*filter.kind) : "";
        const std::int64_t before = filter.waiting_before ? filter.waiting_before->ms : kNever;
        std::string statement =
            "SELECT o.no, o.kind, o.cause, o.subject_kind, o.role, o.subject_name, o.years, o.quantity, o.revision, "
            "o.amount_certificate + o.amount_key, o.payment_no, p.orders, o.state, o.waiting_since, o.claimed_by, " +
            staff::person_in("o.claimed_by") +
            ", o.claimed_until "
            "FROM orders o JOIN payments p ON p.no = o.payment_no WHERE ";
        statement += filter.state ? "o.state = :state" : ":state = ''";
        statement +=
            filter.newest_first ? " AND (o.waiting_since, o.no) < (:since, :no)" : " AND (o.waiting_since, o.no) > (:since, :no)";
        statement += filter.claimed_by.empty() ? " AND :claimed = ''" : " AND o.claimed_by = :claimed AND o.claimed_until > 0";
        statement += " AND " + matches;
        statement += filter.kind ? " AND o.kind = :kind" : " AND :kind = ''";
        statement += " AND o.waiting_since <= :before";
        if (filter.resubmitted) statement += " AND o.revision > 1";
        statement += filter.newest_first ? " ORDER BY o.waiting_since DESC, o.no DESC LIMIT :most"
                                         : " ORDER BY o.waiting_since, o.no LIMIT :most";
        std::vector<Row> list;
        Row row;
        std::string kind, cause, subject_kind, role, row_state;
        storage::for_each_row(
            tx, statement,
            std::tie(row.no, kind, cause, subject_kind, role, row.subject_name, row.years, row.quantity, row.revision,
                     row.amount.value, row.payment_no, row.paid_together, row_state, row.waiting_since.ms, row.claimed_by,
                     row.claimer, row.claimed_until.ms),
            [&] {
                row.kind = known<OrderKind>(kind);
                row.cause = known<ReplacementCause>(cause);
                row.subject_kind = known<SubjectKind>(subject_kind);
                row.role = known<PersonRole>(role);
                row.state = known<State>(row_state);
                list.push_back(row);
            },
            state, key.waiting_since.ms, key.no, filter.claimed_by, pattern, only_kind, before, limit);
        return list;
    });
}

std::int64_t day_number(Instant at) { return (at.ms + 8 * kHour) / kDay; }

Result<Counts> counts(Database& database) {
    return database.read([](Tx& tx) -> Result<Counts> {
        Counts all{};
        std::string state;
        std::int64_t number = 0;
        storage::for_each_row(tx, "SELECT state, orders FROM state_counts", std::tie(state, number),
                              [&] { all[static_cast<size_t>(known<State>(state))] = number; });
        return all;
    });
}

Result<int> recount(Database& database) {
    return database.write([](Tx& tx) -> Result<int> {
        int mended = 0;
        for (const State state : kStates) {
            const std::string name = name_of(state);
            const auto real = storage::one<std::int64_t>(tx, "SELECT COUNT(*) FROM orders WHERE state = :state", 0, name);
            const auto kept = storage::one<std::int64_t>(tx, "SELECT orders FROM state_counts WHERE state = :state", 0, name);
            if (real == kept) continue;
            ++mended;
            count(tx, state, static_cast<int>(real - kept));
        }
        return mended + recount_days(tx);
    });
}

Result<DeskOrder> load(Database& database, const std::string& no) {
    return database.read([&](Tx& tx) { return load(tx, no); });
}

Result<Approval> approval_of(Tx& tx, const std::string& no) {
    std::string state, by;
    storage::for_each_row(
        tx, "SELECT state, approved_by FROM orders WHERE no = :no", std::tie(state, by), [] {}, no);
    if (state.empty()) return refused(trf("没有订单 {}", no));
    return Approval{known<State>(state), by};
}

Result<DeskOrder> load(Tx& tx, const std::string& no) {
    DeskOrder desk;
    Order& o = desk.order;
    std::string kind, cause, subject_kind, document_kind, role, channel, title_kind, method, state;
    storage::for_each_row(
        tx,
        "SELECT o.no, o.kind, o.cause, o.replaced_certificate, o.subject_kind, o.subject_name, o.document_kind, "
        "o.document_number, "
        "o.role, o.enterprise, o.handler, o.mobile, o.years, o.quantity, o.amount_certificate, o.amount_key, o.title_kind, "
        "o.title_name, o.title_tax_number, o.delivery_method, o.recipient, o.recipient_mobile, o.address, o.state, o.revision, "
        "o.waiting_since, o.approved_by, o.claimed_by, o.claimed_until, o.row_version, p.no, p.channel, p.trade_no, p.freight, "
        "p.handling_fee, p.total, p.orders, p.paid_at FROM orders o JOIN payments p ON p.no = o.payment_no WHERE o.no = :no",
        std::tie(o.no, kind, cause, o.replaced_certificate, subject_kind, o.subject.name, document_kind,
                 o.subject.document_number, role, o.subject.enterprise, o.subject.handler, o.subject.mobile, o.years, o.quantity,
                 o.amounts.certificate.value, o.amounts.key.value, title_kind, o.invoice_title.name, o.invoice_title.tax_number,
                 method, o.delivery.recipient, o.delivery.mobile, o.delivery.address, state, desk.revision, desk.waiting_since.ms,
                 desk.approved_by, desk.claimed_by, desk.claimed_until.ms, desk.row_version, o.payment.no, channel,
                 o.payment.trade_no, o.payment.freight.value, o.payment.handling_fee.value, o.payment.total.value,
                 o.payment.orders, o.payment.paid_at.ms),
        [] {}, no);
    if (o.no.empty()) return refused(trf("没有订单 {}", no));
    o.kind = known<OrderKind>(kind);
    o.cause = known<ReplacementCause>(cause);
    o.subject.kind = known<SubjectKind>(subject_kind);
    o.subject.document_kind = known<DocumentKind>(document_kind);
    o.subject.role = known<PersonRole>(role);
    o.payment.channel = known<Channel>(channel);
    o.invoice_title.kind = known<SubjectKind>(title_kind);
    o.delivery.method = known<DeliveryMethod>(method);
    desk.state = known<State>(state);
    Submission s;
    storage::for_each_row(
        tx,
        "SELECT revision, package_sha256, package_name, package_bytes, submitted_at FROM submissions WHERE order_no = :no "
        "ORDER BY revision",
        std::tie(s.revision, s.package_sha256, s.package_name, s.package_bytes, s.submitted_at.ms),
        [&] { o.submissions.push_back(s); }, no);
    return desk;
}

Result<std::vector<std::string>> of_payment(Tx& tx, const std::string& payment_no) {
    std::vector<std::string> list;
    std::string no;
    storage::for_each_row(
        tx, "SELECT no FROM orders WHERE payment_no = :payment ORDER BY no", std::tie(no), [&] { list.push_back(no); },
        payment_no);
    return list;
}

Result<> insert(Tx& tx, const Order& order) {
    SEALDESK_TRY(check_form(order));
    SEALDESK_TRY(insert_payment(tx, order.payment));
    const std::string kind = name_of(order.kind), cause = name_of(order.cause), subject_kind = name_of(order.subject.kind),
                      document_kind = name_of(order.subject.document_kind), role = name_of(order.subject.role),
                      title_kind = name_of(order.invoice_title.kind), method = name_of(order.delivery.method);
    const int revision = order.current().revision;
    storage::change(
        tx,
        "INSERT INTO orders (no, kind, cause, replaced_certificate, subject_kind, subject_name, document_kind, document_number, "
        "role, "
        "enterprise, handler, mobile, years, quantity, amount_certificate, amount_key, payment_no, title_kind, title_name, "
        "title_tax_number, delivery_method, recipient, recipient_mobile, address, state, revision, waiting_since) VALUES (:no, "
        ":kind, "
        ":cause, :replaced, :subject_kind, :name, :document_kind, :document, :role, :enterprise, :handler, :mobile, :years, "
        ":quantity, "
        ":certificate, :key, :payment, :title_kind, :title, :tax_number, :method, :recipient, :recipient_mobile, :address, "
        "'paid', "
        ":revision, :since)",
        order.no, kind, cause, order.replaced_certificate, subject_kind, order.subject.name, document_kind,
        order.subject.document_number, role, order.subject.enterprise, order.subject.handler, order.subject.mobile, order.years,
        order.quantity, order.amounts.certificate.value, order.amounts.key.value, order.payment.no, title_kind,
        order.invoice_title.name, order.invoice_title.tax_number, method, order.delivery.recipient, order.delivery.mobile,
        order.delivery.address, revision, order.payment.paid_at.ms);
    for (const auto& submission : order.submissions) insert_submission(tx, order.no, submission);
    search::put(tx, facts_of(order));
    count(tx, State::paid, 1);
    record(tx, order.no, "", State::paid, "portal");
    return {};
}

Result<> move(Tx& tx, DeskOrder& order, State to, const std::string& actor) {
    SEALDESK_TRY(check_transition(order.state, to));
    const std::string to_name = name_of(to);
    if (storage::change(tx,
                        "UPDATE orders SET state = :state, waiting_since = :now, claimed_by = '', claimed_until = 0, "
                        "row_version = row_version + 1 WHERE no = :no AND row_version = :version",
                        to_name, tx.now.ms, order.order.no, order.row_version) != 1)
        return version_conflict(order.order.no);
    count(tx, order.state, -1);
    count(tx, to, 1);
    record(tx, order.order.no, name_of(order.state), to, actor);
    // A payment that was given back as a whole gets no invoice any more.
    if (to == State::refunded)
        storage::change(tx,
                        "UPDATE payments SET settled = 1 WHERE no = :no AND orders = (SELECT COUNT(*) FROM orders o WHERE "
                        "o.payment_no = payments.no AND o.state = 'refunded')",
                        order.order.payment.no);
    order.state = to;
    order.waiting_since = tx.now;
    order.claimed_by.clear();
    order.claimed_until = {};
    ++order.row_version;
    return {};
}

Result<> update_form(Tx& tx, DeskOrder& order, const Order& corrected) {
    SEALDESK_TRY(check_form(corrected));
    const std::string cause = name_of(corrected.cause), subject_kind = name_of(corrected.subject.kind),
                      document_kind = name_of(corrected.subject.document_kind), role = name_of(corrected.subject.role),
                      title_kind = name_of(corrected.invoice_title.kind), method = name_of(corrected.delivery.method);
    const int revision = corrected.current().revision;
    if (storage::change(
            tx,
            "UPDATE orders SET cause = :cause, replaced_certificate = :replaced, subject_kind = :subject_kind, subject_name = "
            ":name, document_kind = :document_kind, "
            "document_number = :document, role = :role, enterprise = :enterprise, handler = :handler, mobile = :mobile, "
            "title_kind = :title_kind, title_name = :title, title_tax_number = :tax_number, delivery_method = :method, "
            "recipient = :recipient, recipient_mobile = :recipient_mobile, address = :address, revision = :revision, "
            "row_version = row_version + 1 WHERE no = :no AND row_version = :version",
            cause, corrected.replaced_certificate, subject_kind, corrected.subject.name, document_kind,
            corrected.subject.document_number, role, corrected.subject.enterprise, corrected.subject.handler,
            corrected.subject.mobile, title_kind, corrected.invoice_title.name, corrected.invoice_title.tax_number, method,
            corrected.delivery.recipient, corrected.delivery.mobile, corrected.delivery.address, revision, order.order.no,
            order.row_version) != 1)
        return version_conflict(order.order.no);
    for (const auto& submission : corrected.submissions)
        if (submission.revision > order.revision) insert_submission(tx, order.order.no, submission);
    SEALDESK_LET(again, load(tx, order.order.no));
    search::put(tx, facts_of(again.order), facts_of(order.order));
    order = std::move(again);
    return {};
}

void set_claim(Tx& tx, DeskOrder& order, const std::string& login, Instant until) {
    storage::change(tx, "UPDATE orders SET claimed_by = :login, claimed_until = :until WHERE no = :no", login, until.ms,
                    order.order.no);
    order.claimed_by = login;
    order.claimed_until = until;
}

void set_waiting_since(Tx& tx, DeskOrder& order, Instant since) {
    storage::change(tx, "UPDATE orders SET waiting_since = :since WHERE no = :no", since.ms, order.order.no);
    order.waiting_since = since;
}

void set_approved_by(Tx& tx, DeskOrder& order, const std::string& login) {
    storage::change(tx, "UPDATE orders SET approved_by = :login WHERE no = :no", login, order.order.no);
    order.approved_by = login;
}

void set_replaced_certificate(Tx& tx, DeskOrder& order, const std::string& serial) {
    storage::change(tx, "UPDATE orders SET replaced_certificate = :serial WHERE no = :no", serial, order.order.no);
    order.order.replaced_certificate = serial;
}

Result<std::vector<Passage>> history(Database& database, const std::string& no) {
    return database.read([&](Tx& tx) -> Result<std::vector<Passage>> {
        std::vector<Passage> list;
        Passage p;
        storage::for_each_row(
            tx, "SELECT from_state, to_state, actor, at FROM state_changes WHERE order_no = :no ORDER BY id",
            std::tie(p.from, p.to, p.actor, p.at.ms), [&] { list.push_back(p); }, no);
        return list;
    });
}

}  // namespace sealdesk::orders
