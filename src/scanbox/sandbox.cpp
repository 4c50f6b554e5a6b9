#include "scanbox/sandbox.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <memory>

namespace sealdesk::scanbox {

namespace {

bool limit(__rlimit_resource resource, rlim_t value) {
    const rlimit both{value, value};
    return setrlimit(resource, &both) == 0;
}

bool limits() {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    // The sanitizers reserve terabytes of addresses.
    if (!limit(RLIMIT_AS, rlim_t{2} << 30)) return false;
#endif
    return limit(RLIMIT_NOFILE, 512) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_CORE, 0);
}

// What poppler reads while it draws: fonts that a PDF names without carrying them, and character maps.
constexpr const char* kReadable[] = {"/usr/share/fonts",      "/usr/local/share/fonts", "/etc/fonts",
                                     "/usr/share/fontconfig", "/var/cache/fontconfig",  "/usr/share/poppler"};

// True also when the kernel has no Landlock.
bool only_fonts() {
    const long version = syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1) return errno == ENOSYS || errno == EOPNOTSUPP;
    constexpr std::uint64_t kRead = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
    landlock_ruleset_attr all{};
    // Every right of the first version; later ones added to refer (2) and truncate (3).
    all.handled_access_fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
    if (version >= 2) all.handled_access_fs |= std::uint64_t{1} << 13;
    if (version >= 3) all.handled_access_fs |= std::uint64_t{1} << 14;
    const int rules = static_cast<int>(syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0));
    if (rules < 0) return false;
    bool good = true;
    for (const char* folder : kReadable) {
        const int fd = open(folder, O_PATH | O_CLOEXEC);
        if (fd < 0) continue;  // not installed: nothing to read there
        const landlock_path_beneath_attr below{kRead, fd};
        good = good && syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &below, 0) == 0;
        close(fd);
    }
    good = good && syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    close(rules);
    return good;
}

// What decoding needs: memory, threads of our own, reading fonts and character maps, the time, our two pipes.
constexpr int kAllowed[] = {
    SCMP_SYS(read),
    SCMP_SYS(pread64),
    SCMP_SYS(readv),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(close),
    SCMP_SYS(lseek),
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(stat),
    SCMP_SYS(lstat),
    SCMP_SYS(statx),
    SCMP_SYS(fstatfs),
    SCMP_SYS(statfs),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(getdents64),
    SCMP_SYS(getppid),
    SCMP_SYS(getcwd),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(futex),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(getrandom),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(times),
    SCMP_SYS(getrusage),
    SCMP_SYS(sysinfo),
    SCMP_SYS(uname),
    SCMP_SYS(dup),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(eventfd2),
    SCMP_SYS(pipe2),
};

bool list_calls(scmp_filter_ctx filter) {
    for (const int call : kAllowed)
        if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) != 0) return false;
    const auto allow = [&](int call, const scmp_arg_cmp& when) {
        return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1, when) == 0;
    };
    const auto is = [](unsigned argument, unsigned long mask, unsigned long value) {
        return scmp_arg_cmp{argument, SCMP_CMP_MASKED_EQ, mask, value};
    };
    const auto equals = [](unsigned argument, unsigned long value) { return scmp_arg_cmp{argument, SCMP_CMP_EQ, value, 0}; };
    constexpr unsigned long kWriting = O_ACCMODE | O_CREAT | O_TRUNC, kThread = CLONE_THREAD | CLONE_VM;
    for (const int command : {F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC, F_SETLK})
        if (!allow(SCMP_SYS(fcntl), equals(1, static_cast<unsigned long>(command)))) return false;
    return allow(SCMP_SYS(openat), is(2, kWriting, O_RDONLY)) && allow(SCMP_SYS(open), is(1, kWriting, O_RDONLY)) &&
           allow(SCMP_SYS(clone), is(0, kThread, kThread)) &&
           // The flags of clone3 lie in memory where a filter cannot look: glibc falls back to clone.
           seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0 &&
           // No code that was not there when the sandbox closed.
           allow(SCMP_SYS(mmap), is(2, PROT_EXEC, 0)) && allow(SCMP_SYS(mprotect), is(2, PROT_EXEC, 0)) &&
           allow(SCMP_SYS(prlimit64), equals(2, 0)) && allow(SCMP_SYS(prctl), equals(0, PR_SET_NAME));
}

}  // namespace

bool close_files() { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && limits() && only_fonts(); }

Calls Calls::prepare() {
    Calls calls;
    const std::unique_ptr<void, void (*)(scmp_filter_ctx)> filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)), seccomp_release);
    // A balanced tree instead of a list: the filter runs at every call.
    if (!filter || seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2) != 0 || !list_calls(filter.get())) return calls;
    const int memory = memfd_create("seccomp", MFD_CLOEXEC);
    if (memory >= 0 && seccomp_export_bpf(filter.get(), memory) == 0) {
        const off_t size = lseek(memory, 0, SEEK_END);
        calls.filter_.resize(static_cast<size_t>(std::max<off_t>(0, size)));
        if (pread(memory, calls.filter_.data(), calls.filter_.size(), 0) != size) calls.filter_.clear();
    }
    if (memory >= 0) ::close(memory);
    return calls;
}

bool Calls::close() const {
    if (filter_.empty()) return false;
    sock_fprog program{};
    program.len = static_cast<unsigned short>(filter_.size() / sizeof(sock_filter));
    program.filter = const_cast<sock_filter*>(reinterpret_cast<const sock_filter*>(filter_.data()));
    return limit(RLIMIT_CPU, 90) && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

std::vector<std::string> leaks() {
    std::vector<std::string> found;
    const auto closed = [](int fd) {
        if (fd >= 0) close(fd);
        return fd < 0 && errno == EPERM;
    };
    // A file that every Linux has and nobody's fonts are in.
    const int passwd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
    if (passwd >= 0) {
        close(passwd);
        found.emplace_back("read_file");
    }
    if (!closed(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))) found.emplace_back("socket");
    if (!closed(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0))) found.emplace_back("unix_socket");
    if (!closed(open("/tmp/sealdesk-scanbox-probe", O_WRONLY | O_CREAT | O_CLOEXEC, 0600))) found.emplace_back("write_file");
    if (!closed(static_cast<int>(syscall(SYS_fork)))) found.emplace_back("fork");
    if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0 || errno != EPERM) found.emplace_back("ptrace");
    if (kill(getppid(), 0) == 0) found.emplace_back("signal");
    void* code = mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (code != MAP_FAILED || errno != EPERM) found.emplace_back("new_code");
    char* const nothing[] = {nullptr};
    // A program that exists: only the refusal brings us past this line.
    if (execve("/bin/true", nothing, nothing) == 0 || errno != EPERM) found.emplace_back("exec");
    return found;
}

}  // namespace sealdesk::scanbox
