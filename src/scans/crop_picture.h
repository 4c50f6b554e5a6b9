// A part of a decoded page with an ellipse drawn around what is meant, small enough to be sent along. Pure functions on
// pixels; some milliseconds, so never on the UI thread.
#pragma once

#include <string>

#include "base/result.h"
#include "scans/scanbox.h"

namespace sealdesk::scans {

struct Share {
    double x = 0, y = 0, width = 0, height = 0;  // shares of the upright page, 0 to 1
};

struct CropPicture {
    Pixels pixels;    // what the PNG shows
    std::string png;  // at most kMostCropBytes
};
inline constexpr size_t kMostCropBytes = size_t{256} << 10;

// Cuts `area` out of the page, draws the ellipse that touches the sides of `ellipse` in red (an empty one: none) and makes
// it smaller until it fits. Refused when the area holds no pixels.
Result<CropPicture> cut_out(const Pixels& page, const Share& area, const Share& ellipse);

}  // namespace sealdesk::scans
