// One table for each enumeration that people read and files keep: the value, its name in code, database and JSON, and
// its word on the screen (Chinese, the key of the translation).
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace sealdesk {

template <class Enum>
struct Word {
    Enum value;
    const char* name;
    const char* words;
};

// The table's entry; the first one for a value that is not there.
template <class Enum, size_t kCount>
constexpr const Word<Enum>& entry_of(const std::array<Word<Enum>, kCount>& table, Enum value) {
    for (const auto& word : table)
        if (word.value == value) return word;
    return table.front();
}

template <class Enum, size_t kCount>
constexpr std::optional<Enum> value_of(const std::array<Word<Enum>, kCount>& table, std::string_view name) {
    for (const auto& word : table)
        if (name == word.name) return word.value;
    return std::nullopt;
}

}  // namespace sealdesk
