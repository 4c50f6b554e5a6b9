#include "certificates/certificate.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include <array>
#include <limits>

#include "base/text.h"
#include "base/translate.h"
#include "crypto/digest.h"
#include "crypto/signing.h"

namespace sealdesk::certificates {

using namespace crypto;

namespace {

Instant instant_of(const ASN1_TIME* time) {
    int days = 0, seconds = 0;
    const TimeHandle epoch(ASN1_TIME_set(nullptr, 0));
    if (!epoch || ASN1_TIME_diff(&days, &seconds, epoch.get(), time) != 1) return {};
    return {days * kDay + seconds * kSecond};
}

std::string text_of(const ASN1_INTEGER* integer) {
    const BigNumber number(ASN1_INTEGER_to_BN(integer, nullptr));
    if (!number) return {};
    char* digits = BN_bn2hex(number.get());
    std::string text = digits ? digits : "";
    OPENSSL_free(digits);
    return text;
}

std::string algorithm_text(EVP_PKEY* key) {
    if (EVP_PKEY_is_a(key, "RSA")) return "RSA-" + std::to_string(EVP_PKEY_get_bits(key));
    if (EVP_PKEY_is_a(key, "SM2")) return "SM2";
    char group[64] = {};
    if (EVP_PKEY_get_group_name(key, group, sizeof group, nullptr) == 1)
        return std::string(group) == "prime256v1" ? "EC P-256" : std::string("EC ") + group;
    const char* name = EVP_PKEY_get0_type_name(key);
    return name ? name : "?";
}

constexpr auto kSmallPrimes = [] {
    std::array<BN_ULONG, 168> primes{};  // below 1000
    size_t count = 0;
    for (BN_ULONG candidate = 2; candidate < 1000; ++candidate) {
        bool prime = true;
        for (size_t i = 0; i < count && prime; ++i) prime = candidate % primes[i] != 0;
        if (prime) primes[count++] = candidate;
    }
    return primes;
}();

// As many primes at a time as their product has room for: the long division is what costs.
bool has_small_factor(const BIGNUM* modulus) {
    for (size_t first = 0; first < kSmallPrimes.size();) {
        BN_ULONG product = 1;
        size_t end = first;
        while (end < kSmallPrimes.size() && product <= std::numeric_limits<BN_ULONG>::max() / kSmallPrimes[end])
            product *= kSmallPrimes[end++];
        const BN_ULONG rest = BN_mod_word(modulus, product);
        for (; first < end; ++first)
            if (rest % kSmallPrimes[first] == 0) return true;
    }
    return false;
}

// The mistakes that bad key generators make; factoring is nobody's job here.
Result<> check_rsa(EVP_PKEY* key) {
    BIGNUM *n = nullptr, *e = nullptr;
    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n);
    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e);
    const BigNumber modulus(n), exponent(e);
    if (!n || !e) return refused(tr("证书请求中的公钥不完整"));
    const int bits = BN_num_bits(n);
    if (bits < 2048) return refused(trf("RSA 密钥只有 {} 位，至少需要 2048 位", bits));
    if (bits > 4096) return refused(trf("RSA 密钥有 {} 位，最多允许 4096 位", bits));
    if (!BN_is_odd(e) || BN_num_bits(e) < 17 || BN_num_bits(e) > 256) return refused(tr("RSA 公钥指数太小或不正确"));
    if (has_small_factor(n)) return refused(tr("RSA 密钥强度不足（模数有小因子），请重新生成"));
    return {};
}

Result<CertificateHandle> parse_certificate(std::string_view der) {
    if (der.size() > (size_t{64} << 10)) return fail(ErrorKind::corrupt, tr("证书太大，不是有效的证书"));
    auto certificate = read_der<CertificateHandle>(d2i_X509, der);
    if (!certificate) return fail(ErrorKind::corrupt, tr("证书已损坏，无法读取"));
    return certificate;
}

void drop_elements(ASN1_SEQUENCE_ANY* elements) { sk_ASN1_TYPE_pop_free(elements, ASN1_TYPE_free); }
using Sequence = Handle<ASN1_SEQUENCE_ANY, drop_elements>;

