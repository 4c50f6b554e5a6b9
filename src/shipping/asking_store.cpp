// Couriers are asked for numbers, and asked to take them back: what they say is written down, whatever happens between.
#include <algorithm>

#include "base/translate.h"
#include "shipping/parcels.h"
#include "shipping/waybill_rows.h"
#include "shipping/waybills.h"
#include "storage/rows.h"

namespace sealdesk::shipping {

using storage::Database;
using storage::Tx;
using namespace waybill_rows;

namespace {

constexpr std::int64_t kRetry = 5 * kSecond, kLongestRetry = 10 * kMinute;

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
    order.keys = std::max(order.keys, 1);  // whatever became of the parcel: an order for nothing is refused
    constexpr size_t kRemark = 100;
    if (order.remark.size() > kRemark) order.remark = trf("{} 单", shipment.contents.size());
    return order;
}

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
        if (row.state == WaybillState::failed || row.state == WaybillState::stuck) continue;
        if (!is_due(row.next_try, database.now(), kLongestRetry)) continue;
        if (couriers.find(row.source) == nullptr && is_of_a_desk(database, row.shipment_id)) continue;
        SEALDESK_LET(now, obtain(database, couriers, row.id, stop));
        settled += now.state != row.state ? 1 : 0;
    }
    return settled;
}

}  // namespace sealdesk::shipping
