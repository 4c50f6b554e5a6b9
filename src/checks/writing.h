// How a name was typed: invisible and look-alike characters, blanks, brackets and dots that differ from what stands on
// paper although they look the same. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sealdesk::checks {

struct Oddity {
    enum class Kind { control, blank_at_edge, blank_inside, foreign_script, look_alike, private_use, width };
    Kind kind = Kind::control;
    size_t at = 0;         // letter, from 0
    std::string sentence;  // what is odd, with the place
};
std::vector<Oddity> oddities(std::string_view name);

// The form in which two spellings of one name are equal: no blanks, half-width brackets and letters, one kind of dot.
std::string plain_name(std::string_view name);

}  // namespace sealdesk::checks
