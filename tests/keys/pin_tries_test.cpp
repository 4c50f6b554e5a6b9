// Tries of a PIN are the person's: none is used without their word, none twice, and a KEY that does not answer while its PIN is
// set leaves nobody without it. SoftHSM behind a driver whose calls are counted, lost and whose flags are forged.
#include <gmock/gmock.h>

#include "keys/pin.h"
#include "keys/soft_key.h"
#include "tests/keys/key_desk.h"
#include "tests/keys/plug.h"
#include "tests/keys/soft_folder.h"

using namespace sealdesk;
using namespace sealdesk::keys;
using crypto::Secret;
using testing::HasSubstr;
using testing::Not;
using tests::KeyDesk;
using tests::plug;

namespace {

Secret secret(const char* text) { return Secret(std::string(text)); }

class PinTries : public testing::Test {
protected:
    void SetUp() override {
        folder_ = soft_folder();
        soft_ = std::move(*use_soft_keys(folder_ / "keys"));
        const auto added = add_soft_key(*soft_, "KEY", secret("12345678"), tests::user_pin());
        ASSERT_OK(added);
        serial_ = added->serial;
        real_ = *Module::load(*soft_key_module());
        plug.reset(real_->f);
        list_ = tests::guarded_list(*real_->f);
        tokens_ = tokens_over(std::make_shared<Module>(nullptr, &list_, false));
        desk_ = std::make_unique<KeyDesk>(folder_, tokens_.get());
        ASSERT_OK(seen(*desk_->database, *tokens_->list()));
        ASSERT_OK(desk_->approve(KeyDesk::order_of(1, 1)));
    }
    void TearDown() override {
        desk_.reset();
        tokens_.reset();
        soft_.reset();
        std::filesystem::remove_all(folder_);
    }
    Result<Job> write(const Secret& pin, LastTry last = LastTry::spare) {
        plug.logins = 0;
        return keys::write(*desk_->database, desk_->officer, desk_->bench, KeyDesk::no(1), serial_, pin, {}, {}, last);
    }
    bool opens_with(const Secret& pin) {
        auto session = tokens_->open(serial_);
        return session && (*session)->login(pin);
    }
    // The n-th call that changes the KEY gets no answer.
    void no_answer_at(long call, bool done, bool comes_back) {
        plug.calls = 0;
        plug.writes_only = true;
        plug.answer_lost = done;
        plug.comes_back = comes_back;
        plug.pulled_at = call;
    }
    std::int64_t rows(const std::string& action) {
        return desk_->number("SELECT COUNT(*) FROM audit WHERE action = '" + action + "'");
    }
    Result<PinLetter> initial() {
        return set_initial_pin(*desk_->database, desk_->officer, desk_->bench, serial_, tests::user_pin());
    }
    // To kChosen; the n-th call that changes the KEY gets no answer.
    Result<> changed_without_answer_at(long call, bool done, bool comes_back) {
        plug.logins = 0;
        no_answer_at(call, done, comes_back);
        const auto result = change_pin(*desk_->database, desk_->officer, desk_->bench, serial_, tests::user_pin(),
                                       secret(kChosen), IdentityCheck{true, true, true});
        plug.plug_in();
        return result;
    }

    std::filesystem::path folder_;
    std::unique_ptr<Tokens> soft_, tokens_;
    std::shared_ptr<Module> real_;
    CK_FUNCTION_LIST list_{};
    std::unique_ptr<KeyDesk> desk_;
    std::string serial_;
    static constexpr const char* kChosen = "975310";
    static constexpr long kLogin = 1, kSet = 2;  // what changes the KEY when a PIN is set
};

}  // namespace

TEST_F(PinTries, AWholeKeyIsWrittenWithOneTry) {
    ASSERT_OK(write(tests::user_pin()));
    EXPECT_EQ(plug.logins, 1);
}

