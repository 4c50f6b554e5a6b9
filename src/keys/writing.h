// Writing KEYs: the officer's verbs. Each KEY of an order is a journalled job; a step is repeated or skipped
// safely, so a crash, a pulled KEY or a power cut goes on where it stopped. Worker threads only.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "certificates/certificate_register.h"
#include "certificates/profile.h"
#include "keys/issue.h"
#include "keys/token.h"
#include "orders/orders.h"
#include "staff/staff.h"

namespace sealdesk::keys {

struct Rules {
    bool maker_is_not_checker = true;  // who approved an order cannot write its KEY
};

// What the verbs work with; the desk owns it.
struct Bench {
    Tokens* tokens = nullptr;
    const certificates::Authority* authority = nullptr;
    std::map<orders::SubjectKind, certificates::Profile> profiles;
    crypto::Random* random = nullptr;
    Rules rules;
};

struct Job {
    std::int64_t id = 0;
    std::string order_no, subject_name;
    int unit_no = 1;  // 1 … quantity
    std::string key_serial;
    Step done = Step::allocate;  // the last finished step
    std::string certificate_serial;
    std::string request_pem;
    std::string officer;
    Instant started_at, updated_at;
    bool finished() const { return done == Step::bind; }
};

struct Key {
    std::string serial, label, state, order_no;
    int unit_no = 0;
    Instant updated_at;
};

// Notes which KEYs are plugged in; an unknown one enters the stock as blank.
Result<> seen(storage::Database& database, const std::vector<TokenInfo>& tokens);
Result<std::optional<Key>> find_key(storage::Database& database, const std::string& serial);
Result<std::vector<Key>> keys_of(storage::Database& database, const std::string& order_no);

Result<std::vector<Job>> jobs_of(storage::Database& database, const std::string& order_no);
// Begun and not finished, oldest first: what has to be gone on with.
Result<std::vector<Job>> open_jobs(storage::Database& database);

// Gives the KEY to the next unit of the order, or finds the job that this KEY already has for it. Refused: the
// order is not approved, its decision can still be undone, it was approved by the same person, the KEY belongs
// to another order; conflict when a unit waits for another KEY.
Result<Job> begin(storage::Database& database, const staff::Actor& actor, const Bench& bench, const std::string& order_no,
                  const std::string& key_serial);

// Does the next step on the KEY and records it. Nothing is half done when it returns an error.
Result<Job> advance(storage::Database& database, const staff::Actor& actor, const Bench& bench, TokenSession& session, Job job);

// begin and advance to the end. `progress` is called on this thread before every step.
Result<Job> write(storage::Database& database, const staff::Actor& actor, const Bench& bench, const std::string& order_no,
                  const std::string& key_serial, const crypto::Secret& pin,
                  const std::function<void(const Job&, Step)>& progress = {});

}  // namespace sealdesk::keys
