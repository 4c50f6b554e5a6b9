// SM2 with SM3 as Chinese seals use it: distinguishing id 1234567812345678 (GB/T 35276), which OpenSSL neither assumes nor
// keeps with a certificate. Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/handles.h"

namespace sealdesk::seals {

constexpr std::string_view kSm2Id = "1234567812345678";

Result<crypto::KeyHandle> generate_sm2_key();
Result<std::string> sm2_sign(EVP_PKEY* key, std::string_view message);  // DER of r and s
bool sm2_matches(EVP_PKEY* key, std::string_view message, std::string_view signature);
std::string sm3(std::string_view message);  // 32 bytes
// Signs a certificate that is otherwise finished.
bool sm2_sign_certificate(X509* certificate, EVP_PKEY* key);
// Before the signature of this certificate is checked; the id is lost with every copy through DER.
bool set_sm2_id(X509* certificate);

}  // namespace sealdesk::seals
