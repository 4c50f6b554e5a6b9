// The journal of writing KEYs in the database; used by this room alone.
#pragma once

#include <functional>

#include "keys/writing.h"

namespace sealdesk::keys {

// The order, when its KEYs may be written by this person now.
Result<> still_to_write(storage::Tx& tx, const staff::Actor& actor, const Rules& rules, const std::string& order_no);

// Before a PIN is tried: the job that the KEY goes on with; nothing for one that can be begun. Else refused as begin() does it;
// conflict for a KEY that is finished.
Result<std::optional<Job>> job_to_write(storage::Tx& tx, const staff::Actor& actor, const Rules& rules,
                                        const std::string& order_no, const std::string& key_serial);

// What begin() does, with the order as it was read then.
struct Allocated {
    Job job;
    orders::DeskOrder order;
};
Result<Allocated> allocate(storage::Database& database, const staff::Actor& actor, const Bench& bench,
                           const std::string& order_no, const std::string& key_serial, const std::set<std::string>& beside);
// Looked at before anything happens on the KEY: conflict when somebody else went on, or when the order is not to be written any
// more.
Result<> may_begin(storage::Database& database, const staff::Actor& actor, const Bench& bench, const Job& job);
// Sets the job's finished step, says that the next one begins, and does `with`, all in one transaction; conflict as above.
Result<> record(storage::Database& database, const staff::Actor& actor, const Bench& bench, Job& job, Step step,
                const std::function<Result<>(storage::Tx&)>& with);

// The job's certificate gets another serial while it is not signed (external CA); `with` renames it in the register.
Result<> name_certificate(storage::Database& database, Job& job, const std::function<Result<std::string>(storage::Tx&)>& with);

// The certificate of the order that the KEY is for now; that of a former owner is not on it any more.
Result<std::optional<certificates::Entry>> certificate_on(storage::Tx& tx, const Key& key);
std::vector<Job> jobs_of(storage::Tx& tx, const std::string& order_no);  // by unit, without those that were given up
std::optional<Job> live_job(storage::Tx& tx, const std::string& key_serial);
void give_up(storage::Tx& tx, const Job& job);  // its unit is free for another KEY

// Why the replaced certificate goes (facts of the trade: lost 1, damaged 4, data changed 3); nothing when the order replaces
// none.
std::optional<certificates::RevocationReason> reason_to_replace(const orders::Order& order);
// The certificate that the order replaces, whatever became of it; nothing when the centre never issued one. Refused when
// it is another subject's, or when there are several and none was named.
Result<std::optional<certificates::Entry>> replaced_certificate(storage::Tx& tx, const orders::DeskOrder& order);
// Revokes it with a new list, takes its KEY out of the stock and tells the platform, as far as that was not done before:
// whichever KEY of the order comes here first does it.
Result<> revoke_replaced(storage::Tx& tx, const staff::Actor& actor, const Bench& bench, const orders::DeskOrder& order,
                         const Job& job);

// What report() does, in the caller's transaction and without asking for the officer's right.
struct Outcome;
enum class Incident;
Result<Outcome> report(storage::Tx& tx, const staff::Actor& actor, const Bench& bench, Incident incident,
                       const std::string& key_serial, const std::string& why);

// Tells the platform about the KEY; the last KEY of an order makes the order issued.
Result<> bind(storage::Tx& tx, const staff::Actor& actor, const Rules& rules, const Job& job);

// From now on a task says that nobody has the KEY's own PIN yet; it ends when somebody has it or the KEY is gone. True: none
// said so before.
bool pin_is_owed(storage::Tx& tx, const std::string& order_no, const std::string& key_serial);
bool nobody_has_its_pin(storage::Tx& tx, const Key& key);
void pin_is_settled(storage::Tx& tx, const std::string& by, const std::string& key_serial, const std::string& note);

}  // namespace sealdesk::keys
