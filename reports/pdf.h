// PDF from Paper, through libharu. The same paper gives the same bytes: no date, no random id.
#pragma once

#include <string>

#include "base/result.h"
#include "reports/fonts.h"
#include "reports/paper.h"

namespace sealdesk::reports {

// Refused, naming the character, before anything is made, when a character cannot be printed. Text can be
// copied out of the file, also the characters that are drawn as outlines.
Result<std::string> pdf_of(const Paper& paper, const Fonts& fonts);

}  // namespace sealdesk::reports
