// An external CA reached by CMP (RFC 4210, RFC 9480): a certificate for a KEY's PKCS#10 request (p10cr), and revocation (rr).
// Polling, confirmation and protection are OpenSSL's; the bytes go through a transport that the caller gives (HTTPS).
// Calls block until the CA has answered or its time is up: a worker thread. One CmpClient may be used from several threads.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "certificates/authority.h"

namespace sealdesk::certificates {

// How we prove who we are, and how we know the CA.
struct CmpAccount {
    std::string recipient;        // CN of the CA or RA
    std::string reference;        // with `secret`: password-based protection
    crypto::Secret secret;        // never logged
    std::string certificate_pem;  // without a secret: signature-based protection with our own certificate …
    std::string key_pem;          // … and its key, PKCS#8 under key_passphrase
    crypto::Secret key_passphrase;
    std::string trusted_pem;  // the CA's root: what it issues must lead there, and what signs its answers
    // The one certificate that signs answers; empty: any that leads to the root. Not with a secret: then only the secret
    // protects answers.
    std::string signer_pem;
    int answer_seconds = 30;  // for one message
    int total_seconds = 300;  // for a whole transaction, polls included
};

// Whether the CA surely heard that we took its certificate: one of which it did not it may have dropped by itself.
enum class Confirmed { yes, unsure };

class CmpClient {
public:
    // One message to the CA and its answer, both DER PKIMessage (application/pkixcmp). It gives up by itself after the
    // account's answer_seconds: OpenSSL only counts the whole.
    using Transport = std::function<Result<std::string>(const std::string& message)>;

    // Refused when the account can protect nothing or says twice what protects answers, or a PEM text cannot be read.
    static Result<CmpClient> open(CmpAccount account, Transport transport);
    CmpClient(CmpClient&&) noexcept;
    CmpClient& operator=(CmpClient&&) noexcept;
    ~CmpClient();

    // The certificate (DER) that the CA made for this request; it carries the request's key, and leads to the trusted
    // root. `transaction` (16 bytes) names the transaction in both logs: record it before the call.
    // `keep` gets the certificate when it is found good and before the CA is told so; when it fails the CA hears that we do
    // not take it.
    using Keep = std::function<Result<>(const std::string& der)>;
    Result<std::string> request(const Request& request, std::string_view transaction, const Keep& keep = {}) const;
    // Good as well when the CA says that it is revoked already: its first answer may have been lost; and of one that it may
    // have dropped, when it does not know it (badCertId) or what to do with it (badRequest). Any other word against it means
    // that the certificate still stands.
    Result<> revoke(std::string_view certificate_der, RevocationReason reason, std::string_view transaction,
                    Confirmed confirmed = Confirmed::yes) const;

private:
    struct State;
    explicit CmpClient(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace sealdesk::certificates
