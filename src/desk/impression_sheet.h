// The impression sheet 印章采样表 among an order's papers: where the lifted seal comes from. Decodes a package through the
// sandbox: never on the UI thread.
#pragma once

#include <memory>
#include <optional>

#include "checks/checks.h"
#include "scans/package_store.h"
#include "scans/scanbox.h"
#include "staff/staff.h"

namespace sealdesk::desk {

struct ImpressionSheet {
    std::shared_ptr<const scans::Package> package;
    size_t page = 0;
};
// The sheet of the order's newest submission; nothing when no page is known as one, or the package has not arrived. Opening
// it is logged before it is opened.
Result<std::optional<ImpressionSheet>> impression_sheet(storage::Database& database, const staff::Actor& actor,
                                                        const checks::Standards& standards, const scans::PackageStore& packages,
                                                        const scans::Scanbox& scanbox, const std::string& order_no);

}  // namespace sealdesk::desk
