// A refund that the portal told of: the order may stand in any state meanwhile, a person settles the rest.
#pragma once

#include <string>

#include "storage/database.h"

namespace sealdesk::orders {

// The portal has given the money back, whatever the order's state is: nothing more is made for it.
bool refunded_by_portal(storage::Tx& tx, const std::string& no);

}  // namespace sealdesk::orders
