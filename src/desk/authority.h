// The folder of the certificate authority: root.pem, issuer.pem, root.crl, the keys under their passphrase, and how a
// desk opens it. Files are read and written in jobs or at start, never on the UI thread.
#pragma once

#include "certificates/authority.h"
#include "desk/settings.h"
#include "keys/token.h"

namespace sealdesk::desk {

// Writes what init made: private keys with mode 0600. There is no issuer.key when the key lies on a token.
Result<> save_authority(const std::filesystem::path& folder, const certificates::AuthorityFiles& files);

// The issuing CA as `settings` name it: issuer.key under the passphrase of passphrase_file, or the token authority_token,
// whose PIN stands there. `tokens` must outlive the authority; it may be null when no token is named.
Result<certificates::Authority> open_authority(const Settings& settings, keys::Tokens* tokens);

// Warn while there is time: certificates of three years need an issuing CA that outlives them.
inline constexpr std::int64_t kAuthorityWarning = 3 * 366 * kDay + 90 * kDay;
// What people should know about the CA now ("" when all is well): it ends soon, or has ended.
std::string authority_warning(const certificates::CertificateFacts& issuer, Instant now);

}  // namespace sealdesk::desk