TEST_F(PinTries, AWrongPinIsTriedOnce) {
    const auto wrong = write(secret("000000"));
    ASSERT_FALSE(wrong);
    EXPECT_THAT(wrong.error().message, HasSubstr("PIN 不正确"));
    EXPECT_EQ(plug.logins, 1);
    EXPECT_TRUE(jobs_of(*desk_->database, KeyDesk::no(1))->empty());
}

TEST_F(PinTries, TheLastOneIsUsedOnlyWithThePersonsWord) {
    plug.flags = CKF_USER_PIN_FINAL_TRY;
    const auto spared = write(tests::user_pin());
    ASSERT_FALSE(spared);
    EXPECT_EQ(spared.error().kind, ErrorKind::device);
    EXPECT_THAT(spared.error().message, HasSubstr("最后一次机会"));
    EXPECT_EQ(plug.logins, 0);
    const auto wrong = write(secret("000000"), LastTry::use);
    ASSERT_FALSE(wrong);
    EXPECT_THAT(wrong.error().message, HasSubstr("只剩最后一次机会"));
    EXPECT_EQ(plug.logins, 1);
    ASSERT_OK(write(tests::user_pin(), LastTry::use));
    EXPECT_EQ(plug.logins, 1);
}

TEST_F(PinTries, ALockedKeyIsNotAsked) {
    plug.flags = CKF_USER_PIN_LOCKED;
    for (const LastTry last : {LastTry::spare, LastTry::use}) {
        const auto locked = write(tests::user_pin(), last);
        ASSERT_FALSE(locked);
        EXPECT_THAT(locked.error().message, HasSubstr("已锁定"));
        EXPECT_EQ(plug.logins, 0);
    }
}

TEST_F(PinTries, TheAdministratorsLastOneToo) {
    ASSERT_OK(write(tests::user_pin()));
    const IdentityCheck seen{true, true, true};
    const auto unlocked = [&](LastTry last) {
        plug.logins = 0;
        return unlock(*desk_->database, desk_->officer, desk_->bench, serial_, secret("12345678"), seen, last);
    };
    plug.flags = CKF_SO_PIN_FINAL_TRY;
    EXPECT_THAT(unlocked(LastTry::spare).error().message, HasSubstr("最后一次机会"));
    EXPECT_EQ(plug.logins, 0);
    ASSERT_OK(unlocked(LastTry::use));
    EXPECT_EQ(plug.logins, 1);
    plug.flags = CKF_SO_PIN_LOCKED;
    EXPECT_THAT(unlocked(LastTry::use).error().message, HasSubstr("无法解锁"));
    EXPECT_EQ(plug.logins, 0);
}

// No try of a KEY that may be somebody else's, and none for an order that is not to be written.
TEST_F(PinTries, NoneIsTakenBeforeItIsClearWhatIsWritten) {
    const tests::TemporaryFolder elsewhere;
    KeyDesk other(elsewhere.path(), tokens_.get());
    ASSERT_OK(seen(*other.database, *tokens_->list()));
    ASSERT_OK(other.approve(KeyDesk::order_of(1, 1)));
    ASSERT_OK(other.write(KeyDesk::no(1), serial_));
    const auto somebodys = write(secret("000000"));
    ASSERT_FALSE(somebodys);
    EXPECT_EQ(somebodys.error().kind, ErrorKind::conflict);
    EXPECT_THAT(somebodys.error().message, HasSubstr("不是空白"));
    EXPECT_EQ(plug.logins, 0);

    const auto second = add_soft_key(*soft_, "KEY 2", secret("12345678"), tests::user_pin());
    ASSERT_OK(second);
    serial_ = second->serial;
    EXPECT_THAT(write(secret("000000")).error().message, HasSubstr("不在库存里"));
    EXPECT_EQ(plug.logins, 0);
    ASSERT_OK(seen(*desk_->database, *tokens_->list()));
    const staff::Actor clerk{"zhao", "赵云", static_cast<staff::Roles>(staff::Role::clerk)};
    EXPECT_EQ(keys::write(*desk_->database, clerk, desk_->bench, KeyDesk::no(1), serial_, tests::user_pin()).error().kind,
              ErrorKind::denied);
    ASSERT_OK(desk_->database->execute("UPDATE orders SET approved_by = 'wu'"));
    EXPECT_EQ(write(secret("000000")).error().kind, ErrorKind::denied) << "the approver writes";
    EXPECT_EQ(plug.logins, 0);
    ASSERT_OK(desk_->database->execute("UPDATE orders SET approved_by = 'zhou'"));
    EXPECT_THAT(write(secret("000000")).error().message, HasSubstr("PIN 不正确"));
    EXPECT_EQ(plug.logins, 1);
}

