// The picture of a seal as ink of one colour on nothing, and as the bytes of a PNG file. A seal from elsewhere is looked at
// without decoding its pixels: parsers of strangers' pictures stay in the sandbox. Values; pure functions; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "seals/seal.h"

namespace sealdesk::seals {

struct InkColour {
    std::uint8_t r = 230, g = 0, b = 18;
    bool operator==(const InkColour&) const = default;
};

// Coverage of each pixel, 0 (paper shows) to 255 (ink), rows without padding.
struct Impression {
    int width = 0, height = 0;  // px
    double dpi = 600;
    InkColour colour;
    std::vector<std::uint8_t> ink;

    std::uint8_t at(int x, int y) const {
        return ink[static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x)];
    }
    std::uint8_t& at(int x, int y) { return ink[static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x)]; }
    double width_mm() const { return width * 25.4 / dpi; }
    double height_mm() const { return height * 25.4 / dpi; }
};

// A PNG with transparency (sixteen steps, so that it fits on a KEY) and its resolution. The same impression gives the same
// bytes. Internal when it has no pixels.
Result<std::string> png_of(const Impression& impression);
// More than this a new seal does not hold: KEYs are small, and the certificate is on it already when the seal is written.
constexpr size_t kLargestPicture = size_t{64} << 10;
// The same as it goes into a seal: of at most 600 dpi, of 400 or 300 when it is too large else; millimetres are rounded.
Result<SealPicture> seal_picture(const Impression& impression);

// What can be told of a picture without decoding it.
struct PictureFacts {
    int width = 0, height = 0;  // px; 0 when the format does not say it at its beginning
    double dpi = 0;             // 0: the file does not say
    bool transparent = false;
    std::string remark;  // what no seal made here may have, though the standard lets it be; "" when there is nothing to say
};
// Of a PNG alone, whose millimetres are not known. Refused: no PNG, damaged. Remarked: larger than 4000 px.
Result<PictureFacts> look_at_png(std::string_view png);
// Refused with the reason: other content than the type says, damaged (PNG: every chunk and its check sum), no millimetres.
// Remarked: larger than 4000 px, or sides that do not fit the millimetres.
Result<PictureFacts> look_at(const SealPicture& picture);
// The same of a picture that is to go into a seal here: what would be remarked is refused.
Result<PictureFacts> look_at_own(const SealPicture& picture);
// What a seal that is made here needs besides: PNG with transparency, at least 300 px for each inch of its millimetres, at most
// kLargestPicture. Refused as look_at_own(), too.
Result<> check_for_new_seal(const SealPicture& picture);

}  // namespace sealdesk::seals
