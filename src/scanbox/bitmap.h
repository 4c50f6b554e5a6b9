// Windows bitmaps (BMP), which libvips reads only through a library that opens everything. Pure functions, any thread.
#pragma once

#include "scanbox/picture.h"

namespace sealdesk::scanbox {

// 1, 4, 8, 16, 24 and 32 bits, run lengths of 4 and 8 bits, either direction. Errors are codes: "damaged",
// "too_many_pixels".
Result<Page> bitmap_page(std::string_view bytes, std::uint64_t most_pixels);
Result<Rendered> render_bitmap(std::string_view bytes, int shrink, std::uint64_t most_pixels, const Canvas& canvas);

}  // namespace sealdesk::scanbox
