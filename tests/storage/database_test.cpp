#include "storage/database.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <future>
#include <stdexcept>
#include <thread>
#include <vector>

#include "support/databases.h"

using namespace sealdesk;
using namespace sealdesk::storage;

class DatabaseTest : public tests::OnBothEngines {
protected:
    void SetUp() override { open(); }
    int count() {
        return *database_->read([](Tx& tx) -> Result<int> {
            int n = 0;
            tx.sql << "SELECT COUNT(*) FROM settings", soci::into(n);
            return n;
        });
    }
    bool there(const std::string& name) {
        return *database_->read([&](Tx& tx) -> Result<bool> {
            int n = 0;
            tx.sql << "SELECT COUNT(*) FROM settings WHERE name = :name", soci::use(name), soci::into(n);
            return n == 1;
        });
    }
    // Runs verb(0) to verb(n - 1), each in a thread of its own, while another writer keeps them all waiting.
    template <class Verb>
    std::vector<Result<>> together(int n, const Verb& verb) {
        std::promise<void> inside;
        std::atomic<int> on_the_way = 0;
        std::vector<Result<>> results(static_cast<size_t>(n));
        std::jthread first([&] {
            (void)database_->write([&](Tx&) -> Result<> {
                inside.set_value();
                while (on_the_way < n) std::this_thread::yield();
                return {};
            });
        });
        inside.get_future().wait();
        std::vector<std::jthread> writers;
        for (int i = 0; i < n; ++i)
            writers.emplace_back([&, i] {
                ++on_the_way;
                results[static_cast<size_t>(i)] = database_->write([&](Tx& tx) -> Result<> { return verb(tx, i); });
            });
        writers.clear();
        return results;
    }
    static void insert(Tx& tx, const std::string& name) {
        tx.sql << "INSERT INTO settings (name, value) VALUES (:name, '')", soci::use(name);
    }
};

TEST_P(DatabaseTest, AValueCommitsAnErrorRollsBack) {
    ASSERT_OK(database_->write([](Tx& tx) -> Result<> {
        insert(tx, "kept");
        return {};
    }));
    EXPECT_FALSE(database_->write([](Tx& tx) -> Result<> {
        insert(tx, "dropped");
        return refused("no");
    }));
    EXPECT_EQ(count(), 1);
}

TEST_P(DatabaseTest, ADuplicateIsAConflictAndLeavesNothing) {
    const auto twice = database_->write([](Tx& tx) -> Result<> {
        insert(tx, "same");
        insert(tx, "same");
        return {};
    });
    ASSERT_FALSE(twice);
    EXPECT_EQ(twice.error().kind, ErrorKind::conflict) << twice.error().detail;
    EXPECT_EQ(count(), 0);
}

TEST_P(DatabaseTest, WhoWaitsTogetherIsAnsweredAlone) {
    constexpr int kWriters = 24;
    const auto results = together(kWriters, [](Tx& tx, int i) -> Result<> {
        insert(tx, std::to_string(i));
        if (i % 4 == 1) return refused("no " + std::to_string(i));
        if (i % 4 == 2) insert(tx, std::to_string(i));
        if (i % 4 == 3) throw std::runtime_error("broken");
        return {};
    });
    for (int i = 0; i < kWriters; ++i) {
        const auto& result = results[static_cast<size_t>(i)];
        EXPECT_EQ(there(std::to_string(i)), i % 4 == 0) << i;
        ASSERT_EQ(result.has_value(), i % 4 == 0) << i;
        if (i % 4 == 1) {
            EXPECT_EQ(result.error().message, "no " + std::to_string(i));
        }
        if (i % 4 == 2) {
            EXPECT_EQ(result.error().kind, ErrorKind::conflict);
        }
        if (i % 4 == 3) {
            EXPECT_EQ(result.error().kind, ErrorKind::internal);
        }
    }
}

TEST_P(DatabaseTest, WhatAFullDiskLosesIsToldToEachWhoLostIt) {
    if (database_->engine() != Engine::sqlite) GTEST_SKIP() << "only a file of one's own can be made full";
    const std::string url = database_->url();
    database_ = *Database::open({url, tests::source("data/migrations/desk"), &clock_, &random_, 1});
    ASSERT_OK(database_->execute("PRAGMA max_page_count = 400"));
    const auto results = together(12, [](Tx& tx, int i) -> Result<> {
        insert(tx, std::to_string(i));
        if (i % 3 == 0) tx.sql << "UPDATE settings SET value = hex(randomblob(4000000))";
        return {};
    });
    for (int i = 0; i < 12; ++i) {
        const auto& result = results[static_cast<size_t>(i)];
        EXPECT_EQ(there(std::to_string(i)), result.has_value()) << i;
        if (i % 3 == 0) {
            EXPECT_FALSE(result) << i;
        }
        if (!result) {
            EXPECT_EQ(result.error().message, "磁盘已满，刚才的操作没有保存；请腾出空间后重试") << result.error().detail;
        }
    }
    ASSERT_OK(database_->write([](Tx& tx) -> Result<> {
        insert(tx, "afterwards");
        return {};
    }));
}

TEST_P(DatabaseTest, OpensAgainAndRefusesANewerDatabase) {
    const std::string url = database_->url();
    const Database::Options options{url, tests::source("data/migrations/desk"), &clock_, &random_, 1};
    ASSERT_OK(Database::open(options));
    ASSERT_OK(database_->write([](Tx& tx) -> Result<> {
        tx.sql << "INSERT INTO schema_version (number, applied_at) VALUES (9999, 0)";
        return {};
    }));
    const auto newer = Database::open(options);
    ASSERT_FALSE(newer);
    EXPECT_EQ(newer.error().kind, ErrorKind::refused);
    EXPECT_NE(newer.error().message.find("9999"), std::string::npos);
}

SEALDESK_ON_BOTH_ENGINES(DatabaseTest);

TEST(DatabaseFaults, EachHasItsSentence) {
    const tests::TemporaryFolder folder;
    const tests::TestClock clock;
    crypto::SystemRandom random;
    const auto migrations = tests::source("data/migrations/desk");
    const auto kind = [&](const std::string& url, const std::filesystem::path& schema) {
        const auto opened = Database::open({url, schema, &clock, &random, 1});
        return opened ? std::optional<ErrorKind>() : opened.error().kind;
    };
    EXPECT_EQ(kind(folder.path() / "a.sqlite", folder.path() / "none"), ErrorKind::unavailable);
    EXPECT_EQ(kind("/proc/nowhere/a.sqlite", migrations), ErrorKind::unavailable);
    std::ofstream(folder.path() / "garbage.sqlite") << std::string(8192, 'x');
    EXPECT_EQ(kind(folder.path() / "garbage.sqlite", migrations), ErrorKind::corrupt);
    EXPECT_EQ(kind("postgresql:///none?host=/nowhere", migrations), ErrorKind::unavailable);
}
