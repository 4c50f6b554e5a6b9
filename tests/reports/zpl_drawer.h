// A label printer for the tests: the ZPL II commands that we send, drawn as its dots. Code 128 is drawn from its own
// table of bars (ISO/IEC 15417), so that a wrong field or check character shows. What it does not know is an error.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "reports/dots.h"

namespace sealdesk::reports {

struct DrawnLabel {
    Dots dots;
    std::vector<std::string> texts;  // of the ^FD fields that are not barcodes, unescaped
    int pictures = 0;                // ^GF
};

// ASCII fields are drawn with `fonts`, as the printer has a font of its own for them.
Result<std::vector<DrawnLabel>> drawn_zpl(const std::string& zpl, const Fonts& fonts);

// Portable bitmap, which zbarimg reads.
std::string pbm_of(const Dots& dots);

}  // namespace sealdesk::reports
