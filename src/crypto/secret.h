// A PIN, password or passphrase: held once on the heap, wiped when it goes, never printable. Move only,
// so that nobody copies it by accident; clone() says so aloud.
#pragma once

#include <openssl/crypto.h>

#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sealdesk::crypto {

class Secret {
public:
    Secret() = default;
    // Takes the text over and wipes the place it came from.
    explicit Secret(std::string&& text) : bytes_(text.begin(), text.end()) {
        OPENSSL_cleanse(text.data(), text.size());
        text.clear();
    }
    explicit Secret(const char*) = delete;  // a literal in the program is no secret: Secret(std::string("…")) in tests
    Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) { other.bytes_.clear(); }
    Secret& operator=(Secret&& other) noexcept {
        if (this != &other) {
            wipe();
            bytes_ = std::move(other.bytes_);
            other.bytes_.clear();
        }
        return *this;
    }
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret() { wipe(); }

    Secret clone() const { return Secret(std::string(view())); }
    // For the library call that needs it; never for a log, a file or a message.
    std::string_view view() const { return {bytes_.data(), bytes_.size()}; }
    size_t size() const { return bytes_.size(); }
    bool empty() const { return bytes_.empty(); }
    void wipe() {
        OPENSSL_cleanse(bytes_.data(), bytes_.size());
        bytes_.clear();
    }

    friend std::ostream& operator<<(std::ostream&, const Secret&) = delete;

private:
    std::vector<char> bytes_;
};

// A field that somebody typed into, with what stood in it before it became shorter. It keeps its place, so that the next one
// leaves no copy behind while it grows.
inline void wipe(std::string& typed) {
    typed.resize(typed.capacity());
    OPENSSL_cleanse(typed.data(), typed.size());
    typed.clear();
}

}  // namespace sealdesk::crypto