// Set, and the answer is lost: the new PIN is tried once, and it opens the KEY.
TEST_F(PinTries, ASetPinWhoseAnswerIsLostIsFoundOut) {
    ASSERT_OK(write(tests::user_pin()));
    plug.logins = 0;
    no_answer_at(kSet, true, true);
    const auto letter = initial();
    plug.plug_in();
    ASSERT_OK(letter);
    EXPECT_FALSE(letter->unsure);
    EXPECT_EQ(plug.logins, 2);  // the person's PIN, and the new one
    EXPECT_TRUE(opens_with(letter->pin));
    EXPECT_EQ(rows("key.pin_unsure"), 0);
}

TEST_F(PinTries, APinThatWasNotSetIsFoundOutAndGivesTheTriesBack) {
    ASSERT_OK(write(tests::user_pin()));
    plug.logins = 0;
    no_answer_at(kSet, false, true);
    const auto letter = initial();
    plug.plug_in();
    ASSERT_FALSE(letter);
    EXPECT_EQ(letter.error().kind, ErrorKind::device);
    EXPECT_THAT(letter.error().message, HasSubstr("原来的 PIN 没有改变"));
    EXPECT_EQ(plug.logins, 3);  // the person's, the new one that fails, and the person's again
    EXPECT_FALSE(tokens_->find(serial_)->pin_low);
    EXPECT_TRUE(opens_with(tests::user_pin()));
}

// The KEY is away: nobody can tell, and the letter says so instead of being thrown away.
TEST_F(PinTries, APinOfWhichNobodyKnowsIsKeptAsUnsure) {
    ASSERT_OK(write(tests::user_pin()));
    for (const bool done : {false, true}) {
        no_answer_at(kSet, done, false);
        const auto letter = initial();
        plug.plug_in();
        ASSERT_OK(letter);
        EXPECT_TRUE(letter->unsure);
        EXPECT_EQ(opens_with(letter->pin), done);
    }
    EXPECT_EQ(rows("key.pin_unsure"), 2);
}

// Whatever becomes of the process from here on: the row that asks for the new PIN was there before the KEY had it.
TEST_F(PinTries, AnUnlockIsOwedBeforeTheKeyIsAsked) {
    ASSERT_OK(write(tests::user_pin()));
    const auto owed = [&] { return desk_->number("SELECT COUNT(*) FROM tasks WHERE done_at = 0"); };
    const auto unlocked = [&] {
        return unlock(*desk_->database, desk_->officer, desk_->bench, serial_, secret("12345678"),
                      IdentityCheck{true, true, true});
    };
    no_answer_at(kSet, false, true);  // not set, and that is found out
    EXPECT_FALSE(unlocked());
    plug.plug_in();
    EXPECT_EQ(owed(), 0);
    EXPECT_TRUE(opens_with(tests::user_pin()));
    no_answer_at(kSet, true, false);  // set, and the KEY is away: nobody can tell
    const auto letter = unlocked();
    plug.plug_in();
    ASSERT_OK(letter);
    EXPECT_TRUE(letter->unsure);
    EXPECT_EQ(owed(), 1);
    EXPECT_TRUE(opens_with(letter->pin));
}

