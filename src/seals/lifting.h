// A seal lifted from the scan of the impression sheet, however it lay on the scanner: the red ink without paper and print,
// upright, cut to its edge, and judged: large enough, whole inside and at its edge, alone, red. Pure functions on plain RGBA
// pixels; a page of 300 dpi takes some 100 ms, so never on the UI thread.
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
    // Of the picture that a page was drawn from, when it is no picture itself (PDF); 0: as dpi; negative: from none.
    double picture_dpi = 0;
};

// What is known of the seal before it is looked for.
struct Expected {
    SealShape shape = SealShape::round;
    double width = 0, height = 0;       // mm; 0: any of this shape
    const Impression* drawn = nullptr;  // of the approved text; null: nothing is known of what stands inside
    Expected(SealShape of) : shape(of) {}
};

struct Lifted {
    Impression impression;
    int left = 0, top = 0, right = 0, bottom = 0;  // px on the page, where it was found
    double turned = 0;                             // degrees that it was turned back, clockwise positive
    double whole = 0;                              // share of its edge that is there, 0 to 1
    bool as_expected = false;                      // its size is the expected one, as far as a scanner tells
    std::vector<std::string> doubts;               // sentences for the officer: nothing that forbids, but worth a look
};

// Refused with a sentence: below 300 dpi, no seal, not red, several, cut off at the page's edge, too small or too large for
// the shape, out of shape, its edge or its name not whole, too faint; a page of thousands of spots.
Result<Lifted> lift(const PagePixels& page, const Expected& expected);

}  // namespace sealdesk::seals
