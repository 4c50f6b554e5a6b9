// A decoded page as the bytes of a PNG file, for `sealdesk scans --page` and whoever wants to keep one. Any thread.
#pragma once

#include <string>

#include "base/result.h"
#include "scans/scanbox.h"

namespace sealdesk::scans {

// RGBA, 8 bits each; internal when the page has no pixels or memory is short.
Result<std::string> png_of(const Pixels& pixels);

}  // namespace sealdesk::scans
