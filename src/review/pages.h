// Pages of a submission beside those of the one before: which are the same, and which old page a new one should be held
// against. A page is the same when its pixels are, in whatever file; known once the checks have opened the package.
#pragma once

#include <string>
#include <vector>

#include "orders/orders.h"

namespace sealdesk::review {

struct PageKnown {
    int number = 1;        // of the package, from 1
    std::string hash;      // of its pixels, or of its file where it could not be decoded
    std::string material;  // code of the paper it was recognised as, "" for none
    std::string title;     // 营业执照.jpg
};
// Empty when the checks have not opened that package.
std::vector<PageKnown> pages_in(storage::Tx& tx, const std::string& no, int revision);

struct PageBeside {
    int page = 1;        // of this submission
    int same_as = 0;     // page of the earlier one with the same pixels; 0: it is new
    int instead_of = 0;  // page of the earlier one that it seems to replace; 0: none
};
struct PagesBeside {
    int revision = 0;                          // the earlier submission; 0: there is none, or it is not known
    std::string package_sha256, package_name;  // of the earlier one
    std::vector<PageBeside> pages;
};
// Pure: a new page replaces one of the same paper that is gone, else one of the same name, else the one at its place.
// `faulted`: earlier pages that a fault pointed at, which come first.
std::vector<PageBeside> match_pages(const std::vector<PageKnown>& now, const std::vector<PageKnown>& before,
                                    const std::vector<int>& faulted = {});
Result<PagesBeside> pages_beside(storage::Database& database, const std::string& no, int revision);

// Nothing of the paper was added, replaced or taken away; for one that no page was recognised as, nothing of the
// unrecognised pages.
bool same_paper(const std::vector<PageKnown>& now, const std::vector<PageKnown>& before, const std::string& material);

}  // namespace sealdesk::review
