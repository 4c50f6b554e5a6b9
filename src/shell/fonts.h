// Finds the system's Chinese font through fontconfig and loads it into Dear ImGui: regular and bold, with other
// installed fonts behind them for the characters they lack. Files are mapped, not read: glyphs come on demand.
#pragma once

#include <imgui.h>

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "panels/kit/theme.h"

namespace sealdesk::shell {

// The mapped files; must outlive the atlas.
class FontFiles {
public:
    FontFiles();
    FontFiles(FontFiles&&) noexcept;
    FontFiles& operator=(FontFiles&&) noexcept;
    ~FontFiles();

    // Adds both weights to the atlas. internal when no font with Chinese characters is installed.
    Result<kit::Fonts> load(ImFontAtlas& atlas);

private:
    struct File;
    std::vector<std::unique_ptr<File>> files_;
    File* mapped(const std::string& path);
    ImFont* add(ImFontAtlas& atlas, bool bold, bool* found);
};

}  // namespace sealdesk::shell
