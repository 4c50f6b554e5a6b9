#include "staff/staff.h"

#include <gmock/gmock.h>

#include "audit/audit.h"
#include "support/databases.h"

using namespace sealdesk;
using namespace sealdesk::staff;
using crypto::Secret;
using testing::HasSubstr;
using testing::Not;

namespace {
Secret password(const char* text = "correct horse") { return Secret(std::string(text)); }
constexpr Roles kReviewer = static_cast<Roles>(Role::reviewer), kAdministrator = static_cast<Roles>(Role::administrator);
}  // namespace

class StaffTest : public tests::OnBothEngines {
protected:
    void SetUp() override {
        open();
        ASSERT_OK(add(*database_, nullptr, {"guan", "管一", kAdministrator, true, {}}, password()));
    }
    // How a wrong password is answered.
    Error wrong() { return sign_in(*database_, "guan", password("wrong horse")).error(); }

    const Actor administrator_{"guan", "管一", kAdministrator};
};

TEST_P(StaffTest, AMemberSignsInWithTheRolesGiven) {
    ASSERT_OK(add(*database_, &administrator_, {"zhou", "周敏", Role::reviewer | Role::clerk, true, {}}, password("zhou's own")));
    const auto actor = sign_in(*database_, "zhou", password("zhou's own"));
    ASSERT_OK(actor);
    EXPECT_EQ(actor->login, "zhou");
    EXPECT_EQ(actor->name, "周敏");
    EXPECT_EQ(actor->roles, Role::reviewer | Role::clerk);
    ASSERT_OK(signed_out(*database_, *actor));
    const auto rows = audit::page(*database_, "zhou", 0, 10).value();
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0].action, "staff.sign_out");
    EXPECT_EQ(rows[1].action, "staff.sign_in");
    EXPECT_EQ(rows[2].action, "staff.add");
    EXPECT_EQ(rows[2].actor, "guan");
    const auto list = all(*database_).value();
    ASSERT_EQ(list.size(), 2U);
    EXPECT_EQ(list[1].login, "zhou");
    EXPECT_TRUE(list[1].active);
}

TEST_P(StaffTest, UnknownAndWrongAreToldTheSame) {
    const auto unknown = sign_in(*database_, "nobody", password());
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().kind, ErrorKind::denied);
    EXPECT_EQ(unknown.error().message, wrong().message);
    EXPECT_EQ(unknown.error().kind, wrong().kind);
    EXPECT_EQ(sign_in(*database_, "GUAN", password()).error().message, unknown.error().message);
    EXPECT_EQ(sign_in(*database_, "", password()).error().message, unknown.error().message);
    // What was typed into the login field may be a password: it stays out of the log.
    const auto rows = audit::page(*database_, "", 0, 100).value();
    for (const auto& row : rows) EXPECT_NE(row.subject, "nobody");
}

TEST_P(StaffTest, ADeactivatedMemberIsToldTheSame) {
    const std::string sentence = wrong().message;
    ASSERT_OK(database_->execute("UPDATE staff SET active = 0"));
    EXPECT_EQ(sign_in(*database_, "guan", password()).error().message, sentence);
}

TEST_P(StaffTest, FiveFailuresLockForFifteenMinutes) {
    for (int i = 0; i < kFailuresBeforeLock; ++i) EXPECT_THAT(wrong().message, HasSubstr("密码不对"));
    const auto locked = sign_in(*database_, "guan", password());
    ASSERT_FALSE(locked);
    EXPECT_EQ(locked.error().kind, ErrorKind::denied);
    EXPECT_THAT(locked.error().message, HasSubstr("锁定"));
    EXPECT_EQ(all(*database_).value().front().locked_until, clock_.now() + 15 * kMinute);

    clock_.advance(15 * kMinute - 1);
    EXPECT_THAT(wrong().message, HasSubstr("锁定"));  // does not make it longer
    EXPECT_FALSE(sign_in(*database_, "guan", password()));
    clock_.advance(1);
    ASSERT_OK(sign_in(*database_, "guan", password()));
}

TEST_P(StaffTest, ARightPasswordForgetsTheFailuresBefore) {
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < kFailuresBeforeLock - 1; ++i) wrong();
        ASSERT_OK(sign_in(*database_, "guan", password()));
    }
}

