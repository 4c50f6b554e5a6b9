// A PIN, password or passphrase that lies alone in a file: read, freed of the blanks around it, and wiped where it passed.
#pragma once

#include <filesystem>

#include "base/result.h"
#include "crypto/secret.h"

namespace sealdesk::crypto {

// As read_file(); refused beyond 4096 bytes.
Result<Secret> read_secret(const std::filesystem::path& file);

}  // namespace sealdesk::crypto
