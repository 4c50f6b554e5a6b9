// PageFacts: small statistics of one decoded page, from plain RGBA pixels: is it blank, blurred, turned, seen before,
// stamped? Pure functions; a page of 2 million pixels takes some 50 ms, so never on the UI thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sealdesk::checks {

// Where a red seal was found, in shares of the page's width and height.
struct StampSeen {
    double x = 0, y = 0;  // middle
    double across = 0;    // larger diameter, as a share of the page's short side; 42 mm on A4 are 0.2
    double ring = 0;      // share of its round edge that is there, 0 to 1
    bool operator==(const StampSeen&) const = default;
};

enum class Orientation { unknown, upright, sideways };  // upside down cannot be told from upright without reading

struct PageFacts {
    std::string sha256;         // of width, height and pixels: the same picture, in whatever file
    std::string perceptual;     // 56 rows of 40 fields: 'm' as bright as the next, letters after it darker, before it brighter
    int width = 0, height = 0;  // px of the page as uploaded
    int dpi = 0;                // 0: the file does not say
    double ink = 0;             // share of dark pixels
    double sharpness = 0;       // variance of the Laplacian beside ink, less that of the paper, over contrast squared
    double red = 0;             // share of red pixels
    Orientation orientation = Orientation::unknown;
    std::optional<StampSeen> stamp;  // the most complete ring
};

// `rgba`: width * height * 4 bytes, rows without padding. `full_width`, `full_height`, `dpi`: of the page as uploaded, where
// the pixels were decoded at a shrink. Statistics are comparable at about 1500 px on the long side.
PageFacts look_at(std::span<const std::uint8_t> rgba, int width, int height, int full_width = 0, int full_height = 0,
                  int dpi = 0);

// Shrink (1, 2, 4 …) that brings a page to that size.
int shrink_for_facts(int width, int height);

// How much of what is on two pages differs, by their perceptual hashes; 1 when one of them is none or of another make.
double hash_difference(std::string_view a, std::string_view b);

const char* name_of(Orientation orientation);
Orientation orientation_from(std::string_view name);

}  // namespace sealdesk::checks
