#include "search/terms.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace sealdesk::search {

namespace {

bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

std::string without_spaces(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r') out += c;
    return out;
}

void each_once(std::vector<std::string>& list) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
}

std::vector<std::string> initials_of_length(std::string_view initials, size_t length) {
    std::vector<std::string> list;
    for (size_t i = 0; i + length <= initials.size(); ++i) list.push_back("p" + std::string(initials.substr(i, length)));
    return list;
}

}  // namespace

std::string name_key(std::string_view name) { return upper_ascii(without_spaces(half_width(name))); }

std::string number_key(std::string_view number) {
    std::string key = upper_ascii(without_spaces(half_width(number)));
    const bool plain =
        std::all_of(key.begin(), key.end(), [](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; });
    return plain ? key : std::string();
}

std::string initials_key(std::string_view typed) {
    std::string key = without_spaces(half_width(typed));
    if (!std::all_of(key.begin(), key.end(), is_letter)) return {};
    for (char& c : key)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return key;
}

std::string turned(std::string_view ascii) { return {ascii.rbegin(), ascii.rend()}; }

std::vector<std::string> name_pieces(std::string_view key) {
    const std::u32string points = code_points(key);
    std::vector<std::string> list;
    for (size_t i = 0; i + 2 <= points.size(); ++i)
        list.push_back(fmt::format("h{:x}{:x}", static_cast<unsigned>(points[i]), static_cast<unsigned>(points[i + 1])));
    each_once(list);
    return list;
}

std::vector<std::string> initials_pieces(std::string_view initials) {
    auto list = initials_of_length(initials, 2);
    for (auto& triple : initials_of_length(initials, 3)) list.push_back(std::move(triple));
    each_once(list);
    return list;
}

std::vector<std::string> pieces_to_find_name(std::string_view key) { return name_pieces(key); }

std::vector<std::string> pieces_to_find_initials(std::string_view key) {
    auto list = initials_of_length(key, key.size() == 2 ? 2 : 3);
    each_once(list);
    return list;
}

}  // namespace sealdesk::search
