#include "seals/verdict.h"

#include <openssl/err.h>

#include <algorithm>

#include "base/translate.h"
#include "crypto/digest.h"
#include "crypto/handles.h"
#include "crypto/pem.h"
#include "seals/maker_lists.h"
#include "seals/picture.h"
#include "seals/sm2.h"

namespace sealdesk::seals {

using namespace crypto;
namespace ca = certificates;

namespace {

std::string day_text(Instant at) { return text_of(day_of(at)); }

SealCheck good(Concern concern, std::string sentence) { return {concern, true, std::move(sentence)}; }
SealCheck bad(Concern concern, std::string sentence) { return {concern, false, std::move(sentence)}; }

SealCheck check_signature(const Seal& seal, EVP_PKEY* key) {
    if (seal.algorithm != kSm2WithSm3) return bad(Concern::signature, trf("不支持的签名算法 {}", seal.algorithm));
    if (key == nullptr || EVP_PKEY_is_a(key, "SM2") != 1) return bad(Concern::signature, tr("制章人证书中没有 SM2 公钥"));
    const auto covered = signed_part(seal);
    if (!covered || !sm2_matches(key, *covered, seal.signature))
        return bad(Concern::signature, tr("签名不正确：印章数据被改动过，或不是由这个证书签的"));
    return good(Concern::signature, tr("签名正确（SM2/SM3）"));
}

std::string chain_trouble(int error, const ca::CertificateFacts& maker, Instant at) {
    switch (error) {
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: return tr("制章人证书不是由信任的根证书签发的");
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return at > maker.not_after ? trf("制章人证书已于 {} 过期", day_text(maker.not_after))
                                        : std::string(tr("制章人证书的上级证书已过期"));
        case X509_V_ERR_CERT_NOT_YET_VALID: return trf("制章人证书 {} 才生效", day_text(maker.not_before));
        case X509_V_ERR_CERT_SIGNATURE_FAILURE: return tr("制章人证书的签名不正确");
        default: return tr("制章人证书链不正确");
    }
}

// The id for signatures is set on everything: it says nothing to certificates of other algorithms. What the revocation lists
// leave open goes to `unchecked`.
SealCheck check_maker(const ca::CertificateFacts& maker, const SealTrust& trust, Instant at,
                      std::vector<std::string>& unchecked) {
    auto leaf = read_der<CertificateHandle>(d2i_X509, maker.der);
    const StoreHandle store(X509_STORE_new());
    if (!leaf || !store || !set_sm2_id(leaf.get())) return bad(Concern::maker, tr("制章人证书已损坏"));
    for (const auto& der : trust.certificates) {
        const auto certificate = read_der<CertificateHandle>(d2i_X509, der);
        if (!certificate || !set_sm2_id(certificate.get())) continue;
        X509_STORE_add_cert(store.get(), certificate.get());
    }
    const StoreContext context(X509_STORE_CTX_new());
    if (!context || X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), nullptr) != 1)
        return bad(Concern::maker, tr("制章人证书链不正确"));
    X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(param, at.ms / kSecond);
    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);  // everything in the list is trusted, not only roots
    if (X509_verify_cert(context.get()) != 1) {
        const int error = X509_STORE_CTX_get_error(context.get());
        openssl_errors();
        return bad(Concern::maker, chain_trouble(error, maker, at));
    }
    const auto usage = X509_get_key_usage(leaf.get());
    if (usage != UINT32_MAX && (usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) == 0)
        return bad(Concern::maker, tr("制章人证书不能用于签名"));
    if (const auto revoked = revocation_of(X509_STORE_CTX_get0_chain(context.get()), trust.lists, at, unchecked))
        return bad(Concern::maker, *revoked);
    return good(Concern::maker, trf("制章人证书有效：{}", maker.subject_text));
}

