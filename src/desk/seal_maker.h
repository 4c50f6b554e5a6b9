// The files of the seal maker in the authority's folder: seal_root.pem, seal_root.key, seal_maker.pem, seal_maker.key, under
// the authority's passphrase. Any thread but the UI's.
#pragma once

#include <filesystem>
#include <string>

#include "desk/authority.h"
#include "seals/maker.h"

namespace sealdesk::desk {

// A new root and maker, as they lie in the authority's folder.
Result<std::vector<SavedFile>> seal_maker_files(const std::string& centre, const crypto::Secret& passphrase,
                                                crypto::Random& random, Instant now);
// The same, written into `authority`. Refused when there is one already.
Result<> make_seal_maker(const std::filesystem::path& authority, const std::string& centre, const crypto::Secret& passphrase,
                         crypto::Random& random, Instant now);
// A new key and certificate for the maker, by the root whose key was put back into the folder; seals of the old one stay valid.
// Repeated after an interruption it makes the files whole again.
Result<> renew_seal_maker(const std::filesystem::path& authority, const std::string& centre, const crypto::Secret& passphrase,
                          crypto::Random& random, Instant now);
// The maker's certificate, for which no passphrase is needed.
Result<certificates::CertificateFacts> seal_maker_of(const Settings& settings);
// What people should know about the seal maker now ("" when all is well): it ends before seals that may be wanted, or has ended.
std::string seal_maker_warning(const certificates::CertificateFacts& maker, Instant now);
// Refused when this desk has none.
Result<seals::Maker> load_seal_maker(const Settings& settings, const crypto::Secret& passphrase);

}  // namespace sealdesk::desk
