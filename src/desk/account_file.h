// Accounts at other people's services: TOML files readable by their owner alone, so that the settings can be shown and copied.
// Nothing of them is ever logged.
#pragma once

#include <toml++/toml.h>

#include <filesystem>
#include <set>
#include <string>

#include "base/result.h"
#include "network/http.h"

namespace sealdesk::desk {

// Refused when others can read the file, and without quoting it when it is not TOML.
Result<toml::table> read_accounts(const std::filesystem::path& file);
std::string account_text(const toml::table& table, const char* name, const char* otherwise = "");
// Refused: names in the table that are not among those.
Result<> check_names(const toml::table& table, const std::set<std::string>& known);
// `ca_file` of the table, else the system's.
network::HttpClient::Options account_options(const toml::table& table, const std::string& base);

}  // namespace sealdesk::desk
