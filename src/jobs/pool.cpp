#include "jobs/pool.h"

#include <spdlog/spdlog.h>

namespace sealdesk::jobs {

void log_fault(const std::exception& error) { spdlog::error("a job threw: {}", error.what()); }

Pool::Pool(unsigned threads, std::function<void()> wake) : wake_(std::move(wake)) {
    for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

Pool::~Pool() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    for (auto& thread : threads_) thread.join();
}

void Pool::submit(std::function<void()> job) {
    {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(std::move(job));
        ++busy_;
    }
    changed_.notify_one();
}

void Pool::set_wake(std::function<void()> wake) {
    const std::lock_guard lock(mutex_);
    wake_ = std::move(wake);
}

void Pool::wait_idle() {
    std::unique_lock lock(mutex_);
    idle_.wait(lock, [this] { return busy_ == 0; });
}

void Pool::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (stopping_) return;
        auto job = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        try {
            job();
        } catch (const std::exception& error) {
            log_fault(error);
        }
        job = nullptr;  // what it captured goes before the next wait
        lock.lock();
        ++ended_;
        --busy_;
        idle_.notify_all();
        if (wake_) wake_();
    }
}

}  // namespace sealdesk::jobs
