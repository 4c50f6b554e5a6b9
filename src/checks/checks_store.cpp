#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "audit/audit.h"
#include "base/translate.h"
#include "certificates/certificate_register.h"
#include "checks/checks.h"
#include "checks/findings_store.h"
#include "checks/form.h"
#include "checks/history.h"
#include "checks/opened.h"
#include "checks/pages_store.h"
#include "checks/paper_text.h"
#include "checks/turned_page.h"
#include "storage/rows.h"

namespace sealdesk::checks {

using orders::State;
using storage::Database;
using storage::Tx;

namespace {

// What the desk of the order knows besides the form.
Result<History> history_of(Tx& tx, const orders::Order& order) {
    History history;
    SEALDESK_LET(valid, certificates::valid_of_subject(tx, order.subject.document_number));
    for (const auto& each : valid)
        if (each.order_no != order.no) history.live.push_back({each.serial, each.key_serial, each.order_no, each.not_after});
    if (!order.replaced_certificate.empty()) {
        SEALDESK_LET(named, certificates::find(tx, order.replaced_certificate));
        if (named) history.replaced = NamedCertificate{named->serial, named->document_number, named->state};
    }
    std::string no, kind, state;
    storage::for_each_row(
        tx,
        "SELECT no, kind, state FROM orders WHERE document_number = :document AND no <> :no AND state NOT IN ('completed', "
        "'refunded') ORDER BY no LIMIT 5",
        std::tie(no, kind, state),
        [&] {
            history.pending.push_back({no, orders::from_name<orders::OrderKind>(kind).value_or(orders::OrderKind::create),
                                       orders::from_name<State>(state).value_or(State::paid)});
        },
        order.subject.document_number, order.no);
    return history;
}

Result<FormContext> context_of(Tx& tx, const Standards& standards, const orders::Order& order) {
    FormContext context;
    context.now = tx.now;
    context.fees = &standards.fees;
    if (const auto years = standards.years.find(order.subject.kind); years != standards.years.end())
        std::tie(context.least_years, context.most_years) = years->second;
    SEALDESK_LET(together, orders::of_payment(tx, order.payment.no));
    context.paid_together = static_cast<int>(together.size());
    for (const auto& each : together)
        context.together +=
            Fen{storage::one<std::int64_t>(tx, "SELECT amount_certificate + amount_key FROM orders WHERE no = :no", 0, each)};
    return context;
}

Opened open_submission(const Pages& pages, const orders::Submission& submission) {
    if (pages.scanbox != nullptr && pages.packages != nullptr && pages.packages->has(submission.package_sha256)) {
        if (const auto path = pages.packages->path_of(submission.package_sha256)) return open_papers(*pages.scanbox, *path);
    }
    Opened opened;
    opened.papers.why_not = tr("材料包还没有从门户取到");
    return opened;
}

bool same(const std::vector<Finding>& a, const std::vector<Finding>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Finding& x, const Finding& y) {
        return x.rule == y.rule && x.version == y.version && x.item == y.item && x.verdict == y.verdict && x.field == y.field &&
               x.word == y.word && x.evidence == y.evidence && x.basis == y.basis && x.stated == y.stated && x.seen == y.seen &&
               x.page == y.page && x.reason == y.reason;
    });
}

Report report_of(Tx& tx, const orders::DeskOrder& order, const RunMade& run) {
    Report made;
    made.order_no = order.order.no;
    made.revision = run.revision;
    made.stale = run.revision != 0 && (run.revision != order.revision || run.rules_version != rules_version());
    made.papers = run.papers == "read";
    made.waiting = run.papers == "absent";
    made.ran_at = run.at;
    if (run.revision != 0) made.findings = answered(tx, order.order.no, kept_findings(tx, order.order.no, run.revision));
    return made;
}

std::vector<std::string> files_of(const Papers& papers) {
    std::vector<std::string> files;
    for (const auto& paper : papers.pages) files.push_back(paper.file_sha256);
    return files;
}

}  // namespace

