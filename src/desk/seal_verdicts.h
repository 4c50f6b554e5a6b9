// What this centre says about a seal, be it from a KEY or from a file: judged against its own seal root (and its list,
// seal_root.crl, where there is one) and the makers of others in seal_trust, and compared with its registers. The bytes are
// strangers'. Worker threads.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "desk/settings.h"
#include "seals/verdict.h"
#include "storage/database.h"

namespace sealdesk::desk {

// From the authority's folder: the own root, and of the folder seal_trust lists (*.crl, PEM or DER) and certificates (all other
// files, PEM). Empty where the centre has neither: then no maker is believed. A file that cannot be used is named.
Result<seals::SealTrust> seal_trust(const Settings& settings);
// At the database's time; `certificate` (DER) as seals::judge() has it.
Result<seals::Verdict> judge_seal(storage::Database& database, const Settings& settings, std::string_view der,
                                  std::string_view certificate = {});
// Refused: no plain file, or larger than any seal.
Result<seals::Verdict> judge_seal_file(storage::Database& database, const Settings& settings, const std::filesystem::path& file);

}  // namespace sealdesk::desk
