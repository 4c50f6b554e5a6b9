// A file of a package that cannot be shown here (DOC, XLS, OFD …), saved for a person who opens it elsewhere. Runs in a job.
#pragma once

#include <filesystem>
#include <string>

#include "desk/desk.h"

namespace sealdesk::desk {

// A name that is safe on every disk: the order's number and the last part of the stranger's name, which is never a path. At
// most 120 bytes, its ending kept.
std::string safe_name(const std::string& order_no, const std::string& strangers_name);

// Where such files go: <home>/documents/saved.
std::filesystem::path saved_folder(const Settings& settings);

struct SavedFile {
    std::string order_no;
    int revision = 1;
    int entry = 0;  // scans::Entry::index
};
// Writes the bytes as received, readable by this person alone, never over another file; the same bytes are not written
// twice. Reviewers and supervisors only; logged before it is written. Gives the path.
Result<std::filesystem::path> save_entry(storage::Database& database, const staff::Actor& actor, const scans::Scanbox& box,
                                         const scans::Package& package, const SavedFile& wish,
                                         const std::filesystem::path& folder);

}  // namespace sealdesk::desk
