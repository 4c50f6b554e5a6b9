// Tile: one number of a report, large, with what it counts above and a quiet note below; a click opens its rows.
#pragma once

#include <string_view>

#include "panels/kit/theme.h"

namespace sealdesk::kit {

constexpr float kTileHeight = 92;  // px at 96 dpi
// Width in px in which nothing of it is cut.
float tile_width(std::string_view caption, std::string_view number, std::string_view note);
// True when clicked; `width` in px.
bool tile(const char* id, std::string_view caption, std::string_view number, std::string_view note, bool selected, float width,
          Tone tone = Tone::plain);

}  // namespace sealdesk::kit