SealCheck check_validity(const Seal& seal, Instant at) {
    if (seal.valid_until <= seal.valid_from) return bad(Concern::validity, tr("印章有效期的终止早于起始"));
    if (at < seal.valid_from) return bad(Concern::validity, trf("印章 {} 才生效", day_text(seal.valid_from)));
    if (at > seal.valid_until) return bad(Concern::validity, trf("印章已于 {} 过期", day_text(seal.valid_until)));
    return good(Concern::validity, trf("在有效期内（{} 至 {}）", day_text(seal.valid_from), day_text(seal.valid_until)));
}

SealCheck check_picture(const Seal& seal) {
    const auto facts = look_at(seal.picture);
    if (!facts) return bad(Concern::picture, facts.error().message);
    if (facts->width == 0)
        return good(Concern::picture, trf("{} 图片，{}×{} 毫米", seal.picture.type, seal.picture.width, seal.picture.height));
    const std::string found = trf("{} 图片，{}×{} 毫米，{}×{} 像素", seal.picture.type, seal.picture.width, seal.picture.height,
                                  facts->width, facts->height);
    // How it looks is no step of the validation (GB/T 38540): whoever sees the seal judges that.
    return good(Concern::picture, facts->remark.empty() ? found : trf("{}（{}）", found, facts->remark));
}

std::vector<Signer> signers_of(const Seal& seal) {
    std::vector<Signer> list;
    for (const auto& der : seal.certificates) {
        Signer signer;
        signer.digest = hex(sm3(der));
        if (const auto facts = ca::describe(der)) {
            signer.subject = facts->subject_text;
            signer.serial = facts->serial;
            signer.not_before = facts->not_before;
            signer.not_after = facts->not_after;
        }
        list.push_back(std::move(signer));
    }
    for (const auto& digest : seal.digests) list.push_back({"", "", hex(digest.value), {}, {}});
    return list;
}

SealCheck check_certificate(const Seal& seal, const std::vector<Signer>& signers, std::string_view certificate, Instant at) {
    if (certificate.empty()) {
        if (seal.certificates.empty()) return good(Concern::certificate, trf("印章写明了 {} 个证书的摘要", seal.digests.size()));
        for (const auto& signer : signers)
            if (at >= signer.not_before && at <= signer.not_after)
                return good(Concern::certificate, trf("签章人证书：{}", signer.subject));
        const bool readable = std::any_of(signers.begin(), signers.end(), [](const Signer& s) { return !s.serial.empty(); });
        return bad(Concern::certificate, readable ? tr("印章写明的签章人证书都不在有效期内") : tr("印章写明的签章人证书已损坏"));
    }
    const auto facts = ca::describe(certificate);
    if (!facts) return bad(Concern::certificate, tr("给出的签章人证书已损坏，无法读取"));
    bool named = std::find(seal.certificates.begin(), seal.certificates.end(), certificate) != seal.certificates.end();
    const std::string sm3_of = sm3(certificate), sha256_of = sha256(certificate);
    for (const auto& digest : seal.digests) named = named || digest.value == sm3_of || digest.value == sha256_of;
    if (!named) return bad(Concern::certificate, trf("证书 {} 不能使用这个印章：印章没有写明它", facts->serial));
    if (at < facts->not_before) return bad(Concern::certificate, trf("签章人证书 {} 还没有生效", facts->serial));
    if (at > facts->not_after) return bad(Concern::certificate, trf("签章人证书 {} 已经过期", facts->serial));
    return good(Concern::certificate, trf("签章人证书：{}", facts->subject_text));
}

}  // namespace

Result<SealTrust> SealTrust::read(std::string_view pem) {
    SealTrust trust;
    SEALDESK_TRY(trust.add_certificates(pem));
    return trust;
}

