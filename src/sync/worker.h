// Worker: the desk's standing talk with the portal, on two threads of its own (one listens to the feed, one
// sends and fetches). Owns nothing of the window; status() may be asked from any thread.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "sync/exchange.h"

namespace sealdesk::sync {

struct Status {
    bool online = false;
    bool ever = false;    // there has been an answer since the start
    std::string trouble;  // the sentence of the last failure while it lasts
    Instant heard_at;     // last answer of the feed
    acts::Backlog backlog;
    int events = 0;            // taken since the start
    std::string list_trouble;  // why the portal does not take the revocation list, until it does
};

class Worker {
public:
    // `changed` is called from a worker thread when the status or the orders changed.
    Worker(storage::Database& database, PortalClient portal, scans::PackageStore store, crypto::Random& random,
           std::function<void()> changed);
    ~Worker();  // stops at once, also in the middle of a long poll

    Status status() const;
    void nudge();  // something was decided: send soon, and do not wait out a back-off

private:
    void listen(const std::stop_token& stop);
    void send(const std::stop_token& stop);
    void pause(const std::stop_token& stop, std::int64_t ms);
    void note(const Result<>& outcome, bool news);

    storage::Database& database_;
    PortalClient portal_;
    scans::PackageStore store_;
    crypto::Random& random_;
    std::function<void()> changed_;
    mutable std::mutex mutex_;
    std::condition_variable_any wake_;
    unsigned nudges_ = 0;
    Status status_;
    std::jthread listener_, sender_;
};

}  // namespace sealdesk::sync
