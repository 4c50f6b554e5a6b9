// The house of a screen: the whole window, white panes with a line to the right, bars and feet. Each begin has its end.
#pragma once

#include <string_view>

#include "panels/kit/theme.h"

namespace sealdesk::kit {

// The whole window; end_screen() also draws the list of keys and passing messages. Panes and rows stand without space
// between them here.
void begin_screen(const char* id);
void end_screen();

enum class Ground { pane, foot, rail, viewer, viewer_bar, none };
// A part of the screen with its own scrolling; size in px, 0: what is left, negative: what is left minus that.
// Without `padding` (px on all sides) what it holds stands edge to edge; with it, things have the usual space between.
void begin_pane(const char* id, ImVec2 size, Ground ground = Ground::pane, ImVec2 padding = {0, 0}, ImGuiWindowFlags flags = 0);
void end_pane();
// Strip of fixed height at the top (40 px) of a pane, its content centred by centre_in_bar.
constexpr float kBarHeight = 40, kFootHeight = 62, kStatusHeight = 28;
// Line as wide as the pane.
void line();
// Line from top to bottom beside the pane that was ended last; the next pane follows with ImGui::SameLine(0, 0).
void edge_right();
// Moves the cursor so that something that high stands in the middle of a strip that high.
void centre(float strip_px, float thing_px);
// Moves the cursor so that something that wide ends at the right edge, `margin` px before it.
void align_right(float width, float margin);
// The same for what is drawn between the two; its width (px, returned) is known from the frame before, and another frame
// is asked for when it has changed. What changes by itself belongs to the left of what people click.
void begin_right(const char* id, float margin = 0);
float end_right();
void gap(float at_96_dpi);  // empty space below

}  // namespace sealdesk::kit
