#include "checks/writing.h"

#include <fmt/format.h>

#include "base/text.h"
#include "base/translate.h"

namespace sealdesk::checks {

namespace {

using Kind = Oddity::Kind;

bool within(char32_t c, char32_t first, char32_t last) { return c >= first && c <= last; }

bool is_blank(char32_t c) {
    return c == ' ' || c == '\t' || c == 0xA0 || c == 0x1680 || within(c, 0x2000, 0x200A) || c == 0x202F || c == 0x205F ||
           c == 0x3000;
}
bool is_control(char32_t c) {
    return (c < 0x20 && c != '\t') || within(c, 0x7F, 0x9F) || c == 0xAD || within(c, 0x200B, 0x200F) ||
           within(c, 0x2028, 0x202E) || within(c, 0x2060, 0x206F) || c == 0xFEFF || within(c, 0xFFF9, 0xFFFD) ||
           within(c, 0xE0000, 0xE01EF) || within(c, 0xFE00, 0xFE0F);
}
bool is_han(char32_t c) {
    return within(c, 0x3400, 0x4DBF) || within(c, 0x4E00, 0x9FFF) || within(c, 0x20000, 0x323AF) || c == 0x3007;
}
bool is_latin(char32_t c) { return within(c | 0x20, 'a', 'z') || within(c, 0xC0, 0x24F); }
// Radicals and compatibility forms look like the characters of a name and are none.
bool looks_like_han(char32_t c) { return within(c, 0x2E80, 0x2FDF) || within(c, 0xF900, 0xFAFF) || within(c, 0x2F800, 0x2FA1F); }
bool is_private(char32_t c) { return within(c, 0xE000, 0xF8FF) || c >= 0xF0000; }
bool is_greek_or_cyrillic(char32_t c) { return within(c, 0x370, 0x52F) || within(c, 0x1F00, 0x1FFF); }
bool is_kana_or_hangul(char32_t c) {
    return (within(c, 0x3041, 0x30FF) && c != 0x30FB) || within(c, 0x1100, 0x11FF) || within(c, 0xAC00, 0xD7AF);
}
// · of minority names; the others are put down for it.
bool is_other_dot(char32_t c) { return c == 0x2022 || c == 0x30FB || c == 0xFF0E || c == 0x2027 || c == 0x22C5 || c == 0xFF65; }

std::string code_of(char32_t c) { return fmt::format("U+{:04X}", static_cast<unsigned>(c)); }

}  // namespace

std::vector<Oddity> oddities(std::string_view name) {
    const std::u32string letters = code_points(name);
    std::vector<Oddity> found;
    const auto say = [&](Kind kind, size_t at, std::string sentence) { found.push_back({kind, at, std::move(sentence)}); };
    bool han = false, latin = false;
    for (const char32_t c : letters) {
        han = han || is_han(c);
        latin = latin || is_latin(c);
    }
    size_t first = 0, last = letters.size();
    while (first < last && is_blank(letters[first])) ++first;
    while (last > first && is_blank(letters[last - 1])) --last;
    if (first > 0) say(Kind::blank_at_edge, 0, trf("开头有 {} 个空格", first));
    if (last < letters.size()) say(Kind::blank_at_edge, last, trf("末尾有 {} 个空格", letters.size() - last));
    for (size_t i = first; i < last; ++i) {
        const char32_t c = letters[i];
        if (is_control(c))
            say(Kind::control, i, trf("第 {} 个字是不可见的字符 {}", i + 1, code_of(c)));
        else if (is_blank(c) && (c != ' ' || is_han(letters[i - 1]) || is_han(letters[i + 1]) || letters[i + 1] == ' '))
            say(Kind::blank_inside, i, trf("第 {} 个字是空格", i + 1));
        else if (is_private(c))
            say(Kind::private_use, i, trf("第 {} 个字是自造字 {}，别处无法显示", i + 1, code_of(c)));
        else if (looks_like_han(c))
            say(Kind::look_alike, i, trf("第 {} 个字“{}”是部首或兼容字形 {}，不是常用汉字", i + 1, utf8(c), code_of(c)));
        else if (is_greek_or_cyrillic(c) || ((han || latin) && is_kana_or_hangul(c)))
            say(Kind::foreign_script, i, trf("第 {} 个字“{}”是别种文字的字母 {}", i + 1, utf8(c), code_of(c)));
        else if (is_other_dot(c) && han)
            say(Kind::width, i, trf("第 {} 个字“{}”应为间隔号“·”", i + 1, utf8(c)));
        else if (han && (c == '(' || c == ')'))
            say(Kind::width, i, trf("第 {} 个字“{}”是半角括号，执照上一般为全角", i + 1, utf8(c)));
        else if (within(c, 0xFF01, 0xFF5E) && c != 0xFF08 && c != 0xFF09 && c != 0xFF0C)
            say(Kind::width, i, trf("第 {} 个字“{}”是全角字符", i + 1, utf8(c)));
    }
    return found;
}

std::string plain_name(std::string_view name) {
    std::string plain;
    for (char32_t c : code_points(name)) {
        if (is_blank(c) || is_control(c)) continue;
        if (is_other_dot(c)) c = 0xB7;
        if (within(c, 0xFF01, 0xFF5E)) c -= 0xFEE0;
        if (within(c, 'a', 'z')) c -= 'a' - 'A';
        plain += utf8(c);
    }
    return plain;
}

}  // namespace sealdesk::checks
