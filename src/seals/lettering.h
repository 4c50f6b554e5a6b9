// Placing letters: along the edge of an ellipse, in a straight row, in the fields of a square. Widths shrink with the number of
// letters, heights stay, as seals are cut. For drawing.cpp alone; pure functions.
#pragma once

#include <string_view>
#include <vector>

#include "seals/drawing.h"

namespace sealdesk::seals {

// A letter with the room it wants: 1 for a Chinese character, less for digits, brackets and dots.
struct SizedLetter {
    char32_t character = 0;
    Letter letter;
    double share = 1;
    double left = 0, right = 1;  // em; what is centred in its slot
};
Result<std::vector<SizedLetter>> sized(std::u32string_view text, const Letters& letters);
double shares_of(const std::vector<SizedLetter>& text);

// Where a letter goes: its middle, the direction of its foot line and of its upright (unit vectors, mm), its size.
struct Slot {
    double x = 0, y = 0, right_x = 1, right_y = 0, up_x = 0, up_y = -1;
    double width = 0, height = 0;  // mm; width of a letter of share 1
};
DrawnShape placed(const SizedLetter& letter, const Slot& slot);

// The edge along which letters stand: an ellipse with half axes `a` and `b` around (x, y).
struct Arc {
    double x = 0, y = 0, a = 0, b = 0;
    double height = 0;   // of the letters, which stand inside the edge
    bool lower = false;  // along the bottom, heads inwards, else along the top, heads outwards
};
// `length`: mm along the middle of the letters; `widest`: largest width over height.
std::vector<DrawnShape> along(const Arc& arc, const std::vector<SizedLetter>& text, double length, double widest);
// Circumference along the middle of the letters.
double circumference(const Arc& arc);

// Centred at (x, y), at most `length` long.
std::vector<DrawnShape> in_row(double x, double y, double length, double height, double widest,
                               const std::vector<SizedLetter>& text);

}  // namespace sealdesk::seals
