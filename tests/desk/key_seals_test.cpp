// A KEY with a real seal, of a picture that an officer accepted, and the process dies at every moment of it, also between the
// seal's record and the KEY: the KEY ends with one seal, the one of the register.
#include "desk/key_seals.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "keys/soft_key.h"
#include "seals/seals.h"
#include "tests/keys/key_desk.h"
#include "tests/keys/soft_folder.h"
#include "tests/seals/seal_parts.h"

namespace sealdesk::tests {
namespace {

constexpr int kFinished = 0, kFailed = 3;
using MakerPtr = std::shared_ptr<const seals::Maker>;

MakerPtr new_maker() {
    crypto::SystemRandom random;
    const crypto::Secret passphrase(std::string("correct horse battery"));
    const auto files = *seals::create_maker({{"印章根", "中心", "", "CN"}, {"制章", "中心", "", "CN"}}, passphrase, random,
                                            TestClock().now() + -kHour);
    return std::make_shared<const seals::Maker>(
        *seals::Maker::load(files.root_pem, files.maker_pem, files.maker_key_pem, passphrase));
}

// The first process: killed at the `at`-th moment.
[[noreturn]] void write_until_killed(const std::filesystem::path& folder, const std::string& serial, const MakerPtr& maker,
                                     int at) {
    const auto tokens = keys::use_soft_keys(folder / "keys");
    if (!tokens) _exit(kFailed);
    KeyDesk desk(folder, tokens->get());
    desk::write_seals(desk.bench, maker);
    int moment = 0;
    const auto pass = [&] {
        if (++moment == at) raise(SIGKILL);
    };
    desk.bench.watch = [&](const keys::Job&, keys::Step, keys::Moment) { pass(); };
    desk.bench.seal = [&, made = desk.bench.seal](storage::Database& database, const keys::Job& job,
                                                  const certificates::Certificate& certificate) {
        auto seal = made(database, job, certificate);
        pass();
        return seal;
    };
    _exit(desk.write(KeyDesk::no(1), serial) ? kFinished : kFailed);
}

}  // namespace

TEST(KeySeals, KilledAtEveryMomentTheKeyEndsWithTheSealOfTheRegister) {
    const std::filesystem::path start = soft_folder(), folder = soft_folder();
    const MakerPtr maker = new_maker();
    p256_authority();
    std::string serial;
    {
        const auto tokens = keys::use_soft_keys(start / "keys");
        ASSERT_OK(tokens);
        const auto added = keys::add_soft_key(**tokens, "KEY", crypto::Secret(std::string("12345678")), user_pin());
        ASSERT_OK(added);
        serial = added->serial;
        KeyDesk desk(start, tokens->get());
        ASSERT_OK(keys::seen(*desk.database, {*added}));
        ASSERT_OK(desk.approve(KeyDesk::order_of(1, 1)));
        ASSERT_OK(seals::accept_picture(*desk.database, desk.officer, KeyDesk::no(1), small_picture(),
                                        seals::PictureSource::drawn, "印章"));
    }
    int moments = 0;
    for (int at = 1;; ++at) {
        SCOPED_TRACE(fmt::format("killed at moment {}", at));
        std::filesystem::remove_all(folder);
        std::filesystem::copy(start, folder, std::filesystem::copy_options::recursive);
        const pid_t child = fork();
        if (child == 0) write_until_killed(folder, serial, maker, at);
        int status = 0;
        ASSERT_EQ(waitpid(child, &status, 0), child);
        if (WIFEXITED(status)) {
            ASSERT_EQ(WEXITSTATUS(status), kFinished);
            break;
        }
        ASSERT_EQ(WTERMSIG(status), SIGKILL);
        ++moments;

        const auto tokens = keys::use_soft_keys(folder / "keys");
        ASSERT_OK(tokens);
        KeyDesk desk(folder, tokens->get());
        desk::write_seals(desk.bench, maker);
        const auto job = desk.write(KeyDesk::no(1), serial);
        // It may have been written before the process died.
        EXPECT_TRUE(job || desk.issued(1)) << job.error().message;
        desk.expect_whole(0);
        const auto made = desk.database->read([&](storage::Tx& tx) { return seals::of_order(tx, KeyDesk::no(1)); });
        ASSERT_OK(made);
        ASSERT_EQ(made->size(), 1U);
        const auto& seal = made->front();
        EXPECT_EQ(seal.state, "made");
        EXPECT_EQ(seal.key_serial, serial);
        EXPECT_EQ(
            desk.number("SELECT COUNT(*) FROM certificates WHERE state = 'valid' AND serial = '" + seal.certificate_serial + "'"),
            1);
        auto session = desk.bench.tokens->open(serial);
        ASSERT_OK(session);
        ASSERT_OK((*session)->login(user_pin()));
        const auto stored = (*session)->find_data(keys::kSealLabel);
        ASSERT_OK(stored);
        EXPECT_EQ(stored->value_or(""), seal.der);
        if (HasFailure()) break;
    }
    // Allocating has one moment inside, each of the eight other steps four; the seal is asked for once.
    EXPECT_EQ(moments, 1 + 8 * 4 + 1);
    std::filesystem::remove_all(start);
    std::filesystem::remove_all(folder);
}

}  // namespace sealdesk::tests
