#include <nlohmann/json.hpp>

#include "audit/audit.h"
#include "base/translate.h"
#include "orders/number_ranges.h"
#include "shipping/handover.h"
#include "shipping/parcels.h"
#include "shipping/waybill.h"
#include "storage/rows.h"

namespace sealdesk::shipping {

using storage::Database;
using storage::Tx;

namespace {

template <class... Uses>
Result<std::vector<Shipment>> parcels_where(Tx& tx, const std::string& condition, const Uses&... uses) {
    std::vector<std::int64_t> ids;
    std::int64_t id = 0;
    storage::for_each_row(
        tx, "SELECT id FROM shipments WHERE " + condition, std::tie(id), [&] { ids.push_back(id); }, uses...);
    std::vector<Shipment> list;
    for (const auto each : ids) {
        SEALDESK_LET(shipment, load_shipment(tx, each));
        list.push_back(std::move(shipment));
    }
    return list;
}

Result<Manifest> load_manifest(Tx& tx, std::int64_t id) {
    Manifest manifest;
    std::string state;
    storage::for_each_row(
        tx,
        "SELECT m.id, m.number, m.courier, m.state, " + staff::person_in("m.opened_by") + ", m.opened_at, " +
            staff::person_in("m.closed_by") + ", m.closed_at, m.taken_by FROM manifests m WHERE m.id = :id",
        std::tie(manifest.id, manifest.number, manifest.courier, state, manifest.opened_by, manifest.opened_at.ms,
                 manifest.closed_by, manifest.closed_at.ms, manifest.taken_by),
        [] {}, id);
    if (manifest.id == 0) return refused(trf("没有编号为 {} 的交接清单", id));
    manifest.closed = state == "closed";
    SEALDESK_LET(parcels, parcels_where(tx, "manifest_id = :id ORDER BY id", id));
    manifest.parcels = std::move(parcels);
    return manifest;
}

template <class... Uses>
Result<std::vector<Manifest>> manifests_where(Tx& tx, const std::string& condition, const Uses&... uses) {
    std::vector<std::int64_t> ids;
    std::int64_t id = 0;
    storage::for_each_row(
        tx, "SELECT id FROM manifests WHERE " + condition, std::tie(id), [&] { ids.push_back(id); }, uses...);
    std::vector<Manifest> list;
    for (const auto each : ids) {
        SEALDESK_LET(manifest, load_manifest(tx, each));
        list.push_back(std::move(manifest));
    }
    return list;
}

Result<Shipment> parcel_with(Tx& tx, const std::string& code) {
    const std::string waybill = folded_waybill(code);
    std::int64_t id = 0;
    std::string state, reason;
    if (!waybill.empty())
        storage::for_each_row(
            tx, "SELECT shipment_id, state, reason FROM waybills WHERE waybill = :waybill", std::tie(id, state, reason), [] {},
            waybill);
    // What is on record is known, whatever it looks like; anything else may have been read or typed wrong.
    if (id == 0) {
        SEALDESK_TRY(check_waybill(code));
    }
    if (id == 0) return refused(trf("没有快递单号是 {} 的包裹", waybill));
    if (state != "live") return refused(trf("快递单号 {} 已作废（{}），请换上新面单", waybill, reason));
    SEALDESK_LET(shipment, load_shipment(tx, id));
    if (shipment.state == ShipmentState::handed_over)
        return fail(ErrorKind::conflict, trf("包裹 {} 已经在 {} 交出", waybill, date_time(shipment.handed_over_at)));
    if (shipment.manifest != 0) return fail(ErrorKind::conflict, trf("包裹 {} 已经扫描过了", waybill));
    if (!shipment.stale.empty()) return refused(shipment.stale);
    if (!shipment.blocked.empty()) return fail(ErrorKind::conflict, shipment.blocked);
    return shipment;
}

}  // namespace

int Manifest::keys() const {
    int count = 0;
    for (const auto& parcel : parcels)
        for (const auto& content : parcel.contents) count += content.quantity;
    return count;
}

Result<Manifest> scan_out(Database& database, const staff::Actor& actor, const std::string& code) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    return database.write([&](Tx& tx) -> Result<Manifest> {
        SEALDESK_LET(shipment, parcel_with(tx, code));
        auto id = storage::one<std::int64_t>(tx, "SELECT id FROM manifests WHERE state = 'open' AND courier = :courier", 0,
                                             shipment.courier);
        if (id == 0)
            id = storage::one<std::int64_t>(
                tx,
                "INSERT INTO manifests (courier, state, opened_by, opened_at) VALUES (:courier, 'open', :by, :at) RETURNING id",
                0, shipment.courier, actor.login, tx.now.ms);
        storage::change(tx, "UPDATE shipments SET manifest_id = :manifest WHERE id = :id", id, shipment.id);
        return load_manifest(tx, id);
    });
}

