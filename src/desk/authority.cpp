#include "desk/authority.h"

#include <nlohmann/json.hpp>

#include "audit/audit.h"
#include "base/files.h"
#include "certificates/revocation_list.h"
#include "certificates/taken_over.h"
#include "crypto/secret_file.h"
#include "desk/external_ca.h"
#include "keys/authority_key.h"
#include "tasks/tasks.h"

namespace sealdesk::desk {

std::vector<SavedFile> authority_files(const certificates::AuthorityFiles& files) {
    std::vector<SavedFile> all{
        {"root.pem", files.root_pem}, {"root.key", files.root_key_pem, 0600}, {"issuer.pem", files.issuer_pem}};
    if (!files.issuer_key_pem.empty()) all.push_back({"issuer.key", files.issuer_key_pem, 0600});
    all.push_back({"root.crl", certificates::crl_pem(files.root_crl_der)});
    return all;
}

Result<> save_authority(const std::filesystem::path& folder, const certificates::AuthorityFiles& files) {
    SEALDESK_TRY(make_folder(folder));
    for (const auto& file : authority_files(files)) SEALDESK_TRY(write_file(folder / file.name, file.bytes, file.mode));
    return {};
}

static Result<std::optional<crypto::Secret>> secret_in(const std::filesystem::path& file) {
    std::error_code error;
    if (file.empty() || !std::filesystem::exists(file, error)) return std::nullopt;
    SEALDESK_LET(secret, crypto::read_secret(file));
    return secret;
}

Result<std::optional<crypto::Secret>> read_passphrase(const Settings& settings) { return secret_in(settings.passphrase_file); }

Result<std::optional<crypto::Secret>> read_issuer_secret(const Settings& settings) {
    const bool has_pin = !settings.authority_token.empty() && !settings.issuer_pin_file.empty();
    return secret_in(has_pin ? settings.issuer_pin_file : settings.passphrase_file);
}

bool has_own_authority(const Settings& settings) {
    std::error_code error;
    return !settings.authority.empty() && std::filesystem::exists(settings.authority / "issuer.pem", error);
}

Result<certificates::CertificateFacts> issuer_of(const Settings& settings) {
    SEALDESK_LET(pem, read_file(settings.authority / "issuer.pem"));
    SEALDESK_LET(der, crypto::from_pem("CERTIFICATE", pem));
    return certificates::describe(der);
}

Result<certificates::Authority> open_authority(const Settings& settings, const crypto::Secret& secret, keys::Tokens* tokens) {
    if (settings.authority.empty()) return refused(tr("没有设置证书签发服务，这个工位不能制作 KEY"));
    SEALDESK_LET(root, read_file(settings.authority / "root.pem"));
    SEALDESK_LET(issuer, read_file(settings.authority / "issuer.pem"));
    if (settings.authority_token.empty()) {
        SEALDESK_LET(issuer_key, read_file(settings.authority / "issuer.key"));
        return certificates::Authority::load(root, issuer, issuer_key, secret, settings.crl_url, settings.crl_days * kDay);
    }
    if (!tokens) return refused(tr("没有设置 CA 密钥所在的 KEY 的驱动"));
    SEALDESK_LET(issuer_der, crypto::from_pem("CERTIFICATE", issuer));
    SEALDESK_LET(facts, certificates::describe(issuer_der));
    const auto algorithm = facts.algorithm == "EC P-256" ? crypto::KeyAlgorithm::p_256 : crypto::KeyAlgorithm::rsa_2048;
    SEALDESK_LET(key, keys::authority_key(*tokens, settings.authority_token, secret, algorithm));
    return certificates::Authority::load(root, issuer, std::move(key), settings.crl_url, settings.crl_days * kDay);
}

Result<certificates::CertificateFacts> renew_authority(const Settings& settings, storage::Database& database,
                                                       const staff::Actor& actor, const crypto::Secret& passphrase,
                                                       crypto::Random& random) {
    SEALDESK_TRY(staff::require(actor, staff::Role::administrator));
    const auto& folder = settings.authority;
    if (!has_own_authority(settings)) return refused(tr("这个中心没有自己的签发 CA"));
    if (!std::filesystem::exists(folder / "root.key"))
        return refused(trf("更新签发 CA 需要根密钥：请先把 root.key 放回 {}", folder.string()));
    SEALDESK_LET(before, issuer_of(settings));
    SEALDESK_LET(root, read_file(folder / "root.pem"));
    SEALDESK_LET(root_key, read_file(folder / "root.key"));
    SEALDESK_LET(issuer, read_file(folder / "issuer.pem"));
    SEALDESK_LET(list_pem, read_file(folder / "root.crl"));
    SEALDESK_LET(list, crypto::from_pem("X509 CRL", list_pem));
    SEALDESK_LET(renewed, certificates::renew_issuer(root, root_key, passphrase, issuer, list, random, database.now()));
    SEALDESK_LET(der, crypto::from_pem("CERTIFICATE", renewed.issuer_pem));
    SEALDESK_LET(now, certificates::describe(der));
    SEALDESK_TRY(database.write([&](storage::Tx& tx) -> Result<> {
        audit::append(
            tx, actor.login, "authority.renew", "CA",
            nlohmann::json{{"serial", now.serial}, {"before", before.serial}, {"until", iso_time(now.not_after)}}.dump());
        return {};
    }));
    SEALDESK_TRY(write_file(folder / ("issuer-" + before.serial + ".pem"), issuer));
    SEALDESK_TRY(write_file(folder / "root.crl", certificates::crl_pem(renewed.root_crl_der)));
    SEALDESK_TRY(write_file(folder / "issuer.pem", renewed.issuer_pem));
    return now;
}

std::string authority_warning(const certificates::CertificateFacts& issuer, Instant now) {
    if (issuer.not_after <= now)
        return trf("签发 CA 的证书已于 {} 过期，不能再签发证书，请运行 sealdesk authority renew",
                   text_of(day_of(issuer.not_after)));
    if (issuer.not_after - now > kAuthorityWarning) return {};
    return trf("签发 CA 的证书 {} 到期，晚于它的证书已不能签发，请尽快更新 CA：sealdesk authority renew",
               text_of(day_of(issuer.not_after)));
}

std::string authority_trouble(const Settings& settings) {
    if (settings.authority.empty()) return {};
    // Beside an external CA the folder may hold no more than the keys of the seal maker.
    if (!has_own_authority(settings) && has_external_ca(settings) && settings.cmp_issues) return {};
    const auto issuer = issuer_of(settings);
    return issuer ? "" : trf("签发 CA 的证书读不出来，也就没有吊销列表：{}", issuer.error().message);
}

std::string list_warning(const std::optional<certificates::StoredCrl>& list, Instant now) {
    if (!list) return tr("还没有签发过吊销列表，请签发第一个");
    if (list->taken_over) return trf("第 {} 号吊销列表是恢复备份以前签发的，请签发新的", list->number);
    if (now < list->due()) return {};
    if (list->next_update <= now)
        return trf("第 {} 号吊销列表已于 {} 过期，请签发新的", list->number, date_time(list->next_update));
    return trf("第 {} 号吊销列表 {} 到期，请签发新的", list->number, date_time(list->next_update));
}

namespace {

enum class Put { written, is_there, later_one_is_there };

Result<Put> put_list(const std::filesystem::path& file, const certificates::StoredCrl& list) {
    SEALDESK_LET(der, crypto::from_pem("X509 CRL", list.pem));
    SEALDESK_LET(facts, certificates::describe_list(der));
    // Another desk may publish into the same file, and be ahead.
    std::error_code error;
    if (std::filesystem::is_regular_file(file, error)) {
        const auto bytes = read_file(file);
        if (bytes && *bytes == der) return Put::is_there;
        const auto lies = certificates::describe_list(bytes.value_or(""));
        if (lies && lies->key_id == facts.key_id && lies->number >= facts.number) return Put::later_one_is_there;
    }
    const auto written = write_file(file, der);
    if (!written)
        return fail(ErrorKind::unavailable,
                    trf("第 {} 号吊销列表没有发布到 {}：{}", list.number, file.string(), written.error().message),
                    written.error().detail);
    return Put::written;
}

// The list of a desk that is ahead is in the database by now. One that is not there tells that an older backup was restored.
Result<> take_over_published(const Settings& settings, storage::Database& database) {
    SEALDESK_LET(der, read_file(settings.crl_file));
    SEALDESK_LET(facts, certificates::describe_list(der));
    SEALDESK_LET(newest, certificates::newest_crl(database));
    if (newest && newest->number > facts.number) return {};
    SEALDESK_LET(pem, read_file(settings.authority / "issuer.pem"));
    SEALDESK_LET(issuer, certificates::read_certificate_pem(pem));
    const auto taken = database.write([&](storage::Tx& tx) -> Result<std::string> {
        SEALDESK_LET(over, certificates::take_over(tx, der, issuer));
        if (!over) return std::string();
        const std::string sentence = trf(
            "数据库恢复过备份，只到第 {} 号吊销列表，已发布的是第 {} 号：补入了其中 {} 项吊销，请核对备份以后制作和吊销的 KEY",
            over->known, over->number, over->serials.size());
        audit::append(tx, "desk", "crl.take_over", "crl",
                      nlohmann::json{{"number", over->number}, {"known", over->known}, {"certificates", over->serials}}.dump());
        tasks::raise(tx, "list_taken_over", "", "", sentence);
        return sentence;
    });
    if (!taken) return tl::unexpected(taken.error());
    if (taken->empty()) return {};
    return fail(ErrorKind::conflict, *taken);
}

}  // namespace

Result<> publish_list(const Settings& settings, storage::Database& database) {
    if (settings.crl_file.empty()) return {};
    // Once more after writing: another desk may have put the next list there just before this one came over it.
    for (std::int64_t put = -1;;) {
        SEALDESK_LET(newest, certificates::newest_crl(database));
        if (!newest || newest->number <= put) return {};
        SEALDESK_LET(done, put_list(settings.crl_file, *newest));
        if (done == Put::later_one_is_there) return take_over_published(settings, database);
        if (done == Put::is_there) return {};
        put = newest->number;
    }
}

}  // namespace sealdesk::desk
