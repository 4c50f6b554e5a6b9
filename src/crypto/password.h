// Staff and applicant passwords: scrypt (RFC 7914), stored as "scrypt$N$r$p$salt$hash" (Base64 parts).
// One check costs 32 MB and about 0.1 s: call it in a job, never on the UI thread.
#pragma once

#include <string>
#include <string_view>

#include "crypto/random.h"
#include "crypto/secret.h"

namespace sealdesk::crypto {

std::string hash_password(const Secret& password, Random& random);
// False for a stored text that cannot be read, after the same work, so that an unknown name (pass "")
// takes as long as a wrong password.
bool password_matches(const Secret& password, std::string_view stored);
// True when it was stored with other costs than today's: hash it anew after a successful check.
bool should_hash_again(std::string_view stored);

}  // namespace sealdesk::crypto
