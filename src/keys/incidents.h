// What happens to a KEY after it was written, each as one verb that does the whole chain in one transaction: certificate
// with the right reason (RFC 5280 5.3.1), revocation list, stock, journal, what the platform is told, audit. Safe to
// repeat: what was done is not done again. Officers; worker threads.
#pragma once

#include "keys/writing.h"

namespace sealdesk::keys {

enum class Incident {
    lost,       // key compromise (1); scrapped
    damaged,    // superseded (4); scrapped
    returned,   // cessation of operation (5); kept as returned
    suspended,  // certificate hold (6); the KEY stays where it is
    resumed,    // taken off the list again
};
inline constexpr int kIncidents = 5;
const char* name_of(Incident incident);  // "lost": command line, audit
const char* word_of(Incident incident);  // 遗失
std::optional<Incident> parse_incident(std::string_view name);

// What the verb would do, a sentence each; or, as refused or conflict, why it cannot.
struct Plan {
    std::string key_serial, order_no, subject_name, certificate_serial;
    std::vector<std::string> steps;  // empty: all of it was done before
};
Result<Plan> plan(storage::Database& database, Incident incident, const std::string& key_serial);

struct Outcome {
    bool revoked = false;       // or suspended, or resumed: now, not before
    bool moved = false;         // the stock changed
    bool unit_is_free = false;  // its order needs another KEY
    std::string certificate_serial;
    std::int64_t crl_number = 0;  // of the list that tells it; 0: none was needed
};
// `note`: what the applicant said, or how it came; needed, kept in stock and audit.
Result<Outcome> report(storage::Database& database, const staff::Actor& actor, const Bench& bench, Incident incident,
                       const std::string& key_serial, const std::string& note);

// Initialises a returned KEY anew, or a blank one that is locked, with its administrator PIN: its user PIN is with the
// applicant. It is blank afterwards, with this user PIN. Refused for any other, and while its certificate lives.
Result<> erase(storage::Database& database, const staff::Actor& actor, const Bench& bench, const std::string& key_serial,
               const crypto::Secret& so_pin, const crypto::Secret& new_pin, LastTry last = LastTry::spare);

}  // namespace sealdesk::keys
