#include <fmt/format.h>

#include "acts/settlement.h"
#include "cli/commands.h"
#include "orders/order_json.h"
#include "sync/exchange.h"

namespace sealdesk::cli {

namespace {

nlohmann::json json_of(const orders::Row& row) {
    return {{"no", row.no},
            {"state", name_of(row.state)},
            {"kind", name_of(row.kind)},
            {"subject", row.subject_name},
            {"amount_fen", row.amount.value},
            {"revision", row.revision},
            {"payment", row.payment_no},
            {"waiting_since", iso_time(row.waiting_since)},
            {"claimed_by", row.claimed_by}};
}

Result<> list_orders(Common& common, const std::string& state, const std::string& search) {
    SEALDESK_LET(desk, open_desk(common));
    orders::Filter filter;
    filter.text = search;
    if (!state.empty()) {
        filter.state = orders::from_name<orders::State>(state);
        if (!filter.state) return refused(trf("没有“{}”这个状态", state));
    }
    nlohmann::json all = nlohmann::json::array();
    std::string text;
    std::optional<orders::Key> after;
    for (;;) {
        SEALDESK_LET(rows, orders::page(desk->database(), filter, after, 500));
        for (const auto& row : rows) {
            all.push_back(json_of(row));
            text += fmt::format("{}  {}  {}  {}  ¥{}  {}\n", row.no, word_of(row.state), word_of(row.kind),
                                date_time(row.waiting_since), yuan(row.amount), row.subject_name);
        }
        if (rows.size() < 500) break;
        after = orders::Key{rows.back().waiting_since, rows.back().no};
    }
    print(common, all, text + trf("共 {} 个订单", all.size()));
    return {};
}

Result<> show_order(Common& common, const std::string& no) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(order, orders::load(desk->database(), no));
    SEALDESK_LET(history, orders::history(desk->database(), no));
    SEALDESK_LET(decisions, review::decisions(desk->database(), no));
    nlohmann::json json = orders::to_json(order.order);
    json["state"] = name_of(order.state);
    json["applicant_state"] = name_of(orders::applicant_state(order.state));
    json["approved_by"] = order.approved_by;
    std::string text =
        fmt::format("{}  {}  {}  {}\n", no, word_of(order.state), word_of(order.order.kind), order.order.subject.name);
    for (const auto& passage : history) {
        json["history"].push_back({{"to", passage.to}, {"at", iso_time(passage.at)}, {"actor", passage.actor}});
        text += fmt::format("  {}  {}  {}\n", date_time(passage.at), passage.to, passage.actor);
    }
    for (const auto& decision : decisions) {
        json["decisions"].push_back({{"verdict", decision.verdict},
                                     {"staff", decision.staff},
                                     {"at", iso_time(decision.at)},
                                     {"undone", decision.undone},
                                     {"reasons", decision.reasons},
                                     {"note", decision.note}});
        for (const auto& reason : decision.reasons) text += "    " + reason + "\n";
    }
    print(common, json, text);
    return {};
}

Result<review::Seen> seen(desk::Desk& desk, const std::string& no) {
    SEALDESK_LET(order, orders::load(desk.database(), no));
    return review::Seen{no, order.revision, order.row_version};
}

Result<> approve(Common& common, const std::string& no) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    SEALDESK_LET(what, seen(*desk, no));
    SEALDESK_TRY(review::approve(desk->database(), actor, desk->review_rules(), what));
    print(common, {{"no", no}, {"verdict", "approved"}}, trf("订单 {} 已通过", no));
    return {};
}

Result<> reject(Common& common, const std::string& no, const std::vector<std::string>& codes, const std::string& note) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    std::vector<review::Reason> reasons;
    for (const auto& code : codes) {
        const auto found =
            std::find_if(desk->reasons().begin(), desk->reasons().end(), [&](const auto& r) { return r.code == code; });
        if (found == desk->reasons().end()) return refused(trf("没有“{}”这个退回原因", code));
        reasons.push_back(*found);
    }
    SEALDESK_LET(what, seen(*desk, no));
    SEALDESK_TRY(review::reject(desk->database(), actor, desk->review_rules(), what, reasons, note));
    print(common, {{"no", no}, {"verdict", "rejected"}}, trf("订单 {} 已退回", no));
    return {};
}

