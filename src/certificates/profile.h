// What kind of certificate the authority makes: one small TOML file each in data/profiles. Immutable values.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "certificates/subject_name.h"
#include "crypto/pem.h"

namespace sealdesk::certificates {

struct Profile {
    std::string name;   // of the file: "unit", "person"
    std::string title;  // for people
    int min_years = 1, max_years = 3;
    crypto::KeyAlgorithm algorithm = crypto::KeyAlgorithm::rsa_2048;  // of the KEY's own key pair
    bool with_organisation = true, with_number = true;                // C and CN are always there
    std::vector<int> key_usage;                                       // bits of RFC 5280 4.2.1.3
    std::vector<int> extended_key_usage;                              // OpenSSL NIDs
};

// Refused with the line or the field that is wrong; unknown fields are refused, so that a typing error is seen.
Result<Profile> parse_profile(std::string_view name, std::string_view toml);
Result<Profile> read_profile(const std::filesystem::path& file);  // named after the file

// The fields that this profile puts into the certificate; refused when one it needs is empty.
Result<SubjectName> subject_for(const Profile& profile, SubjectName name);

// The last second (Shanghai) of the day that is `years` after the day of `from`; 29 February becomes the 28th.
Instant end_of_validity(Instant from, int years);

}  // namespace sealdesk::certificates
