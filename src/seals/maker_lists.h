// Whether the chain of a seal maker is revoked, by lists whose signatures are checked here: OpenSSL cannot verify an SM2 list
// with the distinguishing id. For verdict.cpp alone; pure functions.
#pragma once

#include <openssl/x509.h>

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace sealdesk::seals {

// Why the chain (maker first) is not to be believed at that instant: revoked by then, or a list of its issuer that is not signed
// by it. What no list in its time answers is added to `unchecked`.
std::optional<std::string> revocation_of(const STACK_OF(X509) * chain, const std::vector<std::string>& lists, Instant at,
                                         std::vector<std::string>& unchecked);

}  // namespace sealdesk::seals
