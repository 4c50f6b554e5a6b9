// Hand-over to the courier: parcels are scanned into the open manifest of their courier; closing it completes the orders and
// is what the courier signs. Verbs need a clerk. Any thread.
#pragma once

#include "shipping/shipping.h"

namespace sealdesk::shipping {

struct Manifest {
    std::int64_t id = 0;
    std::string number;  // of the range "manifest", from closing on
    std::string courier;
    bool closed = false;
    std::string opened_by, closed_by;  // names of the persons
    Instant opened_at, closed_at;
    std::string taken_by;  // who came for it, as told
    std::vector<Shipment> parcels;

    int keys() const;
};

// Adds the parcel with this waybill to the open manifest of its courier. Refused: no such waybill, voided, stale, pick-up;
// conflict: it is in already, or handed over.
Result<Manifest> scan_out(storage::Database& database, const staff::Actor& actor, const std::string& code);
// Every courier's parcel that stands on no list is handed over, one by one: what cannot go is named and keeps nothing else
// back. Pick-ups are not the courier's: each is handed over by itself.
struct Sent {
    int count = 0;
    std::vector<std::string> stayed;  // sentences that name the parcel
};
Result<Sent> hand_over_all(storage::Database& database, const staff::Actor& actor);
// Out of the open manifest again: the parcel stays here.
Result<> keep_back(storage::Database& database, const staff::Actor& actor, std::int64_t shipment_id);
// Everything in it is handed over at once, or nothing; what has left already only stands on the list. Refused when it is empty,
// conflict when it is closed.
Result<Manifest> close_manifest(storage::Database& database, const staff::Actor& actor, std::int64_t id,
                                const std::string& taken_by);

Result<Manifest> manifest(storage::Database& database, std::int64_t id);
// Closed ones have a number. Refused when there is none with it.
Result<Manifest> manifest_numbered(storage::Database& database, const std::string& number);
Result<std::vector<Manifest>> open_manifests(storage::Database& database);
// Closed on that day, newest first.
Result<std::vector<Manifest>> manifests_on(storage::Database& database, Day day);
// Packed, with a waybill, and in no manifest: what the courier would leave behind.
Result<std::vector<Shipment>> not_handed_over(storage::Database& database);

}  // namespace sealdesk::shipping
