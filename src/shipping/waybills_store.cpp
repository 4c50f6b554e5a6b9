#include "shipping/waybills.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "audit/audit.h"
#include "base/translate.h"
#include "base/words.h"
#include "crypto/random.h"
#include "orders/number_ranges.h"
#include "search/search.h"
#include "shipping/parcels.h"
#include "shipping/waybill.h"
#include "storage/rows.h"

namespace sealdesk::shipping {

using storage::Database;
using storage::Tx;

namespace {

constexpr std::array<Word<WaybillState>, 5> kStates{{{WaybillState::asking, "asking", "正在取号"},
                                                     {WaybillState::failed, "failed", "取号失败"},
                                                     {WaybillState::live, "live", "有效"},
                                                     {WaybillState::cancelling, "cancelling", "正在取消"},
                                                     {WaybillState::voided, "voided", "已作废"}}};
constexpr std::int64_t kRetry = 5 * kSecond, kLongestRetry = 10 * kMinute;

std::vector<Waybill> waybills_where(Tx& tx, const std::string& condition, const std::int64_t* use = nullptr) {
    std::vector<Waybill> list;
    Waybill row;
    std::string source, state;
    const std::string text =
        "SELECT id, shipment_id, reference, source, courier, waybill, state, place, routing, courier_order, reason, attempts, "
        "next_try, asked_by, asked_at, changed_at FROM waybills WHERE " +
        condition;
    const auto columns =
        std::tie(row.id, row.shipment_id, row.reference, source, row.courier, row.waybill, state, row.place, row.routing,
                 row.courier_order, row.reason, row.attempts, row.next_try.ms, row.asked_by, row.asked_at.ms, row.changed_at.ms);
    const auto each = [&] {
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

Result<Waybill> load_waybill(Tx& tx, std::int64_t id) {
    auto list = waybills_where(tx, "id = :id", &id);
    if (list.empty()) return refused(trf("没有编号为 {} 的取号记录", id));
    return list.front();
}

std::optional<Waybill> current_of(Tx& tx, std::int64_t shipment_id) {
    auto list = waybills_where(tx, "shipment_id = :id AND state IN ('asking', 'failed', 'live')", &shipment_id);
    return list.empty() ? std::nullopt : std::optional(list.front());
}

void save(Tx& tx, const Waybill& row) {
    const std::string state = name_of(row.state);
    storage::change(tx,
                    "UPDATE waybills SET courier = :courier, waybill = :waybill, state = :state, place = :place, routing = "
                    ":routing, courier_order = :order, reason = :reason, attempts = :attempts, next_try = :next, changed_at = "
                    ":at WHERE id = :id",
                    row.courier, row.waybill, state, row.place, row.routing, row.courier_order, row.reason, row.attempts,
                    row.next_try.ms, tx.now.ms, row.id);
}

void note(Tx& tx, const std::string& actor, const char* action, const Waybill& row) {
    for (const auto& no : orders_in(tx, row.shipment_id))
        audit::append(
            tx, actor, action, no,
            nlohmann::json{
                {"shipment", row.shipment_id}, {"waybill", row.waybill}, {"reference", row.reference}, {"reason", row.reason}}
                .dump());
}

// The number is the parcel's from now on.
void give(Tx& tx, const Waybill& row) {
    storage::change(tx, "UPDATE shipments SET waybill = :waybill, courier = :courier WHERE id = :id", row.waybill, row.courier,
                    row.shipment_id);
    for (const auto& no : orders_in(tx, row.shipment_id)) search::add(tx, no, {search::Kind::waybill, row.waybill});
}

bool is_used(Tx& tx, const std::string& waybill) {
    return storage::one<std::int64_t>(tx, "SELECT COUNT(*) FROM waybills WHERE waybill = :waybill", 0, waybill) > 0;
}

Result<std::string> own_number(Tx& tx, const NumberFrom& from) {
    if (from.source == Source::typed) {
        SEALDESK_LET(waybill, check_waybill(from.typed));
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
    // What the courier refused never had a number there.
    const bool told = (row.source == Source::kuaidi100 || row.source == Source::sf) && row.state != WaybillState::failed;
    row.state = told ? WaybillState::cancelling : WaybillState::voided;
    row.reason = reason;
    row.attempts = 0;
    row.next_try = {};
    save(tx, row);
    storage::change(tx, "UPDATE shipments SET waybill = '', printed_place = '', manifest_id = 0 WHERE id = :id", row.shipment_id);
    note(tx, actor, "shipping.void", row);
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
        if (row.courier.empty()) row.courier = courier_of(number);
        row.state = WaybillState::live;
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
        return waybills_where(tx, "state IN ('asking', 'failed', 'cancelling') ORDER BY id");
    });
}

namespace {

// What the courier said, written down. The row may have been changed meanwhile: a number that came too late is kept on it.
Result<Waybill> write_answer(Database& database, std::int64_t id, const Result<Taken>& answer) {
    return database.write([&](Tx& tx) -> Result<Waybill> {
        SEALDESK_LET(row, load_waybill(tx, id));
        if (row.state == WaybillState::voided || row.state == WaybillState::live) return row;
        if (answer && row.waybill.empty()) {
            row.waybill = answer->waybill;
            row.courier = answer->courier;
            row.courier_order = answer->courier_order;
            row.routing = answer->routing;
            row.attempts = 0;
            row.next_try = {};
            if (row.state != WaybillState::cancelling) {
                row.state = WaybillState::live;
                row.reason.clear();
            }
            if (is_used(tx, row.waybill)) {
                row.reason = trf("快递单号 {} 已经用在另一个包裹上", row.waybill);
                row.waybill.clear();
                row.state = WaybillState::failed;
            }
            save(tx, row);
            if (row.state == WaybillState::live) {
                give(tx, row);
                note(tx, "desk", "shipping.waybill", row);
            }
            return row;
        }
        if (!answer) {
            ++row.attempts;
            const bool unknown = answer.error().kind == ErrorKind::unavailable;
            if (!unknown && row.state == WaybillState::cancelling) {
                row.state = WaybillState::voided;  // it never gave a number: there is nothing to take back
            } else {
                row.reason = row.state == WaybillState::cancelling ? row.reason : answer.error().message;
                row.state = unknown ? row.state : WaybillState::failed;
                row.next_try = tx.now + std::min(kLongestRetry, kRetry << std::min(row.attempts, 7));
            }
            save(tx, row);
        }
        return row;
    });
}

Result<Waybill> write_cancelled(Database& database, std::int64_t id, const Result<>& answer) {
    return database.write([&](Tx& tx) -> Result<Waybill> {
        SEALDESK_LET(row, load_waybill(tx, id));
        if (row.state != WaybillState::cancelling) return row;
        if (answer) {
            row.state = WaybillState::voided;
        } else {
            ++row.attempts;
            row.next_try = tx.now + std::min(kLongestRetry, kRetry << std::min(row.attempts, 7));
        }
        save(tx, row);
        if (answer) note(tx, "desk", "shipping.voided", row);
        return row;
    });
}

LabelOrder order_for(const Shipment& shipment, const Waybill& row, const Contact& sender) {
    LabelOrder order;
    order.reference = row.reference;
    order.courier = row.courier;
    order.sender = sender;
    order.recipient = {shipment.delivery.recipient, "", shipment.delivery.mobile, shipment.delivery.address};
    order.keys = 0;
    for (const auto& content : shipment.contents) {
        order.keys += content.quantity;
        order.remark += (order.remark.empty() ? "" : " ") + content.order_no;
    }
    constexpr size_t kRemark = 100;
    if (order.remark.size() > kRemark) order.remark = trf("{} 单", shipment.contents.size());
    return order;
}

}  // namespace

Result<Waybill> obtain(Database& database, const Couriers& couriers, std::int64_t waybill_id, std::stop_token stop) {
    struct Job {
        Waybill row;
        Shipment shipment;
    };
    SEALDESK_LET(job, database.read([&](Tx& tx) -> Result<Job> {
        SEALDESK_LET(row, load_waybill(tx, waybill_id));
        SEALDESK_LET(shipment, load_shipment(tx, row.shipment_id));
        return Job{row, shipment};
    }));
    const bool cancelling = job.row.state == WaybillState::cancelling;
    if (job.row.state != WaybillState::asking && !cancelling) return job.row;
    Courier* courier = couriers.find(job.row.source);
    if (courier == nullptr)
        return write_answer(database, waybill_id,
                            fail(cancelling ? ErrorKind::unavailable : ErrorKind::denied,
                                 trf("这个工位没有设置{}的账号", word_of(job.row.source))));
    if (job.row.waybill.empty()) {
        // Also before cancelling: whether it gave a number is asked with the same reference.
        SEALDESK_LET(row,
                     write_answer(database, waybill_id, courier->order(order_for(job.shipment, job.row, couriers.sender), stop)));
        if (!cancelling || row.state != WaybillState::cancelling || row.waybill.empty()) return row;
        job.row = row;
    }
    return write_cancelled(
        database, waybill_id,
        courier->cancel({job.row.reference, job.row.courier, job.row.waybill, job.row.courier_order, job.row.reason}, stop));
}

Result<int> obtain_due(Database& database, const Couriers& couriers, std::stop_token stop) {
    SEALDESK_LET(open, waybills_open(database));
    int settled = 0;
    for (const auto& row : open) {
        if (stop.stop_requested()) break;
        if (row.state == WaybillState::failed || row.next_try > database.now()) continue;
        SEALDESK_LET(now, obtain(database, couriers, row.id, stop));
        settled += now.state != row.state ? 1 : 0;
    }
    return settled;
}

Result<> retry_waybill(Database& database, const staff::Actor& actor, std::int64_t waybill_id) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    return database.write([&](Tx& tx) -> Result<> {
        SEALDESK_LET(row, load_waybill(tx, waybill_id));
        if (row.state != WaybillState::failed && row.state != WaybillState::asking)
            return fail(ErrorKind::conflict, trf("这次取号已经结束：{}", word_of(row.state)));
        row.state = WaybillState::asking;
        row.next_try = {};
        save(tx, row);
        note(tx, actor.login, "shipping.retry", row);
        return {};
    });
}

Result<Shipment> correct_place(Database& database, const staff::Actor& actor, std::int64_t shipment_id,
                               const orders::Delivery& place) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    if (place.recipient.empty() || place.mobile.empty() || place.address.empty())
        return refused(tr("收件人、手机和地址都要填写"));
    return database.write([&](Tx& tx) -> Result<Shipment> {
        SEALDESK_LET(shipment, still_here(tx, shipment_id));
        storage::change(tx, "UPDATE shipments SET recipient = :recipient, mobile = :mobile, address = :address WHERE id = :id",
                        place.recipient, place.mobile, place.address, shipment_id);
        for (const auto& content : shipment.contents)
            audit::append(tx, actor.login, "shipping.correct", content.order_no,
                          nlohmann::json{{"shipment", shipment_id}, {"address", place.address}}.dump());
        auto row = current_of(tx, shipment_id);
        orders::Delivery now = place;
        now.method = shipment.delivery.method;
        if (row && row->place != place_key(now)) {
            const bool told = row->source == Source::kuaidi100 || row->source == Source::sf;
            if (told && row->state != WaybillState::failed) {
                withdraw(tx, actor.login, *row, tr("收件信息已更正"));
                SEALDESK_TRY(begin_waybill(tx, actor, shipment_id, now, {row->source, row->courier, ""}));
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
                                const std::string& reason) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    if (reason.empty()) return refused(tr("换单号要写明原因"));
    return database.write([&](Tx& tx) -> Result<Shipment> {
        SEALDESK_LET(shipment, still_here(tx, shipment_id));
        if (const auto row = current_of(tx, shipment_id)) withdraw(tx, actor.login, *row, reason);
        SEALDESK_LET(row, begin_waybill(tx, actor, shipment_id, shipment.delivery, from));
        storage::change(tx, "UPDATE shipments SET papers_due = 1 WHERE id = :id", shipment_id);
        note(tx, actor.login, "shipping.waybill", row);
        return load_shipment(tx, shipment_id);
    });
}

}  // namespace sealdesk::shipping
