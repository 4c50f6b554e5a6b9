// The verbs of the checks: run all of them for an order and keep what they find, read it again, override a finding with a
// reason. One transaction each; the slow part (opening the package) is done before it. Never on the UI thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checks/papers.h"
#include "checks/reader.h"
#include "orders/fees.h"
#include "review/review.h"
#include "scans/package_store.h"
#include "scans/scanbox.h"
#include "storage/database.h"

namespace sealdesk::checks {

// What orders are held against, read from data/ once.
struct Standards {
    orders::Fees fees;
    Checklists checklists;
    std::map<orders::SubjectKind, std::pair<int, int>> years;  // least and most, of the certificates' profiles
};
Result<Standards> load_standards(const std::filesystem::path& data);

// Where pages come from. Without it only form and history are checked.
struct Pages {
    const scans::Scanbox* scanbox = nullptr;
    const scans::PackageStore* packages = nullptr;
    bool texts = true;  // what was read on pages counts; false: the centre has switched reading off
};

struct Override {
    std::string reason, staff, by;  // by: name to the login in `staff`
    Instant at;
};
struct Kept {
    Finding finding;
    std::optional<Override> overridden;
    // Still speaks against the order: warning or fault that nobody has answered.
    bool open() const { return finding.verdict >= Verdict::warning && !overridden; }
};
struct Report {
    std::string order_no;
    int revision = 0;      // 0: the checks have not run
    bool stale = false;    // the order has a newer submission, or the rules have changed since
    bool papers = false;   // the pages were looked at
    bool waiting = false;  // for the package
    Instant ran_at;
    std::vector<Kept> findings;  // in the order in which they were made
};

// Runs every rule on the order's newest submission and keeps the findings, with an audit row, unless they are what is there
// already. Pages that were looked at before are not decoded again. Conflict when the order got a new submission meanwhile.
Result<Report> examine(storage::Database& database, const Standards& standards, const Pages& pages, const std::string& order_no);

// Orders in review that were never examined, or have changed since: a new submission, other rules, a package that has
// arrived, an order of the same payment that came later. Longest waiting first.
Result<std::vector<std::string>> due(storage::Database& database, const Pages& pages, int limit);
// Examines those; returns how many. An order that cannot be examined is passed over.
Result<int> examine_due(storage::Database& database, const Standards& standards, const Pages& pages, int limit);

// Reads what nobody has read yet on the licence and identity papers of an examined order, and on pages that nothing else tells,
// seconds each; then examines it again. Ends early when `stop` is set. Returns how many pages were read: none where reading is
// switched off.
Result<int> read_papers(storage::Database& database, const Standards& standards, const Pages& pages, const Reader& reader,
                        const std::string& order_no, const std::atomic<bool>& stop);

Result<Report> report(storage::Database& database, const std::string& order_no);

// For the queue: open warnings and faults, for orders that have some.
struct Open {
    int warnings = 0, faults = 0;
};
Result<std::map<std::string, Open>> open_findings(storage::Database& database, const std::vector<std::string>& order_nos);

// Which finding, with the basis that the reviewer saw.
struct Chosen {
    std::string rule, item, basis;
};
// A reviewer's reason why a warning, a fault or a check that could not be made does not stand in the way. Late writes are
// conflicts as in review::approve; so is a finding that has changed or that somebody else has answered.
Result<> override_finding(storage::Database& database, const staff::Actor& actor, const review::Seen& seen, const Chosen& chosen,
                          const std::string& reason);
// Takes the reason back.
Result<> withdraw_override(storage::Database& database, const staff::Actor& actor, const review::Seen& seen,
                           const Chosen& chosen);

}  // namespace sealdesk::checks
