// What customer service is asked: is this KEY bound and active, and if not, why? One question, all facts. Worker threads.
#pragma once

#include <string>
#include <vector>

#include "acts/acts.h"
#include "keys/writing.h"

namespace sealdesk::keys {

struct Standing {
    Key key;
    std::optional<Job> job;
    std::optional<certificates::Entry> certificate;
    std::string subject_name;
    Instant bound_at;               // 0: not bound
    Instant told_at, confirmed_at;  // the act to the platform: queued; acknowledged, 0 when it is not
    int tries = 0;                  // how often it was sent, answered or not
    bool declined = false;          // the platform did not accept it: a supervisor decides
    bool dropped = false;           // it will not be sent any more
    std::string platform_trouble;   // what came of the last try, when that was no yes
    std::vector<Movement> movements;
    bool active = false;
    std::string reason;  // why it is not; when active: since when
};
// Of the KEY that was typed or scanned (find_typed_key). Refused for a serial that this centre does not know.
Result<Standing> standing(storage::Database& database, const std::string& typed);
// Of every KEY that the order has, by their units: who calls knows a name or an order, and seldom a serial.
Result<std::vector<Standing>> standings(storage::Database& database, const std::string& order_no);

}  // namespace sealdesk::keys
