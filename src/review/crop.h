// Crop: a part of one page with an ellipse around what is wrong on it, as the reviewer drew it and the applicant sees it.
// A value; places are in shares (0 to 1) of the upright page, so that they do not depend on how large it is decoded.
#pragma once

#include <string>

namespace sealdesk::review {

struct Area {
    double x = 0, y = 0, width = 0, height = 0;  // top left corner and size
    bool empty() const { return !(width > 0 && height > 0); }
    bool operator==(const Area&) const = default;
};

struct Crop {
    int page = 0;             // of the package, from 1; 0: there is no crop
    std::string file_sha256;  // of the file in the package that the page comes from,
    int page_in_file = 0;     // and its page there, from 0
    Area area;                // what is cut out
    Area ellipse;             // what the ellipse touches on its four sides, in the same shares; empty: none
    bool operator==(const Crop&) const = default;
};

}  // namespace sealdesk::review
