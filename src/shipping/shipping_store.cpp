#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "acts/acts.h"
#include "audit/audit.h"
#include "base/translate.h"
#include "keys/stock.h"
#include "shipping/parcels.h"
#include "shipping/waybill.h"
#include "shipping/waybills.h"
#include "storage/rows.h"

namespace sealdesk::shipping {

using orders::DeliveryMethod;
using orders::DeskOrder;
using orders::State;
using storage::Database;
using storage::Tx;

namespace {

std::string joined(const std::vector<std::string>& list, const char* separator) {
    std::string all;
    for (const auto& one : list) all += (all.empty() ? "" : separator) + one;
    return all;
}
// As people read it, and as the store compares it, in whatever language the desk speaks.
std::string sentence_of(const std::vector<std::string>& list) { return joined(list, tr("、")); }
std::string stored(const std::vector<std::string>& list) { return joined(list, "、"); }

bool not_issued_yet(const DeskOrder& order) {
    return order.state == State::paid || order.state == State::rejected || order.state == State::approved;
}

std::string waits_for_sentence(const std::vector<std::string>& not_ready) {
    if (not_ready.empty()) return {};
    return trf("同一包裹还有 {} 个订单没有制证：{}", not_ready.size(), sentence_of(not_ready));
}

// Sentence when the order has not exactly the KEYs that were paid for, else "".
std::string missing_keys(const Content& content) {
    if (static_cast<int>(content.key_serials.size()) == content.quantity) return {};
    return trf("订单 {} 应有 {} 个 KEY，实际有 {} 个", content.order_no, content.quantity, content.key_serials.size());
}

// The proposals of one payment: its issued orders by place.
Result<std::vector<Proposal>> proposals_of(Tx& tx, const std::vector<DeskOrder>& list) {
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
    const bool choice = open_places_of(list).size() > 1;
    std::vector<Proposal> proposals;
    for (auto& [place, proposal] : by_place) {
        proposal.parcels = places;
        if (choice) proposal.differs = trf("同一支付有 {} 处不同的收件信息：请选择分开寄，还是合在一起寄", places);
        for (const auto& order : list) {
            if (!not_issued_yet(order)) continue;
            proposal.not_ready_together.push_back(order.order.no);
            if (place_key(order.order.delivery) == place) proposal.not_ready.push_back(order.order.no);
        }
        proposal.waits = waits_for_sentence(proposal.not_ready);
        proposal.waits_together = waits_for_sentence(proposal.not_ready_together);
        if (!proposal.not_ready_together.empty()) {
            const auto waits_for =
                storage::one<std::string>(tx, "SELECT waits_for FROM parcel_waits WHERE payment_no = :payment AND place = :place",
                                          "", proposal.payment_no, place);
            proposal.waiting_wanted = !waits_for.empty() && (waits_for == stored(proposal.not_ready) ||
                                                             waits_for == stored(proposal.not_ready_together));
        }
        for (const auto& content : proposal.contents) {
            if (const auto short_of = missing_keys(content); !short_of.empty() && proposal.incomplete.empty())
                proposal.incomplete = short_of;
            SEALDESK_LET(why, why_it_stays(tx, content));
            if (proposal.stays.empty()) proposal.stays = std::move(why);
        }
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
    if (const auto refund = refund_of(tx, no); !refund.empty()) return fail(ErrorKind::conflict, refund);
    if (order.state != State::issued)
        return fail(ErrorKind::conflict, trf("订单 {} 现在是“{}”，不能装包", no, word_of(order.state)));
    return order;
}

Result<std::vector<DeskOrder>> ready_together(Tx& tx, const PackOrder& what) {
    std::vector<std::string> numbers = what.order_nos;
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
        if (what.together_at.empty() && !same_place(other.order.delivery, first.delivery))
            return refused(trf("订单 {} 和 {} 的收件信息不同，不能装在一个包裹里", first.no, other.order.no));
    }
    return list;
}

// What a person must have decided: nothing is split, merged or sent without the rest silently.
Result<> decided(Tx& tx, const PackOrder& what, const std::vector<DeskOrder>& packed) {
    SEALDESK_LET(all, orders_of(tx, packed.front().order.payment.no));
    if (open_places_of(all).size() > 1 && !what.apart && what.together_at.empty())
        return refused(trf("同一支付有 {} 处不同的收件信息：请选择分开寄，还是合在一起寄", places_of(all).size()));
    if (what.without_the_rest) return {};
    std::vector<std::string> rest;
    for (const auto& order : all)
        if (not_issued_yet(order) &&
            (!what.together_at.empty() || same_place(order.order.delivery, packed.front().order.delivery)))
            rest.push_back(order.order.no);
    if (!rest.empty()) return refused(trf("同一包裹还有订单没有制证：{}，请选择先发还是等齐", sentence_of(rest)));
    return {};
}

// The right number of KEYs in each order, each of which may leave, and, when asked for, each of them seen and none besides.
Result<> keys_are_right(Tx& tx, const PackOrder& what, const std::vector<DeskOrder>& packed) {
    std::map<std::string, std::string> belongs;
    for (const auto& order : packed) {
        const Content content = content_of(tx, order);
        if (const auto sentence = missing_keys(content); !sentence.empty()) return refused(sentence);
        SEALDESK_LET(stays, why_it_stays(tx, content));
        if (!stays.empty()) return refused(stays);
        for (const auto& serial : content.key_serials) belongs[serial] = content.order_no;
    }
    for (const auto& key : what.seen)
        if (!belongs.contains(key.serial)) return refused(trf("KEY {} 不属于这个包裹", key.serial));
    if (!what.all_seen) return {};
    for (const auto& [serial, no] : belongs)
        if (std::none_of(what.seen.begin(), what.seen.end(), [&one = serial](const auto& key) { return key.serial == one; }))
            return refused(trf("订单 {} 的 KEY {} 还没有扫描", no, serial));
    return {};
}

Result<orders::Delivery> place_for(Tx& tx, const PackOrder& what, const std::vector<DeskOrder>& packed) {
    if (what.together_at.empty()) return packed.front().order.delivery;
    SEALDESK_LET(order, orders::load(tx, what.together_at));
    if (order.order.payment.no != packed.front().order.payment.no)
        return refused(trf("订单 {} 和 {} 不是同一笔支付，不能装在一个包裹里", packed.front().order.no, what.together_at));
    return order.order.delivery;
}

Result<std::int64_t> insert_shipment(Tx& tx, const orders::Order& first, const orders::Delivery& place, const staff::Actor& actor,
                                     const std::string& desk) {
    const std::string method = name_of(place.method), state = name_of(ShipmentState::packed);
    return storage::one<std::int64_t>(
        tx,
        "INSERT INTO shipments (payment_no, method, recipient, mobile, address, courier, waybill, state, packed_by, packed_at, "
        "papers_due, papers_desk) VALUES (:payment, :method, :recipient, :mobile, :address, '', '', :state, :by, :at, 1, :desk) "
        "RETURNING id",
        0, first.payment.no, method, place.recipient, place.mobile, place.address, state, actor.login, tx.now.ms, desk);
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
            SEALDESK_LET(of_payment, proposals_of(tx, list));
            for (auto& proposal : of_payment) all.push_back(std::move(proposal));
        }
        std::stable_sort(all.begin(), all.end(),
                         [](const Proposal& a, const Proposal& b) { return a.waiting_since < b.waiting_since; });
        return all;
    });
}

