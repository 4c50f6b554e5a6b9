#include "printing/queue.h"

namespace sealdesk::printing {

using std::chrono::milliseconds;

namespace {

// A printer is asked often while something comes out. Otherwise only the store is looked at: another program of this desk
// (the command line, a second window) may have asked for something.
constexpr milliseconds kBusy{400}, kIdle{5000};

}  // namespace

Result<Pass> Queue::advance(milliseconds patience) {
    SEALDESK_LET(open, open_jobs(database_, desk_));
    for (const auto& job : open)
        if (auto& line = lines_[job.printer]; !line) line = std::make_unique<PrinterLine>(database_, desk_, job.printer, spool_);
    Pass all;
    for (auto& [printer, line] : lines_) {
        SEALDESK_LET(pass, line->turn(patience));
        all.open += pass.open;
        all.changed += pass.changed;
        all.sent += pass.sent;
    }
    return all;
}

Worker::Worker(storage::Database& database, std::string desk, std::filesystem::path spool, std::function<void()> changed)
    : database_(database),
      desk_(std::move(desk)),
      spool_(std::move(spool)),
      changed_(std::move(changed)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

Worker::~Worker() {
    thread_.request_stop();
    wake_.notify_all();
}

void Worker::nudge() {
    {
        const std::lock_guard lock(mutex_);
        ++nudges_;
    }
    wake_.notify_all();
}

unsigned Worker::nudges() {
    const std::lock_guard lock(mutex_);
    return nudges_;
}

void Worker::rest(const std::stop_token& stop, milliseconds pause, unsigned seen) {
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, pause, [&] { return nudges_ != seen; });
}

// Gives every printer that turns up its thread.
void Worker::run(const std::stop_token& stop) {
    struct Served {
        std::unique_ptr<PrinterLine> line;
        std::jthread thread;
    };
    std::map<std::string, Served> served;
    while (!stop.stop_requested()) {
        const unsigned seen = nudges();
        if (const auto open = open_jobs(database_, desk_))
            for (const auto& job : *open) {
                auto& each = served[job.printer];
                if (each.line) continue;
                each.line = std::make_unique<PrinterLine>(database_, desk_, job.printer, spool_);
                each.thread = std::jthread([this, line = each.line.get()](const std::stop_token& end) { serve(*line, end); });
            }
        rest(stop, kIdle, seen);
    }
    for (auto& [printer, each] : served) each.thread.request_stop();  // all of them, before one is waited for
}

void Worker::serve(PrinterLine& line, const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        const unsigned seen = nudges();
        const auto pass = line.turn();
        if (changed_ && pass && pass->changed > 0) changed_();
        rest(stop, pass && pass->open > 0 ? kBusy : kIdle, seen);
    }
}

}  // namespace sealdesk::printing
