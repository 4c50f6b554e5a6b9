// Batches: labels of many parcels, asked for at once and printed in that order. One line for people, with how far it is; ended
// and taken up again as a whole. Any thread.
#pragma once

#include <functional>

#include "printing/print_jobs.h"

namespace sealdesk::printing {

struct Batch {
    std::string name;
    int total = 0;  // documents; a reprint of one counts as that one
    int done = 0;
    int open = 0;          // wait, or are at a printer
    int stopped = 0;       // of those: the printer waits for a person
    int unsure = 0;        // a person must look
    int left = 0;          // cancelled or failed
    std::string said;      // of the first that stands still or failed
    std::string asked_by;  // name of the person
    Instant asked_at;
};

// The name of one that begins now.
std::string new_batch(Instant now);
// Of the last thirty days, newest first.
Result<std::vector<Batch>> batches(storage::Database& database, const std::string& desk, int limit);
Result<std::vector<PrintJob>> batch_jobs(storage::Database& database, const std::string& desk, const std::string& batch);

// Everything of it that is not over, as cancel() does. Conflict when nothing is open. Returns how many.
Result<int> cancel_batch(storage::Database& database, const staff::Actor& actor, const std::string& desk,
                         const std::string& batch);
// What was cancelled or failed waits again, in its old order; what is unsure is left to people. `printer_of`: where a job goes
// now, "" when it is not wanted any more. Conflict when nothing is left over. Returns how many.
Result<int> resume_batch(storage::Database& database, const staff::Actor& actor, const std::string& desk,
                         const std::string& batch, const std::function<std::string(const PrintJob&)>& printer_of);

}  // namespace sealdesk::printing
