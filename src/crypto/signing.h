// Signatures, each with the digest that belongs to its key: SHA-256 for RSA (PKCS#1 v1.5) and ECDSA on P-256, SM3 with the
// distinguishing id below for SM2 (GB/T 32918.2). Pure functions; a SigningKey may be used from several threads when what
// it signs with may.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "crypto/handles.h"

namespace sealdesk::crypto {

// GM/T 0009: what everybody uses. OpenSSL's own default is empty.
inline constexpr std::string_view kSm2Id = "1234567812345678";

bool is_sm2(const EVP_PKEY* key);
// sha256WithRSAEncryption, ecdsa-with-SHA256 or SM2-with-SM3; NID_undef for other keys.
int signature_of(const EVP_PKEY* key);

// Whether this key made the signature. The id is not part of the bytes, so certificates and requests that were read get
// theirs here.
bool is_signed_by(X509* certificate, EVP_PKEY* key);
bool is_signed_by(X509_REQ* request, EVP_PKEY* key);
bool is_signed_by(X509_CRL* list, EVP_PKEY* key);
bool is_signed_by(std::string_view message, std::string_view signature, EVP_PKEY* key);
// Before X509_verify_cert: SM2 signatures in the chain are checked with the id.
void set_sm2_id(X509* certificate);

// A private key that signs: held here, or elsewhere (a token) and reached through a function.
class SigningKey {
public:
    using Remote = std::function<Result<std::string>(std::string_view message)>;
    explicit SigningKey(KeyHandle key) : key_(std::move(key)) {}
    // `remote` signs like sign() below. Refused when no stand-in of that kind of key can be made.
    static Result<SigningKey> elsewhere(KeyHandle public_key, Remote remote);

    // The public half is in it; the private one only when it is held here.
    EVP_PKEY* key() const { return key_.get(); }
    Result<> sign(X509* certificate) const;
    Result<> sign(X509_CRL* list) const;
    // PKCS#1 v1.5 bytes, or DER SEQUENCE{r, s}.
    Result<std::string> sign(std::string_view message) const;

private:
    SigningKey(KeyHandle key, Remote remote, KeyHandle stand_in)
        : key_(std::move(key)), remote_(std::move(remote)), stand_in_(std::move(stand_in)) {}

    KeyHandle key_;
    Remote remote_;
    // Writes the algorithm into what a remote key will sign; its own signature is replaced. OpenSSL has no other way for lists.
    KeyHandle stand_in_;
};

}  // namespace sealdesk::crypto
