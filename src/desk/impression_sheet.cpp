#include "desk/impression_sheet.h"

#include "checks/known_pages.h"

namespace sealdesk::desk {

Result<ImpressionSheet> impression_sheet(storage::Database& database, const staff::Actor& actor,
                                         const checks::Standards& standards, const scans::PackageStore& packages,
                                         const scans::Scanbox& scanbox, const std::string& order_no) {
    SEALDESK_LET(order, orders::load(database, order_no));
    const orders::Submission& newest = order.order.current();
    if (!packages.has(newest.package_sha256)) return ImpressionSheet{};
    SEALDESK_LET(path, packages.path_of(newest.package_sha256));
    SEALDESK_TRY(review::opened_scans(database, actor, order_no, newest.revision));
    SEALDESK_LET(opened, scanbox.open(path));
    auto package = std::make_shared<const scans::Package>(std::move(opened));
    SEALDESK_LET(pages, checks::known_pages(database, standards, order_no, *package));
    for (size_t page = 0; page < pages.size(); ++page)
        if (pages[page].material == "seal_sheet") return ImpressionSheet{std::move(package), page};
    return ImpressionSheet{std::move(package), std::nullopt};
}

}  // namespace sealdesk::desk
