// A real IPP printer for tests: ippeveprinter as a process, on a D-Bus of its own. What it prints lies in a folder; it can
// be told to run out of paper, to give a job up, and to take its time.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/process.h"
#include "support/databases.h"

namespace sealdesk::tests {

// The process prints lines; whoever waits for one is woken by it.
class ReadProcess {
public:
    void start(std::vector<std::string> command, std::map<std::string, std::string> environment);
    // False when the process ended or half a minute has gone.
    bool until_line(const std::string& part);
    // Waits for the next line, for a short while: between two looks at something else.
    void wait_for_news();
    std::string lines() const;
    void stop();

private:
    Process process_;
    mutable std::mutex mutex_;
    std::condition_variable news_;
    std::string lines_;
    bool ended_ = false;
    std::jthread reader_;  // last: it uses the others
};

class TestPrinter {
public:
    enum class Does { print, run_out_of_paper, give_up, give_up_after_a_page };
    struct Options {
        std::string name = "SealDesk test printer";
        std::string formats = "application/pdf,application/octet-stream,application/vnd.cups-raw";
        bool announced = false;                 // by DNS-SD, so that it can be found
        std::filesystem::path attributes = {};  // file of what it says about itself, instead of `formats`
    };
    explicit TestPrinter(const std::filesystem::path& folder, Options options);
    explicit TestPrinter(const std::filesystem::path& folder) : TestPrinter(folder, Options{}) {}
    ~TestPrinter();

    void does(Does what);
    void load_paper();
    // Ends it as a power cut does; start() brings it back at the same address, without memory of its jobs.
    void switch_off();
    void start();

    std::string address() const { return "ipp://localhost:" + std::to_string(port_) + "/ipp/print"; }
    const std::string& bus_address() const { return bus_address_; }
    std::vector<std::string> printed() const;  // what came out, in its order
    // How each of those was to be printed: IPP_MEDIA=… and the like, a line each.
    std::vector<std::string> tickets() const;
    ReadProcess& process() { return process_; }

private:
    std::vector<std::string> files(const std::string& extension) const;

    std::filesystem::path folder_;
    Options options_;
    int port_ = 0;
    ReadProcess bus_, announcer_, process_;
    std::string bus_address_;
};

int free_port();

}  // namespace sealdesk::tests
