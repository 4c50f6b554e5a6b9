// The last try of a PIN is a person's word: neither the bench nor the KEY card uses it before the box is ticked. SoftHSM with
// what its KEYs say of themselves forged and its logins counted: its list of functions is one for the whole process.
#include <gtest/gtest.h>

#include "keys/writing.h"
#include "panels/back_office_ids.h"
#include "panels/keys_panel.h"
#include "tests/keys/plug.h"
#include "tests/panels/open_desk.h"
#include "tests/panels/workshop.h"

namespace sealdesk::tests {
namespace {

using orders::State;
using panels::KeysPanel;
namespace ids = panels::ids;

constexpr ImVec2 kTall{1600, 2600};
constexpr const char* kPin = "13572468";

class KeyTries : public testing::Test {
protected:
    static void SetUpTestSuite() { workshop_ = std::make_unique<Workshop>(); }
    static void TearDownTestSuite() { workshop_.reset(); }

    void SetUp() override {
        ASSERT_EQ(open_.desk->key_trouble(), "");
        serial_ = workshop_->new_key();
        open_.sign_in("qian", "钱进", kOfficer);
        ASSERT_OK(put(open_.database(), {sample_order(1)}, State::approved));
        auto module = keys::Module::load(*keys::soft_key_module());
        ASSERT_OK(module);
        module_ = std::move(*module);
        real_ = *module_->f;
        plug.reset(&real_);
        module_->f->C_Login = logged_in;
        module_->f->C_GetTokenInfo = token_info;
    }
    void TearDown() override {
        open_.wait_idle();
        if (module_) *module_->f = real_;
    }
    bool opens_with(const char* pin) {
        plug.flags = 0;
        auto session = workshop_->tokens->open(serial_);
        return session && (*session)->login(secret(pin));
    }

    static std::unique_ptr<Workshop> workshop_;
    OpenDesk open_{workshop_->settings()};
    std::string serial_;
    std::shared_ptr<keys::Module> module_;
    CK_FUNCTION_LIST real_{};
    const std::string one_ = sample_order(1).no;
};
std::unique_ptr<Workshop> KeyTries::workshop_;

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
    ASSERT_OK(keys::seen(open_.database(), *workshop_->tokens->list()));
    ASSERT_OK(keys::write(open_.database(), *open_.desk->actor, open_.desk->bench(), one_, serial_, secret(kPin)));
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
