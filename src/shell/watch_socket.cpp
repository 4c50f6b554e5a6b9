#include "shell/watch_socket.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <mutex>
#include <thread>

#include "base/translate.h"

namespace sealdesk::shell {
namespace {

class Served final : public WatchSocket {
public:
    Served(int listener, std::array<int, 2> stop, std::filesystem::path path, std::function<void()> wake)
        : listener_(listener), stop_(stop), path_(std::move(path)), wake_(std::move(wake)), reader_([this] { read_on(); }) {}

    ~Served() override {
        (void)!write(stop_[1], "x", 1);
        reader_.join();
        for (const auto& [fd, rest] : clients_) ::close(fd);
        ::close(listener_);
        ::close(stop_[0]);
        ::close(stop_[1]);
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }

    std::vector<Request> take() override {
        const std::lock_guard lock(mutex_);
        return std::exchange(requests_, {});
    }

    void answer(const Request& request, const std::string& line) override {
        const std::lock_guard lock(mutex_);
        if (!clients_.contains(request.client)) return;
        const std::string bytes = line + "\n";
        for (size_t sent = 0; sent < bytes.size();) {
            const ssize_t now = send(request.client, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
            if (now < 0 && errno == EINTR) continue;
            if (now <= 0) return;
            sent += static_cast<size_t>(now);
        }
    }

private:
    void read_on() {
        for (;;) {
            std::vector<pollfd> watched{{stop_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
            {
                const std::lock_guard lock(mutex_);
                for (const auto& [fd, rest] : clients_) watched.push_back({fd, POLLIN, 0});
            }
            if (poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) return;
            if (watched[0].revents) return;
            bool came = false;
            {
                const std::lock_guard lock(mutex_);
                for (size_t i = 2; i < watched.size(); ++i)
                    if (watched[i].revents) came |= read_client(watched[i].fd);
                if (watched[1].revents & POLLIN)
                    if (const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC); client >= 0) {
                        const timeval patience{2, 0};  // a client that does not read must not hold the window
                        setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
                        clients_[client] = {};
                    }
            }
            if (came) wake_();
        }
    }

    bool read_client(int fd) {
        std::array<char, 4096> bytes{};
        const ssize_t got = recv(fd, bytes.data(), bytes.size(), 0);
        std::string& rest = clients_[fd];
        if (got <= 0 || rest.size() > 65536) {
            ::close(fd);
            clients_.erase(fd);
            return false;
        }
        rest.append(bytes.data(), static_cast<size_t>(got));
        bool came = false;
        for (size_t end; (end = rest.find('\n')) != std::string::npos; came = true) {
            requests_.push_back({rest.substr(0, end), fd});
            rest.erase(0, end + 1);
        }
        return came;
    }

    int listener_;
    std::array<int, 2> stop_;
    std::filesystem::path path_;
    std::function<void()> wake_;
    std::mutex mutex_;
    std::map<int, std::string> clients_;  // descriptor → what it sent of an unfinished line
    std::vector<Request> requests_;
    std::thread reader_;  // last: starts when the rest is there
};

}  // namespace

Result<std::unique_ptr<WatchSocket>> WatchSocket::listen(const std::filesystem::path& path, std::function<void()> wake) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string name = path.string();
    if (name.size() >= sizeof address.sun_path) return refused(trf("套接字路径太长：{}", name));
    std::memcpy(address.sun_path, name.c_str(), name.size() + 1);
    const auto failed = [&](const char* what) {
        return fail(ErrorKind::unavailable, trf("无法打开演示套接字 {}", name), std::string(what) + ": " + std::strerror(errno));
    };
    const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0) return failed("socket");
    std::error_code ignored;
    if (std::filesystem::is_socket(path, ignored)) std::filesystem::remove(path, ignored);
    const mode_t before = umask(0077);
    const bool bound = bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    umask(before);
    std::array<int, 2> stop{};
    if (!bound || ::listen(listener, 4) != 0 || pipe2(stop.data(), O_CLOEXEC) != 0) {
        auto failure = failed("bind");
        ::close(listener);
        return failure;
    }
    return std::make_unique<Served>(listener, stop, path, std::move(wake));
}

}  // namespace sealdesk::shell
