#include "base/text.h"

#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include <memory>
#include <unordered_map>

namespace sealdesk {

std::string to_utf8(std::string_view bytes) {
    std::string text;
    if (is_utf8(bytes))
        text = bytes;
    else
        icu::UnicodeString(bytes.data(), static_cast<int32_t>(bytes.size()), "gb18030").toUTF8String(text);
    return text;
}

std::string trimmed(std::string_view text) {
    const auto from = text.find_first_not_of(" \t\r\n");
    if (from == std::string_view::npos) return {};
    return std::string(text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1));
}

std::string half_width(std::string_view text) {
    std::string out;
    for (char32_t c : code_points(text)) {
        if (c == 0x3000 || c == 0xA0) c = ' ';
        if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;
        out += utf8(c);
    }
    return trimmed(out);
}

std::string upper_ascii(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return out;
}

bool has_control_characters(std::string_view text) {
    for (const char32_t c : code_points(text)) {
        const auto type = u_charType(static_cast<UChar32>(c));
        if (type == U_CONTROL_CHAR || type == U_FORMAT_CHAR || type == U_LINE_SEPARATOR || type == U_PARAGRAPH_SEPARATOR ||
            c == 0xFFFD)
            return true;
    }
    return false;
}

std::string masked(std::string_view ascii, size_t head, size_t tail) {
    if (ascii.size() <= head + tail) return std::string(ascii);
    return std::string(ascii.substr(0, head)) + std::string(ascii.size() - head - tail, '*') +
           std::string(ascii.substr(ascii.size() - tail));
}

std::string pinyin_initials(std::string_view text) {
    // A transliterator is costly to build and not thread-safe: one a thread.
    thread_local const std::unique_ptr<icu::Transliterator> to_latin = [] {
        UErrorCode status = U_ZERO_ERROR;
        return std::unique_ptr<icu::Transliterator>(
            icu::Transliterator::createInstance("Han-Latin; Latin-ASCII; Lower", UTRANS_FORWARD, status));
    }();
    // Thousands of names have the same characters, and a transliteration costs as much as a look at the disk.
    thread_local std::unordered_map<char32_t, char> known;
    std::string initials;
    for (const char32_t c : code_points(text)) {
        if (const auto found = known.find(c); found != known.end()) {
            if (found->second != 0) initials += found->second;
            continue;
        }
        icu::UnicodeString one(static_cast<UChar32>(c));
        if (to_latin != nullptr) to_latin->transliterate(one);
        const UChar32 first = one.char32At(0);
        const bool plain = (first >= 'a' && first <= 'z') || (first >= '0' && first <= '9');
        known[c] = plain ? static_cast<char>(first) : '\0';
        if (plain) initials += static_cast<char>(first);
    }
    return initials;
}

}  // namespace sealdesk
