// PINs: the initial one, changing and unlocking. A PIN is never stored, logged or put into an error; what these verbs
// return is shown once or printed into a letter and then wiped. No try is repeated by itself. Officers; worker threads.
#pragma once

#include "keys/writing.h"

namespace sealdesk::keys {

// Everything that stands in the letter; also what is shown once. Moves, never copies.
struct PinLetter {
    std::string key_serial, order_no, subject_name, recipient, address;
    int unit_no = 0;
    Instant made_at;
    crypto::Secret pin;
    bool unsure = false;  // the KEY did not answer: this PIN may be in force, or the one before it still is
};

// The letter of an order's KEY, as long as there is no PIN in it.
PinLetter letter_to(const orders::DeskOrder& order, const std::string& key_serial);

// What the officer saw before somebody's KEY got another PIN: all of it, ticked one by one, kept in the audit row. Without it
// such a PIN is refused before the KEY is touched.
struct IdentityCheck {
    bool document = false;       // the original of the document that the order names
    bool person = false;         // who stands there is who the document shows, or the handler
    bool authorisation = false;  // the stamped letter of the unit; for a person their own application
    bool complete() const { return document && person && authorisation; }
};

// Replaces the PIN that the KEY has now (the maker's, before it leaves the bench) by a random one. When the KEY did not answer
// while it was set, the new one is tried once; what that leaves open makes the letter unsure.
// Until pin_handed_on() a task says that nobody has the new PIN yet. needs_identity() says whether `seen` counts.
Result<PinLetter> set_initial_pin(storage::Database& database, const staff::Actor& actor, const Bench& bench,
                                  const std::string& key_serial, const crypto::Secret& pin, const IdentityCheck& seen = {},
                                  LastTry last = LastTry::spare);
// For set_initial_pin(): always, but for a blank KEY and for one that is surely still in the house, because its order was not
// handed over.
Result<bool> needs_identity(storage::Database& database, const Key& key);
// To a PIN that the person chose. What fails says which of the two opens the KEY now, or that nobody can tell; that is found out
// as above.
Result<> change_pin(storage::Database& database, const staff::Actor& actor, const Bench& bench, const std::string& key_serial,
                    const crypto::Secret& old_pin, const crypto::Secret& new_pin, const IdentityCheck& seen,
                    LastTry last = LastTry::spare);
// The letter was read or printed: the task that asked for this KEY's PIN is done.
Result<> pin_handed_on(storage::Database& database, const staff::Actor& actor, const std::string& key_serial);
// 解锁: a random new PIN, set with the KEY's administrator PIN. Refused before the KEY is touched when its certificate
// is not valid. As with the initial one, a task asks for it until pin_handed_on().
Result<PinLetter> unlock(storage::Database& database, const staff::Actor& actor, const Bench& bench,
                         const std::string& key_serial, const crypto::Secret& so_pin, const IdentityCheck& seen,
                         LastTry last = LastTry::spare);

}  // namespace sealdesk::keys