Result<Shipment> pack(Database& database, const staff::Actor& actor, const PackOrder& what) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    return database.write([&](Tx& tx) -> Result<Shipment> {
        SEALDESK_LET(list, ready_together(tx, what));
        SEALDESK_TRY(decided(tx, what, list));
        SEALDESK_TRY(keys_are_right(tx, what, list));
        SEALDESK_LET(place, place_for(tx, what, list));
        if (place.method == DeliveryMethod::pickup && !what.number.typed.empty()) return refused(tr("自取的包裹不用快递单号"));
        SEALDESK_LET(id, insert_shipment(tx, list.front().order, place, actor, what.desk));
        for (const auto& order : list)
            storage::change(tx, "INSERT INTO shipment_orders (order_no, shipment_id) VALUES (:no, :id)", order.order.no, id);
        for (const auto& key : what.seen) {
            const std::string how = key.read ? "read" : "scanned";
            storage::change(
                tx, "INSERT INTO packed_keys (serial, shipment_id, seen) VALUES (:serial, :id, :seen) ON CONFLICT DO NOTHING",
                key.serial, id, how);
        }
        // What nobody scanned lies in it all the same: load_shipment() looks whether it may still leave.
        for (const auto& order : list)
            for (const auto& serial : content_of(tx, order).key_serials)
                storage::change(tx,
                                "INSERT INTO packed_keys (serial, shipment_id, seen) VALUES (:serial, :id, 'unseen') ON CONFLICT "
                                "DO NOTHING",
                                serial, id);
        Waybill waybill;
        if (place.method == DeliveryMethod::courier) {
            SEALDESK_LET(begun, begin_waybill(tx, actor, id, place, what.number));
            waybill = std::move(begun);
        }
        for (auto& order : list) {
            SEALDESK_TRY(orders::move(tx, order, State::packed, actor.login));
            audit::append(tx, actor.login, "shipping.pack", order.order.no,
                          nlohmann::json{{"shipment", id},
                                         {"waybill", waybill.waybill},
                                         {"keys_seen", what.seen.size()},
                                         {"together_at", what.together_at}}
                              .dump());
        }
        if (what.together_at.empty())
            storage::change(tx, "DELETE FROM parcel_waits WHERE payment_no = :payment AND place = :place",
                            list.front().order.payment.no, place_key(place));
        else
            storage::change(tx, "DELETE FROM parcel_waits WHERE payment_no = :payment", list.front().order.payment.no);
        return load_shipment(tx, id);
    });
}

