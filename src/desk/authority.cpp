#include "desk/authority.h"

#include "base/files.h"
#include "base/text.h"
#include "keys/authority_key.h"

namespace sealdesk::desk {

Result<> save_authority(const std::filesystem::path& folder, const certificates::AuthorityFiles& files) {
    SEALDESK_TRY(make_folder(folder));
    SEALDESK_TRY(write_file(folder / "root.pem", files.root_pem));
    SEALDESK_TRY(write_file(folder / "root.key", files.root_key_pem, 0600));
    SEALDESK_TRY(write_file(folder / "issuer.pem", files.issuer_pem));
    if (!files.issuer_key_pem.empty()) SEALDESK_TRY(write_file(folder / "issuer.key", files.issuer_key_pem, 0600));
    return write_file(folder / "root.crl", certificates::crl_pem(files.root_crl_der));
}

Result<std::optional<crypto::Secret>> read_passphrase(const Settings& settings) {
    std::error_code error;
    if (settings.passphrase_file.empty() || !std::filesystem::exists(settings.passphrase_file, error)) return std::nullopt;
    SEALDESK_LET(text, read_file(settings.passphrase_file, 4096));
    return crypto::Secret(trimmed(text));
}

Result<certificates::CertificateFacts> issuer_of(const Settings& settings) {
    SEALDESK_LET(pem, read_file(settings.authority / "issuer.pem"));
    SEALDESK_LET(der, crypto::from_pem("CERTIFICATE", pem));
    return certificates::describe(der);
}

Result<certificates::Authority> open_authority(const Settings& settings, const crypto::Secret& passphrase, keys::Tokens* tokens) {
    if (settings.authority.empty()) return refused(tr("没有设置证书签发服务，这个工位不能制作 KEY"));
    SEALDESK_LET(root, read_file(settings.authority / "root.pem"));
    SEALDESK_LET(issuer, read_file(settings.authority / "issuer.pem"));
    if (settings.authority_token.empty()) {
        SEALDESK_LET(issuer_key, read_file(settings.authority / "issuer.key"));
        return certificates::Authority::load(root, issuer, issuer_key, passphrase, settings.crl_url);
    }
    if (!tokens) return refused(tr("没有设置 CA 密钥所在的 KEY 的驱动"));
    SEALDESK_LET(issuer_der, crypto::from_pem("CERTIFICATE", issuer));
    SEALDESK_LET(facts, certificates::describe(issuer_der));
    const auto algorithm = facts.algorithm == "EC P-256" ? crypto::KeyAlgorithm::p_256 : crypto::KeyAlgorithm::rsa_2048;
    SEALDESK_LET(key, keys::authority_key(*tokens, settings.authority_token, passphrase, algorithm));
    return certificates::Authority::load(root, issuer, std::move(key), settings.crl_url);
}

std::string authority_warning(const certificates::CertificateFacts& issuer, Instant now) {
    if (issuer.not_after <= now) return trf("签发 CA 的证书已于 {} 过期，不能再签发证书", text_of(day_of(issuer.not_after)));
    if (issuer.not_after - now > kAuthorityWarning) return {};
    return trf("签发 CA 的证书 {} 到期，晚于它的证书已不能签发，请尽快更新 CA", text_of(day_of(issuer.not_after)));
}

std::string list_warning(const std::optional<certificates::StoredCrl>& list, Instant now) {
    if (!list || list->next_update - now > kListWarning) return {};
    if (list->next_update <= now)
        return trf("第 {} 号吊销列表已于 {} 过期，请签发新的", list->number, date_time(list->next_update));
    return trf("第 {} 号吊销列表 {} 到期，请签发新的", list->number, date_time(list->next_update));
}

}  // namespace sealdesk::desk
