// What can be done with a KEY on the bench, each by its button, with software KEYs: the card that opens by itself, incidents,
// PINs, erasing, which certificate is replaced.
#include <gtest/gtest.h>

#include "certificates/standing.h"
#include "keys/standing.h"
#include "panels/back_office_ids.h"
#include "panels/keys_panel.h"
#include "tasks/tasks.h"
#include "tests/panels/by_keys.h"
#include "tests/panels/officer_bench.h"

namespace sealdesk::tests {
namespace {

using orders::State;
using panels::KeysPanel;
namespace ids = panels::ids;

class KeyCards : public OfficerBench {
protected:
    Result<> approved(orders::Order order) {
        SEALDESK_TRY(put(open_.database(), {order}, State::approved));
        return open_.database().execute("UPDATE orders SET approved_by = 'wang' WHERE no = '" + order.no + "'");
    }
    // Order 1 is on this test's KEY; only that one counts of all that are plugged in.
    void written() {
        ASSERT_OK(approved(sample_order(1)));
        ASSERT_OK(keys::seen(open_.database(), *workshop_->tokens->list()));
        ASSERT_OK(keys::write(open_.database(), *open_.desk->actor, open_.desk->bench(), one_, serial_, secret(kPin)));
    }
    keys::KeyState state() { return keys::find_key(open_.database(), serial_)->value().state; }
    certificates::Entry certificate() {
        return *open_.database().read([&](storage::Tx& tx) { return certificates::of_key(tx, serial_); }).value();
    }
    void report(Shown<KeysPanel>& bench, const char* what) {
        const std::string button = ids::with(ids::kCardIncident, what);
        ASSERT_TRUE(bench.shows(button)) << what << bench.screen.text();
        ASSERT_TRUE(bench.in_time([&] { return !bench.screen.disabled(button); }));
        bench.screen.click(button);
        ASSERT_TRUE(bench.says("会一次办完")) << what << bench.screen.text();
        EXPECT_TRUE(bench.screen.disabled(ids::kCardDo)) << "not without a note";
        bench.screen.type_into(ids::kCardNote, "周敏来电");
        bench.screen.click(ids::kCardDo);
        ASSERT_TRUE(bench.in_time([&] { return !bench.screen.visible(ids::kCardNote); })) << what << bench.screen.text();
    }
    bool opens_with(const char* pin) {
        auto session = workshop_->tokens->open(serial_);
        return session && (*session)->login(secret(pin));
    }
};

// Nobody clicks: the KEY that was plugged in shows what it is, whose, and what can be done.
TEST_F(KeyCards, AWrittenKeyOpensItsCardByItself) {
    ASSERT_OK(staff::add(open_.database(), nullptr, {"qian", "钱进", kOfficer, true, {}}, secret("Mima-qian-2026")));
    written();
    Shown<KeysPanel> bench(open_, kTall);
    ASSERT_TRUE(bench.shows(ids::kCardUnlock)) << bench.screen.text();
    EXPECT_TRUE(bench.screen.says("还在“待发送”里"));
    EXPECT_TRUE(bench.screen.says("钱进")) << "who did what with it";
    EXPECT_FALSE(bench.screen.says("qian"));
    EXPECT_TRUE(bench.screen.disabled(ids::kCardReplace)) << "no replacement was ordered";
    EXPECT_EQ(bench.panel.wanted_order(), "");
    bench.screen.click(ids::kCardOrder);
    bench.screen.frame(2);
    EXPECT_EQ(bench.panel.wanted_order(), one_);
    EXPECT_EQ(bench.panel.wanted_order(), "") << "once";
}

TEST_F(KeyCards, ItsReplacementIsOneClickAwayAndMeansThisKey) {
    written();
    // Another KEY of the same subject: which one the replacement means is not clear by itself.
    auto second = sample_order(3);
    second.subject = sample_order(1).subject;
    ASSERT_OK(approved(second));
    const std::string other = workshop_->new_key();
    ASSERT_OK(keys::seen(open_.database(), *workshop_->tokens->list()));
    ASSERT_OK(keys::write(open_.database(), *open_.desk->actor, open_.desk->bench(), second.no, other, secret(kPin)));
    auto order = sample_order(2);
    order.subject = sample_order(1).subject;
    order.kind = orders::OrderKind::replacement;
    order.cause = orders::ReplacementCause::damaged;
    ASSERT_OK(approved(order));
    Shown<KeysPanel> bench(open_, kTall);
    ASSERT_TRUE(bench.shows(ids::with(ids::kKeysKey, serial_)));
    bench.screen.click(ids::with(ids::kKeysKey, serial_));
    ASSERT_TRUE(bench.shows(ids::kCardReplace)) << bench.screen.text();
    ASSERT_TRUE(bench.in_time([&] { return !bench.screen.disabled(ids::kCardReplace); })) << bench.screen.text();
    bench.screen.click(ids::kCardReplace);
    ASSERT_TRUE(bench.in_time([&] {
        return orders::load(open_.database(), two_)->order.replaced_certificate == certificate().serial;
    })) << bench.screen.text();
}

TEST_F(KeyCards, WhichOneIsReplacedIsChosenFromTheList) {
    written();
    auto second = sample_order(3);
    second.subject = sample_order(1).subject;
    ASSERT_OK(approved(second));
    const std::string other = workshop_->new_key();
    ASSERT_OK(keys::seen(open_.database(), *workshop_->tokens->list()));
    ASSERT_OK(keys::write(open_.database(), *open_.desk->actor, open_.desk->bench(), second.no, other, secret(kPin)));
    auto order = sample_order(2);
    order.subject = sample_order(1).subject;
    order.kind = orders::OrderKind::replacement;
    order.cause = orders::ReplacementCause::lost;
    order.replaced_certificate = "00C0FFEE";  // never made here
    ASSERT_OK(approved(order));
    Shown<KeysPanel> bench(open_, kTall);
    ASSERT_TRUE(bench.says("没有为这个主体登记过要补办的证书 00C0FFEE")) << bench.screen.text();
    EXPECT_FALSE(bench.screen.visible(ids::kKeysNameAgain)) << "the list is there";
    EXPECT_TRUE(bench.screen.disabled(ids::kKeysWrite));
    EXPECT_TRUE(bench.screen.visible(ids::with(ids::kKeysReplaces, keys::kNoneOfThem)));
    const std::string row = ids::with(ids::kKeysReplaces, certificate().serial);
    ASSERT_TRUE(bench.shows(row));
    bench.screen.click(row);
    ASSERT_TRUE(bench.in_time([&] { return !bench.screen.visible(row); })) << bench.screen.text();
    EXPECT_EQ(orders::load(open_.database(), two_)->order.replaced_certificate, certificate().serial);
    EXPECT_EQ(certificate().state, "valid") << "until the new one is written";
    // That was the wrong row: the list comes back until a KEY is begun.
    const auto meant = *open_.database().read([&](storage::Tx& tx) { return certificates::of_key(tx, other); }).value();
    ASSERT_TRUE(bench.shows(ids::kKeysNameAgain)) << bench.screen.text();
    bench.screen.click(ids::kKeysNameAgain);
    ASSERT_TRUE(bench.shows(ids::with(ids::kKeysReplaces, meant.serial))) << bench.screen.text();
    bench.screen.click(ids::with(ids::kKeysReplaces, meant.serial));
    ASSERT_TRUE(bench.in_time([&] { return !bench.screen.visible(row); })) << bench.screen.text();
    EXPECT_EQ(orders::load(open_.database(), two_)->order.replaced_certificate, meant.serial);
    const std::string third = workshop_->new_key();
    ASSERT_OK(keys::seen(open_.database(), *workshop_->tokens->list()));
    ASSERT_OK(keys::begin(open_.database(), *open_.desk->actor, open_.desk->bench(), two_, third));
    open_.desk->touch();
    ASSERT_TRUE(bench.in_time([&] { return !bench.screen.visible(ids::kKeysNameAgain); })) << "a KEY is begun";
}

TEST_F(KeyCards, SuspendedResumedAndDamagedByTheirButtons) {
    written();
    Shown<KeysPanel> bench(open_, kTall);
    report(bench, "suspended");
    EXPECT_TRUE(certificates::is_suspended(certificate()));
    ASSERT_TRUE(bench.says("已停用")) << bench.screen.text();
    report(bench, "resumed");
    EXPECT_EQ(certificate().state, "valid");
    report(bench, "damaged");
    EXPECT_EQ(certificate().state, "revoked");
    EXPECT_EQ(certificate().revocation_reason, 4);
    EXPECT_EQ(state(), keys::KeyState::scrapped);
}

TEST_F(KeyCards, AReturnedKeyIsErasedWithTheAdministratorsPinAndBlankAgain) {
    written();
    {
        auto session = std::move(*workshop_->tokens->open(serial_));
        ASSERT_OK(session->login(secret(kPin)));
        ASSERT_OK(session->change_pin(secret(kPin), secret("applicant1")));  // nobody here knows it
    }
    Shown<KeysPanel> bench(open_, kTall);
    report(bench, "returned");
    EXPECT_EQ(state(), keys::KeyState::returned);
    ASSERT_TRUE(bench.shows(ids::kCardErase)) << bench.screen.text();
    bench.screen.click(ids::kCardErase);
    ASSERT_TRUE(bench.says("管理员 PIN")) << bench.screen.text();
    const auto fill = [&](const char* administrator, const char* again) {
        bench.screen.type_into(ids::kCardPin, administrator);
        bench.screen.type_into(ids::kCardNewPin, kPin);
        bench.screen.type_into(ids::kCardNewPinAgain, again);
        bench.screen.click(ids::kCardDo);
    };
    fill("87654321", "other");
    ASSERT_TRUE(bench.says("两次输入的新 PIN 不一样"));
    fill("87654321", kPin);
    ASSERT_TRUE(bench.in_time([&] { return state() == keys::KeyState::blank; })) << bench.screen.text();
    EXPECT_TRUE(opens_with(kPin));
    auto session = std::move(*workshop_->tokens->open(serial_));
    ASSERT_OK(session->login(secret(kPin)));
    EXPECT_EQ(session->strangers({}).value(), 0);
}

TEST_F(KeyCards, PinsAreChangedAndSetByTheirButtons) {
    written();
    Shown<KeysPanel> bench(open_, kTall);
    ASSERT_TRUE(bench.shows(ids::kCardChangePin)) << bench.screen.text();
    bench.screen.click(ids::kCardChangePin);
    bench.screen.type_into(ids::kCardPin, kPin);
    bench.screen.type_into(ids::kCardNewPin, "24681357");
    bench.screen.type_into(ids::kCardNewPinAgain, "24681357");
    EXPECT_TRUE(bench.screen.disabled(ids::kCardDo)) << "nobody was looked at";
    for (const char* seen : {ids::kCardSeenDocument, ids::kCardSeenPerson, ids::kCardSeenLetter}) bench.screen.click(seen);
    bench.screen.click(ids::kCardDo);
    ASSERT_TRUE(bench.in_time([&] { return !bench.screen.visible(ids::kCardNewPin); })) << bench.screen.text();
    EXPECT_TRUE(opens_with("24681357"));
    bench.screen.click(ids::kCardInitialPin);
    ASSERT_TRUE(bench.shows(ids::kCardPin));
    EXPECT_FALSE(bench.screen.visible(ids::kCardSeenPerson)) << "the KEY is still in the house";
    bench.screen.type_into(ids::kCardPin, "24681357");
    bench.screen.click(ids::kCardDo);
    ASSERT_TRUE(bench.shows(ids::kLetterClose)) << bench.screen.text();
    bench.screen.click(ids::kLetterClose);
    ASSERT_TRUE(bench.in_time([&] { return !bench.screen.visible(ids::kLetterClose); }));
    EXPECT_FALSE(opens_with("24681357"));
}

TEST_F(KeyCards, ARandomPinForAKeyThatHasLeftNeedsTheIdentity) {
    written();
    ASSERT_OK(
        open_.database().write([&](storage::Tx& tx) { return keys::move_key(tx, serial_, keys::KeyState::shipped, "zhao"); }));
    Shown<KeysPanel> bench(open_, kTall);
    ASSERT_TRUE(bench.shows(ids::kCardInitialPin)) << bench.screen.text();
    bench.screen.click(ids::kCardInitialPin);
    ASSERT_TRUE(bench.shows(ids::kCardSeenDocument)) << bench.screen.text();
    bench.screen.type_into(ids::kCardPin, kPin);
    EXPECT_TRUE(bench.screen.disabled(ids::kCardDo));
    for (const char* seen : {ids::kCardSeenDocument, ids::kCardSeenPerson, ids::kCardSeenLetter}) bench.screen.click(seen);
    bench.screen.click(ids::kCardDo);
    ASSERT_TRUE(bench.shows(ids::kLetterClose)) << bench.screen.text();
    EXPECT_FALSE(opens_with(kPin));
}

TEST_F(KeyCards, UnlockingShowsWhatIsComparedAndNeedsNoMouse) {
    written();
    Shown<KeysPanel> bench(open_, kTall);
    ASSERT_TRUE(bench.shows(ids::kCardUnlock)) << bench.screen.text();
    bench.screen.click(ids::kCardUnlock);
    ASSERT_TRUE(bench.shows(ids::kCardSeenDocument));
    EXPECT_TRUE(bench.screen.says(sample_order(1).subject.document_number)) << bench.screen.text();
    EXPECT_TRUE(bench.screen.says(sample_order(1).subject.handler));
    ASSERT_TRUE(tab_to(bench.screen, ids::kCardPin));
    bench.screen.type("87654321");
    bench.screen.press(ImGuiKey_Enter);
    EXPECT_TRUE(bench.screen.disabled(ids::kCardDo)) << "nobody was looked at";
    for (const char* seen : {ids::kCardSeenDocument, ids::kCardSeenPerson, ids::kCardSeenLetter}) {
        ASSERT_TRUE(tab_to(bench.screen, seen)) << seen;
        bench.screen.press(ImGuiKey_Space);
    }
    bench.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(bench.shows(ids::kLetterClose)) << bench.screen.text();
    EXPECT_FALSE(opens_with(kPin));
}

TEST_F(KeyCards, ARandomPinIsUsualUnlessTheSettingsSayOtherwise) {
    EXPECT_TRUE(desk::Settings().random_pin);
    auto settings = workshop_->settings();
    settings.random_pin = true;
    OpenDesk open(settings);
    open.sign_in("qian", "钱进", kOfficer);
    ASSERT_OK(put(open.database(), {sample_order(1)}, State::approved));
    Shown<KeysPanel> bench(open, kTall);
    ASSERT_TRUE(bench.shows(ids::with(ids::kKeysKey, serial_)));
    bench.screen.click(ids::with(ids::kKeysKey, serial_));
    ASSERT_TRUE(bench.shows(ids::kKeysPin)) << bench.screen.text();
    bench.screen.type_into(ids::kKeysPin, kPin);
    bench.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(bench.shows(ids::kLetterClose)) << bench.screen.text();
    EXPECT_FALSE(opens_with(kPin));
    // Until the letter is closed a task says that nobody has the PIN.
    ASSERT_EQ(tasks::open(open.database())->size(), 1U);
    EXPECT_EQ(tasks::open(open.database())->front().key_serial, serial_);
    bench.screen.click(ids::kLetterClose);
    ASSERT_TRUE(bench.in_time([&] { return tasks::open(open.database())->empty(); })) << bench.screen.text();
}

// A refunded order that was begun stands last, cannot be written, and says what to do with its KEY.
TEST_F(KeyCards, ARefundedOrderIsNoWorkAnyMore) {
    ASSERT_OK(approved(sample_order(1)));
    ASSERT_OK(approved(sample_order(2)));
    ASSERT_OK(keys::seen(open_.database(), *workshop_->tokens->list()));
    ASSERT_OK(keys::begin(open_.database(), *open_.desk->actor, open_.desk->bench(), one_, serial_));
    ASSERT_OK(open_.database().execute("INSERT INTO refunds (order_no, amount, at, state) VALUES ('" + one_ +
                                       "', 1, 1, 'needs_person')"));
    const auto list = panels::orders_to_write(open_.database(), open_.desk->bench());
    ASSERT_OK(list);
    ASSERT_EQ(list->size(), 2U);
    EXPECT_EQ(list->front().order.order.no, two_);
    EXPECT_TRUE(list->back().refunded);
    const auto plugged = panels::plugged_keys(open_.database(), *open_.desk->bench().tokens).value();
    for (const auto& each : panels::assign(*list, plugged, *open_.desk->actor, {}, open_.clock.now(), one_, serial_))
        EXPECT_NE(each.order_no, one_);
    Shown<KeysPanel> bench(open_, kTall);
    ASSERT_TRUE(bench.shows(ids::with(ids::kKeysOrder, one_)));
    bench.screen.click(ids::with(ids::kKeysOrder, one_));
    ASSERT_TRUE(bench.says("请收回 KEY " + serial_)) << bench.screen.text();
    EXPECT_TRUE(bench.screen.disabled(ids::kKeysWrite));
}

// The list ends somewhere; who comes for an order behind its end gets that one.
TEST_F(KeyCards, AnOrderFurtherDownIsTheOneThatIsChosen) {
    std::vector<orders::Order> many;
    for (int n = 1; n <= 130; ++n) many.push_back(sample_order(n));
    ASSERT_OK(put(open_.database(), many, State::approved));
    const std::string last = sample_order(130).no;
    const auto list = panels::orders_to_write(open_.database(), open_.desk->bench());
    ASSERT_OK(list);
    ASSERT_TRUE(std::none_of(list->begin(), list->end(), [&](const auto& each) { return each.order.order.no == last; }));
    Shown<KeysPanel> bench(open_);
    ASSERT_TRUE(bench.says("待制证"));
    bench.panel.open(last);
    ASSERT_TRUE(bench.in_time([&] { return bench.screen.says("第 1 个，共 1 个") && bench.screen.says(last); }))
        << bench.screen.text();
}

}  // namespace
}  // namespace sealdesk::tests
