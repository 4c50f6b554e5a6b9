#include "tests/support/test_label_printer.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sealdesk::tests {

TestLabelPrinter::TestLabelPrinter() { switch_on(); }

TestLabelPrinter::~TestLabelPrinter() {
    if (thread_.joinable()) switch_off();
}

void TestLabelPrinter::switch_on() {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int again = 1;
    EXPECT_EQ(setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &again, sizeof again), 0);
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    here.sin_port = htons(static_cast<std::uint16_t>(port_));
    socklen_t size = sizeof here;
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&here), size), 0);
    EXPECT_EQ(getsockname(listener_, reinterpret_cast<sockaddr*>(&here), &size), 0);
    EXPECT_EQ(listen(listener_, 16), 0);
    port_ = ntohs(here.sin_port);
    thread_ = std::jthread([this] { serve(); });
}

void TestLabelPrinter::switch_off() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
}

void TestLabelPrinter::mood(const Mood& mood) {
    const std::lock_guard lock(mutex_);
    mood_ = mood;
}

std::vector<std::string> TestLabelPrinter::printed() const {
    const std::lock_guard lock(mutex_);
    return printed_;
}

bool TestLabelPrinter::until_printed(size_t documents) {
    std::unique_lock lock(mutex_);
    return news_.wait_for(lock, std::chrono::seconds(30), [&] { return printed_.size() >= documents; });
}

void TestLabelPrinter::wait_for_news() {
    std::unique_lock lock(mutex_);
    news_.wait_for(lock, std::chrono::milliseconds(30));
}

void TestLabelPrinter::serve() {
    for (int connection = 0; (connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
        talk(connection);
        close(connection);
    }
}

void TestLabelPrinter::talk(int connection) {
    Mood mood;
    {
        const std::lock_guard lock(mutex_);
        mood = mood_;
    }
    std::string came;
    char piece[4096];
    for (ssize_t count = 0; (count = recv(connection, piece, sizeof piece, 0)) > 0;) {
        came.append(piece, static_cast<size_t>(count));
        if (came == "~HS\n") {
            if (mood.asked) mood.asked();
            if (!mood.answers) continue;
            const std::string answer = fmt::format(
                "\x02"
                "030,{},0,1245,{:03},0,0,0,000,0,0,0\x03\r\n\x02"
                "000,0,{},0,0,2,4,0,00000000,1,000\x03\r\n\x02"
                "1234,0\x03\r\n",
                mood.paper_out ? 1 : 0, mood.formats_waiting, mood.head_open ? 1 : 0);
            send(connection, answer.data(), answer.size(), MSG_NOSIGNAL);
            came.clear();
        }
        if (mood.breaks_off_after > 0 && came.size() >= mood.breaks_off_after) {
            const linger at_once{1, 0};  // a reset, as when the plug is pulled
            setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
            return;
        }
    }
    if (came.empty() || came == "~HS\n") return;
    const std::lock_guard lock(mutex_);
    printed_.push_back(came);
    news_.notify_all();
}

}  // namespace sealdesk::tests
