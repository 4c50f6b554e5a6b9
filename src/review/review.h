// The reviewer's verbs: claim, approve, reject, undo. Plain functions, one transaction each; the same for
// panel, command line and tests.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "orders/orders.h"
#include "review/reasons.h"
#include "review/working_time.h"
#include "staff/staff.h"

namespace sealdesk::review {

struct Rules {
    std::int64_t lease_ms = 15 * kMinute;  // a claim that nobody renews ends
    std::int64_t undo_ms = 60 * kSecond;   // a decision leaves the desk only after it
    // A corrected order is kept for the reviewer who sent it back for that long, in working time where that is known.
    std::int64_t return_ms = 2 * kHour;
    const WorkingTime* working = nullptr;  // lives longer than the verbs; none: every hour counts
};

// The oldest free order in review; before it orders paid together with one that the reviewer holds, and corrected ones that
// the reviewer sent back. Nothing when the queue is empty. A corrected order is kept for the reviewer who sent it back for
// Rules::return_ms, as long as they are at work: seen reviewing within the hour before, not signed out since, not locked or
// blocked. Who asks for it by number (claim) gets it at any time.
Result<std::optional<std::string>> claim_next(storage::Database& database, const staff::Actor& actor, const Rules& rules);
// conflict while somebody else holds it.
Result<orders::DeskOrder> claim(storage::Database& database, const staff::Actor& actor, const Rules& rules,
                                const std::string& no);
Result<> release(storage::Database& database, const staff::Actor& actor, const std::string& no);
// Everything the reviewer holds, at sign-out.
Result<int> release_all(storage::Database& database, const staff::Actor& actor);

// A claim that ended because nobody worked on it, and that somebody else has taken over since.
struct LostClaim {
    std::string no, subject_name, taken_by;  // taken_by: name of the person
    Instant at;
};
// What the actor lost since they were told last; each is told once. Oldest first.
Result<std::vector<LostClaim>> take_lost_claims(storage::Database& database, const staff::Actor& actor);

// Rounds of those orders before the running one: from the time that the papers came until they were sent back. Orders
// without any are left out.
Result<std::map<std::string, std::vector<Round>>> earlier_rounds(storage::Database& database,
                                                                 const std::vector<std::string>& order_nos);

// What the reviewer saw when deciding: a late write is a conflict.
struct Seen {
    std::string no;
    int revision = 1;
    std::int64_t row_version = 1;
};
// Inside a verb's transaction: the order, or conflict when the world is no longer what the reviewer saw (other state, new
// papers, in other hands, changed).
Result<orders::DeskOrder> still_as_seen(storage::Tx& tx, const staff::Actor& actor, const Seen& seen);
// Refused when items of the checklist (items.h) are used for this order and one is faulted, or required and open.
Result<> approve(storage::Database& database, const staff::Actor& actor, const Rules& rules, const Seen& seen);
// The same inside another verb's transaction.
Result<> approve(storage::Tx& tx, const staff::Actor& actor, const Rules& rules, const Seen& seen);
// At least one faulted item, reason for the order as a whole, or note; stored and sent as the applicant will read them
// (compose() in items.h).
Result<> reject(storage::Database& database, const staff::Actor& actor, const Rules& rules, const Seen& seen,
                const std::vector<Reason>& reasons, const std::string& note);

struct Undoable {
    std::string no, subject_name, verdict;
    Instant until;
};
// The actor's newest decision that has not left the desk.
Result<std::optional<Undoable>> undoable(storage::Database& database, const staff::Actor& actor);
// Back to review and claimed by the actor; conflict when the decision has left the desk.
Result<> undo(storage::Database& database, const staff::Actor& actor, const Rules& rules, const std::string& no);

struct Decision {
    std::string verdict, note, staff;  // verdict: "approved" or "rejected"
    std::string by;                    // name to the login in `staff`
    int revision = 1;
    Instant at;
    bool undone = false;
    std::vector<std::string> reasons;  // sentences
};
Result<std::vector<Decision>> decisions(storage::Database& database, const std::string& no);

// Opening scans of identity papers is logged.
Result<> opened_scans(storage::Database& database, const staff::Actor& actor, const std::string& no, int revision);

}  // namespace sealdesk::review
