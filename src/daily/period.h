// The day as the store sees it, and the rank that the turnaround uses.
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.h"

namespace sealdesk::daily {

struct Period {
    std::int64_t from = 0, until = 0;  // ms UTC; `until` is not part of it
};
inline Period period_of(Day day) { return {start_of(day).ms, start_of(next(day)).ms}; }

// Nearest rank: the smallest value that at least `percent` of all do not exceed; 0 for none. `sorted` ascending.
std::int64_t percentile(const std::vector<std::int64_t>& sorted, int percent);

}  // namespace sealdesk::daily
