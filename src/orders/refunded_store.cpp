#include "orders/refunded.h"
#include "storage/rows.h"

namespace sealdesk::orders {

bool refunded_by_portal(storage::Tx& tx, const std::string& no) {
    return storage::one<std::int64_t>(tx, "SELECT COUNT(*) FROM refunds WHERE order_no = :no", 0, no) > 0;
}

}  // namespace sealdesk::orders