Result<Shipment> pack(Database& database, const staff::Actor& actor, const std::vector<std::string>& order_nos,
                      const std::string& typed_waybill) {
    PackOrder what;
    what.order_nos = order_nos;
    if (!typed_waybill.empty()) what.number = {Source::typed, "", typed_waybill};
    what.without_the_rest = true;
    return pack(database, actor, what);
}

Result<> wait_for_the_rest(Database& database, const staff::Actor& actor, const std::string& order_no, Rest rest) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    return database.write([&](Tx& tx) -> Result<> {
        SEALDESK_LET(order, orders::load(tx, order_no));
        SEALDESK_LET(all, orders_of(tx, order.order.payment.no));
        SEALDESK_LET(of_payment, proposals_of(tx, all));
        bool waits = false;
        for (const auto& proposal : of_payment) {
            const std::string place = place_key(proposal.delivery);
            if (rest == Rest::of_place && place != place_key(order.order.delivery)) continue;
            const auto& missing = rest == Rest::of_place ? proposal.not_ready : proposal.not_ready_together;
            if (missing.empty()) continue;
            storage::change(tx, "DELETE FROM parcel_waits WHERE payment_no = :payment AND place = :place", proposal.payment_no,
                            place);
            storage::change(tx,
                            "INSERT INTO parcel_waits (payment_no, place, waits_for, staff, at) VALUES (:payment, :place, "
                            ":waits_for, :staff, :at)",
                            proposal.payment_no, place, stored(missing), actor.login, tx.now.ms);
            audit::append(tx, actor.login, "shipping.wait", proposal.contents.front().order_no,
                          nlohmann::json{{"waits_for", missing}}.dump());
            waits = true;
        }
        if (waits) return {};
        return fail(ErrorKind::conflict, tr("没有要等的订单，可以打包了"));
    });
}

