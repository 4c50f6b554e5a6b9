// What is asked before the first member of a new centre is added: nothing may be written for one that would be refused.
#pragma once

#include "staff/staff.h"

namespace sealdesk::staff {

// Whether this login, name and password would be taken.
Result<> check_new(const Member& member, const crypto::Secret& password);
Result<bool> has_members(storage::Database& database);

}  // namespace sealdesk::staff