TEST_F(PinTries, AnUnlockWhoseAnswerIsLostIsFoundOut) {
    ASSERT_OK(write(tests::user_pin()));
    no_answer_at(kSet, true, true);
    const auto letter =
        unlock(*desk_->database, desk_->officer, desk_->bench, serial_, secret("12345678"), IdentityCheck{true, true, true});
    plug.plug_in();
    ASSERT_OK(letter);
    EXPECT_FALSE(letter->unsure);
    EXPECT_TRUE(opens_with(letter->pin));
    EXPECT_EQ(rows("key.unlock_failed"), 0);
}

// A login that gets no answer is no PIN that was set: nothing is made up.
TEST_F(PinTries, ALoginWithoutAnAnswerSetsNothing) {
    ASSERT_OK(write(tests::user_pin()));
    no_answer_at(kLogin, true, true);
    EXPECT_FALSE(initial());
    plug.plug_in();
    EXPECT_TRUE(opens_with(tests::user_pin()));
}

TEST_F(PinTries, AChangedPinWhoseAnswerIsLostIsFoundOut) {
    ASSERT_OK(write(tests::user_pin()));
    ASSERT_OK(changed_without_answer_at(kSet, true, true));
    EXPECT_EQ(plug.logins, 2);  // the person's PIN, and the new one
    EXPECT_TRUE(opens_with(secret(kChosen)));
    EXPECT_EQ(rows("key.pin_change"), 1);
    EXPECT_EQ(rows("key.pin_change_failed") + rows("key.pin_unsure"), 0);
}

TEST_F(PinTries, AChangeThatWasNotMadeSaysThatTheOldPinHolds) {
    ASSERT_OK(write(tests::user_pin()));
    const auto changed = changed_without_answer_at(kSet, false, true);
    ASSERT_FALSE(changed);
    EXPECT_EQ(changed.error().kind, ErrorKind::device);
    EXPECT_THAT(changed.error().message, HasSubstr("原来的 PIN 没有改变"));
    EXPECT_THAT(changed.error().message, Not(HasSubstr("中断的步骤")));
    EXPECT_EQ(plug.logins, 3);
    EXPECT_FALSE(tokens_->find(serial_)->pin_low);
    EXPECT_TRUE(opens_with(tests::user_pin()));
    EXPECT_EQ(rows("key.pin_change_failed"), 1);
}

// The KEY is away: nobody can tell, and that is what the person hears.
TEST_F(PinTries, AChangeOfWhichNobodyKnowsSaysSo) {
    ASSERT_OK(write(tests::user_pin()));
    for (const bool done : {false, true}) {
        const auto changed = changed_without_answer_at(kSet, done, false);
        ASSERT_FALSE(changed);
        EXPECT_THAT(changed.error().message, HasSubstr("各试一次"));
        EXPECT_EQ(opens_with(secret(kChosen)), done);
    }
    EXPECT_EQ(rows("key.pin_change"), 2);
    EXPECT_EQ(rows("key.pin_unsure"), 2);
    EXPECT_EQ(rows("key.pin_change_failed"), 0);
}

// Only a KEY that was begun goes on by itself when it is back.
TEST_F(PinTries, APulledKeyIsToldWhatComesNext) {
    no_answer_at(kLogin, false, false);
    const auto early = write(tests::user_pin());
    plug.plug_in();
    ASSERT_FALSE(early);
    EXPECT_THAT(early.error().message, HasSubstr("已被拔出"));
    EXPECT_THAT(early.error().message, Not(HasSubstr("中断的步骤")));
    no_answer_at(kLogin + 1, false, false);
    const auto begun = write(tests::user_pin());
    plug.plug_in();
    ASSERT_FALSE(begun);
    EXPECT_THAT(begun.error().message, HasSubstr("从中断的步骤继续"));
    ASSERT_OK(write(tests::user_pin()));
    const auto changed = changed_without_answer_at(kLogin, false, false);
    ASSERT_FALSE(changed);
    EXPECT_THAT(changed.error().message, Not(HasSubstr("中断的步骤")));
    EXPECT_TRUE(opens_with(tests::user_pin()));
}
