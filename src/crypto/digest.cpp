#include "crypto/digest.h"

#include <openssl/crypto.h>

#include <cstdlib>

#include "base/translate.h"
#include "crypto/handles.h"

namespace sealdesk {

struct Sha256::State {
    crypto::DigestContext context{EVP_MD_CTX_new()};
    std::string done;
};

// SHA-256 can only fail when there is no memory or no provider: nothing that a caller could act on.
namespace {
void must(bool worked) {
    if (!worked) std::abort();
}
}  // namespace

Sha256::Sha256() : state_(std::make_unique<State>()) {
    must(EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr) == 1);
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::add(std::string_view bytes) {
    must(state_->done.empty() && EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1);
}

std::string Sha256::hex() {
    if (state_->done.empty()) {
        std::string digest(32, '\0');
        must(EVP_DigestFinal_ex(state_->context.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr) == 1);
        state_->done = crypto::hex(digest);
    }
    return state_->done;
}

std::string sha256_hex(std::string_view bytes) { return crypto::hex(crypto::sha256(bytes)); }

namespace crypto {

std::string sha256(std::string_view bytes) {
    std::string digest(32, '\0');
    must(EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr, EVP_sha256(),
                    nullptr) == 1);
    return digest;
}

std::string hex(std::string_view bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

Result<std::string> from_hex(std::string_view digits) {
    const auto value = [](char c) {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        if (c >= 'A' && c <= 'F') return c - 'A' + 10;
        return -1;
    };
    if (digits.size() % 2 != 0) return refused(tr("十六进制文本的位数不是偶数"));
    std::string bytes;
    bytes.reserve(digits.size() / 2);
    for (size_t i = 0; i < digits.size(); i += 2) {
        const int high = value(digits[i]), low = value(digits[i + 1]);
        if (high < 0 || low < 0) return refused(tr("十六进制文本中有不允许的字符"));
        bytes += static_cast<char>(high << 4 | low);
    }
    return bytes;
}

std::string base64(std::string_view bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL writes a final zero
    const int length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes_of(bytes), static_cast<int>(bytes.size()));
    text.resize(static_cast<size_t>(length));
    return text;
}

Result<std::string> from_base64(std::string_view text) {
    const auto wrong = [] { return refused(tr("Base64 文本不正确")); };
    const auto allowed = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
    };
    if (text.size() % 4 != 0) return wrong();
    size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
    for (const char c : text.substr(0, text.size() - padding))
        if (!allowed(c)) return wrong();
    std::string bytes(text.size() / 4 * 3, '\0');
    if (!text.empty() &&
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), bytes_of(text), static_cast<int>(text.size())) < 0)
        return wrong();
    bytes.resize(bytes.size() - padding);
    const size_t last = bytes.size() / 3;  // one text for one value: no stray bits before the padding
    if (base64(std::string_view(bytes).substr(last * 3)) != text.substr(last * 4)) return wrong();
    return bytes;
}

bool same_secret(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace crypto
}  // namespace sealdesk

namespace sealdesk {

bool is_sha256_hex(std::string_view text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace sealdesk
