// What of a parcel's papers is still to be printed, and what was in the way.
#include "base/translate.h"
#include "shipping/parcels.h"
#include "storage/rows.h"

namespace sealdesk::shipping {

using storage::Database;
using storage::Tx;

bool are_papers_due(Tx& tx, std::int64_t id) {
    return storage::one<std::int64_t>(tx, "SELECT COUNT(*) FROM shipments WHERE id = :id AND papers_due = 1", 0, id) > 0;
}

void papers_asked(Tx& tx, std::int64_t id) {
    storage::change(tx, "UPDATE shipments SET papers_due = 0, papers_trouble = '', papers_after = 0 WHERE id = :id", id);
}

Result<> papers_wait(Database& database, std::int64_t id, const std::string& desk, const std::string& login) {
    return database.write([&](Tx& tx) -> Result<> {
        const Instant until = tx.now + kPapersWait;
        storage::change(tx,
                        "UPDATE shipments SET papers_desk = :desk, papers_login = :login, papers_after = :until, "
                        "papers_trouble = '' WHERE id = :id AND papers_due = 1",
                        desk, login, until.ms, id);
        return {};
    });
}

Result<> papers_failed(Database& database, std::int64_t id, const std::string& why) {
    return database.write([&](Tx& tx) -> Result<> {
        storage::change(tx, "UPDATE shipments SET papers_trouble = :why WHERE id = :id AND papers_due = 1", why, id);
        return {};
    });
}

Result<std::vector<LatePapers>> late_papers(Database& database, const std::string& desk) {
    return database.read([&](Tx& tx) -> Result<std::vector<LatePapers>> {
        std::vector<LatePapers> list;
        LatePapers row;
        Instant after;
        // Numbers of the range and typed ones are there at once: who packs prints them in the same breath, unless they wait.
        storage::for_each_row(
            tx,
            "SELECT s.id, CASE WHEN s.papers_login <> '' THEN s.papers_login ELSE COALESCE(w.asked_by, s.packed_by) END, "
            "s.papers_after FROM shipments s LEFT JOIN waybills w ON w.waybill = s.waybill AND s.waybill <> '' "
            "WHERE s.papers_due = 1 AND s.papers_trouble = '' AND s.state = 'packed' AND s.papers_desk = :desk "
            "AND ((s.papers_after > 0 AND (s.waybill <> '' OR s.method = 'pickup')) "
            "OR (s.papers_after = 0 AND s.waybill <> '' AND w.source IN ('kuaidi100', 'sf'))) ORDER BY s.id",
            std::tie(row.shipment, row.login, after.ms),
            [&] {
                if (is_due(after, tx.now, kPapersWait)) list.push_back(row);
            },
            desk);
        return list;
    });
}

Result<std::vector<Shipment>> unprinted(Database& database) {
    return database.read([&](Tx& tx) -> Result<std::vector<Shipment>> {
        std::vector<std::int64_t> ids;
        std::int64_t id = 0;
        storage::for_each_row(
            tx,
            "SELECT id FROM shipments WHERE papers_due = 1 AND (papers_trouble <> '' OR papers_after > 0) AND state = 'packed' "
            "ORDER BY id",
            std::tie(id), [&] { ids.push_back(id); });
        std::vector<Shipment> list;
        for (const auto each : ids) {
            SEALDESK_LET(shipment, load_shipment(tx, each));
            list.push_back(std::move(shipment));
        }
        return list;
    });
}

std::string why_unprinted(const Shipment& shipment) {
    if (!shipment.papers_due) return {};
    if (!shipment.papers_trouble.empty() || !shipment.papers_after) return shipment.papers_trouble;
    return trf("发票服务还没有给出发票文件，{} 再试，到了自动打印", date_time(shipment.papers_after));
}

}  // namespace sealdesk::shipping
