#include "certificates/revocation_list.h"

#include <openssl/x509v3.h>

#include <ctime>
#include <optional>

#include "base/translate.h"
#include "certificates/subject_name.h"
#include "crypto/digest.h"
#include "crypto/pem.h"
#include "crypto/signing.h"

namespace sealdesk::certificates {

using namespace crypto;

namespace {

std::optional<Instant> instant_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (!time || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
    return Instant{static_cast<std::int64_t>(timegm(&parts)) * 1000};
}

auto bad_list() { return fail(ErrorKind::corrupt, tr("吊销列表已损坏，无法读取"), openssl_errors()); }

}  // namespace

Result<ListFacts> describe_list(std::string_view der) {
    const auto list = read_der<CrlHandle>(d2i_X509_CRL, der);
    if (!list || X509_CRL_get_version(list.get()) != X509_CRL_VERSION_2) return bad_list();
    const IntegerHandle number(static_cast<ASN1_INTEGER*>(X509_CRL_get_ext_d2i(list.get(), NID_crl_number, nullptr, nullptr)));
    const auto from = instant_of(X509_CRL_get0_lastUpdate(list.get())), to = instant_of(X509_CRL_get0_nextUpdate(list.get()));
    std::int64_t value = 0;
    if (!number || ASN1_INTEGER_get_int64(&value, number.get()) != 1 || value < 1 || !from || !to || *to <= *from)
        return bad_list();
    const Handle<AUTHORITY_KEYID, AUTHORITY_KEYID_free> issuer(
        static_cast<AUTHORITY_KEYID*>(X509_CRL_get_ext_d2i(list.get(), NID_authority_key_identifier, nullptr, nullptr)));
    std::string key_id;
    if (issuer && issuer->keyid)
        key_id = hex({reinterpret_cast<const char*>(ASN1_STRING_get0_data(issuer->keyid)),
                      static_cast<size_t>(ASN1_STRING_length(issuer->keyid))});
    const auto* entries = X509_CRL_get_REVOKED(const_cast<X509_CRL*>(list.get()));
    return ListFacts{value,
                     *from,
                     *to,
                     text_of(X509_CRL_get_issuer(list.get())),
                     std::move(key_id),
                     entries ? sk_X509_REVOKED_num(entries) : 0};
}

Result<std::vector<Revoked>> entries_of_list(std::string_view der, const Certificate& issuer) {
    const auto list = read_der<CrlHandle>(d2i_X509_CRL, der);
    if (!list) return bad_list();
    if (!is_signed_by(list.get(), issuer.key())) {
        openssl_errors();
        return refused(tr("吊销列表不是由签发 CA 签名的"));
    }
    std::vector<Revoked> entries;
    const auto* all = X509_CRL_get_REVOKED(list.get());
    for (int i = 0; all && i < sk_X509_REVOKED_num(all); ++i) {
        const X509_REVOKED* one = sk_X509_REVOKED_value(all, i);
        SEALDESK_LET(serial, SerialNumber::read(X509_REVOKED_get0_serialNumber(one)));
        const auto at = instant_of(X509_REVOKED_get0_revocationDate(one));
        if (!at) return bad_list();
        const EnumeratedHandle reason(
            static_cast<ASN1_ENUMERATED*>(X509_REVOKED_get_ext_d2i(one, NID_crl_reason, nullptr, nullptr)));
        entries.push_back(
            {serial, *at,
             reason ? static_cast<RevocationReason>(ASN1_ENUMERATED_get(reason.get())) : RevocationReason::unspecified});
    }
    return entries;
}

}  // namespace sealdesk::certificates
