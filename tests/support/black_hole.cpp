#include "tests/support/black_hole.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sealdesk::tests {

BlackHole::BlackHole() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof here;
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&here), size), 0);
    EXPECT_EQ(getsockname(listener_, reinterpret_cast<sockaddr*>(&here), &size), 0);
    EXPECT_EQ(listen(listener_, 16), 0);
    port_ = ntohs(here.sin_port);
    thread_ = std::jthread([this] { serve(); });
}

BlackHole::~BlackHole() {
    let_go();
    thread_.join();
    for (const int connection : connections_) close(connection);
    close(listener_);
}

void BlackHole::serve() {
    for (int connection = 0; (connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
        const std::lock_guard lock(mutex_);
        connections_.push_back(connection);
        if (gone_) shutdown(connection, SHUT_RDWR);
        news_.notify_all();
    }
}

bool BlackHole::until_asked() {
    std::unique_lock lock(mutex_);
    return news_.wait_for(lock, std::chrono::seconds(30), [&] { return !connections_.empty(); });
}

void BlackHole::let_go() {
    const std::lock_guard lock(mutex_);
    gone_ = true;
    for (const int connection : connections_) shutdown(connection, SHUT_RDWR);
    shutdown(listener_, SHUT_RDWR);
}

}  // namespace sealdesk::tests
