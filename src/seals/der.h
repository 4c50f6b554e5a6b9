// A strict look at bytes that claim to be DER (X.690): what OpenSSL reads generously is refused here, with the place.
// Pure; recursion is bounded.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"

namespace sealdesk::seals {

struct Element {
    unsigned char tag = 0;
    std::string_view whole, content;
};

// The elements one after the other in `bytes`; `offset` is where they begin in the file, for the sentences.
Result<std::vector<Element>> elements_of(std::string_view bytes, size_t offset);
// One element, nothing behind it, strict all the way down.
Result<> check_der(std::string_view bytes);

}  // namespace sealdesk::seals
