#include "crypto/signing.h"

#include <openssl/core_names.h>

#include "base/translate.h"
#include "crypto/pem.h"

namespace sealdesk::crypto {

namespace {

const char* digest_of(const EVP_PKEY* key) { return is_sm2(key) ? "SM3" : "SHA256"; }

bool give_id(EVP_PKEY_CTX* context, const EVP_PKEY* key) {
    return !is_sm2(key) || EVP_PKEY_CTX_set1_id(context, kSm2Id.data(), static_cast<int>(kSm2Id.size())) > 0;
}

DigestContext begin_signing(EVP_PKEY* key) {
    DigestContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* inside = nullptr;  // belongs to the digest context
    if (!context || EVP_DigestSignInit_ex(context.get(), &inside, digest_of(key), nullptr, nullptr, key, nullptr) != 1 ||
        !give_id(inside, key))
        return nullptr;
    return context;
}

ASN1_OCTET_STRING* sm2_id() {
    OctetStringHandle id(ASN1_OCTET_STRING_new());
    if (!id || ASN1_OCTET_STRING_set(id.get(), bytes_of(kSm2Id), static_cast<int>(kSm2Id.size())) != 1) return nullptr;
    return id.release();
}

std::string_view text_of(const ASN1_BIT_STRING* bits) {
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(bits)), static_cast<size_t>(ASN1_STRING_length(bits))};
}

// OpenSSL offers a setter for requests alone; certificates and lists hand the field out as const.
bool replace(const ASN1_BIT_STRING* signature, std::string_view bytes) {
    auto* field = const_cast<ASN1_BIT_STRING*>(signature);
    if (!field || ASN1_BIT_STRING_set(field, const_cast<unsigned char*>(bytes_of(bytes)), static_cast<int>(bytes.size())) != 1)
        return false;
    // Without this trailing zero bits of the signature would be dropped.
    field->flags &= ~(ASN1_STRING_FLAG_BITS_LEFT | 0x07);
    field->flags |= ASN1_STRING_FLAG_BITS_LEFT;
    return true;
}

}  // namespace

bool is_sm2(const EVP_PKEY* key) { return EVP_PKEY_is_a(key, "SM2") == 1; }

int signature_of(const EVP_PKEY* key) {
    if (is_sm2(key)) return NID_SM2_with_SM3;
    if (EVP_PKEY_is_a(key, "RSA") == 1) return NID_sha256WithRSAEncryption;
    return EVP_PKEY_is_a(key, "EC") == 1 ? NID_ecdsa_with_SHA256 : NID_undef;
}

bool is_signed_by(X509* certificate, EVP_PKEY* key) {
    if (is_sm2(key)) set_sm2_id(certificate);
    const bool good = X509_verify(certificate, key) == 1;
    openssl_errors();
    return good;
}

bool is_signed_by(X509_REQ* request, EVP_PKEY* key) {
    if (is_sm2(key)) X509_REQ_set0_distinguishing_id(request, sm2_id());
    const bool good = X509_REQ_verify(request, key) == 1;
    openssl_errors();
    return good;
}

bool is_signed_by(X509_CRL* list, EVP_PKEY* key) {
    if (!is_sm2(key)) {
        const bool good = X509_CRL_verify(list, key) == 1;
        openssl_errors();
        return good;
    }
    // A list has no place for the id: the signed part is checked as a message.
    const ASN1_BIT_STRING* signature = nullptr;
    const X509_ALGOR* algorithm = nullptr;
    X509_CRL_get0_signature(list, &signature, &algorithm);
    if (!signature || !algorithm || OBJ_obj2nid(algorithm->algorithm) != NID_SM2_with_SM3) return false;
    return is_signed_by(der_of(i2d_re_X509_CRL_tbs, list), text_of(signature), key);
}

bool is_signed_by(std::string_view message, std::string_view signature, EVP_PKEY* key) {
    const DigestContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* inside = nullptr;
    const bool good =
        context && EVP_DigestVerifyInit_ex(context.get(), &inside, digest_of(key), nullptr, nullptr, key, nullptr) == 1 &&
        give_id(inside, key) &&
        EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message), message.size()) == 1;
    openssl_errors();
    return good;
}

void set_sm2_id(X509* certificate) {
    if (X509_get_signature_nid(certificate) == NID_SM2_with_SM3) X509_set0_distinguishing_id(certificate, sm2_id());
}

Result<SigningKey> SigningKey::elsewhere(KeyHandle public_key, Remote remote) {
    if (is_sm2(public_key.get())) return refused(tr("不支持 SM2 的外部 CA 密钥"));
    const bool rsa = EVP_PKEY_is_a(public_key.get(), "RSA") == 1;
    SEALDESK_LET(stand_in, generate_key(rsa ? KeyAlgorithm::rsa_2048 : KeyAlgorithm::p_256));
    return SigningKey(std::move(public_key), std::move(remote), std::move(stand_in));
}

Result<> SigningKey::sign(X509* certificate) const {
    const DigestContext context = begin_signing(remote_ ? stand_in_.get() : key_.get());
    if (!context || X509_sign_ctx(certificate, context.get()) <= 0) return openssl_failed("X509_sign_ctx");
    if (!remote_) return {};
    SEALDESK_LET(signature, remote_(der_of(i2d_re_X509_tbs, certificate)));
    const ASN1_BIT_STRING* field = nullptr;
    const X509_ALGOR* algorithm = nullptr;
    X509_get0_signature(&field, &algorithm, certificate);
    if (!replace(field, signature)) return openssl_failed("ASN1_BIT_STRING_set");
    return {};
}

Result<> SigningKey::sign(X509_CRL* list) const {
    const DigestContext context = begin_signing(remote_ ? stand_in_.get() : key_.get());
    if (!context || X509_CRL_sign_ctx(list, context.get()) <= 0) return openssl_failed("X509_CRL_sign_ctx");
    if (!remote_) return {};
    SEALDESK_LET(signature, remote_(der_of(i2d_re_X509_CRL_tbs, list)));
    const ASN1_BIT_STRING* field = nullptr;
    const X509_ALGOR* algorithm = nullptr;
    X509_CRL_get0_signature(list, &field, &algorithm);
    if (!replace(field, signature)) return openssl_failed("ASN1_BIT_STRING_set");
    return {};
}

Result<std::string> SigningKey::sign(std::string_view message) const {
    if (remote_) return remote_(message);
    const DigestContext context = begin_signing(key_.get());
    size_t length = 0;
    if (!context || EVP_DigestSign(context.get(), nullptr, &length, bytes_of(message), message.size()) != 1)
        return openssl_failed("EVP_DigestSign");
    std::string signature(length, '\0');
    if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &length, bytes_of(message),
                       message.size()) != 1)
        return openssl_failed("EVP_DigestSign");
    signature.resize(length);
    return signature;
}

}  // namespace sealdesk::crypto
