// Uploaded packages as received, each under its SHA-256: <folder>/ab/abcdef….  Evidence is never altered:
// what is there is not written again. Any thread, any number of processes.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sealdesk::scans {

class PackageStore {
public:
    explicit PackageStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

    // Refused when the bytes are not what the hash says, or the hash is none.
    Result<std::filesystem::path> put(std::string_view sha256, std::string_view bytes) const;
    // Where a package lies or would lie. `sha256` must be 64 lower-case hex digits, else refused.
    Result<std::filesystem::path> path_of(std::string_view sha256) const;
    bool has(std::string_view sha256) const;
    // Reads it all again: corrupt when the disk no longer gives what was received.
    Result<> verify(std::string_view sha256) const;

private:
    std::filesystem::path folder_;
};

}  // namespace sealdesk::scans
