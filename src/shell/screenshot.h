// The pixels of the last frame as a PNG file. UI thread, OpenGL context current.
#pragma once

#include <filesystem>

#include "base/result.h"

namespace sealdesk::shell {

// `width`, `height`: of the framebuffer, px.
Result<> write_screenshot(int width, int height, const std::filesystem::path& path);

}  // namespace sealdesk::shell