Result<Standards> load_standards(const std::filesystem::path& data) {
    SEALDESK_LET(fees, orders::load_fees(data / "fees.toml"));
    SEALDESK_LET(checklists, Checklists::load(data / "checklists"));
    Standards standards{fees, std::move(checklists), {}};
    for (const auto& [kind, name] :
         {std::pair{orders::SubjectKind::unit, "unit.toml"}, {orders::SubjectKind::person, "person.toml"}}) {
        SEALDESK_LET(profile, certificates::read_profile(data / "profiles" / name));
        standards.years.emplace(kind, std::pair{profile.min_years, profile.max_years});
    }
    return standards;
}

Result<Report> examine(Database& database, const Standards& standards, const Pages& pages, const std::string& order_no) {
    SEALDESK_LET(before, orders::load(database, order_no));
    // What was decided was decided on the findings of that time.
    if (before.state != State::paid) return report(database, order_no);
    Opened opened = open_submission(pages, before.order.current());
    SEALDESK_LET(known, database.read([&](Tx& tx) -> Result<FileFacts> { return known_facts(tx, files_of(opened.papers)); }));
    if (pages.scanbox != nullptr) look_at_pages(*pages.scanbox, opened, known);

    return database.write([&](Tx& tx) -> Result<Report> {
        SEALDESK_LET(order, orders::load(tx, order_no));
        if (order.revision != before.revision)
            return fail(ErrorKind::conflict, trf("订单 {} 有新的材料，核对要重新进行", order_no));
        if (order.state != State::paid) return report_of(tx, order, last_run(tx, order_no));
        SEALDESK_LET(context, context_of(tx, standards, order.order));
        SEALDESK_LET(history, history_of(tx, order.order));
        auto& papers = opened.papers;
        const auto demands = standards.checklists.demands(order.order);
        for (auto& paper : papers.pages)
            if (paper.facts) {
                paper.seen_before = seen_before(tx, order.order, paper.facts->sha256);
                if (!pages.texts) continue;
                if (const auto text = known_text(tx, paper.facts->sha256, kReader)) {
                    paper.text = plain_text(*text);
                    paper.upside_down = quarters_of(*text) == 2;
                }
            }
        for (auto& paper : papers.pages) paper.material = recognise(demands, paper);
        if (papers.opened) keep_pages(tx, order_no, order.revision, papers.pages);
        std::vector<Finding> findings = check_form(order.order, context);
        const auto add = [&](std::vector<Finding> more) {
            for (auto& each : more) findings.push_back(std::move(each));
        };
        add(check_history(order.order, history, tx.now));
        add(check_papers(demands, papers));
        add(check_texts(order.order, demands, papers, day_of(tx.now)));
        make_distinct(findings);
        const RunMade run{order.revision, rules_version(),
                          papers.opened    ? "read"
                          : papers.arrived ? "broken"
                                           : "absent",
                          *context.paid_together, tx.now};
        const RunMade last = last_run(tx, order_no);
        if (run.same_as(last) && same(findings, kept_findings(tx, order_no, order.revision))) return report_of(tx, order, last);
        keep_findings(tx, order_no, order.revision, findings);
        keep_run(tx, order_no, run);
        const auto count = [&](Verdict verdict) {
            return std::count_if(findings.begin(), findings.end(), [&](const Finding& each) { return each.verdict == verdict; });
        };
        audit::append(tx, "desk", "checks.run", order_no,
                      fmt::format("{{\"revision\":{},\"rules\":{},\"faults\":{},\"warnings\":{}}}", order.revision,
                                  run.rules_version, count(Verdict::fault), count(Verdict::warning)));
        return report_of(tx, order, run);
    });
}

