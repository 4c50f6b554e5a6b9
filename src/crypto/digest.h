// SHA-256 (FIPS 180-4): the name under which evidence is kept. Whole or block by block; any thread, one
// object per thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace sealdesk {

// 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);

class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;
    void add(std::string_view bytes);
    // Gives the digest and starts anew.
    std::string hex();

private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const;
    };
    std::unique_ptr<evp_md_ctx_st, Free> context_;
};

// 64 lower-case hex digits and nothing else: safe as a file name.
bool is_sha256_hex(std::string_view text);

}  // namespace sealdesk
