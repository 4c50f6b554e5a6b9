// Shipping: issued orders become parcels, parcels go to the courier or over the counter. Orders of one payment
// and one address share a parcel; different addresses are never merged silently. Verbs need a clerk. Any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "orders/order.h"
#include "shipping/courier.h"
#include "staff/staff.h"
#include "storage/database.h"

namespace sealdesk::shipping {

struct Content {
    std::string order_no, subject_name;
    int quantity = 1;                      // KEYs that go into the parcel for it
    std::vector<std::string> key_serials;  // KEYs that belong to it, by unit
    int revision = 1;
    int replaced = 0;  // KEYs of it that were replaced before they left: another order's parcel has the new ones
    orders::OrderKind kind = orders::OrderKind::create;
    std::string unit{};  // that it is for: the subject itself, or where a person belongs to; may be ""
};

// What could be packed together.
struct Proposal {
    std::string payment_no;
    orders::Delivery delivery;
    std::vector<Content> contents;
    Instant waiting_since;               // of the order that waits longest
    bool invoiced = false;               // the payment's invoice is there to put in
    int parcels = 1;                     // into how many parcels the payment splits
    std::vector<std::string> not_ready;  // orders of the same payment and place that are not issued yet
    std::string differs;                 // sentence when more than one place is still to be packed for, else "": needs a choice
    std::string waits;                   // sentence when not_ready is not empty, else ""
    std::vector<std::string> not_ready_together;  // of the payment, whatever the place: what goes together would wait for them
    std::string waits_together;                   // sentence when those are any, else ""
    bool waiting_wanted = false;                  // somebody decided to wait for them
    std::string incomplete;                       // sentence when an order has not as many KEYs as it needs, else ""
    std::string stays;                            // sentence when one of its KEYs must not leave for now, else ""
};

// A KEY that was seen going into the parcel.
struct SeenKey {
    std::string serial;
    bool read = false;  // from the port; else its printed serial was scanned
};

// Where a parcel's number is to come from.
struct NumberFrom {
    Source source = Source::range;
    std::string courier;  // for Kuaidi100: its code of the courier; for a typed one "" when its shape tells
    std::string typed;    // for Source::typed
};

enum class ShipmentState { packed, handed_over, unpacked };
const char* name_of(ShipmentState state);
const char* word_of(ShipmentState state);  // 待交寄, 已交寄, 已拆开; pickup as well

struct Shipment {
    std::int64_t id = 0;
    std::string payment_no;
    orders::Delivery delivery;
    std::string courier;  // Kuaidi100's code; "" for pickup
    std::string waybill;  // "" for pickup, and while a courier has not given one
    ShipmentState state = ShipmentState::packed;
    std::vector<Content> contents;
    std::string packed_by;  // name of the person
    Instant packed_at, handed_over_at;
    int prints = 0;              // of its label, over the counter of its receipt
    bool papers_due = false;     // they are not among the print jobs yet
    std::string papers_desk;     // which desk prints them when the number comes later; "": none by itself
    std::string papers_trouble;  // why they could not be made, as told to the person; "": nothing in the way
    Instant papers_after;        // they wait for an invoice's file and are tried again then; 0: they do not
    std::int64_t manifest = 0;
    Instant delivered_at;
    std::string stale;    // sentence when the label that was printed does not say where the parcel goes now, else ""
    std::string blocked;  // sentence when it must not leave: an order in it was refunded, a KEY called back or to stay; else ""
    std::string notes;    // sentences for the clerk when something is unusual (no invoice yet, one inside that is void, one that
                          // came later and has to be put in), else ""
    // What the courier wants on the label of its number: where its sorters send it (大头笔), and SF's two-dimensional code.
    std::string routing, routing_code;
};

// Oldest first. Without the orders that were refunded.
Result<std::vector<Proposal>> proposals(storage::Database& database);

// An order that was refunded after its KEY was written: it lies here, and must not leave.
struct Refunded {
    Content content;
    std::string payment_no;
    Instant at;
    std::int64_t shipment = 0;  // the parcel that has to be unpacked for it; 0: none
    std::string sentence;       // what to do
};
// Oldest refund first, until the refund is finished.
Result<std::vector<Refunded>> refunded(storage::Database& database);

// What is packed, and what a person decided about it.
struct PackOrder {
    std::vector<std::string> order_nos;
    NumberFrom number;
    std::string desk;               // prints the papers when the number comes later
    std::vector<SeenKey> seen;      // the KEYs that went in, one by one
    bool all_seen = false;          // refuse unless every KEY is among them
    bool without_the_rest = false;  // orders of the same place are not ready: ship now
    bool apart = false;             // the payment has several places: one parcel for each
    std::string together_at;        // instead: all to the place of this order
};
// Packs issued orders of one payment and one place. Every order must have as many KEYs as were paid for. Conflict, naming the
// waybill, when one is packed already, and when one was refunded; refused when a choice is open: places differ, or orders are
// not ready.
Result<Shipment> pack(storage::Database& database, const staff::Actor& actor, const PackOrder& what);
// By hand, without the scanner, and without orders that are not ready; the waybill is typed or the next of the range.
Result<Shipment> pack(storage::Database& database, const staff::Actor& actor, const std::vector<std::string>& order_nos,
                      const std::string& typed_waybill = {});
// Wait for the orders that are not ready: the proposal stands apart until they are, of the payment every proposal. Conflict when
// none is missing.
enum class Rest { of_place, of_payment };
Result<> wait_for_the_rest(storage::Database& database, const staff::Actor& actor, const std::string& order_no,
                           Rest rest = Rest::of_place);
// Apart again: its orders can be packed anew, its number is never used again. Refused without a reason; conflict when it is out
// of the house.
Result<> unpack(storage::Database& database, const staff::Actor& actor, std::int64_t id, const std::string& reason);
// The parcel is out of the house: orders completed, KEYs shipped, "shipped" queued. Conflict the second time; refused while it
// stands on an open manifest, has no number, a stale label, or is blocked.
Result<Shipment> hand_over(storage::Database& database, const staff::Actor& actor, std::int64_t id);
// Counts a printed label, which says what `drawn` says; returns how often it has been printed now. Conflict when the parcel goes
// to another place, has another number or has left by now: that label must not be stuck on. `reason`: of a reprint.
Result<int> printed(storage::Database& database, const staff::Actor& actor, const Shipment& drawn,
                    const std::string& reason = {});
Result<int> printed(storage::Tx& tx, const staff::Actor& actor, const Shipment& drawn, const std::string& reason = {});
bool are_papers_due(storage::Tx& tx, std::int64_t id);
// Its papers are among the print jobs.
void papers_asked(storage::Tx& tx, std::int64_t id);
// Why they could not be made; they stay due.
Result<> papers_failed(storage::Database& database, std::int64_t id, const std::string& why);
// They wait for something that comes by itself; that desk tries again after kPapersWait, in the name of who asked for it.
constexpr std::int64_t kPapersWait = kMinute;
Result<> papers_wait(storage::Database& database, std::int64_t id, const std::string& desk, const std::string& login);
// Parcels of that desk whose papers are to be printed now, since their number came from a courier or they have waited long
// enough, and who had asked for it.
struct LatePapers {
    std::int64_t shipment = 0;
    std::string login;
};
Result<std::vector<LatePapers>> late_papers(storage::Database& database, const std::string& desk);
// Packed, with a number, and papers that could not be made or wait for an invoice's file: oldest first.
Result<std::vector<Shipment>> unprinted(storage::Database& database);
// What is in the way of its papers, for whoever stands before it; "" when nothing is.
std::string why_unprinted(const Shipment& shipment);

Result<Shipment> find(storage::Database& database, std::int64_t id);
// By what a scanner reads from the label (waybill) or an order number; nothing when there is none.
Result<std::optional<Shipment>> by_code(storage::Database& database, const std::string& code);
// Packed and not handed over, oldest first.
Result<std::vector<Shipment>> waiting(storage::Database& database);
// Handed over on that day, newest first.
Result<std::vector<Shipment>> handed_over_on(storage::Database& database, Day day);

}  // namespace sealdesk::shipping