Result<std::vector<std::string>> due(Database& database, const Pages& pages, int limit) {
    return database.read([&](Tx& tx) -> Result<std::vector<std::string>> {
        struct Candidate {
            std::string no, package, papers;
            int outdated = 0;
        };
        std::vector<Candidate> candidates;
        Candidate each;
        const int version = rules_version();
        // `outdated` for what needs nothing but time; the others wait for their package.
        storage::for_each_row(
            tx,
            "SELECT o.no, s.package_sha256, COALESCE(r.papers, ''), CASE WHEN r.order_no IS NULL OR r.revision <> o.revision OR "
            "r.rules_version <> :version OR (r.paid_together < p.orders AND r.paid_together <> (SELECT COUNT(*) FROM orders t "
            "WHERE t.payment_no = o.payment_no)) THEN 1 ELSE 0 END "
            "FROM orders o JOIN payments p ON p.no = o.payment_no JOIN submissions s ON s.order_no = o.no AND s.revision = "
            "o.revision LEFT JOIN check_runs r ON r.order_no = o.no WHERE o.state = 'paid' AND (r.order_no IS NULL OR r.papers = "
            "'absent' OR r.revision <> o.revision OR r.rules_version <> :version2 OR r.paid_together < p.orders) "
            "ORDER BY o.waiting_since, o.no",
            std::tie(each.no, each.package, each.papers, each.outdated), [&] { candidates.push_back(each); }, version, version);
        std::vector<std::string> list;
        for (const auto& one : candidates) {
            if (static_cast<int>(list.size()) >= limit) break;
            const bool arrived = one.papers == "absent" && pages.packages != nullptr && pages.packages->has(one.package);
            if (one.outdated != 0 || arrived) list.push_back(one.no);
        }
        return list;
    });
}

Result<int> examine_due(Database& database, const Standards& standards, const Pages& pages, int limit) {
    SEALDESK_LET(list, due(database, pages, limit));
    int done = 0;
    for (const auto& no : list)
        if (examine(database, standards, pages, no)) ++done;
    return done;
}

Result<int> read_papers(Database& database, const Standards& standards, const Pages& pages, const Reader& reader,
                        const std::string& order_no, const std::atomic<bool>& stop) {
    if (!pages.texts) return 0;
    if (!reader.there()) return fail(ErrorKind::unavailable, tr("本机没有安装文字识别程序"));
    SEALDESK_LET(order, orders::load(database, order_no));
    Opened opened = open_submission(pages, order.order.current());
    if (order.state != State::paid || !opened.papers.opened) return 0;
    SEALDESK_LET(known, database.read([&](Tx& tx) -> Result<FileFacts> { return known_facts(tx, files_of(opened.papers)); }));
    const auto demands = standards.checklists.demands(order.order);
    int read = 0;
    for (size_t i = 0; i < opened.papers.pages.size() && !stop; ++i) {
        const auto& paper = opened.papers.pages[i];
        const std::string code = recognise(demands, paper);
        if (!code.empty() && code != "licence" && !is_identity(code)) continue;
        const auto facts = known.find({paper.file_sha256, paper.page_in_file});
        if (facts == known.end()) continue;
        SEALDESK_LET(there, database.read([&](Tx& tx) -> Result<bool> {
            return known_text(tx, facts->second.sha256, kReader).has_value();
        }));
        if (there) continue;
        const auto& page = opened.package.pages[i];
        const int shrink = shrink_for_facts(page.width, page.height);
        const auto pixels = pages.scanbox->render(opened.package, page, shrink);
        if (!pixels) continue;
        auto text = read_upright(*pixels, facts->second.orientation,
                                 [&](const scans::Pixels& upright) { return reader.read(upright, page.dpi / shrink, stop); });
        // A page that ends the reader is not given to it again.
        if (!text && text.error().kind != ErrorKind::corrupt) return tl::unexpected(text.error());
        SEALDESK_TRY(database.write([&](Tx& tx) -> Result<> {
            keep_text(tx, facts->second.sha256, kReader, text.value_or("{}"));
            return {};
        }));
        ++read;
    }
    if (read > 0) SEALDESK_TRY(examine(database, standards, pages, order_no));
    return read;
}

Result<Report> report(Database& database, const std::string& order_no) {
    return database.read([&](Tx& tx) -> Result<Report> {
        SEALDESK_LET(order, orders::load(tx, order_no));
        return report_of(tx, order, last_run(tx, order_no));
    });
}

}  // namespace sealdesk::checks
