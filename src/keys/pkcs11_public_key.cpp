#include "keys/pkcs11_public_key.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>

#include "crypto/pem.h"
#include "keys/pkcs11_module.h"

namespace sealdesk::keys {

namespace {

struct FreeParameters {
    void operator()(OSSL_PARAM* parameters) const { OSSL_PARAM_free(parameters); }
};

Result<crypto::KeyHandle> public_key_of(const char* algorithm, OSSL_PARAM* parameters) {
    const crypto::KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, algorithm, nullptr));
    EVP_PKEY* key = nullptr;
    if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1) {
        auto error = token_error(CKR_DEVICE_ERROR, "public key");
        error.detail += ": " + crypto::openssl_errors();
        return tl::unexpected(std::move(error));
    }
    return crypto::KeyHandle(key);
}

}  // namespace

Result<crypto::KeyHandle> rsa_public_key(std::string_view modulus, std::string_view exponent) {
    const crypto::BigNumber n(BN_bin2bn(crypto::bytes_of(modulus), static_cast<int>(modulus.size()), nullptr));
    const crypto::BigNumber e(BN_bin2bn(crypto::bytes_of(exponent), static_cast<int>(exponent.size()), nullptr));
    const crypto::Handle<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free> build(OSSL_PARAM_BLD_new());
    if (!n || !e || !build || OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
        return crypto::openssl_failed("OSSL_PARAM_BLD_push_BN");
    const std::unique_ptr<OSSL_PARAM, FreeParameters> parameters(OSSL_PARAM_BLD_to_param(build.get()));
    return public_key_of("RSA", parameters.get());
}

Result<crypto::KeyHandle> ec_public_key(std::string_view attribute) {
    std::string point(attribute);
    if (const auto wrapped = crypto::read_der<crypto::OctetStringHandle>(d2i_ASN1_OCTET_STRING, attribute))
        point.assign(reinterpret_cast<const char*>(ASN1_STRING_get0_data(wrapped.get())),
                     static_cast<size_t>(ASN1_STRING_length(wrapped.get())));
    std::string group = "P-256";
    OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), group.size()),
                               OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
                               OSSL_PARAM_construct_end()};
    return public_key_of("EC", parameters);
}

Result<std::string> ecdsa_der(std::string_view raw) {
    const auto half = static_cast<int>(raw.size() / 2);
    crypto::BigNumber r(BN_bin2bn(crypto::bytes_of(raw), half, nullptr));
    crypto::BigNumber s(BN_bin2bn(crypto::bytes_of(raw) + half, half, nullptr));
    const crypto::Handle<ECDSA_SIG, ECDSA_SIG_free> signature(ECDSA_SIG_new());
    if (!r || !s || !signature || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1)
        return crypto::openssl_failed("ECDSA_SIG_set0");
    r.release();
    s.release();
    return crypto::der_of(i2d_ECDSA_SIG, signature.get());
}

}  // namespace sealdesk::keys
