#include "checks/findings_store.h"

#include <nlohmann/json.hpp>

#include "audit/audit.h"
#include "base/text.h"
#include "base/translate.h"
#include "storage/rows.h"

namespace sealdesk::checks {

using staff::Actor;
using storage::Database;
using storage::Tx;

namespace {

// The newest findings and the one that was chosen among them; conflict when it is not what the reviewer saw.
Result<Finding> still_there(Tx& tx, const review::Seen& seen, const Chosen& chosen) {
    for (auto& each : kept_findings(tx, seen.no, seen.revision))
        if (each.rule == chosen.rule && each.item == chosen.item) {
            if (each.basis == chosen.basis) return each;
            break;
        }
    return fail(ErrorKind::conflict, trf("“{}”的核对结果已经变了，请看最新结果", title_of(chosen.rule)));
}

// The values themselves may be numbers of identity cards: the log names the rule, not the values.
std::string details(const review::Seen& seen, const Finding& finding, const std::string& reason) {
    return nlohmann::json{{"revision", seen.revision},           {"rule", finding.rule},
                          {"version", finding.version},          {"item", finding.item},
                          {"verdict", name_of(finding.verdict)}, {"reason", reason}}
        .dump();
}

}  // namespace

RunMade last_run(Tx& tx, const std::string& order_no) {
    RunMade run;
    storage::for_each_row(
        tx, "SELECT revision, rules_version, papers, paid_together, ran_at FROM check_runs WHERE order_no = :no",
        std::tie(run.revision, run.rules_version, run.papers, run.paid_together, run.at.ms), [] {}, order_no);
    return run;
}

void keep_run(Tx& tx, const std::string& order_no, const RunMade& run) {
    if (storage::change(tx,
                        "UPDATE check_runs SET revision = :revision, rules_version = :version, papers = :papers, paid_together = "
                        ":together, ran_at = :at WHERE order_no = :no",
                        run.revision, run.rules_version, run.papers, run.paid_together, run.at.ms, order_no) == 0)
        storage::change(tx,
                        "INSERT INTO check_runs (order_no, revision, rules_version, papers, paid_together, ran_at) VALUES (:no, "
                        ":revision, :version, :papers, :together, :at)",
                        order_no, run.revision, run.rules_version, run.papers, run.paid_together, run.at.ms);
}

std::vector<Finding> kept_findings(Tx& tx, const std::string& order_no, int revision) {
    std::vector<Finding> list;
    Finding f;
    std::string verdict;
    storage::for_each_row(
        tx,
        "SELECT rule, rule_version, item, verdict, field, word, evidence, basis, stated, seen, page, reason FROM findings WHERE "
        "order_no = :no AND revision = :revision ORDER BY place",
        std::tie(f.rule, f.version, f.item, verdict, f.field, f.word, f.evidence, f.basis, f.stated, f.seen, f.page, f.reason),
        [&] {
            const auto known = verdict_from(verdict);
            if (!known) throw std::runtime_error("unknown verdict in the database: " + verdict);
            f.verdict = *known;
            list.push_back(f);
        },
        order_no, revision);
    return list;
}

void keep_findings(Tx& tx, const std::string& order_no, int revision, const std::vector<Finding>& findings) {
    storage::change(tx, "DELETE FROM findings WHERE order_no = :no AND revision = :revision", order_no, revision);
    int place = 0;
    for (const auto& f : findings) {
        const std::string verdict = name_of(f.verdict);
        storage::change(
            tx,
            "INSERT INTO findings (order_no, revision, rule, rule_version, item, place, verdict, field, word, evidence, "
            "basis, stated, seen, page, reason, found_at) VALUES (:no, :revision, :rule, :version, :item, :place, "
            ":verdict, :field, :word, :evidence, :basis, :stated, :seen, :page, :reason, :at)",
            order_no, revision, f.rule, f.version, f.item, ++place, verdict, f.field, f.word, f.evidence, f.basis, f.stated,
            f.seen, f.page, f.reason, tx.now.ms);
    }
}

std::vector<Kept> answered(Tx& tx, const std::string& order_no, std::vector<Finding> findings) {
    std::vector<Kept> list;
    for (auto& each : findings) list.push_back({std::move(each), std::nullopt});
    std::string rule, item, basis;
    Override given;
    storage::for_each_row(
        tx,
        "SELECT v.rule, v.item, v.basis, v.reason, v.staff, " + staff::person_in("v.staff") +
            ", v.at FROM finding_overrides v WHERE v.order_no = :no AND v.withdrawn = 0 ORDER BY v.id",
        std::tie(rule, item, basis, given.reason, given.staff, given.by, given.at.ms),
        [&] {
            for (auto& kept : list)
                if (kept.finding.rule == rule && kept.finding.item == item && kept.finding.basis == basis &&
                    kept.finding.verdict != Verdict::ok)
                    kept.overridden = given;
        },
        order_no);
    return list;
}

Result<std::map<std::string, Open>> open_findings(Database& database, const std::vector<std::string>& order_nos) {
    return database.read([&](Tx& tx) -> Result<std::map<std::string, Open>> {
        std::map<std::string, Open> all;
        for (const auto& no : order_nos) {
            Open open;
            std::string verdict;
            std::int64_t count = 0;
            storage::for_each_row(
                tx,
                "SELECT f.verdict, COUNT(*) FROM findings f JOIN check_runs r ON r.order_no = f.order_no AND r.revision = "
                "f.revision WHERE f.order_no = :no AND f.verdict IN ('warning', 'fault') AND NOT EXISTS (SELECT 1 FROM "
                "finding_overrides v WHERE v.order_no = f.order_no AND v.rule = f.rule AND v.item = f.item AND v.basis = f.basis "
                "AND v.withdrawn = 0) GROUP BY f.verdict",
                std::tie(verdict, count), [&] { (verdict == "fault" ? open.faults : open.warnings) = static_cast<int>(count); },
                no);
            if (open.faults + open.warnings > 0) all[no] = open;
        }
        return all;
    });
}

Result<> override_finding(Database& database, const Actor& actor, const review::Seen& seen, const Chosen& chosen,
                          const std::string& reason) {
    SEALDESK_TRY(staff::require(actor, staff::Role::reviewer));
    const std::string said = trimmed(reason);
    if (said.empty()) return refused(tr("请写明为什么可以通过"));
    if (code_points(said).size() > 200) return refused(tr("理由最多 200 个字"));
    if (!is_utf8(said) || has_control_characters(said)) return refused(tr("理由含有不可见的字符"));
    return database.write([&](Tx& tx) -> Result<> {
        SEALDESK_LET(order, review::still_as_seen(tx, actor, seen));
        SEALDESK_LET(finding, still_there(tx, seen, chosen));
        if (finding.verdict == Verdict::ok) return refused(trf("“{}”没有问题，不需要说明", title_of(finding.rule)));
        const auto by = storage::one<std::string>(tx,
                                                  "SELECT staff FROM finding_overrides WHERE order_no = :no AND rule = :rule AND "
                                                  "item = :item AND basis = :basis AND withdrawn = 0",
                                                  "", seen.no, chosen.rule, chosen.item, chosen.basis);
        if (!by.empty())
            return fail(ErrorKind::conflict, trf("“{}”已经由 {} 说明过", title_of(finding.rule), staff::person_of(tx, by)));
        storage::change(
            tx,
            "INSERT INTO finding_overrides (order_no, rule, item, basis, reason, staff, at) VALUES (:no, :rule, :item, "
            ":basis, :reason, :staff, :at)",
            seen.no, chosen.rule, chosen.item, chosen.basis, said, actor.login, tx.now.ms);
        audit::append(tx, actor.login, "checks.override", seen.no, details(seen, finding, said));
        return {};
    });
}

Result<> withdraw_override(Database& database, const Actor& actor, const review::Seen& seen, const Chosen& chosen) {
    SEALDESK_TRY(staff::require(actor, staff::Role::reviewer));
    return database.write([&](Tx& tx) -> Result<> {
        SEALDESK_LET(order, review::still_as_seen(tx, actor, seen));
        SEALDESK_LET(finding, still_there(tx, seen, chosen));
        if (storage::change(
                tx,
                "UPDATE finding_overrides SET withdrawn = 1 WHERE order_no = :no AND rule = :rule AND item = :item AND "
                "basis = :basis AND withdrawn = 0",
                seen.no, chosen.rule, chosen.item, chosen.basis) == 0)
            return fail(ErrorKind::conflict, trf("“{}”没有可以收回的说明", title_of(finding.rule)));
        audit::append(tx, actor.login, "checks.withdraw", seen.no, details(seen, finding, ""));
        return {};
    });
}

}  // namespace sealdesk::checks
