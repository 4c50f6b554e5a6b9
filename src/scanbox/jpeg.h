// JPEG through libjpeg itself, straight into the shared memory: libvips makes two more passes over the pixels.
// CMYK stays with libvips, which knows its colours. Any thread.
#pragma once

#include "scanbox/picture.h"

namespace sealdesk::scanbox {

struct JpegHeader {
    int width = 0, height = 0;  // as stored
    int orientation = 1;        // EXIF
    int dpi = 0;
    bool four_inks = false;
};

Result<JpegHeader> jpeg_header(std::string_view bytes);
// `shrink` 1 to 64; a damaged or cut file is an error. Not for four inks.
Result<Rendered> render_jpeg(std::string_view bytes, int shrink, const Canvas& canvas);

}  // namespace sealdesk::scanbox
