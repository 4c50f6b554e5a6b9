// What a parcel is made of, and the lists of parcels.
#include <array>

#include "base/translate.h"
#include "base/words.h"
#include "keys/key_state.h"
#include "keys/leaving.h"
#include "shipping/courier_json.h"
#include "shipping/parcels.h"
#include "shipping/waybill.h"
#include "storage/rows.h"

namespace sealdesk::shipping {

using orders::DeskOrder;
using orders::State;
using storage::Database;
using storage::Tx;

namespace {

constexpr std::array<Word<ShipmentState>, 3> kStates{{{ShipmentState::packed, "packed", "待交寄"},
                                                      {ShipmentState::handed_over, "handed_over", "已交寄"},
                                                      {ShipmentState::unpacked, "unpacked", "已拆开"}}};

}  // namespace

const char* name_of(ShipmentState state) { return entry_of(kStates, state).name; }
const char* word_of(ShipmentState state) { return tr(entry_of(kStates, state).words); }

Content content_of(Tx& tx, const DeskOrder& order) {
    const orders::Subject& subject = order.order.subject;
    Content content{order.order.no, subject.name, order.order.quantity, {}, order.revision};
    content.kind = order.order.kind;
    content.unit = subject.kind == orders::SubjectKind::unit ? subject.name : subject.enterprise;
    std::string serial;
    storage::for_each_row(
        tx, "SELECT serial FROM keys WHERE order_no = :no AND state NOT IN ('scrapped', 'returned') ORDER BY unit_no, serial",
        std::tie(serial), [&] { content.key_serials.push_back(serial); }, order.order.no);
    // A KEY that was replaced before it left is scrapped with its certificate; the one in its place travels with its own order.
    content.replaced = static_cast<int>(storage::one<std::int64_t>(
        tx,
        "SELECT COUNT(*) FROM keys k JOIN certificates c ON c.key_serial = k.serial AND c.order_no = k.order_no "
        "WHERE k.order_no = :no AND k.state = 'scrapped' AND c.state = 'revoked' AND EXISTS (SELECT 1 FROM certificates n "
        "WHERE n.document_number = c.document_number AND n.replaces = c.serial)",
        0, order.order.no));
    content.quantity -= content.replaced;
    return content;
}

// As it was when it left, whatever became of its KEYs since: that is what the courier or the applicant signed for. Of a parcel
// that was packed before its KEYs were on record only today's are known.
static Content content_that_left(Tx& tx, std::int64_t shipment_id, const DeskOrder& order) {
    Content content = content_of(tx, order);
    std::vector<std::string> serials;
    std::string serial;
    storage::for_each_row(
        tx,
        "SELECT p.serial FROM packed_keys p JOIN key_movements m ON m.serial = p.serial WHERE p.shipment_id = :id AND m.order_no "
        "= :no AND m.to_state = 'shipped' ORDER BY m.id",
        std::tie(serial), [&] { serials.push_back(serial); }, shipment_id, order.order.no);
    if (serials.empty()) return content;
    content.key_serials = std::move(serials);
    content.quantity = static_cast<int>(content.key_serials.size());
    content.replaced = order.order.quantity - content.quantity;
    return content;
}

Result<std::string> why_it_stays(Tx& tx, const Content& content) {
    for (const auto& serial : content.key_serials) {
        SEALDESK_LET(why, keys::why_it_stays(tx, serial));
        if (!why.empty()) return why;
    }
    return std::string();
}

Result<std::vector<DeskOrder>> orders_of(Tx& tx, const std::string& payment_no) {
    SEALDESK_LET(numbers, orders::of_payment(tx, payment_no));
    std::vector<DeskOrder> list;
    for (const auto& no : numbers) {
        SEALDESK_LET(order, orders::load(tx, no));
        if (order.state != State::refunded && refund_of(tx, no).empty()) list.push_back(std::move(order));
    }
    return list;
}

std::set<std::string> places_of(const std::vector<DeskOrder>& list) {
    std::set<std::string> places;
    for (const auto& order : list) places.insert(place_key(order.order.delivery));
    return places;
}

std::set<std::string> open_places_of(const std::vector<DeskOrder>& list) {
    std::set<std::string> places;
    for (const auto& order : list)
        if (order.state != State::packed && order.state != State::completed) places.insert(place_key(order.order.delivery));
    return places;
}

std::optional<std::int64_t> shipment_of(Tx& tx, const std::string& order_no) {
    const auto id = storage::one<std::int64_t>(tx, "SELECT shipment_id FROM shipment_orders WHERE order_no = :no", 0, order_no);
    return id == 0 ? std::nullopt : std::optional(id);
}

bool has_invoice(Tx& tx, const std::string& payment_no) {
    return storage::one<std::int64_t>(tx, "SELECT settled FROM payments WHERE no = :no", 0, payment_no) != 0 &&
           storage::one<std::int64_t>(tx, "SELECT COUNT(*) FROM invoices WHERE payment_no = :no AND state = 'live'", 0,
                                      payment_no) > 0;
}

std::vector<std::string> orders_in(Tx& tx, std::int64_t shipment_id) {
    std::vector<std::string> numbers;
    std::string no;
    storage::for_each_row(
        tx, "SELECT order_no FROM shipment_orders WHERE shipment_id = :id ORDER BY order_no", std::tie(no),
        [&] { numbers.push_back(no); }, shipment_id);
    return numbers;
}

// Couriers name it differently; what their sorters read comes first.
static void add_routing(Tx& tx, Shipment& shipment) {
    const auto text = storage::one<std::string>(
        tx, "SELECT routing FROM waybills WHERE shipment_id = :id AND state = 'live' AND waybill = :waybill", "", shipment.id,
        shipment.waybill);
    const auto routing = nlohmann::json::parse(text, nullptr, false);
    for (const char* name : {"bulkpen", "destRouteLabel", "destSortingCode", "destCode"})
        if (shipment.routing.empty()) shipment.routing = text_at(routing, name);
    shipment.routing_code = text_at(routing, "twoDimensionCode");
}

namespace {

// A KEY that went into the box and is not any of its orders' any more: lost, damaged, called back, or replaced by another.
std::string strange_key_in(Tx& tx, std::int64_t id) {
    std::string serial, state;
    storage::for_each_row(
        tx,
        "SELECT p.serial, k.state FROM packed_keys p JOIN keys k ON k.serial = p.serial WHERE p.shipment_id = :id AND "
        "(k.state <> 'bound' OR NOT EXISTS (SELECT 1 FROM shipment_orders o WHERE o.order_no = k.order_no AND o.shipment_id = "
        "p.shipment_id)) ORDER BY p.serial",
        std::tie(serial, state), [] {}, id);
    if (serial.empty()) return {};
    if (state == name_of(keys::KeyState::bound))
        return trf("KEY {} 已经不属于这个包裹的订单，不能发出：请拆开包裹取出它", serial);
    return trf("KEY {} 装包以后变成了“{}”，不能发出：请拆开包裹取出它", serial,
               word_of(keys::parse_key_state(state).value_or(keys::KeyState::scrapped)));
}

// What a clerk has to do about the invoices that lie in it; "": nothing.
std::string about_invoices_in(Tx& tx, std::int64_t id) {
    std::string number, dead, late;
    int is_late = 0;
    storage::for_each_row(
        tx,
        "SELECT e.number, CASE WHEN i.state IN ('voided', 'reversed') THEN 0 ELSE 1 END FROM enclosed_invoices e JOIN invoices i "
        "ON i.number = e.number WHERE e.shipment_id = :id AND (i.state IN ('voided', 'reversed') OR e.late = 1) ORDER BY "
        "e.number",
        std::tie(number, is_late),
        [&] {
            std::string& all = is_late != 0 ? late : dead;
            all += (all.empty() ? "" : " ") + number;
        },
        id);
    std::string sentence;
    if (!dead.empty()) sentence = trf("发票 {} 已作废或红冲，请从包裹里取出换成新的", dead);
    if (!late.empty()) sentence += (sentence.empty() ? "" : "\n") + trf("发票 {} 在单据打印以后才开出，请把它也放进包裹", late);
    return sentence;
}

}  // namespace

Result<Shipment> load_shipment(Tx& tx, std::int64_t id) {
    Shipment shipment;
    std::string method, state, printed_place;
    int papers_due = 0;
    storage::for_each_row(
        tx,
        "SELECT s.id, s.payment_no, s.method, s.recipient, s.mobile, s.address, s.courier, s.waybill, s.state, " +
            staff::person_in("s.packed_by") +
            ", s.packed_at, s.handed_over_at, s.prints, s.papers_due, s.manifest_id, s.delivered_at, s.printed_place, "
            "s.papers_desk, s.papers_trouble, s.papers_after FROM shipments s WHERE s.id = :id",
        std::tie(shipment.id, shipment.payment_no, method, shipment.delivery.recipient, shipment.delivery.mobile,
                 shipment.delivery.address, shipment.courier, shipment.waybill, state, shipment.packed_by, shipment.packed_at.ms,
                 shipment.handed_over_at.ms, shipment.prints, papers_due, shipment.manifest, shipment.delivered_at.ms,
                 printed_place, shipment.papers_desk, shipment.papers_trouble, shipment.papers_after.ms),
        [] {}, id);
    if (shipment.id == 0) return refused(trf("没有编号为 {} 的包裹", id));
    shipment.delivery.method = orders::from_name<orders::DeliveryMethod>(method).value_or(orders::DeliveryMethod::courier);
    shipment.state = value_of(kStates, state).value_or(ShipmentState::handed_over);
    shipment.papers_due = papers_due != 0;
    for (const auto& number : orders_in(tx, id)) {
        SEALDESK_LET(order, orders::load(tx, number));
        const bool left = shipment.state == ShipmentState::handed_over;
        shipment.contents.push_back(left ? content_that_left(tx, id, order) : content_of(tx, order));
        if (shipment.state == ShipmentState::packed && shipment.blocked.empty()) shipment.blocked = refund_of(tx, number);
    }
    if (shipment.state == ShipmentState::packed && shipment.blocked.empty()) shipment.blocked = strange_key_in(tx, id);
    for (const auto& content : shipment.contents) {
        if (shipment.state != ShipmentState::packed || !shipment.blocked.empty()) break;
        SEALDESK_LET(why, why_it_stays(tx, content));
        shipment.blocked = std::move(why);
    }
    add_routing(tx, shipment);
    const bool courier = shipment.delivery.method == orders::DeliveryMethod::courier;
    if (courier && !printed_place.empty() && printed_place != place_key(shipment.delivery))
        shipment.stale = tr("面单打印以后收件信息改过，请重印面单并换下旧的");
    if (shipment.state == ShipmentState::packed) shipment.notes = about_invoices_in(tx, id);
    if (shipment.notes.empty() && !has_invoice(tx, shipment.payment_no))
        shipment.notes = trf("支付 {} 还没有开发票", shipment.payment_no);
    return shipment;
}

Result<Shipment> find(Database& database, std::int64_t id) {
    return database.read([&](Tx& tx) { return load_shipment(tx, id); });
}

Result<std::optional<Shipment>> by_code(Database& database, const std::string& code) {
    return database.read([&](Tx& tx) -> Result<std::optional<Shipment>> {
        auto id = shipment_of(tx, code);
        if (const auto waybill = folded_waybill(code); !id && !waybill.empty()) {
            const auto found = storage::one<std::int64_t>(tx, "SELECT id FROM shipments WHERE waybill = :waybill", 0, waybill);
            if (found != 0) id = found;
        }
        if (!id) return std::nullopt;
        SEALDESK_LET(shipment, load_shipment(tx, *id));
        return shipment;
    });
}

namespace {

template <class... Uses>
Result<std::vector<Shipment>> shipments_where(Tx& tx, const char* condition, const Uses&... uses) {
    std::vector<std::int64_t> ids;
    std::int64_t id = 0;
    storage::for_each_row(
        tx, std::string("SELECT id FROM shipments WHERE ") + condition, std::tie(id), [&] { ids.push_back(id); }, uses...);
    std::vector<Shipment> list;
    for (const auto one : ids) {
        SEALDESK_LET(shipment, load_shipment(tx, one));
        list.push_back(std::move(shipment));
    }
    return list;
}

}  // namespace

Result<std::vector<Shipment>> waiting(Database& database) {
    return database.read([](Tx& tx) { return shipments_where(tx, "state = 'packed' ORDER BY id"); });
}

Result<std::vector<Shipment>> handed_over_on(Database& database, Day day) {
    return database.read([&](Tx& tx) {
        const auto from = start_of(day).ms, until = start_of(next(day)).ms;
        return shipments_where(tx, "handed_over_at >= :from AND handed_over_at < :until ORDER BY handed_over_at DESC, id DESC",
                               from, until);
    });
}

}  // namespace sealdesk::shipping
