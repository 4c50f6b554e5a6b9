#include "desk/seal_verdicts.h"

#include <algorithm>

#include "base/files.h"
#include "base/translate.h"
#include "seals/seals.h"

namespace sealdesk::desk {

namespace fs = std::filesystem;

namespace {

// In the order of their names; what begins with a dot is no file of ours.
Result<std::vector<fs::path>> files_in(const fs::path& folder) {
    std::error_code error;
    std::vector<fs::path> files;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
        if (!at->path().filename().string().starts_with('.')) files.push_back(at->path());
    if (error && error != std::errc::no_such_file_or_directory)
        return fail(ErrorKind::unavailable, trf("读不到文件 {}：{}", folder.string(), error.message()));
    std::sort(files.begin(), files.end());
    return files;
}

// Other makers and their lists, as an administrator laid them there: one that cannot be read is told, not passed over.
Result<> add_others(seals::SealTrust& trust, const fs::path& folder) {
    SEALDESK_LET(files, files_in(folder));
    for (const auto& file : files) {
        const auto added = read_file(file, size_t{16} << 20).and_then([&](const std::string& bytes) {
            return file.extension() == ".crl" ? trust.add_list(bytes) : trust.add_certificates(bytes);
        });
        if (!added)
            return fail(added.error().kind, trf("不能采用 {}：{}", file.string(), added.error().message), added.error().detail);
    }
    return {};
}

}  // namespace

Result<seals::SealTrust> seal_trust(const Settings& settings) {
    seals::SealTrust trust;
    std::error_code error;
    const fs::path root = settings.authority / "seal_root.pem", list = settings.authority / "seal_root.crl";
    if (settings.authority.empty()) return trust;
    if (fs::exists(root, error)) {
        SEALDESK_LET(pem, read_file(root, size_t{1} << 20));
        SEALDESK_TRY(trust.add_certificates(pem));
        if (fs::exists(list, error)) {
            SEALDESK_LET(bytes, read_file(list, size_t{16} << 20));
            SEALDESK_TRY(trust.add_list(bytes));
        }
    }
    SEALDESK_TRY(add_others(trust, settings.authority / "seal_trust"));
    return trust;
}

Result<seals::Verdict> judge_seal(storage::Database& database, const Settings& settings, std::string_view der,
                                  std::string_view certificate) {
    SEALDESK_LET(trust, seal_trust(settings));
    SEALDESK_LET(verdict, seals::judge(der, trust, database.now(), certificate));
    SEALDESK_TRY(database.read([&](storage::Tx& tx) { return seals::compare_with_register(tx, verdict); }));
    return verdict;
}

Result<seals::Verdict> judge_seal_file(storage::Database& database, const Settings& settings, const fs::path& file) {
    std::error_code error;
    const auto status = fs::status(file, error);
    // A pipe or a device would keep the worker waiting for ever.
    if (fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status))
        return refused(trf("{} 不是普通文件", file.string()));
    SEALDESK_LET(der, read_file(file, seals::kLargestSeal + 1));
    return judge_seal(database, settings, der);
}

}  // namespace sealdesk::desk
