// A child process with no shell between: arguments as they are, pipes as asked, reaped once.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace sealdesk {

class Process {
public:
    struct Options {
        std::vector<std::string> command;                // command[0] is looked up in PATH
        std::map<std::string, std::string> environment;  // added to ours
        std::filesystem::path folder;                    // where it starts; empty: ours
        std::filesystem::path output;                    // stdout and stderr go there; empty: ours
        std::vector<std::pair<int, int>> descriptors;    // ours -> its
        bool ends_with_us = false;                       // killed when the thread that started it ends, however that ends
    };
    static Result<Process> start(const Options& options);

    Process() = default;
    Process(Process&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}
    Process& operator=(Process&& other) noexcept {
        std::swap(pid_, other.pid_);
        return *this;
    }
    ~Process();  // kills and reaps

    pid_t pid() const { return pid_; }
    bool running();  // reaps when it ended
    void signal(int number);
    int wait();  // exit status; 128 + signal when killed
    int wait_status() const { return status_; }

private:
    explicit Process(pid_t pid) : pid_(pid) {}
    pid_t pid_ = -1;
    int status_ = 0;
};

struct Finished {
    int status = 0;
    std::string output;  // stdout and stderr
};
// Runs to the end and gives what it printed (at most 16 MB).
Result<Finished> run(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment = {},
                     std::string_view input = {});

}  // namespace sealdesk
