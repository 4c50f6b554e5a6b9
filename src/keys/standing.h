// What customer service is asked: is this KEY bound and active, and if not, why? One question, all facts. Worker threads.
#pragma once

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
    std::string platform_trouble;   // what the platform answered when it did not accept it
    std::vector<Movement> movements;
    bool active = false;
    std::string reason;  // why it is not; when active: since when
};
// Refused for a serial that this centre does not know.
Result<Standing> standing(storage::Database& database, const std::string& key_serial);

}  // namespace sealdesk::keys
