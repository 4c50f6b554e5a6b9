#include "scanbox/picture.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

namespace sealdesk::scanbox {

Result<size_t> room_for(int width, int height, const Canvas& canvas) {
    if (width <= 0 || height <= 0) return code("damaged", "no pixels");
    const size_t bytes = static_cast<size_t>(width) * static_cast<size_t>(height) * 4;
    if (canvas.pixels == nullptr || bytes > canvas.room) return code("too_many_pixels");
    return bytes;
}

Part within(const Part& part, const Rendered& size) {
    if (part.all()) return {0, 0, size.width, size.height};
    Part inside{std::clamp(part.x, 0, size.width), std::clamp(part.y, 0, size.height), 0, 0};
    // In 64 bits: numbers come from outside.
    const auto end = [](int from, int length, int limit) {
        return static_cast<int>(std::min<std::int64_t>(std::int64_t{from} + std::max(0, length), limit));
    };
    inside.width = std::max(0, end(part.x, part.width, size.width) - inside.x);
    inside.height = std::max(0, end(part.y, part.height, size.height) - inside.y);
    return inside;
}

Rendered cut_out(std::uint8_t* rgba, const Rendered& size, const Part& part) {
    const Part inside = within(part, size);
    const size_t row = static_cast<size_t>(inside.width) * 4;
    // A row never moves backwards over one that is still needed.
    for (int y = 0; y < inside.height; ++y)
        std::memmove(
            rgba + static_cast<size_t>(y) * row,
            rgba + (static_cast<size_t>(inside.y + y) * static_cast<size_t>(size.width) + static_cast<size_t>(inside.x)) * 4,
            row);
    return {inside.width, inside.height};
}

Ahead::Ahead(std::uint8_t* pixels, size_t bytes) {
    static constexpr size_t kStep = size_t{1} << 20;
    if (bytes < 4 * kStep) return;
    worker_ = std::thread([this, pixels, bytes] {
        // Only advice: kernels before 5.14 refuse it, and pages then come one by one.
        for (size_t at = 0; at < bytes && !enough_; at += kStep)
            if (madvise(pixels + at, std::min(kStep, bytes - at), MADV_POPULATE_WRITE) != 0) return;
    });
}

Ahead::~Ahead() {
    enough_ = true;
    if (worker_.joinable()) worker_.join();
}

void turn_upright(const std::uint32_t* from, int width, int height, int orientation, std::uint32_t* to) {
    const bool swapped = orientation >= 5;
    const int out_width = swapped ? height : width, out_height = swapped ? width : height;
    // Squares that stay in the cache: a quarter turn reads one side across the rows.
    constexpr int kSquare = 64;
    for (int top = 0; top < out_height; top += kSquare)
        for (int left = 0; left < out_width; left += kSquare)
            for (int y = top; y < std::min(top + kSquare, out_height); ++y)
                for (int x = left; x < std::min(left + kSquare, out_width); ++x) {
                    int column = swapped ? y : x, row = swapped ? x : y;
                    if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8) column = width - 1 - column;
                    if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7) row = height - 1 - row;
                    to[static_cast<size_t>(y) * static_cast<size_t>(out_width) + static_cast<size_t>(x)] =
                        from[static_cast<size_t>(row) * static_cast<size_t>(width) + static_cast<size_t>(column)];
                }
}

Rendered average(std::uint8_t* rgba, int width, int height, int factor) {
    const int out_width = (width + factor - 1) / factor, out_height = (height + factor - 1) / factor;
    std::uint8_t* to = rgba;
    for (int top = 0; top < height; top += factor)
        for (int left = 0; left < width; left += factor) {
            unsigned sum[3] = {}, count = 0;
            for (int y = top; y < std::min(top + factor, height); ++y)
                for (int x = left; x < std::min(left + factor, width); ++x, ++count) {
                    const std::uint8_t* from =
                        rgba + (static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x)) * 4;
                    for (int band = 0; band < 3; ++band) sum[band] += from[band];
                }
            for (int band = 0; band < 3; ++band) to[band] = static_cast<std::uint8_t>((sum[band] + count / 2) / count);
            to[3] = 255;
            to += 4;
        }
    return {out_width, out_height};
}

}  // namespace sealdesk::scanbox
