#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "base/translate.h"
#include "crypto/digest.h"
#include "orders/order_json.h"
#include "review/item_rules.h"
#include "review/pages.h"
#include "storage/rows.h"

namespace sealdesk::review {

using nlohmann::json;
using orders::DeskOrder;
using staff::Actor;
using staff::Role;
using storage::Database;
using storage::Tx;

namespace {

ItemVerdict verdict_from(const std::string& name) {
    for (const auto verdict : {ItemVerdict::accepted, ItemVerdict::faulted})
        if (name == name_of(verdict)) return verdict;
    return ItemVerdict::open;
}

json to_json(const Area& area) { return json::array({area.x, area.y, area.width, area.height}); }
Area area_from(const json& in) { return in.is_array() && in.size() == 4 ? Area{in[0], in[1], in[2], in[3]} : Area{}; }

std::string reasons_text(const std::vector<Cited>& reasons) {
    json list = json::array();
    for (const auto& [reason, blanks] : reasons)
        list.push_back({{"code", reason.code},
                        {"title", reason.title},
                        {"sentence", reason.sentence},
                        {"names", reason.blanks},
                        {"items", reason.items},
                        {"blanks", blanks}});
    return list.dump();
}

std::string crop_text(const Crop& crop) {
    if (crop.page == 0) return {};
    return json{{"page", crop.page},
                {"file_sha256", crop.file_sha256},
                {"page_in_file", crop.page_in_file},
                {"area", to_json(crop.area)},
                {"ellipse", to_json(crop.ellipse)}}
        .dump();
}

// What was written by reasons_text() and crop_text(); a text of somebody else gives an empty fault.
Fault fault_from(const std::string& reasons, const std::string& note, const std::string& crop, const std::string& picture) try {
    Fault fault;
    fault.note = note;
    for (const auto& in : json::parse(reasons))
        fault.reasons.push_back(
            {{in.at("code"), in.at("title"), in.at("sentence"), in.at("names"), in.at("items")}, in.at("blanks")});
    if (!crop.empty()) {
        const json in = json::parse(crop);
        fault.crop = {in.at("page"), in.at("file_sha256"), in.at("page_in_file"), area_from(in.at("area")),
                      area_from(in.at("ellipse"))};
        fault.picture = crypto::from_base64(picture).value_or("");
    }
    return fault;
} catch (const json::exception&) {
    return {};
}

struct Row {
    Item item;
    std::string basis;
};

std::vector<Row> rows_of(Tx& tx, const std::string& no, int revision) {
    std::vector<Row> rows;
    Row row;
    auto& item = row.item;
    std::string verdict, reasons, note, crop, picture;
    int required = 0;
    storage::for_each_row(
        tx,
        "SELECT item, title, required, verdict, basis, carried, reasons, note, crop, picture, staff FROM review_items WHERE "
        "order_no = :no AND revision = :revision ORDER BY place, item",
        std::tie(item.wanted.code, item.wanted.title, required, verdict, row.basis, item.carried, reasons, note, crop, picture,
                 item.staff),
        [&] {
            item.wanted.required = required != 0;
            item.verdict = verdict_from(verdict);
            item.fault = fault_from(reasons, note, crop, picture);
            rows.push_back(row);
        },
        no, revision);
    return rows;
}

// What was filled in, without the papers and the money: the same text as long as the applicant has not corrected it.
std::string form_basis(const orders::Order& order) {
    json form = orders::to_json(order);
    form.erase("submissions");
    form.erase("payment");
    return sha256_hex(form.dump());
}

const Row* find(const std::vector<Row>& rows, const std::string& item) {
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.item.wanted.code == item; });
    return found == rows.end() ? nullptr : &*found;
}

// What an item of the earlier submission means for this one.
void begin_from(Item& item, const Row& before, int revision, const DeskOrder& order, const std::vector<PageKnown>& pages,
                const std::vector<PageKnown>& pages_before) {
    if (before.item.verdict == ItemVerdict::faulted) {
        item.said = said_about(before.item);
        item.said_page = before.item.fault.crop.page;
        return;
    }
    if (before.item.verdict != ItemVerdict::accepted) return;
    const bool form = item.wanted.code == kFormItem;
    if (!form && (pages.empty() || pages_before.empty())) return;  // not known yet: open
    const bool same = form ? before.basis == form_basis(order.order) : same_paper(pages, pages_before, item.wanted.code);
    if (same) {
        item.verdict = ItemVerdict::accepted;
        item.carried = before.item.carried != 0 ? before.item.carried : revision;
    } else {
        item.changed = true;
    }
}

}  // namespace

