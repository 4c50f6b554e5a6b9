// Where decoded pages become textures. The shell keeps them on the graphics card within a budget; tests count them.
// UI thread only.
#pragma once

#include <imgui.h>

#include <cstdint>
#include <span>
#include <string>

namespace sealdesk::kit {

class Pictures {
public:
    virtual ~Pictures() = default;
    // ImTextureID_Invalid when the picture was never given or had to make room: then show() it again.
    virtual ImTextureID find(const std::string& key) = 0;
    // `rgba` holds width * height * 4 bytes, rows from the top. A new picture under the same key replaces the old one.
    virtual ImTextureID show(const std::string& key, int width, int height, std::span<const std::uint8_t> rgba) = 0;
    virtual void forget(const std::string& key) = 0;
};

}  // namespace sealdesk::kit
