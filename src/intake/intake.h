// Intake: what the portal's feed says, taken into the desk's database. An event and the feed's position are
// written together, so a crash repeats nothing and loses nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "orders/orders.h"

namespace sealdesk::intake {

struct Event {
    std::int64_t seq = 0;
    std::string kind;  // paid, resubmitted, refunded
    std::string order_no;
    int revision = 1;
    std::string text;  // the event as received, kept when it cannot be taken
};

struct Position {
    std::int64_t seq = 0;
    Instant heard_at;  // last answer of the portal, also an empty one
};
Result<Position> position(storage::Database& database);
Result<> heard(storage::Database& database);

// `order`: the order as the portal has it now, for paid and resubmitted. An event that cannot be taken
// (unknown order, broken data) is put aside with its reason, and the feed goes on.
Result<> take(storage::Database& database, const Event& event, const std::optional<orders::Order>& order);
// For an event whose order could not even be read.
Result<> put_aside(storage::Database& database, const Event& event, const std::string& reason);

struct Fault {
    std::int64_t seq = 0;
    std::string event, reason;
    Instant at;
};
Result<std::vector<Fault>> faults(storage::Database& database);  // not settled
Result<> settle(storage::Database& database, const std::string& actor, std::int64_t seq);

}  // namespace sealdesk::intake
