// Orders that nothing speaks against, approved one after another by somebody who has the right: reviewer and supervisor.
// Each has its own transaction, decision, undo window and line in the log. Never on the UI thread.
#pragma once

#include <string>
#include <vector>

#include "checks/checks.h"

namespace sealdesk::checks {

// Examined by today's rules, its papers read, every warning and fault answered, never sent back, in nobody else's hands.
struct Green {
    review::Seen seen;
    std::string subject_name;
    orders::OrderKind kind = orders::OrderKind::create;
    orders::SubjectKind subject_kind = orders::SubjectKind::unit;
    Fen amount;
    Instant waiting_since;
    int right = 0, answered = 0, unchecked = 0;  // findings: right, overridden with a reason, not applicable or not possible
};
// Longest waiting first. denied for who may not approve them together.
Result<std::vector<Green>> all_green(storage::Database& database, const staff::Actor& actor, int limit);

// Logs that the order was opened in a batch and approves it. refused, with what speaks against it, when it is not green any
// more; everything else as review::approve.
Result<> approve_green(storage::Database& database, const staff::Actor& actor, const review::Rules& rules,
                       const review::Seen& seen);

}  // namespace sealdesk::checks
