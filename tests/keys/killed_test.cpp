// The process dies at every moment of every step: before it, when the KEY has it and the journal has not, inside the
// recording transaction, after it. A second process goes on with what is on disk and on the KEY.
#include <gtest/gtest.h>

#include <csignal>

#include "keys/soft_key.h"
#include "support/killed_child.h"
#include "tests/keys/key_desk.h"
#include "tests/keys/soft_folder.h"

using namespace sealdesk;
using namespace sealdesk::keys;
using tests::KeyDesk;

namespace {

// The first process: writes the order's KEYs and is gone at the fatal moment.
bool write_until_killed(const std::filesystem::path& folder, const std::vector<std::string>& serials, int fatal) {
    const auto tokens = use_soft_keys(folder / "keys");
    if (!tokens) return false;
    KeyDesk desk(folder, tokens->get());
    desk.bench.rules.random_pin = true;
    int moment = 0;
    desk.bench.watch = [&](const Job&, Step, Moment) {
        if (++moment == fatal) raise(SIGKILL);
    };
    for (const auto& serial : serials)
        if (!desk.write(KeyDesk::no(2), serial)) return false;
    return true;
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
    int begun = 0;
    const auto copied = [&](int) {
        std::filesystem::remove_all(folder);
        std::filesystem::copy(start, folder, std::filesystem::copy_options::recursive);
    };
    const auto gone_on_with = [&](int) {
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
        // All of them are plugged in, and the last one overtakes the one that was being written.
        const std::set<std::string> beside(serials.begin(), serials.end());
        for (auto serial = serials.rbegin(); serial != serials.rend(); ++serial) {
            const auto job = desk.write(KeyDesk::no(2), *serial, beside);
            // It may have been finished before the process died.
            EXPECT_TRUE(job || desk.finished(*serial)) << job.error().message;
        }
        desk.expect_whole(story.replaces() ? 1 : 0);
        EXPECT_EQ(desk.number(owed), story.quantity);
        for (const auto& serial : serials) desk.expect_on_key(serial);
    };
    const auto deaths = tests::killed_at_each(
        1, 1, copied, [&](int fatal) { return write_until_killed(folder, serials, fatal); }, gone_on_with);
    // Allocating has one moment inside, each of the eight others four.
    EXPECT_EQ(deaths.killed, 33 * story.quantity);
    // What ends a step says in the same commit that the next one begins: all but the moment inside allocating and the last.
    EXPECT_EQ(begun, 31 * story.quantity);
    std::filesystem::remove_all(start);
    std::filesystem::remove_all(folder);
}

INSTANTIATE_TEST_SUITE_P(Story, Killed, testing::ValuesIn(tests::kStories), tests::story_name);
