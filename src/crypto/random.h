// Where randomness comes from. Handed in, so that a test may own it. SystemRandom is thread-safe.
#pragma once

#include <string>

namespace sealdesk::crypto {

class Random {
public:
    virtual ~Random() = default;
    virtual std::string bytes(size_t count) = 0;
};

// The operating system's generator through OpenSSL. A machine without randomness must not go on: it aborts.
class SystemRandom final : public Random {
public:
    std::string bytes(size_t count) override;
};

std::string uuid(Random& random);                // version 4, RFC 9562: 36 lower-case characters
unsigned below(Random& random, unsigned limit);  // 0 … limit-1, every value equally likely; limit > 0

}  // namespace sealdesk::crypto
