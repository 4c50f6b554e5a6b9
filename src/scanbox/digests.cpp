#include "scanbox/digests.h"

#include "crypto/digest.h"

namespace sealdesk::scanbox {

namespace {
constexpr size_t kMostWaiting = size_t{32} << 20;
constexpr size_t kSmall = size_t{16} << 10;  // not worth the way to the other thread
}  // namespace

Digests::~Digests() { finish(); }

void Digests::add(std::string_view bytes) {
    auto hex = sha256_hex(bytes);
    const std::scoped_lock lock(mutex_);
    hex_.push_back(std::move(hex));
}

void Digests::take(std::string& bytes, size_t size) {
    if (size < kSmall) return add(std::string_view(bytes).substr(0, size));
    if (!worker_.joinable()) worker_ = std::thread([this] { work(); });
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_bytes_ < kMostWaiting; });
    waiting_bytes_ += size;
    jobs_.push_back({hex_.size(), size, std::move(bytes)});
    hex_.emplace_back();
    bytes.clear();
    if (!used_.empty()) {
        bytes = std::move(used_.back());
        used_.pop_back();
    }
    changed_.notify_all();
}

void Digests::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [&] { return closed_ || !jobs_.empty(); });
        if (jobs_.empty()) return;
        Job job = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        auto hex = sha256_hex(std::string_view(job.bytes).substr(0, job.size));
        lock.lock();
        hex_[job.place] = std::move(hex);
        waiting_bytes_ -= job.size;
        used_.push_back(std::move(job.bytes));
        changed_.notify_all();
    }
}

void Digests::finish() {
    if (!worker_.joinable()) return;
    {
        const std::scoped_lock lock(mutex_);
        closed_ = true;
    }
    changed_.notify_all();
    worker_.join();
}

std::vector<std::string> Digests::all() {
    finish();
    return std::move(hex_);
}

}  // namespace sealdesk::scanbox
