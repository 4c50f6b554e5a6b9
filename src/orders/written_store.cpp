#include "orders/written.h"

#include "storage/rows.h"

namespace sealdesk::orders {

// Two questions, because each has its index.
bool key_was_made(storage::Tx& tx, const std::string& no) {
    return storage::one<std::int64_t>(tx, "SELECT COUNT(*) FROM key_jobs WHERE order_no = :no AND abandoned = 0", 0, no) > 0 ||
           storage::one<std::int64_t>(
               tx, "SELECT COUNT(*) FROM key_jobs WHERE order_no = :no AND abandoned = 1 AND step = 'bind'", 0, no) > 0;
}

}  // namespace sealdesk::orders
