#include <algorithm>
#include <map>

#include "base/translate.h"
#include "daily/daily.h"
#include "daily/period.h"
#include "orders/orders.h"
#include "storage/rows.h"

namespace sealdesk::daily {

using orders::Channel;
using orders::State;
using storage::Database;
using storage::Tx;

std::int64_t percentile(const std::vector<std::int64_t>& sorted, int percent) {
    if (sorted.empty()) return 0;
    const size_t rank = (sorted.size() * static_cast<size_t>(percent) + 99) / 100;
    return sorted[std::max<size_t>(rank, 1) - 1];
}

namespace {

constexpr std::array<State, 7> kStates{State::paid,   State::rejected,  State::approved, State::issued,
                                       State::packed, State::completed, State::refunded};
constexpr std::array<State, 3> kReached{State::approved, State::issued, State::completed};
constexpr std::array<Channel, 2> kChannels{Channel::alipay, Channel::cpcn};

// name -> number, for statements that give "name, COUNT(*)".
template <class... Uses>
std::map<std::string, std::int64_t> counted(Tx& tx, const std::string& text, const Uses&... uses) {
    std::map<std::string, std::int64_t> found;
    std::string name;
    std::int64_t number = 0;
    storage::for_each_row(
        tx, text, std::tie(name, number), [&] { found[name] += number; }, uses...);
    return found;
}

// From two sides: the start sums all passages before the day, the end takes the orders as they stand now and
// undoes the passages after the day. They meet only when the history and the orders say the same. The other days'
// passages are kept counters, which orders::recount() holds against the history itself.
void fill_flows(Tx& tx, const Period& day, Report& report) {
    const auto passages = [&](const char* column, const char* condition, const auto&... uses) {
        const std::string name(column);
        return counted(tx, "SELECT " + name + ", COUNT(*) FROM state_changes WHERE " + condition + " GROUP BY " + name, uses...);
    };
    const auto kept = [&](const char* column, const char* condition) {
        return counted(tx,
                       std::string("SELECT state, CAST(SUM(") + column + ") AS BIGINT) FROM state_days WHERE " + condition +
                           " GROUP BY state",
                       orders::day_number({day.from}));
    };
    auto came_before = kept("came", "day < :day"), left_before = kept("gone", "day < :day");
    auto in = passages("to_state", "at >= :from AND at < :until", day.from, day.until);
    auto out = passages("from_state", "at >= :from AND at < :until", day.from, day.until);
    auto came_after = kept("came", "day > :day"), left_after = kept("gone", "day > :day");
    auto now = counted(tx, "SELECT state, COUNT(*) FROM orders GROUP BY state");
    for (size_t i = 0; i < kStates.size(); ++i) {
        const std::string name = name_of(kStates[i]);
        Flow& flow = report.flows[i];
        flow = {kStates[i], came_before[name] - left_before[name], in[name], out[name],
                now[name] - came_after[name] + left_after[name]};
        if (flow.start + flow.in - flow.out != flow.end)
            report.faults.push_back(trf("“{}”的订单数不平：日初 {}，转入 {}，转出 {}，日终 {}", word_of(flow.state), flow.start,
                                        flow.in, flow.out, flow.end));
    }
}

void fill_turnarounds(Tx& tx, const Period& day, Report& report) {
    for (size_t i = 0; i < kReached.size(); ++i) {
        const std::string state = name_of(kReached[i]);
        std::vector<std::int64_t> times;
        std::int64_t ms = 0;
        storage::for_each_row(
            tx,
            "SELECT MAX(c.at) - p.paid_at FROM state_changes c JOIN orders o ON o.no = c.order_no JOIN payments p ON p.no = "
            "o.payment_no WHERE c.to_state = :state AND c.at >= :from AND c.at < :until GROUP BY c.order_no, p.paid_at",
            std::tie(ms), [&] { times.push_back(ms); }, state, day.from, day.until);
        std::sort(times.begin(), times.end());
        report.turnarounds[i] = {kReached[i], static_cast<std::int64_t>(times.size()), percentile(times, 50),
                                 percentile(times, 90)};
    }
}

void fill_rejections(Tx& tx, const Period& day, Report& report) {
    report.rejected = storage::one<std::int64_t>(
        tx, "SELECT COUNT(*) FROM decisions WHERE verdict = 'rejected' AND undone = 0 AND at >= :from AND at < :until", 0,
        day.from, day.until);
    Rejections found;
    // A reason's text may be typed anew each time; the code counts and one of the texts is shown.
    storage::for_each_row(
        tx,
        "SELECT r.code, MIN(r.text), COUNT(*) FROM decision_reasons r JOIN decisions d ON d.id = r.decision_id "
        "WHERE d.verdict = 'rejected' AND d.undone = 0 AND d.at >= :from AND d.at < :until "
        "GROUP BY r.code ORDER BY COUNT(*) DESC, r.code",
        std::tie(found.code, found.text, found.count), [&] { report.rejections.push_back(found); }, day.from, day.until);
}

void fill_takings(Tx& tx, const Period& day, Report& report) {
    for (size_t i = 0; i < kChannels.size(); ++i) {
        Takings& takings = report.takings[i];
        takings.channel = kChannels[i];
        const std::string channel = name_of(kChannels[i]);
        storage::for_each_row(
            tx,
            "SELECT COUNT(*), CAST(COALESCE(SUM(total), 0) AS BIGINT), CAST(COALESCE(SUM(freight), 0) AS BIGINT), "
            "CAST(COALESCE(SUM(handling_fee), 0) AS BIGINT) FROM payments WHERE channel = :channel AND paid_at >= :from AND "
            "paid_at < :until",
            std::tie(takings.payments, takings.gross.value, takings.freight.value, takings.handling_fee.value), [] {}, channel,
            day.from, day.until);
        storage::for_each_row(
            tx,
            "SELECT CAST(COALESCE(SUM(o.amount_certificate), 0) AS BIGINT), CAST(COALESCE(SUM(o.amount_key), 0) AS BIGINT) "
            "FROM orders o JOIN payments p ON p.no = o.payment_no WHERE p.channel = :channel AND p.paid_at >= :from AND "
            "p.paid_at < :until",
            std::tie(takings.certificate.value, takings.key.value), [] {}, channel, day.from, day.until);
        storage::for_each_row(
            tx,
            "SELECT COUNT(*), CAST(COALESCE(SUM(r.amount), 0) AS BIGINT) FROM refunds r JOIN orders o ON o.no = r.order_no JOIN "
            "payments p ON p.no = o.payment_no WHERE p.channel = :channel AND r.at >= :from AND r.at < :until",
            std::tie(takings.refunds, takings.refunded.value), [] {}, channel, day.from, day.until);
        const Fen parts = takings.certificate + takings.key + takings.freight + takings.handling_fee;
        if (parts != takings.gross)
            report.faults.push_back(trf("{}收款 {} 与明细合计 {} 不符，可能有订单还没有同步", word_of(takings.channel),
                                        yuan(takings.gross), yuan(parts)));
    }
}

void fill_documents(Tx& tx, const Period& day, Report& report) {
    report.keys_written = storage::one<std::int64_t>(
        tx, "SELECT COUNT(*) FROM certificates WHERE created_at >= :from AND created_at < :until", 0, day.from, day.until);
    report.certificates_revoked =
        storage::one<std::int64_t>(tx,
                                   "SELECT COUNT(*) FROM certificates WHERE revoked_at > 0 AND revoked_at >= :from AND "
                                   "revoked_at < :until",
                                   0, day.from, day.until);
    storage::for_each_row(
        tx,
        "SELECT COUNT(*), CAST(COALESCE(SUM(total), 0) AS BIGINT), CAST(COALESCE(SUM(tax), 0) AS BIGINT) FROM invoices WHERE "
        "state <> 'voided' AND issued_at >= :from AND issued_at < :until",
        std::tie(report.invoices, report.invoiced.value, report.invoiced_tax.value), [] {}, day.from, day.until);
}

}  // namespace

Result<Report> report(Database& database, const staff::Actor& actor, Day day) {
    SEALDESK_TRY(staff::require(actor, staff::Role::supervisor));
    return database.read([&](Tx& tx) -> Result<Report> {
        const Period period = period_of(day);
        if (period.from > tx.now.ms) return refused(trf("{} 还没有到，没有日报", text_of(day)));
        Report report;
        report.day = day;
        report.made_at = tx.now;
        report.closed = period.until <= tx.now.ms;
        fill_flows(tx, period, report);
        fill_turnarounds(tx, period, report);
        fill_rejections(tx, period, report);
        fill_takings(tx, period, report);
        fill_documents(tx, period, report);
        report.audit_head = std::string(64, '0');  // of an empty log
        storage::for_each_row(tx, "SELECT hash FROM audit ORDER BY seq DESC LIMIT 1", std::tie(report.audit_head), [] {});
        return report;
    });
}

}  // namespace sealdesk::daily
