#include "portal/packages.h"

#include "base/files.h"
#include "base/translate.h"
#include "crypto/digest.h"

namespace sealdesk::portal {

namespace fs = std::filesystem;

Result<Packages::Stored> Packages::add(const fs::path& file) const {
    SEALDESK_LET(bytes, read_file(file, kPackageLimit));
    if (bytes.empty()) return refused(trf("材料包 {} 是空文件", file.filename().string()));
    Stored stored{sha256_hex(bytes), static_cast<std::int64_t>(bytes.size())};
    if (!find(stored.sha256)) {
        SEALDESK_TRY(make_folder(folder_));
        SEALDESK_TRY(write_file(folder_ / stored.sha256, bytes));
    }
    return stored;
}

std::optional<fs::path> Packages::find(std::string_view sha256) const {
    // Only hex digits: the text comes from a URL and must not leave the folder.
    if (sha256.size() != 64 || sha256.find_first_not_of("0123456789abcdef") != std::string_view::npos) return std::nullopt;
    const fs::path path = folder_ / sha256;
    std::error_code error;
    if (!fs::is_regular_file(path, error)) return std::nullopt;
    return path;
}

}  // namespace sealdesk::portal
