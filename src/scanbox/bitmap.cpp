#include "scanbox/bitmap.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace sealdesk::scanbox {

namespace {

enum class Packing { none = 0, runs8 = 1, runs4 = 2, masks = 3 };

using Colour = std::array<std::uint8_t, 3>;

struct Header {
    int width = 0, height = 0;
    bool from_above = false;
    unsigned bits = 0;
    Packing packing = Packing::none;
    size_t data = 0;                      // where the rows begin
    std::array<std::uint32_t, 3> mask{};  // of 16 and 32 bits
    std::vector<Colour> palette;
    int dpi = 0;
};

class Bytes {
public:
    explicit Bytes(std::string_view all) : all_(all) {}
    size_t size() const { return all_.size(); }
    bool has(size_t at, size_t count) const { return at <= all_.size() && count <= all_.size() - at; }
    // Little-endian; 0 beyond the end.
    std::uint32_t number(size_t at, size_t count) const {
        std::uint32_t value = 0;
        if (!has(at, count)) return 0;
        for (size_t i = count; i-- > 0;) value = value << 8 | (*this)[at + i];
        return value;
    }
    std::uint8_t operator[](size_t at) const { return static_cast<std::uint8_t>(all_[at]); }

private:
    std::string_view all_;
};

Result<Header> read_header(const Bytes& bytes, std::uint64_t most_pixels) {
    Header header;
    const size_t info = 14, size = bytes.number(info, 4);
    const bool old = size == 12;
    if (!bytes.has(info, size) || (!old && size < 40) || size > 1024) return code("damaged", "bitmap header");
    const auto width = static_cast<std::int64_t>(old ? static_cast<std::int32_t>(bytes.number(info + 4, 2))
                                                     : static_cast<std::int32_t>(bytes.number(info + 4, 4)));
    const auto height = static_cast<std::int64_t>(old ? static_cast<std::int32_t>(bytes.number(info + 6, 2))
                                                      : static_cast<std::int32_t>(bytes.number(info + 8, 4)));
    header.from_above = height < 0;
    const auto rows = height < 0 ? -height : height;
    if (width <= 0 || rows == 0) return code("damaged", "bitmap size");
    if (static_cast<std::uint64_t>(width) * static_cast<std::uint64_t>(rows) > most_pixels) return code("too_many_pixels");
    header.width = static_cast<int>(width);
    header.height = static_cast<int>(rows);
    header.bits = bytes.number(info + (old ? 10 : 14), 2);
    const auto packing = old ? 0 : bytes.number(info + 16, 4);
    if (packing > 3 && packing != 6) return code("damaged", "bitmap packing");
    header.packing = packing == 6 ? Packing::masks : static_cast<Packing>(packing);
    const bool runs = header.packing == Packing::runs8 || header.packing == Packing::runs4;
    if ((header.packing == Packing::runs8 && header.bits != 8) || (header.packing == Packing::runs4 && header.bits != 4) ||
        (header.packing == Packing::masks && header.bits != 16 && header.bits != 32) || (runs && header.from_above))
        return code("damaged", "bitmap packing");
    size_t behind = info + size;
    if (header.bits == 16) header.mask = {0x7C00, 0x03E0, 0x001F};
    if (header.bits == 32) header.mask = {0xFF0000, 0x00FF00, 0x0000FF};
    if (header.packing == Packing::masks) {
        for (size_t i = 0; i < 3; ++i) header.mask[i] = bytes.number(info + 40 + 4 * i, 4);
        if (size == 40) behind += 12;
    }
    if (header.bits == 1 || header.bits == 4 || header.bits == 8) {
        size_t count = old ? 0 : bytes.number(info + 32, 4);
        const size_t most = size_t{1} << header.bits, step = old ? 3 : 4;
        if (count == 0 || count > most) count = most;
        for (size_t i = 0; i < count && bytes.has(behind + i * step, 3); ++i)
            header.palette.push_back({bytes[behind + i * step + 2], bytes[behind + i * step + 1], bytes[behind + i * step]});
        if (header.palette.empty()) return code("damaged", "bitmap colours");
    } else if (header.bits != 16 && header.bits != 24 && header.bits != 32) {
        return code("damaged", "bitmap bits");
    }
    header.data = bytes.number(10, 4);
    if (header.data < info + size || header.data > bytes.size()) return code("damaged", "bitmap offset");
    if (!runs) {
        const auto row = (static_cast<std::uint64_t>(header.width) * header.bits + 31) / 32 * 4;
        if (row * static_cast<std::uint64_t>(header.height) > bytes.size() - header.data) return code("damaged", "bitmap is cut");
    }
    const auto per_metre = old ? 0 : bytes.number(info + 24, 4);
    if (per_metre > 39 && per_metre < 4'000'000) header.dpi = static_cast<int>(std::lround(per_metre * 0.0254));
    return header;
}

std::uint8_t masked(std::uint32_t value, std::uint32_t mask) {
    if (mask == 0) return 0;
    const int low = std::countr_zero(mask), wide = std::popcount(mask);
    const std::uint32_t most = wide >= 32 ? 0xFFFFFFFFU : (1U << wide) - 1;
    return static_cast<std::uint8_t>(std::uint64_t{(value & mask) >> low} * 255 / most);
}

class Drawing {
public:
    Drawing(const Header& header, const Bytes& bytes, std::uint8_t* pixels) : header_(header), bytes_(bytes), pixels_(pixels) {}

