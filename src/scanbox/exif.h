// The two things of an EXIF block that a page needs. Pure function, any thread.
#pragma once

#include <string_view>

namespace sealdesk::scanbox {

struct Exif {
    int orientation = 1;  // 1 to 8
    int dpi = 0;          // 0: not said
};

// `tiff` is the block behind "Exif\0\0"; what is damaged reads as not said.
Exif read_exif(std::string_view tiff);

}  // namespace sealdesk::scanbox
