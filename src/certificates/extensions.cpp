#include "certificates/extensions.h"

namespace sealdesk::certificates {

using namespace crypto;

namespace {

constexpr int kCritical = 1, kPlain = 0;

bool add(X509* certificate, int nid, void* value, int critical) {
    return value && X509_add1_ext_i2d(certificate, nid, value, critical, X509V3_ADD_DEFAULT) == 1;
}

struct FreeUsages {
    void operator()(EXTENDED_KEY_USAGE* stack) const { EXTENDED_KEY_USAGE_free(stack); }
};

}  // namespace

TimeHandle asn1_time(Instant at) {
    // Whole seconds towards the past, also before 1970.
    const std::int64_t seconds = at.ms / kSecond - (at.ms % kSecond < 0 ? 1 : 0);
    return TimeHandle(ASN1_TIME_set(nullptr, seconds));
}

bool set_validity(X509* certificate, Instant not_before, Instant not_after) {
    const TimeHandle begin = asn1_time(not_before), end = asn1_time(not_after);
    return begin && end && X509_set1_notBefore(certificate, begin.get()) == 1 && X509_set1_notAfter(certificate, end.get()) == 1;
}

bool add_constraints(X509* certificate, bool is_authority, int path_length) {
    const Handle<BASIC_CONSTRAINTS, BASIC_CONSTRAINTS_free> constraints(BASIC_CONSTRAINTS_new());
    if (!constraints) return false;
    constraints->ca = is_authority ? 0xff : 0;
    if (path_length >= 0) {
        constraints->pathlen = ASN1_INTEGER_new();
        if (!constraints->pathlen || ASN1_INTEGER_set(constraints->pathlen, path_length) != 1) return false;
    }
    return add(certificate, NID_basic_constraints, constraints.get(), kCritical);
}

bool add_key_usage(X509* certificate, const std::vector<int>& bits) {
    const BitStringHandle usage(ASN1_BIT_STRING_new());
    if (!usage) return false;
    for (const int bit : bits)
        if (ASN1_BIT_STRING_set_bit(usage.get(), bit, 1) != 1) return false;
    return add(certificate, NID_key_usage, usage.get(), kCritical);
}

bool add_extended_usage(X509* certificate, const std::vector<int>& nids) {
    if (nids.empty()) return true;
    const std::unique_ptr<EXTENDED_KEY_USAGE, FreeUsages> usage(sk_ASN1_OBJECT_new_null());
    if (!usage) return false;
    for (const int nid : nids)
        if (sk_ASN1_OBJECT_push(usage.get(), OBJ_nid2obj(nid)) == 0) return false;
    return add(certificate, NID_ext_key_usage, usage.get(), kPlain);
}

bool add_subject_key_id(X509* certificate) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    const OctetStringHandle id(ASN1_OCTET_STRING_new());
    return id && X509_pubkey_digest(certificate, EVP_sha1(), digest, &length) == 1 &&
           ASN1_OCTET_STRING_set(id.get(), digest, static_cast<int>(length)) == 1 &&
           add(certificate, NID_subject_key_identifier, id.get(), kPlain);
}

Handle<AUTHORITY_KEYID, AUTHORITY_KEYID_free> authority_key_id(const X509* issuer) {
    Handle<AUTHORITY_KEYID, AUTHORITY_KEYID_free> id(AUTHORITY_KEYID_new());
    // Not X509_get0_subject_key_id: it caches, and a root asks for its own id while it is still being built.
    OctetStringHandle of_issuer(
        static_cast<ASN1_OCTET_STRING*>(X509_get_ext_d2i(issuer, NID_subject_key_identifier, nullptr, nullptr)));
    if (!id || !of_issuer) return nullptr;
    id->keyid = of_issuer.release();
    return id;
}

bool add_authority_key_id(X509* certificate, const X509* issuer) {
    const auto id = authority_key_id(issuer);
    return add(certificate, NID_authority_key_identifier, id.get(), kPlain);
}

bool add_crl_url(X509* certificate, std::string_view url) {
    if (url.empty()) return true;
    const Handle<CRL_DIST_POINTS, CRL_DIST_POINTS_free> points(sk_DIST_POINT_new_null());
    Handle<DIST_POINT, DIST_POINT_free> point(DIST_POINT_new());
    Handle<GENERAL_NAME, GENERAL_NAME_free> name(GENERAL_NAME_new());
    Handle<ASN1_IA5STRING, ASN1_IA5STRING_free> uri(ASN1_IA5STRING_new());
    if (!points || !point || !name || !uri || ASN1_STRING_set(uri.get(), url.data(), static_cast<int>(url.size())) != 1)
        return false;
    GENERAL_NAME_set0_value(name.get(), GEN_URI, uri.release());
    point->distpoint = DIST_POINT_NAME_new();
    if (!point->distpoint) return false;
    point->distpoint->type = 0;  // fullName
    point->distpoint->name.fullname = sk_GENERAL_NAME_new_null();
    if (!point->distpoint->name.fullname || sk_GENERAL_NAME_push(point->distpoint->name.fullname, name.get()) == 0) return false;
    name.release();
    if (sk_DIST_POINT_push(points.get(), point.get()) == 0) return false;
    point.release();
    return add(certificate, NID_crl_distribution_points, points.get(), kPlain);
}

}  // namespace sealdesk::certificates
