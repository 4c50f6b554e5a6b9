// A revocation list as bytes and facts: what a portal takes from a desk, and what lies in a published file.
// Values; pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "certificates/authority.h"

namespace sealdesk::certificates {

struct ListFacts {
    std::int64_t number = 0;
    Instant this_update, next_update;
    std::string issuer_text;
    std::string key_id;  // authority key identifier, hex: numbers count for each issuer's key
    int revoked = 0;     // entries
};
// Corrupt when the bytes are no whole list of version 2 (DER, RFC 5280 5), or it has no number or no next update.
Result<ListFacts> describe_list(std::string_view der);
// What it revokes, with time and reason as they stand there. Refused when this issuer's key did not sign it.
Result<std::vector<Revoked>> entries_of_list(std::string_view der, const Certificate& issuer);

}  // namespace sealdesk::certificates
