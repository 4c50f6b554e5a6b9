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

}  // namespace
}  // namespace sealdesk::tests