Result<> SealTrust::add_certificates(std::string_view pem) {
    constexpr std::string_view begin = "-----BEGIN CERTIFICATE-----";
    const size_t before = certificates.size();
    for (size_t at = pem.find(begin); at != std::string_view::npos; at = pem.find(begin, at + 1)) {
        SEALDESK_LET(der, from_pem("CERTIFICATE", pem.substr(at)));
        if (!read_der<CertificateHandle>(d2i_X509, der)) return fail(ErrorKind::corrupt, tr("证书已损坏，无法读取"));
        certificates.push_back(std::move(der));
    }
    if (certificates.size() == before) return fail(ErrorKind::corrupt, tr("文件中没有证书"));
    return {};
}

Result<> SealTrust::add_list(std::string_view bytes) {
    std::string der(bytes);
    if (bytes.find("-----BEGIN") != std::string_view::npos) {
        SEALDESK_LET(from, from_pem("X509 CRL", bytes));
        der = std::move(from);
    }
    if (!read_der<CrlHandle>(d2i_X509_CRL, der)) return fail(ErrorKind::corrupt, tr("吊销列表已损坏，无法读取"));
    lists.push_back(std::move(der));
    return {};
}

const char* name_of(Concern concern) {
    constexpr const char* names[] = {"signature", "maker", "validity", "picture", "certificate", "record"};
    return names[static_cast<size_t>(concern)];
}

const char* word_of(Concern concern) {
    switch (concern) {
        case Concern::signature: return tr("签名");
        case Concern::maker: return tr("制章人");
        case Concern::validity: return tr("有效期");
        case Concern::picture: return tr("图片");
        case Concern::certificate: return tr("签章人");
        case Concern::record: return tr("登记");
    }
    return "";
}

bool Verdict::valid() const {
    return std::all_of(checks.begin(), checks.end(), [](const SealCheck& check) { return check.passed; });
}

std::string Verdict::sentence() const {
    std::string reasons;
    for (const auto& check : checks)
        if (!check.passed) reasons += (reasons.empty() ? "" : tr("；")) + check.sentence;
    std::string verdict = reasons.empty() ? trf("印章“{}”有效", seal.name) : trf("印章“{}”无效：{}", seal.name, reasons);
    std::string open;
    for (const auto& words : unchecked) open += (open.empty() ? "" : tr("、")) + words;
    return open.empty() ? verdict : verdict + trf("（未核对：{}）", open);
}

const char* word_of_unknown_signers() { return tr("签章人证书的签发者和吊销状态"); }

Result<Verdict> judge(std::string_view der, const SealTrust& trust, Instant at, std::string_view certificate) {
    SEALDESK_LET(seal, read_seal(der));
    Verdict verdict;
    verdict.at = at;
    verdict.asked = certificate;
    verdict.signers = signers_of(seal);
    const auto maker = ca::describe(seal.maker_certificate);
    if (maker) {
        verdict.maker_subject = maker->subject_text;
        verdict.maker_issuer = maker->issuer_text;
        verdict.maker_serial = maker->serial;
        verdict.maker_not_before = maker->not_before;
        verdict.maker_not_after = maker->not_after;
        const auto x509 = read_der<CertificateHandle>(d2i_X509, seal.maker_certificate);
        verdict.checks.push_back(check_signature(seal, x509 ? X509_get0_pubkey(x509.get()) : nullptr));
        verdict.checks.push_back(check_maker(*maker, trust, at, verdict.unchecked));
    } else {
        verdict.checks.push_back(bad(Concern::signature, tr("签名无法验证：制章人证书无法读取")));
        verdict.checks.push_back(bad(Concern::maker, tr("制章人证书已损坏")));
    }
    verdict.checks.push_back(check_validity(seal, at));
    verdict.checks.push_back(check_picture(seal));
    verdict.checks.push_back(check_certificate(seal, verdict.signers, certificate, at));
    verdict.unchecked.emplace_back(word_of_unknown_signers());
    if (!seal.time_stamp.empty()) verdict.unchecked.push_back(tr("时间戳"));
    verdict.seal = std::move(seal);
    return verdict;
}

}  // namespace sealdesk::seals
