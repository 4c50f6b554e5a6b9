// What is known of the pages of an opened package without looking at them again: which material each one is, and what was
// read on it. One reading transaction; never on the UI thread.
#pragma once

#include <string>
#include <vector>

#include "checks/checks.h"

namespace sealdesk::checks {

struct KnownPage {
    std::string material;  // code of the checklist, "" when neither its name nor its text tells
    std::string text;      // the reader's answer (reader.h), "" when nobody has read it
};
// One for each page of the package, in its order.
Result<std::vector<KnownPage>> known_pages(storage::Database& database, const Standards& standards, const std::string& order_no,
                                           const scans::Package& package);

}  // namespace sealdesk::checks
