// KeyBench: what this desk writes KEYs with, as its settings name it: driver, profiles, issuing CA, seal maker. The CA's
// passphrase, and the PIN of its token, come from their files, or from a person who types what is missing once a session: then
// the keys are in memory until lock(). Owned
// by the Desk; any thread.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "certificates/certificate.h"
#include "desk/settings.h"
#include "keys/writing.h"
#include "storage/database.h"

namespace sealdesk::desk {

class KeyBench {
public:
    // `database` must outlive it. What is missing is told by trouble(), not by an error: such a desk still does the rest.
    KeyBench(const Settings& settings, const Places& places, storage::Database& database, crypto::Random& random);

    // As it is now; a copy, so that a job goes on with what it began with.
    keys::Bench bench() const;
    std::string trouble() const;                   // "" when KEYs can be written here
    bool wants_passphrase() const;                 // all is there but the passphrase of the CA's key
    bool wants_pin() const { return wants_pin_; }  // and that is the PIN of the token which holds it
    bool typed() const;                            // somebody typed it, lock() will forget it
    // The certificate of the issuing CA, also while its key is locked; nothing when there is none.
    std::optional<certificates::CertificateFacts> issuer() const;

    // Opens the keys of CA and seal maker, an officer's job that is logged. Refused with a wrong passphrase, device errors as
    // the token says them.
    Result<> unlock(const staff::Actor& actor, const crypto::Secret& typed);
    void lock();
    // Tells an external CA what was revoked here and it has not heard of; how many. 0 where there is none. It blocks until that
    // CA has answered.
    Result<int> tell_external_ca() const;

private:
    Result<> open(const Settings& settings, const Places& places);
    Result<> open_driver(const Settings& settings);
    // `of_issuer` opens the issuing CA's key, `passphrase` the seal maker's. `typed_in`: the session in which one of them was
    // typed; opens nothing once that is over.
    Result<> open_keys(const crypto::Secret& of_issuer, const crypto::Secret& passphrase, std::optional<int> typed_in);
    // What cannot be done before somebody types the passphrase; "" when only the list of this centre's own CA waits for it.
    std::string missing_secret() const;
    std::string without_passphrase() const;
    // No KEY is begun, and none gets past its seal, before the seal maker's key is open.
    void wait_for_seals();
    Result<> open_seals(keys::Bench& bench, const crypto::Secret& passphrase);

    const Settings settings_;
    storage::Database& database_;
    std::unique_ptr<keys::Tokens> all_tokens_, tokens_;  // with the CA's own token, and without it
    std::optional<certificates::CertificateFacts> issuer_;
    mutable std::mutex mutex_;
    keys::Bench bench_;
    std::string trouble_;
    bool wants_passphrase_ = false, typed_ = false;
    bool wants_pin_ = false;  // since the beginning
    int session_ = 0;         // counts lock()
};

}  // namespace sealdesk::desk
