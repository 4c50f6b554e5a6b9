#include "keys/pin.h"

#include <gmock/gmock.h>

#include "keys/soft_key.h"
#include "tasks/tasks.h"
#include "tests/keys/key_desk.h"
#include "tests/keys/soft_folder.h"

using namespace sealdesk;
using namespace sealdesk::keys;
using crypto::Secret;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using tests::KeyDesk;

namespace {

Secret secret(const char* text) { return Secret(std::string(text)); }

class Pins : public testing::Test {
protected:
    void SetUp() override {
        folder_ = soft_folder();
        auto tokens = use_soft_keys(folder_ / "keys");
        ASSERT_OK(tokens);
        tokens_ = std::move(*tokens);
        desk_ = std::make_unique<KeyDesk>(folder_, tokens_.get());
        const auto added = add_soft_key(*tokens_, "KEY", secret("12345678"), tests::user_pin());
        ASSERT_OK(added);
        serial_ = added->serial;
        ASSERT_OK(seen(*desk_->database, *tokens_->list()));
        ASSERT_OK(desk_->approve(KeyDesk::order_of(1, 1)));
        ASSERT_OK(desk_->write(KeyDesk::no(1), serial_));
    }
    void TearDown() override {
        desk_.reset();
        tokens_.reset();
        std::filesystem::remove_all(folder_);
    }
    bool opens_with(const Secret& pin) {
        auto session = tokens_->open(serial_);
        return session && (*session)->login(pin);
    }
    // Every text of the database, to look for a PIN in it.
    std::string all_texts() {
        return desk_->database
            ->read([](storage::Tx& tx) -> Result<std::string> {
                std::string all, text;
                for (const char* question :
                     {"SELECT details FROM audit", "SELECT body FROM acts", "SELECT reason FROM key_movements"})
                    storage::for_each_row(tx, question, std::tie(text), [&] { all += text + "\n"; });
                return all;
            })
            .value();
    }
    std::int64_t rows(const std::string& action) {
        return desk_->number("SELECT COUNT(*) FROM audit WHERE action = '" + action + "'");
    }

    std::filesystem::path folder_;
    std::unique_ptr<Tokens> tokens_;
    std::unique_ptr<KeyDesk> desk_;
    std::string serial_;
    const IdentityCheck seen_{true, true, true};
};

}  // namespace

TEST_F(Pins, TheInitialOneIsRandomWorksAndIsWrittenDownNowhere) {
    const auto letter = set_initial_pin(*desk_->database, desk_->officer, desk_->bench, serial_, tests::user_pin());
    ASSERT_OK(letter);
    EXPECT_EQ(letter->pin.size(), 8U);
    EXPECT_EQ(letter->order_no, KeyDesk::no(1));
    EXPECT_EQ(letter->subject_name, KeyDesk::order_of(1, 1).subject.name);
    EXPECT_TRUE(opens_with(letter->pin));
    EXPECT_FALSE(opens_with(tests::user_pin()));
    EXPECT_THAT(all_texts(), Not(HasSubstr(std::string(letter->pin.view()))));
    EXPECT_EQ(rows("key.pin_initial"), 1);
    EXPECT_FALSE(audit::verify(*desk_->database)->first_bad);
}

TEST_F(Pins, AWrongPinIsTriedOnceAndChangesNothing) {
    const auto change = [&](const Secret& before, const Secret& after) {
        return change_pin(*desk_->database, desk_->officer, desk_->bench, serial_, before, after, seen_);
    };
    const auto wrong = change(secret("000000"), secret("975310"));
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().kind, ErrorKind::device);
    EXPECT_THAT(wrong.error().message + wrong.error().detail, Not(HasSubstr("000000")));
    EXPECT_EQ(rows("key.pin_change"), 0);
    EXPECT_TRUE(opens_with(tests::user_pin()));
    EXPECT_EQ(change(tests::user_pin(), secret("1")).error().kind, ErrorKind::refused);
    EXPECT_EQ(rows("key.pin_change"), 1) << "on record before the KEY is asked";
    EXPECT_EQ(rows("key.pin_change_failed"), 1);
    EXPECT_TRUE(opens_with(tests::user_pin()));
    ASSERT_OK(change(tests::user_pin(), secret("975310")));
    EXPECT_TRUE(opens_with(secret("975310")));
    EXPECT_EQ(rows("key.pin_change"), 2);
    EXPECT_EQ(rows("key.pin_change_failed"), 1);
    EXPECT_THAT(all_texts(), Not(HasSubstr("975310")));
}

