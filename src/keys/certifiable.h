// Whether the certificate of an order can be made at all: asked before a KEY is taken and before anything is revoked for it.
// Inside the transaction of a verb.
#pragma once

#include "keys/writing.h"

namespace sealdesk::keys {

Result<const certificates::Profile*> profile_for(const Bench& bench, const orders::Order& order);
// The name that the order's certificate gets; refused when the profile's fields are not there or not acceptable.
Result<certificates::SubjectName> certified_name(const Bench& bench, const orders::Order& order);

struct Validity {
    Instant not_before, not_after;
    bool as_before = false;  // ends as the certificate of the damaged KEY would have
};
// As long as was paid for; for a damaged KEY as long as the certificate before it would have been valid. Refused when that one
// has ended.
Result<Validity> validity_of(storage::Tx& tx, const orders::DeskOrder& order, Instant from);

// Refused when a step would refuse later on: name, years, algorithm, an issuing CA that ends before, a replaced certificate
// that cannot be revoked here.
Result<> check_certifiable(storage::Tx& tx, const Bench& bench, const orders::DeskOrder& order);

}  // namespace sealdesk::keys