// The parts of a certificate of version 3 as their bytes stand there (RFC 5280 4.1), not decoded; empty for anything else.
struct Parts {
    std::string signed_part, signature;       // TBSCertificate, DER; what the BIT STRING holds
    std::string algorithm, algorithm_inside;  // AlgorithmIdentifier, DER, beside the signature and in what is signed
    std::string public_key;                   // SubjectPublicKeyInfo, DER
};

Parts parts_of(std::string_view certificate_der) {
    constexpr int kTbsCertificate = 0, kAlgorithm = 1, kSignature = 2;
    constexpr int kAlgorithmInside = 2, kPublicKey = 6;  // behind version and serial number
    constexpr long kUnusedBits = 0x07;
    const auto whole = read_der<Sequence>(d2i_ASN1_SEQUENCE_ANY, certificate_der);
    if (!whole || sk_ASN1_TYPE_num(whole.get()) != kSignature + 1) return {};
    const ASN1_TYPE* signature = sk_ASN1_TYPE_value(whole.get(), kSignature);
    if (signature->type != V_ASN1_BIT_STRING || (signature->value.bit_string->flags & kUnusedBits) != 0) return {};
    const auto der = [](const Sequence& of, int which) { return der_of(i2d_ASN1_TYPE, sk_ASN1_TYPE_value(of.get(), which)); };
    Parts parts;
    parts.signed_part = der(whole, kTbsCertificate);
    parts.algorithm = der(whole, kAlgorithm);
    parts.signature.assign(reinterpret_cast<const char*>(ASN1_STRING_get0_data(signature->value.bit_string)),
                           static_cast<size_t>(ASN1_STRING_length(signature->value.bit_string)));
    const auto inside = read_der<Sequence>(d2i_ASN1_SEQUENCE_ANY, parts.signed_part);
    if (!inside || sk_ASN1_TYPE_num(inside.get()) <= kPublicKey) return {};
    parts.algorithm_inside = der(inside, kAlgorithmInside);
    parts.public_key = der(inside, kPublicKey);
    return parts;
}

void drop_bytes(unsigned char* bytes) { OPENSSL_free(bytes); }
using ObjectHandle = Handle<ASN1_OBJECT, ASN1_OBJECT_free>;

}  // namespace

SerialNumber SerialNumber::random(Random& random) {
    std::string bytes = random.bytes(20);
    bytes[0] = static_cast<char>((bytes[0] & 0x7f) | 0x40);  // positive, always 20 bytes
    return SerialNumber(upper_ascii(crypto::hex(bytes)));
}

Result<SerialNumber> SerialNumber::parse(std::string_view text) {
    const auto bytes = from_hex(text);
    if (!bytes || bytes->empty() || bytes->size() > 20 || (static_cast<unsigned char>((*bytes)[0]) & 0x80) != 0 ||
        bytes->find_first_not_of('\0') == std::string::npos)
        return refused(trf("证书序列号“{}”不正确", text));
    return SerialNumber(upper_ascii(text));
}

Result<SerialNumber> SerialNumber::read(const ASN1_INTEGER* number) {
    const std::string text = text_of(number);
    return parse(!text.empty() && text[0] >= '8' ? "00" + text : text);  // positive, as it stands in the DER
}

IntegerHandle SerialNumber::asn1() const {
    BIGNUM* number = nullptr;
    BN_hex2bn(&number, hex_.c_str());
    const BigNumber owned(number);
    return IntegerHandle(number ? BN_to_ASN1_INTEGER(number, nullptr) : nullptr);
}

std::string Request::public_key_hash() const { return sha256_hex(public_key); }