TEST_F(Pins, UnlockingNeedsTheIdentityAndLeavesARow) {
    for (const IdentityCheck& seen : {IdentityCheck{}, IdentityCheck{true, true, false}, IdentityCheck{false, true, true}}) {
        const auto early = unlock(*desk_->database, desk_->officer, desk_->bench, serial_, secret("12345678"), seen);
        ASSERT_FALSE(early);
        EXPECT_EQ(early.error().kind, ErrorKind::refused);
    }
    EXPECT_EQ(rows("key.unlock"), 0);
    const staff::Actor clerk{"zhao", "赵云", static_cast<staff::Roles>(staff::Role::clerk)};
    EXPECT_EQ(unlock(*desk_->database, clerk, desk_->bench, serial_, secret("12345678"), seen_).error().kind, ErrorKind::denied);
    const auto wrong = unlock(*desk_->database, desk_->officer, desk_->bench, serial_, secret("99999999"), seen_);
    ASSERT_FALSE(wrong);
    EXPECT_THAT(wrong.error().message, HasSubstr("管理员 PIN 不正确"));
    EXPECT_EQ(rows("key.unlock_failed"), 1);
    EXPECT_TRUE(opens_with(tests::user_pin()));
    const auto letter = unlock(*desk_->database, desk_->officer, desk_->bench, serial_, secret("12345678"), seen_);
    ASSERT_OK(letter);
    EXPECT_TRUE(opens_with(letter->pin));
    EXPECT_EQ(rows("key.unlock"), 2);
    EXPECT_THAT(all_texts(), Not(HasSubstr(std::string(letter->pin.view()))));
    EXPECT_THAT(all_texts(), Not(HasSubstr("12345678")));
}

// No row, no new PIN; and when the rest cannot be written, the person hears that the new one holds.
TEST_F(Pins, AChangeThatCannotBeRecordedSaysWhichPinHolds) {
    const auto change = [&](const Secret& before, const Secret& after) {
        return change_pin(*desk_->database, desk_->officer, desk_->bench, serial_, before, after, seen_);
    };
    ASSERT_OK(desk_->database->execute("ALTER TABLE audit RENAME TO away"));
    EXPECT_FALSE(change(tests::user_pin(), secret("975310")));
    EXPECT_TRUE(opens_with(tests::user_pin()));
    ASSERT_OK(desk_->database->execute("ALTER TABLE away RENAME TO audit"));

    ASSERT_OK(desk_->database->execute("ALTER TABLE tasks RENAME TO away"));
    const auto unsettled = change(tests::user_pin(), secret("975310"));
    ASSERT_FALSE(unsettled);
    EXPECT_THAT(unsettled.error().message, HasSubstr("新的 PIN 已经生效"));
    EXPECT_TRUE(opens_with(secret("975310")));
    EXPECT_EQ(rows("key.pin_change"), 1);
}

// Who stands there with a KEY and its PIN need not be who it was made for.
TEST_F(Pins, AnotherPinForSomebodysKeyNeedsTheIdentityToo) {
    const IdentityCheck some{true, false, true};
    const auto change = [&](const IdentityCheck& seen) {
        return change_pin(*desk_->database, desk_->officer, desk_->bench, serial_, tests::user_pin(), secret("975310"), seen);
    };
    const auto initial = [&](const IdentityCheck& seen) {
        return set_initial_pin(*desk_->database, desk_->officer, desk_->bench, serial_, secret("975310"), seen);
    };
    const auto ticked = [&](const std::string& action) {
        return desk_->number("SELECT COUNT(*) FROM audit WHERE action = '" + action + "' AND details LIKE '%\"person\":true%'");
    };
    EXPECT_EQ(change(some).error().kind, ErrorKind::refused);
    EXPECT_EQ(rows("key.pin_change"), 0);
    EXPECT_TRUE(opens_with(tests::user_pin()));
    ASSERT_OK(change(seen_));
    EXPECT_EQ(ticked("key.pin_change"), 1);

    ASSERT_OK(desk_->database->write([&](storage::Tx& tx) { return move_key(tx, serial_, KeyState::shipped, "zhao"); }));
    EXPECT_EQ(initial({}).error().kind, ErrorKind::refused);
    EXPECT_EQ(initial(some).error().kind, ErrorKind::refused);
    EXPECT_EQ(rows("key.pin_initial"), 0);
    EXPECT_TRUE(opens_with(secret("975310")));
    ASSERT_OK(initial(seen_));
    EXPECT_EQ(ticked("key.pin_initial"), 1);
}

