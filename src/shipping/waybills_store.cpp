#include "shipping/waybills.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "audit/audit.h"
#include "base/text.h"
#include "base/translate.h"
#include "base/words.h"
#include "crypto/random.h"
#include "orders/number_ranges.h"
#include "search/search.h"
#include "shipping/parcels.h"
#include "shipping/waybill.h"
#include "shipping/waybill_rows.h"
#include "storage/rows.h"

namespace sealdesk::shipping {

using storage::Database;
using storage::Tx;

namespace {

constexpr std::array<Word<WaybillState>, 6> kStates{{{WaybillState::asking, "asking", "正在取号"},
                                                     {WaybillState::failed, "failed", "取号失败"},
                                                     {WaybillState::live, "live", "有效"},
                                                     {WaybillState::cancelling, "cancelling", "正在取消"},
                                                     {WaybillState::stuck, "stuck", "没有取消成功"},
                                                     {WaybillState::voided, "voided", "已作废"}}};

std::vector<Waybill> waybills_where(Tx& tx, const std::string& condition, const std::int64_t* use = nullptr) {
    std::vector<Waybill> list;
    Waybill row;
    std::string source, state;
    int maybe_there = 0;
    const std::string text =
        "SELECT id, shipment_id, reference, source, courier, waybill, state, place, routing, courier_order, reason, said, "
        "maybe_there, first_asked, attempts, next_try, asked_by, asked_at, changed_at FROM waybills WHERE " +
        condition;
    const auto columns = std::tie(row.id, row.shipment_id, row.reference, source, row.courier, row.waybill, state, row.place,
                                  row.routing, row.courier_order, row.reason, row.said, maybe_there, row.first_asked.ms,
                                  row.attempts, row.next_try.ms, row.asked_by, row.asked_at.ms, row.changed_at.ms);
    const auto each = [&] {
        row.maybe_there = maybe_there != 0;
        row.source = parse_source(source);
        row.state = value_of(kStates, state).value_or(WaybillState::failed);
        list.push_back(row);
    };
    if (use != nullptr)
        storage::for_each_row(tx, text, columns, each, *use);
    else
        storage::for_each_row(tx, text, columns, each);
    return list;
}

}  // namespace

// The orders in its parcel; when that was unpacked, those whose KEYs lay in it.
static std::vector<std::string> orders_of_number(Tx& tx, const Waybill& row) {
    auto numbers = orders_in(tx, row.shipment_id);
    if (!numbers.empty()) return numbers;
    std::string no;
    storage::for_each_row(
        tx,
        "SELECT DISTINCT k.order_no FROM packed_keys p JOIN keys k ON k.serial = p.serial WHERE p.shipment_id = :id AND "
        "k.order_no <> '' ORDER BY k.order_no",
        std::tie(no), [&] { numbers.push_back(no); }, row.shipment_id);
    return numbers;
}

namespace waybill_rows {

Result<Waybill> load_waybill(Tx& tx, std::int64_t id) {
    auto list = waybills_where(tx, "id = :id", &id);
    if (list.empty()) return refused(trf("没有编号为 {} 的取号记录", id));
    return list.front();
}

void save(Tx& tx, const Waybill& row) {
    const std::string state = name_of(row.state);
    const int maybe_there = row.maybe_there ? 1 : 0;
    storage::change(tx,
                    "UPDATE waybills SET courier = :courier, waybill = :waybill, state = :state, place = :place, routing = "
                    ":routing, courier_order = :order, reason = :reason, said = :said, maybe_there = :maybe, first_asked = "
                    ":first, attempts = :attempts, next_try = :next, changed_at = :at WHERE id = :id",
                    row.courier, row.waybill, state, row.place, row.routing, row.courier_order, row.reason, row.said, maybe_there,
                    row.first_asked.ms, row.attempts, row.next_try.ms, tx.now.ms, row.id);
}

void note(Tx& tx, const std::string& actor, const char* action, const Waybill& row) {
    for (const auto& no : orders_of_number(tx, row))
        audit::append(
            tx, actor, action, no,
            nlohmann::json{
                {"shipment", row.shipment_id}, {"waybill", row.waybill}, {"reference", row.reference}, {"reason", row.reason}}
                .dump());
}

void give(Tx& tx, const Waybill& row) {
    storage::change(tx, "UPDATE shipments SET waybill = :waybill, courier = :courier WHERE id = :id", row.waybill, row.courier,
                    row.shipment_id);
    for (const auto& no : orders_in(tx, row.shipment_id)) search::add(tx, no, {search::Kind::waybill, row.waybill});
}

bool is_too_old(const Waybill& row, Instant now) {
    return row.source == Source::kuaidi100 && row.first_asked && now - row.first_asked >= kReferenceLasts;
}

bool is_used(Tx& tx, const std::string& waybill) {
    return storage::one<std::int64_t>(tx, "SELECT COUNT(*) FROM waybills WHERE waybill = :waybill", 0, waybill) > 0;
}

}  // namespace waybill_rows

using namespace waybill_rows;

namespace {

std::optional<Waybill> current_of(Tx& tx, std::int64_t shipment_id) {
    auto list = waybills_where(tx, "shipment_id = :id AND state IN ('asking', 'failed', 'live')", &shipment_id);
    return list.empty() ? std::nullopt : std::optional(list.front());
}

bool is_told(const Waybill& row) { return row.source == Source::kuaidi100 || row.source == Source::sf; }

Result<std::string> own_number(Tx& tx, const NumberFrom& from) {
    if (from.source == Source::typed) {
        SEALDESK_LET(waybill, check_waybill(from.typed));
        SEALDESK_TRY(fits_label(waybill));
        if (is_used(tx, waybill)) return fail(ErrorKind::conflict, trf("快递单号 {} 已经用在另一个包裹上", waybill));
        return waybill;
    }
    // A number of the range may have been typed before its turn: it is used, not lost.
    for (;;) {
        SEALDESK_LET(waybill, orders::take(tx, "waybill"));
        if (!is_used(tx, waybill)) return waybill;
    }
}

// Takes the number away from the parcel.
void withdraw(Tx& tx, const std::string& actor, Waybill row, const std::string& reason) {
    // What the courier clearly refused, or was never asked for, has no number there.
    const bool there = is_told(row) && (!row.waybill.empty() || row.maybe_there);
    row.state = there ? WaybillState::cancelling : WaybillState::voided;
    row.reason = reason;
    row.attempts = 0;
    row.next_try = {};
    save(tx, row);
    // What is printed with the next number is due again.
    storage::change(
        tx,
        "UPDATE shipments SET waybill = '', printed_place = '', manifest_id = 0, papers_due = 1, papers_trouble = '', "
        "papers_after = 0 WHERE id = :id",
        row.shipment_id);
    note(tx, actor, "shipping.void", row);
}

void printed_by(Tx& tx, std::int64_t shipment_id, const std::string& desk) {
    if (!desk.empty()) storage::change(tx, "UPDATE shipments SET papers_desk = :desk WHERE id = :id", desk, shipment_id);
}

// Out of the house, apart, or over the counter: there is no number to change.
Result<Shipment> still_here(Tx& tx, std::int64_t id) {
    SEALDESK_LET(shipment, load_shipment(tx, id));
    if (shipment.state == ShipmentState::handed_over) return fail(ErrorKind::conflict, tr("包裹已经交出，不能再改"));
    if (shipment.state == ShipmentState::unpacked) return fail(ErrorKind::conflict, trf("包裹 {} 已经拆开", id));
    if (shipment.delivery.method == orders::DeliveryMethod::pickup) return refused(tr("自取的包裹不用快递单号"));
    return shipment;
}

}  // namespace

void take_number_back(Tx& tx, const std::string& login, std::int64_t shipment_id, const std::string& reason) {
    if (const auto row = current_of(tx, shipment_id)) withdraw(tx, login, *row, reason);
}

const char* name_of(WaybillState state) { return entry_of(kStates, state).name; }
const char* word_of(WaybillState state) { return tr(entry_of(kStates, state).words); }

Result<Waybill> begin_waybill(Tx& tx, const staff::Actor& actor, std::int64_t shipment_id, const orders::Delivery& delivery,
                              const NumberFrom& from) {
    Waybill row;
    row.shipment_id = shipment_id;
    row.reference = "SD" + crypto::uuid(tx.random);
    row.source = from.source;
    row.courier = from.source == Source::sf ? "shunfeng" : from.courier;
    row.place = place_key(delivery);
    row.state = WaybillState::asking;
    row.asked_by = actor.login;
    if (from.source == Source::range || from.source == Source::typed) {
        SEALDESK_LET(number, own_number(tx, from));
        row.waybill = number;
        row.state = WaybillState::live;
        if (row.courier.empty()) row.courier = guess_courier(number);
        const auto& known = known_couriers();
        if (from.source == Source::typed && row.courier.empty())
            return refused(trf("看不出 {} 是哪家快递的单号，请选择快递公司", number));
        if (from.source == Source::typed && std::find(known.begin(), known.end(), row.courier) == known.end())
            return refused(trf("不认识的快递公司“{}”", row.courier));
    } else if (from.source == Source::kuaidi100 && from.courier.empty()) {
        return refused(tr("快递100 取号要先选择快递公司"));
    }
    const std::string source = name_of(row.source), state = name_of(row.state);
    row.id = storage::one<std::int64_t>(
        tx,
        "INSERT INTO waybills (shipment_id, reference, source, courier, waybill, state, place, asked_by, asked_at, changed_at) "
        "VALUES (:shipment, :reference, :source, :courier, :waybill, :state, :place, :by, :at, :changed) RETURNING id",
        0, shipment_id, row.reference, source, row.courier, row.waybill, state, row.place, actor.login, tx.now.ms, tx.now.ms);
    if (row.state == WaybillState::live) give(tx, row);
    return row;
}

Result<std::vector<Waybill>> waybills_of(Database& database, std::int64_t shipment_id) {
    return database.read([&](Tx& tx) -> Result<std::vector<Waybill>> {
        return waybills_where(tx, "shipment_id = :id ORDER BY id DESC", &shipment_id);
    });
}

Result<std::vector<Waybill>> waybills_open(Database& database) {
    return database.read([&](Tx& tx) -> Result<std::vector<Waybill>> {
        return waybills_where(tx, "state IN ('asking', 'failed', 'cancelling', 'stuck') ORDER BY id");
    });
}

namespace {

// The same once more under a new reference; the courier is asked to take back what it may have given for the old one.
Result<> ask_anew(Tx& tx, const staff::Actor& actor, const Waybill& row, const orders::Delivery& place,
                  const std::string& reason) {
    withdraw(tx, actor.login, row, reason);
    SEALDESK_TRY(begin_waybill(tx, actor, row.shipment_id, place, {row.source, row.courier, ""}));
    return {};
}

}  // namespace

Result<> retry_waybill(Database& database, const staff::Actor& actor, std::int64_t waybill_id) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    return database.write([&](Tx& tx) -> Result<> {
        SEALDESK_LET(row, load_waybill(tx, waybill_id));
        const bool stuck = row.state == WaybillState::stuck;
        if (row.state != WaybillState::failed && row.state != WaybillState::asking && !stuck)
            return fail(ErrorKind::conflict, trf("这次取号已经结束：{}", word_of(row.state)));
        note(tx, actor.login, "shipping.retry", row);
        if (!stuck && is_too_old(row, tx.now)) {
            SEALDESK_LET(shipment, load_shipment(tx, row.shipment_id));
            return ask_anew(tx, actor, row, shipment.delivery, row.reason);
        }
        row.state = stuck ? WaybillState::cancelling : WaybillState::asking;
        row.next_try = {};
        save(tx, row);
        return {};
    });
}

