#include "certificates/authority.h"

#include <algorithm>
#include <set>

#include "base/translate.h"
#include "certificates/extensions.h"
#include "certificates/revocation_list.h"
#include "crypto/digest.h"

namespace sealdesk::certificates {

using namespace crypto;

namespace {

constexpr int kSignCertificates = 5, kSignLists = 6;  // bits of key usage

struct Issued {
    CertificateHandle certificate;
    SigningKey key;
};

// A CA certificate for this name and public key; without `issuer` it signs itself.
Result<CertificateHandle> certify_authority(const X509_NAME* name, EVP_PKEY* key, const X509* issuer, const SigningKey& signer,
                                            int path_length, Random& random, Instant from, Instant to) {
    CertificateHandle certificate(X509_new());
    X509* x509 = certificate.get();
    if (!issuer) issuer = x509;
    const bool built = x509 && X509_set_version(x509, X509_VERSION_3) == 1 &&
                       X509_set_serialNumber(x509, SerialNumber::random(random).asn1().get()) == 1 &&
                       X509_set_subject_name(x509, name) == 1 && X509_set_issuer_name(x509, X509_get_subject_name(issuer)) == 1 &&
                       set_validity(x509, from, to) && X509_set_pubkey(x509, key) == 1 &&
                       add_constraints(x509, true, path_length) && add_key_usage(x509, {kSignCertificates, kSignLists}) &&
                       add_subject_key_id(x509) && add_authority_key_id(x509, issuer);
    if (!built) return openssl_failed("X509_set_pubkey");
    SEALDESK_TRY(signer.sign(x509));
    return certificate;
}

Result<Issued> make_authority(const SubjectName& subject, const Issued* issuer, int path_length, SigningKey key, Random& random,
                              Instant from, Instant to) {
    SEALDESK_LET(name, x509_name(subject));
    SEALDESK_LET(certificate, certify_authority(name.get(), key.key(), issuer ? issuer->certificate.get() : nullptr,
                                                issuer ? issuer->key : key, path_length, random, from, to));
    return Issued{std::move(certificate), std::move(key)};
}

// Whose certificates lead to this root.
Result<> check_issued(const Certificate& root, const Certificate& issuer) {
    if (X509_check_ca(issuer.x509()) != 1) return refused(tr("签发证书不是 CA 证书"));
    if (X509_check_issued(root.x509(), issuer.x509()) == X509_V_OK && is_signed_by(issuer.x509(), root.key())) return {};
    openssl_errors();
    return refused(tr("签发 CA 的证书不是由这个根 CA 签发的"));
}

Result<std::string> signed_list(const X509* issuer, const SigningKey& key, const std::vector<Revoked>& revoked,
                                std::uint64_t number, Instant this_update, Instant next_update) {
    if (next_update <= this_update) return refused(tr("吊销列表的下次更新时间必须晚于本次更新时间"));
    const CrlHandle crl(X509_CRL_new());
    const TimeHandle now = asn1_time(this_update), then = asn1_time(next_update);
    const IntegerHandle list_number(ASN1_INTEGER_new());
    const auto authority = authority_key_id(issuer);
    const bool begun =
        crl && now && then && list_number && authority && X509_CRL_set_version(crl.get(), X509_CRL_VERSION_2) == 1 &&
        X509_CRL_set_issuer_name(crl.get(), X509_get_subject_name(issuer)) == 1 &&
        X509_CRL_set1_lastUpdate(crl.get(), now.get()) == 1 && X509_CRL_set1_nextUpdate(crl.get(), then.get()) == 1 &&
        ASN1_INTEGER_set_uint64(list_number.get(), number) == 1 &&
        X509_CRL_add1_ext_i2d(crl.get(), NID_crl_number, list_number.get(), 0, X509V3_ADD_DEFAULT) == 1 &&
        X509_CRL_add1_ext_i2d(crl.get(), NID_authority_key_identifier, authority.get(), 0, X509V3_ADD_DEFAULT) == 1;
    if (!begun) return openssl_failed("X509_CRL_add1_ext_i2d");
    std::set<SerialNumber> seen;
    for (const Revoked& one : revoked) {
        if (!seen.insert(one.serial).second) return refused(trf("证书 {} 在吊销列表中出现了两次", one.serial.hex()));
        RevokedHandle entry(X509_REVOKED_new());
        const IntegerHandle serial = one.serial.asn1();
        const TimeHandle at = asn1_time(one.at);
        bool added = entry && serial && at && X509_REVOKED_set_serialNumber(entry.get(), serial.get()) == 1 &&
                     X509_REVOKED_set_revocationDate(entry.get(), at.get()) == 1;
        if (added && one.reason != RevocationReason::unspecified) {  // RFC 5280: unspecified is said by leaving it out
            const EnumeratedHandle reason(ASN1_ENUMERATED_new());
            added = reason && ASN1_ENUMERATED_set(reason.get(), static_cast<long>(one.reason)) == 1 &&
                    X509_REVOKED_add1_ext_i2d(entry.get(), NID_crl_reason, reason.get(), 0, X509V3_ADD_DEFAULT) == 1;
        }
        if (!added || X509_CRL_add0_revoked(crl.get(), entry.get()) != 1) return openssl_failed("X509_CRL_add0_revoked");
        entry.release();
    }
    X509_CRL_sort(crl.get());
    SEALDESK_TRY(key.sign(crl.get()));
    std::string der = der_of(i2d_X509_CRL, crl.get());
    const auto again = read_der<CrlHandle>(d2i_X509_CRL, der);
    if (!again || !is_signed_by(again.get(), X509_get0_pubkey(issuer))) return openssl_failed("X509_CRL_verify");
    return der;
}

}  // namespace

Result<AuthorityFiles> create_authority(const AuthorityPlan& plan, const Secret& passphrase, Random& random, Instant now,
                                        std::optional<SigningKey> issuer_elsewhere) {
    if (plan.root_years < 1 || plan.issuer_years < 1 || plan.issuer_years > plan.root_years)
        return refused(tr("签发 CA 的年限不能超过根 CA 的年限"));
    if (passphrase.size() < 8) return refused(tr("CA 密钥口令至少需要 8 个字符"));
    if (plan.root == plan.issuer) return refused(tr("根 CA 与签发 CA 的名称不能相同"));
    SEALDESK_LET(root_key, generate_key(plan.algorithm));
    SEALDESK_LET(root_key_pem, private_key_pem(root_key.get(), passphrase));
    SEALDESK_LET(root, make_authority(plan.root, nullptr, 1, SigningKey(std::move(root_key)), random, now,
                                      end_of_validity(now, plan.root_years)));
    AuthorityFiles files;
    if (!issuer_elsewhere) {
        SEALDESK_LET(issuer_key, generate_key(plan.algorithm));
        SEALDESK_LET(issuer_key_pem, private_key_pem(issuer_key.get(), passphrase));
        files.issuer_key_pem = issuer_key_pem;
        issuer_elsewhere.emplace(std::move(issuer_key));
    }
    const Instant issuer_end = end_of_validity(now, plan.issuer_years);
    SEALDESK_LET(issuer, make_authority(plan.issuer, &root, 0, std::move(*issuer_elsewhere), random, now, issuer_end));
    SEALDESK_LET(root_crl, signed_list(root.certificate.get(), root.key, {}, 1, now, issuer_end));
    files.root_pem = certificate_pem(der_of(i2d_X509, root.certificate.get()));
    files.issuer_pem = certificate_pem(der_of(i2d_X509, issuer.certificate.get()));
    files.root_key_pem = root_key_pem;
    files.root_crl_der = root_crl;
    return files;
}

Result<RenewedIssuer> renew_issuer(std::string_view root_pem, std::string_view root_key_pem, const Secret& passphrase,
                                   std::string_view issuer_pem, std::string_view root_crl_der, Random& random, Instant now) {
    SEALDESK_LET(root, read_certificate_pem(root_pem));
    SEALDESK_LET(issuer, read_certificate_pem(issuer_pem));
    SEALDESK_TRY(check_issued(root, issuer));
    SEALDESK_LET(root_key, read_private_key(root_key_pem, passphrase));
    if (EVP_PKEY_eq(root.key(), root_key.get()) != 1) {
        openssl_errors();
        return refused(tr("根 CA 的证书与根密钥不是一对"));
    }
    const auto of_root = describe(root), before = describe(issuer);
    if (of_root.not_after <= now)
        return refused(trf("根 CA 的证书已于 {} 过期，不能再更新签发 CA", text_of(day_of(of_root.not_after))));
    const Instant end = std::min(end_of_validity(now, AuthorityPlan().issuer_years), of_root.not_after);
    if (end <= before.not_after)
        return refused(trf("签发 CA 的证书已到 {}，现在更新不会更长", text_of(day_of(before.not_after))));
    SEALDESK_LET(list, describe_list(root_crl_der));
    SEALDESK_LET(revoked, entries_of_list(root_crl_der, root));
    const SigningKey signer(std::move(root_key));
    // The old begin, so that what was signed before lies inside of it, a KEY that is half written as well.
    SEALDESK_LET(renewed, certify_authority(X509_get_subject_name(issuer.x509()), issuer.key(), root.x509(), signer, 0, random,
                                            before.not_before, end));
    SEALDESK_LET(root_crl, signed_list(root.x509(), signer, revoked, static_cast<std::uint64_t>(list.number) + 1, now, end));
    return RenewedIssuer{certificate_pem(der_of(i2d_X509, renewed.get())), root_crl};
}

struct Authority::State {
    Certificate root, issuer;
    std::optional<SigningKey> key;
    CertificateFacts facts;
    std::string root_pem, issuer_pem, crl_url;
    std::int64_t list_ms = kListValidity;
};

Authority::Authority(std::unique_ptr<State> state) : state_(std::move(state)) {}
Authority::Authority(Authority&&) noexcept = default;
Authority& Authority::operator=(Authority&&) noexcept = default;
Authority::~Authority() = default;

Result<Authority> Authority::load(std::string_view root_pem, std::string_view issuer_pem, std::string_view issuer_key_pem,
                                  const Secret& passphrase, std::string_view crl_url, std::int64_t list_ms) {
    SEALDESK_LET(key, read_private_key(issuer_key_pem, passphrase));
    return load(root_pem, issuer_pem, SigningKey(std::move(key)), crl_url, list_ms);
}

Result<Authority> Authority::load(std::string_view root_pem, std::string_view issuer_pem, SigningKey issuer_key,
                                  std::string_view crl_url, std::int64_t list_ms) {
    auto state = std::make_unique<State>();
    SEALDESK_LET(root, read_certificate_pem(root_pem));
    SEALDESK_LET(issuer, read_certificate_pem(issuer_pem));
    if (EVP_PKEY_eq(issuer.key(), issuer_key.key()) != 1) {
        openssl_errors();
        return refused(tr("CA 证书与 CA 密钥不是一对"));
    }
    SEALDESK_TRY(check_issued(root, issuer));
    if (!crl_url.empty() && !crl_url.starts_with("http://") && !crl_url.starts_with("https://"))
        return refused(tr("吊销列表地址必须以 http:// 或 https:// 开头"));
    for (const char c : crl_url)
        if (c <= ' ' || c > '~') return refused(tr("吊销列表地址中有不允许的字符"));
    state->facts = describe(issuer);
    state->root = std::move(root);
    state->issuer = std::move(issuer);
    state->key = std::move(issuer_key);
    state->root_pem = root_pem;
    state->issuer_pem = issuer_pem;
    state->crl_url = crl_url;
    state->list_ms = list_ms;
    return Authority(std::move(state));
}

Result<Certificate> Authority::sign(const Request& request, const Profile& profile, const SubjectName& subject,
                                    const SerialNumber& serial, Instant not_before, Instant not_after) const {
    SEALDESK_LET(fields, subject_for(profile, subject));
    SEALDESK_LET(name, x509_name(fields));
    if (not_after <= not_before) return refused(tr("证书的截止时间必须晚于开始时间"));
    if (not_after > end_of_validity(not_before, profile.max_years))
        return refused(trf("证书有效期超过了模板允许的 {} 年", profile.max_years));
    if (not_before + kSecond <= state_->facts.not_before) return refused(tr("证书的开始时间早于 CA 证书的生效时间"));
    if (not_after > state_->facts.not_after)
        return refused(trf("CA 证书 {} 到期，早于要签发的证书，请先更新 CA", text_of(day_of(state_->facts.not_after))));
    if (request.public_key == state_->facts.public_key) return refused(tr("证书请求使用了 CA 自己的密钥"));
    if (!request.key()) return refused(tr("证书请求还没有经过检查"));

    CertificateHandle certificate(X509_new());
    X509* x509 = certificate.get();
    const bool built =
        x509 && X509_set_version(x509, X509_VERSION_3) == 1 && X509_set_serialNumber(x509, serial.asn1().get()) == 1 &&
        X509_set_subject_name(x509, name.get()) == 1 &&
        X509_set_issuer_name(x509, X509_get_subject_name(state_->issuer.x509())) == 1 &&
        set_validity(x509, not_before, not_after) &&
        (set_public_key(X509_get_X509_PUBKEY(x509), request.public_key) || X509_set_pubkey(x509, request.key()) == 1) &&
        add_constraints(x509, false, -1) && add_key_usage(x509, profile.key_usage) &&
        add_extended_usage(x509, profile.extended_key_usage) && add_subject_key_id(x509) &&
        add_authority_key_id(x509, state_->issuer.x509()) && add_crl_url(x509, state_->crl_url);
    if (!built) return openssl_failed("X509_set_pubkey");
    SEALDESK_TRY(state_->key->sign(x509));
    return check_signed(std::move(certificate), request, state_->issuer);
}

Result<std::string> Authority::make_crl(const std::vector<Revoked>& revoked, std::uint64_t number, Instant this_update,
                                        Instant next_update) const {
    return signed_list(state_->issuer.x509(), *state_->key, revoked, number, this_update, next_update);
}

std::int64_t Authority::list_ms() const { return state_->list_ms; }

const CertificateFacts& Authority::issuer() const { return state_->facts; }

Trust Authority::trust(std::string crl_der) const { return {state_->root_pem, state_->issuer_pem, std::move(crl_der)}; }

}  // namespace sealdesk::certificates
