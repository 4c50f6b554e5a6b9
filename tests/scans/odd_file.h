// One file of the collection that strangers might send, and what must be said about it.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sealdesk::tests {

struct OddFile {
    std::string name;   // for the failure message
    std::string bytes;  // the package
    // Every code that the listing and the pages give must be one of these, and at least one must come; "" stands for
    // nothing to complain about.
    std::set<std::string> expected;
    std::string password = {};
};

inline std::string little(std::uint64_t value, int size) {
    std::string bytes;
    for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i));
    return bytes;
}

inline std::string big(std::uint64_t value, int size) {
    const auto bytes = little(value, size);
    return {bytes.rbegin(), bytes.rend()};
}

inline std::uint32_t crc32(std::string_view bytes) {
    std::uint32_t crc = ~0U;
    for (const char byte : bytes) {
        crc ^= static_cast<unsigned char>(byte);
        for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320U : 0);
    }
    return ~crc;
}

inline std::string from_digits(std::string_view hex) {
    std::string bytes;
    for (size_t at = 0; at + 1 < hex.size(); at += 2)
        bytes += static_cast<char>(std::stoi(std::string(hex.substr(at, 2)), nullptr, 16));
    return bytes;
}

inline std::string replaced(std::string bytes, size_t at, const std::string& with) {
    return bytes.replace(at, with.size(), with);
}

// The same numbers everywhere; good enough to damage files with.
class Dice {
public:
    explicit Dice(std::uint32_t seed) : state_(seed * 2654435761U + 1) {}
    std::uint32_t roll(std::uint32_t below) {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 17;
        state_ ^= state_ << 5;
        return state_ % below;
    }

private:
    std::uint32_t state_;
};

inline std::string damaged(std::string bytes, std::uint32_t seed) {
    Dice dice(seed);
    for (int i = 0; i < 8; ++i)
        bytes[12 + dice.roll(static_cast<std::uint32_t>(bytes.size() - 12))] = static_cast<char>(dice.roll(256));
    return bytes;
}

std::vector<OddFile> odd_pictures();   // odd_pictures.cpp
std::vector<OddFile> odd_documents();  // odd_documents.cpp
std::vector<OddFile> odd_archives();   // odd_archives.cpp
std::string good_png();

}  // namespace sealdesk::tests
