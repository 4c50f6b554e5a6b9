// The centre's certificate authority: a root that signs one issuing CA and stays away, and the issuing CA that
// signs what KEYs ask for. An Authority is immutable after load() and may be used from several threads at once.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "certificates/certificate.h"
#include "certificates/profile.h"
#include "crypto/pem.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "crypto/signing.h"

namespace sealdesk::certificates {

struct AuthorityPlan {
    SubjectName root, issuer;
    int root_years = 20, issuer_years = 10;
    crypto::KeyAlgorithm algorithm = crypto::KeyAlgorithm::rsa_2048;
};
// Everything that init writes to files. Keys are PKCS#8 under the passphrase (PEM).
struct AuthorityFiles {
    std::string root_pem, root_key_pem;  // the root key belongs into a safe
    std::string issuer_pem, issuer_key_pem;
    std::string root_crl_der;  // empty, valid as long as the issuing CA: `openssl verify -crl_check_all` asks for it
};
// The issuing CA's key may lie elsewhere (a token): then there is no issuer_key_pem.
Result<AuthorityFiles> create_authority(const AuthorityPlan& plan, const crypto::Secret& passphrase, crypto::Random& random,
                                        Instant now, std::optional<crypto::SigningKey> issuer_elsewhere = {});

struct RenewedIssuer {
    std::string issuer_pem;    // another serial, a later end; name, key and begin as they were
    std::string root_crl_der;  // what the old one revokes, the next number, valid as long as that certificate
};
// The issuing CA's certificate once more, for the years of a plan or as long as the root: whatever the same name and key signed
// before leads to it too. Its key is not needed, wherever that lies. Refused: wrong passphrase, a key that is not the root's, a
// root that has ended or signed neither of the two, an end that would be no later.
Result<RenewedIssuer> renew_issuer(std::string_view root_pem, std::string_view root_key_pem, const crypto::Secret& passphrase,
                                   std::string_view issuer_pem, std::string_view root_crl_der, crypto::Random& random,
                                   Instant now);

// RFC 5280 5.3.1. Lost KEY: key_compromise; damaged: superseded; data changed: affiliation_changed;
// cancelled: cessation_of_operation. A renewal revokes nothing: the old one runs out by itself.
enum class RevocationReason {
    unspecified = 0,
    key_compromise = 1,
    affiliation_changed = 3,
    superseded = 4,
    cessation_of_operation = 5,
    certificate_hold = 6,
    privilege_withdrawn = 9,
};
struct Revoked {
    SerialNumber serial;
    Instant at;
    RevocationReason reason = RevocationReason::unspecified;
};

inline constexpr std::int64_t kListValidity = 7 * kDay;

class Authority {
public:
    // Refused: wrong passphrase, key and certificate that do not belong together, an issuer that the root did not
    // sign. `crl_url` (http…) is written into every certificate; empty: no distribution point. `list_ms`: how long
    // the register's lists are valid.
    static Result<Authority> load(std::string_view root_pem, std::string_view issuer_pem, std::string_view issuer_key_pem,
                                  const crypto::Secret& passphrase, std::string_view crl_url,
                                  std::int64_t list_ms = kListValidity);
    static Result<Authority> load(std::string_view root_pem, std::string_view issuer_pem, crypto::SigningKey issuer_key,
                                  std::string_view crl_url, std::int64_t list_ms = kListValidity);
    Authority(Authority&&) noexcept;
    Authority& operator=(Authority&&) noexcept;
    ~Authority();

    // The certificate (DER), verified before it is handed out. Record the serial before calling. Times are cut to
    // seconds. Refused: names that check() refuses, an end before the begin, longer than the profile allows, or
    // outside the issuing CA's own validity.
    Result<Certificate> sign(const Request& request, const Profile& profile, const SubjectName& subject,
                             const SerialNumber& serial, Instant not_before, Instant not_after) const;

    // The revocation list (DER, version 2), verified. `number` must grow with every list. Refused: one serial
    // twice, next_update not after this_update.
    Result<std::string> make_crl(const std::vector<Revoked>& revoked, std::uint64_t number, Instant this_update,
                                 Instant next_update) const;

    std::int64_t list_ms() const;
    const CertificateFacts& issuer() const;
    // For certificates::verify().
    Trust trust(std::string crl_der = {}) const;

private:
    struct State;
    explicit Authority(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace sealdesk::certificates
