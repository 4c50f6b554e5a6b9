// The issuing CA's private key on a PKCS#11 token (or HSM) of its own. Made there, never readable. The session stays open
// and is shared behind a lock; a token that was pulled is opened again at the next signature.
#pragma once

#include "crypto/pem.h"
#include "crypto/secret.h"
#include "crypto/signing.h"
#include "keys/token.h"

namespace sealdesk::keys {

enum class AuthorityKey { must_be_there, may_be_made };

// `tokens` must outlive the key. Refused for SM2 (PKCS#11 2.40 has no mechanism for it) and when nothing may be made
// and there is no key, or one that could be read at any time; device error for the rest. A PIN that the token refuses once is not
// tried again.
Result<crypto::SigningKey> authority_key(Tokens& tokens, const std::string& serial, const crypto::Secret& pin,
                                         crypto::KeyAlgorithm algorithm, AuthorityKey key = AuthorityKey::must_be_there);

}  // namespace sealdesk::keys
