// Which way up a page is, by reading it: lines of Chinese look the same from above and below, but only the right way up do
// they make words. Pure, but for reading itself: seconds for each way that is tried.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "checks/page_facts.h"
#include "scans/scanbox.h"

namespace sealdesk::checks {

// The page turned clockwise by that many quarters, 0 to 3.
scans::Pixels turned(const scans::Pixels& page, int quarters);

// How sure the reader was of what it read, 0 to 100, longer lines counting more; 0 when it read nothing.
int confidence_of(std::string_view json);
// By how many quarters the page was turned clockwise before it was read: 2 for one that lies upside down.
int quarters_of(std::string_view json);

using Read = std::function<Result<std::string>(const scans::Pixels&)>;
// Reads the page the way it lies; if that makes little sense, or its lines stand upright, also turned. What made most sense is
// returned, with "quarters" beside the lines; its boxes are those of the turned page.
Result<std::string> read_upright(const scans::Pixels& page, Orientation orientation, const Read& read);

}  // namespace sealdesk::checks
