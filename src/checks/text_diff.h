// Two texts letter by letter: which runs are equal, missing or other. For form against paper. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sealdesk::checks {

struct Stretch {
    enum class Kind { equal, missing, extra, other };
    Kind kind = Kind::equal;
    std::string stated, seen;  // missing: only in `stated`; extra: only in `seen`
    size_t at = 0;             // letters before it in `stated`
    bool operator==(const Stretch&) const = default;
};
// Shortest edit, an exchanged letter counting as one; texts of up to 500 letters, longer ones are compared as a whole.
std::vector<Stretch> diff(std::string_view stated, std::string_view seen);
// Letters that are missing, extra or other.
int distance(const std::vector<Stretch>& runs);
// 第 13 位应为“1”，填的是“7”; "" when they are equal.
std::string in_words(const std::vector<Stretch>& runs);

}  // namespace sealdesk::checks
