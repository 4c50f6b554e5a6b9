// Unicode text as people type it and as strangers send it. UTF-8 throughout.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sealdesk {

bool is_utf8(std::string_view bytes);
// UTF-8 as it is, else read as GB18030; what neither can read becomes U+FFFD.
std::string to_utf8(std::string_view bytes);
// Code points of valid UTF-8.
std::u32string code_points(std::string_view utf8);
std::string utf8(char32_t code_point);
// Trimmed, full-width letters, digits and spaces to half-width.
std::string half_width(std::string_view utf8);
std::string trimmed(std::string_view text);
std::string upper_ascii(std::string_view text);
// Control characters, line breaks and bidirectional marks: never part of a name, number or address.
bool has_control_characters(std::string_view utf8);
// "110105********002X", "138****2046": head and tail characters stay, the middle is starred.
std::string masked(std::string_view ascii, size_t head, size_t tail);
// First letters of the pinyin of each Han character, lower-case; other letters and digits stay: 南京垚鑫 -> njyx.
std::string pinyin_initials(std::string_view utf8);
std::vector<std::string> split(std::string_view text, char separator);

}  // namespace sealdesk
