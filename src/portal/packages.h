// Packages: the uploaded archives, each stored once under its SHA-256 and never altered. Any thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sealdesk::portal {

constexpr size_t kPackageLimit = size_t{20} << 20;  // bytes of one upload

class Packages {
public:
    explicit Packages(std::filesystem::path folder) : folder_(std::move(folder)) {}

    struct Stored {
        std::string sha256;
        std::int64_t bytes = 0;
    };
    // Refuses an empty file and one above the limit.
    Result<Stored> add(const std::filesystem::path& file) const;
    // Where the package lies; nothing when there is none, or when the text is no SHA-256.
    std::optional<std::filesystem::path> find(std::string_view sha256) const;

private:
    std::filesystem::path folder_;
};

}  // namespace sealdesk::portal
