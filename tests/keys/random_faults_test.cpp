// A thousand orders on KEYs that are pulled, answers that are lost, a database that refuses, a program that is started
// again; at the end nothing is missing, nothing is there twice, and every link is whole.
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <thread>

#include "keys/incidents.h"
#include "keys/soft_key.h"
#include "tests/keys/key_desk.h"
#include "tests/keys/plug.h"
#include "tests/keys/soft_folder.h"

using namespace sealdesk;
using namespace sealdesk::keys;
using tests::KeyDesk;
using tests::plug;

namespace {

// A tray of blank KEYs, all plugged in, behind a driver that can be pulled at any call. The next tray is another folder:
// the driver looks at every KEY there is, a centre never plugs in a thousand.
class Tray {
public:
    Tray(const std::filesystem::path& folder, int size)
        : soft_(*use_soft_keys(folder)), real_(*Module::load(*soft_key_module())) {
        for (int i = 0; i < size; ++i)
            blank_.push_back(
                add_soft_key(*soft_, fmt::format("KEY {}", i), crypto::Secret(std::string("12345678")), tests::user_pin())
                    ->serial);
        plug.reset(real_->f);
        list_ = tests::guarded_list(*real_->f);
        tokens = tokens_over(std::make_shared<Module>(nullptr, &list_, false));
    }
    bool has(int keys) const { return blank_.size() >= static_cast<size_t>(keys); }
    std::string take() {
        const std::string serial = blank_.back();
        blank_.pop_back();
        return serial;
    }

private:
    std::unique_ptr<Tokens> soft_;  // keeps the library loaded and initialised
    std::shared_ptr<Module> real_;
    CK_FUNCTION_LIST list_{};
    std::vector<std::string> blank_;

public:
    std::unique_ptr<Tokens> tokens;
};

}  // namespace

TEST(RandomFaults, AThousandOrdersEndWhole) {
    constexpr int kOrders = 1000, kTray = 24, kCallsOfAKey = 160;
    std::mt19937 dice(20261123);
    const auto from_1_to = [&](int n) { return std::uniform_int_distribution(1, n)(dice); };
    const auto one_in = [&](int n) { return from_1_to(n) == 1; };
    const auto folder = soft_folder();
    int pulled = 0, answers_lost = 0, crashed = 0, refused_by_disk = 0;
    struct Crash {};
    const auto watch = [&](const Job&, Step, Moment moment) {
        if (moment == Moment::recording || !one_in(60)) return;
        ++crashed;
        throw Crash{};
    };
    std::unique_ptr<Tray> tray;
    std::unique_ptr<KeyDesk> desk;
    std::vector<std::string> in_tray;  // KEYs of this tray that were written
    const auto start_again = [&] {
        desk.reset();
        desk = std::make_unique<KeyDesk>(folder, tray->tokens.get());
        desk->bench.watch = watch;
    };
    const auto holds = [&](const std::string& serial) {  // one pair and the certificate its job made
        auto session = desk->bench.tokens->open(serial);
        ASSERT_OK(session);
        ASSERT_OK((*session)->login(tests::user_pin()));
        const auto stored = (*session)->certificates();
        ASSERT_OK(stored);
        ASSERT_EQ(stored->size(), 1U) << serial;
        const auto pairs = (*session)->key_pairs();
        ASSERT_OK(pairs);
        ASSERT_EQ(pairs->size(), 1U) << serial;
        EXPECT_TRUE(*certificates::has_public_key((*stored)[0].der, (*pairs)[0].public_key)) << serial;
        const auto job = job_of(*desk->database, serial).value();
        ASSERT_TRUE(job) << serial;
        EXPECT_EQ((*session)->find_data(kSealLabel).value().value_or(""), KeyDesk::seal_of(*job, (*stored)[0].der)) << serial;
        EXPECT_EQ(desk->number(fmt::format("SELECT COUNT(*) FROM certificates WHERE key_serial = '{}' AND pem = '{}'", serial,
                                           certificates::certificate_pem((*stored)[0].der))),
                  1)
            << serial;
    };
    const auto empty_tray = [&] {
        for (const auto& serial : in_tray) holds(serial);
        in_tray.clear();
        desk.reset();
        tray.reset();
    };

    int keys_made = 0, replaced = 0, trays = 0;
    std::vector<int> in_use;  // subjects with one KEY that nobody has replaced
    for (int n = 1; n <= kOrders && !HasFatalFailure(); ++n) {
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
        if (!tray || !tray->has(order.quantity)) {
            if (tray) empty_tray();
            tray = std::make_unique<Tray>(folder / fmt::format("tray-{}", ++trays), kTray);
            start_again();
            ASSERT_OK(seen(*desk->database, *tray->tokens->list()));
        }
        ASSERT_OK(desk->approve(order));
        for (int unit = 1; unit <= order.quantity; ++unit) {
            const std::string serial = tray->take();
            in_tray.push_back(serial);
            ++keys_made;
            for (int attempt = 0;; ++attempt) {
                ASSERT_LT(attempt, 100) << order.no;
                const bool disk = one_in(40);
                if (disk) {
                    ++refused_by_disk;
                    ASSERT_OK(desk->database->execute(
                        "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END"));
                }
                plug.calls = 0;
                if (one_in(2)) {  // a lost answer matters for the few calls that change the KEY
                    plug.answer_lost = one_in(2);
                    plug.pulled_at = from_1_to(plug.answer_lost ? 6 : kCallsOfAKey);
                }
                bool done = false;
                try {
                    const auto job = desk->write(order.no, serial);
                    done = job.has_value() && job->finished();
                } catch (const Crash&) {
                    start_again();
                }
                if (plug.gone) ++(plug.answer_lost ? answers_lost : pulled);
                plug.plug_in();
                if (disk) ASSERT_OK(desk->database->execute("DROP TRIGGER full"));
                // A lost answer may hide that it was finished.
                const auto job = job_of(*desk->database, serial);
                ASSERT_OK(job);
                if (done || (*job && (*job)->finished())) break;
            }
        }
    }
    desk->expect_whole(replaced);
    EXPECT_EQ(desk->number("SELECT COUNT(*) FROM keys WHERE state <> 'blank'"), keys_made);
    empty_tray();
    EXPECT_GT(pulled, 100);
    EXPECT_GT(answers_lost, 100);
    EXPECT_GT(crashed, 100);
    EXPECT_GT(refused_by_disk, 10);
    std::printf("%d KEYs in %d trays: pulled %d, answers lost %d, crashed %d, disk refused %d\n", keys_made, trays, pulled,
                answers_lost, crashed, refused_by_disk);
    std::filesystem::remove_all(folder);
}

