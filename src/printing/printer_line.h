// PrinterLine: what a desk has for one printer, handed over one after the other, each followed to its end. One thread at a time;
// of several processes on one data folder, one has the line until the printer has nothing of the desk left.
#pragma once

#include <chrono>
#include <filesystem>
#include <set>
#include <string>

#include "base/file_lock.h"
#include "printing/ipp.h"
#include "printing/print_jobs.h"

namespace sealdesk::printing {

// What follows from what a printer says about a job: pure.
struct Verdict {
    State state = State::printing;
    std::string said;
};
Verdict verdict_on(const ipp::JobStatus& status);

struct Pass {
    int open = 0;     // jobs that are not over
    int changed = 0;  // rows that changed, here or by another window
    int sent = 0;
};

class PrinterLine {
public:
    // `spool` is the desk's: who has the line is settled by a lock in it.
    PrinterLine(storage::Database& database, std::string desk, std::string printer, const std::filesystem::path& spool);

    // One look at the printer: follows, settles after a crash, sends the next. A printer has one job of ours at a time, so
    // that what was asked for together comes out together.
    Result<Pass> turn(std::chrono::milliseconds patience = ipp::kPatience);

private:
    Result<> take(PrintJob& job);
    Result<> note(PrintJob& job, const Change& change);
    Result<bool> claim(PrintJob& job, std::int64_t printer_job);
    Result<> later(PrintJob& job, const Error& error);
    Result<> send_ipp(PrintJob& job);
    Result<> send_raw(PrintJob& job);
    Result<> settle(PrintJob& job);
    Result<> conclude(PrintJob& job, const ipp::JobStatus& status);
    Result<> follow(PrintJob& job);
    Result<> follow_raw(PrintJob& job);
    Result<> take_back(PrintJob& job);

    storage::Database& database_;
    const std::string desk_, printer_;
    const std::filesystem::path lock_file_;
    FileLock lock_;
    Address address_;
    std::chrono::milliseconds patience_{};
    Pass pass_;
    // Jobs that this line itself gave to a printer that remembers nothing, and of those the ones that were seen in its memory.
    std::set<std::int64_t> handed_, seen_there_;
    std::string elsewhere_;  // how the jobs stood that another window sees to
};

}  // namespace sealdesk::printing
