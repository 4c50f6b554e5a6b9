// Numbers of subjects: unified social credit code (GB 32100-2015), organisation code (GB 11714),
// citizen identity number (GB 11643-1999), mobile. Findings, never dead ends: some lawfully issued codes fail.
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"

namespace sealdesk::orders {

struct NumberFinding {
    bool ok = true;
    bool overridable = true;  // false: not even the alphabet or the length is right
    std::string sentence;     // what is wrong; empty when ok
};

// All take the text as typed; spaces and full-width characters are forgiven.
NumberFinding check_uscc(std::string_view code);
NumberFinding check_organisation_code(std::string_view code);
NumberFinding check_identity_number(std::string_view number, Day today);
NumberFinding check_mobile(std::string_view number);

// 11 digits without +86, spaces, hyphens; as typed when it is no mobile number.
std::string normal_mobile(std::string_view number);

}  // namespace sealdesk::orders