Result<> sync_once(Common& common) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(portal, desk->portal_client());
    int events = 0;
    for (;;) {
        SEALDESK_LET(taken, sync::take_events(desk->database(), portal, std::chrono::seconds(0)));
        if (taken == 0) break;
        events += taken;
    }
    SEALDESK_LET(packages, sync::fetch_packages(desk->database(), portal, desk->packages(), 1000));
    SEALDESK_LET(sent, sync::send_acts(desk->database(), portal, common.random));
    const auto list = sync::send_list(desk->database(), portal);
    const auto troubles = desk::spread(desk->settings(), desk->database(), desk->key_bench());
    std::string text =
        trf("收到 {} 个事件，下载 {} 个材料包，发出 {} 条，冲突 {} 条", events, packages, sent.applied, sent.conflicts);
    for (const auto& each : troubles) text += "\n" + each;
    print(common,
          {{"events", events},
           {"packages", packages},
           {"acts", sent.applied},
           {"conflicts", sent.conflicts},
           {"list", list && *list},
           {"warnings", troubles}},
          text);
    if (!list) return tl::unexpected(list.error());
    return {};
}

// What the portal did not accept: it stands before everything else of its order until a supervisor decides.
Result<> list_conflicts(Common& common) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(list, acts::conflicts(desk->database()));
    nlohmann::json all = nlohmann::json::array();
    std::string text;
    for (const auto& act : list) {
        all.push_back({{"uuid", act.uuid}, {"order", act.order_no}, {"kind", act.kind}, {"portal", act.last_error}});
        text += fmt::format("{}  {}  {}  {}\n", act.uuid, act.order_no, act.kind, act.last_error);
    }
    print(common, all, text);
    return {};
}

Result<> settle_conflict(Common& common, const std::string& uuid, const std::string& how, const std::string& reason) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    const auto settlement = how == "again" ? acts::Settlement::again : acts::Settlement::dropped;
    SEALDESK_TRY(acts::settle(desk->database(), actor, uuid, settlement, reason));
    print(common, {{"uuid", uuid}, {"settled", how}},
          (how == "again" ? std::string(tr("会再发一次")) : std::string(tr("不再发送"))) + "\n");
    return {};
}

void add_acts_group(CLI::App& app, Common& common) {
    struct Words {
        std::string uuid, how, reason;
    };
    const auto words = std::make_shared<Words>();
    auto* group = app.add_subcommand("acts", "what the portal must be told and did not accept");
    group->require_subcommand(1);
    on(group->add_subcommand("conflicts", "those that the portal refused"), common, [&common] { return list_conflicts(common); });
    auto* settle = group->add_subcommand("settle", "decide about one of them");
    settle->add_option("uuid", words->uuid)->required();
    settle->add_option("how", words->how, "again or drop")->required()->check(CLI::IsMember({"again", "drop"}));
    settle->add_option("--reason", words->reason, "why")->required();
    on(settle, common, [&common, words] { return settle_conflict(common, words->uuid, words->how, words->reason); });
}

}  // namespace

void add_order_commands(CLI::App& app, Common& common) {
    struct Words {
        std::string state, search, no, note;
        std::vector<std::string> reasons;
    };
    const auto words = std::make_shared<Words>();
    auto* list = app.add_subcommand("orders", "list orders, oldest first");
    list->add_option("--state", words->state, "paid, rejected, approved, issued, packed, completed, refunded");
    list->add_option("--search", words->search, "part of number, name, document number or mobile");
    on(list, common, [&common, words] { return list_orders(common, words->state, words->search); });
    auto* show = app.add_subcommand("show", "one order with its history");
    show->add_option("order", words->no)->required();
    on(show, common, [&common, words] { return show_order(common, words->no); });
    auto* yes = app.add_subcommand("approve", "approve the current submission of an order");
    yes->add_option("order", words->no)->required();
    on(yes, common, [&common, words] { return approve(common, words->no); });
    auto* no = app.add_subcommand("reject", "send an order back with reasons");
    no->add_option("order", words->no)->required();
    no->add_option("--reason", words->reasons, "codes of data/reasons.toml");
    no->add_option("--note", words->note);
    on(no, common, [&common, words] { return reject(common, words->no, words->reasons, words->note); });
    add_acts_group(app, common);
    on(app.add_subcommand("sync", "one round of talk with the portal"), common, [&common] { return sync_once(common); });
}

}  // namespace sealdesk::cli
