// KEYs that are pulled and come back while somebody answers a question about them, and what is waited for.
#include <atomic>

#include "panels/back_office_ids.h"
#include "panels/closing.h"
#include "panels/keys_panel.h"
#include "panels/stock_panel.h"
#include "tests/panels/forged_keys.h"

namespace sealdesk::tests {
namespace {

using panels::KeysPanel;
namespace ids = panels::ids;

// A KEY that thinks about its PIN until the test lets it go.
std::atomic<bool> asked_for_pin = false, may_answer = false, says_no = false;
CK_RV slow_login(CK_SESSION_HANDLE session, CK_USER_TYPE who, CK_UTF8CHAR* pin, CK_ULONG length) {
    asked_for_pin = true;
    may_answer.wait(false);
    return says_no ? CKR_PIN_INCORRECT : logged_in(session, who, pin, length);
}
struct LetItAnswer {
    ~LetItAnswer() { now(); }
    static void now() {
        may_answer = true;
        may_answer.notify_all();
    }
};

// The bench in a window that somebody may want to close.
struct BenchInWindow {
    KeysPanel bench;
    void draw(desk::Desk& desk) {
        bench.draw(desk);
        panels::draw_closing(desk);
    }
};

class KeyPulled : public ForgedKeys {
protected:
    const std::string lost_ = ids::with(ids::kCardIncident, "lost");

