// Certificates of an external CA in the register. Its serial is known only when it has answered: until then the entry stands
// under the name of the transaction, which is on record before the CA is asked. What was revoked here is told to it afterwards,
// outside of every transaction of the database. Worker threads.
#pragma once

#include "certificates/certificate_register.h"
#include "certificates/cmp.h"

namespace sealdesk::certificates {

inline constexpr const char* kFromCmp = "cmp";  // Entry::source

// "CMP" and the 16 bytes in hexadecimal digits.
std::string name_of_transaction(std::string_view transaction);
// Another name for an entry that is not signed, who will sign it and for what time; with it its key. What was received for it is
// dropped.
Result<> rename_recorded(storage::Tx& tx, const std::string& from, const std::string& to, const std::string& source,
                         Instant not_before, Instant not_after);
// What the CA made, before it is told that we have it: the entry gets the CA's serial and times and is not valid yet.
// Returns the serial.
Result<std::string> record_received(storage::Tx& tx, const std::string& from, std::string_view der);

// Revocations that the external CA has not heard of, told one after the other; how many were told. One that it refuses does not
// hold up the others: what was said of each comes at the end. A CA that is away ends it.
Result<int> tell_revocations(storage::Database& database, const CmpClient& ca, crypto::Random& random);
// How many it has not heard of.
Result<int> untold_revocations(storage::Database& database);

}  // namespace sealdesk::certificates
