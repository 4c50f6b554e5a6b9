#include "crypto/pem.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>

#include <algorithm>

#include "base/translate.h"

namespace sealdesk::crypto {

namespace {

std::string contents(BIO* memory) {
    char* data = nullptr;
    const long length = BIO_get_mem_data(memory, &data);
    return length > 0 ? std::string(data, static_cast<size_t>(length)) : std::string();
}

BioHandle reading(std::string_view text) { return BioHandle(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

}  // namespace

std::string to_pem(const char* label, std::string_view der) {
    const BioHandle memory(BIO_new(BIO_s_mem()));
    if (!memory || PEM_write_bio(memory.get(), label, "", bytes_of(der), static_cast<long>(der.size())) <= 0) return {};
    return contents(memory.get());
}

Result<std::string> from_pem(const char* label, std::string_view text) {
    const BioHandle memory = reading(text);
    for (;;) {
        char *name = nullptr, *header = nullptr;
        unsigned char* bytes = nullptr;
        long length = 0;
        if (!memory || PEM_read_bio(memory.get(), &name, &header, &bytes, &length) != 1)
            return fail(ErrorKind::corrupt, trf("文件中没有找到 {} 内容", label), openssl_errors());
        const bool found = std::string_view(name) == label;
        std::string der(reinterpret_cast<const char*>(bytes), static_cast<size_t>(length));
        OPENSSL_free(name);
        OPENSSL_free(header);
        OPENSSL_clear_free(bytes, static_cast<size_t>(length));
        if (found) return der;
    }
}

const char* name_of(KeyAlgorithm algorithm) {
    switch (algorithm) {
        case KeyAlgorithm::rsa_2048: return "RSA-2048";
        case KeyAlgorithm::p_256: return "EC P-256";
        case KeyAlgorithm::sm2: return "SM2";
    }
    return "";
}

std::optional<KeyAlgorithm> parse_algorithm(std::string_view word) {
    if (word == "rsa") return KeyAlgorithm::rsa_2048;
    if (word == "p256") return KeyAlgorithm::p_256;
    if (word == "sm2") return KeyAlgorithm::sm2;
    return std::nullopt;
}

Result<KeyHandle> generate_key(KeyAlgorithm algorithm) {
    KeyHandle key;
    switch (algorithm) {
        case KeyAlgorithm::rsa_2048: key.reset(EVP_RSA_gen(2048U)); break;
        case KeyAlgorithm::p_256: key.reset(EVP_EC_gen("P-256")); break;
        case KeyAlgorithm::sm2: key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "SM2")); break;
    }
    if (!key) return openssl_failed("EVP_PKEY_Q_keygen");
    return key;
}

Result<std::string> private_key_pem(EVP_PKEY* key, const Secret& passphrase) {
    if (passphrase.empty()) return refused(tr("请设置保护密钥的口令"));
    const Handle<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> clear(EVP_PKEY2PKCS8(key));
    AlgorithmHandle scheme(PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), nullptr, 16, nullptr, 1U << 14, 8, 1));
    if (!clear || !scheme) return openssl_failed("PKCS5_pbe2_set_scrypt");
    const Handle<X509_SIG, X509_SIG_free> sealed(
        PKCS8_set0_pbe(passphrase.view().data(), static_cast<int>(passphrase.size()), clear.get(), scheme.get()));
    if (!sealed) return openssl_failed("PKCS8_set0_pbe");
    scheme.release();  // now part of `sealed`
    return to_pem(PEM_STRING_PKCS8, der_of(i2d_X509_SIG, sealed.get()));
}

Result<std::string> clear_private_key_pem(EVP_PKEY* key) {
    const BioHandle memory(BIO_new(BIO_s_mem()));
    if (!memory || PEM_write_bio_PKCS8PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1)
        return openssl_failed("PEM_write_bio_PKCS8PrivateKey");
    return contents(memory.get());
}

Result<KeyHandle> read_private_key(std::string_view pem, const Secret& passphrase) {
    SEALDESK_LET(der, from_pem(PEM_STRING_PKCS8, pem));
    const auto sealed = read_der<Handle<X509_SIG, X509_SIG_free>>(d2i_X509_SIG, der);
    if (!sealed) return fail(ErrorKind::corrupt, tr("密钥文件已损坏"));
    const Handle<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> clear(
        PKCS8_decrypt(sealed.get(), passphrase.view().data(), static_cast<int>(passphrase.size())));
    if (!clear) return fail(ErrorKind::refused, tr("密钥口令不正确"), openssl_errors());
    KeyHandle key(EVP_PKCS82PKEY(clear.get()));
    if (!key) return fail(ErrorKind::corrupt, tr("密钥文件已损坏"), openssl_errors());
    return key;
}

}  // namespace sealdesk::crypto
