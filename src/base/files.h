// The one door to files: whole reads, and writes that are either there completely or not at all.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sealdesk {

// Refuses what is larger than `limit` bytes; unavailable when it cannot be read.
Result<std::string> read_file(const std::filesystem::path& path, size_t limit = size_t{256} << 20);
// Writes beside the target, syncs, renames. A full or read-only disk leaves the old file as it was.
Result<> write_file(const std::filesystem::path& path, std::string_view bytes, unsigned mode = 0644);
// mkdir -p with a sentence.
Result<> make_folder(const std::filesystem::path& path);

}  // namespace sealdesk
