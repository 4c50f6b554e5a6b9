#include "shell/screenshot.h"

#include <GL/gl.h>

#include <string>
#include <vector>

#include "base/files.h"
#include "base/translate.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#define STBI_WRITE_NO_STDIO
#include <stb/stb_image_write.h>
#pragma GCC diagnostic pop

namespace sealdesk::shell {

static void append(void* out, void* bytes, int size) {
    static_cast<std::string*>(out)->append(static_cast<const char*>(bytes), static_cast<size_t>(size));
}

Result<> write_screenshot(int width, int height, const std::filesystem::path& path) {
    if (width <= 0 || height <= 0) return refused(tr("窗口没有画面"));
    const auto row = static_cast<size_t>(width) * 3;
    std::vector<unsigned char> pixels(row * static_cast<size_t>(height));
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE, pixels.data());
    // OpenGL counts rows from below: start at the last and go backwards.
    std::string png;
    const unsigned char* top = pixels.data() + row * static_cast<size_t>(height - 1);
    if (!stbi_write_png_to_func(append, &png, width, height, 3, top, -static_cast<int>(row)))
        return fail(ErrorKind::internal, tr("无法生成截图"), "stb_image_write");
    return write_file(path, png);
}

}  // namespace sealdesk::shell
