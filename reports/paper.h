// Paper: a finished document as a value, pages with marks placed in millimetres from the top left.
// Layout makes it; pdf.h writes it as PDF and listing() as text for golden tests, from the same marks.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"

namespace sealdesk::reports {

constexpr double kPointsPerMm = 72.0 / 25.4;

enum class PrinterDots { dpi203, dpi300 };  // of a label printer: 8 and 12 dots a millimetre
constexpr int per_mm(PrinterDots dots) { return dots == PrinterDots::dpi300 ? 12 : 8; }

struct Area {
    double x = 0, y = 0, w = 0, h = 0;  // mm
    double right() const { return x + w; }
    double bottom() const { return y + h; }
    Area inset(double by) const { return {x + by, y + by, w - 2 * by, h - 2 * by}; }
};

struct Colour {
    std::uint8_t r = 0, g = 0, b = 0;
    bool operator==(const Colour&) const = default;
};
constexpr Colour kBlack{0, 0, 0}, kGrey{96, 102, 112}, kPale{238, 241, 245}, kRule{178, 186, 198}, kWhite{255, 255, 255},
    kMaroon{128, 40, 24}, kBlue{44, 100, 168};

enum class Weight { regular, bold };

struct TextMark {
    double x = 0, baseline = 0;  // mm
    double size = 0;             // points
    Weight weight = Weight::regular;
    Colour colour;
    std::string text;  // UTF-8, one line
    Area box;          // what it may not leave
};
struct LineMark {
    double x1 = 0, y1 = 0, x2 = 0, y2 = 0, width = 0;  // mm
    Colour colour;
};
struct FillMark {
    Area area;
    Colour colour;
};
struct BarsMark {
    std::string kind, data;  // "code128" or "qr", and what it says
    Area area;
    std::vector<Area> bars;
};
using Mark = std::variant<TextMark, LineMark, FillMark, BarsMark>;

struct Page {
    double w = 0, h = 0;  // mm
    std::vector<Mark> marks;
};

struct Paper {
    std::string title;
    std::vector<Page> pages;
};

// Moves everything by so many mm. Refused when something would leave its page.
Result<> shift(Paper& paper, double right, double down);

// One line a mark, tenths of millimetres.
std::string listing(const Paper& paper);

}  // namespace sealdesk::reports