bool set_public_key(X509_PUBKEY* to, std::string_view public_key) {
    const auto parts = read_der<Sequence>(d2i_ASN1_SEQUENCE_ANY, public_key);
    if (!parts || sk_ASN1_TYPE_num(parts.get()) != 2) return false;
    const auto algorithm = read_der<AlgorithmHandle>(d2i_X509_ALGOR, der_of(i2d_ASN1_TYPE, sk_ASN1_TYPE_value(parts.get(), 0)));
    const ASN1_TYPE* key = sk_ASN1_TYPE_value(parts.get(), 1);
    if (!algorithm || key->type != V_ASN1_BIT_STRING) return false;
    const ASN1_OBJECT* what = nullptr;
    const void* parameter = nullptr;
    int kind = V_ASN1_UNDEF;
    X509_ALGOR_get0(&what, &kind, &parameter, algorithm.get());
    if (kind != V_ASN1_NULL && kind != V_ASN1_OBJECT) return false;
    const int size = ASN1_STRING_length(key->value.bit_string);
    ObjectHandle name(OBJ_dup(what)),
        curve(OBJ_dup(kind == V_ASN1_OBJECT ? static_cast<const ASN1_OBJECT*>(parameter) : nullptr));
    Handle<unsigned char, drop_bytes> copy(
        static_cast<unsigned char*>(OPENSSL_memdup(ASN1_STRING_get0_data(key->value.bit_string), static_cast<size_t>(size))));
    if (!name || !copy || (kind == V_ASN1_OBJECT && !curve) ||
        X509_PUBKEY_set0_param(to, name.get(), kind, curve.get(), copy.get(), size) != 1)
        return false;
    name.release();
    curve.release();
    copy.release();
    return true;
}

Result<Request> read_request(std::string_view der) {
    if (der.size() > (size_t{16} << 10)) return fail(ErrorKind::corrupt, tr("证书请求太大"));
    const auto request = read_der<RequestHandle>(d2i_X509_REQ, der);
    KeyHandle key(request ? X509_REQ_get_pubkey(request.get()) : nullptr);
    if (!key) return fail(ErrorKind::corrupt, tr("证书请求已损坏，无法读取"), openssl_errors());
    SEALDESK_LET(checked, check_request(request.get(), std::move(key)));
    checked.der = der;
    return checked;
}

Result<Request> check_request(X509_REQ* request, std::shared_ptr<EVP_PKEY> key) {
    Request result;
    if (EVP_PKEY_is_a(key.get(), "RSA")) {
        SEALDESK_TRY(check_rsa(key.get()));
        result.algorithm = KeyAlgorithm::rsa_2048;
    } else if (is_sm2(key.get())) {
        result.algorithm = KeyAlgorithm::sm2;
    } else if (algorithm_text(key.get()) == "EC P-256") {
        result.algorithm = KeyAlgorithm::p_256;
    } else {
        return refused(trf("不支持的密钥类型 {}", algorithm_text(key.get())));
    }
    const int signature = X509_REQ_get_signature_nid(request);
    if (signature != NID_sha256WithRSAEncryption && signature != NID_sha384WithRSAEncryption &&
        signature != NID_sha512WithRSAEncryption && signature != NID_ecdsa_with_SHA256 && signature != NID_ecdsa_with_SHA384 &&
        signature != NID_ecdsa_with_SHA512 && signature != NID_SM2_with_SM3)
        return refused(tr("证书请求的签名算法不被接受，需要 SHA-256 或更强的算法"));
    if (!is_signed_by(request, key.get())) return refused(tr("证书请求的签名与其中的公钥不符，不能证明持有私钥"));
    result.der = der_of(i2d_X509_REQ, request);
    result.public_key = der_of(i2d_X509_PUBKEY, X509_REQ_get_X509_PUBKEY(request));
    result.bits = EVP_PKEY_get_bits(key.get());
    result.subject = subject_name(X509_REQ_get_subject_name(request));
    result.decoded = std::move(key);
    return result;
}

Result<Certificate> read_certificate(std::string_view der) {
    SEALDESK_LET(certificate, parse_certificate(der));
    EVP_PKEY* key = X509_get0_pubkey(certificate.get());
    if (!key) return fail(ErrorKind::corrupt, tr("证书中的公钥无法读取"), openssl_errors());
    const std::shared_ptr<X509> decoded = std::move(certificate);
    return Certificate{std::string(der), decoded, {decoded, key}};
}

Result<Certificate> read_certificate_pem(std::string_view pem) {
    SEALDESK_LET(der, from_pem("CERTIFICATE", pem));
    return read_certificate(der);
}

