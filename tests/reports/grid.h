// Characters on a grid, far enough apart, a page of forty lines of thirty.
#pragma once

#include <string>

#include "base/text.h"
#include "reports/paper.h"

namespace sealdesk::reports {

inline Paper grid(const std::u32string& characters, Weight weight = Weight::regular, double size = 12) {
    constexpr size_t kAcross = 30, kDown = 40;
    constexpr double kStep = 6.35;  // mm: 54 dots at 216 dpi
    Paper paper;
    for (size_t i = 0; i < characters.size(); ++i) {
        const size_t place = i % (kAcross * kDown);
        if (place == 0) paper.pages.push_back({kStep * (kAcross + 1), kStep * (kDown + 1), {}});
        const double x = kStep * (0.5 + static_cast<double>(place % kAcross));
        const double baseline = kStep * (1.0 + static_cast<double>(place / kAcross));
        paper.pages.back().marks.push_back(
            TextMark{x, baseline, size, weight, kBlack, utf8(characters[i]), {x, baseline - 4, 6, 5}});
    }
    return paper;
}

}  // namespace sealdesk::reports
