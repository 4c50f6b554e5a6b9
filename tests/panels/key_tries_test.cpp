// The last try of a PIN is a person's word: neither the bench nor the KEY card uses it before the box is ticked.
#include "panels/back_office_ids.h"
#include "panels/keys_panel.h"
#include "tests/panels/forged_keys.h"

namespace sealdesk::tests {
namespace {

using orders::State;
using panels::KeysPanel;
namespace ids = panels::ids;

class KeyTries : public ForgedKeys {};

TEST_F(KeyTries, TheBenchWaitsForTheTick) {
    plug.flags = CKF_USER_PIN_FINAL_TRY;
    Shown<KeysPanel> bench(open_, kTall);
    ASSERT_TRUE(bench.shows(ids::with(ids::kKeysKey, serial_))) << bench.screen.text();
    bench.screen.click(ids::with(ids::kKeysKey, serial_));
    ASSERT_TRUE(bench.shows(ids::kKeysLastTry)) << bench.screen.text();
    EXPECT_TRUE(bench.screen.says("PIN 只剩一次")) << bench.screen.text();
    bench.screen.type_into(ids::kKeysPin, kPin);
    bench.screen.press(ImGuiKey_Enter);
    bench.screen.frame(2);
    EXPECT_TRUE(bench.screen.disabled(ids::kKeysWrite));
    open_.wait_idle();
    EXPECT_EQ(plug.logins, 0) << "nobody has agreed";
    EXPECT_TRUE(keys::jobs_of(open_.database(), one_)->empty());
    bench.screen.click(ids::kKeysLastTry);
    ASSERT_TRUE(bench.in_time([&] { return !bench.screen.disabled(ids::kKeysWrite); })) << bench.screen.text();
    bench.screen.click(ids::kKeysWrite);
    ASSERT_TRUE(bench.settles([&] { return open_.state_of(one_) == State::issued; })) << bench.screen.text();
    EXPECT_EQ(plug.logins, 1);
}

TEST_F(KeyTries, TheCardWaitsForTheTick) {
    written();
    plug.flags = CKF_USER_PIN_FINAL_TRY;
    plug.logins = 0;
    Shown<KeysPanel> bench(open_, kTall);
    ASSERT_TRUE(bench.shows(ids::kCardChangePin)) << bench.screen.text();
    bench.screen.click(ids::kCardChangePin);
    ASSERT_TRUE(bench.shows(ids::kCardLastTry)) << bench.screen.text();
    EXPECT_TRUE(bench.screen.says("PIN 只剩一次")) << bench.screen.text();
    bench.screen.type_into(ids::kCardPin, kPin);
    bench.screen.type_into(ids::kCardNewPin, "24681357");
    bench.screen.type_into(ids::kCardNewPinAgain, "24681357");
    for (const char* seen : {ids::kCardSeenDocument, ids::kCardSeenPerson, ids::kCardSeenLetter}) bench.screen.click(seen);
    bench.screen.press(ImGuiKey_Enter);
    bench.screen.frame(2);
    EXPECT_TRUE(bench.screen.disabled(ids::kCardDo));
    open_.wait_idle();
    EXPECT_EQ(plug.logins, 0) << "nobody has agreed";
    bench.screen.click(ids::kCardLastTry);
    ASSERT_TRUE(bench.in_time([&] { return !bench.screen.disabled(ids::kCardDo); })) << bench.screen.text();
    bench.screen.click(ids::kCardDo);
    ASSERT_TRUE(bench.in_time([&] { return !bench.screen.visible(ids::kCardNewPin); })) << bench.screen.text();
    EXPECT_EQ(plug.logins, 1);
    EXPECT_TRUE(opens_with("24681357"));
}

// Choosing an order chooses its KEY: what was typed and ticked for another one is gone.
TEST_F(KeyTries, APinAndATickAreForOneKey) {
    ASSERT_OK(put(open_.database(), {sample_order(2)}, State::approved));
    const std::string two = sample_order(2).no, other = workshop_->new_key();
    ASSERT_OK(keys::seen(open_.database(), *workshop_->tokens->list()));
    ASSERT_OK(keys::begin(open_.database(), *open_.desk->actor, open_.desk->bench(), two, serial_));
    plug.logins = 0;
    plug.flags = CKF_USER_PIN_FINAL_TRY;
    Shown<KeysPanel> bench(open_, kTall);
    ASSERT_TRUE(bench.shows(ids::kKeysLastTry)) << bench.screen.text();
    ASSERT_TRUE(bench.says("继续写入 KEY")) << bench.screen.text();
    bench.screen.type_into(ids::kKeysPin, kPin);
    bench.screen.click(ids::kKeysLastTry);
    ASSERT_TRUE(bench.in_time([&] { return !bench.screen.disabled(ids::kKeysWrite); })) << bench.screen.text();
    bench.screen.click(ids::with(ids::kKeysOrder, one_));
    ASSERT_TRUE(bench.in_time([&] { return bench.screen.disabled(ids::kKeysWrite); })) << "nobody agreed for this one";
    bench.screen.click(ids::kKeysLastTry);
    ASSERT_TRUE(bench.in_time([&] { return !bench.screen.disabled(ids::kKeysWrite); })) << bench.screen.text();
    bench.screen.click(ids::kKeysWrite);
    ASSERT_TRUE(bench.says("请输入 KEY 的 PIN")) << bench.screen.text();
    open_.wait_idle();
    EXPECT_EQ(plug.logins, 0);
}

// A KEY that would be chosen before it comes in while somebody types: half a PIN costs no try.
TEST_F(KeyTries, APinThatIsHalfTypedStaysWithItsKey) {
    const std::string other = workshop_->new_key(), low = std::min(serial_, other), high = std::max(serial_, other);
    ASSERT_OK(keys::seen(open_.database(), *workshop_->tokens->list()));
    ASSERT_OK(open_.database().execute("UPDATE keys SET state = 'scrapped' WHERE serial <> '" + high + "'"));
    plug.logins = 0;
    Shown<KeysPanel> bench(open_, kTall);
    ASSERT_TRUE(bench.shows(ids::kKeysPin)) << bench.screen.text();
    bench.screen.type_into(ids::kKeysPin, "1357");
    ASSERT_OK(open_.database().execute("UPDATE keys SET state = 'blank' WHERE serial = '" + low + "'"));
    open_.desk->touch();
    bench.screen.pass(3);
    ASSERT_TRUE(bench.shows(ids::kKeysWriteAll) || bench.says("空白")) << bench.screen.text();
    bench.screen.type("2468");
    bench.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(bench.says("已写好并绑定")) << bench.screen.text();
    EXPECT_EQ(plug.logins, 1);
    EXPECT_EQ(keys::find_key(open_.database(), high).value()->state, keys::KeyState::bound);
    EXPECT_EQ(keys::find_key(open_.database(), low).value()->state, keys::KeyState::blank);
}

TEST_F(KeyTries, ALockedBlankKeyIsErasedOrScrapped) {
    plug.flags = CKF_USER_PIN_LOCKED;
    Shown<KeysPanel> bench(open_, kTall);
    ASSERT_TRUE(bench.shows(ids::with(ids::kKeysKey, serial_))) << bench.screen.text();
    bench.screen.click(ids::with(ids::kKeysKey, serial_));
    ASSERT_TRUE(bench.says("空白 KEY " + serial_ + " 的 PIN 已锁定")) << bench.screen.text();
    EXPECT_FALSE(bench.screen.says("核对申请人身份")) << "it is nobody's";
    EXPECT_TRUE(bench.screen.disabled(ids::kKeysWrite));
    ASSERT_TRUE(bench.shows(ids::kCardErase)) << bench.screen.text();
    EXPECT_TRUE(bench.screen.visible(ids::kStockScrap));
}

TEST_F(KeyTries, ALockedBegunKeyOpensItsCard) {
    ASSERT_OK(keys::seen(open_.database(), *workshop_->tokens->list()));
    ASSERT_OK(keys::begin(open_.database(), *open_.desk->actor, open_.desk->bench(), one_, serial_));
    Shown<KeysPanel> bench(open_, kTall);
    ASSERT_TRUE(bench.shows(ids::kKeysPin)) << bench.screen.text();
    bench.screen.click(ids::with(ids::kKeysKey, serial_));
    open_.wait_idle();
    bench.screen.frame(3);
    EXPECT_FALSE(bench.screen.visible(ids::kCardUnlock)) << "it goes on";
    plug.flags = CKF_USER_PIN_LOCKED;
    bench.screen.pass(3);
    ASSERT_TRUE(bench.says("再用“解锁”设置新 PIN")) << bench.screen.text();
    bench.screen.click(ids::with(ids::kKeysKey, serial_));
    EXPECT_TRUE(bench.shows(ids::kCardUnlock)) << bench.screen.text();
}

TEST(KeyFor, ALockedBlankKeyIsTheLastOne) {
    panels::OrderToWrite order;
    std::vector<panels::PluggedKey> plugged(2);
    for (size_t i = 0; i < plugged.size(); ++i) plugged[i].token.serial = plugged[i].key.serial = "K" + std::to_string(i + 1);
    plugged[0].token.pin_locked = true;
    EXPECT_EQ(panels::key_for(order, plugged), "K2");
    plugged[1].token.pin_locked = true;
    EXPECT_EQ(panels::key_for(order, plugged), "K1");
    keys::Job begun;
    begun.key_serial = "K2";
    order.jobs.push_back(begun);
    EXPECT_EQ(panels::key_for(order, plugged), "K2") << "it waits for its own";
    plugged.pop_back();
    EXPECT_EQ(panels::key_for(order, plugged), "");
}

}  // namespace
}  // namespace sealdesk::tests