Result<> send_off(Tx& tx, const std::string& login, const Shipment& shipment) {
    if (!shipment.blocked.empty()) return fail(ErrorKind::conflict, shipment.blocked);
    const bool pickup = shipment.delivery.method == DeliveryMethod::pickup;
    const nlohmann::json body = pickup ? nlohmann::json{{"method", "pickup"}}
                                       : nlohmann::json{{"waybill", shipment.waybill}, {"courier", shipment.courier}};
    const std::string state = name_of(ShipmentState::handed_over);
    storage::change(tx, "UPDATE shipments SET state = :state, handed_over_at = :at WHERE id = :id", state, tx.now.ms,
                    shipment.id);
    for (const auto& content : shipment.contents) {
        SEALDESK_LET(order, orders::load(tx, content.order_no));
        SEALDESK_TRY(orders::move(tx, order, State::completed, login));
        for (const auto& serial : content.key_serials) SEALDESK_TRY(keys::move_key(tx, serial, keys::KeyState::shipped, login));
        audit::append(
            tx, login, "shipping.hand_over", content.order_no,
            nlohmann::json{{"shipment", shipment.id}, {"waybill", shipment.waybill}, {"keys", content.key_serials}}.dump());
        acts::queue(tx, content.order_no, order.revision, "shipped", body.dump());
    }
    return {};
}

Result<Shipment> hand_over(Database& database, const staff::Actor& actor, std::int64_t id) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    return database.write([&](Tx& tx) -> Result<Shipment> {
        SEALDESK_LET(shipment, load_shipment(tx, id));
        if (shipment.state == ShipmentState::handed_over)
            return fail(ErrorKind::conflict,
                        trf("包裹 {} 已经在 {} 交出", shipment.waybill.empty() ? tr("（自取）") : shipment.waybill,
                            date_time(shipment.handed_over_at)));
        if (shipment.state == ShipmentState::unpacked) return fail(ErrorKind::conflict, trf("包裹 {} 已经拆开", id));
        if (shipment.manifest != 0)
            return refused(
                trf("包裹 {} 在还没有交接完成的清单里，随清单一起交出；要单独交出，先在交接页选“留下”", shipment.waybill));
        if (shipment.delivery.method == DeliveryMethod::courier && shipment.waybill.empty())
            return refused(tr("包裹还没有快递单号，不能交寄"));
        if (!shipment.stale.empty()) return refused(shipment.stale);
        SEALDESK_TRY(send_off(tx, actor.login, shipment));
        return load_shipment(tx, id);
    });
}

Result<int> printed(Tx& tx, const staff::Actor& actor, const Shipment& drawn, const std::string& reason) {
    SEALDESK_LET(shipment, load_shipment(tx, drawn.id));
    const std::string place = place_key(drawn.delivery);
    if (place != place_key(shipment.delivery) || drawn.waybill != shipment.waybill || drawn.courier != shipment.courier)
        return fail(ErrorKind::conflict, tr("包裹的收件信息或单号刚刚改过，面单要按新的再打一次"));
    if (drawn.state != shipment.state) return fail(ErrorKind::conflict, tr("包裹刚刚改过，请再打印一次"));
    const int prints = shipment.prints + 1;
    storage::change(tx, "UPDATE shipments SET prints = :prints, printed_place = :place WHERE id = :id", prints, place, drawn.id);
    for (const auto& content : shipment.contents)
        audit::append(tx, actor.login, "shipping.print", content.order_no,
                      nlohmann::json{{"shipment", drawn.id}, {"prints", prints}, {"reason", reason}}.dump());
    return prints;
}

Result<int> printed(Database& database, const staff::Actor& actor, const Shipment& drawn, const std::string& reason) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    return database.write([&](Tx& tx) { return printed(tx, actor, drawn, reason); });
}

}  // namespace sealdesk::shipping
