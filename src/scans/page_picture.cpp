#include "scans/page_picture.h"

#include "base/translate.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#define STBI_WRITE_NO_STDIO
#include <stb/stb_image_write.h>
#pragma GCC diagnostic pop

namespace sealdesk::scans {

Result<std::string> png_of(const Pixels& pixels) {
    std::string png;
    const auto append = [](void* out, void* bytes, int size) {
        static_cast<std::string*>(out)->append(static_cast<const char*>(bytes), static_cast<size_t>(size));
    };
    if (pixels.width() <= 0 || pixels.height() <= 0 ||
        !stbi_write_png_to_func(append, &png, pixels.width(), pixels.height(), 4, pixels.rgba().data(), pixels.width() * 4))
        return fail(ErrorKind::internal, tr("无法生成图片"), "stb_image_write");
    return png;
}

}  // namespace sealdesk::scans
