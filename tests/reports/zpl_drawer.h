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
    std::vector<std::string> codes;  // of the ^FD fields, all of them barcodes, unescaped
    int pictures = 0;                // ^GF
};

Result<std::vector<DrawnLabel>> drawn_zpl(const std::string& zpl);

// Portable bitmap, which zbarimg reads.
std::string pbm_of(const Dots& dots);
Dots dots_of(const std::string& pbm);

}  // namespace sealdesk::reports
