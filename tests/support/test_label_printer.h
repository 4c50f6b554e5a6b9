// A thermal printer on TCP for tests: takes what comes to its port, answers ~HS as it is told to, may break off and be switched
// off.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace sealdesk::tests {

class TestLabelPrinter {
public:
    TestLabelPrinter();
    ~TestLabelPrinter();

    struct Mood {
        bool answers = true;  // ~HS
        bool paper_out = false, head_open = false;
        int formats_waiting = 0;
        size_t breaks_off_after = 0;       // bytes of a document; 0: never
        std::function<void()> asked = {};  // before ~HS is answered
    };
    void mood(const Mood& mood);

    std::string address() const { return "socket://127.0.0.1:" + std::to_string(port_); }
    std::vector<std::string> printed() const;  // what came, questions left out
    bool until_printed(size_t documents);      // false after half a minute
    void wait_for_news();                      // the next document, for a short while
    // Nobody listens at its address until it is switched on again.
    void switch_off();
    void switch_on();

private:
    void serve();
    void talk(int connection);

    int listener_ = -1, port_ = 0;
    mutable std::mutex mutex_;
    std::condition_variable news_;
    Mood mood_;
    std::vector<std::string> printed_;
    std::jthread thread_;  // last: it uses the others
};

}  // namespace sealdesk::tests
