// A seal lifted from the scan of the impression sheet: the red ink without paper and print, straightened, cut to its edge, and
// judged: large enough, whole, alone, red. Pure functions on plain RGBA pixels; a page of 300 dpi takes some 100 ms, so never
// on the UI thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "seals/drawing.h"
#include "seals/picture.h"

namespace sealdesk::seals {

// width * height * 4 bytes, rows without padding.
struct PagePixels {
    std::span<const std::uint8_t> rgba;
    int width = 0, height = 0;
    double dpi = 0;  // 0: the file does not say it; then the page is taken for A4
};

struct Lifted {
    Impression impression;
    int left = 0, top = 0, right = 0, bottom = 0;  // px on the page, where it was found
    double turned = 0;                             // degrees that it was turned back, clockwise positive
    double whole = 0;                              // share of its edge that is there, 0 to 1
    std::vector<std::string> doubts;               // sentences for the officer: nothing that forbids, but worth a look
};

// Refused with a sentence: below 300 dpi, no seal, not red, several, cut off at the page's edge, too small or too large for
// the shape, out of shape, its edge not whole, too faint.
Result<Lifted> lift(const PagePixels& page, SealShape shape);

}  // namespace sealdesk::seals
