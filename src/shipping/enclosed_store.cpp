#include "shipping/enclosed.h"

#include "shipping/parcels.h"
#include "storage/rows.h"

namespace sealdesk::shipping {

using storage::Database;
using storage::Tx;

namespace {

std::vector<Enclosed> where(Tx& tx, const std::vector<std::string>& numbers) {
    std::vector<Enclosed> list;
    Enclosed row;
    for (const auto& number : numbers)
        storage::for_each_row(
            tx,
            "SELECT e.number, e.shipment_id, s.waybill FROM enclosed_invoices e JOIN shipments s ON s.id = "
            "e.shipment_id WHERE e.number = :number",
            std::tie(row.number, row.shipment, row.waybill), [&] { list.push_back(row); }, number);
    return list;
}

}  // namespace

Result<std::vector<Enclosed>> enclose(Database& database, std::int64_t shipment, const std::vector<std::string>& numbers) {
    return database.write([&](Tx& tx) -> Result<std::vector<Enclosed>> {
        for (const auto& number : numbers)
            storage::change(
                tx,
                "INSERT INTO enclosed_invoices (number, shipment_id, at) VALUES (:number, :shipment, :at) ON CONFLICT "
                "(number) DO NOTHING",
                number, shipment, tx.now.ms);
        return where(tx, numbers);
    });
}

Result<std::vector<Enclosed>> enclosed(Database& database, const std::vector<std::string>& numbers) {
    return database.read([&](Tx& tx) -> Result<std::vector<Enclosed>> { return where(tx, numbers); });
}

bool comes_with_papers(Tx& tx, const std::vector<std::string>& order_nos) {
    for (const auto& no : order_nos) {
        const auto out = storage::one<std::int64_t>(
            tx,
            "SELECT COUNT(*) FROM orders o LEFT JOIN shipment_orders p ON p.order_no = o.no LEFT JOIN shipments s ON s.id = "
            "p.shipment_id WHERE o.no = :no AND (o.state = 'completed' OR s.papers_due = 0)",
            0, no);
        if (out == 0) return true;
    }
    return false;
}

Result<std::optional<Shipment>> late_parcel(Tx& tx, const std::string& payment_no, const std::string& order_no) {
    std::int64_t orders = 0, out = 0, here = 0, last = 0;
    // What was refunded goes into no parcel.
    storage::for_each_row(
        tx,
        "SELECT COUNT(*), COUNT(CASE WHEN o.state = 'completed' OR s.papers_due = 0 THEN 1 END), COALESCE(MIN(CASE WHEN s.state "
        "= 'packed' THEN s.id END), 0), COALESCE(MAX(s.id), 0) FROM orders o LEFT JOIN shipment_orders p ON p.order_no = o.no "
        "LEFT JOIN shipments s ON s.id = p.shipment_id WHERE o.payment_no = :payment AND (:any = '' OR o.no = :no) AND o.state "
        "<> 'refunded' AND NOT EXISTS (SELECT 1 FROM refunds f WHERE f.order_no = o.no)",
        std::tie(orders, out, here, last), [] {}, payment_no, order_no, order_no);
    if (out < orders || last == 0) return std::nullopt;
    SEALDESK_LET(parcel, load_shipment(tx, here != 0 ? here : last));
    return std::optional(std::move(parcel));
}

void enclose_late(Tx& tx, std::int64_t shipment, const std::string& number) {
    storage::change(tx,
                    "INSERT INTO enclosed_invoices (number, shipment_id, at, late) VALUES (:number, :shipment, :at, 1) ON "
                    "CONFLICT (number) DO NOTHING",
                    number, shipment, tx.now.ms);
}

void take_out_invoices(Tx& tx, std::int64_t shipment) {
    storage::change(tx, "DELETE FROM enclosed_invoices WHERE shipment_id = :id", shipment);
}

}  // namespace sealdesk::shipping
