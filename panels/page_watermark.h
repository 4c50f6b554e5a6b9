// Who looks and when, across every scan on screen: identity papers are not photographed without a name on them.
#pragma once

#include "desk/desk.h"
#include "panels/kit/theme.h"

namespace sealdesk::panels {

// Within the rectangle, px; `on_dark`: the page is shown as a negative.
void draw_watermark(const desk::Desk& desk, ImDrawList* draw, ImVec2 from, ImVec2 to, bool on_dark);

}  // namespace sealdesk::panels
