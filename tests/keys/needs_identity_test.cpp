// Who has to be seen before a KEY gets a random PIN: for a KEY that is surely still in the house nobody, else somebody.
#include <gmock/gmock.h>

#include "keys/pin.h"
#include "tests/keys/issued_keys.h"

using namespace sealdesk;
using namespace sealdesk::keys;
using orders::State;

namespace {

crypto::Secret so_pin() { return crypto::Secret(std::string("12345678")); }

class NeedsIdentity : public tests::IssuedKeys {
protected:
    Key known() { return find_key(*desk_.database, serial_)->value(); }
    bool needed() {
        const auto answer = needs_identity(*desk_.database, known());
        EXPECT_TRUE(answer) << answer.error().message;
        return answer.value_or(true);
    }
    // As the table of movements lets a KEY go.
    void moved(KeyState to, const std::string& order_no = {}) {
        ASSERT_OK(desk_.database->write([&](storage::Tx& tx) { return move_key(tx, serial_, to, "wu", {}, order_no, 1); }));
    }
    Result<PinLetter> unlocked(const IdentityCheck& seen) {
        return unlock(*desk_.database, desk_.officer, desk_.bench, serial_, so_pin(), seen);
    }
    std::int64_t rows(const std::string& more = {}) {
        return desk_.number("SELECT COUNT(*) FROM audit WHERE action = 'key.unlock'" + more);
    }
    const std::string serial_ = "K1", order_ = tests::KeyDesk::no(1);
};

}  // namespace

TEST_F(NeedsIdentity, NobodyWhileTheKeyIsBlankOrItsOrderWasNotHandedOver) {
    key(serial_);
    EXPECT_FALSE(needed()) << "blank";
    ASSERT_OK(desk_.approve(tests::KeyDesk::order_of(1, 1)));
    for (const KeyState state : {KeyState::allocated, KeyState::written, KeyState::verified, KeyState::bound}) {
        moved(state, order_);
        EXPECT_FALSE(needed()) << name_of(state);
    }
    for (const State state : {State::issued, State::packed}) {
        ASSERT_OK(tests::move(*desk_.database, order_, state));
        EXPECT_FALSE(needed()) << name_of(state);
    }
}

TEST_F(NeedsIdentity, SomebodyOnceTheOrderIsCompletedOrRefunded) {
    issued(1, serial_);
    EXPECT_FALSE(needed());
    for (const char* state : {"completed", "refunded", "paid", "rejected"}) {
        ASSERT_OK(desk_.database->execute(std::string("UPDATE orders SET state = '") + state + "' WHERE no = '" + order_ + "'"));
        EXPECT_TRUE(needed()) << state;
    }
}

TEST_F(NeedsIdentity, SomebodyForAKeyThatHasLeftWhateverItsOrderSays) {
    issued(1, serial_);
    moved(KeyState::shipped);
    EXPECT_TRUE(needed());
    moved(KeyState::returned);
    EXPECT_TRUE(needed()) << "it was with somebody";
    auto lost = known();
    lost.state = KeyState::scrapped;
    EXPECT_TRUE(*needs_identity(*desk_.database, lost));
    lost.state = KeyState::bound;
    lost.order_no.clear();
    EXPECT_TRUE(*needs_identity(*desk_.database, lost)) << "nobody knows whose it is";
}

// The one who has it may have let it be locked: who unlocks has looked, wherever the KEY is.
TEST_F(NeedsIdentity, UnlockingIsRefusedWithoutAllTicksInTheHouseToo) {
    issued(1, serial_);
    ASSERT_FALSE(needed());
    for (const IdentityCheck& seen : {IdentityCheck{}, IdentityCheck{true, true, false}, IdentityCheck{false, true, true}}) {
        const auto early = unlocked(seen);
        ASSERT_FALSE(early);
        EXPECT_EQ(early.error().kind, ErrorKind::refused);
    }
    EXPECT_EQ(rows(), 0);
    ASSERT_OK(unlocked({true, true, true}));
    EXPECT_EQ(rows(" AND details LIKE '%\"person\":true%'"), 1);
    const staff::Actor clerk{"zhao", "赵云", static_cast<staff::Roles>(staff::Role::clerk)};
    EXPECT_EQ(unlock(*desk_.database, clerk, desk_.bench, serial_, so_pin(), {}).error().kind, ErrorKind::denied);
}
