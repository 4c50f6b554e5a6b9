// Writing KEYs: the officer's verbs. Each KEY of an order is a journalled job; a step is repeated or skipped
// safely, so a crash, a pulled KEY or a power cut goes on where it stopped. Worker threads only.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "certificates/certificate_register.h"
#include "certificates/profile.h"
#include "keys/issue.h"
#include "keys/stock.h"
#include "keys/token.h"
#include "orders/orders.h"
#include "staff/staff.h"

namespace sealdesk::certificates {
class CmpClient;
}

namespace sealdesk::keys {

struct Rules {
    bool maker_is_not_checker = true;  // who approved an order cannot write its KEY
    bool random_pin = false;           // a KEY that is bound owes a new PIN: a task says so until pin_handed_on()
};

struct Job {
    std::int64_t id = 0;
    std::string order_no, subject_name;
    int unit_no = 1;  // 1 … quantity
    std::string key_serial;
    Step done = Step::allocate;     // the last finished step
    std::optional<Step> beginning;  // the one that was begun after it
    std::string certificate_serial;
    std::string request_pem;
    std::string officer;  // who began it
    Instant started_at, updated_at;
    bool finished() const { return done == Step::bind; }
};

// Where a step stands: its beginning is on record; done on the KEY and not on record; at the end of the recording transaction;
// on record.
enum class Moment { begins, unrecorded, recording, recorded };

// What the verbs work with; the desk owns it.
struct Bench {
    Tokens* tokens = nullptr;
    std::shared_ptr<const certificates::Authority> authority;  // the key goes with the last job that signs
    std::shared_ptr<const certificates::CmpClient> external;   // certifies instead of `authority`, which revokes what it made
    bool external_issues = true;                               // false: it only hears of revocations
    bool certifies_outside() const { return external && external_issues; }
    std::map<orders::SubjectKind, certificates::Profile> profiles;
    crypto::Random* random = nullptr;
    Rules rules;
    std::optional<crypto::KeyAlgorithm> algorithm;  // of all KEYs; nothing: what the profile says
    // What an order needs besides its approval before a KEY of it is begun: the picture of its seal. Empty: nothing.
    std::function<Result<>(storage::Tx&, const std::string& order_no)> ready;
    // The seal that belongs on the job's KEY (DER), for this certificate: once it was written, the same bytes every time it is
    // asked for the same job. Empty: KEYs leave without a seal.
    std::function<Result<std::string>(storage::Database&, const Job&, const certificates::Certificate&)> seal;
    // What else goes when a certificate is withdrawn, in the same transaction: its seal. `because`: "replaced", "lost" …
    std::function<Result<>(storage::Tx&, const staff::Actor&, const std::string& certificate_serial, const std::string& because)>
        withdrawn;
    // Called at every moment of every step, on the thread of the verb: a test ends the process there.
    std::function<void(const Job&, Step, Moment)> watch;
};

// Notes which KEYs are plugged in; an unknown one enters the stock as blank. Whether there is something on it asks plugged.h.
Result<> seen(storage::Database& database, const std::vector<TokenInfo>& tokens);

Result<std::vector<Job>> jobs_of(storage::Database& database, const std::string& order_no);
// Begun and not finished, oldest first: what has to be gone on with.
Result<std::vector<Job>> open_jobs(storage::Database& database);

// Gives the KEY to the next unit of the order, or finds the job that this KEY already has for it. Refused: the
// order is not approved, its decision can still be undone, it was approved by the same person, the KEY belongs
// to another order; conflict when a unit waits for another KEY that is not `beside` this one, plugged in as well and
// going on with its own unit.
Result<Job> begin(storage::Database& database, const staff::Actor& actor, const Bench& bench, const std::string& order_no,
                  const std::string& key_serial, const std::set<std::string>& beside = {});

// Does the next step on the KEY and records it. Nothing is half done when it returns an error. Conflict, and nothing is
// recorded, when the order was refunded or went elsewhere before the step was done.
Result<Job> advance(storage::Database& database, const staff::Actor& actor, const Bench& bench, TokenSession& session, Job job);

// begin and advance to the end. A KEY that is begun now must hold nothing. No PIN is tried before it is clear that the order is
// to be written and that the KEY is not somebody else's; conflict when it is finished already. `progress` is called on this
// thread before every step.
Result<Job> write(storage::Database& database, const staff::Actor& actor, const Bench& bench, const std::string& order_no,
                  const std::string& key_serial, const crypto::Secret& pin,
                  const std::function<void(const Job&, Step)>& progress = {}, const std::set<std::string>& beside = {},
                  LastTry last = LastTry::spare);

// The live job of this KEY; nothing for a KEY that is for nobody.
Result<std::optional<Job>> job_of(storage::Database& database, const std::string& key_serial);
// What an officer has to say before a replacement order is written: the applicant named no certificate and several may be
// meant, or named one that this centre never made for this subject.
struct ToName {
    std::string unknown;                    // what the order names in vain
    std::vector<certificates::Entry> list;  // which it can be; beside `chosen`: until a KEY is begun another one can be named
    std::string chosen;  // nobody has to say it: the one that is, or was, replaced, or kNoneOfThem; "" when there is none
    bool asked() const { return chosen.empty() && (!unknown.empty() || !list.empty()); }
};
Result<ToName> may_replace(storage::Database& database, const std::string& order_no);
// An officer says which one it is, or kNoneOfThem: another centre made it, nothing is revoked here. Refused when it is not of
// the same subject; conflict once a certificate of the order is recorded.
inline constexpr const char* kNoneOfThem = "-";
Result<> name_replaced(storage::Database& database, const staff::Actor& actor, const std::string& order_no,
                       const std::string& certificate_serial);

}  // namespace sealdesk::keys
