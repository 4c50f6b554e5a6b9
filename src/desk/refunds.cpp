#include "desk/refunds.h"

#include "base/text.h"
#include "invoices/reversals.h"
#include "tasks/tasks.h"

namespace sealdesk::desk {

Result<keys::RefundEnd> end_refund(storage::Database& database, const staff::Actor& actor, const keys::Bench& bench,
                                   const std::string& order_no, keys::KeysAre keys_are, const std::string& note) {
    SEALDESK_TRY(staff::require(actor, staff::Role::supervisor));
    return database.write([&](storage::Tx& tx) -> Result<keys::RefundEnd> {
        SEALDESK_TRY(invoices::refund_may_close(tx, order_no));
        SEALDESK_LET(end, keys::end_refund(tx, actor, bench, order_no, keys_are, note));
        tasks::settle(tx, actor.login, "refund_after_writing", order_no, "", trimmed(note));
        return end;
    });
}

}  // namespace sealdesk::desk
