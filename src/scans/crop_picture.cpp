#include "scans/crop_picture.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/translate.h"
#include "scans/page_picture.h"

namespace sealdesk::scans {

namespace {

constexpr int kLongestSide = 1000, kShortestTry = 120;  // px
constexpr std::uint8_t kRed[3] = {0xd9, 0x2d, 0x20};

Pixels made(int width, int height) {
    const size_t bytes = static_cast<size_t>(width) * static_cast<size_t>(height) * 4;
    return {width, height, std::shared_ptr<const std::uint8_t>(new std::uint8_t[bytes](), std::default_delete<std::uint8_t[]>())};
}

// Ours alone as long as nobody else has a copy.
std::uint8_t* writable(Pixels& pixels) { return const_cast<std::uint8_t*>(pixels.rgba().data()); }

// The box of the page in px: whole pixels that it touches.
struct Box {
    int left = 0, top = 0, width = 0, height = 0;
};
Box box_of(const Pixels& page, const Share& part) {
    const auto edge = [](double share, int size, bool up) {
        const double at = std::clamp(share, 0.0, 1.0) * size;
        return std::clamp(static_cast<int>(up ? std::ceil(at - 1e-9) : std::floor(at + 1e-9)), 0, size);
    };
    Box box{edge(part.x, page.width(), false), edge(part.y, page.height(), false), 0, 0};
    box.width = edge(part.x + part.width, page.width(), true) - box.left;
    box.height = edge(part.y + part.height, page.height(), true) - box.top;
    return box;
}

// The mean of the source pixels below each new one.
Pixels scaled(const Pixels& page, const Box& box, int width, int height) {
    Pixels out = made(width, height);
    std::uint8_t* to = writable(out);
    const std::uint8_t* from = page.rgba().data();
    for (int y = 0; y < height; ++y) {
        const int y0 = box.top + y * box.height / height, y1 = std::max(y0 + 1, box.top + (y + 1) * box.height / height);
        for (int x = 0; x < width; ++x, to += 4) {
            const int x0 = box.left + x * box.width / width, x1 = std::max(x0 + 1, box.left + (x + 1) * box.width / width);
            unsigned sum[3] = {}, count = 0;
            for (int row = y0; row < y1; ++row)
                for (int column = x0; column < x1; ++column, ++count) {
                    const auto* pixel =
                        from + (static_cast<size_t>(row) * static_cast<size_t>(page.width()) + static_cast<size_t>(column)) * 4;
                    for (int band = 0; band < 3; ++band) sum[band] += pixel[band];
                }
            for (int band = 0; band < 3; ++band) to[band] = static_cast<std::uint8_t>((sum[band] + count / 2) / count);
            to[3] = 255;
        }
    }
    return out;
}

// A ring of even thickness, soft at its edges; `part` in px of the picture.
void draw_ellipse(Pixels& pixels, double x, double y, double width, double height) {
    const double cx = x + width / 2, cy = y + height / 2, a = std::max(width / 2, 1.0), b = std::max(height / 2, 1.0);
    const double half = std::clamp(std::max(pixels.width(), pixels.height()) / 250.0, 1.5, 4.0);
    std::uint8_t* rgba = writable(pixels);
    for (int row = 0; row < pixels.height(); ++row)
        for (int column = 0; column < pixels.width(); ++column) {
            const double dx = column + 0.5 - cx, dy = row + 0.5 - cy;
            const double f = dx * dx / (a * a) + dy * dy / (b * b) - 1;
            const double slope = 2 * std::hypot(dx / (a * a), dy / (b * b));
            if (slope <= 0) continue;
            const double cover = std::clamp(half + 0.5 - std::abs(f) / slope, 0.0, 1.0);
            if (cover <= 0) continue;
            auto* pixel =
                rgba + (static_cast<size_t>(row) * static_cast<size_t>(pixels.width()) + static_cast<size_t>(column)) * 4;
            for (int band = 0; band < 3; ++band)
                pixel[band] = static_cast<std::uint8_t>(std::lround(pixel[band] + (kRed[band] - pixel[band]) * cover));
        }
}

}  // namespace

Result<CropPicture> cut_out(const Pixels& page, const Share& area, const Share& ellipse) {
    const Box box = box_of(page, area);
    if (box.width <= 0 || box.height <= 0) return refused(tr("截图的范围里没有画面"));
    double scale = std::min(1.0, static_cast<double>(kLongestSide) / std::max(box.width, box.height));
    for (;; scale *= 0.8) {
        const int width = std::max(1, static_cast<int>(std::lround(box.width * scale))),
                  height = std::max(1, static_cast<int>(std::lround(box.height * scale)));
        CropPicture crop{scaled(page, box, width, height), {}};
        if (ellipse.width > 0 && ellipse.height > 0) {
            const double across = static_cast<double>(width) / box.width, down = static_cast<double>(height) / box.height;
            draw_ellipse(crop.pixels, (ellipse.x * page.width() - box.left) * across,
                         (ellipse.y * page.height() - box.top) * down, ellipse.width * page.width() * across,
                         ellipse.height * page.height() * down);
        }
        SEALDESK_LET(png, png_of(crop.pixels));
        crop.png = std::move(png);
        if (crop.png.size() <= kMostCropBytes) return crop;
        if (std::max(width, height) < kShortestTry) return refused(trf("截图最大 {} KB，请截小一些", kMostCropBytes >> 10));
    }
}

}  // namespace sealdesk::scans
