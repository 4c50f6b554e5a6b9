// An act that the portal refused is no dead end: a supervisor decides about it. Worker threads.
#pragma once

#include "acts/acts.h"
#include "staff/staff.h"

namespace sealdesk::acts {

// It goes out once more, or never, and what stands behind it may go. Refused without a reason; conflict when it is not in
// conflict any more.
enum class Settlement { again, dropped };
Result<> settle(storage::Database& database, const staff::Actor& actor, const std::string& uuid, Settlement settlement,
                const std::string& reason);

// What the portal said when it did not accept such an act of the order and nobody has settled that; "" else.
std::string refused_by_portal(storage::Tx& tx, const std::string& order_no, const std::string& kind);
// Inside a verb that ends what they were about: refused ones of this kind do not stand in the way any longer.
void drop_refused(storage::Tx& tx, const std::string& order_no, const std::string& kind);

}  // namespace sealdesk::acts
