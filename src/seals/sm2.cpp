#include "seals/sm2.h"

namespace sealdesk::seals {

using namespace crypto;

namespace {

DigestContext signing(EVP_PKEY* key) {
    DigestContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* inner = nullptr;
    if (!context || EVP_DigestSignInit_ex(context.get(), &inner, "SM3", nullptr, nullptr, key, nullptr) != 1 ||
        EVP_PKEY_CTX_set1_id(inner, kSm2Id.data(), static_cast<int>(kSm2Id.size())) != 1)
        context.reset();
    return context;
}

}  // namespace

Result<KeyHandle> generate_sm2_key() {
    KeyHandle key(EVP_PKEY_Q_keygen(nullptr, nullptr, "SM2"));
    if (!key) return openssl_failed("EVP_PKEY_Q_keygen SM2");
    return key;
}

Result<std::string> sm2_sign(EVP_PKEY* key, std::string_view message) {
    const auto context = signing(key);
    unsigned char bytes[128];
    size_t length = sizeof bytes;
    if (!context || EVP_DigestSign(context.get(), bytes, &length, bytes_of(message), message.size()) != 1)
        return openssl_failed("EVP_DigestSign SM2");
    return std::string(reinterpret_cast<const char*>(bytes), length);
}

bool sm2_matches(EVP_PKEY* key, std::string_view message, std::string_view signature) {
    const DigestContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* inner = nullptr;
    const bool good =
        context && key != nullptr && EVP_PKEY_is_a(key, "SM2") == 1 &&
        EVP_DigestVerifyInit_ex(context.get(), &inner, "SM3", nullptr, nullptr, key, nullptr) == 1 &&
        EVP_PKEY_CTX_set1_id(inner, kSm2Id.data(), static_cast<int>(kSm2Id.size())) == 1 &&
        EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message), message.size()) == 1;
    if (!good) openssl_errors();
    return good;
}

std::string sm3(std::string_view message) {
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    if (EVP_Digest(message.data(), message.size(), bytes, &length, EVP_sm3(), nullptr) != 1) return {};
    return {reinterpret_cast<const char*>(bytes), length};
}

bool sm2_sign_certificate(X509* certificate, EVP_PKEY* key) {
    const auto context = signing(key);
    return context && X509_sign_ctx(certificate, context.get()) > 0;
}

bool set_sm2_id(X509* certificate) {
    OctetStringHandle id(ASN1_OCTET_STRING_new());
    if (!id || ASN1_OCTET_STRING_set(id.get(), bytes_of(kSm2Id), static_cast<int>(kSm2Id.size())) != 1) return false;
    X509_set0_distinguishing_id(certificate, id.release());
    return true;
}

}  // namespace sealdesk::seals
