#include "desk/seal_maker.h"

#include "base/files.h"
#include "desk/authority.h"

namespace sealdesk::desk {

namespace fs = std::filesystem;

static seals::MakerPlan plan_of(const std::string& centre) {
    seals::MakerPlan plan;
    plan.root = {centre + "印章根", centre, "", "CN"};
    plan.maker = {centre + "制章", centre, "", "CN"};
    return plan;
}

Result<std::vector<SavedFile>> seal_maker_files(const std::string& centre, const crypto::Secret& passphrase,
                                                crypto::Random& random, Instant now) {
    const seals::MakerPlan plan = plan_of(centre);
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

Result<> renew_seal_maker(const fs::path& authority, const std::string& centre, const crypto::Secret& passphrase,
                          crypto::Random& random, Instant now) {
    if (!fs::exists(authority / "seal_root.pem")) return refused(tr("这个中心没有印章根证书，请先运行 sealdesk seal init"));
    if (!fs::exists(authority / "seal_root.key"))
        return refused(trf("更新制章证书需要印章根密钥：请先把 seal_root.key 放回 {}", authority.string()));
    SEALDESK_LET(root, read_file(authority / "seal_root.pem"));
    SEALDESK_LET(root_key, read_file(authority / "seal_root.key"));
    SEALDESK_LET(files, seals::renew_maker(plan_of(centre), root, root_key, passphrase, random, now));
    SEALDESK_TRY(write_file(authority / "seal_maker.key", files.maker_key_pem, 0600));
    return write_file(authority / "seal_maker.pem", files.maker_pem);
}

Result<certificates::CertificateFacts> seal_maker_of(const Settings& settings) {
    SEALDESK_LET(pem, read_file(settings.authority / "seal_maker.pem"));
    SEALDESK_LET(der, crypto::from_pem("CERTIFICATE", pem));
    return certificates::describe(der);
}

std::string seal_maker_warning(const certificates::CertificateFacts& maker, Instant now) {
    if (maker.not_after <= now)
        return trf("制章证书已于 {} 过期，不能再制作印章，请运行 sealdesk seal renew", text_of(day_of(maker.not_after)));
    if (maker.not_after - now > kAuthorityWarning) return {};
    return trf("制章证书 {} 到期，有效期更长的印章已不能制作，请运行 sealdesk seal renew", text_of(day_of(maker.not_after)));
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