Result<> settle_waybill(Database& database, const staff::Actor& actor, std::int64_t waybill_id, const std::string& note_of_it) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    if (trimmed(note_of_it).empty()) return refused(tr("请写下向快递公司核实的结果"));
    return database.write([&](Tx& tx) -> Result<> {
        SEALDESK_LET(row, load_waybill(tx, waybill_id));
        if (row.state != WaybillState::stuck) return fail(ErrorKind::conflict, trf("这个单号不用核实：{}", word_of(row.state)));
        row.state = WaybillState::voided;
        row.said = trimmed(note_of_it);
        save(tx, row);
        for (const auto& no : orders_of_number(tx, row))
            audit::append(tx, actor.login, "shipping.settle", no,
                          nlohmann::json{{"waybill", row.waybill}, {"reference", row.reference}, {"note", row.said}}.dump());
        return {};
    });
}

Result<Shipment> correct_place(Database& database, const staff::Actor& actor, std::int64_t shipment_id,
                               const orders::Delivery& place, const std::string& desk) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    if (place.recipient.empty() || place.mobile.empty() || place.address.empty())
        return refused(tr("收件人、手机和地址都要填写"));
    return database.write([&](Tx& tx) -> Result<Shipment> {
        SEALDESK_LET(shipment, still_here(tx, shipment_id));
        storage::change(tx,
                        "UPDATE shipments SET recipient = :recipient, mobile = :mobile, address = :address, papers_trouble = '' "
                        "WHERE id = :id",
                        place.recipient, place.mobile, place.address, shipment_id);
        for (const auto& content : shipment.contents)
            audit::append(tx, actor.login, "shipping.correct", content.order_no,
                          nlohmann::json{{"shipment", shipment_id}, {"address", place.address}}.dump());
        printed_by(tx, shipment_id, desk);
        auto row = current_of(tx, shipment_id);
        orders::Delivery now = place;
        now.method = shipment.delivery.method;
        if (row && row->place != place_key(now)) {
            if (is_told(*row) && (!row->waybill.empty() || row->maybe_there)) {
                SEALDESK_TRY(ask_anew(tx, actor, *row, now, tr("收件信息已更正")));
            } else {
                row->place = place_key(now);
                if (row->state == WaybillState::failed) row->state = WaybillState::asking;
                row->next_try = {};
                save(tx, *row);
            }
        }
        return load_shipment(tx, shipment_id);
    });
}

Result<Shipment> change_waybill(Database& database, const staff::Actor& actor, std::int64_t shipment_id, const NumberFrom& from,
                                const std::string& reason, const std::string& desk) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    if (trimmed(reason).empty()) return refused(tr("换单号要写明原因"));
    return database.write([&](Tx& tx) -> Result<Shipment> {
        SEALDESK_LET(shipment, still_here(tx, shipment_id));
        if (const auto row = current_of(tx, shipment_id)) withdraw(tx, actor.login, *row, reason);
        SEALDESK_LET(row, begin_waybill(tx, actor, shipment_id, shipment.delivery, from));
        printed_by(tx, shipment_id, desk);
        storage::change(tx, "UPDATE shipments SET papers_due = 1, papers_trouble = '' WHERE id = :id", shipment_id);
        note(tx, actor.login, "shipping.waybill", row);
        return load_shipment(tx, shipment_id);
    });
}

}  // namespace sealdesk::shipping
