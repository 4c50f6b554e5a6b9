// The folder of the certificate authority: root.pem, issuer.pem, root.crl, the keys under their passphrase, and how a
// desk opens it. Files are read and written in jobs or at start, never on the UI thread.
#pragma once

#include "certificates/certificate_register.h"
#include "desk/settings.h"
#include "keys/token.h"

namespace sealdesk::desk {

struct SavedFile {
    std::string name, bytes;
    unsigned mode = 0644;
};
// What init made, as it lies in the folder: private keys with mode 0600. No issuer.key when the key lies on a token.
std::vector<SavedFile> authority_files(const certificates::AuthorityFiles& files);
// Writes them.
Result<> save_authority(const std::filesystem::path& folder, const certificates::AuthorityFiles& files);

// What passphrase_file holds; nothing when there is no such file: then somebody types it.
Result<std::optional<crypto::Secret>> read_passphrase(const Settings& settings);
// What opens the issuing CA's key: the PIN in issuer_pin_file where that is set, else the passphrase.
Result<std::optional<crypto::Secret>> read_issuer_secret(const Settings& settings);

// The issuing CA as `settings` name it: issuer.key with `secret` as its passphrase, or the token authority_token, whose PIN it
// is. `tokens` must outlive the authority; it may be null when no token is named.
Result<certificates::Authority> open_authority(const Settings& settings, const crypto::Secret& secret, keys::Tokens* tokens);
// Whether this centre has a CA of its own, beside an external one as well.
bool has_own_authority(const Settings& settings);
// The issuing CA's certificate, for which no passphrase is needed.
Result<certificates::CertificateFacts> issuer_of(const Settings& settings);

// A later certificate for the issuing CA's own name and key, by the root whose key was put back into the folder, and the root's
// list with it. The certificate of before stays beside it under its serial. Administrators; refused as renew_issuer() does.
// Repeated after an interruption it makes the files whole again.
Result<certificates::CertificateFacts> renew_authority(const Settings& settings, storage::Database& database,
                                                       const staff::Actor& actor, const crypto::Secret& passphrase,
                                                       crypto::Random& random);

// Warn while there is time: certificates of three years need an issuing CA that outlives them.
inline constexpr std::int64_t kAuthorityWarning = 3 * 366 * kDay + 90 * kDay;
// What people should know about the CA now ("" when all is well): it ends soon, or has ended.
std::string authority_warning(const certificates::CertificateFacts& issuer, Instant now);
// "" when settings name no CA of this centre's own, or its certificate can be read; else why not.
std::string authority_trouble(const Settings& settings);
// "" when it has time; else that it ends soon, or has ended, or that there is none.
std::string list_warning(const std::optional<certificates::StoredCrl>& list, Instant now);

// The newest list into crl_file (DER), whole or not at all; what lies there is left when it is as new. Nothing without that
// setting. Conflict when a later list of this CA lies there and the database does not know it, because a backup was restored: it
// is taken into the register then (certificates/taken_over.h), with a task for a supervisor, and the next list is due.
Result<> publish_list(const Settings& settings, storage::Database& database);

}  // namespace sealdesk::desk
