// The journal of writing KEYs in the database; used by writing.cpp alone.
#pragma once

#include <functional>

#include "keys/writing.h"

namespace sealdesk::keys {

// The order, when its KEYs may be written by this person now.
Result<orders::DeskOrder> still_to_write(storage::Tx& tx, const staff::Actor& actor, const Rules& rules,
                                         const std::string& order_no);

// Sets the job's finished step and does `with` in the same transaction; conflict when somebody else went on.
Result<> record(storage::Database& database, Job& job, Step step, const std::function<Result<>(storage::Tx&)>& with);

// The valid certificate that a replacement replaces; nothing when the centre never issued one.
Result<std::optional<certificates::Entry>> replaced_certificate(storage::Tx& tx, const orders::DeskOrder& order, const Job& job);
void note_replacement(storage::Tx& tx, const staff::Actor& actor, const Job& job, const std::string& replaced_serial);

// Tells the platform about the KEY; the last KEY of an order makes the order issued.
Result<> bind(storage::Tx& tx, const staff::Actor& actor, const Job& job);

}  // namespace sealdesk::keys
