// Who has which order: claims are leases that end by themselves.
#include "audit/audit.h"
#include "base/translate.h"
#include "review/review.h"
#include "storage/rows.h"

namespace sealdesk::review {

using orders::DeskOrder;
using orders::State;
using staff::Actor;
using staff::Role;
using storage::Database;
using storage::Tx;

namespace {

constexpr std::int64_t kAtWork = kHour;  // since the last claim, renewal or decision

void note_at_work(Tx& tx, const Actor& actor) {
    storage::change(tx,
                    "INSERT INTO reviewers_at_work (login, seen_at) VALUES (:login, :at) "
                    "ON CONFLICT (login) DO UPDATE SET seen_at = excluded.seen_at",
                    actor.login, tx.now.ms);
}

// The order goes to the actor; who had it before is told.
void give_to(Tx& tx, DeskOrder& order, const Actor& actor, const Rules& rules) {
    const std::string& no = order.order.no;
    const std::string before = order.claimed_by;
    if (before != actor.login) audit::append(tx, actor.login, before.empty() ? "review.claim" : "review.take_over", no);
    if (!before.empty() && before != actor.login)
        storage::change(tx, "INSERT INTO lost_claims (login, order_no, taken_by, at) VALUES (:login, :no, :by, :at)", before, no,
                        actor.login, tx.now.ms);
    orders::set_claim(tx, order, actor.login, tx.now + rules.lease_ms);
    note_at_work(tx, actor);
}

// Who sent the order back last.
constexpr const char* kSentBackBy =
    "(SELECT d.staff FROM decisions d WHERE d.order_no = o.no AND d.undone = 0 AND d.verdict = 'rejected' "
    "ORDER BY d.id DESC LIMIT 1)";

}  // namespace

Result<std::optional<std::string>> claim_next(Database& database, const Actor& actor, const Rules& rules) {
    SEALDESK_TRY(staff::require(actor, Role::reviewer));
    return database.write([&](Tx& tx) -> Result<std::optional<std::string>> {
        const std::int64_t now = tx.now.ms;
        const Instant kept = rules.working ? rules.working->before(tx.now, rules.return_ms) : tx.now + -rules.return_ms;
        // First what was paid together with an order in the same hands and what comes back to them, then the oldest.
        const auto no = storage::one<std::string>(
            tx,
            std::string("SELECT o.no FROM orders o WHERE o.state = 'paid' AND (o.claimed_by = '' OR o.claimed_until <= :now) "
                        "AND (o.claimed_by <> :me OR o.claimed_until <= :now2) "
                        "AND NOT (o.revision > 1 AND o.waiting_since > :kept AND EXISTS (SELECT 1 FROM reviewers_at_work w "
                        "WHERE w.login = ") +
                kSentBackBy +
                " AND w.login <> :me2 AND w.seen_at > :seen AND NOT EXISTS "
                "(SELECT 1 FROM staff s WHERE s.login = w.login AND (s.active = 0 OR s.locked_until > :now3)))) "
                "ORDER BY CASE WHEN EXISTS (SELECT 1 FROM orders mine WHERE mine.payment_no = o.payment_no AND mine.no <> o.no "
                "AND ((mine.state = 'paid' AND mine.claimed_by = :me3) OR mine.approved_by = :me4)) THEN 0 "
                "WHEN o.revision > 1 AND " +
                kSentBackBy + " = :me5 THEN 0 ELSE 1 END, o.waiting_since, o.no LIMIT 1",
            "", now, actor.login, now, kept.ms, actor.login, now - kAtWork, now, actor.login, actor.login, actor.login);
        if (no.empty()) return std::nullopt;
        SEALDESK_LET(order, orders::load(tx, no));
        give_to(tx, order, actor, rules);
        return no;
    });
}

Result<DeskOrder> claim(Database& database, const Actor& actor, const Rules& rules, const std::string& no) {
    SEALDESK_TRY(staff::require(actor, Role::reviewer));
    return database.write([&](Tx& tx) -> Result<DeskOrder> {
        SEALDESK_LET(order, orders::load(tx, no));
        if (order.state != State::paid)
            return fail(ErrorKind::conflict, trf("订单 {} 是“{}”，不在审核中", no, word_of(order.state)));
        const bool mine = order.claimed_by == actor.login;
        if (!mine && !order.claimed_by.empty() && order.claimed_until > tx.now)
            return fail(ErrorKind::conflict, trf("订单 {} 正由 {} 审核", no, staff::person_of(tx, order.claimed_by)));
        give_to(tx, order, actor, rules);
        return order;
    });
}

Result<> release(Database& database, const Actor& actor, const std::string& no) {
    return database.write([&](Tx& tx) -> Result<> {
        SEALDESK_LET(order, orders::load(tx, no));
        if (order.claimed_by != actor.login) return {};
        orders::set_claim(tx, order, "", {});
        audit::append(tx, actor.login, "review.release", no);
        return {};
    });
}

Result<int> release_all(Database& database, const Actor& actor) {
    return database.write([&](Tx& tx) -> Result<int> {
        storage::change(tx, "DELETE FROM reviewers_at_work WHERE login = :me", actor.login);
        return static_cast<int>(
            storage::change(tx, "UPDATE orders SET claimed_by = '', claimed_until = 0 WHERE claimed_by = :me", actor.login));
    });
}

Result<std::vector<LostClaim>> take_lost_claims(Database& database, const Actor& actor) {
    // Mostly there is nothing, and looking takes no lock.
    SEALDESK_LET(some, database.read([&](Tx& tx) -> Result<std::int64_t> {
        return storage::one<std::int64_t>(tx, "SELECT COUNT(*) FROM lost_claims WHERE login = :me AND told = 0", 0, actor.login);
    }));
    if (some == 0) return std::vector<LostClaim>();
    return database.write([&](Tx& tx) -> Result<std::vector<LostClaim>> {
        std::vector<LostClaim> list;
        LostClaim lost;
        storage::for_each_row(
            tx,
            "SELECT l.order_no, o.subject_name, " + staff::person_in("l.taken_by") +
                ", l.at FROM lost_claims l JOIN orders o ON o.no = l.order_no WHERE l.login = :me AND l.told = 0 ORDER BY l.id",
            std::tie(lost.no, lost.subject_name, lost.taken_by, lost.at.ms), [&] { list.push_back(lost); }, actor.login);
        storage::change(tx, "UPDATE lost_claims SET told = 1 WHERE login = :me", actor.login);
        return list;
    });
}

Result<std::map<std::string, std::vector<Round>>> earlier_rounds(Database& database, const std::vector<std::string>& order_nos) {
    return database.read([&](Tx& tx) -> Result<std::map<std::string, std::vector<Round>>> {
        std::map<std::string, std::vector<Round>> all;
        for (const auto& no : order_nos) {
            Round round;
            storage::for_each_row(
                tx,
                "SELECT waiting_since, at FROM decisions WHERE order_no = :no AND undone = 0 AND verdict = 'rejected' ORDER BY "
                "id",
                std::tie(round.from.ms, round.to.ms), [&] { all[no].push_back(round); }, no);
        }
        return all;
    });
}

}  // namespace sealdesk::review
