// Which packages the reviewers will open next.
#pragma once

#include <string>
#include <vector>

#include "storage/database.h"

namespace sealdesk::sync {

// SHA-256 of the current submissions in review, oldest order first.
Result<std::vector<std::string>> packages_in_review(storage::Database& database);

}  // namespace sealdesk::sync
