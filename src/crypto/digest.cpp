#include "crypto/digest.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <new>

namespace sealdesk {

void Sha256::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

namespace {

// SHA-256 is in every provider; without memory for it there is nothing left to report.
void must(int done) {
    if (done != 1) throw std::bad_alloc();
}

}  // namespace

Sha256::Sha256() : context_(EVP_MD_CTX_new()) { must(context_ ? EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) : 0); }
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::add(std::string_view bytes) { must(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size())); }

std::string Sha256::hex() {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    must(EVP_DigestFinal_ex(context_.get(), digest, &size));
    must(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr));
    std::string text;
    for (unsigned int at = 0; at < size; ++at) text += fmt::format("{:02x}", digest[at]);
    return text;
}

std::string sha256_hex(std::string_view bytes) {
    Sha256 digest;
    digest.add(bytes);
    return digest.hex();
}

bool is_sha256_hex(std::string_view text) {
    return text.size() == 64 &&
           std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace sealdesk