Result<Certificate> check_signed(CertificateHandle built, const Request& request, const Certificate& issuer) {
    Certificate made{der_of(i2d_X509, built.get()), std::move(built), request.decoded};
    const Parts parts = parts_of(made.der);
    if (parts.public_key != request.public_key) {  // the same key written in other bytes
        SEALDESK_LET(again, read_certificate(made.der));
        made = std::move(again);
        if (EVP_PKEY_eq(made.key(), request.key()) != 1) return openssl_failed("EVP_PKEY_eq");
    }
    const auto algorithm = read_der<AlgorithmHandle>(d2i_X509_ALGOR, parts.algorithm);
    if (X509_check_issued(issuer.x509(), made.x509()) != X509_V_OK || !algorithm ||
        OBJ_obj2nid(algorithm->algorithm) != signature_of(issuer.key()) || parts.algorithm != parts.algorithm_inside ||
        !is_signed_by(parts.signed_part, parts.signature, issuer.key()))
        return openssl_failed("X509_verify");
    return made;
}

Result<CertificateFacts> describe(std::string_view der) {
    SEALDESK_LET(certificate, read_certificate(der));
    return describe(certificate);
}

CertificateFacts describe(const Certificate& certificate) {
    X509* x509 = certificate.x509();
    CertificateFacts facts;
    facts.der = certificate.der;
    facts.serial = text_of(X509_get0_serialNumber(x509));
    facts.subject = subject_name(X509_get_subject_name(x509));
    facts.subject_text = certificates::text_of(X509_get_subject_name(x509));
    facts.issuer_text = certificates::text_of(X509_get_issuer_name(x509));
    facts.not_before = instant_of(X509_get0_notBefore(x509));
    facts.not_after = instant_of(X509_get0_notAfter(x509));
    facts.algorithm = algorithm_text(certificate.key());
    facts.public_key = der_of(i2d_X509_PUBKEY, X509_get_X509_PUBKEY(x509));
    facts.fingerprint = sha256_hex(certificate.der);
    facts.is_authority = X509_check_ca(x509) == 1;
    if (const ASN1_OCTET_STRING* id = X509_get0_subject_key_id(x509))
        facts.key_id =
            hex({reinterpret_cast<const char*>(ASN1_STRING_get0_data(id)), static_cast<size_t>(ASN1_STRING_length(id))});
    const Handle<CRL_DIST_POINTS, CRL_DIST_POINTS_free> points(
        static_cast<CRL_DIST_POINTS*>(X509_get_ext_d2i(x509, NID_crl_distribution_points, nullptr, nullptr)));
    for (int i = 0; points && i < sk_DIST_POINT_num(points.get()); ++i) {
        const DIST_POINT_NAME* where = sk_DIST_POINT_value(points.get(), i)->distpoint;
        for (int j = 0; where && where->type == 0 && j < sk_GENERAL_NAME_num(where->name.fullname); ++j) {
            const GENERAL_NAME* name = sk_GENERAL_NAME_value(where->name.fullname, j);
            if (name->type != GEN_URI) continue;
            const ASN1_STRING* uri = name->d.uniformResourceIdentifier;
            facts.crl_urls.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
                                        static_cast<size_t>(ASN1_STRING_length(uri)));
        }
    }
    return facts;
}

Result<bool> has_public_key(std::string_view certificate_der, std::string_view public_key) {
    if (!public_key.empty() && parts_of(certificate_der).public_key == public_key) return true;
    SEALDESK_LET(certificate, parse_certificate(certificate_der));
    EVP_PKEY* key = X509_get0_pubkey(certificate.get());  // the same key can be written in other bytes
    const auto expected = read_der<KeyHandle>(d2i_PUBKEY, public_key);
    return key && expected && EVP_PKEY_eq(key, expected.get()) == 1;
}

bool signature_matches(const Certificate& certificate, std::string_view message, std::string_view signature) {
    return is_signed_by(message, signature, certificate.key());
}

std::string certificate_pem(std::string_view der) { return to_pem("CERTIFICATE", der); }
std::string crl_pem(std::string_view der) { return to_pem("X509 CRL", der); }

