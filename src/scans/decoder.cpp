#include "scans/decoder.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/translate.h"

namespace sealdesk::scans {

namespace {

using nlohmann::json;
using Time = std::chrono::steady_clock;

constexpr size_t kLongestAnswer = size_t{8} << 20;

Failure broken(const char* what) {
    return fail(ErrorKind::internal, tr("无法启动解码进程"), fmt::format("{}: {}", what, std::strerror(errno)));
}

bool pass(int control, const std::array<int, 3>& descriptors) {
    char byte = 0;
    iovec part{&byte, 1};
    alignas(cmsghdr) char space[CMSG_SPACE(sizeof descriptors)] = {};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = space;
    message.msg_controllen = sizeof space;
    cmsghdr* carried = CMSG_FIRSTHDR(&message);
    carried->cmsg_level = SOL_SOCKET;
    carried->cmsg_type = SCM_RIGHTS;
    carried->cmsg_len = CMSG_LEN(sizeof descriptors);
    std::memcpy(CMSG_DATA(carried), descriptors.data(), sizeof descriptors);
    return sendmsg(control, &message, MSG_NOSIGNAL) == 1;
}

// A conversation with one child.
class Conversation {
public:
    explicit Conversation(Descriptor talk) : talk_(std::move(talk)) {}

    Answer ask(const std::string& request, Decoder::Patience patience) {
        // In two parts: no copy of what may hold a password.
        (void)!send(talk_.get(), request.data(), request.size(), MSG_NOSIGNAL | MSG_MORE);
        (void)!send(talk_.get(), "\n", 1, MSG_NOSIGNAL);
        shutdown(talk_.get(), SHUT_WR);
        const auto deadline = Time::now() + patience.all;
        auto probe = deadline;
        Answer answer;
        while (!answer.reply) {
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(std::min(deadline, probe) - Time::now());
            pollfd wait{talk_.get(), POLLIN, 0};
            const int ready = left.count() <= 0 ? 0 : poll(&wait, 1, static_cast<int>(left.count()));
            if (ready < 0 && errno == EINTR) continue;
            if (ready <= 0) {
                answer.late = true;
                break;
            }
            if (!hear()) break;
            for (size_t end; !answer.reply && (end = waiting_.find('\n')) != std::string::npos; waiting_.erase(0, end + 1))
                if (take(json::parse(waiting_.substr(0, end), nullptr, false), answer)) probe = Time::now() + patience.probe;
            if (answer.status) break;
        }
        end();
        answer.child = std::move(child_);
        return answer;
    }

private:
    // False at the end, or when a child talks too much.
    bool hear() {
        char block[1 << 16];
        iovec part{block, sizeof block};
        alignas(cmsghdr) char space[CMSG_SPACE(sizeof(int))];
        msghdr message{};
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        message.msg_control = space;
        message.msg_controllen = sizeof space;
        const ssize_t n = recvmsg(talk_.get(), &message, MSG_CMSG_CLOEXEC);
        if (n < 0 && errno == EINTR) return true;
        if (n <= 0 || waiting_.size() > kLongestAnswer) return false;
        const cmsghdr* carried = CMSG_FIRSTHDR(&message);
        if (carried != nullptr && carried->cmsg_type == SCM_RIGHTS && carried->cmsg_len == CMSG_LEN(sizeof(int))) {
            int fd = -1;
            std::memcpy(&fd, CMSG_DATA(carried), sizeof fd);
            Descriptor arrived(fd);
            if (!child_) child_ = std::move(arrived);  // the parent is the first who speaks of it
        }
        waiting_.append(block, static_cast<size_t>(n));
        return true;
    }
    // True for a sign of life.
    static bool take(json said, Answer& answer) {
        if (!said.is_object()) return false;
        if (said.contains("done")) {
            answer.reply = std::move(said);
        } else if (const auto ended = said.find("ended"); ended != said.end() && ended->is_number_integer()) {
            answer.status = ended->get<int>();
        } else if (const auto probing = said.find("probing");
                   probing != said.end() && probing->is_number_unsigned() && *probing < 1'000'000) {
            answer.probing = probing->get<int>();
            return true;
        }
        return false;
    }
    // However it went: the child has said what it had to say.
    void end() {
        if (child_) syscall(SYS_pidfd_send_signal, child_.get(), SIGKILL, nullptr, 0);
    }

    Descriptor talk_, child_;
    std::string waiting_;
};

}  // namespace

const char* Answer::code() const {
    if (late || status == 128 + SIGXCPU) return "too_slow";
    if (status == 128 + SIGKILL && !late) return "too_much_memory";  // by the kernel; we kill only who is late
    return "crashed";
}

std::string Answer::words() const {
    if (late) return "too slow";
    return status ? fmt::format("ended (status {})", *status) : "ended";
}

Result<> Decoder::start() {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return broken("socketpair");
    Descriptor ours(ends[0]);
    const Descriptor theirs(ends[1]), nowhere(open("/dev/null", O_RDWR | O_CLOEXEC));
    const Descriptor control = theirs.high(), quiet = nowhere.high();
    if (!control || !quiet) return broken("descriptors");
    SEALDESK_LET(
        process,
        Process::start({{executable_.string()},
                        // Bound now, once: not again in every child.
                        {{"LC_ALL", "C"}, {"HOME", "/nonexistent"}, {"XDG_CACHE_HOME", "/nonexistent"}, {"LD_BIND_NOW", "1"}},
                        "/",
                        {},
                        {{control.get(), 0}, {quiet.get(), 1}, {quiet.get(), 2}}}));
    process_ = std::move(process);
    control_ = std::move(ours);
    return {};
}

Result<Descriptor> Decoder::child(int package, int pixels) {
    int ends[2];
    // A socket pair: writing to a child that has died is an error and not a signal.
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return broken("socketpair");
    Descriptor ours(ends[0]);
    const Descriptor theirs(ends[1]);
    const std::scoped_lock lock(mutex_);
    // A prepared process that is gone (killed by hand, out of memory) is started again, once.
    if (control_ && pass(control_.get(), {theirs.get(), package, pixels})) return ours;
    SEALDESK_TRY(start());
    if (!pass(control_.get(), {theirs.get(), package, pixels})) return broken("sendmsg");
    return ours;
}

Result<Answer> Decoder::ask(int package, int pixels, const std::string& request, Patience patience) {
    SEALDESK_LET(talk, child(package, pixels));
    return Conversation(std::move(talk)).ask(request, patience);
}

}  // namespace sealdesk::scans
