// ZPL II from Paper, for thermal label printers: text goes as ^GF pictures, drawn at the printer's own resolution, so that no
// font has to be on the printer and its width is the one that was laid out (the printers' own font has other widths, which
// nobody publishes); Code 128 as ^BC. One ^XA … ^XZ for each page. Colours become black or, when they are light, nothing.
#pragma once

#include <string>

#include "base/result.h"
#include "reports/fonts.h"
#include "reports/paper.h"

namespace sealdesk::reports {

// Refused, naming the character, before anything is made, when a character cannot be printed.
Result<std::string> zpl_of(const Paper& paper, const Fonts& fonts, PrinterDots dots);

// The field of a ^BC in mode N, with the subsets chosen so that digits are packed in pairs, and how many modules it
// takes. `data` is printable ASCII.
struct ZplCode128 {
    std::string field;
    int modules = 0;
};
ZplCode128 zpl_code128(const std::string& data);

}  // namespace sealdesk::reports
