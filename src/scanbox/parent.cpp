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
    int talk = -1;
};

struct Question {
    int talk = -1, package = -1, pixels = -1;
};

// Descriptors of one message; false at the end of the conversation.
bool next_question(int control, Question& question) {
    char byte = 0;
    iovec part{&byte, 1};
    alignas(cmsghdr) char space[CMSG_SPACE(sizeof question)];
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = space;
    message.msg_controllen = sizeof space;
    const ssize_t n = recvmsg(control, &message, MSG_CMSG_CLOEXEC);
    if (n <= 0) return n < 0 && errno == EINTR;
    const cmsghdr* carried = CMSG_FIRSTHDR(&message);
    if (carried != nullptr && carried->cmsg_type == SCM_RIGHTS && carried->cmsg_len == CMSG_LEN(sizeof question))
        std::memcpy(&question, CMSG_DATA(carried), sizeof question);
    return true;
}

void hand_over(int talk, int pidfd) {
    char line = '\n';
    iovec part{&line, 1};
    alignas(cmsghdr) char space[CMSG_SPACE(sizeof(int))] = {};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = space;
    message.msg_controllen = sizeof space;
    cmsghdr* carried = CMSG_FIRSTHDR(&message);
    carried->cmsg_level = SOL_SOCKET;
    carried->cmsg_type = SCM_RIGHTS;
    carried->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(carried), &pidfd, sizeof pidfd);
    sendmsg(talk, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

[[noreturn]] void become_child(const Question& question, pid_t parent, const std::function<void()>& child) {
    // The desk's end is the parent's, and the parent's is ours.
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || getppid() != parent) _exit(3);
    // Nothing of another question may stay open here: its answer could be forged.
    if (dup2(question.talk, 0) != 0 || dup2(question.talk, 1) != 1 || dup2(question.package, kPackage) != kPackage ||
        dup2(question.pixels, kPixels) != kPixels || syscall(SYS_close_range, 5U, ~0U, 0U) != 0)
        _exit(3);
    child();
    _exit(0);  // no library's farewell: it might want what the sandbox refuses
}

void tell_end(const Child& child) {
    int raw = 0;
    while (waitpid(child.pid, &raw, 0) < 0 && errno == EINTR) {
    }
    char line[64];
    const int n = std::snprintf(line, sizeof line, "{\"ended\":%d}\n", WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw));
    send(child.talk, line, static_cast<size_t>(n), MSG_NOSIGNAL | MSG_DONTWAIT);
    close(child.talk);
    close(child.ended);
}

}  // namespace

void serve_children(int control, const std::function<void()>& child) {
    std::vector<Child> children;
    // 0 to 4 belong to the child: what arrives must lie above them.
    const int moved = fcntl(control, F_DUPFD_CLOEXEC, 5);
    const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; fd < 5 && nothing >= 0; ++fd)
        if (fd != 2 && fd != nothing) dup3(nothing, fd, O_CLOEXEC);
    const pid_t self = getpid();
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
        if (!next_question(moved, question)) return;
        if (question.talk < 0) continue;
        const pid_t pid = fork();
        if (pid == 0) become_child(question, self, child);
        close(question.package);
        close(question.pixels);
        const int pidfd = pid < 0 ? -1 : static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
        if (pidfd < 0) {  // no child, or one that nobody could end
            if (pid > 0) kill(pid, SIGKILL), waitpid(pid, nullptr, 0);
            close(question.talk);
            continue;
        }
        hand_over(question.talk, pidfd);
        children.push_back({pid, pidfd, question.talk});
    }
}

}  // namespace sealdesk::scanbox
