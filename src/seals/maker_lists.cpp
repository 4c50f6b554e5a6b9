#include "seals/maker_lists.h"

#include "base/translate.h"
#include "certificates/certificate.h"
#include "crypto/handles.h"
#include "crypto/pem.h"
#include "seals/seal.h"
#include "seals/sm2.h"

namespace sealdesk::seals {

using namespace crypto;

namespace {

std::optional<Instant> instant_of(const ASN1_TIME* time) {
    tm parts{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
    return Instant{static_cast<std::int64_t>(timegm(&parts)) * kSecond};
}

std::string day_text(Instant at) { return text_of(day_of(at)); }

bool signed_by(X509_CRL* list, EVP_PKEY* key) {
    const ASN1_BIT_STRING* signature = nullptr;
    const X509_ALGOR* algorithm = nullptr;
    X509_CRL_get0_signature(list, &signature, &algorithm);
    if (key == nullptr || signature == nullptr) return false;
    if (EVP_PKEY_is_a(key, "SM2") != 1) {
        const bool good = X509_CRL_verify(list, key) == 1;
        openssl_errors();
        return good;
    }
    const ASN1_OBJECT* named = nullptr;
    X509_ALGOR_get0(&named, nullptr, nullptr, algorithm);
    char oid[64] = {};
    OBJ_obj2txt(oid, sizeof oid, named, 1);
    unsigned char* bytes = nullptr;
    const int length = i2d_re_X509_CRL_tbs(list, &bytes);
    if (length <= 0) return false;
    const std::string covered(reinterpret_cast<const char*>(bytes), static_cast<size_t>(length));
    OPENSSL_free(bytes);
    return std::string_view(oid) == kSm2WithSm3 && sm2_matches(key, covered,
                                                               {reinterpret_cast<const char*>(ASN1_STRING_get0_data(signature)),
                                                                static_cast<size_t>(ASN1_STRING_length(signature))});
}

}  // namespace

std::optional<std::string> revocation_of(const STACK_OF(X509) * chain, const std::vector<std::string>& lists, Instant at,
                                         std::vector<std::string>& unchecked) {
    const int length = sk_X509_num(chain);
    bool open = length < 2;  // trusted by itself: nobody above it could revoke it
    std::string old;
    for (int place = 0; place + 1 < length; ++place) {
        X509* subject = sk_X509_value(chain, place);
        X509* issuer = sk_X509_value(chain, place + 1);
        bool answered = false;
        for (const auto& der : lists) {
            const auto list = read_der<CrlHandle>(d2i_X509_CRL, der);
            if (!list || X509_NAME_cmp(X509_CRL_get_issuer(list.get()), X509_get_subject_name(issuer)) != 0) continue;
            if (!signed_by(list.get(), X509_get0_pubkey(issuer))) return tr("制章人的吊销列表签名不正确");
            // Whom it names stays revoked, however old the list is.
            X509_REVOKED* entry = nullptr;
            if (X509_CRL_get0_by_serial(list.get(), &entry, X509_get0_serialNumber(subject)) == 1) {
                const auto since = instant_of(X509_REVOKED_get0_revocationDate(entry));
                if (!since || *since <= at)
                    return since ? trf("制章人证书已于 {} 吊销", day_text(*since)) : std::string(tr("制章人证书已吊销"));
            }
            const auto until = instant_of(X509_CRL_get0_nextUpdate(list.get()));
            if (until && *until < at)
                old = trf("制章人证书的吊销状态（吊销列表已于 {} 过期）", day_text(*until));
            else
                answered = true;
        }
        open = open || !answered;
    }
    if (open) unchecked.push_back(old.empty() ? std::string(tr("制章人证书的吊销状态")) : old);
    return std::nullopt;
}

}  // namespace sealdesk::seals
