// Which page of a resubmission stands for which page of the submission before. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scans/package.h"

namespace sealdesk::scans {

// What tells pages apart.
struct PageKey {
    std::string file_sha256;  // of the file that it came from; "" when that is not known
    int page_in_file = 0;
    std::string material;  // code of the checklist, "" when not known
};
// `materials`: by page; may be shorter.
std::vector<PageKey> keys_of(const Package& package, const std::vector<std::string>& materials);

struct PagePair {
    std::optional<size_t> earlier;  // its page before; nothing: it is new
    bool unchanged = false;         // the very same file
    bool operator==(const PagePair&) const = default;
};
// One for each page of `now`; no page of `before` stands twice. The same file first, wherever it is in the package; then
// the same material, in order; then the same place, unless both are known to be something else.
std::vector<PagePair> pair_pages(const std::vector<PageKey>& now, const std::vector<PageKey>& before);

}  // namespace sealdesk::scans
