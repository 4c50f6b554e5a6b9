// A story that is killed: told in a process of its own, which is gone at one moment, then at a later one, and so on until the
// story comes to its end. What a moment is, says the story: tests/support/fatal_clock.h has one.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>

namespace sealdesk::tests {

enum class Child { finished, killed, failed };

// `story` gives true when it went well.
template <class Story>
Child in_a_child(Story story) {
    const auto told = [&]() noexcept { return story(); };
    const pid_t child = fork();
    if (child == 0) _exit(told() ? 0 : 3);
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) return Child::failed;
    if (WIFSIGNALED(status)) return WTERMSIG(status) == SIGKILL ? Child::killed : Child::failed;
    return WEXITSTATUS(status) == 0 ? Child::finished : Child::failed;
}

// A step has several moments, and a stride keeps the suite quick. SEALDESK_EVERY_MOMENT=1 tries each.
inline int stride_of(int usual) { return std::getenv("SEALDESK_EVERY_MOMENT") != nullptr ? 1 : usual; }

struct Deaths {
    int killed = 0;
    int survived_at = 0;  // the first moment that the story did not have any more
};
// `before(fatal)` makes what the story begins with, `story(fatal)` is told in the child and gone at that moment, `after(fatal)`
// goes on with what is left and looks at it; the last time the story had come to its end. Stops at the first failure.
template <class Before, class Story, class After>
Deaths killed_at_each(int first, int stride, Before before, Story story, After after) {
    constexpr int kMost = 2000;
    Deaths deaths;
    for (int fatal = first; deaths.survived_at == 0 && fatal < kMost; fatal += stride) {
        SCOPED_TRACE("killed at " + std::to_string(fatal));
        before(fatal);
        if (testing::Test::HasFailure()) return deaths;
        const Child ended = in_a_child([&] { return story(fatal); });
        if (ended == Child::killed) ++deaths.killed;
        if (ended == Child::finished) deaths.survived_at = fatal;
        EXPECT_NE(ended, Child::failed) << "the story itself went wrong";
        if (ended != Child::failed) after(fatal);
        if (testing::Test::HasFailure()) return deaths;
    }
    EXPECT_GT(deaths.survived_at, 0) << "the story ended before its last moment was tried";
    return deaths;
}

}  // namespace sealdesk::tests
