#include "desk/seal_maker.h"

#include "base/files.h"

namespace sealdesk::desk {

namespace fs = std::filesystem;

Result<std::vector<SavedFile>> seal_maker_files(const std::string& centre, const crypto::Secret& passphrase,
                                                crypto::Random& random, Instant now) {
    seals::MakerPlan plan;
    plan.root = {centre + "印章根", centre, "", "CN"};
    plan.maker = {centre + "制章", centre, "", "CN"};
    SEALDESK_LET(files, seals::create_maker(plan, passphrase, random, now));
    return std::vector<SavedFile>{{"seal_root.pem", files.root_pem},
                                  {"seal_root.key", files.root_key_pem, 0600},
                                  {"seal_maker.pem", files.maker_pem},
                                  {"seal_maker.key", files.maker_key_pem, 0600}};
}

Result<> make_seal_maker(const fs::path& authority, const std::string& centre, const crypto::Secret& passphrase,
                         crypto::Random& random, Instant now) {
    if (fs::exists(authority / "seal_maker.key")) return refused(tr("这个中心已经有制章密钥"));
    SEALDESK_LET(files, seal_maker_files(centre, passphrase, random, now));
    for (const auto& file : files) SEALDESK_TRY(write_file(authority / file.name, file.bytes, file.mode));
    return {};
}

Result<seals::Maker> load_seal_maker(const Settings& settings, const crypto::Secret& passphrase) {
    if (settings.authority.empty() || !fs::exists(settings.authority / "seal_maker.key"))
        return refused(tr("没有制章密钥，KEY 里不能写入印章：请运行 sealdesk seal init，或在设置里写 write_seals = false"));
    SEALDESK_LET(root, read_file(settings.authority / "seal_root.pem"));
    SEALDESK_LET(maker, read_file(settings.authority / "seal_maker.pem"));
    SEALDESK_LET(key, read_file(settings.authority / "seal_maker.key"));
    return seals::Maker::load(root, maker, key, passphrase);
}

}  // namespace sealdesk::desk
