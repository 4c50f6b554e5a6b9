// What the tour leaves behind: certificates, documents and the facts of every order, and whether it all fits together.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "demo/centre.h"
#include "demo/tour.h"

namespace sealdesk::demo {

// Writes certs/, invoices/, labels/, report/, orders.json and summary.json into `out`. Returns the sentences of
// everything that does not fit (empty: all is as it must be).
Result<std::vector<std::string>> leave_outcome(desk::Desk& desk, const Centre& centre, const std::vector<StepTime>& times,
                                               const std::filesystem::path& out);

}  // namespace sealdesk::demo
