// Colours, fonts and sizes of every panel. Colours are constants; fonts and scale live in the Dear ImGui context
// (set once by whoever owns the window, again when the monitor's scale changes). UI thread only.
#pragma once

#include <imgui.h>

namespace sealdesk::kit {

constexpr ImU32 rgb(unsigned hex, unsigned alpha = 255) {
    return (alpha << 24) | ((hex & 0xFFu) << 16) | (hex & 0xFF00u) | ((hex >> 16) & 0xFFu);
}

namespace colour {
constexpr ImU32 ground = rgb(0xEEF1F5), pane = rgb(0xFFFFFF), foot = rgb(0xF7F9FB);
constexpr ImU32 line = rgb(0xE4E8EE), strong_line = rgb(0xD5DBE3);
constexpr ImU32 text = rgb(0x1F2933), quiet = rgb(0x6B7785), white = rgb(0xFFFFFF);
constexpr ImU32 rail = rgb(0x1F2A37), rail_selected = rgb(0x2F3D4F), rail_edge = rgb(0xE5533D);
constexpr ImU32 rail_text = rgb(0xC6D0DB), rail_count = rgb(0xF6C177);
constexpr ImU32 viewer = rgb(0x3A4350), viewer_bar = rgb(0x2C3440), viewer_text = rgb(0xD5DBE3);
constexpr ImU32 blue = rgb(0x1D4ED8), blue_ground = rgb(0xE7EFFB);
constexpr ImU32 green = rgb(0x1B7F4B), green_ground = rgb(0xE2F5EA);
constexpr ImU32 red = rgb(0xB3261E), red_ground = rgb(0xFDE7E5);
constexpr ImU32 amber = rgb(0x8A5A00), amber_ground = rgb(0xFFF4D6);
constexpr ImU32 orange = rgb(0xA3560B), orange_ground = rgb(0xFDEEDE);
constexpr ImU32 violet = rgb(0x6B2FB3), violet_ground = rgb(0xEFE6FD);
constexpr ImU32 off = rgb(0xC3CCD7);  // a dot or a control that is not there now
}  // namespace colour

// plain: no meaning. blue: selected, new. green: right, approve. red: wrong, reject, late. amber: look here.
// orange: replacement. violet: resubmitted.
enum class Tone { plain, blue, green, red, amber, orange, violet };
struct ToneColours {
    ImU32 ink, ground;
};
ToneColours colours_of(Tone tone);

// Who loads the fonts hands them in. `line` is the font's line height in units of its letter size (em): a Chinese
// font's line is about 1.45 em, and Dear ImGui's font size is the line.
struct Fonts {
    ImFont* regular = nullptr;
    ImFont* bold = nullptr;
    float line = 1.0f;
};
// Sets style, text size and the frame's scale (1 = 96 dpi).
void apply_theme(const Fonts& fonts, float scale);

// Letter sizes in px at 96 dpi; the scale is applied on top.
enum class Size { note = 13, text = 15, value = 16, title = 15, heading = 18, large = 32 };
// Bold from the second font of the atlas, regular from the first.
enum class Weight { regular, bold };
// Pushes font and size for its life.
class FontScope {
public:
    explicit FontScope(Size size, Weight weight = Weight::regular);
    ~FontScope() { ImGui::PopFont(); }
    FontScope(const FontScope&) = delete;
    FontScope& operator=(const FontScope&) = delete;
};

// Length that is `at_96_dpi` px on a 96 dpi screen, whatever font is pushed: everything grows with the scale.
float px(float at_96_dpi);
inline ImVec2 px(float x, float y) { return {px(x), px(y)}; }

}  // namespace sealdesk::kit
