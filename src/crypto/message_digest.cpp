#include "crypto/message_digest.h"

#include <openssl/hmac.h>

#include <cstdlib>

#include "crypto/handles.h"

namespace sealdesk::crypto {

// Fails only without memory or provider: nothing that a caller could act on.
static std::string digest_of(std::string_view bytes, const EVP_MD* kind) {
    std::string digest(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), &size, kind, nullptr) != 1)
        std::abort();
    digest.resize(size);
    return digest;
}

std::string hmac_sha1(std::string_view key, std::string_view bytes) {
    std::string digest(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    if (HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(bytes.data()),
             bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), &size) == nullptr)
        std::abort();
    digest.resize(size);
    return digest;
}

std::string md5(std::string_view bytes) { return digest_of(bytes, EVP_md5()); }
std::string sm3_digest(std::string_view bytes) { return digest_of(bytes, EVP_sm3()); }

}  // namespace sealdesk::crypto
