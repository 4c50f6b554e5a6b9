// Pool: worker threads for verbs that wait (database, network, KEY, decoder). Async<T>: one question of
// a panel and its newest answer. Thread-safe where said; a panel's Async belongs to the UI thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/translate.h"

namespace sealdesk::jobs {

// An exception that a job did not turn into a Result: a bug. It goes to the log, the program goes on.
void log_fault(const std::exception& error);

class Pool {
public:
    // `wake` is called from a worker after each finished job, so that the frame loop runs once.
    explicit Pool(unsigned threads, std::function<void()> wake = {});
    ~Pool();  // finishes what runs, drops what waits
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    void submit(std::function<void()> job);         // any thread
    size_t busy() const { return busy_; }           // waiting and running jobs; any thread
    std::uint64_t ended() const { return ended_; }  // jobs so far; counted before busy() goes down; any thread
    void wait_idle();                               // until busy() is 0; for tests and the command line
    void set_wake(std::function<void()> wake);

private:
    void work();

    std::function<void()> wake_;
    std::mutex mutex_;
    std::condition_variable changed_, idle_;
    std::deque<std::function<void()>> waiting_;
    bool stopping_ = false;
    std::atomic<size_t> busy_ = 0;
    std::atomic<std::uint64_t> ended_ = 0;
    std::vector<std::thread> threads_;
};

// The job gets copies and returns a value; a new start() makes the older answer stale. The last answer
// stays readable until the next one is there, so that nothing on screen jumps while data loads.
template <class T>
class Async {
public:
    template <class Job>
    void start(Pool& pool, Job job) {
        auto slot = std::make_shared<Slot>();
        pending_ = slot;
        pool.submit([slot, job = std::move(job)]() mutable {
            try {
                T value = job();
                const std::lock_guard lock(slot->mutex);
                slot->value.emplace(std::move(value));
            } catch (const std::exception& error) {
                // Our own fault; the person is told where a Result has room for it, the question ends in any case.
                log_fault(error);
                const std::lock_guard lock(slot->mutex);
                slot->failed = true;
                if constexpr (std::is_constructible_v<T, Failure>)
                    slot->value.emplace(fail(ErrorKind::internal, tr("程序内部出错，这一步没有完成"), error.what()));
            }
        });
    }

    // The newest answer, or null while there has been none.
    T* ready() {
        take();
        return value_ ? &*value_ : nullptr;
    }
    // True once for each answer that arrived.
    bool arrived() {
        take();
        return std::exchange(fresh_, false);
    }
    bool running() {
        take();
        return pending_ != nullptr;
    }
    bool idle_and_empty() { return !running() && !value_; }
    void clear() {
        pending_.reset();
        value_.reset();
        fresh_ = false;
    }

private:
    struct Slot {
        std::mutex mutex;
        std::optional<T> value;
        bool failed = false;  // the job threw
    };

    void take() {
        if (!pending_) return;
        const std::lock_guard lock(pending_->mutex);
        if (!pending_->value) {
            if (pending_->failed) done_ = std::move(pending_);
            return;
        }
        value_ = std::move(pending_->value);
        fresh_ = true;
        done_ = std::move(pending_);  // keeps the mutex alive until the lock above is gone
    }

    std::shared_ptr<Slot> pending_, done_;
    std::optional<T> value_;
    bool fresh_ = false;
};

}  // namespace sealdesk::jobs
