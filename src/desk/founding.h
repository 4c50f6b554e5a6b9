// A new centre in an empty data folder: `sealdesk init`. Everything is made and checked before the first file is written, and
// settings.toml comes last: a try that broke off, wherever, is repeated and leaves nothing of itself behind. Blocks; any thread
// but the UI's.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "crypto/pem.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "desk/settings.h"

namespace sealdesk::desk {

struct NewCentre {
    std::string name = "电子签章制作中心";
    std::string login;        // of the first administrator
    crypto::Secret password;  // theirs
    crypto::KeyAlgorithm algorithm = crypto::KeyAlgorithm::rsa_2048;
    std::filesystem::path passphrase_file;  // the operator's own, stays where it is; empty: thrown, and laid beside the keys
    std::string module, token;              // the issuing CA's key on that token; empty: a file
    std::filesystem::path pin_file;         // holds the token's PIN, stays where it is; another word than the passphrase
    std::string crl_url;
    std::filesystem::path crl_file;
};

// Called after each thing that was written; an error ends it there, as a full disk would. For tests.
using Written = std::function<Result<>(const std::filesystem::path&)>;

// Refused, with nothing written, when there is a centre, a CA or a database with staff in that folder.
Result<Settings> found_centre(const std::filesystem::path& home, const NewCentre& plan, const Places& places, const Clock& clock,
                              crypto::Random& random, const Written& written = {});

}  // namespace sealdesk::desk