TEST_P(StaffTest, TheLockIsOnePersonsOwn) {
    ASSERT_OK(add(*database_, &administrator_, {"zhou", "周敏", kReviewer, true, {}}, password()));
    for (int i = 0; i < kFailuresBeforeLock; ++i) wrong();
    ASSERT_OK(sign_in(*database_, "zhou", password()));
}

TEST_P(StaffTest, OnlyAnAdministratorAdds) {
    const Member member{"zhou", "周敏", kReviewer, true, {}};
    const Actor supervisor{"zhu", "朱管", static_cast<Roles>(Role::supervisor) | kReviewer};
    EXPECT_EQ(add(*database_, nullptr, member, password()).error().kind, ErrorKind::denied);
    const auto denied = add(*database_, &supervisor, member, password());
    ASSERT_FALSE(denied);
    EXPECT_EQ(denied.error().kind, ErrorKind::denied);
    EXPECT_THAT(denied.error().message, HasSubstr("管理员"));
    EXPECT_EQ(all(*database_).value().size(), 1U);
}

TEST_P(StaffTest, WhatIsNoMemberIsRefused) {
    const auto kind = [&](const Member& member, const char* secret = "correct horse") {
        const auto added = add(*database_, &administrator_, member, password(secret));
        return added ? std::optional<ErrorKind>() : added.error().kind;
    };
    EXPECT_EQ(kind({"", "周敏", kReviewer, true, {}}), ErrorKind::refused);
    EXPECT_EQ(kind({"Zhou", "周敏", kReviewer, true, {}}), ErrorKind::refused);
    EXPECT_EQ(kind({"zh ou", "周敏", kReviewer, true, {}}), ErrorKind::refused);
    EXPECT_EQ(kind({std::string(33, 'a'), "周敏", kReviewer, true, {}}), ErrorKind::refused);
    EXPECT_EQ(kind({"zhou", " ", kReviewer, true, {}}), ErrorKind::refused);
    EXPECT_EQ(kind({"zhou", "周\n敏", kReviewer, true, {}}), ErrorKind::refused);
    EXPECT_EQ(kind({"zhou", "周敏", 0, true, {}}), ErrorKind::refused);
    EXPECT_EQ(kind({"zhou", "周敏", kReviewer, true, {}}, "7 signs"), ErrorKind::refused);
    EXPECT_EQ(kind({"guan", "周敏", kReviewer, true, {}}), ErrorKind::refused);  // taken
    EXPECT_EQ(kind({std::string(32, 'a'), "周敏", kReviewer, true, {}}), std::nullopt);
    EXPECT_EQ(all(*database_).value().size(), 2U);
}

TEST_P(StaffTest, ThePasswordItselfIsNowhere) {
    const auto stored = database_->read([](storage::Tx& tx) -> Result<std::string> {
        std::string hash;
        tx.sql << "SELECT password_hash FROM staff", soci::into(hash);
        return hash;
    });
    ASSERT_OK(stored);
    EXPECT_THAT(*stored, HasSubstr("scrypt"));
    EXPECT_THAT(*stored, Not(HasSubstr("correct horse")));
}

SEALDESK_ON_BOTH_ENGINES(StaffTest);

TEST(Roles, AreReadAndWritten) {
    EXPECT_EQ(parse_roles("reviewer,clerk").value(), Role::reviewer | Role::clerk);
    EXPECT_EQ(parse_roles("clerk,reviewer,clerk").value(), Role::reviewer | Role::clerk);
    EXPECT_EQ(text_of(Role::clerk | Role::reviewer), "reviewer,clerk");
    EXPECT_EQ(words_of(Role::clerk | Role::reviewer), "审核员、发货员");
    for (const Role role : {Role::reviewer, Role::officer, Role::clerk, Role::supervisor, Role::administrator})
        EXPECT_EQ(parse_roles(name_of(role)).value(), static_cast<Roles>(role));
    for (const char* text : {"boss", "reviewer,", "Reviewer", "reviewer clerk"})
        EXPECT_EQ(parse_roles(text).error().kind, ErrorKind::refused) << text;
}

TEST(Roles, RequireNamesWhatIsMissing) {
    const Actor actor{"zhou", "周敏", kReviewer};
    EXPECT_TRUE(require(actor, Role::reviewer));
    const auto denied = require(actor, Role::officer);
    ASSERT_FALSE(denied);
    EXPECT_EQ(denied.error().kind, ErrorKind::denied);
    EXPECT_THAT(denied.error().message, HasSubstr("制证员"));
}
