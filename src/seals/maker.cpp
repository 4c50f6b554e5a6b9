#include "seals/maker.h"

#include <algorithm>

#include "base/text.h"
#include "base/translate.h"
#include "certificates/extensions.h"
#include "certificates/profile.h"
#include "crypto/digest.h"
#include "seals/picture.h"
#include "seals/sm2.h"

namespace sealdesk::seals {

using namespace crypto;
namespace ca = certificates;

namespace {

constexpr int kSign = 0, kCommit = 1, kSignCertificates = 5, kSignLists = 6;  // bits of key usage

struct Issued {
    std::shared_ptr<X509> certificate;
    KeyHandle key;
};

// The root without `issuer`, else the maker under it.
Result<Issued> issue(const ca::SubjectName& subject, const Issued* issuer, Random& random, Instant from, Instant to) {
    SEALDESK_LET(name, ca::x509_name(subject));
    SEALDESK_LET(key, generate_sm2_key());
    CertificateHandle certificate(X509_new());
    X509* x509 = certificate.get();
    const X509* signer = issuer ? issuer->certificate.get() : x509;
    const bool root = issuer == nullptr;
    const bool built = x509 && X509_set_version(x509, X509_VERSION_3) == 1 &&
                       X509_set_serialNumber(x509, ca::SerialNumber::random(random).asn1().get()) == 1 &&
                       X509_set_subject_name(x509, name.get()) == 1 &&
                       X509_set_issuer_name(x509, root ? name.get() : X509_get_subject_name(signer)) == 1 &&
                       ca::set_validity(x509, from, to) && X509_set_pubkey(x509, key.get()) == 1 &&
                       ca::add_constraints(x509, root, root ? 0 : -1) &&
                       ca::add_key_usage(x509, root ? std::vector{kSignCertificates, kSignLists} : std::vector{kSign, kCommit}) &&
                       ca::add_subject_key_id(x509) && ca::add_authority_key_id(x509, signer) &&
                       sm2_sign_certificate(x509, root ? key.get() : issuer->key.get());
    if (!built) return openssl_failed("X509_sign_ctx");
    return Issued{std::move(certificate), std::move(key)};
}

}  // namespace

Result<MakerFiles> create_maker(const MakerPlan& plan, const Secret& passphrase, Random& random, Instant now) {
    if (plan.root_years < 1 || plan.maker_years < 1 || plan.maker_years > plan.root_years)
        return refused(tr("制章证书的年限不能超过印章根证书的年限"));
    if (passphrase.size() < 8) return refused(tr("制章密钥口令至少需要 8 个字符"));
    if (plan.root == plan.maker) return refused(tr("印章根证书与制章证书的名称不能相同"));
    SEALDESK_LET(root, issue(plan.root, nullptr, random, now, ca::end_of_validity(now, plan.root_years)));
    SEALDESK_LET(maker, issue(plan.maker, &root, random, now, ca::end_of_validity(now, plan.maker_years)));
    SEALDESK_LET(root_key, private_key_pem(root.key.get(), passphrase));
    SEALDESK_LET(maker_key, private_key_pem(maker.key.get(), passphrase));
    return MakerFiles{ca::certificate_pem(der_of(i2d_X509, root.certificate.get())), root_key,
                      ca::certificate_pem(der_of(i2d_X509, maker.certificate.get())), maker_key};
}

Result<MakerFiles> renew_maker(const MakerPlan& plan, std::string_view root_pem, std::string_view root_key_pem,
                               const Secret& passphrase, Random& random, Instant now) {
    SEALDESK_LET(read, ca::read_certificate_pem(root_pem));
    SEALDESK_LET(key, read_private_key(root_key_pem, passphrase));
    if (X509_check_private_key(read.x509(), key.get()) != 1) {
        openssl_errors();
        return refused(tr("印章根证书与根密钥不是一对"));
    }
    const auto facts = ca::describe(read);
    if (facts.not_after <= now) return refused(trf("印章根证书已于 {} 过期", text_of(day_of(facts.not_after))));
    const Issued root{read.decoded, std::move(key)};
    SEALDESK_LET(maker,
                 issue(plan.maker, &root, random, now, std::min(ca::end_of_validity(now, plan.maker_years), facts.not_after)));
    SEALDESK_LET(maker_key, private_key_pem(maker.key.get(), passphrase));
    return MakerFiles{std::string(root_pem), std::string(root_key_pem),
                      ca::certificate_pem(der_of(i2d_X509, maker.certificate.get())), maker_key};
}

std::string new_seal_id(Random& random) { return hex(random.bytes(16)); }

struct Maker::State {
    ca::Certificate certificate;
    KeyHandle key;
    ca::CertificateFacts facts;
    std::string root_pem;
};

Maker::Maker(std::unique_ptr<State> state) : state_(std::move(state)) {}
Maker::Maker(Maker&&) noexcept = default;
Maker& Maker::operator=(Maker&&) noexcept = default;
Maker::~Maker() = default;

Result<Maker> Maker::load(std::string_view root_pem, std::string_view maker_pem, std::string_view maker_key_pem,
                          const Secret& passphrase) {
    auto state = std::make_unique<State>();
    SEALDESK_LET(root, ca::read_certificate_pem(root_pem));
    SEALDESK_LET(certificate, ca::read_certificate_pem(maker_pem));
    SEALDESK_LET(key, read_private_key(maker_key_pem, passphrase));
    if (EVP_PKEY_is_a(key.get(), "SM2") != 1) return refused(tr("制章密钥不是 SM2 密钥"));
    if (X509_check_private_key(certificate.x509(), key.get()) != 1) {
        openssl_errors();
        return refused(tr("制章证书与制章密钥不是一对"));
    }
    if ((X509_get_key_usage(certificate.x509()) & KU_DIGITAL_SIGNATURE) == 0) return refused(tr("制章证书不能用于签名"));
    if (!set_sm2_id(certificate.x509()) || X509_check_issued(root.x509(), certificate.x509()) != X509_V_OK ||
        X509_verify(certificate.x509(), root.key()) != 1) {
        openssl_errors();
        return refused(tr("制章证书不是由这个印章根证书签发的"));
    }
    state->facts = ca::describe(certificate);
    state->certificate = std::move(certificate);
    state->key = std::move(key);
    state->root_pem = root_pem;
    return Maker(std::move(state));
}

Result<std::string> Maker::make(const SealPlan& plan, std::string_view id, Instant created) const {
    ca::SubjectName name;
    name.common_name = plan.name;  // the same rules as for a certificate: visible, not too long, UTF-8
    SEALDESK_TRY(ca::check(name));
    if (plan.certificates.empty()) return refused(tr("没有签章人证书，不能制作印章"));
    const auto& maker = state_->facts;
    if (created < maker.not_before || created > maker.not_after)
        return refused(trf("制章证书 {} 到期，不能再制作印章", text_of(day_of(maker.not_after))));
    if (plan.valid_until > maker.not_after)
        return refused(trf("制章证书 {} 到期，早于印章的有效期，请先更新制章证书", text_of(day_of(maker.not_after))));
    for (const auto& certificate : plan.certificates) {
        const auto facts = ca::describe(certificate);
        if (facts.is_authority) return refused(tr("CA 证书不能作为签章人证书"));
        if (created < facts.not_before) return refused(trf("签章人证书 {} 还没有生效", facts.serial));
        if (created > facts.not_after) return refused(trf("签章人证书 {} 已经过期", facts.serial));
        if (plan.valid_until > facts.not_after) return refused(trf("印章的有效期超过了签章人证书 {} 的有效期", facts.serial));
    }
    if (plan.valid_until <= plan.valid_from) return refused(tr("印章的截止时间必须晚于开始时间"));
    SEALDESK_TRY(look_at_own(plan.picture));

    Seal seal;
    seal.maker_id = kMakerId;
    seal.id = id;
    seal.type = plan.type;
    seal.name = plan.name;
    if (plan.naming == SealPlan::Naming::certificates) {
        for (const auto& certificate : plan.certificates) seal.certificates.push_back(certificate.der);
    } else {
        for (const auto& certificate : plan.certificates) seal.digests.push_back({kSm3, sm3(certificate.der)});
    }
    // The format knows whole seconds.
    const auto second = [](Instant at) { return Instant{at.ms - at.ms % kSecond}; };
    seal.created = second(created);
    seal.valid_from = second(plan.valid_from);
    seal.valid_until = second(plan.valid_until);
    seal.picture = plan.picture;
    seal.maker_certificate = maker.der;
    SEALDESK_LET(covered, signed_part(seal));
    SEALDESK_LET(signature, sm2_sign(state_->key.get(), covered));
    seal.signature = signature;
    SEALDESK_LET(der, encode(seal));
    // What is handed out is what a stranger would read.
    SEALDESK_LET(again, read_seal(der));
    SEALDESK_LET(covered_again, signed_part(again));
    if (!sm2_matches(state_->certificate.key(), covered_again, again.signature)) return openssl_failed("EVP_DigestVerify SM2");
    return der;
}

const ca::CertificateFacts& Maker::facts() const { return state_->facts; }
const std::string& Maker::root_pem() const { return state_->root_pem; }

}  // namespace sealdesk::seals
