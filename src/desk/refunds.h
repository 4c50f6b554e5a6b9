// The end of a refund that came after writing, for window and command line alike: what was made is taken back, and only when
// the invoice has its red letter. Supervisors; worker threads.
#pragma once

#include "keys/refunds.h"

namespace sealdesk::desk {

// Ends it as keys::end_refund does and closes its task with the note, in one transaction. Refused while the order's invoice is
// not reversed (invoices/reversals.h).
Result<keys::RefundEnd> end_refund(storage::Database& database, const staff::Actor& actor, const keys::Bench& bench,
                                   const std::string& order_no, keys::KeysAre keys_are, const std::string& note);

}  // namespace sealdesk::desk
