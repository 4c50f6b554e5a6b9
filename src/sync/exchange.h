// One round of talk with the portal: take events, fetch packages, send acts. Plain functions, so that tests and
// the command line run a round where the desk runs them for ever (worker.h).
#pragma once

#include <stop_token>

#include "acts/acts.h"
#include "intake/intake.h"
#include "scans/package_store.h"
#include "sync/portal_client.h"

namespace sealdesk::sync {

// Takes what the feed has after our position; waits up to `wait` for the first event. Returns how many events.
Result<int> take_events(storage::Database& database, const PortalClient& portal, std::chrono::seconds wait,
                        std::stop_token stop = {});

// Fetches packages of orders in review that are not here yet, oldest order first, at most `limit`. A package that
// the portal gives with another hash is put aside as a fault of its order and tried again later.
Result<int> fetch_packages(storage::Database& database, const PortalClient& portal, const scans::PackageStore& store, int limit,
                           std::stop_token stop = {});

struct Sent {
    int applied = 0, conflicts = 0;
};
// Sends what is due, in order per order. An act that the portal refuses is a conflict for a person; an act that
// could not be sent is tried again later, with back-off and jitter. Ends with an error when the portal is away.
Result<Sent> send_acts(storage::Database& database, const PortalClient& portal, crypto::Random& random,
                       std::stop_token stop = {});

// Sends the newest revocation list until the portal has it; true when it took one now. Which ones it has is on record here, and
// a list that it got before an answer was lost is taken for what it is.
Result<bool> send_list(storage::Database& database, const PortalClient& portal, std::stop_token stop = {});

// How long to wait after `failures` failures in a row: doubling from 1 s to 5 min, half of it random.
std::int64_t back_off_ms(int failures, crypto::Random& random);

}  // namespace sealdesk::sync