    // The ports have been looked at.
    template <class Panel>
    bool looked(Shown<Panel>& bench, const std::function<bool()>& condition) {
        return bench.in_time([&] {
            bench.screen.pass(3);
            return condition();
        });
    }
    void answers_slowly(bool no) {
        asked_for_pin = may_answer = false;
        says_no = no;
        module_->f->C_Login = slow_login;
    }
    template <class Panel>
    void ask_to_unlock(Shown<Panel>& bench) {
        ASSERT_TRUE(bench.shows(ids::kCardUnlock)) << bench.screen.text();
        bench.screen.click(ids::kCardUnlock);
        ASSERT_TRUE(bench.shows(ids::kCardSeenDocument)) << bench.screen.text();
        for (const char* seen : {ids::kCardSeenDocument, ids::kCardSeenPerson, ids::kCardSeenLetter}) bench.screen.click(seen);
    }
};

TEST_F(KeyPulled, AQuestionThatIsOpenStaysAndGoesOnWithTheSameKey) {
    written();
    Shown<KeysPanel> bench(open_, kTall);
    ask_to_unlock(bench);
    plug.gone = true;
    ASSERT_TRUE(looked(bench, [&] { return !bench.screen.visible(ids::with(ids::kKeysKey, serial_)); })) << bench.screen.text();
    ASSERT_TRUE(bench.screen.visible(ids::kCardSeenDocument)) << "it is still asked: " << bench.screen.text();
    bench.screen.type_into(ids::kCardPin, kAdministratorPin);
    bench.screen.click(ids::kCardDo);
    ASSERT_TRUE(bench.says("请插入这只 KEY")) << "beside the field: " << bench.screen.text();
    plug.plug_in();
    bench.screen.type_into(ids::kCardPin, kAdministratorPin);
    ASSERT_TRUE(bench.in_time([&] { return !bench.screen.disabled(ids::kCardDo); })) << bench.screen.text();
    bench.screen.click(ids::kCardDo);
    ASSERT_TRUE(bench.shows(ids::kLetterClose)) << bench.screen.text();
    EXPECT_FALSE(opens_with(kPin));
}

TEST_F(KeyPulled, TheCardClosesWithItsKeyOnceNothingIsAsked) {
    written();
    Shown<KeysPanel> bench(open_, kTall);
    ask_to_unlock(bench);
    plug.gone = true;
    ASSERT_TRUE(looked(bench, [&] { return !bench.screen.visible(ids::with(ids::kKeysKey, serial_)); })) << bench.screen.text();
    bench.screen.click(ids::kCardCancel);
    ASSERT_TRUE(bench.in_time([&] { return !bench.screen.visible(lost_); })) << bench.screen.text();
    plug.plug_in();
    EXPECT_TRUE(looked(bench, [&] { return bench.screen.visible(ids::kCardUnlock); })) << bench.screen.text();
}

// A KEY that died in the middle of its writing cannot be plugged in: its card is reached all the same, and the unit is free.
TEST_F(KeyPulled, ABegunKeyThatNeverComesBackIsReported) {
    ASSERT_OK(keys::seen(open_.database(), *workshop_->tokens->list()));
    ASSERT_OK(keys::begin(open_.database(), *open_.desk->actor, open_.desk->bench(), one_, serial_));
    plug.gone = true;
    Shown<KeysPanel> bench(open_, kTall);
    ASSERT_TRUE(bench.says("请插上 KEY " + serial_)) << bench.screen.text();
    ASSERT_TRUE(bench.shows(ids::kKeysMissing)) << bench.screen.text();
    bench.screen.click(ids::kKeysMissing);
    const std::string damaged = ids::with(ids::kCardIncident, "damaged");
    ASSERT_TRUE(bench.shows(damaged)) << bench.screen.text();
    bench.screen.pass(3);
    open_.wait_idle();
    bench.screen.frame(3);
    ASSERT_TRUE(bench.screen.visible(damaged)) << "it was opened because the KEY is away: " << bench.screen.text();
    bench.screen.click(damaged);
    ASSERT_TRUE(bench.says("会一次办完")) << bench.screen.text();
    bench.screen.type_into(ids::kCardNote, "接口断了");
    bench.screen.click(ids::kCardDo);
    ASSERT_TRUE(bench.in_time([&] {
        return keys::find_key(open_.database(), serial_)->value().state == keys::KeyState::scrapped;
    })) << bench.screen.text();
    EXPECT_TRUE(keys::jobs_of(open_.database(), one_)->empty()) << "the unit is free";
    ASSERT_TRUE(bench.says("请插上一个空白 KEY")) << bench.screen.text();
    EXPECT_FALSE(bench.screen.visible(ids::kKeysMissing));
}

TEST_F(KeyPulled, AnErrorThatComesAfterTheDialogNamesItsKey) {
    written();
    answers_slowly(true);
    Shown<KeysPanel> bench(open_, kTall);
    const LetItAnswer at_the_end;
    ask_to_unlock(bench);
    bench.screen.type_into(ids::kCardPin, kAdministratorPin);
    bench.screen.click(ids::kCardDo);
    ASSERT_TRUE(bench.in_time([&] { return asked_for_pin.load(); })) << bench.screen.text();
    bench.screen.click(ids::kCardCancel);
    plug.gone = true;
    ASSERT_TRUE(looked(bench, [&] { return !bench.screen.visible(ids::with(ids::kKeysKey, serial_)); })) << bench.screen.text();
    EXPECT_FALSE(bench.screen.visible(ids::kCardSeenDocument));
    EXPECT_TRUE(bench.screen.visible(lost_)) << "its verb runs: " << bench.screen.text();
    LetItAnswer::now();
    ASSERT_TRUE(bench.says("KEY " + serial_ + "：管理员 PIN 不正确")) << bench.screen.text();
    bench.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(bench.in_time([&] { return !bench.screen.says("管理员 PIN 不正确"); })) << bench.screen.text();
    EXPECT_TRUE(bench.in_time([&] { return !bench.screen.visible(lost_); })) << "and then it goes: " << bench.screen.text();
    open_.wait_idle();
    module_->f->C_Login = logged_in;
    plug.plug_in();
    EXPECT_TRUE(opens_with(kPin)) << "nothing was done";
}

TEST_F(KeyPulled, ACardOfTheStockFollowsItsKey) {
    written();
    plug.gone = true;
    Shown<panels::StockPanel> stock(open_, kTall);
    stock.panel.open(serial_);
    ASSERT_TRUE(stock.says("没有插着")) << stock.screen.text();
    EXPECT_FALSE(stock.screen.visible(ids::kCardUnlock));
    plug.plug_in();
    ASSERT_TRUE(looked(stock, [&] { return stock.screen.visible(ids::kCardUnlock); })) << stock.screen.text();
    EXPECT_FALSE(stock.screen.says("没有插着"));
    plug.gone = true;
    ASSERT_TRUE(looked(stock, [&] { return !stock.screen.visible(ids::kCardUnlock); })) << stock.screen.text();
    EXPECT_TRUE(stock.screen.says("没有插着"));
}

// The new PIN is in the KEY and nowhere else until the verb has come back.
TEST_F(KeyPulled, TheWindowDoesNotCloseWhileAPinIsBeingSet) {
    written();
    answers_slowly(false);
    Shown<BenchInWindow> bench(open_, kTall);
    const LetItAnswer at_the_end;
    const kit::Closing& closing = bench.screen.ui().closing;
    ask_to_unlock(bench);
    EXPECT_FALSE(closing.would_lose);
    bench.screen.type_into(ids::kCardPin, kAdministratorPin);
    bench.screen.click(ids::kCardDo);
    ASSERT_TRUE(bench.in_time([&] { return asked_for_pin.load(); })) << bench.screen.text();
    bench.screen.frame();
    EXPECT_TRUE(closing.would_lose);
    LetItAnswer::now();
    ASSERT_TRUE(bench.in_time([&] { return open_.desk->letters().count() == 1; })) << bench.screen.text();
    bench.screen.frame();
    EXPECT_TRUE(closing.would_lose) << "and then nobody has written it down";
}

}  // namespace
}  // namespace sealdesk::tests
