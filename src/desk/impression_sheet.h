// The impression sheet 印章采样表 among an order's papers: where the lifted seal comes from. Decodes a package through the
// sandbox: never on the UI thread.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "checks/checks.h"
#include "scans/package_store.h"
#include "scans/scanbox.h"
#include "staff/staff.h"

namespace sealdesk::desk {

struct ImpressionSheet {
    std::shared_ptr<const scans::Package> package;  // null: it is not on this desk yet
    std::optional<size_t> page;                     // nothing: no page is known as the sheet
};
// The sheet of the order's newest submission. Opening the package is logged before it is opened.
Result<ImpressionSheet> impression_sheet(storage::Database& database, const staff::Actor& actor,
                                         const checks::Standards& standards, const scans::PackageStore& packages,
                                         const scans::Scanbox& scanbox, const std::string& order_no);

}  // namespace sealdesk::desk
