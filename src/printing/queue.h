// The queue of a desk: hands print jobs to their printers one after the other, follows each to its end, and settles after a
// crash what a printer has and what it has not. The Worker is a thread of its own that does so all the time.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

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
    int changed = 0;  // rows that changed
    int sent = 0;
};
// One look at every printer that the desk has jobs for: follows, settles, sends the next. A printer has one job of ours at a
// time, so that what was asked for together comes out together. Only one thread of a desk may run it.
Result<Pass> advance(storage::Database& database, const std::string& desk, std::stop_token stop = {},
                     std::chrono::milliseconds patience = ipp::kPatience);

class Worker {
public:
    // `changed` is called from the worker's thread when a job changed.
    Worker(storage::Database& database, std::string desk, std::function<void()> changed);
    ~Worker();
    void nudge();  // there is something to print

private:
    void run(const std::stop_token& stop);

    storage::Database& database_;
    std::string desk_;
    std::function<void()> changed_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    unsigned nudges_ = 0;
    std::jthread thread_;
};

}  // namespace sealdesk::printing
