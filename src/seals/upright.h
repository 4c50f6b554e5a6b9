// How far a seal on a scan is turned, all the way round: sheets lie sideways and upside down on scanners. For lifting.cpp alone;
// pure functions.
#pragma once

#include <complex>
#include <string>
#include <vector>

#include "seals/drawing.h"
#include "seals/ink_map.h"

namespace sealdesk::seals {

struct Turn {
    double angle = 0;   // radians, clockwise
    std::string doubt;  // "" when it is clear which way is up
};

// The star says how far it is turned within a fifth, the name on the arc which of the five it is.
Turn turn_of_round(const Map& ink, const Middle& middle);
// The long axis, and the name above it. `outline`: the outermost ink in each direction, from the middle.
Turn turn_of_oval(const Map& ink, const Middle& middle, const std::vector<std::complex<double>>& outline);
// The frame within a quarter; which quarter only a drawing of the same name can say, and it need not be of the same letters.
Turn turn_of_square(const Map& ink, const Middle& middle, const std::vector<std::complex<double>>& outline,
                    const Impression* drawn);

// Turned back by the angle, on a map that holds all of it.
Map turned_back(const Map& ink, const Middle& middle, double angle);

}  // namespace sealdesk::seals
