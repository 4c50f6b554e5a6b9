// Shipping: issued orders become parcels, parcels go to the courier or over the counter. Orders of one payment
// and one address share a parcel; different addresses are never merged silently. Verbs need a clerk. Any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "orders/order.h"
#include "staff/staff.h"
#include "storage/database.h"

namespace sealdesk::shipping {

struct Content {
    std::string order_no, subject_name;
    int quantity = 1;                      // KEYs the order needs
    std::vector<std::string> key_serials;  // KEYs that belong to it, by unit
    int revision = 1;
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
    std::string differs;                 // sentence when the payment has more than one address, else ""
    std::string waits;                   // sentence when not_ready is not empty, else ""
};

enum class ShipmentState { packed, handed_over };
const char* name_of(ShipmentState state);
const char* word_of(ShipmentState state);  // 待交寄, 已交寄; pickup as well

struct Shipment {
    std::int64_t id = 0;
    std::string payment_no;
    orders::Delivery delivery;
    std::string courier;  // Kuaidi100's code; "" for pickup
    std::string waybill;  // "" for pickup
    ShipmentState state = ShipmentState::packed;
    std::vector<Content> contents;
    std::string packed_by;  // login
    Instant packed_at, handed_over_at;
    int prints = 0;     // of its label
    std::string notes;  // sentence for the clerk when something is unusual (no invoice yet), else ""
};

// Oldest first.
Result<std::vector<Proposal>> proposals(storage::Database& database);

// Packs issued orders of one payment and one place. The waybill is `typed_waybill`, or the next of the range
// "waybill"; none for pickup. Conflict, naming the waybill, when one is packed already; refused when addresses differ.
Result<Shipment> pack(storage::Database& database, const staff::Actor& actor, const std::vector<std::string>& order_nos,
                      const std::string& typed_waybill = {});
// The parcel is out of the house: orders completed, KEYs shipped, "shipped" queued. Conflict the second time.
Result<Shipment> hand_over(storage::Database& database, const staff::Actor& actor, std::int64_t id);
// Counts a printed label; returns how often it has been printed now.
Result<int> printed(storage::Database& database, const staff::Actor& actor, std::int64_t id);

Result<Shipment> find(storage::Database& database, std::int64_t id);
// By what a scanner reads from the label (waybill) or an order number; nothing when there is none.
Result<std::optional<Shipment>> by_code(storage::Database& database, const std::string& code);
// Packed and not handed over, oldest first.
Result<std::vector<Shipment>> waiting(storage::Database& database);
// Handed over on that day, newest first.
Result<std::vector<Shipment>> handed_over_on(storage::Database& database, Day day);

}  // namespace sealdesk::shipping
