#include "storage/database.h"

#include <gtest/gtest.h>

#include <fstream>

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
