// The ink of a seal on a page while it is lifted: strength by pixel, and where its middle is. For lifting.cpp and what it is made
// of alone; values.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

namespace sealdesk::seals {

// A map of small numbers over pixels.
struct Map {
    int width = 0, height = 0;
    std::vector<std::uint8_t> values;
    Map(int w, int h) : width(w), height(h), values(static_cast<size_t>(w) * static_cast<size_t>(h)) {}
    std::uint8_t& at(int x, int y) {
        return values[static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x)];
    }
    std::uint8_t at(int x, int y) const {
        return values[static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x)];
    }
    double between(double x, double y) const {
        const int left = static_cast<int>(std::floor(x)), top = static_cast<int>(std::floor(y));
        if (left < 0 || top < 0 || left + 1 >= width || top + 1 >= height) return 0;
        const double fx = x - left, fy = y - top;
        return (at(left, top) * (1 - fx) + at(left + 1, top) * fx) * (1 - fy) +
               (at(left, top + 1) * (1 - fx) + at(left + 1, top + 1) * fx) * fy;
    }
};

struct Middle {
    double x = 0, y = 0, a = 0, b = 0;  // centre and half axes of the box, px
};

}  // namespace sealdesk::seals
