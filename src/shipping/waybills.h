// Labels and their numbers: every waybill that was taken or asked for stands in one ledger, from asking to voiding. A parcel
// has at most one number that counts. Verbs need a clerk; obtain() talks to couriers: worker threads only.
#pragma once

#include "shipping/courier.h"
#include "shipping/shipping.h"

namespace sealdesk::shipping {

enum class WaybillState {
    asking,      // the courier is being asked, or does not answer: repeated until somebody knows
    failed,      // the courier said no: somebody has to put something right
    live,        // the parcel's number
    cancelling,  // not to be used; the courier does not know yet
    stuck,       // not to be used; the courier would not take it back, or cannot be asked any more: a person decides
    voided       // never used again
};
const char* name_of(WaybillState state);
const char* word_of(WaybillState state);

struct Waybill {
    std::int64_t id = 0, shipment_id = 0;
    std::string reference;
    Source source = Source::range;
    std::string courier, waybill;
    WaybillState state = WaybillState::live;
    std::string place;          // what the courier was told
    std::string routing;        // JSON, for the label
    std::string courier_order;  // the courier's own number of it
    std::string reason;         // why it failed, or why it was voided
    std::string said;           // of a stuck one: the courier's answer
    bool maybe_there = false;   // the courier was asked and did not clearly say no: it may have given a number
    Instant first_asked;        // with this reference; never before the first time
    int attempts = 0;
    Instant next_try;
    std::string asked_by;
    Instant asked_at, changed_at;
};

// Inside the verb that packs: a number of the range or a typed one counts at once, a courier is asked afterwards.
Result<Waybill> begin_waybill(storage::Tx& tx, const staff::Actor& actor, std::int64_t shipment_id,
                              const orders::Delivery& delivery, const NumberFrom& from);

// All of a parcel, newest first.
Result<std::vector<Waybill>> waybills_of(storage::Database& database, std::int64_t shipment_id);
// What still has to be asked, retried or cancelled, what failed, and what is stuck: oldest first.
Result<std::vector<Waybill>> waybills_open(storage::Database& database);

// Kuaidi100 gives the first answer again for 48 hours, and after that another number that is paid for: an hour is kept back.
constexpr std::int64_t kReferenceLasts = 47 * kHour;
// Asks for one number, or cancels one, with the reference that it has: safe to repeat, also after a crash. That it is being asked
// is written down first; a reference that is too old to be repeated goes to a person.
Result<Waybill> obtain(storage::Database& database, const Couriers& couriers, std::int64_t waybill_id, std::stop_token stop = {});
// All whose time has come; how many were settled.
Result<int> obtain_due(storage::Database& database, const Couriers& couriers, std::stop_token stop = {});

// Tries a failed one again as it is, or to cancel a stuck one. A reference that is too old is taken back and replaced.
Result<> retry_waybill(storage::Database& database, const staff::Actor& actor, std::int64_t waybill_id);
// A stuck one was settled with the courier (rung up, cancelled in its own console): refused without a note.
Result<> settle_waybill(storage::Database& database, const staff::Actor& actor, std::int64_t waybill_id, const std::string& note);
// Puts recipient, mobile or address of a parcel right. A label that was clearly refused is asked for again; a number that a
// courier gave, or may have given, for the old place is taken back and a new one asked for under a new reference; a number of
// the range stays and its label is stale until printed again. `desk` prints what a new number brings; "": the one that did.
Result<Shipment> correct_place(storage::Database& database, const staff::Actor& actor, std::int64_t shipment_id,
                               const orders::Delivery& place, const std::string& desk = {});
// The number is not to be used (label spoiled, other courier, address wrong); a new one comes from `from`. Refused without a
// reason; conflict when the parcel is out of the house.
Result<Shipment> change_waybill(storage::Database& database, const staff::Actor& actor, std::int64_t shipment_id,
                                const NumberFrom& from, const std::string& reason, const std::string& desk = {});

}  // namespace sealdesk::shipping
