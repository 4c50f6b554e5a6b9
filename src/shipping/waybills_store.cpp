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
constexpr std::int64_t kRetry = 5 * kSecond, kLongestRetry = 10 * kMinute;

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
    const int maybe_there = row.maybe_there ? 1 : 0;
    storage::change(tx,
                    "UPDATE waybills SET courier = :courier, waybill = :waybill, state = :state, place = :place, routing = "
                    ":routing, courier_order = :order, reason = :reason, said = :said, maybe_there = :maybe, first_asked = "
                    ":first, attempts = :attempts, next_try = :next, changed_at = :at WHERE id = :id",
                    row.courier, row.waybill, state, row.place, row.routing, row.courier_order, row.reason, row.said, maybe_there,
                    row.first_asked.ms, row.attempts, row.next_try.ms, tx.now.ms, row.id);
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

bool is_told(const Waybill& row) { return row.source == Source::kuaidi100 || row.source == Source::sf; }

// A repetition with this reference might be another order at the courier.
bool is_too_old(const Waybill& row, Instant now) {
    return row.source == Source::kuaidi100 && row.first_asked && now - row.first_asked >= kReferenceLasts;
}

bool is_used(Tx& tx, const std::string& waybill) {
    return storage::one<std::int64_t>(tx, "SELECT COUNT(*) FROM waybills WHERE waybill = :waybill", 0, waybill) > 0;
}

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
    storage::change(tx,
                    "UPDATE shipments SET waybill = '', printed_place = '', manifest_id = 0, papers_due = 1, papers_trouble = '' "
                    "WHERE id = :id",
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

Instant later(const Waybill& row, Instant now) { return now + std::min(kLongestRetry, kRetry << std::min(row.attempts, 7)); }

void take_number(Tx& tx, Waybill& row, const Taken& taken) {
    row.attempts = 0;
    row.next_try = {};
    row.courier = taken.courier;
    row.courier_order = taken.courier_order;
    row.routing = taken.routing;
    const bool cancelling = row.state == WaybillState::cancelling;
    if (is_used(tx, taken.waybill)) {
        // Not to be cancelled by us: it is on another parcel.
        const std::string sentence = trf("快递单号 {} 已经用在另一个包裹上", taken.waybill);
        (cancelling ? row.said : row.reason) = sentence;
        row.state = cancelling ? WaybillState::stuck : WaybillState::failed;
        save(tx, row);
        return;
    }
    row.waybill = taken.waybill;
    if (!cancelling) {
        row.state = WaybillState::live;
        row.reason.clear();
    }
    save(tx, row);
    if (cancelling) return;
    give(tx, row);
    note(tx, "desk", "shipping.waybill", row);
}

// What the courier said, written down. The row may have been changed meanwhile: a number that came too late is kept on it.
// `maybe_before`: it may have given a number before this question.
Result<Waybill> write_answer(Database& database, std::int64_t id, const Result<Taken>& answer, bool maybe_before) {
    return database.write([&](Tx& tx) -> Result<Waybill> {
        SEALDESK_LET(row, load_waybill(tx, id));
        if (row.state == WaybillState::voided || row.state == WaybillState::live || row.state == WaybillState::stuck) return row;
        if (answer && row.waybill.empty()) {
            take_number(tx, row, *answer);
            return row;
        }
        if (answer) return row;
        ++row.attempts;
        const ErrorKind kind = answer.error().kind;
        // A clear no to this question says nothing about an earlier one.
        const bool clear_no = kind == ErrorKind::refused || kind == ErrorKind::denied;
        if (clear_no) row.maybe_there = maybe_before;
        if (row.state == WaybillState::cancelling) {
            if (kind != ErrorKind::unavailable) {
                row.state = row.maybe_there ? WaybillState::stuck : WaybillState::voided;
                row.said = answer.error().message;
            }
        } else {
            row.reason = answer.error().message;
            if (kind != ErrorKind::unavailable) row.state = WaybillState::failed;
        }
        row.next_try = later(row, tx.now);
        save(tx, row);
        return row;
    });
}

Result<Waybill> write_cancelled(Database& database, std::int64_t id, const Result<>& answer) {
    return database.write([&](Tx& tx) -> Result<Waybill> {
        SEALDESK_LET(row, load_waybill(tx, id));
        if (row.state != WaybillState::cancelling) return row;
        if (answer) {
            row.state = WaybillState::voided;
            row.said.clear();
        } else {
            ++row.attempts;
            row.next_try = later(row, tx.now);
            if (answer.error().kind != ErrorKind::unavailable) {
                row.state = WaybillState::stuck;
                row.said = answer.error().message;
            }
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

namespace {

struct Job {
    Waybill row;
    Shipment shipment;
    bool ask = false;           // for the number; else there is one, or nothing to do
    bool maybe_before = false;  // before this question
};

// Before the courier is asked it is written down that it may have given a number, with the place that it is told: whatever
// happens now, nobody takes the reference for another place.
Result<Job> begin_asking(Database& database, const Couriers& couriers, std::int64_t id) {
    return database.write([&](Tx& tx) -> Result<Job> {
        Job job;
        SEALDESK_LET(row, load_waybill(tx, id));
        SEALDESK_LET(shipment, load_shipment(tx, row.shipment_id));
        job.shipment = std::move(shipment);
        job.maybe_before = row.maybe_there;
        const bool open = row.state == WaybillState::asking || row.state == WaybillState::cancelling;
        if (open && row.waybill.empty() && is_too_old(row, tx.now)) {
            const std::string sentence = tr("快递100 一直没有给出答复，已超过 47 小时，再问会重复下单。请在快递100 查询这个订单");
            const bool asking = row.state == WaybillState::asking;
            (asking ? row.reason : row.said) = sentence;
            row.state = asking ? WaybillState::failed : WaybillState::stuck;
            save(tx, row);
        } else if (open && row.waybill.empty() && couriers.find(row.source) != nullptr) {
            row.maybe_there = true;
            if (!row.first_asked) row.first_asked = tx.now;
            save(tx, row);
            job.ask = true;
        }
        job.row = std::move(row);
        return job;
    });
}

}  // namespace

Result<Waybill> obtain(Database& database, const Couriers& couriers, std::int64_t waybill_id, std::stop_token stop) {
    SEALDESK_LET(job, begin_asking(database, couriers, waybill_id));
    const bool cancelling = job.row.state == WaybillState::cancelling;
    if (job.row.state != WaybillState::asking && !cancelling) return job.row;
    Courier* courier = couriers.find(job.row.source);
    if (courier == nullptr)
        return write_answer(database, waybill_id,
                            fail(cancelling ? ErrorKind::unavailable : ErrorKind::denied,
                                 trf("这个工位没有设置{}的账号", word_of(job.row.source))),
                            job.maybe_before);
    if (job.ask) {
        // Also before cancelling: whether it gave a number is asked with the same reference.
        const auto answer = courier->order(order_for(job.shipment, job.row, couriers.sender), stop);
        // An order that is there without a number is cancelled by our reference.
        const bool numberless = cancelling && !answer && answer.error().kind == ErrorKind::conflict;
        if (!numberless) {
            SEALDESK_LET(row, write_answer(database, waybill_id, answer, job.maybe_before));
            if (row.state != WaybillState::cancelling || row.waybill.empty()) return row;
            job.row = row;
        }
    }
    return write_cancelled(
        database, waybill_id,
        courier->cancel({job.row.reference, job.row.courier, job.row.waybill, job.row.courier_order, job.row.reason}, stop));
}

// The desk that packed has the account; one that has none leaves it alone.
static bool is_of_a_desk(Database& database, std::int64_t shipment_id) {
    const auto desk = database.read([&](Tx& tx) -> Result<std::string> {
        return storage::one<std::string>(tx, "SELECT papers_desk FROM shipments WHERE id = :id", "", shipment_id);
    });
    return desk && !desk->empty();
}

Result<int> obtain_due(Database& database, const Couriers& couriers, std::stop_token stop) {
    SEALDESK_LET(open, waybills_open(database));
    int settled = 0;
    for (const auto& row : open) {
        if (stop.stop_requested()) break;
        if (row.state == WaybillState::failed || row.state == WaybillState::stuck || row.next_try > database.now()) continue;
        if (couriers.find(row.source) == nullptr && is_of_a_desk(database, row.shipment_id)) continue;
        SEALDESK_LET(now, obtain(database, couriers, row.id, stop));
        settled += now.state != row.state ? 1 : 0;
    }
    return settled;
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
        for (const auto& no : orders_in(tx, row.shipment_id))
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
