#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "acts/acts.h"
#include "audit/audit.h"
#include "base/translate.h"
#include "keys/stock.h"
#include "orders/number_ranges.h"
#include "search/search.h"
#include "shipping/parcels.h"
#include "shipping/waybill.h"
#include "storage/rows.h"

namespace sealdesk::shipping {

using orders::DeliveryMethod;
using orders::DeskOrder;
using orders::State;
using storage::Database;
using storage::Tx;

namespace {

std::string joined(const std::vector<std::string>& list) {
    std::string all;
    for (const auto& one : list) all += (all.empty() ? "" : tr("、")) + one;
    return all;
}

// The proposals of one payment: its issued orders by place.
std::vector<Proposal> proposals_of(Tx& tx, const std::vector<DeskOrder>& list) {
    std::map<std::string, Proposal> by_place;
    for (const auto& order : list) {
        if (order.state != State::issued) continue;
        auto& proposal = by_place[place_key(order.order.delivery)];
        if (proposal.contents.empty()) {
            proposal.payment_no = order.order.payment.no;
            proposal.delivery = order.order.delivery;
            proposal.waiting_since = order.waiting_since;
            proposal.invoiced = has_invoice(tx, order.order.payment.no);
        }
        proposal.waiting_since = std::min(proposal.waiting_since, order.waiting_since);
        proposal.contents.push_back(content_of(tx, order));
    }
    const int places = static_cast<int>(places_of(list).size());
    std::vector<Proposal> proposals;
    for (auto& [place, proposal] : by_place) {
        proposal.parcels = places;
        if (places > 1) proposal.differs = trf("同一支付有 {} 个不同的收件地址，分成 {} 个包裹", places, places);
        for (const auto& order : list)
            if ((order.state == State::paid || order.state == State::rejected || order.state == State::approved) &&
                place_key(order.order.delivery) == place)
                proposal.not_ready.push_back(order.order.no);
        if (!proposal.not_ready.empty())
            proposal.waits = trf("同一包裹还有 {} 个订单没有制证：{}", proposal.not_ready.size(), joined(proposal.not_ready));
        proposals.push_back(std::move(proposal));
    }
    return proposals;
}

// Issued, not packed; says what is in the way.
Result<DeskOrder> ready_to_pack(Tx& tx, const std::string& no) {
    SEALDESK_LET(order, orders::load(tx, no));
    if (const auto id = shipment_of(tx, no)) {
        SEALDESK_LET(there, load_shipment(tx, *id));
        if (there.waybill.empty()) return fail(ErrorKind::conflict, trf("订单 {} 已经装好，等待自取", no));
        return fail(ErrorKind::conflict, trf("订单 {} 已经装入包裹，快递单号 {}", no, there.waybill));
    }
    if (order.state == State::refunded) return fail(ErrorKind::conflict, trf("订单 {} 已退款，不能发货", no));
    if (order.state != State::issued)
        return fail(ErrorKind::conflict, trf("订单 {} 现在是“{}”，不能装包", no, word_of(order.state)));
    return order;
}

Result<std::vector<DeskOrder>> ready_together(Tx& tx, std::vector<std::string> numbers) {
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    if (numbers.empty()) return refused(tr("没有选中要装包的订单"));
    std::vector<DeskOrder> list;
    for (const auto& no : numbers) {
        SEALDESK_LET(order, ready_to_pack(tx, no));
        list.push_back(std::move(order));
    }
    const auto& first = list.front().order;
    for (const auto& other : list) {
        if (other.order.payment.no != first.payment.no)
            return refused(trf("订单 {} 和 {} 不是同一笔支付，不能装在一个包裹里", first.no, other.order.no));
        if (!same_place(other.order.delivery, first.delivery))
            return refused(trf("订单 {} 和 {} 的收件信息不同，不能装在一个包裹里", first.no, other.order.no));
    }
    return list;
}

bool is_used(Tx& tx, const std::string& waybill) {
    return storage::one<std::int64_t>(tx, "SELECT COUNT(*) FROM shipments WHERE waybill = :waybill", 0, waybill) > 0;
}

Result<std::string> waybill_for(Tx& tx, const orders::Delivery& delivery, const std::string& typed) {
    if (delivery.method == DeliveryMethod::pickup) {
        if (!typed.empty()) return refused(tr("自取的包裹不用快递单号"));
        return std::string();
    }
    if (!typed.empty()) {
        SEALDESK_LET(waybill, check_waybill(typed));
        if (is_used(tx, waybill)) return fail(ErrorKind::conflict, trf("快递单号 {} 已经用在另一个包裹上", waybill));
        return waybill;
    }
    // A number of the range may have been typed before its turn: it is used, not lost.
    for (;;) {
        SEALDESK_LET(waybill, orders::take(tx, "waybill"));
        if (!is_used(tx, waybill)) return waybill;
    }
}

Result<std::int64_t> insert_shipment(Tx& tx, const orders::Order& first, const std::string& waybill, const staff::Actor& actor) {
    const std::string method = name_of(first.delivery.method), courier = courier_of(waybill),
                      state = name_of(ShipmentState::packed);
    return storage::one<std::int64_t>(
        tx,
        "INSERT INTO shipments (payment_no, method, recipient, mobile, address, courier, waybill, state, packed_by, packed_at) "
        "VALUES (:payment, :method, :recipient, :mobile, :address, :courier, :waybill, :state, :by, :at) RETURNING id",
        0, first.payment.no, method, first.delivery.recipient, first.delivery.mobile, first.delivery.address, courier, waybill,
        state, actor.login, tx.now.ms);
}

}  // namespace

Result<std::vector<Proposal>> proposals(Database& database) {
    return database.read([](Tx& tx) -> Result<std::vector<Proposal>> {
        std::vector<std::string> payments;
        std::string no;
        storage::for_each_row(tx, "SELECT DISTINCT payment_no FROM orders WHERE state = 'issued' ORDER BY payment_no",
                              std::tie(no), [&] { payments.push_back(no); });
        std::vector<Proposal> all;
        for (const auto& payment_no : payments) {
            SEALDESK_LET(list, orders_of(tx, payment_no));
            for (auto& proposal : proposals_of(tx, list)) all.push_back(std::move(proposal));
        }
        std::stable_sort(all.begin(), all.end(),
                         [](const Proposal& a, const Proposal& b) { return a.waiting_since < b.waiting_since; });
        return all;
    });
}

Result<Shipment> pack(Database& database, const staff::Actor& actor, const std::vector<std::string>& order_nos,
                      const std::string& typed_waybill) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    return database.write([&](Tx& tx) -> Result<Shipment> {
        SEALDESK_LET(list, ready_together(tx, order_nos));
        SEALDESK_LET(waybill, waybill_for(tx, list.front().order.delivery, typed_waybill));
        SEALDESK_LET(id, insert_shipment(tx, list.front().order, waybill, actor));
        for (auto& order : list) {
            storage::change(tx, "INSERT INTO shipment_orders (order_no, shipment_id) VALUES (:no, :id)", order.order.no, id);
            SEALDESK_TRY(orders::move(tx, order, State::packed, actor.login));
            search::add(tx, order.order.no, {search::Kind::waybill, waybill});
            audit::append(tx, actor.login, "shipping.pack", order.order.no,
                          nlohmann::json{{"shipment", id}, {"waybill", waybill}}.dump());
        }
        return load_shipment(tx, id);
    });
}

