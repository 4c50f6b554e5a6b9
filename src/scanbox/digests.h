// SHA-256 of the files of a package on a thread of its own, while the next one is unpacked. Belongs to one thread.
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
    void add(std::string_view bytes);  // at once, where they cannot be taken
    // One for each, in the order they came, 64 lower-case digits. Ends the work.
    std::vector<std::string> all();

private:
    struct Job {
        size_t place = 0, size = 0;
        std::string bytes;
    };
    void work();
    void finish();

    std::mutex mutex_;  // guards all below but the thread
    std::condition_variable changed_;
    std::deque<Job> jobs_;
    std::vector<std::string> used_;  // given back, with their room
    std::vector<std::string> hex_;
    size_t waiting_bytes_ = 0;
    bool closed_ = false;
    std::thread worker_;
};

}  // namespace sealdesk::scanbox
