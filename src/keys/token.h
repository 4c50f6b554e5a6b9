// One USB KEY and what can be done with it, whatever library reaches it. A KEY is always named by its serial
// number, never by its place in a list. A Tokens object may be used from several threads; a TokenSession belongs to
// one thread at a time and there is at most one per KEY. None of this may run on the UI thread: a KEY is slow.
//
// Every write is safe to repeat: look first (find_key_pair, find_certificate), then go on where it stopped.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "certificates/certificate.h"
#include "crypto/pem.h"
#include "crypto/secret.h"

namespace sealdesk::keys {

struct TokenInfo {
    std::string serial;  // empty only for the unused slot of a software KEY, which gets one when initialised
    std::string label, manufacturer, model;
    unsigned long slot = 0;  // where it is plugged in at this moment; says nothing later
    bool initialized = false;
    bool user_pin_set = false;
    // What the KEY tells about wrong tries: one or more failed, one is left, none is left.
    bool pin_low = false, pin_final = false, pin_locked = false;
    bool so_pin_low = false, so_pin_final = false, so_pin_locked = false;
    size_t shortest_pin = 0, longest_pin = 0;
    bool operator==(const TokenInfo&) const = default;
};

// CKA_ID: the same on both halves of a key pair and on its certificate is what binds them.
struct ObjectId {
    std::string bytes;
    // The same 16 bytes for the same text (an issue's uuid): a resumed issue finds what it left.
    static ObjectId of(std::string_view text);
    std::string hex() const;
    auto operator<=>(const ObjectId&) const = default;
};

struct KeyPair {
    ObjectId id;
    std::string label;
    crypto::KeyAlgorithm algorithm = crypto::KeyAlgorithm::rsa_2048;
    std::string public_key;    // SubjectPublicKeyInfo, DER
    bool made_here = false;    // generated on this KEY, not brought in
    bool extractable = false;  // the KEY would hand the private key out
    bool was_ever_readable = true;
    std::shared_ptr<EVP_PKEY> decoded;  // the public key, because OpenSSL 3.0 takes longer to decode one than to use it
};

struct StoredCertificate {
    ObjectId id;
    std::string label;
    std::string der;
};

// Whether a PIN may be tried when the KEY says that one try is left: only after a person agreed.
enum class LastTry { spare, use };
// Whether initialising may destroy what is on the KEY.
enum class Contents { keep, erase };

class TokenSession {
public:
    virtual ~TokenSession() = default;

    // Read anew from the KEY, with the PIN flags as they are now. Device error when another KEY sits there.
    virtual Result<TokenInfo> look() = 0;

    // Tries the PIN once. Device error with how it stands; a locked KEY is not asked at all.
    virtual Result<> login(const crypto::Secret& pin, LastTry last = LastTry::spare) = 0;
    virtual Result<> logout() = 0;
    virtual Result<> change_pin(const crypto::Secret& old_pin, const crypto::Secret& new_pin) = 0;
    // 解锁: the security officer sets a new user PIN. Ends a login.
    virtual Result<> unlock(const crypto::Secret& so_pin, const crypto::Secret& new_pin, LastTry last = LastTry::spare) = 0;

    virtual Result<std::vector<KeyPair>> key_pairs() = 0;
    // Empty when there is none, or only one half of one (a pulled KEY): generate_key_pair clears halves away.
    virtual Result<std::optional<KeyPair>> find_key_pair(const ObjectId& id) = 0;
    // On the KEY, private half never readable. Conflict when the id has a whole pair already.
    virtual Result<KeyPair> generate_key_pair(const ObjectId& id, const std::string& label, crypto::KeyAlgorithm algorithm) = 0;

    virtual Result<std::vector<StoredCertificate>> certificates() = 0;
    // Device error when the id has two different ones (a crash between writing and clearing): write again.
    virtual Result<std::optional<StoredCertificate>> find_certificate(const ObjectId& id) = 0;
    // Refused before anything is written when it is not the certificate of the pair with this id. Afterwards it is
    // the only certificate with the id; the new one is written before an old one goes.
    virtual Result<> write_certificate(const ObjectId& id, const std::string& label,
                                       const sealdesk::certificates::Certificate& certificate) = 0;

    // Data that anyone may read (a seal), one value per label. Written like a certificate: the new before the old goes.
    virtual Result<> write_data(const std::string& label, std::string_view bytes) = 0;
    virtual Result<std::optional<std::string>> find_data(const std::string& label) = 0;
    virtual Result<int> delete_data(const std::string& label) = 0;

    // How many objects there are beside the pair with this id: halves of pairs, certificates, the seal. Data that a maker
    // keeps on its KEYs is no stranger.
    virtual Result<int> strangers(const ObjectId& mine) = 0;
    // Key pair and certificates with the id; how many objects went.
    virtual Result<int> delete_objects(const ObjectId& id) = 0;

    // SHA-256 of the message signed on the KEY: PKCS#1 v1.5 for RSA, DER ECDSA for P-256.
    virtual Result<std::string> sign(const ObjectId& id, std::string_view message) = 0;
    // Ok when the KEY refuses to hand out the private key, tried for real; device error when it would.
    virtual Result<> check_not_extractable(const ObjectId& id) = 0;
};

class Tokens {
public:
    virtual ~Tokens() = default;
    virtual Result<std::vector<TokenInfo>> list() = 0;  // sorted by serial
    // Device error when it is not plugged in, or when two say the same serial.
    virtual Result<TokenInfo> find(std::string_view serial) = 0;
    // Conflict when a session for it is open already.
    virtual Result<std::unique_ptr<TokenSession>> open(std::string_view serial) = 0;
    // Makes an empty KEY with these PINs; what it is afterwards (a software KEY has its serial from now on).
    virtual Result<TokenInfo> initialize(const TokenInfo& token, const crypto::Secret& so_pin, const crypto::Secret& user_pin,
                                         const std::string& label, Contents contents = Contents::keep) = 0;
};

// Any KEY whose maker gives a PKCS#11 2.40 module (path of the .so). Device error when the file is no such module.
// C_Initialize happens here, once per module and process.
Result<std::unique_ptr<Tokens>> open_pkcs11(const std::string& module);

// A PKCS#11 return value (CK_RV) as a device error: one sentence with the safe next step, `call` in the detail.
Error token_error(unsigned long return_value, std::string_view call);
// The KEY looked at the PIN and said no to it, or is locked: trying the same one again can only cost tries.
bool is_refused_pin(const Error& error);
// The KEY was pulled out. What goes on by itself when it is back, and what has to be done again, only the verb knows.
bool is_pulled(const Error& error);

}  // namespace sealdesk::keys
