// A KEY with a real seal, of a picture that an officer accepted, and the process dies at every moment of it, also between the
// seal's record and the KEY: the KEY ends with one seal, the one of the register. A KEY that is full takes a smaller one.
#include "desk/key_seals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <random>

#include "keys/soft_key.h"
#include "seals/seals.h"
#include "tests/keys/fake_tokens.h"
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

TEST(KeySeals, AFullKeyGoesOnWithASmallerPictureThatIsAcceptedThen) {
    const TemporaryFolder folder;
    FakeTokens tokens;
    tokens.add("K1").room = 3;  // for the pair and the certificate
    KeyDesk desk(folder.path(), &tokens);
    desk::write_seals(desk.bench, new_maker());
    ASSERT_OK(keys::seen(*desk.database, *tokens.list()));
    ASSERT_OK(desk.approve(KeyDesk::order_of(1, 1)));
    const auto accept = [&](const seals::SealPicture& picture) {
        return seals::accept_picture(*desk.database, desk.officer, KeyDesk::no(1), picture, seals::PictureSource::drawn, "印章");
    };
    const auto made = [&] {
        return desk.database->read([&](storage::Tx& tx) { return seals::of_order(tx, KeyDesk::no(1)); }).value();
    };
    seals::Impression busy;
    busy.width = busy.height = 472;
    busy.dpi = 300;
    std::minstd_rand noise(7);
    for (int i = 0; i < 472 * 472; ++i) busy.ink.push_back(i < 472 * 100 && (noise() >> 10 & 1) != 0 ? 255 : 0);
    const auto larger = *seals::seal_picture(busy);
    ASSERT_GT(larger.data.size(), small_picture().data.size());
    ASSERT_OK(accept(larger));
    for (int tries = 0; tries < 2; ++tries) {
        const auto full = desk.write(KeyDesk::no(1), "K1");
        ASSERT_FALSE(full);
        EXPECT_THAT(full.error().message, testing::HasSubstr("存储空间已满"));
        ASSERT_EQ(made().size(), 1U) << "another try makes no other seal";
    }
    ASSERT_OK(accept(small_picture()));
    tokens.change("K1").room = 4;
    ASSERT_OK(desk.write(KeyDesk::no(1), "K1"));
    const auto list = made();
    ASSERT_EQ(list.size(), 2U);
    const auto is = [](const char* state) { return [state](const seals::MadeSeal& seal) { return seal.state == state; }; };
    const auto standing = std::find_if(list.begin(), list.end(), is("made")),
               taken_back = std::find_if(list.begin(), list.end(), is("withdrawn"));
    ASSERT_NE(standing, list.end());
    ASSERT_NE(taken_back, list.end());
    EXPECT_EQ(standing->picture_sha256, crypto::sha256_hex(small_picture().data));
    EXPECT_EQ(taken_back->picture_sha256, crypto::sha256_hex(larger.data));
    EXPECT_EQ(standing->certificate_serial, taken_back->certificate_serial) << "nothing was certified again";
    EXPECT_EQ(tokens.key("K1").data.at(keys::kSealLabel), standing->der);
    desk.expect_whole(0);
}

}  // namespace sealdesk::tests
