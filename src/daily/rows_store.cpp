// The rows behind each number of the report: the same conditions, without the counting.
#include "base/translate.h"
#include "daily/daily.h"
#include "daily/period.h"
#include "staff/staff.h"
#include "storage/rows.h"

namespace sealdesk::daily {

using storage::Database;
using storage::Tx;

namespace {

// Runs a statement that gives order, subject, detail, time, amount, duration.
template <class... Uses>
std::vector<Row> select(Tx& tx, const std::string& text, const Uses&... uses) {
    std::vector<Row> list;
    Row row;
    storage::for_each_row(
        tx, text, std::tie(row.order_no, row.subject, row.detail, row.at.ms, row.amount.value, row.duration_ms),
        [&] { list.push_back(row); }, uses...);
    return list;
}

// Orders that stood in a state at a moment, with when they came into it: those that left it later and those that are
// still there without any passage since. The history before the moment is only looked at order by order.
std::vector<Row> standing(Tx& tx, const std::string& state, std::int64_t moment) {
    return select(
        tx,
        "SELECT o.no, o.subject_name, c.from_state, c.at, o.amount_certificate + o.amount_key, 0 FROM state_changes c "
        "JOIN orders o ON o.no = c.order_no WHERE c.to_state = :state AND c.id = (SELECT MAX(b.id) FROM state_changes b "
        "WHERE b.order_no = c.order_no AND b.at < :moment) AND c.order_no IN (SELECT l.order_no FROM state_changes l "
        "WHERE l.at >= :later AND l.from_state = :left UNION SELECT s.no FROM orders s WHERE s.state = :there AND NOT "
        "EXISTS (SELECT 1 FROM state_changes a WHERE a.order_no = s.no AND a.at >= :since)) ORDER BY c.at, c.id",
        state, moment, moment, state, state, moment);
}

std::vector<Row> passing(Tx& tx, const Period& day, const char* column, const char* other, const std::string& state) {
    return select(tx,
                  std::string("SELECT o.no, o.subject_name, c.") + other +
                      ", c.at, o.amount_certificate + o.amount_key, 0 FROM state_changes c JOIN orders o ON o.no = c.order_no "
                      "WHERE c." +
                      column + " = :state AND c.at >= :from AND c.at < :until ORDER BY c.at, c.id",
                  state, day.from, day.until);
}

std::vector<Row> turnaround(Tx& tx, const Period& day, const std::string& state) {
    return select(
        tx,
        "SELECT o.no, o.subject_name, o.payment_no, MAX(c.at), o.amount_certificate + o.amount_key, MAX(c.at) - "
        "p.paid_at FROM state_changes c JOIN orders o ON o.no = c.order_no JOIN payments p ON p.no = o.payment_no WHERE "
        "c.to_state = :state AND c.at >= :from AND c.at < :until GROUP BY o.no, o.subject_name, o.payment_no, "
        "o.amount_certificate, o.amount_key, p.paid_at ORDER BY MAX(c.at), o.no",
        state, day.from, day.until);
}

std::vector<Row> rejections(Tx& tx, const Period& day, const std::string& code) {
    if (code.empty())
        return select(tx,
                      "SELECT o.no, o.subject_name, " + staff::person_in("d.staff") +
                          ", d.at, o.amount_certificate + o.amount_key, 0 FROM decisions d JOIN orders o ON o.no = d.order_no "
                          "WHERE d.verdict = 'rejected' AND d.undone = 0 AND d.at >= :from AND d.at < "
                          ":until ORDER BY d.at, d.id",
                      day.from, day.until);
    return select(
        tx,
        "SELECT o.no, o.subject_name, r.text, d.at, o.amount_certificate + o.amount_key, 0 FROM decision_reasons r JOIN "
        "decisions d ON d.id = r.decision_id JOIN orders o ON o.no = d.order_no WHERE r.code = :code AND d.verdict = "
        "'rejected' AND d.undone = 0 AND d.at >= :from AND d.at < :until ORDER BY d.at, d.id",
        code, day.from, day.until);
}

std::vector<Row> certificates(Tx& tx, const Period& day, const std::string& time) {
    return select(tx,
                  "SELECT c.order_no, c.subject_name, c.key_serial || ' ' || c.serial, c." + time +
                      ", 0, 0 FROM certificates c WHERE c." + time + " > 0 AND c." + time + " >= :from AND c." + time +
                      " < :until ORDER BY c." + time + ", c.serial",
                  day.from, day.until);
}

// A payment is shown under its first order. `amount` is a column of payments.
std::vector<Row> payments(Tx& tx, const Period& day, const std::string& channel, const std::string& amount) {
    return select(
        tx,
        "SELECT COALESCE(o.no, ''), COALESCE(o.subject_name, ''), p.no, p.paid_at, p." + amount +
            ", 0 FROM payments p LEFT JOIN orders o ON o.no = (SELECT MIN(f.no) FROM orders f WHERE f.payment_no = p.no) "
            "WHERE (:any = '' OR p.channel = :channel) AND p.paid_at >= :from AND p.paid_at < :until ORDER BY p.paid_at, "
            "p.no",
        channel, channel, day.from, day.until);
}

std::vector<Row> sold(Tx& tx, const Period& day, const std::string& channel, const std::string& amount) {
    return select(tx,
                  "SELECT o.no, o.subject_name, p.no, p.paid_at, o." + amount +
                      ", 0 FROM orders o JOIN payments p ON p.no = o.payment_no WHERE (:any = '' OR p.channel = :channel) AND "
                      "p.paid_at >= :from AND p.paid_at < :until ORDER BY p.paid_at, o.no",
                  channel, channel, day.from, day.until);
}

std::vector<Row> refunds(Tx& tx, const Period& day, const std::string& channel) {
    return select(tx,
                  "SELECT o.no, o.subject_name, p.no, r.at, r.amount, 0 FROM refunds r JOIN orders o ON o.no = r.order_no JOIN "
                  "payments p ON p.no = o.payment_no WHERE (:any = '' OR p.channel = :channel) AND r.at >= :from AND r.at < "
                  ":until ORDER BY r.at, o.no",
                  channel, channel, day.from, day.until);
}

std::vector<Row> invoices(Tx& tx, const Period& day) {
    return select(tx,
                  "SELECT o.no, i.title_name, i.number, i.issued_at, i.total, 0 FROM invoices i JOIN orders o ON o.no = (SELECT "
                  "MIN(f.no) FROM orders f WHERE f.payment_no = i.payment_no) WHERE i.state <> 'voided' AND i.issued_at >= :from "
                  "AND i.issued_at < :until "
                  "ORDER BY i.number",
                  day.from, day.until);
}

}  // namespace

Result<std::vector<Row>> rows(Database& database, const staff::Actor& actor, Day day, const Figure& figure) {
    SEALDESK_TRY(staff::require(actor, staff::Role::supervisor));
    return database.read([&](Tx& tx) -> Result<std::vector<Row>> {
        using Kind = Figure::Kind;
        const Period period = period_of(day);
        const std::string state = name_of(figure.state), channel = figure.channel ? name_of(*figure.channel) : "";
        switch (figure.kind) {
            case Kind::start: return standing(tx, state, period.from);
            case Kind::end: return standing(tx, state, period.until);
            case Kind::in: return passing(tx, period, "to_state", "from_state", state);
            case Kind::out: return passing(tx, period, "from_state", "to_state", state);
            case Kind::turnaround: return turnaround(tx, period, state);
            case Kind::rejections: return rejections(tx, period, figure.code);
            case Kind::keys_written: return certificates(tx, period, "created_at");
            case Kind::certificates_revoked: return certificates(tx, period, "revoked_at");
            case Kind::payments: return payments(tx, period, channel, "total");
            case Kind::certificate: return sold(tx, period, channel, "amount_certificate");
            case Kind::key: return sold(tx, period, channel, "amount_key");
            case Kind::freight: return payments(tx, period, channel, "freight");
            case Kind::handling_fee: return payments(tx, period, channel, "handling_fee");
            case Kind::refunds: return refunds(tx, period, channel);
            case Kind::invoices: return invoices(tx, period);
        }
        return refused(tr("没有这个数字"));
    });
}

}  // namespace sealdesk::daily
