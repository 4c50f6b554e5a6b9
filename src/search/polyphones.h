// How the initials of a name may be spelled: 长乐 is cl, zl, cy or zy to the people who look for it. Pure, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sealdesk::search {

// First letters of what the character is read as, the usual one first; a letter or digit of ASCII is itself, in lower case. ""
// for what is not read.
std::string readings_of(char32_t character);

// All spellings of a name's initials, the usual one first, none twice; nothing when nothing in it is read. Where they would be
// more than this, the last of its characters keep their usual reading.
inline constexpr size_t kMostSpellings = 64;
std::vector<std::string> spellings(std::string_view name);

}  // namespace sealdesk::search
