#include "crypto/password.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <optional>

#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/handles.h"

namespace sealdesk::crypto {

namespace {

constexpr size_t kHashBytes = 32, kSaltBytes = 16;

struct Costs {
    std::uint64_t n = 1U << 15, r = 8, p = 1;
    bool operator==(const Costs&) const = default;
    std::uint64_t memory() const { return 128 * n * r + 128 * r * p; }
};

struct Stored {
    Costs costs;
    std::string salt, hash;
};

std::string scrypt(const Secret& password, std::string_view salt, const Costs& costs) {
    std::string hash(kHashBytes, '\0');
    // OpenSSL's own limit of 32 MB is just below what these costs need.
    const std::uint64_t limit = costs.memory() + (std::uint64_t{1} << 20);
    if (EVP_PBE_scrypt(password.view().data(), password.size(), bytes_of(salt), salt.size(), costs.n, costs.r, costs.p, limit,
                       reinterpret_cast<unsigned char*>(hash.data()), hash.size()) != 1)
        std::abort();  // only without memory: costs were checked
    return hash;
}

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<Stored> parse(std::string_view text) {
    const auto parts = split(text, '$');
    if (parts.size() != 6 || parts[0] != "scrypt") return std::nullopt;
    const auto n = number(parts[1]), r = number(parts[2]), p = number(parts[3]);
    const auto salt = from_base64(parts[4]), hash = from_base64(parts[5]);
    if (!n || !r || !p || !salt || !hash || salt->empty() || hash->size() != kHashBytes) return std::nullopt;
    // A damaged row must not ask for all the memory of the machine.
    if (*n < 2 || (*n & (*n - 1)) != 0 || *n > (1U << 20) || *r < 1 || *r > 16 || *p < 1 || *p > 16) return std::nullopt;
    return Stored{{*n, *r, *p}, *salt, *hash};
}

}  // namespace

std::string hash_password(const Secret& password, Random& random) {
    const Costs costs;
    const std::string salt = random.bytes(kSaltBytes);
    return fmt::format("scrypt${}${}${}${}${}", costs.n, costs.r, costs.p, base64(salt), base64(scrypt(password, salt, costs)));
}

bool password_matches(const Secret& password, std::string_view stored) {
    const auto parsed = parse(stored);
    if (!parsed) {
        scrypt(password, std::string(kSaltBytes, '\0'), Costs{});
        return false;
    }
    return same_secret(scrypt(password, parsed->salt, parsed->costs), parsed->hash);
}

bool should_hash_again(std::string_view stored) {
    const auto parsed = parse(stored);
    return !parsed || parsed->costs != Costs{};
}

}  // namespace sealdesk::crypto
