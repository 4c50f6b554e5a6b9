// Orders that were refunded after their KEY was written lie here and must not leave; a parcel that has one is unpacked.
#include <nlohmann/json.hpp>

#include "audit/audit.h"
#include "base/text.h"
#include "base/translate.h"
#include "shipping/enclosed.h"
#include "shipping/parcels.h"
#include "storage/rows.h"

namespace sealdesk::shipping {

using storage::Database;
using storage::Tx;

std::string refund_of(Tx& tx, const std::string& order_no) {
    if (storage::one<std::int64_t>(tx, "SELECT COUNT(*) FROM refunds WHERE order_no = :no", 0, order_no) == 0 &&
        storage::one<std::int64_t>(tx, "SELECT COUNT(*) FROM orders WHERE no = :no AND state = 'refunded'", 0, order_no) == 0)
        return {};
    return trf("订单 {} 已经退款，不能发货：取出它的 KEY，交主管在任务里办完退款", order_no);
}

Result<std::vector<Refunded>> refunded(Database& database) {
    return database.read([](Tx& tx) -> Result<std::vector<Refunded>> {
        std::vector<std::pair<std::string, Instant>> found;
        std::string no;
        Instant at;
        storage::for_each_row(tx,
                              "SELECT r.order_no, r.at FROM refunds r JOIN orders o ON o.no = r.order_no WHERE r.state = "
                              "'needs_person' AND o.state IN ('issued', 'packed') ORDER BY r.at, r.order_no",
                              std::tie(no, at.ms), [&] { found.emplace_back(no, at); });
        std::vector<Refunded> list;
        for (const auto& [order_no, when] : found) {
            SEALDESK_LET(order, orders::load(tx, order_no));
            list.push_back({content_of(tx, order), order.order.payment.no, when, shipment_of(tx, order_no).value_or(0),
                            refund_of(tx, order_no)});
        }
        return list;
    });
}

Result<> unpack(Database& database, const staff::Actor& actor, std::int64_t id, const std::string& reason) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    if (trimmed(reason).empty()) return refused(tr("拆开包裹要写明原因"));
    return database.write([&](Tx& tx) -> Result<> {
        SEALDESK_LET(shipment, load_shipment(tx, id));
        if (shipment.state != ShipmentState::packed)
            return fail(ErrorKind::conflict, trf("包裹 {} 现在是“{}”，不能拆开", id, word_of(shipment.state)));
        take_number_back(tx, actor.login, id, reason);
        for (const auto& content : shipment.contents) {
            SEALDESK_LET(order, orders::load(tx, content.order_no));
            SEALDESK_TRY(orders::move(tx, order, orders::State::issued, actor.login));
            audit::append(tx, actor.login, "shipping.unpack", content.order_no,
                          nlohmann::json{{"shipment", id}, {"waybill", shipment.waybill}, {"reason", reason}}.dump());
        }
        take_out_invoices(tx, id);
        storage::change(tx, "DELETE FROM shipment_orders WHERE shipment_id = :id", id);
        const std::string state = name_of(ShipmentState::unpacked);
        storage::change(tx, "UPDATE shipments SET state = :state, papers_due = 0, manifest_id = 0 WHERE id = :id", state, id);
        return {};
    });
}

}  // namespace sealdesk::shipping
