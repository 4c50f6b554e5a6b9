// A revocation list as bytes and facts: what a portal takes from a desk, and what lies in a published file.
// Values; pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

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

}  // namespace sealdesk::certificates