    void rows() {
        const size_t row_bytes = (static_cast<size_t>(header_.width) * header_.bits + 31) / 32 * 4;
        for (int y = 0; y < header_.height; ++y) {
            const size_t row = header_.data + static_cast<size_t>(y) * row_bytes;
            for (int x = 0; x < header_.width; ++x) put(x, y, colour(row, static_cast<size_t>(x)));
        }
    }
    // False when the runs end before the picture does.
    bool runs() {
        size_t at = header_.data;
        int x = 0, y = 0;
        const bool four = header_.packing == Packing::runs4;
        while (bytes_.has(at, 2)) {
            const unsigned count = bytes_[at], value = bytes_[at + 1];
            at += 2;
            if (count > 0) {
                for (unsigned i = 0; i < count; ++i) index(x++, y, four ? (i % 2 == 0 ? value >> 4 : value & 15) : value);
            } else if (value == 0) {
                x = 0;
                ++y;
            } else if (value == 1) {
                return true;
            } else if (value == 2) {
                if (!bytes_.has(at, 2)) return false;
                x += bytes_[at];
                y += bytes_[at + 1];
                at += 2;
            } else {
                const size_t packed = four ? (value + 1) / 2 : value;
                if (!bytes_.has(at, packed)) return false;
                for (unsigned i = 0; i < value; ++i) {
                    const unsigned byte = bytes_[at + (four ? i / 2 : i)];
                    index(x++, y, four ? (i % 2 == 0 ? byte >> 4 : byte & 15) : byte);
                }
                at += packed + packed % 2;
            }
            if (y > header_.height) return false;
            x = std::min(x, header_.width);
        }
        return y >= header_.height;
    }

private:
    Colour colour(size_t row, size_t x) const {
        switch (header_.bits) {
            case 1: return entry(unsigned{bytes_[row + x / 8]} >> (7 - x % 8) & 1U);
            case 4: return entry(unsigned{bytes_[row + x / 2]} >> (x % 2 == 0 ? 4U : 0U) & 15U);
            case 8: return entry(bytes_[row + x]);
            case 24: return {bytes_[row + 3 * x + 2], bytes_[row + 3 * x + 1], bytes_[row + 3 * x]};
            default: {
                const size_t wide = header_.bits / 8;
                const auto value = bytes_.number(row + wide * x, wide);
                return {masked(value, header_.mask[0]), masked(value, header_.mask[1]), masked(value, header_.mask[2])};
            }
        }
    }
    Colour entry(unsigned index) const { return index < header_.palette.size() ? header_.palette[index] : Colour{0, 0, 0}; }
    void index(int x, int y, unsigned value) {
        if (x < header_.width && y < header_.height) put(x, y, entry(value));
    }
    void put(int x, int y, const Colour& colour) {
        const int row = header_.from_above ? y : header_.height - 1 - y;
        std::uint8_t* to = pixels_ + (static_cast<size_t>(row) * static_cast<size_t>(header_.width) + static_cast<size_t>(x)) * 4;
        to[0] = colour[0];
        to[1] = colour[1];
        to[2] = colour[2];
        to[3] = 255;
    }

    const Header& header_;
    const Bytes& bytes_;
    std::uint8_t* pixels_;
};

}  // namespace

Result<Page> bitmap_page(std::string_view bytes, std::uint64_t most_pixels) {
    SEALDESK_LET(header, read_header(Bytes(bytes), most_pixels));
    return Page{0, header.width, header.height, header.dpi};
}

Result<Rendered> render_bitmap(std::string_view all, int shrink, std::uint64_t most_pixels, const Canvas& canvas) {
    const Bytes bytes(all);
    SEALDESK_LET(header, read_header(bytes, most_pixels));
    SEALDESK_LET(needed, room_for(header.width, header.height, canvas));
    Drawing drawing(header, bytes, canvas.pixels);
    if (header.packing == Packing::runs8 || header.packing == Packing::runs4) {
        std::fill_n(canvas.pixels, needed, std::uint8_t{255});  // what the runs pass over
        if (!drawing.runs()) return code("damaged", "bitmap is cut");
    } else {
        drawing.rows();
    }
    if (shrink > 1) return average(canvas.pixels, header.width, header.height, shrink);
    return Rendered{header.width, header.height};
}

}  // namespace sealdesk::scanbox
