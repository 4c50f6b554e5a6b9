// Where decoded pages become textures. The shell keeps them on the graphics card within a budget; tests count them.
// UI thread only.
#pragma once

#include <imgui.h>

#include <cstdint>
#include <span>
#include <string>

namespace sealdesk::kit {

// inverted: a negative, for grey pencil on grey paper. contrast: weak ink becomes dark, paper white.
enum class Look { inverted, contrast };

class Pictures {
public:
    virtual ~Pictures() = default;
    // ImTextureID_Invalid when the picture was never given or had to make room: then show() it again.
    virtual ImTextureID find(const std::string& key) = 0;
    // `rgba` holds width * height * 4 bytes, rows from the top. A new picture under the same key replaces the old one.
    virtual ImTextureID show(const std::string& key, int width, int height, std::span<const std::uint8_t> rgba) = 0;
    virtual void forget(const std::string& key) = 0;
    // The longest side, in px, that show() keeps without making the picture smaller.
    virtual int largest_side() const { return 8192; }
    // Changes how everything that was drawn in that rectangle so far looks, in this frame only; no pixels are touched.
    virtual void alter(ImDrawList& draw, Look look, ImVec2 from, ImVec2 to) = 0;
};

}  // namespace sealdesk::kit
