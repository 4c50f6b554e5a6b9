// What is looked for, as the index writes it: names without case, width and spaces, their pinyin initials, numbers, and
// the pieces of two or three characters by which a part of a name is found. Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sealdesk::search {

// 南京 ａbc -> 南京ABC
std::string name_key(std::string_view name);
// Upper case without spaces; "" when it is no number (other than letters, digits and hyphens of ASCII).
std::string number_key(std::string_view number);
// "ｎjYx " -> "njyx"; "" when it is not all letters.
std::string initials_key(std::string_view typed);
std::string turned(std::string_view ascii);  // last character first

// Pieces of a name's key (all pairs of neighbours) and of its initials (pairs and triples), as words of the index: ASCII
// letters and digits only.
std::vector<std::string> name_pieces(std::string_view key);
std::vector<std::string> initials_pieces(std::string_view initials);
// Those that an order must have so that its name or its initials may contain this; nothing for one character.
std::vector<std::string> pieces_to_find_name(std::string_view key);
std::vector<std::string> pieces_to_find_initials(std::string_view key);

}  // namespace sealdesk::search
