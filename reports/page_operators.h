// A page's marks as the operators of a PDF content stream (ISO 32000-1, 8 and 9). Text of the main font is written as
// Unicode numbers, which is what libharu's encoding of a TrueType font takes for its characters; the others are paths.
// One thread.
#pragma once

#include <set>
#include <string>

#include "base/result.h"
#include "reports/fonts.h"
#include "reports/paper.h"

namespace sealdesk::reports {

// Invisible text that carries the width of an outlined character, so that it can be selected and copied.
constexpr char32_t kCarrier = 0x3000;

// The font is /F0 in the page's resources. Adds what the page shows in the main font to `used`. Refused, naming it, for a
// character that cannot be printed.
Result<std::string> operators_of(const Page& page, const Fonts& fonts, std::set<char32_t>& used);

}  // namespace sealdesk::reports
