// The process dies at every moment of every step: before it, when the KEY has it and the journal has not, inside the
// recording transaction, after it. A second process goes on with what is on disk and on the KEY.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "keys/soft_key.h"
#include "tests/keys/key_desk.h"
#include "tests/keys/soft_folder.h"

using namespace sealdesk;
using namespace sealdesk::keys;
using tests::KeyDesk;

namespace {

constexpr int kFinished = 0, kFailed = 3;

// The first process: writes the order's KEYs and is killed at the `at`-th moment.
[[noreturn]] void write_until_killed(const std::filesystem::path& folder, const std::vector<std::string>& serials, int at) {
    const auto tokens = use_soft_keys(folder / "keys");
    if (!tokens) _exit(kFailed);
    KeyDesk desk(folder, tokens->get());
    desk.bench.rules.random_pin = true;
    int moment = 0;
    desk.bench.watch = [&](const Job&, Step, Moment) {
        if (++moment == at) raise(SIGKILL);
    };
    for (const auto& serial : serials)
        if (!desk.write(KeyDesk::no(2), serial)) _exit(kFailed);
    _exit(kFinished);
}

class Killed : public testing::TestWithParam<tests::Story> {};

}  // namespace

TEST_P(Killed, AtEveryMomentAndTheOrderEndsWhole) {
    const auto& story = GetParam();
    const std::filesystem::path start = soft_folder(), folder = soft_folder();
    std::vector<std::string> serials;
    tests::p256_authority();
    {
        const auto tokens = use_soft_keys(start / "keys");
        ASSERT_OK(tokens);
        for (int i = 0; i <= story.quantity; ++i) {
            const auto added =
                add_soft_key(**tokens, fmt::format("KEY {}", i), crypto::Secret(std::string("12345678")), tests::user_pin());
            ASSERT_OK(added);
            serials.push_back(added->serial);
        }
        KeyDesk desk(start, tokens->get());
        ASSERT_OK(seen(*desk.database, *(*tokens)->list()));
        tests::begin_story(desk, story, serials.front());
        serials.erase(serials.begin());
    }
    int moments = 0, begun = 0;
    for (int at = 1;; ++at) {
        SCOPED_TRACE(fmt::format("killed at moment {}", at));
        std::filesystem::remove_all(folder);
        std::filesystem::copy(start, folder, std::filesystem::copy_options::recursive);
        const pid_t child = fork();
        if (child == 0) write_until_killed(folder, serials, at);
        int status = 0;
        ASSERT_EQ(waitpid(child, &status, 0), child);
        if (WIFEXITED(status)) {
            ASSERT_EQ(WEXITSTATUS(status), kFinished);
            break;
        }
        ASSERT_EQ(WTERMSIG(status), SIGKILL);
        ++moments;

        const auto tokens = use_soft_keys(folder / "keys");
        ASSERT_OK(tokens);
        KeyDesk desk(folder, tokens->get());
        desk.bench.rules.random_pin = true;
        const std::string owed = "SELECT COUNT(*) FROM tasks WHERE kind = 'pin_is_missing' AND done_at = 0";
        EXPECT_EQ(desk.number(owed),
                  desk.number("SELECT COUNT(*) FROM key_jobs WHERE step = 'bind' AND order_no = '" + KeyDesk::no(2) + "'"))
            << "no KEY is bound whose PIN nobody asks for";
        // The journal says which step had begun.
        const auto standing = open_jobs(*desk.database);
        ASSERT_OK(standing);
        for (const auto& job : *standing) {
            begun += job.beginning ? 1 : 0;
            EXPECT_TRUE(!job.beginning || *job.beginning == *next(job.done));
        }
        for (const auto& serial : serials) {
            const auto job = desk.write(KeyDesk::no(2), serial);
            // The last one may have been written before the process died.
            EXPECT_TRUE(job || desk.issued(2)) << job.error().message;
        }
        desk.expect_whole(story.replaces() ? 1 : 0);
        EXPECT_EQ(desk.number(owed), story.quantity);
        for (const auto& serial : serials) desk.expect_on_key(serial);
        if (HasFailure()) break;
    }
    // Allocating has one moment inside, each of the eight others four.
    EXPECT_EQ(moments, 33 * story.quantity);
    // What ends a step says in the same commit that the next one begins: all but the moment inside allocating and the last.
    EXPECT_EQ(begun, 31 * story.quantity);
    std::filesystem::remove_all(start);
    std::filesystem::remove_all(folder);
}

INSTANTIATE_TEST_SUITE_P(Story, Killed, testing::ValuesIn(tests::kStories), tests::story_name);
