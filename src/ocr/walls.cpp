#include "ocr/walls.h"

#include <seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <memory>

namespace sealdesk::ocr {

namespace {

bool limit(__rlimit_resource resource, rlim_t value) {
    const rlimit both{value, value};
    return setrlimit(resource, &both) == 0;
}

constexpr int kAllowed[] = {
    SCMP_SYS(read),          SCMP_SYS(write),          SCMP_SYS(writev),       SCMP_SYS(close),
    SCMP_SYS(lseek),         SCMP_SYS(fstat),          SCMP_SYS(newfstatat),   SCMP_SYS(mmap),
    SCMP_SYS(munmap),        SCMP_SYS(mremap),         SCMP_SYS(mprotect),     SCMP_SYS(madvise),
    SCMP_SYS(brk),           SCMP_SYS(futex),          SCMP_SYS(sched_yield),  SCMP_SYS(sched_getaffinity),
    SCMP_SYS(rt_sigaction),  SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(exit),
    SCMP_SYS(exit_group),    SCMP_SYS(getpid),         SCMP_SYS(gettid),       SCMP_SYS(getrandom),
    SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday),   SCMP_SYS(getrusage)};

bool system_calls() {
    const std::unique_ptr<void, void (*)(scmp_filter_ctx)> filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)), seccomp_release);
    if (!filter || seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_TSYNC, 1) != 0) return false;
    for (const int call : kAllowed)
        if (seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0) != 0) return false;
    return seccomp_load(filter.get()) == 0;
}

}  // namespace

bool close_walls() {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    // The sanitizers reserve terabytes of addresses.
    if (!limit(RLIMIT_AS, rlim_t{2} << 30)) return false;
#endif
    return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && limit(RLIMIT_CPU, 120) && limit(RLIMIT_NOFILE, 64) &&
           limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_CORE, 0) && system_calls();
}

}  // namespace sealdesk::ocr
