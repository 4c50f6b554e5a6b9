#include "base/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/translate.h"

namespace sealdesk {

namespace {

int status_of(int raw) { return WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw); }

std::vector<char*> pointers(const std::vector<std::string>& words) {
    std::vector<char*> list;
    for (const auto& word : words) list.push_back(const_cast<char*>(word.c_str()));
    list.push_back(nullptr);
    return list;
}

std::vector<std::string> merged(const std::map<std::string, std::string>& added) {
    std::vector<std::string> all;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        if (!added.contains(std::string(text.substr(0, text.find('='))))) all.emplace_back(text);
    }
    for (const auto& [name, value] : added) all.push_back(name + "=" + value);
    return all;
}

}  // namespace

Result<Process> Process::start(const Options& options) {
    // Everything that allocates happens before fork.
    auto arguments = pointers(options.command);
    const auto environment_words = merged(options.environment);
    auto environment = pointers(environment_words);
    int failed[2];
    if (pipe2(failed, O_CLOEXEC) != 0) return fail(ErrorKind::internal, tr("无法建立管道"), std::strerror(errno));
    const pid_t pid = fork();
    if (pid == 0) {
        if (options.ends_with_us) prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (!options.folder.empty() && chdir(options.folder.c_str()) != 0) _exit(126);
        if (!options.output.empty()) {
            const int out = open(options.output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
            if (out < 0) _exit(126);
            dup2(out, STDOUT_FILENO);
            dup2(out, STDERR_FILENO);
        }
        for (const auto& [ours, its] : options.descriptors) {
            if (ours == its)
                fcntl(ours, F_SETFD, 0);
            else
                dup2(ours, its);
        }
        execvpe(arguments[0], arguments.data(), environment.data());
        const int error = errno;
        (void)!write(failed[1], &error, sizeof error);
        _exit(127);
    }
    close(failed[1]);
    int error = 0;
    const bool not_started = pid < 0 || read(failed[0], &error, sizeof error) == sizeof error;
    if (pid < 0) error = errno;
    close(failed[0]);
    if (not_started) {
        if (pid > 0) waitpid(pid, nullptr, 0);
        return fail(ErrorKind::unavailable, trf("无法启动 {}：{}", options.command[0], std::strerror(error)));
    }
    return Process(pid);
}

Process::~Process() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        wait();
    }
}

bool Process::running() {
    if (pid_ <= 0) return false;
    int raw = 0;
    if (waitpid(pid_, &raw, WNOHANG) != pid_) return true;
    status_ = status_of(raw);
    pid_ = -1;
    return false;
}

void Process::signal(int number) {
    if (pid_ > 0) ::kill(pid_, number);
}

int Process::wait() {
    if (pid_ <= 0) return status_;
    int raw = 0;
    while (waitpid(pid_, &raw, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return status_ = status_of(raw);
}

Result<Finished> run(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment,
                     std::string_view input) {
    int out[2];
    if (pipe2(out, O_CLOEXEC) != 0) return fail(ErrorKind::internal, tr("无法建立管道"), std::strerror(errno));
    // Input goes through an unlinked file: no deadlock between two full pipes.
    FILE* in = std::tmpfile();
    if (in == nullptr) return fail(ErrorKind::unavailable, tr("无法建立临时文件"), std::strerror(errno));
    if (!input.empty()) std::fwrite(input.data(), 1, input.size(), in);
    std::rewind(in);
    auto process = Process::start({command, environment, {}, {}, {{fileno(in), 0}, {out[1], 1}, {out[1], 2}}, false});
    std::fclose(in);
    close(out[1]);
    Finished finished;
    if (process) {
        char block[1 << 14];
        for (;;) {
            const ssize_t n = read(out[0], block, sizeof block);
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) break;
            if (finished.output.size() < (size_t{16} << 20)) finished.output.append(block, static_cast<size_t>(n));
        }
    }
    close(out[0]);
    if (!process) return tl::unexpected(process.error());
    finished.status = process->wait();
    return finished;
}

}  // namespace sealdesk
