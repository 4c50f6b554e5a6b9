#include "keys/certifiable.h"

#include "base/translate.h"
#include "certificates/standing.h"
#include "keys/jobs_store.h"

namespace sealdesk::keys {

using orders::DeskOrder;
using storage::Tx;

namespace {

certificates::SubjectName subject_of(const orders::Order& order) {
    certificates::SubjectName name;
    name.common_name = order.subject.name;
    name.organisation = order.subject.kind == orders::SubjectKind::unit ? order.subject.name : order.subject.enterprise;
    name.number = order.subject.document_number;
    return name;
}

Result<> check_issuer(const certificates::Authority& authority, const Validity& validity, Instant now) {
    const Instant end = authority.issuer().not_after;
    if (end <= now) return refused(trf("签发 CA 的证书已于 {} 过期，不能再签发证书", text_of(day_of(end))));
    if (validity.not_after > end) return refused(trf("CA 证书 {} 到期，早于要签发的证书，请先更新 CA", text_of(day_of(end))));
    return {};
}

// The list that says so is signed by who issued it.
Result<> check_replaced(Tx& tx, const Bench& bench, const DeskOrder& order) {
    if (bench.authority) return {};
    SEALDESK_LET(old, replaced_certificate(tx, order));
    if (!old || !old->source.empty() || (old->state != "valid" && !certificates::is_suspended(*old))) return {};
    return refused(trf("要补办的证书 {} 由本机的 CA 签发，它的密钥没有打开，不能吊销", old->serial));
}

}  // namespace

Result<const certificates::Profile*> profile_for(const Bench& bench, const orders::Order& order) {
    const auto profile = bench.profiles.find(order.subject.kind);
    if (profile == bench.profiles.end()) return fail(ErrorKind::internal, tr("没有这种主体的证书模板"));
    return &profile->second;
}

Result<certificates::SubjectName> certified_name(const Bench& bench, const orders::Order& order) {
    SEALDESK_LET(profile, profile_for(bench, order));
    return certificates::subject_for(*profile, subject_of(order));
}

Result<Validity> validity_of(Tx& tx, const DeskOrder& order, Instant from) {
    Validity validity{{from.ms / 1000 * 1000}, certificates::end_of_validity(from, order.order.years)};
    if (order.order.kind != orders::OrderKind::replacement || order.order.cause != orders::ReplacementCause::damaged)
        return validity;
    SEALDESK_LET(old, replaced_certificate(tx, order));
    if (!old) return validity;
    if (old->not_after <= from)
        return refused(trf("要补办的证书 {} 已在 {} 到期，请改为办理续期", old->serial, text_of(day_of(old->not_after))));
    return Validity{validity.not_before, old->not_after, true};
}

Result<> check_certifiable(Tx& tx, const Bench& bench, const DeskOrder& order) {
    SEALDESK_LET(profile, profile_for(bench, order.order));
    SEALDESK_TRY(certified_name(bench, order.order));
    if (bench.algorithm.value_or(profile->algorithm) == crypto::KeyAlgorithm::sm2)
        return refused(tr("这种 KEY 的驱动（PKCS#11）不支持 SM2，请把算法改为 rsa 或 p256"));
    SEALDESK_LET(validity, validity_of(tx, order, tx.now));
    if (!validity.as_before && (order.order.years < profile->min_years || order.order.years > profile->max_years))
        return refused(trf("订单 {} 是 {} 年，证书模板“{}”只能签发 {} 到 {} 年，请退款后重新下单", order.order.no,
                           order.order.years, profile->title, profile->min_years, profile->max_years));
    if (bench.authority && !bench.certifies_outside()) {
        SEALDESK_TRY(check_issuer(*bench.authority, validity, tx.now));
        if (validity.not_after > certificates::end_of_validity(validity.not_before, profile->max_years))
            return refused(trf("证书有效期超过了模板允许的 {} 年", profile->max_years));
    }
    return check_replaced(tx, bench, order);
}

}  // namespace sealdesk::keys
