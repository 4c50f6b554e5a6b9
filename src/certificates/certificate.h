// Certificates and requests as bytes and facts: what goes into a database, onto a KEY, onto a panel.
// Values; pure functions; nothing here needs the authority's key.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "certificates/subject_name.h"
#include "crypto/pem.h"
#include "crypto/random.h"

namespace sealdesk::certificates {

// 20 random bytes, positive and never shorter when encoded (RFC 5280 4.1.2.2). Text: upper-case hex, as openssl prints it.
class SerialNumber {
public:
    static SerialNumber random(crypto::Random& random);
    static Result<SerialNumber> parse(std::string_view hex);
    static Result<SerialNumber> read(const ASN1_INTEGER* number);
    const std::string& hex() const { return hex_; }
    crypto::IntegerHandle asn1() const;
    auto operator<=>(const SerialNumber&) const = default;

private:
    explicit SerialNumber(std::string hex) : hex_(std::move(hex)) {}
    std::string hex_;
};

// Takes a SubjectPublicKeyInfo (DER) as its bytes stand there: X509_set_pubkey and X509_REQ_set_pubkey encode a key and decode
// it again, which takes OpenSSL 3.0 longer than a signature. False for a key whose algorithm has parameters of its own.
bool set_public_key(X509_PUBKEY* to, std::string_view public_key);

// A certificate, decoded once: OpenSSL 3.0 takes longer to decode or encode a key than to check a signature. Only read, so
// copies share it.
struct Certificate {
    std::string der;
    std::shared_ptr<X509> decoded;
    std::shared_ptr<EVP_PKEY> public_key;
    X509* x509() const { return decoded.get(); }
    EVP_PKEY* key() const { return public_key.get(); }
};
// Corrupt when it is none, or one with a key that nobody can read.
Result<Certificate> read_certificate(std::string_view der);
Result<Certificate> read_certificate_pem(std::string_view pem);

// A PKCS#10 request that was read and found good.
struct Request {
    std::string der;
    std::string public_key;             // SubjectPublicKeyInfo, DER
    std::shared_ptr<EVP_PKEY> decoded;  // the same, decoded once, as that of a certificate
    EVP_PKEY* key() const { return decoded.get(); }
    crypto::KeyAlgorithm algorithm = crypto::KeyAlgorithm::rsa_2048;
    int bits = 0;
    SubjectName subject;                  // as the requester wrote it; the authority takes the reviewed one instead
    std::string public_key_hash() const;  // SHA-256, hex: to refuse a key that was certified before
};

// Corrupt when it is no request; refused when the signature is not by the key inside (proof of possession), the
// digest is older than SHA-256, RSA is below 2048 or above 4096 bits, the exponent below 65537 or even, the modulus
// has a small factor, or the key is neither RSA nor P-256 nor SM2.
Result<Request> read_request(std::string_view der);
// The same for a request that was put together here; `key` is the one that it names.
Result<Request> check_request(X509_REQ* request, std::shared_ptr<EVP_PKEY> key);

// What was just built and signed, after a look at the bytes that will be handed out: the issuer's signature by the algorithm
// that they name, over what they say, for the request's key. Internal when they are not so. The X509 in it is the one that was
// built: its key is not decoded, ask key().
Result<Certificate> check_signed(crypto::CertificateHandle built, const Request& request, const Certificate& issuer);

struct CertificateFacts {
    std::string der;
    std::string serial;  // upper-case hex
    SubjectName subject;
    std::string subject_text, issuer_text;
    Instant not_before, not_after;
    std::string algorithm;    // of the key, "RSA-2048"
    std::string public_key;   // SubjectPublicKeyInfo, DER
    std::string key_id;       // subject key identifier, hex
    std::string fingerprint;  // SHA-256 of the DER, hex
    bool is_authority = false;
    std::vector<std::string> crl_urls;
};
CertificateFacts describe(const Certificate& certificate);
Result<CertificateFacts> describe(std::string_view der);

// Whether the DER certificate carries this SubjectPublicKeyInfo.
Result<bool> has_public_key(std::string_view certificate_der, std::string_view public_key);
// A signature over `message` with the digest that belongs to the certificate's key (crypto/signing.h), checked with it.
bool signature_matches(const Certificate& certificate, std::string_view message, std::string_view signature);

std::string certificate_pem(std::string_view der);
std::string crl_pem(std::string_view der);

// Who is believed, for verify().
struct Trust {
    std::string root_pem, issuer_pem;
    std::string crl_der;  // the issuer's list; empty: revocation is not looked at
};
// The chain up to the root at that instant, and the list when there is one. Refused with the reason.
Result<> verify(std::string_view der, const Trust& trust, Instant at);

}  // namespace sealdesk::certificates
