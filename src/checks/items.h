// What a reviewer judges one by one for an order: what was filled in, and each paper of its checklist. Pure.
#pragma once

#include <vector>

#include "checks/checklist.h"
#include "review/items.h"

namespace sealdesk::checks {

// Only what was filled in when there is no checklist for that kind and subject.
std::vector<review::ItemWanted> items_to_judge(const Checklists& checklists, const orders::Order& order);

}  // namespace sealdesk::checks
