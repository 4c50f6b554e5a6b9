// KeyWriters: the KEYs that are being written, one job each, side by side; new PINs go to the desk. Owned by the bench; UI
// thread, the KEYs themselves are only touched in the jobs.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "desk/desk.h"
#include "keys/pin.h"

namespace sealdesk::panels {

// How far a running write is; written by the job, read by the bench.
class WriteProgress {
public:
    void begins(keys::Step step) {
        const std::lock_guard lock(mutex_);
        step_ = step;
    }
    std::optional<keys::Step> step() const {
        const std::lock_guard lock(mutex_);
        return step_;
    }

private:
    mutable std::mutex mutex_;
    std::optional<keys::Step> step_;
};

// What came of one KEY.
struct WriteEnd {
    std::string key_serial, order_no;
    Result<keys::Job> job;
    std::optional<Error> no_pin;  // a random one was wanted and could not be set
    bool pin_was_wrong = false;   // nothing was begun
};

class KeyWriters {
public:
    // `beside`: the other KEYs that are started in the same moment.
    void start(desk::Desk& desk, const std::string& order_no, const std::string& key_serial, std::shared_ptr<crypto::Secret> pin,
               std::set<std::string> beside, bool random_pin, keys::LastTry last = keys::LastTry::spare);
    bool running() { return !running_keys().empty(); }
    bool running(const std::string& key_serial);
    std::set<std::string> running_keys();
    // The step that runs; else the one at which it failed; nothing when neither.
    std::optional<keys::Step> step(const std::string& key_serial);
    bool failed(const std::string& key_serial);
    void forget(const std::string& key_serial);
    // Those that ended since the last call.
    std::vector<WriteEnd> ended();

private:
    struct Answer {
        Answer(Result<keys::Job> written, std::optional<Error> pin) : job(std::move(written)), no_pin(std::move(pin)) {}
        // A job that threw: what is done is in the journal.
        explicit Answer(Failure failure) : job(std::move(failure)) {}
        Result<keys::Job> job;
        std::optional<Error> no_pin;
    };
    struct One {
        std::string order_no;
        jobs::Async<Answer> writing;
        std::shared_ptr<WriteProgress> progress;
        std::optional<keys::Step> failed_at;
        bool failed = false;
    };
    std::map<std::string, One> keys_;  // by serial
};

}  // namespace sealdesk::panels
