// Public keys and signatures as PKCS#11 hands them out, in the forms that certificates want. Values in, values out; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/handles.h"

namespace sealdesk::keys {

// Of CKA_MODULUS and CKA_PUBLIC_EXPONENT.
Result<crypto::KeyHandle> rsa_public_key(std::string_view modulus, std::string_view exponent);
// Of CKA_EC_POINT on P-256: a DER OCTET STRING around 04 X Y; some makers leave the wrapping out.
Result<crypto::KeyHandle> ec_public_key(std::string_view attribute);
// PKCS#11 gives r and s one after the other; certificates want them as DER.
Result<std::string> ecdsa_der(std::string_view raw);

}  // namespace sealdesk::keys
