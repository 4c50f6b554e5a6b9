#include <fmt/format.h>

#include <filesystem>

#include "checks/opened.h"
#include "cli/commands.h"
#include "desk/authority.h"
#include "orders/orders.h"
#include "search/search.h"
#include "sync/exchange.h"

namespace sealdesk::cli {

namespace {

using checks::Verdict;

struct Wish {
    std::string what;           // order number or file; "": the upkeep of every night
    std::string kind, subject;  // of a file: whose checklist it is held against
};

constexpr int kFaulty = 2;  // exit status: something speaks against the order or the file

nlohmann::json json_of(const checks::Finding& finding) {
    return {{"rule", finding.rule},         {"version", finding.version},
            {"item", finding.item},         {"verdict", name_of(finding.verdict)},
            {"field", finding.field},       {"word", finding.word},
            {"evidence", finding.evidence}, {"stated", finding.stated},
            {"seen", finding.seen},         {"page", finding.page},
            {"reason", finding.reason}};
}

std::string line_of(const checks::Finding& finding) {
    return fmt::format("{}  {}：{}\n", word_of(finding.verdict), checks::title_of(finding.rule), finding.evidence);
}

Result<> check_order(Common& common, const std::string& no) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(report, checks::examine(desk->database(), desk->standards(), desk->pages(), no));
    nlohmann::json json{{"order", no}, {"revision", report.revision}, {"papers", report.papers}, {"waiting", report.waiting}};
    json["findings"] = nlohmann::json::array();
    std::string text;
    for (const auto& kept : report.findings) {
        auto each = json_of(kept.finding);
        if (kept.overridden) {
            each["override"] = {{"reason", kept.overridden->reason}, {"staff", kept.overridden->staff}};
            text += trf("（{} 已说明：{}）", kept.overridden->by, kept.overridden->reason) + " ";
        }
        json["findings"].push_back(std::move(each));
        text += line_of(kept.finding);
        if (kept.open() && kept.finding.verdict == Verdict::fault) common.status = kFaulty;
    }
    print(common, json, text);
    return {};
}

// Any package, without an order and without the data folder.
Result<> check_file(Common& common, const Wish& wish) {
    SEALDESK_LET(places, desk::find_places());
    SEALDESK_LET(standards, checks::load_standards(places.data));
    orders::Order order;
    std::vector<checks::Demand> demands;
    if (!wish.kind.empty()) {
        const auto kind = orders::from_name<orders::OrderKind>(wish.kind);
        const auto subject = orders::from_name<orders::SubjectKind>(wish.subject);
        if (!kind) return refused(trf("没有“{}”这种订单", wish.kind));
        if (!subject) return refused(trf("没有“{}”这种主体", wish.subject));
        order.kind = *kind;
        order.subject.kind = *subject;
        demands = standards.checklists.demands(order);
    }
    nlohmann::json json{{"file", wish.what}, {"findings", nlohmann::json::array()}};
    std::string text;
    for (const auto& finding : checks::examine_file(scans::Scanbox(places.scanbox), wish.what, demands)) {
        json["findings"].push_back(json_of(finding));
        text += line_of(finding);
        if (finding.verdict == Verdict::fault) common.status = kFaulty;
    }
    print(common, json, text);
    return {};
}

// The list is renewed before those who read it must take it for old, when the key is at hand; what a person must do is said.
Result<> look_after_authority(desk::Desk& desk, nlohmann::json& json, std::string& text) {
    std::vector<std::string> warnings;
    json["list_renewed"] = 0;
    if (const auto trouble = desk::authority_trouble(desk.settings()); !trouble.empty()) warnings.push_back(trouble);
    if (const auto issuer = desk.key_bench().issuer()) {
        const Instant now = desk.clock().now();
        if (const auto authority = desk.bench().authority) {
            const auto renewed = certificates::renew_due_list(desk.database(), *authority);
            if (!renewed) warnings.push_back(renewed.error().message);
            if (renewed && *renewed) {
                json["list_renewed"] = (*renewed)->number;
                text += "\n" + trf("已签发第 {} 号吊销列表，下次更新 {}", (*renewed)->number, date_time((*renewed)->next_update));
            }
        }
        SEALDESK_LET(list, certificates::newest_crl(desk.database()));
        for (auto& each : {desk::authority_warning(*issuer, now), desk::list_warning(list, now)})
            if (!each.empty()) warnings.push_back(each);
        if (list && !certificates::is_from(*list, *issuer))
            warnings.emplace_back(tr("最新的吊销列表不是现在的签发 CA 签的，请签发新的"));
    }
    if (!desk.settings().portal.empty()) {
        const auto portal = desk.portal_client();
        const auto sent = portal ? sync::send_list(desk.database(), *portal) : tl::unexpected(portal.error());
        if (!sent) warnings.push_back(trf("吊销列表还没有发到门户：{}", sent.error().message));
    }
    for (auto& each : desk::spread(desk.settings(), desk.database(), desk.key_bench())) warnings.push_back(each);
    for (const auto& each : warnings) text += "\n" + each;
    json["warnings"] = warnings;
    return {};
}

// What is kept twice is held against what it was made from, and mended; what came is examined.
Result<> upkeep(Common& common) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(counters, orders::recount(desk->database()));
    for (search::Filled so_far;;) {
        SEALDESK_LET(complete, search::fill_next(desk->database(), so_far));
        if (complete) break;
    }
    SEALDESK_LET(lines, search::check(desk->database()));
    int examined = 0;
    for (;;) {
        constexpr int kAtOnce = 50;
        SEALDESK_LET(done, checks::examine_due(desk->database(), desk->standards(), desk->pages(), kAtOnce));
        examined += done;
        if (done < kAtOnce) break;
    }
    nlohmann::json json{{"counters_mended", counters}, {"search_lines_mended", lines}, {"orders_examined", examined}};
    std::string text = trf("改正计数 {} 处、查找索引 {} 处；核对了 {} 个订单", counters, lines, examined);
    SEALDESK_TRY(look_after_authority(*desk, json, text));
    if (!json["warnings"].empty()) common.status = kFaulty;
    print(common, json, text);
    return {};
}

}  // namespace

void add_check_commands(CLI::App& app, Common& common) {
    const auto wish = std::make_shared<Wish>();
    auto* check = app.add_subcommand("check",
                                     "what the checks find on an order or in a package (status 2: faults); alone, for every "
                                     "night: counters and search index are held against the orders and mended, the revocation "
                                     "list is renewed in time (status 2: CA or list need a person)");
    check->add_option("what", wish->what, "order number, or a file");
    auto* kind = check->add_option("--kind", wish->kind, "of a file: create, replacement, renewal or change, for its checklist");
    check->add_option("--subject", wish->subject, "unit or person")->default_val("unit")->needs(kind);
    on(check, common, [&common, wish] {
        if (wish->what.empty()) return upkeep(common);
        std::error_code error;
        return std::filesystem::is_regular_file(wish->what, error) ? check_file(common, *wish) : check_order(common, wish->what);
    });
}

}  // namespace sealdesk::cli
