// Which packages the reviewers will open next.
#pragma once

#include <string>
#include <vector>

#include "storage/database.h"

namespace sealdesk::sync {

// SHA-256 of the current submissions in review, or of those `back` before them, oldest order first.
Result<std::vector<std::string>> packages_in_review(storage::Database& database, int back = 0);

}  // namespace sealdesk::sync