// What unlocking sets is owed from before the KEY has it; what it did not set is not.
TEST_F(Pins, AnUnlockedKeyOwesItsPinUntilItWasHandedOn) {
    const auto open = [&] { return tasks::open(*desk_->database).value(); };
    const auto unlocked = [&](const char* so_pin) {
        return unlock(*desk_->database, desk_->officer, desk_->bench, serial_, secret(so_pin), seen_);
    };
    EXPECT_FALSE(unlocked("99999999"));
    EXPECT_THAT(open(), SizeIs(0)) << "it opens with the PIN that it had";
    ASSERT_OK(unlocked("12345678"));
    ASSERT_THAT(open(), SizeIs(1)) << "nobody has read it";
    EXPECT_EQ(open()[0].key_serial, serial_);
    EXPECT_EQ(open()[0].order_no, KeyDesk::no(1));
    EXPECT_LT(desk_->number("SELECT MAX(seq) FROM audit WHERE action = 'task.raise'"),
              desk_->number("SELECT MAX(seq) FROM audit WHERE action = 'key.unlock'"));
    EXPECT_FALSE(unlocked("99999999"));
    EXPECT_THAT(open(), SizeIs(1)) << "the first one still is nobody's";
    ASSERT_OK(unlocked("12345678"));
    EXPECT_THAT(open(), SizeIs(1));
    ASSERT_OK(pin_handed_on(*desk_->database, desk_->officer, serial_));
    EXPECT_THAT(open(), SizeIs(0));
    EXPECT_FALSE(audit::verify(*desk_->database)->first_bad);
}

// From the transaction that binds the KEY until somebody has its PIN: whatever dies in between, a row asks for it.
TEST_F(Pins, ATaskAsksForThePinFromTheBindingUntilItWasHandedOn) {
    const auto added = add_soft_key(*tokens_, "KEY 2", secret("12345678"), tests::user_pin());
    ASSERT_OK(added);
    ASSERT_OK(seen(*desk_->database, *tokens_->list()));
    ASSERT_OK(desk_->approve(KeyDesk::order_of(2, 2)));
    const auto open = [&] { return tasks::open(*desk_->database).value(); };
    EXPECT_THAT(open(), SizeIs(0)) << "the first one keeps its PIN, as its desk wants it";
    desk_->bench.rules.random_pin = true;
    std::int64_t at_binding = -1;
    desk_->bench.watch = [&](const Job&, Step step, Moment moment) {
        if (step == Step::bind && moment == Moment::recorded) at_binding = desk_->number("SELECT COUNT(*) FROM tasks");
    };
    ASSERT_OK(desk_->write(KeyDesk::no(2), added->serial));
    EXPECT_EQ(at_binding, 1);
    ASSERT_THAT(open(), SizeIs(1));
    EXPECT_EQ(open()[0].key_serial, added->serial);
    EXPECT_EQ(open()[0].order_no, KeyDesk::no(2));
    const auto first = set_initial_pin(*desk_->database, desk_->officer, desk_->bench, added->serial, tests::user_pin());
    ASSERT_OK(first);
    const auto second = set_initial_pin(*desk_->database, desk_->officer, desk_->bench, added->serial, first->pin);
    ASSERT_OK(second);
    EXPECT_THAT(open(), SizeIs(1)) << "set, and not read by anybody";
    const staff::Actor clerk{"zhao", "赵云", static_cast<staff::Roles>(staff::Role::clerk)};
    EXPECT_EQ(pin_handed_on(*desk_->database, clerk, added->serial).error().kind, ErrorKind::denied);
    ASSERT_OK(pin_handed_on(*desk_->database, desk_->officer, serial_));
    EXPECT_THAT(open(), SizeIs(1)) << "that was another KEY";
    ASSERT_OK(pin_handed_on(*desk_->database, desk_->officer, added->serial));
    EXPECT_THAT(open(), SizeIs(0));
    EXPECT_EQ(tasks::of_order(*desk_->database, KeyDesk::no(2)).value().at(0).done_by, desk_->officer.login);
    // Set anew from the card: it is owed again; the applicant's own choice ends that too.
    const auto third = set_initial_pin(*desk_->database, desk_->officer, desk_->bench, added->serial, second->pin);
    ASSERT_OK(third);
    EXPECT_THAT(open(), SizeIs(1));
    ASSERT_OK(change_pin(*desk_->database, desk_->officer, desk_->bench, added->serial, third->pin, secret("975310"), seen_));
    EXPECT_THAT(open(), SizeIs(0));
}
