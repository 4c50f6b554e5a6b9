#include "scanbox/parent.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>
#include <vector>

namespace sealdesk::scanbox {

namespace {

struct Child {
    pid_t pid = -1;
    int ended = -1;  // pidfd
    int talk = -1;   // the conversation; of a child that still waits, the socket by which it gets its question
};

struct Question {
    int talk = -1, package = -1, pixels = -1;
};

class Message {
public:
    Message() {
        header_.msg_iov = &part_;
        header_.msg_iovlen = 1;
        header_.msg_control = space_;
        header_.msg_controllen = sizeof space_;
    }
    template <class Descriptors>
    bool send(int socket, char byte, const Descriptors& descriptors, int flags) {
        byte_ = byte;
        header_.msg_controllen = CMSG_SPACE(sizeof descriptors);
        cmsghdr* carried = CMSG_FIRSTHDR(&header_);
        carried->cmsg_level = SOL_SOCKET;
        carried->cmsg_type = SCM_RIGHTS;
        carried->cmsg_len = CMSG_LEN(sizeof descriptors);
        std::memcpy(CMSG_DATA(carried), &descriptors, sizeof descriptors);
        return sendmsg(socket, &header_, MSG_NOSIGNAL | flags) == 1;
    }
    // False at the end of the conversation.
    bool receive(int socket, Question& question) {
        const ssize_t n = recvmsg(socket, &header_, MSG_CMSG_CLOEXEC);
        if (n <= 0) return n < 0 && errno == EINTR;
        const cmsghdr* carried = CMSG_FIRSTHDR(&header_);
        if (carried != nullptr && carried->cmsg_type == SCM_RIGHTS && carried->cmsg_len == CMSG_LEN(sizeof question))
            std::memcpy(&question, CMSG_DATA(carried), sizeof question);
        return true;
    }

private:
    char byte_ = 0;
    iovec part_{&byte_, 1};
    alignas(cmsghdr) char space_[CMSG_SPACE(sizeof(Question))] = {};
    msghdr header_{};
};

// Waits for its question on `socket`.
[[noreturn]] void become_child(int socket, pid_t parent, const std::function<void()>& child) {
    // The desk's end is the parent's, and the parent's is ours.
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || getppid() != parent) _exit(3);
    // Nothing of another question may stay open here: its answer could be forged.
    if (dup2(socket, 5) != 5 || syscall(SYS_close_range, 6U, ~0U, 0U) != 0) _exit(3);
    Question question;
    while (question.talk < 0)
        if (!Message().receive(5, question)) _exit(0);
    if (dup2(question.talk, 0) != 0 || dup2(question.talk, 1) != 1 || dup2(question.package, kPackage) != kPackage ||
        dup2(question.pixels, kPixels) != kPixels || syscall(SYS_close_range, 5U, ~0U, 0U) != 0)
        _exit(3);
    child();
    _exit(0);  // no library's farewell: it might want what the sandbox refuses
}

// A child that waits; its pid is -1 when there is no more room for one.
Child fork_child(const std::function<void()>& child) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return {};
    const pid_t self = getpid(), pid = fork();
    if (pid == 0) become_child(ends[1], self, child);
    close(ends[1]);
    const int pidfd = pid < 0 ? -1 : static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
    if (pidfd >= 0) return {pid, pidfd, ends[0]};
    close(ends[0]);
    if (pid > 0) {  // one that nobody could end
        kill(pid, SIGKILL);
        waitpid(pid, nullptr, 0);
    }
    return {};
}

void reap(const Child& child, int& status) {
    int raw = 0;
    while (waitpid(child.pid, &raw, 0) < 0 && errno == EINTR) {
    }
    status = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
    close(child.ended);
}

void tell_end(const Child& child) {
    int status = 0;
    reap(child, status);
    char line[64];
    const int n = std::snprintf(line, sizeof line, "{\"ended\":%d}\n", status);
    send(child.talk, line, static_cast<size_t>(n), MSG_NOSIGNAL | MSG_DONTWAIT);
    close(child.talk);
}

// The waiting child gets the question; should it be gone, a new one does.
bool hand_over(Child& waiting, const Question& question, const std::function<void()>& child) {
    for (int attempt = 0; attempt < 2; ++attempt) {
        if (waiting.pid < 0) waiting = fork_child(child);
        if (waiting.pid < 0) return false;
        if (Message().send(waiting.talk, 0, question, 0)) return true;
        int status = 0;
        kill(waiting.pid, SIGKILL);
        reap(waiting, status);
        close(waiting.talk);
        waiting = {};
    }
    return false;
}

}  // namespace

void serve_children(int control, const std::function<void()>& child) {
    std::vector<Child> children;
    // 0 to 5 belong to the child: what arrives must lie above them.
    const int moved = fcntl(control, F_DUPFD_CLOEXEC, 6);
    const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; fd < 6 && nothing >= 0; ++fd)
        if (fd != 2 && fd != nothing) dup3(nothing, fd, O_CLOEXEC);
    // Forked ahead: the desk does not wait for a fork.
    Child waiting = fork_child(child);
    std::vector<pollfd> wait;
    for (;;) {
        wait.assign(1, {moved, POLLIN, 0});
        for (const auto& one : children) wait.push_back({one.ended, POLLIN, 0});
        if (poll(wait.data(), wait.size(), -1) < 0 && errno != EINTR) return;
        for (size_t i = children.size(); i-- > 0;)
            if (wait[i + 1].revents != 0) {
                tell_end(children[i]);
                children.erase(children.begin() + static_cast<std::ptrdiff_t>(i));
            }
        if (wait[0].revents == 0) continue;
        Question question;
        if (!Message().receive(moved, question)) return;
        if (question.talk < 0) continue;
        if (hand_over(waiting, question, child)) {
            Message().send(question.talk, '\n', waiting.ended, MSG_DONTWAIT);
            close(waiting.talk);
            children.push_back({waiting.pid, waiting.ended, question.talk});
            waiting = fork_child(child);
        } else {
            close(question.talk);
        }
        close(question.package);
        close(question.pixels);
    }
}

}  // namespace sealdesk::scanbox
