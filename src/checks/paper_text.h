// Checks of the form against what was read on the papers: number, name, end of validity. Reading errs, so it only advises: what
// was not found is "not checked", never a fault, and what differs is shown letter by letter. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "checks/papers.h"

namespace sealdesk::checks {

// The stretch of `text` that is nearest to `wanted`, and in how many letters it differs. Blanks do not count.
struct Nearest {
    std::string found;
    int distance = 0;
};
std::optional<Nearest> nearest(std::string_view wanted, std::string_view text);

// The last day of validity that the text names after 有效期 or 营业期限; nothing when it names none. `forever` for 长期.
struct Validity {
    std::optional<Day> until;
    bool forever = false;
};
std::optional<Validity> validity_in(std::string_view text);

bool is_identity(std::string_view material);  // identity card of the handler or the holder

// Licence and identity papers among the pages, as the checklist recognises them.
std::vector<Finding> check_texts(const orders::Order& order, const std::vector<Demand>& demands, const Papers& papers, Day today);

}  // namespace sealdesk::checks
