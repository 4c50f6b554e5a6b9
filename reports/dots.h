// Printer dots: text and rectangles as one bit each, for printers that take pictures instead of fonts. Glyphs are drawn
// from their outlines at the printer's own resolution. A value; any thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "reports/fonts.h"
#include "reports/paper.h"

namespace sealdesk::reports {

struct Dots {
    int w = 0, h = 0;
    std::vector<std::uint8_t> rows;  // row by row, each filled up to whole bytes; the highest bit is the leftmost dot

    Dots(int width, int height);
    int row_bytes() const { return (w + 7) / 8; }
    bool black(int x, int y) const;  // false outside
    void set(int x, int y, bool black);
    void fill(int x, int y, int width, int height);  // black; what is outside is left out
    void turn();                                     // black to white and back
};

// Adds the text's ink to `dots`: `x` and `baseline` in dots from the top left, `em` dots for one em. Internal when a character
// could not be drawn: what is there then must not be printed.
Result<> draw_text(Dots& dots, const Fonts& fonts, std::string_view utf8, double x, double baseline, double em, Weight weight);

}  // namespace sealdesk::reports
