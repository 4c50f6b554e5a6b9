#include <nlohmann/json.hpp>

#include "audit/audit.h"
#include "base/translate.h"
#include "shipping/parcels.h"
#include "shipping/tracking.h"
#include "storage/rows.h"

namespace sealdesk::shipping {

using storage::Database;
using storage::Tx;

Result<> take_track(Database& database, const std::string& waybill, const Track& track) {
    return database.write([&](Tx& tx) -> Result<> {
        const auto id = storage::one<std::int64_t>(tx, "SELECT id FROM shipments WHERE waybill = :waybill", 0, waybill);
        if (waybill.empty() || id == 0) return refused(trf("没有快递单号是 {} 的包裹", waybill));
        Instant last;
        for (const auto& step : track.steps) {
            storage::change(tx,
                            "INSERT INTO tracking (waybill, at, text, code) VALUES (:waybill, :at, :text, :code) ON CONFLICT DO "
                            "NOTHING",
                            waybill, step.at.ms, step.text, step.code);
            last = std::max(last, step.at);
        }
        const std::int64_t delivered = last ? last.ms : tx.now.ms;
        if (track.delivered)
            storage::change(tx, "UPDATE shipments SET delivered_at = :at WHERE id = :id AND delivered_at = 0", delivered, id);
        return {};
    });
}

Result<int> poll_due(Database& database, const Couriers& couriers, int limit, std::stop_token stop) {
    struct Ask {
        std::int64_t id = 0;
        std::string courier, waybill, mobile, source;
    };
    SEALDESK_LET(due, database.read([&](Tx& tx) -> Result<std::vector<Ask>> {
        std::vector<Ask> list;
        Ask row;
        const std::int64_t now = tx.now.ms, before = now - kAskAgain, since = now - kForgotten;
        // What nobody here can track waits for a desk that can, and is in nobody's way. Kuaidi100 knows every courier.
        const int every = couriers.find(Source::kuaidi100) != nullptr ? 1 : 0, sf = couriers.find(Source::sf) != nullptr ? 1 : 0;
        storage::for_each_row(
            tx,
            "SELECT s.id, s.courier, s.waybill, s.mobile, w.source FROM shipments s JOIN waybills w ON w.waybill = s.waybill "
            "WHERE s.state = 'handed_over' AND s.delivered_at = 0 AND s.waybill <> '' AND (s.asked_courier_at <= :before OR "
            // Asked before the clock went back: as is_due() has it.
            "s.asked_courier_at > :now) AND s.handed_over_at > :since AND s.courier <> '' AND (1 = :every OR (1 = :sf AND "
            "(w.source = 'sf' OR s.courier = 'shunfeng'))) ORDER BY s.asked_courier_at, s.id LIMIT :limit",
            std::tie(row.id, row.courier, row.waybill, row.mobile, row.source), [&] { list.push_back(row); }, before, now, since,
            every, sf, limit);
        return list;
    }));
    int answered = 0;
    for (const auto& ask : due) {
        if (stop.stop_requested()) break;
        // Who gave the number knows it best.
        Courier* courier = couriers.find(parse_source(ask.source));
        if (courier == nullptr && ask.courier == "shunfeng") courier = couriers.find(Source::sf);
        if (courier == nullptr) courier = couriers.find(Source::kuaidi100);
        // First: one that cannot be read must not keep its place at the head of the line.
        SEALDESK_TRY(database.write([&](Tx& tx) -> Result<> {
            storage::change(tx, "UPDATE shipments SET asked_courier_at = :at WHERE id = :id", tx.now.ms, ask.id);
            return {};
        }));
        if (courier == nullptr) continue;
        const auto track = courier->track(ask.courier, ask.waybill, ask.mobile, stop);
        if (!track) continue;
        SEALDESK_TRY(take_track(database, ask.waybill, *track));
        ++answered;
    }
    return answered;
}

Result<std::vector<TrackStep>> steps_of(Database& database, const std::string& waybill) {
    return database.read([&](Tx& tx) -> Result<std::vector<TrackStep>> {
        std::vector<TrackStep> list;
        TrackStep row;
        storage::for_each_row(
            tx, "SELECT at, text, code FROM tracking WHERE waybill = :waybill ORDER BY at DESC, text",
            std::tie(row.at.ms, row.text, row.code), [&] { list.push_back(row); }, waybill);
        return list;
    });
}

Result<> key_used(Database& database, const staff::Actor& actor, const std::string& serial) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    return database.write([&](Tx& tx) -> Result<> {
        std::string known, order_no;
        storage::for_each_row(
            tx, "SELECT serial, order_no FROM keys WHERE serial = :serial", std::tie(known, order_no), [] {}, serial);
        if (known.empty()) return refused(trf("没有序列号是 {} 的 KEY", serial));
        if (storage::change(tx, "INSERT INTO key_uses (serial, first_used_at) VALUES (:serial, :at) ON CONFLICT DO NOTHING",
                            serial, tx.now.ms) == 0)
            return {};
        audit::append(tx, actor.login, "shipping.used", order_no.empty() ? serial : order_no,
                      nlohmann::json{{"key", serial}}.dump());
        return {};
    });
}

Result<std::vector<FollowUp>> follow_ups(Database& database, std::int64_t after_ms) {
    return database.read([&](Tx& tx) -> Result<std::vector<FollowUp>> {
        std::vector<std::int64_t> ids;
        std::int64_t id = 0;
        const std::int64_t before = tx.now.ms - after_ms;
        storage::for_each_row(
            tx,
            "SELECT id FROM shipments WHERE delivered_at > 0 AND followed_up = '' AND delivered_at <= :before ORDER BY "
            "delivered_at, id",
            std::tie(id), [&] { ids.push_back(id); }, before);
        std::vector<FollowUp> list;
        for (const auto each : ids) {
            SEALDESK_LET(shipment, load_shipment(tx, each));
            FollowUp up{std::move(shipment), {}};
            for (const auto& content : up.shipment.contents)
                for (const auto& serial : content.key_serials)
                    // One that was lost, replaced or called back since is nobody's to use.
                    if (storage::one<std::int64_t>(tx,
                                                   "SELECT COUNT(*) FROM keys k WHERE k.serial = :serial AND k.order_no = :no "
                                                   "AND k.state = 'shipped' AND NOT EXISTS (SELECT 1 FROM key_uses u WHERE "
                                                   "u.serial = k.serial)",
                                                   0, serial, content.order_no) > 0)
                        up.unused.push_back(serial);
            if (!up.unused.empty()) list.push_back(std::move(up));
        }
        return list;
    });
}

Result<> settle_follow_up(Database& database, const staff::Actor& actor, std::int64_t shipment_id, const std::string& note) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    if (note.empty()) return refused(tr("请写下回访的结果"));
    return database.write([&](Tx& tx) -> Result<> {
        if (storage::change(tx, "UPDATE shipments SET followed_up = :note WHERE id = :id AND followed_up = ''", note,
                            shipment_id) == 0)
            return fail(ErrorKind::conflict, tr("这个包裹已经回访过"));
        for (const auto& no : orders_in(tx, shipment_id))
            audit::append(tx, actor.login, "shipping.follow_up", no, nlohmann::json{{"note", note}}.dump());
        return {};
    });
}

}  // namespace sealdesk::shipping
