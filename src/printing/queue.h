// The queue of a desk: a line for each printer that it has jobs for. The Worker sees to them all the time, each on a thread of
// its own, so that a printer that does not answer keeps nobody else waiting.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "printing/printer_line.h"

namespace sealdesk::printing {

// One look at one printer after the other, on the caller's thread. One thread at a time.
class Queue {
public:
    Queue(storage::Database& database, std::string desk, std::filesystem::path spool)
        : database_(database), desk_(std::move(desk)), spool_(std::move(spool)) {}
    Result<Pass> advance(std::chrono::milliseconds patience = ipp::kPatience);

private:
    storage::Database& database_;
    const std::string desk_;
    const std::filesystem::path spool_;
    std::map<std::string, std::unique_ptr<PrinterLine>> lines_;  // by address
};

class Worker {
public:
    // `changed` is called from the worker's threads when a job changed.
    Worker(storage::Database& database, std::string desk, std::filesystem::path spool, std::function<void()> changed);
    ~Worker();
    void nudge();  // there is something to print

private:
    void run(const std::stop_token& stop);
    void serve(PrinterLine& line, const std::stop_token& stop);
    unsigned nudges();
    void rest(const std::stop_token& stop, std::chrono::milliseconds pause, unsigned seen);

    storage::Database& database_;
    const std::string desk_;
    const std::filesystem::path spool_;
    std::function<void()> changed_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    unsigned nudges_ = 0;
    std::jthread thread_;
};

}  // namespace sealdesk::printing