Items items_in(Tx& tx, const DeskOrder& order, const std::vector<ItemWanted>& wanted) {
    const std::string& no = order.order.no;
    const auto rows = rows_of(tx, no, order.revision);
    const int earlier =
        storage::one<int>(tx, "SELECT COALESCE(MAX(revision), 0) FROM review_items WHERE order_no = :no AND revision < :revision",
                          0, no, order.revision);
    const auto before = earlier > 0 ? rows_of(tx, no, earlier) : std::vector<Row>{};
    const auto pages = pages_in(tx, no, order.revision);
    const auto pages_before = earlier > 0 ? pages_in(tx, no, earlier) : std::vector<PageKnown>{};

    std::vector<ItemWanted> list = wanted;
    for (const auto* known : {&rows, &before})
        if (list.empty())
            for (const auto& row : *known) list.push_back(row.item.wanted);
    Items items;
    items.begun = earlier > 0;
    for (const auto& each : list) {
        Item item;
        item.wanted = each;
        if (const Row* old = find(before, each.code)) begin_from(item, *old, earlier, order, pages, pages_before);
        if (const Row* row = find(rows, each.code); row != nullptr && !row->item.staff.empty()) {
            item.verdict = row->item.verdict;
            item.fault = row->item.fault;
            item.staff = row->item.staff;
            item.carried = 0;
            items.begun = true;
        }
        for (const auto& page : pages)
            if (page.material == each.code) item.pages.push_back(page.number);
        items.list.push_back(std::move(item));
    }
    return items;
}

void keep_items(Tx& tx, const DeskOrder& order, const Items& items) {
    const std::string& no = order.order.no;
    std::map<std::string, std::int64_t> judged;
    std::string code;
    std::int64_t at = 0;
    storage::for_each_row(
        tx, "SELECT item, at FROM review_items WHERE order_no = :no AND revision = :revision", std::tie(code, at),
        [&] { judged[code] = at; }, no, order.revision);
    storage::change(tx, "DELETE FROM review_items WHERE order_no = :no AND revision = :revision", no, order.revision);
    int place = 0;
    for (const auto& item : items.list) {
        const bool faulted = item.verdict == ItemVerdict::faulted;
        const Fault fault = faulted ? item.fault : Fault{};
        const std::string basis =
            item.wanted.code == kFormItem && item.verdict == ItemVerdict::accepted ? form_basis(order.order) : std::string();
        const std::int64_t when = item.staff.empty() ? 0 : judged[item.wanted.code] != 0 ? judged[item.wanted.code] : tx.now.ms;
        const int required = item.wanted.required ? 1 : 0;
        const std::string verdict = name_of(item.verdict);
        storage::change(
            tx,
            "INSERT INTO review_items (order_no, revision, item, place, title, required, verdict, basis, carried, reasons, note, "
            "crop, picture, staff, at) VALUES (:no, :revision, :item, :place, :title, :required, :verdict, :basis, :carried, "
            ":reasons, :note, :crop, :picture, :staff, :at)",
            no, order.revision, item.wanted.code, place++, item.wanted.title, required, verdict, basis, item.carried,
            reasons_text(fault.reasons), fault.note, crop_text(fault.crop), crypto::base64(fault.picture), item.staff, when);
    }
}

Result<Items> items(Database& database, const std::string& no, const std::vector<ItemWanted>& wanted) {
    return database.read([&](Tx& tx) -> Result<Items> {
        SEALDESK_LET(order, orders::load(tx, no));
        return items_in(tx, order, wanted);
    });
}

Result<Items> judge(Database& database, const Actor& actor, const Seen& seen, const std::vector<ItemWanted>& wanted,
                    const std::string& item, ItemVerdict verdict, const Fault& fault) {
    SEALDESK_TRY(staff::require(actor, Role::reviewer));
    if (verdict == ItemVerdict::faulted) SEALDESK_TRY(check_fault(item, fault));
    return database.write([&](Tx& tx) -> Result<Items> {
        SEALDESK_LET(order, still_as_seen(tx, actor, seen));
        if (order.claimed_by != actor.login) return fail(ErrorKind::conflict, trf("订单 {} 不在您手里，请先领取", seen.no));
        Items all = items_in(tx, order, wanted);
        const auto found =
            std::find_if(all.list.begin(), all.list.end(), [&](const Item& each) { return each.wanted.code == item; });
        if (found == all.list.end()) return refused(trf("这个订单没有核对项 {}", item));
        found->verdict = verdict;
        found->fault = verdict == ItemVerdict::faulted ? fault : Fault{};
        found->staff = actor.login;
        found->carried = 0;
        all.begun = true;
        keep_items(tx, order, all);
        return all;
    });
}

}  // namespace sealdesk::review
