// Software KEYs (SoftHSM) in a folder of their own, for the demo and for tests; the real PKCS#11 path with no device.
// SoftHSM reads its settings from the environment of the process, so there is one such folder in use at a time: call
// use_soft_keys() at start, before other threads and before the module is opened.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"
#include "crypto/secret.h"
#include "keys/token.h"

namespace sealdesk::keys {

// Path of libsofthsm2.so; unavailable with what to install when it is missing.
Result<std::string> soft_key_module();

// Makes folder/softhsm2.conf and folder/tokens when they are not there (mode 0700), points this process to them and
// opens the module.
Result<std::unique_ptr<Tokens>> use_soft_keys(const std::filesystem::path& folder);

// One more KEY in the folder, initialised and empty. SoftHSM chooses its serial.
Result<TokenInfo> add_soft_key(Tokens& tokens, const std::string& label, const crypto::Secret& so_pin,
                               const crypto::Secret& user_pin);

}  // namespace sealdesk::keys
