#include "sync/packages_store.h"

#include "storage/rows.h"

namespace sealdesk::sync {

Result<std::vector<std::string>> packages_in_review(storage::Database& database, int back) {
    return database.read([back](storage::Tx& tx) -> Result<std::vector<std::string>> {
        std::vector<std::string> list;
        std::string sha256;
        storage::for_each_row(
            tx,
            "SELECT s.package_sha256 FROM orders o JOIN submissions s ON s.order_no = o.no AND s.revision = o.revision - :back "
            "WHERE o.state = 'paid' ORDER BY o.waiting_since, o.no LIMIT 500",
            std::tie(sha256), [&] { list.push_back(sha256); }, back);
        return list;
    });
}

}  // namespace sealdesk::sync