Result<Sent> hand_over_all(Database& database, const staff::Actor& actor) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    SEALDESK_LET(parcels, waiting(database));
    Sent sent;
    for (const auto& parcel : parcels) {
        if (parcel.delivery.method == orders::DeliveryMethod::pickup) continue;
        const auto out = hand_over(database, actor, parcel.id);
        if (out) {
            ++sent.count;
            continue;
        }
        // Without the store nothing else would go either.
        if (out.error().kind == ErrorKind::unavailable || out.error().kind == ErrorKind::internal) return Failure(out.error());
        const std::string name = parcel.waybill.empty() ? parcel.delivery.recipient : parcel.waybill;
        sent.stayed.push_back(trf("包裹 {}：{}", name, out.error().message));
    }
    return sent;
}

Result<> keep_back(Database& database, const staff::Actor& actor, std::int64_t shipment_id) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    return database.write([&](Tx& tx) -> Result<> {
        if (storage::change(tx, "UPDATE shipments SET manifest_id = 0 WHERE id = :id AND state = 'packed' AND manifest_id > 0",
                            shipment_id) == 0)
            return fail(ErrorKind::conflict, tr("包裹不在还没有交出的清单里"));
        return {};
    });
}

Result<Manifest> close_manifest(Database& database, const staff::Actor& actor, std::int64_t id, const std::string& taken_by) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    return database.write([&](Tx& tx) -> Result<Manifest> {
        SEALDESK_LET(manifest, load_manifest(tx, id));
        if (manifest.closed)
            return fail(ErrorKind::conflict, trf("这份交接清单已经在 {} 交接完成", date_time(manifest.closed_at)));
        if (manifest.parcels.empty()) return refused(tr("清单里还没有包裹，先扫描要交出的面单"));
        for (const auto& parcel : manifest.parcels) {
            if (parcel.state == ShipmentState::handed_over) continue;
            if (!parcel.blocked.empty()) return fail(ErrorKind::conflict, trf("包裹 {}：{}", parcel.waybill, parcel.blocked));
            // The address may have been corrected after it was scanned.
            if (!parcel.stale.empty()) return refused(trf("包裹 {}：{}", parcel.waybill, parcel.stale));
            SEALDESK_TRY(send_off(tx, actor.login, parcel));
        }
        SEALDESK_LET(number, orders::take(tx, "manifest"));
        storage::change(tx,
                        "UPDATE manifests SET number = :number, state = 'closed', closed_by = :by, closed_at = :at, taken_by = "
                        ":taken WHERE id = :id",
                        number, actor.login, tx.now.ms, taken_by, id);
        audit::append(
            tx, actor.login, "shipping.manifest", std::to_string(id),
            nlohmann::json{
                {"number", number}, {"courier", manifest.courier}, {"parcels", manifest.parcels.size()}, {"taken_by", taken_by}}
                .dump());
        return load_manifest(tx, id);
    });
}

Result<Manifest> manifest(Database& database, std::int64_t id) {
    return database.read([&](Tx& tx) { return load_manifest(tx, id); });
}

Result<Manifest> manifest_numbered(Database& database, const std::string& number) {
    return database.read([&](Tx& tx) -> Result<Manifest> {
        const auto id =
            number.empty() ? 0 : storage::one<std::int64_t>(tx, "SELECT id FROM manifests WHERE number = :number", 0, number);
        if (id == 0) return refused(trf("没有号码是 {} 的交接清单", number));
        return load_manifest(tx, id);
    });
}

Result<std::vector<Manifest>> open_manifests(Database& database) {
    return database.read([&](Tx& tx) { return manifests_where(tx, "state = 'open' ORDER BY id"); });
}

Result<std::vector<Manifest>> manifests_on(Database& database, Day day) {
    return database.read([&](Tx& tx) {
        const auto from = start_of(day).ms, until = start_of(next(day)).ms;
        return manifests_where(tx, "closed_at >= :from AND closed_at < :until ORDER BY id DESC", from, until);
    });
}

Result<std::vector<Shipment>> not_handed_over(Database& database) {
    return database.read(
        [&](Tx& tx) { return parcels_where(tx, "state = 'packed' AND waybill <> '' AND manifest_id = 0 ORDER BY id"); });
}

}  // namespace sealdesk::shipping
