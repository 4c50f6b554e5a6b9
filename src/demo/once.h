// What must have happened exactly once, however often the window was killed on the way: one act for each step of an
// order, applied once by the portal; one number for each invoice and each parcel, and none lost in between.
#pragma once

#include <string>
#include <vector>

#include "demo/centre.h"

namespace sealdesk::demo {

// Appends a sentence to `faults` for each thing that is missing or there twice.
Result<> count_what_happens_once(desk::Desk& desk, const Centre& centre, std::vector<std::string>& faults);

}  // namespace sealdesk::demo
