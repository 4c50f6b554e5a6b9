// What the decoders of one kind each share: how a page is described, how its pixels are given, and the codes that
// are the message of an error: "damaged", "encrypted_pdf", "too_many_pixels", "too_many_pages". Any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/result.h"

namespace sealdesk::scanbox {

struct Page {
    int number = 0;  // within its file, from 0
    int width = 0;   // px upright, EXIF orientation applied
    int height = 0;
    int dpi = 0;  // 0: the file does not say. A PDF page has no pixels of its own: kPdfDpi
};

constexpr int kPdfDpi = 200;

struct Rendered {
    int width = 0, height = 0;
};

// A part of a page, px of the picture it is decoded to; width 0: all of it.
struct Part {
    int x = 0, y = 0, width = 0, height = 0;
    bool all() const { return width == 0; }
};
// What of the part lies on a picture of that size; the whole picture when none was asked for.
Part within(const Part& part, const Rendered& size);

// Where pixels go: RGBA, 8 bits each, opaque, rows without padding.
struct Canvas {
    std::uint8_t* pixels = nullptr;
    size_t room = 0;  // bytes
};

inline Failure code(const char* word, std::string detail = {}) { return fail(ErrorKind::corrupt, word, std::move(detail)); }

// Bytes of a page that fits.
Result<size_t> room_for(int width, int height, const Canvas& canvas);

// Asks the kernel for the memory of a large page on a thread of its own, while the decoder works its way down it.
class Ahead {
public:
    Ahead(std::uint8_t* pixels, size_t bytes);
    ~Ahead();
    Ahead(const Ahead&) = delete;
    Ahead& operator=(const Ahead&) = delete;

private:
    std::atomic<bool> enough_ = false;
    std::thread worker_;
};

// EXIF orientation 1 to 8 of `from` (width x height as stored) into `to`.
void turn_upright(const std::uint32_t* from, int width, int height, int orientation, std::uint32_t* to);
// Keeps only that part, in place; gives the new size.
Rendered cut_out(std::uint8_t* rgba, const Rendered& size, const Part& part);
// Averages squares of `factor` pixels, in place; gives the new size.
Rendered average(std::uint8_t* rgba, int width, int height, int factor);

}  // namespace sealdesk::scanbox