namespace {

// What X509_V_FLAG_CRL_CHECK does, for lists that OpenSSL cannot check (SM2: facts of crypto/signing.h).
Result<> check_list(X509_CRL* list, X509* issuer, X509* certificate, Instant at) {
    if (X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_subject_name(issuer)) != 0 ||
        !is_signed_by(list, X509_get0_pubkey(issuer)))
        return refused(tr("吊销列表不是由签发 CA 签名的"));
    if (instant_of(X509_CRL_get0_lastUpdate(list)) > at) return refused(tr("吊销列表还没有生效"));
    if (X509_CRL_get0_nextUpdate(list) == nullptr || instant_of(X509_CRL_get0_nextUpdate(list)) < at)
        return refused(tr("吊销列表已过期，请先发布新的吊销列表"));
    X509_REVOKED* entry = nullptr;
    if (X509_CRL_get0_by_serial(list, &entry, X509_get_serialNumber(certificate)) == 1) return refused(tr("证书已被吊销"));
    return {};
}

}  // namespace

Result<> verify(std::string_view der, const Trust& trust, Instant at) {
    SEALDESK_LET(certificate, parse_certificate(der));
    SEALDESK_LET(root_der, from_pem("CERTIFICATE", trust.root_pem));
    SEALDESK_LET(issuer_der, from_pem("CERTIFICATE", trust.issuer_pem));
    SEALDESK_LET(root, parse_certificate(root_der));
    SEALDESK_LET(issuer, parse_certificate(issuer_der));
    const StoreHandle store(X509_STORE_new());
    const StoreContext context(X509_STORE_CTX_new());
    const CertificateStack between(sk_X509_new_null());
    if (!store || !context || !between || X509_STORE_add_cert(store.get(), root.get()) != 1 ||
        sk_X509_push(between.get(), issuer.get()) == 0)
        return openssl_failed("X509_STORE_add_cert");
    for (X509* each : {certificate.get(), issuer.get()}) set_sm2_id(each);
    const bool sm2 = is_sm2(X509_get0_pubkey(issuer.get()));
    CrlHandle crl;
    if (!trust.crl_der.empty()) {
        crl = read_der<CrlHandle>(d2i_X509_CRL, trust.crl_der);
        if (!crl) return fail(ErrorKind::corrupt, tr("吊销列表已损坏，无法读取"));
        if (!sm2 && X509_STORE_add_crl(store.get(), crl.get()) != 1) return openssl_failed("X509_STORE_add_crl");
    }
    if (X509_STORE_CTX_init(context.get(), store.get(), certificate.get(), between.get()) != 1)
        return openssl_failed("X509_STORE_CTX_init");
    X509_VERIFY_PARAM* how = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(how, at.ms / kSecond);
    if (crl && !sm2) X509_VERIFY_PARAM_set_flags(how, X509_V_FLAG_CRL_CHECK);
    if (X509_verify_cert(context.get()) == 1)
        return crl && sm2 ? check_list(crl.get(), issuer.get(), certificate.get(), at) : Result<>();
    const int reason = X509_STORE_CTX_get_error(context.get());
    openssl_errors();
    const char* sentence = tr("证书没有通过验证");
    switch (reason) {
        case X509_V_ERR_CERT_REVOKED: sentence = tr("证书已被吊销"); break;
        case X509_V_ERR_CERT_HAS_EXPIRED: sentence = tr("证书已过期"); break;
        case X509_V_ERR_CERT_NOT_YET_VALID: sentence = tr("证书还没有生效"); break;
        case X509_V_ERR_CRL_HAS_EXPIRED: sentence = tr("吊销列表已过期，请先发布新的吊销列表"); break;
        case X509_V_ERR_CERT_SIGNATURE_FAILURE: sentence = tr("证书的签名不正确，可能被改动过"); break;
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY: sentence = tr("证书不是由本中心签发的"); break;
        default: break;
    }
    return fail(ErrorKind::refused, sentence, X509_verify_cert_error_string(reason));
}

}  // namespace sealdesk::certificates
