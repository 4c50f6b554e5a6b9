// The KEY bench with software KEYs and a certificate authority of its own.
#include "panels/keys_panel.h"

#include <gtest/gtest.h>

#include "acts/acts.h"
#include "certificates/standing.h"
#include "keys/standing.h"
#include "panels/back_office_ids.h"
#include "review/review.h"
#include "tests/panels/officer_bench.h"

namespace sealdesk::tests {
namespace {

using orders::State;
using panels::KeysPanel;
namespace ids = panels::ids;

class KeysPanelTest : public OfficerBench {
protected:
    void approved(int number, int quantity = 1, const std::string& by = "wang") {
        ASSERT_OK(open_.database().write([&](storage::Tx& tx) -> Result<> {
            auto order = sample_order(number);
            order.quantity = quantity;
            SEALDESK_TRY(orders::insert(tx, order));
            SEALDESK_LET(desk, orders::load(tx, order.no));
            SEALDESK_TRY(orders::move(tx, desk, State::approved, by));
            orders::set_approved_by(tx, desk, by);
            return {};
        }));
    }
    // KEYs of other tests are not for this one's orders.
    void only(const std::set<std::string>& mine) {
        const auto plugged = workshop_->tokens->list().value();
        ASSERT_OK(keys::seen(open_.database(), plugged));
        for (const auto& token : plugged)
            if (!token.serial.empty() && !mine.contains(token.serial))
                ASSERT_OK(keys::scrap(open_.database(), *open_.desk->actor, token.serial, "别的测试"));
    }
    // Chooses the order and this test's KEY, types the PIN and presses Enter.
    void write(Shown<KeysPanel>& bench, const std::string& no, const std::string& serial, const std::string& pin) {
        ASSERT_TRUE(bench.shows(ids::with(ids::kKeysOrder, no)));
        bench.screen.click(ids::with(ids::kKeysOrder, no));
        ASSERT_TRUE(bench.shows(ids::with(ids::kKeysKey, serial)));
        bench.screen.click(ids::with(ids::kKeysKey, serial));
        ASSERT_TRUE(bench.shows(ids::kKeysPin));
        bench.screen.type_into(ids::kKeysPin, pin);
        bench.screen.press(ImGuiKey_Enter);
    }
};

TEST_F(KeysPanelTest, WritesAKeyAndIssuesTheOrder) {
    ASSERT_OK(staff::add(open_.database(), nullptr, {"wang", "王敏", kAdministrator, true, {}}, secret("Mima-wang-2026")));
    approved(1);
    approved(2);
    Shown<KeysPanel> bench(open_, kTall);
    ASSERT_TRUE(bench.says("王敏")) << "who approved it: " << bench.screen.text();
    write(bench, one_, serial_, "13572468");
    ASSERT_TRUE(bench.says("已绑定")) << bench.screen.text();
    EXPECT_EQ(open_.state_of(one_), State::issued);
    const auto jobs = keys::jobs_of(open_.database(), one_);
    ASSERT_OK(jobs);
    ASSERT_EQ(jobs->size(), 1U);
    EXPECT_TRUE(jobs->front().finished());
    EXPECT_EQ(jobs->front().officer, "qian");
    EXPECT_EQ(keys::find_key(open_.database(), serial_)->value().state, keys::KeyState::bound);
    EXPECT_TRUE(bench.screen.says(jobs->front().certificate_serial));
    // The next order stands ready; the written KEY is not offered for it.
    ASSERT_TRUE(bench.in_time([&] { return !bench.screen.visible(ids::with(ids::kKeysOrder, one_)); }));
    EXPECT_TRUE(bench.screen.says(two_));
    EXPECT_EQ(open_.state_of(two_), State::approved);
}

TEST_F(KeysPanelTest, TwoKeysForTwoUnitsAndThenTheOrderIsIssued) {
    const std::string second = workshop_->new_key();
    approved(1, 2);
    Shown<KeysPanel> bench(open_, kTall);
    write(bench, one_, serial_, "13572468");
    ASSERT_TRUE(bench.says("已绑定")) << bench.screen.text();
    EXPECT_EQ(open_.state_of(one_), State::approved);
    ASSERT_TRUE(bench.says("第 2 个，共 2 个"));
    EXPECT_FALSE(bench.screen.says("写入证书 完成")) << "of the second nothing is done yet: " << bench.screen.text();
    write(bench, one_, second, "13572468");
    ASSERT_TRUE(bench.settles([&] { return open_.state_of(one_) == State::issued; })) << bench.screen.text();
    EXPECT_EQ(keys::keys_of(open_.database(), one_)->size(), 2U);
}

TEST_F(KeysPanelTest, AWrongPinChangesNothingAndSaysSo) {
    approved(1);
    Shown<KeysPanel> bench(open_, kTall);
    write(bench, one_, serial_, "00000000");
    ASSERT_TRUE(bench.says("PIN 不正确")) << bench.screen.text();
    EXPECT_EQ(open_.state_of(one_), State::approved);
    EXPECT_TRUE(keys::jobs_of(open_.database(), one_)->empty());
    EXPECT_FALSE(bench.screen.says("00000000"));
    // The box has the keyboard for the right one.
    bench.screen.frame(3);
    bench.screen.type("13572468");
    bench.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(bench.says("已绑定")) << bench.screen.text();
}

TEST_F(KeysPanelTest, TheNextPinIsTypedAtOnce) {
    const std::string second = workshop_->new_key();
    only({serial_, second});
    approved(1);
    approved(2);
    Shown<KeysPanel> bench(open_, kTall);
    write(bench, one_, serial_, "13572468");
    ASSERT_TRUE(bench.settles([&] { return open_.state_of(one_) == State::issued; })) << bench.screen.text();
    ASSERT_TRUE(bench.says("下一单 " + two_)) << bench.screen.text();
    bench.screen.frame(3);
    bench.screen.type("13572468");
    bench.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(bench.settles([&] { return open_.state_of(two_) == State::issued; })) << bench.screen.text();
}

TEST_F(KeysPanelTest, ArrowsGoThroughTheOrders) {
    for (int i = 1; i <= 30; ++i) approved(i);
    Shown<KeysPanel> bench(open_);
    ASSERT_TRUE(bench.says("待制证 30"));
    const auto last = ids::with(ids::kKeysOrder, sample_order(30).no);
    EXPECT_FALSE(bench.screen.visible(last)) << "further down than the screen";
    for (int i = 0; i < 40; ++i) bench.screen.press(ImGuiKey_DownArrow);
    ASSERT_TRUE(bench.shows(last)) << "the list went with it: " << bench.screen.text();
    bench.screen.press(ImGuiKey_UpArrow);
    ASSERT_TRUE(bench.says(sample_order(29).no + " 第 1 个")) << bench.screen.text();
}

TEST(KeysPanelWithoutDriver, SaysSoInsteadOfAskingForAKey) {
    OpenDesk open;
    open.sign_in("qian", "钱进", kOfficer);
    ASSERT_NE(open.desk->key_trouble(), "");
    Shown<KeysPanel> bench(open);
    ASSERT_TRUE(bench.says(open.desk->key_trouble())) << bench.screen.text();
    EXPECT_FALSE(bench.screen.says("插上一个空白 KEY")) << bench.screen.text();
}

TEST_F(KeysPanelTest, EnterWithoutPinAsksForItAndTriesNothing) {
    approved(1);
    Shown<KeysPanel> bench(open_, kTall);
    ASSERT_TRUE(bench.shows(ids::with(ids::kKeysKey, serial_)));
    bench.screen.click(ids::with(ids::kKeysKey, serial_));
    ASSERT_TRUE(bench.shows(ids::kKeysPin));
    bench.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(bench.says("请输入 KEY 的 PIN"));
    EXPECT_TRUE(keys::jobs_of(open_.database(), one_)->empty());
    // The cursor stands in the field.
    bench.screen.frame(2);
    bench.screen.type("13572468");
    bench.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(bench.says("已绑定")) << bench.screen.text();
    EXPECT_EQ(open_.state_of(one_), State::issued);
}

TEST_F(KeysPanelTest, WhoApprovedCannotWrite) {
    approved(1, 1, "qian");
    Shown<KeysPanel> bench(open_, kTall);
    ASSERT_TRUE(bench.says("由您审核通过"));
    EXPECT_TRUE(bench.screen.disabled(ids::kKeysWrite));
    EXPECT_FALSE(bench.screen.visible(ids::kKeysPin));
    bench.screen.press(ImGuiKey_Enter);
    open_.desk->jobs().wait_idle();
    EXPECT_EQ(open_.state_of(one_), State::approved);
    EXPECT_TRUE(keys::jobs_of(open_.database(), one_)->empty());
}

TEST_F(KeysPanelTest, AClerkCannotWrite) {
    approved(1);
    open_.sign_in("zhao", "赵云", kClerk);
    Shown<KeysPanel> bench(open_, kTall);
    ASSERT_TRUE(bench.says("只有制证员可以写 KEY"));
    EXPECT_TRUE(bench.screen.disabled(ids::kKeysWrite));
}

TEST_F(KeysPanelTest, ADecisionThatCanBeUndoneWaits) {
    ASSERT_OK(put(open_.database(), {sample_order(1)}, State::paid));
    const staff::Actor reviewer{"wang", "王敏", static_cast<staff::Roles>(staff::Role::reviewer)};
    const auto claimed = review::claim(open_.database(), reviewer, open_.desk->review_rules(), one_);
    ASSERT_OK(claimed);
    ASSERT_OK(review::approve(open_.database(), reviewer, open_.desk->review_rules(), {one_, 1, claimed->row_version}));
    Shown<KeysPanel> bench(open_, kTall);
    ASSERT_TRUE(bench.says("审核结论还可以撤销"));
    EXPECT_TRUE(bench.screen.says("可撤销 60 秒"));
    EXPECT_TRUE(bench.screen.disabled(ids::kKeysWrite));
    open_.clock.advance(61 * kSecond);
    open_.desk->touch();
    ASSERT_TRUE(bench.shows(ids::kKeysPin)) << bench.screen.text();
}

TEST_F(KeysPanelTest, ABegunKeyComesFirstAndAsksForTheSameKey) {
    const std::string other = workshop_->new_key();
    approved(1);
    approved(2);
    ASSERT_OK(keys::seen(open_.database(), *workshop_->tokens->list()));
    ASSERT_OK(keys::begin(open_.database(), *open_.desk->actor, open_.desk->bench(), two_, serial_));
    Shown<KeysPanel> bench(open_, kTall);
    ASSERT_TRUE(bench.says("继续写入 KEY"));
    EXPECT_TRUE(bench.screen.says("写到一半"));
    write(bench, two_, other, "13572468");
    ASSERT_TRUE(bench.says("请插上 KEY " + serial_)) << "a conflict, told in a dialog: " << bench.screen.text();
    bench.screen.press(ImGuiKey_Enter);
    write(bench, two_, serial_, "13572468");
    ASSERT_TRUE(bench.says("已绑定")) << bench.screen.text();
    EXPECT_EQ(open_.state_of(two_), State::issued);
    EXPECT_EQ(open_.state_of(one_), State::approved);
}

// Three KEYs are plugged in and two orders wait, one of them for two KEYs: one press writes all three at once.
TEST_F(KeysPanelTest, SeveralKeysAreWrittenSideBySide) {
    const std::set<std::string> mine{serial_, workshop_->new_key(), workshop_->new_key()};
    only(mine);
    approved(1, 2);
    approved(2);
    Shown<KeysPanel> bench(open_, kTall);
    ASSERT_TRUE(bench.shows(ids::kKeysWriteAll));
    EXPECT_TRUE(bench.screen.says("全部写入 3 个"));
    EXPECT_TRUE(bench.screen.says("下一单 " + two_));
    bench.screen.type_into(ids::kKeysPin, "13572468");
    bench.screen.click(ids::kKeysWriteAll);
    ASSERT_TRUE(bench.in_time([&] { return open_.state_of(one_) == State::issued && open_.state_of(two_) == State::issued; }))
        << bench.screen.text();
    std::set<std::string> used;
    for (const auto& no : {one_, two_}) {
        const auto written = keys::keys_of(open_.database(), no).value();
        for (const auto& key : written) used.insert(key.serial);
    }
    EXPECT_EQ(used, mine);
    EXPECT_TRUE(keys::check_ledger(open_.database())->empty());
}

TEST_F(KeysPanelTest, SeveralThatFailAllSayWhy) {
    const std::set<std::string> mine{serial_, workshop_->new_key()};
    only(mine);
    approved(1, 2);
    const auto on_each = [&](const std::function<void(keys::TokenSession&)>& what) {
        for (const auto& serial : mine) {
            auto session = std::move(*workshop_->tokens->open(serial));
            ASSERT_OK(session->login(secret("13572468")));
            what(*session);
        }
    };
    on_each([](auto& session) { ASSERT_OK(session.write_data(keys::kSealLabel, "somebody else")); });
    Shown<KeysPanel> bench(open_, kTall);
    const auto write_all = [&](const char* pin) {
        ASSERT_TRUE(bench.shows(ids::kKeysWriteAll)) << bench.screen.text();
        bench.screen.type_into(ids::kKeysPin, pin);
        bench.screen.click(ids::kKeysWriteAll);
    };
    const auto all_say = [&](const std::string& why) {
        return bench.in_time([&] {
            return std::all_of(mine.begin(), mine.end(),
                               [&](const auto& serial) { return bench.screen.says("KEY " + serial + "：" + why); });
        });
    };
    write_all("13572468");
    ASSERT_TRUE(all_say("KEY")) << bench.screen.text();
    EXPECT_TRUE(bench.screen.says("不是空白的"));
    bench.screen.press(ImGuiKey_Enter);
    bench.screen.frame(2);
    on_each([](auto& session) { ASSERT_OK(session.delete_data(keys::kSealLabel)); });
    write_all("00000000");
    ASSERT_TRUE(all_say("PIN 不正确")) << bench.screen.text();
    EXPECT_TRUE(keys::jobs_of(open_.database(), one_)->empty());
}

// One in the middle was given up: the title says what keys::begin() takes.
TEST(OrderToWrite, TheFirstFreeUnitIsTheNext) {
    panels::OrderToWrite order;
    order.order.order.quantity = 3;
    EXPECT_EQ(order.next_unit(), 1);
    for (const int unit : {1, 3}) {
        keys::Job job;
        job.unit_no = unit;
        job.done = keys::Step::bind;
        order.jobs.push_back(job);
    }
    EXPECT_EQ(order.next_unit(), 2);
    order.jobs.insert(order.jobs.begin() + 1, order.jobs[0]);
    order.jobs[1].unit_no = 2;
    EXPECT_EQ(order.next_unit(), 3) << "all are written";
    order.jobs[1].done = keys::Step::request;
    EXPECT_EQ(order.next_unit(), 2) << "it waits for its KEY";
}

TEST_F(KeysPanelTest, ARandomPinIsShownOnce) {
    approved(1);
    Shown<KeysPanel> bench(open_, kTall);
    ASSERT_TRUE(bench.shows(ids::kKeysRandomPin));
    bench.screen.click(ids::kKeysRandomPin);
    write(bench, one_, serial_, "13572468");
    ASSERT_TRUE(bench.shows(ids::kLetterClose)) << bench.screen.text();
    EXPECT_TRUE(bench.screen.says("只显示这一次"));
    EXPECT_TRUE(bench.screen.says(one_));
    bench.screen.click(ids::kLetterClose);
    bench.screen.frame(2);
    EXPECT_FALSE(bench.screen.says("只显示这一次"));
    auto session = std::move(*workshop_->tokens->open(serial_));
    EXPECT_FALSE(session->login(secret("13572468")));  // the PIN of the bench is gone
}

TEST_F(KeysPanelTest, AWrittenKeyOpensItselfAndIsReportedLost) {
    approved(1);
    {
        Shown<KeysPanel> bench(open_, kTall);
        write(bench, one_, serial_, "13572468");
        ASSERT_TRUE(bench.settles([&] { return open_.state_of(one_) == State::issued; })) << bench.screen.text();
        EXPECT_FALSE(bench.screen.visible(ids::kCardUnlock)) << "it was never away";
    }
    // The applicant comes back with it: plugged in, and nobody clicks.
    Shown<KeysPanel> bench(open_, kTall);
    ASSERT_TRUE(bench.says("还在“待发送”里")) << bench.screen.text();
    const std::string lost = ids::with(ids::kCardIncident, "lost");
    ASSERT_TRUE(bench.shows(lost));
    bench.screen.click(lost);
    ASSERT_TRUE(bench.says("会一次办完")) << bench.screen.text();
    EXPECT_TRUE(bench.screen.says("原因代码 1"));
    EXPECT_TRUE(bench.screen.disabled(ids::kCardDo));
    bench.screen.type_into(ids::kCardNote, "周敏来电，出差时丢了");
    bench.screen.click(ids::kCardDo);
    ASSERT_TRUE(bench.in_time([&] {
        return keys::find_key(open_.database(), serial_)->value().state == keys::KeyState::scrapped;
    })) << bench.screen.text();
    EXPECT_FALSE(keys::standing(open_.database(), serial_)->active);
    EXPECT_EQ(keys::standing(open_.database(), serial_)->certificate->revocation_reason, 1);
    ASSERT_TRUE(bench.says("吊销（原因代码 1）")) << bench.screen.text();
}

TEST_F(KeysPanelTest, UnlockingAsksForWhatWasSeen) {
    approved(1);
    Shown<KeysPanel> bench(open_, kTall);
    write(bench, one_, serial_, "13572468");
    ASSERT_TRUE(bench.settles([&] { return open_.state_of(one_) == State::issued; })) << bench.screen.text();
    ASSERT_TRUE(bench.shows(ids::with(ids::kKeysKey, serial_)));
    bench.screen.click(ids::with(ids::kKeysKey, serial_));
    ASSERT_TRUE(bench.shows(ids::kCardUnlock)) << bench.screen.text();
    bench.screen.click(ids::kCardUnlock);
    ASSERT_TRUE(bench.shows(ids::kCardPin));
    EXPECT_TRUE(bench.screen.says("没有输错过"));  // told before it is asked
    bench.screen.type_into(ids::kCardPin, "87654321");
    EXPECT_TRUE(bench.screen.disabled(ids::kCardDo));
    for (const char* seen : {ids::kCardSeenDocument, ids::kCardSeenPerson, ids::kCardSeenLetter}) bench.screen.click(seen);
    bench.screen.click(ids::kCardDo);
    ASSERT_TRUE(bench.shows(ids::kLetterClose)) << bench.screen.text();
    auto session = std::move(*workshop_->tokens->open(serial_));
    EXPECT_FALSE(session->login(secret("13572468")));
}

TEST(KeysPanelWithoutDriver, SaysWhyNothingCanBeWritten) {
    OpenDesk open;
    open.sign_in("qian", "钱进", kOfficer);
    ASSERT_OK(put(open.database(), {sample_order(1)}, State::approved));
    Shown<KeysPanel> bench(open);
    ASSERT_TRUE(bench.says("没有设置证书签发服务"));
    ASSERT_TRUE(bench.shows(ids::kKeysWrite)) << bench.screen.text();
    EXPECT_TRUE(bench.screen.disabled(ids::kKeysWrite));
}

}  // namespace
}  // namespace sealdesk::tests
