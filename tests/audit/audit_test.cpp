#include "audit/audit.h"

#include <gmock/gmock.h>

#include "storage/rows.h"
#include "support/databases.h"

using namespace sealdesk;
using testing::HasSubstr;

class AuditTest : public tests::OnBothEngines {
protected:
    void SetUp() override {
        open();
        for (int i = 1; i <= 5; ++i) {
            ASSERT_OK(append("zhou", "order." + std::to_string(i), i % 2 != 0 ? "odd" : "even"));
            clock_.advance(kSecond);
        }
    }
    Result<> append(const std::string& actor, const std::string& action, const std::string& subject) {
        return database_->write([&](storage::Tx& tx) -> Result<> {
            audit::append(tx, actor, action, subject, R"({"n":1})");
            return {};
        });
    }
    audit::Verdict verdict() {
        const auto found = audit::verify(*database_);
        EXPECT_TRUE(found) << found.error().message;
        return found.value_or(audit::Verdict{});
    }
    std::vector<std::int64_t> page(const std::string& subject, std::int64_t before, int limit) {
        std::vector<std::int64_t> numbers;
        const auto rows = audit::page(*database_, subject, before, limit).value();
        for (const auto& row : rows) numbers.push_back(row.seq);
        return numbers;
    }
};

TEST_P(AuditTest, AnUntouchedLogIsWhole) {
    const auto found = verdict();
    EXPECT_EQ(found.rows, 5);
    EXPECT_FALSE(found.first_bad);
    EXPECT_EQ(found.head, audit::head(*database_).value());
    EXPECT_THAT(found.sentence, HasSubstr("5"));
}

TEST_P(AuditTest, AnEmptyLogIsWholeAndItsHeadIsNought) {
    ASSERT_OK(database_->execute("DELETE FROM audit"));
    EXPECT_EQ(verdict().rows, 0);
    EXPECT_FALSE(verdict().first_bad);
    EXPECT_EQ(verdict().head, std::string(64, '0'));
    EXPECT_EQ(audit::head(*database_).value(), std::string(64, '0'));
}

TEST_P(AuditTest, EveryAlteredColumnShowsAtItsRow) {
    const std::vector<std::string> changes{"at = at + 1",
                                           "actor = 'liu'",
                                           "action = 'order.9'",
                                           "subject = 'other'",
                                           "details = '{}'",
                                           "hash = '" + std::string(64, 'e') + "'",
                                           "previous_hash = '" + std::string(64, 'e') + "'"};
    for (const auto& change : changes) {
        const auto before = audit::page(*database_, "", 0, 100).value().at(2);
        ASSERT_EQ(before.seq, 3);
        ASSERT_OK(database_->execute("UPDATE audit SET " + change + " WHERE seq = 3"));
        const auto found = verdict();
        ASSERT_TRUE(found.first_bad) << change;
        EXPECT_EQ(*found.first_bad, 3) << change;
        EXPECT_EQ(found.rows, 2) << change;
        EXPECT_THAT(found.sentence, HasSubstr("3"));
        ASSERT_OK(database_->write([&](storage::Tx& tx) -> Result<> {
            storage::change(
                tx,
                "UPDATE audit SET at = :at, actor = :actor, action = :action, subject = :subject, details = :details, "
                "previous_hash = :previous, hash = :hash WHERE seq = 3",
                before.at.ms, before.actor, before.action, before.subject, before.details, before.previous_hash, before.hash);
            return {};
        }));
        EXPECT_FALSE(verdict().first_bad) << change;
    }
}

// Moving a character from one field to the next keeps the text of the row, not its hash.
TEST_P(AuditTest, FieldsDoNotRunIntoEachOther) {
    audit::Row row{1, Instant{5}, "ab", "c", "", "{}", std::string(64, '0'), {}};
    const std::string hash = audit::hash_of(row);
    row.actor = "a";
    row.action = "bc";
    EXPECT_NE(audit::hash_of(row), hash);
}

TEST_P(AuditTest, ADeletedRowShowsAtTheNextOne) {
    ASSERT_OK(database_->execute("DELETE FROM audit WHERE seq = 3"));
    EXPECT_EQ(verdict().first_bad, 4);
}

TEST_P(AuditTest, ADeletedFirstRowShows) {
    ASSERT_OK(database_->execute("DELETE FROM audit WHERE seq = 1"));
    EXPECT_EQ(verdict().first_bad, 2);
}

// Rehashing the put-in row and renumbering what follows does not help: the next row names another hash.
TEST_P(AuditTest, AnInsertedRowShows) {
    auto rows = audit::page(*database_, "", 0, 100).value();
    const auto third = rows.at(2);
    audit::Row forged{3, third.at, "liu", "order.forged", "odd", "{}", third.previous_hash, {}};
    forged.hash = audit::hash_of(forged);
    ASSERT_OK(database_->execute("UPDATE audit SET seq = 6 WHERE seq = 5"));
    ASSERT_OK(database_->execute("UPDATE audit SET seq = 5 WHERE seq = 4"));
    ASSERT_OK(database_->execute("UPDATE audit SET seq = 4 WHERE seq = 3"));
    ASSERT_OK(database_->write([&](storage::Tx& tx) -> Result<> {
        storage::change(tx,
                        "INSERT INTO audit (seq, at, actor, action, subject, details, previous_hash, hash) VALUES "
                        "(:seq, :at, :actor, :action, :subject, :details, :previous, :hash)",
                        forged.seq, forged.at.ms, forged.actor, forged.action, forged.subject, forged.details,
                        forged.previous_hash, forged.hash);
        return {};
    }));
    EXPECT_EQ(verdict().first_bad, 4);
    EXPECT_EQ(verdict().rows, 3);
}

TEST_P(AuditTest, AnAppendedRowThatNobodyHashedShows) {
    ASSERT_OK(
        database_->execute("INSERT INTO audit (seq, at, actor, action, subject, details, previous_hash, hash) "
                           "SELECT 6, at, actor, action, subject, details, hash, 'made up' FROM audit WHERE seq = 5"));
    EXPECT_EQ(verdict().first_bad, 6);
}

TEST_P(AuditTest, WhatAVerbTakesBackIsNotLogged) {
    EXPECT_FALSE(database_->write([&](storage::Tx& tx) -> Result<> {
        audit::append(tx, "zhou", "never", "x");
        return refused("no");
    }));
    EXPECT_EQ(verdict().rows, 5);
    ASSERT_OK(append("zhou", "next", "x"));
    EXPECT_EQ(verdict().rows, 6);
    EXPECT_FALSE(verdict().first_bad);
}

TEST_P(AuditTest, PagesAreNewestFirst) {
    using List = std::vector<std::int64_t>;
    EXPECT_EQ(page("", 0, 2), (List{5, 4}));
    EXPECT_EQ(page("", 4, 2), (List{3, 2}));
    EXPECT_EQ(page("", 2, 2), (List{1}));
    EXPECT_EQ(page("odd", 0, 10), (List{5, 3, 1}));
    EXPECT_EQ(page("odd", 3, 10), (List{1}));
    EXPECT_TRUE(page("nobody", 0, 10).empty());
    const auto newest = audit::page(*database_, "", 0, 1).value().front();
    EXPECT_EQ(newest.actor, "zhou");
    EXPECT_EQ(newest.action, "order.5");
    EXPECT_EQ(newest.details, R"({"n":1})");
    EXPECT_EQ(newest.at, tests::TestClock().now() + 4 * kSecond);
}

SEALDESK_ON_BOTH_ENGINES(AuditTest);
