#include "scans/package_store.h"

#include "base/files.h"
#include "base/translate.h"
#include "crypto/digest.h"

namespace sealdesk::scans {

Result<std::filesystem::path> PackageStore::path_of(std::string_view sha256) const {
    if (!is_sha256_hex(sha256)) return refused(tr("材料包的摘要格式不对"));
    return folder_ / sha256.substr(0, 2) / sha256;
}

bool PackageStore::has(std::string_view sha256) const {
    const auto path = path_of(sha256);
    std::error_code error;
    return path && std::filesystem::is_regular_file(*path, error);
}

Result<std::filesystem::path> PackageStore::put(std::string_view sha256, std::string_view bytes) const {
    SEALDESK_LET(path, path_of(sha256));
    if (sha256_hex(bytes) != sha256) return refused(tr("材料包与摘要不符，未保存"));
    if (has(sha256) && verify(sha256)) return path;
    SEALDESK_TRY(make_folder(path.parent_path()));
    SEALDESK_TRY(write_file(path, bytes, 0440));
    return path;
}

Result<> PackageStore::verify(std::string_view sha256) const {
    SEALDESK_LET(path, path_of(sha256));
    SEALDESK_LET(bytes, read_file(path));
    if (sha256_hex(bytes) != sha256) return fail(ErrorKind::corrupt, tr("保存的材料包已被改动"), path.string());
    return {};
}

}  // namespace sealdesk::scans
