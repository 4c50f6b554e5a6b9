// Which packages reviewers and officers will open next.
#pragma once

#include <string>
#include <vector>

#include "storage/database.h"

namespace sealdesk::sync {

enum class Wanted {
    in_review,  // the current submissions that wait for review
    to_seal,    // of approved orders whose seal nobody has accepted: their impression sheet
    earlier     // before the correction that waits for review
};
// SHA-256 of their packages, oldest order first.
Result<std::vector<std::string>> packages_of(storage::Database& database, Wanted wanted);

}  // namespace sealdesk::sync
