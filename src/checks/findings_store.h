// Findings as rows: what the last run said, and which of it a person has answered. Inside a verb's transaction.
#pragma once

#include <vector>

#include "checks/checks.h"

namespace sealdesk::checks {

// One run, and what it saw.
struct RunMade {
    int revision = 0;  // 0: none
    int rules_version = 0;
    std::string papers;  // "read", "absent" (not here yet), "broken" (here, cannot be opened)
    int paid_together = 0;
    Instant at;
    bool same_as(const RunMade& other) const {
        return revision == other.revision && rules_version == other.rules_version && papers == other.papers &&
               paid_together == other.paid_together;
    }
};
RunMade last_run(storage::Tx& tx, const std::string& order_no);
void keep_run(storage::Tx& tx, const std::string& order_no, const RunMade& run);

std::vector<Finding> kept_findings(storage::Tx& tx, const std::string& order_no, int revision);
// Instead of those that are there for the revision.
void keep_findings(storage::Tx& tx, const std::string& order_no, int revision, const std::vector<Finding>& findings);
// With the answers that hold.
std::vector<Kept> answered(storage::Tx& tx, const std::string& order_no, std::vector<Finding> findings);

}  // namespace sealdesk::checks
