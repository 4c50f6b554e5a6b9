#include "checks/batch.h"

#include <nlohmann/json.hpp>

#include "audit/audit.h"
#include "base/translate.h"
#include "checks/findings_store.h"
#include "storage/rows.h"

namespace sealdesk::checks {

using orders::State;
using staff::Actor;
using staff::Role;
using storage::Database;
using storage::Tx;

namespace {

Result<> may_approve_together(const Actor& actor) {
    SEALDESK_TRY(staff::require(actor, Role::reviewer));
    return staff::require(actor, Role::supervisor);
}

// Refused with what speaks against the order; else its findings, counted.
Result<Green> green(Tx& tx, const orders::DeskOrder& order) {
    const std::string& no = order.order.no;
    if (order.revision > 1) return refused(trf("订单 {} 是重新提交的，请打开材料单独审核", no));
    const RunMade run = last_run(tx, no);
    if (run.revision != order.revision || run.rules_version != rules_version()) return refused(trf("订单 {} 还没有核对完", no));
    if (run.papers != "read") return refused(trf("订单 {} 的材料还没有看过", no));
    Green found;
    found.seen = {no, order.revision, order.row_version};
    found.subject_name = order.order.subject.name;
    found.subject_kind = order.order.subject.kind;
    found.kind = order.order.kind;
    found.amount = order.order.amounts.total();
    found.waiting_since = order.waiting_since;
    int open = 0;
    for (const Kept& kept : answered(tx, no, kept_findings(tx, no, order.revision))) {
        if (kept.open())
            ++open;
        else if (kept.overridden)
            ++found.answered;
        else
            ++(kept.finding.verdict == Verdict::ok ? found.right : found.unchecked);
    }
    if (open > 0) return refused(trf("订单 {} 有 {} 项核对结果要看", no, open));
    if (found.right == 0) return refused(trf("订单 {} 还没有核对完", no));
    return found;
}

}  // namespace

Result<std::vector<Green>> all_green(Database& database, const Actor& actor, int limit) {
    SEALDESK_TRY(may_approve_together(actor));
    return database.read([&](Tx& tx) -> Result<std::vector<Green>> {
        std::vector<std::string> candidates;
        std::string no;
        storage::for_each_row(
            tx,
            "SELECT o.no FROM orders o JOIN check_runs r ON r.order_no = o.no AND r.revision = o.revision WHERE o.state = 'paid' "
            "AND o.revision = 1 AND r.rules_version = :version AND r.papers = 'read' "
            "AND (o.claimed_by = '' OR o.claimed_by = :me OR o.claimed_until <= :now) AND NOT EXISTS (SELECT 1 FROM findings f "
            "WHERE f.order_no = o.no AND f.revision = o.revision AND f.verdict IN ('warning', 'fault') AND NOT EXISTS (SELECT 1 "
            "FROM finding_overrides v WHERE v.order_no = f.order_no AND v.rule = f.rule AND v.item = f.item AND v.basis = "
            "f.basis AND v.withdrawn = 0)) ORDER BY o.waiting_since, o.no LIMIT :most",
            std::tie(no), [&] { candidates.push_back(no); }, rules_version(), actor.login, tx.now.ms, limit);
        std::vector<Green> list;
        for (const auto& each : candidates) {
            SEALDESK_LET(order, orders::load(tx, each));
            if (auto found = green(tx, order)) list.push_back(std::move(*found));
        }
        return list;
    });
}

Result<> approve_green(Database& database, const Actor& actor, const review::Rules& rules, const review::Seen& seen) {
    SEALDESK_TRY(may_approve_together(actor));
    return database.write([&](Tx& tx) -> Result<> {
        SEALDESK_LET(order, review::still_as_seen(tx, actor, seen));
        SEALDESK_LET(found, green(tx, order));
        audit::append(
            tx, actor.login, "review.batch", seen.no,
            nlohmann::json{
                {"revision", seen.revision}, {"right", found.right}, {"answered", found.answered}, {"unchecked", found.unchecked}}
                .dump());
        return review::approve(tx, actor, rules, seen);
    });
}

}  // namespace sealdesk::checks
