// Pictures and PDF pages to pixels: JPEG, PDF and BMP through their own files, the rest through libvips with only
// the loaders that scans need. This file and the maker's know libvips. Any thread.
#pragma once

#include "base/result.h"
#include "scanbox/kind.h"
#include "scanbox/package.h"
#include "scanbox/picture.h"

namespace sealdesk::scanbox {

// Once, in the prepared parent, with no other thread: starts libvips with every loader blocked but jpeg, png, tiff,
// webp, heif and gif, and poppler.
bool start_pictures();

// Headers only. The message of an error is a protocol code: see picture.h.
Result<std::vector<Page>> pages_of(Kind kind, std::string_view bytes, const Bounds& bounds);

struct Wish {
    int page = 0;
    int shrink = 1;  // 1 to 64: JPEG and PDF are decoded small, the others are averaged down
    int pdf_dpi = kPdfDpi;
    Part part = {};  // of the upright page at that shrink
};
// On white, upright. A part that lies outside of the page is "no_such_page".
Result<Rendered> render(Kind kind, std::string_view bytes, const Wish& wish, const Bounds& bounds, const Canvas& canvas);

}  // namespace sealdesk::scanbox
