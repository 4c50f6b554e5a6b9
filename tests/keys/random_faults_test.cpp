// A thousand orders on KEYs that are pulled, answers that are lost, a database that refuses, a program that is started
// again; at the end nothing is missing, nothing is there twice, and every link is whole.
#include <gtest/gtest.h>

#include <random>

#include "keys/incidents.h"
#include "tests/keys/fake_tokens.h"
#include "tests/keys/key_desk.h"
#include "tests/keys/soft_folder.h"

using namespace sealdesk;
using namespace sealdesk::keys;
using tests::Fault;
using tests::KeyDesk;

TEST(RandomFaults, AThousandOrdersEndWhole) {
    constexpr int kOrders = 1000;
    std::mt19937 dice(20261123);
    const auto one_in = [&](int n) { return std::uniform_int_distribution(1, n)(dice) == 1; };
    const auto folder = soft_folder();
    tests::FakeTokens tokens;
    auto desk = std::make_unique<KeyDesk>(folder, &tokens);
    bool calm = false;
    int pulled = 0, crashed = 0, refused_by_disk = 0;
    struct Crash {};
    const auto watch = [&](const Job&, Step, Moment moment) {
        if (calm || moment == Moment::recording) return;
        if (one_in(60)) {
            ++crashed;
            throw Crash{};
        }
    };
    tokens.fault = [&] {
        if (calm || !one_in(60)) return Fault::none;
        ++pulled;
        return one_in(2) ? Fault::not_done : Fault::answer_lost;
    };
    desk->bench.watch = watch;

    int keys_made = 0, replaced = 0;
    std::vector<int> in_use;  // subjects with one KEY that nobody has replaced
    for (int n = 1; n <= kOrders; ++n) {
        const bool replaces = !in_use.empty() && one_in(4);
        int subject = n;
        if (replaces) {
            const auto at = std::uniform_int_distribution<size_t>(0, in_use.size() - 1)(dice);
            subject = in_use[at];
            ++replaced;
        }
        auto order = KeyDesk::order_of(n, subject);
        if (replaces) {
            order.kind = orders::OrderKind::replacement;
            order.cause = one_in(2) ? orders::ReplacementCause::lost : orders::ReplacementCause::damaged;
        } else {
            order.quantity = one_in(10) ? 3 : one_in(10) ? 2 : 1;
        }
        if (!replaces && order.quantity == 1) in_use.push_back(n);
        ASSERT_OK(desk->approve(order));
        for (int unit = 1; unit <= order.quantity; ++unit) {
            const std::string serial = fmt::format("F{:06}", ++keys_made);
            tokens.add(serial);
            ASSERT_OK(seen(*desk->database, {tokens.key(serial).info}));
            for (int attempt = 0;; ++attempt) {
                ASSERT_LT(attempt, 100) << order.no;
                const bool disk = one_in(40);
                if (disk) {
                    ++refused_by_disk;
                    ASSERT_OK(desk->database->execute(
                        "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END"));
                }
                bool done = false;
                try {
                    const auto job = desk->write(order.no, serial);
                    done = job.has_value() && job->finished();
                } catch (const Crash&) {
                    desk.reset();
                    desk = std::make_unique<KeyDesk>(folder, &tokens);
                    desk->bench.watch = watch;
                }
                if (disk) ASSERT_OK(desk->database->execute("DROP TRIGGER full"));
                // A lost answer may hide that it was finished.
                const auto job = job_of(*desk->database, serial);
                ASSERT_OK(job);
                if (done || (*job && (*job)->finished())) break;
            }
        }
    }
    calm = true;
    desk->expect_whole(replaced);
    EXPECT_EQ(desk->number("SELECT COUNT(*) FROM keys"), keys_made);
    for (int i = 1; i <= keys_made; ++i) {
        const auto& key = tokens.key(fmt::format("F{:06}", i));
        ASSERT_EQ(key.pairs.size(), 1U) << i;
        ASSERT_EQ(key.certificates.size(), 1U) << i;
        EXPECT_TRUE(
            *certificates::has_public_key(key.certificates.begin()->second.der, key.pairs.begin()->second.facts.public_key));
    }
    EXPECT_GT(pulled, 100);
    EXPECT_GT(crashed, 100);
    EXPECT_GT(refused_by_disk, 10);
    RecordProperty("pulled", pulled);
    RecordProperty("crashed", crashed);
    std::filesystem::remove_all(folder);
}
