#include "printing/raw_socket.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "base/translate.h"

namespace sealdesk::printing::raw {

namespace {

using Deadline = std::chrono::steady_clock::time_point;
constexpr std::chrono::milliseconds kClosing{2000};  // some printers never close their side

class Socket {
public:
    explicit Socket(int descriptor) : descriptor_(descriptor) {}
    Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    Socket& operator=(Socket&&) = delete;
    ~Socket() {
        if (descriptor_ >= 0) close(descriptor_);
    }
    int get() const { return descriptor_; }

private:
    int descriptor_;
};

bool ready(int descriptor, short events, Deadline until) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
    pollfd waits{descriptor, events, 0};
    return left > 0 && poll(&waits, 1, static_cast<int>(left)) == 1 && (waits.revents & (events | POLLHUP)) != 0;
}

Failure away(const Address& address, const std::string& detail) {
    return fail(ErrorKind::unavailable, trf("连不上打印机 {}", text_of(address)), detail);
}

Result<Socket> connect_to(const Address& address, Deadline until) {
    addrinfo wish{};
    wish.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    if (const int error = getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &wish, &list); error != 0)
        return away(address, gai_strerror(error));
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> all(list, freeaddrinfo);
    std::string detail = "no address";
    for (const addrinfo* one = list; one != nullptr; one = one->ai_next) {
        Socket socket(::socket(one->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        if (socket.get() < 0) continue;
        if (connect(socket.get(), one->ai_addr, one->ai_addrlen) != 0 && errno != EINPROGRESS) {
            detail = std::strerror(errno);
            continue;
        }
        int error = ETIMEDOUT;
        socklen_t size = sizeof error;
        if (ready(socket.get(), POLLOUT, until)) getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
        if (error == 0) return socket;
        detail = std::strerror(error);
    }
    return away(address, detail);
}

// How many bytes the other side's system took.
size_t write_all(int descriptor, const std::string& bytes, Deadline until) {
    size_t done = 0;
    while (done < bytes.size() && ready(descriptor, POLLOUT, until)) {
        const ssize_t count = ::send(descriptor, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (count <= 0) break;
        done += static_cast<size_t>(count);
    }
    return done;
}

}  // namespace

Result<std::optional<HostStatus>> look(const Address& address, std::chrono::milliseconds patience) {
    const Deadline until = std::chrono::steady_clock::now() + patience;
    SEALDESK_LET(socket, connect_to(address, until));
    if (write_all(socket.get(), "~HS\n", until) != 4) return away(address, std::strerror(errno));
    std::string answer;
    // Framed lines; a clone that does not know the question says nothing.
    while (!parse_host_status(answer)) {
        if (!ready(socket.get(), POLLIN, until)) break;
        char piece[512];
        const ssize_t count = recv(socket.get(), piece, sizeof piece, 0);
        if (count <= 0) break;
        answer.append(piece, static_cast<size_t>(count));
        if (answer.size() > 4096) break;
    }
    return parse_host_status(answer);
}

Result<> send(const Address& address, const std::string& bytes, std::chrono::milliseconds patience) {
    const Deadline until = std::chrono::steady_clock::now() + patience;
    SEALDESK_LET(socket, connect_to(address, until));
    const size_t done = write_all(socket.get(), bytes, until);
    if (done == 0 && !bytes.empty()) return away(address, std::strerror(errno));
    bool whole = done == bytes.size();
    if (whole) {
        // The other side closes when it has read everything; until then a printer may still break off.
        shutdown(socket.get(), SHUT_WR);
        const Deadline closed = std::min(until, std::chrono::steady_clock::now() + kClosing);
        char piece[64];
        while (ready(socket.get(), POLLIN, closed)) {
            const ssize_t count = recv(socket.get(), piece, sizeof piece, 0);
            if (count < 0 && errno != EAGAIN && errno != EINTR) whole = false;
            if (count == 0 || !whole) break;
        }
    }
    if (!whole)
        return fail(ErrorKind::device, trf("打印机 {} 在接收中断开了，不知道有没有打印出来", text_of(address)),
                    std::to_string(done) + " of " + std::to_string(bytes.size()) + " bytes");
    return {};
}

}  // namespace sealdesk::printing::raw
