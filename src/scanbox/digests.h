// SHA-256 of the files of a package on a thread of its own, while the next one is unpacked; at the end both threads work on
// what is left. Belongs to one thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace sealdesk::scanbox {

class Digests {
public:
    Digests() = default;
    ~Digests();
    Digests(const Digests&) = delete;
    Digests& operator=(const Digests&) = delete;

    // The first `size` bytes of `bytes`, which is taken and replaced by an empty string that may have room already.
    void take(std::string& bytes, size_t size);
    void look(std::string_view bytes);  // which stay where they are until all() was called
    void add(std::string_view bytes);   // at once, where they can neither be taken nor stay
    // One for each, in the order they came, 64 lower-case digits. Ends the work.
    std::vector<std::string> all();

private:
    struct Job {
        size_t place = 0;
        std::string_view bytes;
        std::string owner;  // of what was taken
    };
    void put(std::unique_lock<std::mutex>& lock, Job job);
    bool next(std::unique_lock<std::mutex>& lock);  // false: nothing waits
    void work();
    void finish();

    std::mutex mutex_;  // guards all below but the thread
    std::condition_variable changed_;
    std::deque<Job> jobs_;
    std::vector<std::string> used_;  // given back, with their room
    std::vector<std::string> hex_;
    size_t taken_bytes_ = 0;
    bool closed_ = false;
    std::thread worker_;
};

}  // namespace sealdesk::scanbox
