// DER and PEM of what OpenSSL holds, and key pairs that live in files (the authority's, TLS). Key pairs of
// KEYs never come here: they are made on the token. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/handles.h"
#include "crypto/secret.h"

namespace sealdesk::crypto {

// DER through an i2d_… function; empty when OpenSSL refuses.
template <class Function, class T>
std::string der_of(Function i2d, T* object) {
    unsigned char* bytes = nullptr;
    const int length = i2d(object, &bytes);
    if (length <= 0) return {};
    std::string der(reinterpret_cast<const char*>(bytes), static_cast<size_t>(length));
    OPENSSL_free(bytes);
    return der;
}

// Reads with a d2i_… function; empty handle when the bytes are damaged or something follows them.
template <class Handle, class Function>
Handle read_der(Function d2i, std::string_view der) {
    const unsigned char* at = bytes_of(der);
    Handle handle(d2i(nullptr, &at, static_cast<long>(der.size())));
    if (handle && at != bytes_of(der) + der.size()) handle.reset();
    if (!handle) openssl_errors();  // what was refused says nothing to later calls
    return handle;
}

// "CERTIFICATE", "CERTIFICATE REQUEST", "X509 CRL".
std::string to_pem(const char* label, std::string_view der);
// The first block with this label; corrupt when there is none.
Result<std::string> from_pem(const char* label, std::string_view text);

// What a certificate or KEY key pair uses.
enum class KeyAlgorithm { rsa_2048, p_256, sm2 };
const char* name_of(KeyAlgorithm algorithm);
// As people write it in settings and profiles: rsa, p256, sm2; nothing for any other word.
std::optional<KeyAlgorithm> parse_algorithm(std::string_view word);

Result<KeyHandle> generate_key(KeyAlgorithm algorithm);
// PKCS#8: AES-256 under scrypt of the passphrase; an empty passphrase is refused.
Result<std::string> private_key_pem(EVP_PKEY* key, const Secret& passphrase);
// PKCS#8 in the clear, for a TLS server that starts unattended: the file's mode protects it.
Result<std::string> clear_private_key_pem(EVP_PKEY* key);
// Refused when the passphrase is wrong, corrupt when it is no PKCS#8 text.
Result<KeyHandle> read_private_key(std::string_view pem, const Secret& passphrase);

}  // namespace sealdesk::crypto
