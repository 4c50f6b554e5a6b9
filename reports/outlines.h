// Filled outlines of one colour, such as a seal's, as ink on pixels (FreeType's rasteriser) and as a PDF page without any
// font. Values in, bytes out; pure functions; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/outline.h"
#include "base/result.h"
#include "reports/paper.h"

namespace sealdesk::reports {

// A shape is filled where a line from outside winds around it (non-zero rule).
struct Outlines {
    double width = 0, height = 0;  // mm
    Colour colour;
    std::vector<std::vector<PathStep>> shapes;  // mm from the top left, y downwards
};

// Coverage of each pixel, 0 to 255, rows without padding. Refused above 4000 px a side.
Result<std::vector<std::uint8_t>> coverage(const Outlines& outlines, int width_px, int height_px);
// One page as large as the outlines. The same outlines give the same bytes.
std::string pdf_of(const Outlines& outlines);

}  // namespace sealdesk::reports
