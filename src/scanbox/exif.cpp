#include "scanbox/exif.h"

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace sealdesk::scanbox {

namespace {

class Tiff {
public:
    explicit Tiff(std::string_view bytes) : bytes_(bytes), little_(bytes.starts_with("II")) {}
    // 0 beyond the end.
    std::uint32_t number(size_t at, size_t size) const {
        std::uint32_t value = 0;
        if (at > bytes_.size() || size > bytes_.size() - at) return 0;
        for (size_t i = 0; i < size; ++i)
            value = value << 8 | static_cast<unsigned char>(bytes_[at + (little_ ? size - 1 - i : i)]);
        return value;
    }

private:
    std::string_view bytes_;
    bool little_;
};

}  // namespace

Exif read_exif(std::string_view bytes) {
    Exif exif;
    if (!bytes.starts_with("II*") && !bytes.starts_with(std::string_view("MM\0*", 4))) return exif;
    const Tiff tiff(bytes);
    const size_t directory = tiff.number(4, 4);
    const auto count = tiff.number(directory, 2);
    double resolution = 0;
    bool centimetres = false;
    for (size_t i = 0; i < count && i < 200; ++i) {
        const size_t at = directory + 2 + 12 * i;
        switch (tiff.number(at, 2)) {
            case 0x0112:
                if (const auto turned = tiff.number(at + 8, 2); turned >= 1 && turned <= 8)
                    exif.orientation = static_cast<int>(turned);
                break;
            case 0x011A: {
                const size_t fraction = tiff.number(at + 8, 4);
                const auto below = tiff.number(fraction + 4, 4);
                if (below != 0) resolution = static_cast<double>(tiff.number(fraction, 4)) / below;
                break;
            }
            case 0x0128: centimetres = tiff.number(at + 8, 2) == 3; break;
            default: break;
        }
    }
    const double dpi = centimetres ? resolution * 2.54 : resolution;
    if (dpi >= 1 && dpi < 100'000) exif.dpi = static_cast<int>(std::lround(dpi));
    return exif;
}

}  // namespace sealdesk::scanbox