Result<Shipment> hand_over(Database& database, const staff::Actor& actor, std::int64_t id) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    return database.write([&](Tx& tx) -> Result<Shipment> {
        SEALDESK_LET(shipment, load_shipment(tx, id));
        if (shipment.state == ShipmentState::handed_over)
            return fail(ErrorKind::conflict,
                        trf("包裹 {} 已经在 {} 交出", shipment.waybill.empty() ? tr("（自取）") : shipment.waybill,
                            date_time(shipment.handed_over_at)));
        const bool pickup = shipment.delivery.method == DeliveryMethod::pickup;
        const nlohmann::json body = pickup ? nlohmann::json{{"method", "pickup"}}
                                           : nlohmann::json{{"waybill", shipment.waybill}, {"courier", shipment.courier}};
        const std::string state = name_of(ShipmentState::handed_over);
        storage::change(tx, "UPDATE shipments SET state = :state, handed_over_at = :at WHERE id = :id", state, tx.now.ms, id);
        for (const auto& content : shipment.contents) {
            SEALDESK_LET(order, orders::load(tx, content.order_no));
            SEALDESK_TRY(orders::move(tx, order, State::completed, actor.login));
            for (const auto& serial : content.key_serials)
                SEALDESK_TRY(keys::move_key(tx, serial, keys::KeyState::shipped, actor.login));
            audit::append(tx, actor.login, "shipping.hand_over", content.order_no,
                          nlohmann::json{{"shipment", id}, {"waybill", shipment.waybill}, {"keys", content.key_serials}}.dump());
            acts::queue(tx, content.order_no, order.revision, "shipped", body.dump());
        }
        return load_shipment(tx, id);
    });
}

Result<int> printed(Database& database, const staff::Actor& actor, std::int64_t id) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    return database.write([&](Tx& tx) -> Result<int> {
        SEALDESK_LET(shipment, load_shipment(tx, id));
        const int prints = shipment.prints + 1;
        storage::change(tx, "UPDATE shipments SET prints = :prints WHERE id = :id", prints, id);
        for (const auto& content : shipment.contents)
            audit::append(tx, actor.login, "shipping.print", content.order_no,
                          nlohmann::json{{"shipment", id}, {"prints", prints}}.dump());
        return prints;
    });
}

}  // namespace sealdesk::shipping
