#include "crypto/random.h"

#include <openssl/rand.h>

#include <cstdlib>

#include "crypto/digest.h"

namespace sealdesk::crypto {

std::string SystemRandom::bytes(size_t count) {
    std::string result(count, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(result.data()), static_cast<int>(count)) != 1) std::abort();
    return result;
}

std::string uuid(Random& random) {
    std::string bytes = random.bytes(16);
    bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
    bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
    std::string text = hex(bytes);
    for (const size_t at : {size_t{8}, size_t{13}, size_t{18}, size_t{23}}) text.insert(at, 1, '-');
    return text;
}

unsigned below(Random& random, unsigned limit) {
    const unsigned fair = 0xffffffffU - 0xffffffffU % limit;  // values from here on would favour small results
    for (;;) {
        unsigned value = 0;
        for (const char c : random.bytes(4)) value = value << 8 | static_cast<unsigned char>(c);
        if (value < fair) return value % limit;
    }
}

}  // namespace sealdesk::crypto
