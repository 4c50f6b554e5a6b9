#include "desk/seal_verdicts.h"

#include "base/files.h"
#include "base/translate.h"
#include "seals/seals.h"

namespace sealdesk::desk {

namespace fs = std::filesystem;

Result<seals::SealTrust> seal_trust(const Settings& settings) {
    seals::SealTrust trust;
    std::error_code error;
    const fs::path root = settings.authority / "seal_root.pem", list = settings.authority / "seal_root.crl";
    if (settings.authority.empty() || !fs::exists(root, error)) return trust;
    SEALDESK_LET(pem, read_file(root, size_t{1} << 20));
    SEALDESK_LET(read, seals::SealTrust::read(pem));
    trust = std::move(read);
    if (!fs::exists(list, error)) return trust;
    SEALDESK_LET(bytes, read_file(list, size_t{16} << 20));
    SEALDESK_TRY(trust.add_list(bytes));
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
