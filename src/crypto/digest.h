// SHA-256 and the text forms of bytes (hex, Base64). Pure functions; a Sha256 belongs to one thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sealdesk {

std::string sha256_hex(std::string_view bytes);  // 64 lower-case digits
bool is_sha256_hex(std::string_view text);       // 64 lower-case digits

class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;
    void add(std::string_view bytes);
    std::string hex();  // ends the digest; a second call gives the same text
private:
    struct State;
    std::unique_ptr<State> state_;
};

namespace crypto {

using sealdesk::Sha256;
using sealdesk::sha256_hex;

std::string sha256(std::string_view bytes);                // 32 bytes
std::string hex(std::string_view bytes);                   // lower-case
Result<std::string> from_hex(std::string_view digits);     // either case, even length
std::string base64(std::string_view bytes);                // one line, padded
Result<std::string> from_base64(std::string_view text);    // strict: no blanks, padded
bool same_secret(std::string_view a, std::string_view b);  // in time that depends on the lengths alone

}  // namespace crypto
}  // namespace sealdesk
