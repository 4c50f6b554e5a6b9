// The characters that every paper must be able to show, as lists that the tests share.
#pragma once

#include <iconv.h>

#include <set>
#include <string>
#include <string_view>

#include "base/text.h"
#include "reports/fonts.h"

namespace sealdesk::reports {

inline std::string text_of(const std::u32string& characters) {
    std::string text;
    for (const char32_t c : characters) text += utf8(c);
    return text;
}

// The 6,763 Han characters of GB 2312: rows 16 to 87.
inline std::u32string gb2312() {
    std::u32string all;
    iconv_t converter = iconv_open("UTF-8", "GB2312");
    for (int row = 0xB0; row <= 0xF7; ++row) {
        for (int cell = 0xA1; cell <= 0xFE; ++cell) {
            char in[2] = {static_cast<char>(row), static_cast<char>(cell)}, out[8];
            char *from = in, *to = out;
            size_t left = 2, room = sizeof out;
            if (iconv(converter, &from, &left, &to, &room) == static_cast<size_t>(-1)) {
                iconv(converter, nullptr, nullptr, nullptr, nullptr);
                continue;
            }
            all += code_points(std::string_view(out, static_cast<size_t>(to - out)));
        }
    }
    iconv_close(converter);
    return all;
}

// Two thousand that GB 2312 lacks and some font here has.
inline std::u32string rarer(const Fonts& fonts) {
    const std::u32string common = gb2312();
    const std::set<char32_t> known(common.begin(), common.end());
    std::u32string rare = U"垚龘㐱䶮犇骉";
    std::set<char32_t> taken(rare.begin(), rare.end());
    for (const auto& [from, step] : {std::pair(U'\u3400', 11U), {U'\u4E05', 13U}})
        for (char32_t c = from; c <= 0x9FFF && rare.size() < 2000; c += step)
            if (!known.contains(c) && fonts.source(c) != GlyphSource::none && taken.insert(c).second) rare += c;
    return rare;
}

// Two hundred outside the BMP, and a few that this country's names have.
inline std::u32string outside_the_bmp(const Fonts& fonts) {
    std::u32string outside = U"𠮷𬭎";
    for (char32_t c = 0x20000; c <= 0x2FA1D && outside.size() < 202; c += 7)
        if (c != U'𠮷' && c != U'𬭎' && fonts.source(c) == GlyphSource::outline) outside += c;
    return outside;
}

inline std::u32string punctuation() {
    return U"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz¥⊗（）《》：，。、·×éüñⅧ①°%&@#*/-+.,'";
}

inline std::u32string every_character(const Fonts& fonts) { return gb2312() + rarer(fonts) + outside_the_bmp(fonts); }

}  // namespace sealdesk::reports