// The KEYs of one order are written at the same time, and the hub with all of them is pulled.
TEST(RandomFaults, KeysSideBySideEndWhole) {
    constexpr int kOrders = 24, kKeys = 3, kCallsOfThree = 400;
    std::mt19937 dice(20261128);
    const auto folder = soft_folder();
    int pulled = 0;
    {
        Tray tray(folder / "tray", kOrders * kKeys);
        KeyDesk desk(folder, tray.tokens.get());
        ASSERT_OK(seen(*desk.database, *tray.tokens->list()));
        for (int n = 1; n <= kOrders && !HasFatalFailure(); ++n) {
            auto order = KeyDesk::order_of(n, n);
            order.quantity = kKeys;
            ASSERT_OK(desk.approve(order));
            std::vector<std::string> serials;
            for (int i = 0; i < kKeys; ++i) serials.push_back(tray.take());
            const std::set<std::string> together(serials.begin(), serials.end());
            for (int attempt = 0; !desk.issued(n); ++attempt) {
                ASSERT_LT(attempt, 100) << order.no;
                plug.calls = 0;
                if (std::uniform_int_distribution(1, 3)(dice) < 3)
                    plug.pulled_at = std::uniform_int_distribution(1, kCallsOfThree)(dice);
                std::vector<std::thread> writers;
                for (const auto& serial : serials)
                    writers.emplace_back([&, serial] {
                        auto beside = together;
                        beside.erase(serial);
                        static_cast<void>(keys::write(*desk.database, desk.officer, desk.bench, order.no, serial,
                                                      tests::user_pin(), {}, beside));
                    });
                for (auto& writer : writers) writer.join();
                pulled += plug.gone ? 1 : 0;
                plug.plug_in();
            }
            for (const auto& serial : serials) desk.expect_on_key(serial);
        }
        desk.expect_whole(0);
    }
    EXPECT_GT(pulled, 10);
    std::filesystem::remove_all(folder);
}
