// Pictures and PDF pages to pixels, through libvips with only the loaders that scans need. The one file
// (with the maker's) that knows libvips. start_pictures() once, before the sandbox closes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "scanbox/kind.h"
#include "scanbox/package.h"

namespace sealdesk::scanbox {

struct Page {
    int number = 0;  // within its file, from 0
    int width = 0;   // px upright, EXIF orientation applied
    int height = 0;
    int dpi = 0;  // 0: the file does not say. A PDF page has no pixels of its own: 200
};

// Starts libvips with every loader blocked but jpeg, png, tiff, webp, heif and pdf.
bool start_pictures();

// Headers only. The message of an error is a protocol code: "damaged", "encrypted_pdf", "too_many_pixels", "too_many_pages".
Result<std::vector<Page>> pages_of(Kind kind, std::string_view bytes, const Bounds& bounds);

struct Rendered {
    int width = 0, height = 0;
};
// RGBA, 8 bits each, opaque, on white, into `pixels` (room for `room` bytes). `shrink` 1, 2, 4, 8 …: JPEG and
// PDF are decoded small, the others are averaged down.
Result<Rendered> render(Kind kind, std::string_view bytes, int page, int shrink, const Bounds& bounds, std::uint8_t* pixels,
                        size_t room);

}  // namespace sealdesk::scanbox
