// Finds a red seal on a page: a ring of red, round or oval, nearly closed, of the size that seals have. Red lines,
// emblems and photographs are none. Pure.
#pragma once

#include <optional>
#include <span>

#include "checks/page_facts.h"

namespace sealdesk::checks {

inline bool is_red(int r, int g, int b) { return r >= 90 && r - g >= 42 && r - b >= 34 && 2 * (r - g) > r - b; }

std::optional<StampSeen> find_stamp(std::span<const std::uint8_t> rgba, int width, int height);

}  // namespace sealdesk::checks
