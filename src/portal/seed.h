// Demo orders (data/demo/orders.json): from their recipes to paid orders of the portal. Used by the portal's
// command line and by the demo.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/time.h"
#include "portal/packages.h"
#include "storage/database.h"

namespace sealdesk::portal {

// What the scan maker is asked for: {"packages":[{"out","format","names","pages"}]}. The file of an order is
// <folder>/<order no>-r<revision>.<extension>; the papers of a later resubmission have revision 2.
nlohmann::json package_recipes(const nlohmann::json& demo, const std::filesystem::path& folder);

struct Seeded {
    int placed = 0, before = 0;
};
// Stores the packages made from the recipes and places the orders, paid `paid_minutes_ago` before `now`,
// earliest first. Orders that are there already stay as they are.
Result<Seeded> seed(storage::Database& database, const Packages& packages, const nlohmann::json& demo,
                    const std::filesystem::path& folder, Instant now);

}  // namespace sealdesk::portal
