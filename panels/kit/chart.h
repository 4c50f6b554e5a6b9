// Small pictures of numbers: columns over days, bars beside names, a meter. Flat, with the number written.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "panels/kit/theme.h"

namespace sealdesk::kit {

struct Bar {
    std::string label = {};
    double value = 0;
    std::string words = {};  // the value as it is written; empty: not written
    Tone tone = Tone::blue;
};
// Columns from left to right; returns the index of the one that was clicked, -1 if none.
int columns(const char* id, std::span<const Bar> bars, ImVec2 size);
// One line a bar: label, bar, number; returns the index of the one that was clicked, -1 if none.
int bars(const char* id, std::span<const Bar> bars, float width);
// Part of a whole, 0 to 1.
void meter(double part, float width, Tone tone = Tone::blue);

}  // namespace sealdesk::kit
