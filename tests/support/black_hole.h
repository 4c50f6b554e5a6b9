// BlackHole: an address that takes connections and never answers, as a printer does that hangs.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace sealdesk::tests {

class BlackHole {
public:
    BlackHole();
    ~BlackHole();
    std::string address() const { return "ipp://127.0.0.1:" + std::to_string(port_) + "/ipp/print"; }
    bool until_asked();  // false after half a minute
    void let_go();       // closes everything: whoever waits is told

private:
    void serve();

    int listener_ = -1, port_ = 0;
    std::mutex mutex_;
    std::condition_variable news_;
    std::vector<int> connections_;
    bool gone_ = false;
    std::jthread thread_;  // last: it uses the others
};

}  // namespace sealdesk::tests
