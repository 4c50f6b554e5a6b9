#include "sync/packages_store.h"

#include "storage/rows.h"

namespace sealdesk::sync {

Result<std::vector<std::string>> packages_of(storage::Database& database, Wanted wanted) {
    return database.read([wanted](storage::Tx& tx) -> Result<std::vector<std::string>> {
        const int back = wanted == Wanted::earlier ? 1 : 0;
        const std::string which =
            wanted == Wanted::to_seal
                ? "o.state = 'approved' AND NOT EXISTS (SELECT 1 FROM seal_pictures p WHERE p.order_no = o.no AND "
                  "p.accepted_at >= (SELECT COALESCE(MAX(d.at), 0) FROM decisions d WHERE d.order_no = o.no AND "
                  "d.verdict = 'approved' AND d.undone = 0))"
                : "o.state = 'paid'";
        std::vector<std::string> list;
        std::string sha256;
        storage::for_each_row(
            tx,
            "SELECT s.package_sha256 FROM orders o JOIN submissions s ON s.order_no = o.no AND s.revision = o.revision - :back "
            "WHERE " +
                which + " ORDER BY o.waiting_since, o.no LIMIT 500",
            std::tie(sha256), [&] { list.push_back(sha256); }, back);
        return list;
    });
}

}  // namespace sealdesk::sync
