// What the verbs on items hold items against; for src/review only.
#pragma once

#include <string>
#include <vector>

#include "review/items.h"

namespace sealdesk::review {

// Sizes, reasons that fit the item, a crop that lies on its page. A blank may still be empty.
Result<> check_fault(const std::string& item, const Fault& fault);
// Refused with the item that stands in the way.
Result<> check_approval(const Items& items);
// The lines about one item; empty when they cannot be told.
std::vector<Told> said_about(const Item& item);

}  // namespace sealdesk::review
