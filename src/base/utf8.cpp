// UTF-8 itself, apart from what needs ICU: documents and tables take it apart by the million.
#include "base/text.h"

namespace sealdesk {
namespace {

struct Decoded {
    char32_t point = 0xFFFD;
    size_t length = 1;  // bytes; of what is damaged, the longest part that could have begun a character (Unicode 3.9)
    bool good = false;
};

// `at` is below bytes.size().
Decoded decoded(std::string_view bytes, size_t at) {
    const auto byte = [&](size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const unsigned first = byte(at);
    if (first < 0x80) return {first, 1, true};
    const size_t more = first >= 0xC2 && first <= 0xDF ? 1 : (first & 0xF0) == 0xE0 ? 2 : first >= 0xF0 && first <= 0xF4 ? 3 : 0;
    if (more == 0) return {};
    // Overlong forms, surrogates and what is above U+10FFFF show in the second byte.
    const unsigned lowest = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const unsigned highest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    char32_t point = first & (0x3FU >> more);
    for (size_t i = 1; i <= more; ++i) {
        if (at + i >= bytes.size()) return {0xFFFD, i, false};
        const unsigned next = byte(at + i);
        if (next < (i == 1 ? lowest : 0x80) || next > (i == 1 ? highest : 0xBF)) return {0xFFFD, i, false};
        point = point << 6 | (next & 0x3F);
    }
    return {point, more + 1, true};
}

}  // namespace

bool is_utf8(std::string_view bytes) {
    for (size_t at = 0; at < bytes.size();) {
        const Decoded next = decoded(bytes, at);
        if (!next.good) return false;
        at += next.length;
    }
    return true;
}

std::u32string code_points(std::string_view utf8) {
    std::u32string points;
    points.reserve(utf8.size());
    for (size_t at = 0; at < utf8.size();) {
        const Decoded next = decoded(utf8, at);
        points += next.point;
        at += next.length;
    }
    return points;
}

std::string utf8(char32_t c) {
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) c = 0xFFFD;
    const auto tail = [c](unsigned shift) { return static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
    if (c < 0x80) return {static_cast<char>(c)};
    if (c < 0x800) return {static_cast<char>(0xC0 | (c >> 6)), tail(0)};
    if (c < 0x10000) return {static_cast<char>(0xE0 | (c >> 12)), tail(6), tail(0)};
    return {static_cast<char>(0xF0 | (c >> 18)), tail(12), tail(6), tail(0)};
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    for (size_t from = 0;;) {
        const auto to = text.find(separator, from);
        parts.emplace_back(text.substr(from, to - from));
        if (to == std::string_view::npos) return parts;
        from = to + 1;
    }
}

}  // namespace sealdesk
