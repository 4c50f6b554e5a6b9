// An invoice as JSON: the snapshot in the database, also what `--json` prints.
#pragma once

#include <nlohmann/json.hpp>

#include "invoices/invoices.h"

namespace sealdesk::invoices {

nlohmann::json to_json(const Invoice& invoice);
// Corrupt when it is not what to_json() wrote.
Result<Invoice> invoice_from_json_text(const std::string& text);

}  // namespace sealdesk::invoices
