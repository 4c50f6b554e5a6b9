// Where parcels are after hand-over: asked from the courier or pushed by it, and the list of KEYs that arrived and were never
// used. Any thread; poll_due() talks to couriers: worker threads only.
#pragma once

#include "shipping/courier.h"
#include "shipping/shipping.h"

namespace sealdesk::shipping {

constexpr std::int64_t kAskAgain = 4 * kHour;   // for a parcel that is under way
constexpr std::int64_t kForgotten = 90 * kDay;  // after hand-over couriers know nothing of it any more

// Writes steps that are new; the delivery is the first one that says so. Refused for a number that is not ours.
Result<> take_track(storage::Database& database, const std::string& waybill, const Track& track);
// Asks about at most `limit` parcels that are under way, longest not asked first; how many were answered.
Result<int> poll_due(storage::Database& database, const Couriers& couriers, int limit, std::stop_token stop = {});
Result<std::vector<TrackStep>> steps_of(storage::Database& database, const std::string& waybill);  // newest first

// A KEY was seen in use: the bidding platform told a clerk, or the applicant did. Told again, the first time stays. Refused for a
// KEY that is not ours.
Result<> key_used(storage::Database& database, const staff::Actor& actor, const std::string& serial);
struct FollowUp {
    Shipment shipment;
    std::vector<std::string> unused;  // KEY serials
};
// Delivered longer than `after_ms` ago with a KEY that was never used, and not settled: oldest first.
Result<std::vector<FollowUp>> follow_ups(storage::Database& database, std::int64_t after_ms);
// Somebody rang the applicant. Refused without a note.
Result<> settle_follow_up(storage::Database& database, const staff::Actor& actor, std::int64_t shipment_id,
                          const std::string& note);

}  // namespace sealdesk::shipping
