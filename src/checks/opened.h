// A package opened for the checks: its pages with what can be seen on them. Seconds of work; never on the UI thread, and
// outside of transactions.
#pragma once

#include <filesystem>
#include <vector>

#include "checks/papers.h"
#include "scans/scanbox.h"

namespace sealdesk::checks {

struct Opened {
    Papers papers;
    scans::Package package;  // page for page the same
};

// Without facts of pages. What keeps the package from opening stands in Papers::why_not.
Opened open_papers(const scans::Scanbox& scanbox, const std::filesystem::path& package);
// Decodes what is not `known` and looks at it.
void look_at_pages(const scans::Scanbox& scanbox, Opened& opened, const FileFacts& known);

// Rule and item name a finding: a second of the same name gets a number.
void make_distinct(std::vector<Finding>& findings);

// What the pages of any package show by themselves: legible, upright, not twice, and the papers that are asked for.
std::vector<Finding> examine_file(const scans::Scanbox& scanbox, const std::filesystem::path& package,
                                  const std::vector<Demand>& demands);

}  // namespace sealdesk::checks
