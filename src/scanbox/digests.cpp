#include "scanbox/digests.h"

#include "crypto/digest.h"

namespace sealdesk::scanbox {

namespace {
constexpr size_t kMostTaken = size_t{32} << 20;
constexpr size_t kSmall = size_t{16} << 10;  // not worth the way to the other thread
}  // namespace

Digests::~Digests() { finish(); }

void Digests::add(std::string_view bytes) {
    auto hex = sha256_hex(bytes);
    const std::scoped_lock lock(mutex_);
    hex_.push_back(std::move(hex));
}

void Digests::put(std::unique_lock<std::mutex>& lock, Job job) {
    if (!worker_.joinable()) worker_ = std::thread([this] { work(); });
    job.place = hex_.size();
    hex_.emplace_back();
    jobs_.push_back(std::move(job));
    lock.unlock();
    changed_.notify_one();
}

void Digests::look(std::string_view bytes) {
    if (bytes.size() < kSmall) return add(bytes);
    std::unique_lock lock(mutex_);
    put(lock, {0, bytes, {}});
}

void Digests::take(std::string& bytes, size_t size) {
    if (size < kSmall) return add(std::string_view(bytes).substr(0, size));
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return taken_bytes_ < kMostTaken; });
    taken_bytes_ += size;
    Job job{0, {}, std::move(bytes)};
    job.bytes = std::string_view(job.owner).substr(0, size);
    bytes.clear();
    if (!used_.empty()) {
        bytes = std::move(used_.back());
        used_.pop_back();
    }
    put(lock, std::move(job));
}

bool Digests::next(std::unique_lock<std::mutex>& lock) {
    if (jobs_.empty()) return false;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    auto hex = sha256_hex(job.bytes);
    lock.lock();
    hex_[job.place] = std::move(hex);
    if (job.owner.empty()) return true;
    taken_bytes_ -= job.bytes.size();
    used_.push_back(std::move(job.owner));
    changed_.notify_all();
    return true;
}

void Digests::work() {
    std::unique_lock lock(mutex_);
    do changed_.wait(lock, [&] { return closed_ || !jobs_.empty(); });
    while (next(lock));
}

void Digests::finish() {
    if (!worker_.joinable()) return;
    {
        std::unique_lock lock(mutex_);
        closed_ = true;
        changed_.notify_all();
        while (next(lock)) {
        }
    }
    worker_.join();
}

std::vector<std::string> Digests::all() {
    finish();
    return std::move(hex_);
}

}  // namespace sealdesk::scanbox
