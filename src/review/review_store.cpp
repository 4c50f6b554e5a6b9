#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "acts/acts.h"
#include "audit/audit.h"
#include "base/text.h"
#include "base/translate.h"
#include "crypto/digest.h"
#include "orders/written.h"
#include "review/item_rules.h"
#include "review/review.h"
#include "storage/rows.h"

namespace sealdesk::review {

using orders::DeskOrder;
using orders::State;
using staff::Actor;
using staff::Role;
using storage::Database;
using storage::Tx;

Result<DeskOrder> still_as_seen(Tx& tx, const Actor& actor, const Seen& seen) {
    SEALDESK_LET(order, orders::load(tx, seen.no));
    if (order.state == State::refunded) return fail(ErrorKind::conflict, trf("订单 {} 已退款，不再需要审核", seen.no));
    if (order.state != State::paid)
        return fail(ErrorKind::conflict, trf("订单 {} 已经是“{}”，不能再审核", seen.no, word_of(order.state)));
    if (order.revision != seen.revision) return fail(ErrorKind::conflict, trf("订单 {} 有新的材料，请看新材料后再决定", seen.no));
    if (order.claimed_by != actor.login && !order.claimed_by.empty() && order.claimed_until > tx.now)
        return fail(ErrorKind::conflict, trf("订单 {} 正由 {} 审核", seen.no, staff::person_of(tx, order.claimed_by)));
    if (order.row_version != seen.row_version)
        return fail(ErrorKind::conflict, trf("订单 {} 刚被改动，请看最新内容后再决定", seen.no));
    return order;
}

namespace {

std::int64_t record_decision(Tx& tx, const Actor& actor, const DeskOrder& order, const std::string& verdict,
                             const std::string& note) {
    return storage::one<std::int64_t>(tx,
                                      "INSERT INTO decisions (order_no, revision, verdict, note, staff, at, waiting_since) "
                                      "VALUES (:no, :revision, :verdict, :note, :staff, :at, :since) RETURNING id",
                                      0, order.order.no, order.revision, verdict, note, actor.login, tx.now.ms,
                                      order.waiting_since.ms);
}

// For the audit: what was said about each item, and where an earlier word still holds.
nlohmann::json judged(const Items& items) {
    nlohmann::json list = nlohmann::json::object();
    for (const auto& item : items.list) list[item.wanted.code] = item.carried != 0 ? "carried" : name_of(item.verdict);
    return list;
}

// The items as they are at the decision stay with the submission: a later one begins from them.
nlohmann::json settle_items(Tx& tx, const DeskOrder& order, const Items& items, nlohmann::json details) {
    if (!items.begun) return details;
    keep_items(tx, order, items);
    details["items"] = judged(items);
    return details;
}

nlohmann::json as_json(const Told& line) {
    nlohmann::json json{{"code", line.code}, {"text", line.text}};
    if (!line.item.empty()) json.update({{"item", line.item}, {"title", line.title}});
    if (!line.picture.empty()) json["picture"] = crypto::base64(line.picture);
    return json;
}

// Reasons by code, as the daily report counts them; one that was given for several papers has a line for each.
void record_reasons(Tx& tx, std::int64_t decision, const std::vector<Told>& told) {
    std::map<std::string, std::string> by_code;
    for (const auto& line : told) {
        if (line.code == "note") continue;
        std::string& text = by_code[line.code];
        text += (text.empty() ? "" : "\n") + (line.title.empty() ? line.text : trf("{}：{}", line.title, line.text));
    }
    for (const auto& [code, text] : by_code)
        storage::change(tx, "INSERT INTO decision_reasons (decision_id, code, text) VALUES (:id, :code, :text)", decision, code,
                        text);
}

}  // namespace

// What an approval does, as part of a transaction.
static auto approving(const Actor& actor, const Rules& rules, const Seen& seen) {
    return [&](Tx& tx) -> Result<> {
        SEALDESK_LET(order, still_as_seen(tx, actor, seen));
        const Items items = items_in(tx, order);
        SEALDESK_TRY(check_approval(items));
        record_decision(tx, actor, order, "approved", "");
        const auto details = settle_items(tx, order, items, {{"revision", seen.revision}});
        SEALDESK_TRY(orders::move(tx, order, State::approved, actor.login));
        orders::set_approved_by(tx, order, actor.login);
        acts::cancel_unsent(tx, seen.no);  // only the last decision is sent
        acts::queue(tx, seen.no, seen.revision, "approved", "{}", rules.undo_ms);
        audit::append(tx, actor.login, "review.approve", seen.no, details.dump());
        return {};
    };
}

Result<> approve(Database& database, const Actor& actor, const Rules& rules, const Seen& seen) {
    return database.write([&](Tx& tx) { return approve(tx, actor, rules, seen); });
}

Result<> approve(Tx& tx, const Actor& actor, const Rules& rules, const Seen& seen) {
    SEALDESK_TRY(staff::require(actor, Role::reviewer));
    return approving(actor, rules, seen)(tx);
}

Result<> reject(Database& database, const Actor& actor, const Rules& rules, const Seen& seen, const std::vector<Reason>& reasons,
                const std::string& note) {
    SEALDESK_TRY(staff::require(actor, Role::reviewer));
    const std::string said = trimmed(note);
    if (code_points(said).size() > 500) return refused(tr("说明最多 500 个字"));
    std::set<std::string> once;
    for (const auto& reason : reasons)
        if (!once.insert(reason.code).second) return refused(trf("退回原因“{}”选了两次", reason.title));
    return database.write([&](Tx& tx) -> Result<> {
        SEALDESK_LET(order, still_as_seen(tx, actor, seen));
        const Items items = items_in(tx, order);
        SEALDESK_LET(told, compose(items.list, reasons, said));
        // What was written about single papers stands in the order's history with the note.
        std::string notes;
        nlohmann::json lines = nlohmann::json::array(), codes = nlohmann::json::array();
        for (const auto& line : told) {
            const bool general = line.item.empty();
            if (line.code == "note")
                notes += (notes.empty() ? "" : "\n") + (general ? line.text : trf("{}：{}", line.title, line.text));
            else
                codes.push_back(line.code);
            if (!(general && line.code == "note")) lines.push_back(as_json(line));
        }
        const auto id = record_decision(tx, actor, order, "rejected", notes);
        record_reasons(tx, id, told);
        const auto details = settle_items(tx, order, items, {{"revision", seen.revision}, {"reasons", codes}});
        SEALDESK_TRY(orders::move(tx, order, State::rejected, actor.login));
        acts::cancel_unsent(tx, seen.no);
        acts::queue(tx, seen.no, seen.revision, "rejected", nlohmann::json{{"reasons", lines}, {"note", said}}.dump(),
                    rules.undo_ms);
        audit::append(tx, actor.login, "review.reject", seen.no, details.dump());
        return {};
    });
}

Result<std::optional<Undoable>> undoable(Database& database, const Actor& actor) {
    return database.read([&](Tx& tx) -> Result<std::optional<Undoable>> {
        Undoable found;
        storage::for_each_row(
            tx,
            "SELECT d.order_no, o.subject_name, d.verdict, a.not_before FROM decisions d JOIN orders o ON o.no = d.order_no "
            "JOIN acts a ON a.order_no = d.order_no AND a.kind = d.verdict AND a.state = 'pending' AND a.attempts = 0 "
            "WHERE d.staff = :me AND d.undone = 0 AND d.at > :recent AND a.not_before > :now AND a.created_at = d.at "
            "ORDER BY d.id DESC LIMIT 1",
            std::tie(found.no, found.subject_name, found.verdict, found.until.ms), [] {}, actor.login, tx.now.ms - kDay,
            tx.now.ms);
        if (found.no.empty()) return std::nullopt;
        return found;
    });
}

Result<> undo(Database& database, const Actor& actor, const Rules& rules, const std::string& no) {
    SEALDESK_TRY(staff::require(actor, Role::reviewer));
    return database.write([&](Tx& tx) -> Result<> {
        SEALDESK_LET(order, orders::load(tx, no));
        const auto decision = storage::one<std::int64_t>(tx,
                                                         "SELECT id FROM decisions WHERE staff = :me AND id = "
                                                         "(SELECT MAX(id) FROM decisions WHERE order_no = :no AND undone = 0)",
                                                         0, actor.login, no);
        if (decision == 0) return fail(ErrorKind::conflict, trf("订单 {} 没有您可以撤销的结论", no));
        // A clock that was set back opens the window again; what was made since stands.
        if (orders::key_was_made(tx, no)) return fail(ErrorKind::conflict, trf("订单 {} 的 KEY 已经开始制作，不能撤销", no));
        if (!(acts::held_until(tx, no) > tx.now) || acts::cancel_unsent(tx, no) == 0)
            return fail(ErrorKind::conflict, trf("订单 {} 的结论已经发出，不能撤销", no));
        SEALDESK_TRY(orders::move(tx, order, State::paid, actor.login));
        orders::set_approved_by(tx, order, "");
        orders::set_waiting_since(
            tx, order, {storage::one<std::int64_t>(tx, "SELECT waiting_since FROM decisions WHERE id = :id", 0, decision)});
        orders::set_claim(tx, order, actor.login, tx.now + rules.lease_ms);
        storage::change(tx, "UPDATE decisions SET undone = 1 WHERE id = :id", decision);
        audit::append(tx, actor.login, "review.undo", no);
        return {};
    });
}

Result<std::vector<Decision>> decisions(Database& database, const std::string& no) {
    return database.read([&](Tx& tx) -> Result<std::vector<Decision>> {
        std::vector<Decision> list;
        std::vector<std::int64_t> ids;
        Decision d;
        std::int64_t id = 0;
        int undone = 0;
        storage::for_each_row(
            tx,
            "SELECT d.id, d.verdict, d.note, d.staff, " + staff::person_in("d.staff") +
                ", d.revision, d.at, d.undone FROM decisions d WHERE d.order_no = :no ORDER BY d.id",
            std::tie(id, d.verdict, d.note, d.staff, d.by, d.revision, d.at.ms, undone),
            [&] {
                d.undone = undone != 0;
                list.push_back(d);
                ids.push_back(id);
            },
            no);
        for (size_t i = 0; i < ids.size(); ++i) {
            std::string text;
            storage::for_each_row(
                tx, "SELECT text FROM decision_reasons WHERE decision_id = :id ORDER BY code", std::tie(text),
                [&] { list[i].reasons.push_back(text); }, ids[i]);
        }
        return list;
    });
}

Result<> opened_scans(Database& database, const Actor& actor, const std::string& no, int revision) {
    return database.write([&](Tx& tx) -> Result<> {
        audit::append(tx, actor.login, "scans.open", no, fmt::format("{{\"revision\":{}}}", revision));
        return {};
    });
}

}  // namespace sealdesk::review
