// AuthorityWorker: what follows a new revocation list or a revocation, without anybody waiting for it: the list is published as
// a file, an external CA is told. Owned by the Desk; begun by a window, never by a command line, which calls spread(). Any
// thread.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "crypto/random.h"
#include "desk/key_bench.h"

namespace sealdesk::desk {

// Both, now; what did not succeed, a sentence each. It is tried again by whoever comes next: nothing is lost.
std::vector<std::string> spread(const Settings& settings, storage::Database& database, const KeyBench& bench);

class AuthorityWorker {
public:
    AuthorityWorker(const Settings& settings, storage::Database& database, const KeyBench& bench, crypto::Random& random)
        : settings_(settings), database_(database), bench_(bench), random_(random) {}
    ~AuthorityWorker() { stop(); }

    // `changed` is called from its thread when there are other troubles than before.
    void start(std::function<void()> changed);
    void stop();
    void nudge();  // something was changed, perhaps here
    // What did not succeed the last time; empty when all is told.
    std::vector<std::string> troubles() const;
    // Waits until everything before this call has been seen to. Only while it works.
    void wait_idle();

private:
    void run(const std::stop_token& stop);

    const Settings& settings_;
    storage::Database& database_;
    const KeyBench& bench_;
    crypto::Random& random_;
    mutable std::mutex mutex_;
    std::condition_variable_any wake_;
    unsigned asked_ = 0, done_ = 0;
    std::vector<std::string> troubles_;
    std::function<void()> changed_;
    std::jthread thread_;
};

}  // namespace sealdesk::desk
