#include "keys/incidents.h"

#include <gmock/gmock.h>

#include "acts/settlement.h"
#include "certificates/standing.h"
#include "keys/pin.h"
#include "keys/standing.h"
#include "tasks/tasks.h"
#include "tests/keys/fake_tokens.h"
#include "tests/keys/key_desk.h"

using namespace sealdesk;
using namespace sealdesk::keys;
using orders::State;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using tests::KeyDesk;

namespace {

class Incidents : public testing::Test {
protected:
    void key(const std::string& serial) {
        tokens_.add(serial);
        ASSERT_OK(seen(*desk_.database, {tokens_.key(serial).info}));
    }
    // Order n is issued to the KEY.
    void issued(int n, const std::string& serial, int subject = 0) {
        key(serial);
        ASSERT_OK(desk_.approve(KeyDesk::order_of(n, subject == 0 ? n : subject)));
        ASSERT_OK(desk_.write(KeyDesk::no(n), serial));
    }
    Result<Outcome> told(Incident incident, const std::string& serial) {
        return report(*desk_.database, desk_.officer, desk_.bench, incident, serial, "周敏来电");
    }
    certificates::Entry certificate(const std::string& serial) {
        return *desk_.database->read([&](storage::Tx& tx) { return certificates::of_key(tx, serial); }).value();
    }
    std::vector<std::string> acts_of(int n) {
        std::vector<std::string> kinds;
        const auto list = acts::of_order(*desk_.database, KeyDesk::no(n)).value();
        for (const auto& act : list) kinds.push_back(act.kind);
        return kinds;
    }
    Result<> confirmed_by_platform() {
        for (;;) {
            SEALDESK_LET(due, acts::due(*desk_.database, 10));
            if (due.empty()) return {};
            for (const auto& act : due) SEALDESK_TRY(acts::sent(*desk_.database, act));
        }
    }
    void expect_books() {
        EXPECT_THAT(*check_ledger(*desk_.database), IsEmpty());
        EXPECT_FALSE(audit::verify(*desk_.database)->first_bad);
    }
    std::int64_t crls() { return desk_.number("SELECT COUNT(*) FROM crls"); }
    std::int64_t owed() { return desk_.number("SELECT COUNT(*) FROM tasks WHERE kind = 'pin_is_missing' AND done_at = 0"); }

    tests::TemporaryFolder folder_;
    tests::FakeTokens tokens_;
    KeyDesk desk_{folder_.path(), &tokens_};
};

}  // namespace

TEST_F(Incidents, LostDamagedAndReturnedDoTheWholeChainOnce) {
    const struct {
        Incident incident;
        int reason;
        KeyState state;
    } cases[] = {{Incident::lost, 1, KeyState::scrapped},
                 {Incident::damaged, 4, KeyState::scrapped},
                 {Incident::returned, 5, KeyState::returned}};
    int n = 0;
    for (const auto& each : cases) {
        SCOPED_TRACE(name_of(each.incident));
        const std::string serial = fmt::format("K{}", ++n);
        issued(n, serial);
        const auto before = plan(*desk_.database, each.incident, serial);
        ASSERT_OK(before);
        EXPECT_THAT(before->steps, SizeIs(4));
        const auto outcome = told(each.incident, serial);
        ASSERT_OK(outcome);
        EXPECT_TRUE(outcome->revoked && outcome->moved);
        EXPECT_EQ(outcome->crl_number, n);
        EXPECT_EQ(certificate(serial).state, "revoked");
        EXPECT_EQ(certificate(serial).revocation_reason, each.reason);
        EXPECT_EQ(find_key(*desk_.database, serial).value()->state, each.state);
        EXPECT_THAT(acts_of(n), ElementsAre("bound", "issued", "revoked"));
        // Once more: nothing is left to do, nothing is done.
        EXPECT_THAT(plan(*desk_.database, each.incident, serial)->steps, IsEmpty());
        const auto again = told(each.incident, serial);
        ASSERT_OK(again);
        EXPECT_FALSE(again->revoked || again->moved);
        EXPECT_THAT(acts_of(n), SizeIs(3));
        EXPECT_EQ(crls(), n);
        // It had not left: somebody has to decide.
        EXPECT_THAT(tasks::open(*desk_.database).value(), SizeIs(n));
    }
    expect_books();
}

// Lost, damaged, returned: what nobody can use any more needs no PIN.
TEST_F(Incidents, NobodyWaitsForThePinOfAKeyThatIsGone) {
    desk_.bench.rules.random_pin = true;
    int n = 0;
    for (const auto incident : {Incident::lost, Incident::damaged, Incident::returned}) {
        const std::string serial = fmt::format("K{}", ++n);
        issued(n, serial);
        EXPECT_EQ(owed(), 1) << name_of(incident);
        ASSERT_OK(told(Incident::suspended, serial));
        EXPECT_EQ(owed(), 1) << "it comes back";
        ASSERT_OK(told(incident, serial));
        EXPECT_EQ(owed(), 0) << name_of(incident);
    }
    // A blank one whose PIN was set: scrapped, or erased with a PIN that somebody typed.
    for (const char* serial : {"K4", "K5"}) {
        key(serial);
        ASSERT_OK(set_initial_pin(*desk_.database, desk_.officer, desk_.bench, serial, tests::user_pin()));
        EXPECT_EQ(owed(), 1) << serial;
        tokens_.change(serial).info.pin_locked = true;
        if (std::string_view(serial) == "K4")
            ASSERT_OK(scrap(*desk_.database, desk_.officer, serial, "外壳裂开"));
        else
            ASSERT_OK(erase(*desk_.database, desk_.officer, desk_.bench, serial, crypto::Secret(std::string("12345678")),
                            tests::user_pin()));
        EXPECT_EQ(owed(), 0) << serial;
    }
    EXPECT_EQ(desk_.number("SELECT COUNT(*) FROM audit WHERE action = 'task.done'"), 5);
    EXPECT_EQ(desk_.number("SELECT COUNT(*) FROM tasks WHERE key_serial = 'K4' AND note = '外壳裂开' AND done_by = 'wu'"), 1);
    expect_books();
}

TEST_F(Incidents, AKeyOfAPackedParcelNeedsADecisionToo) {
    issued(1, "K1");
    ASSERT_OK(desk_.database->write([&](storage::Tx& tx) -> Result<> {
        SEALDESK_LET(order, orders::load(tx, KeyDesk::no(1)));
        return orders::move(tx, order, State::packed, "zhao");
    }));
    ASSERT_OK(told(Incident::damaged, "K1"));
    const auto open = tasks::open(*desk_.database).value();
    ASSERT_THAT(open, SizeIs(1));
    EXPECT_EQ(open.front().kind, "rewrite_after_issue");
}

TEST_F(Incidents, ASuspendedOneComesBackOrGoesForGood) {
    issued(1, "K1");
    ASSERT_OK(told(Incident::suspended, "K1"));
    EXPECT_TRUE(certificates::is_suspended(certificate("K1")));
    EXPECT_EQ(find_key(*desk_.database, "K1").value()->state, KeyState::bound);
    ASSERT_OK(told(Incident::suspended, "K1"));
    EXPECT_EQ(crls(), 1);
    ASSERT_OK(told(Incident::resumed, "K1"));
    EXPECT_EQ(certificate("K1").state, "valid");
    ASSERT_OK(told(Incident::resumed, "K1"));
    EXPECT_EQ(crls(), 2);
    ASSERT_OK(told(Incident::suspended, "K1"));
    ASSERT_OK(told(Incident::lost, "K1"));
    EXPECT_EQ(certificate("K1").revocation_reason, 1);
    EXPECT_EQ(told(Incident::resumed, "K1").error().kind, ErrorKind::conflict);
    EXPECT_EQ(told(Incident::suspended, "K1").error().kind, ErrorKind::conflict);
    EXPECT_THAT(acts_of(1), ElementsAre("bound", "issued", "suspended", "resumed", "suspended", "revoked"));
    expect_books();
}

TEST_F(Incidents, AKeyThatBreaksWhileItIsWrittenFreesItsUnit) {
    key("K1");
    key("K2");
    ASSERT_OK(desk_.approve(KeyDesk::order_of(1, 1)));
    // The KEY dies after its certificate was signed.
    int calls = 0;
    desk_.bench.watch = [&](const Job&, Step step, Moment moment) {
        if (step == Step::write_certificate && moment == Moment::begins) ++calls;
    };
    tokens_.fault = [&] { return calls > 0 ? tests::Fault::not_done : tests::Fault::none; };
    EXPECT_EQ(desk_.write(KeyDesk::no(1), "K1").error().kind, ErrorKind::device);
    desk_.bench.watch = {};
    tokens_.fault = {};
    EXPECT_EQ(desk_.write(KeyDesk::no(1), "K2").error().kind, ErrorKind::conflict);
    const auto outcome = told(Incident::damaged, "K1");
    ASSERT_OK(outcome);
    EXPECT_TRUE(outcome->unit_is_free && outcome->revoked);
    ASSERT_OK(desk_.write(KeyDesk::no(1), "K2"));
    EXPECT_EQ(certificate("K2").state, "valid");
    EXPECT_EQ(certificate("K1").state, "revoked");
    EXPECT_EQ(orders::load(*desk_.database, KeyDesk::no(1))->state, State::issued);
    EXPECT_EQ(desk_.write(KeyDesk::no(1), "K1").error().kind, ErrorKind::conflict);
    expect_books();
}

TEST_F(Incidents, WhatIsNotKnownOrNotPossibleIsRefusedWithASentence) {
    issued(1, "K1");
    key("K2");
    const auto kind = [&](const Result<Outcome>& outcome) { return outcome ? ErrorKind::internal : outcome.error().kind; };
    EXPECT_EQ(kind(told(Incident::lost, "K9")), ErrorKind::refused);
    EXPECT_EQ(kind(told(Incident::suspended, "K2")), ErrorKind::refused);
    EXPECT_EQ(kind(told(Incident::returned, "K2")), ErrorKind::conflict);  // a blank one cannot come back
    EXPECT_EQ(kind(report(*desk_.database, desk_.officer, desk_.bench, Incident::lost, "K1", " ")), ErrorKind::refused);
    const staff::Actor clerk{"zhao", "赵云", static_cast<staff::Roles>(staff::Role::clerk)};
    EXPECT_EQ(kind(report(*desk_.database, clerk, desk_.bench, Incident::lost, "K1", "丢了")), ErrorKind::denied);
    auto without = desk_.bench;
    without.authority = nullptr;
    EXPECT_EQ(kind(report(*desk_.database, desk_.officer, without, Incident::lost, "K1", "丢了")), ErrorKind::device);
    EXPECT_EQ(certificate("K1").state, "valid");
    EXPECT_EQ(scrap(*desk_.database, desk_.officer, "K1", "旧了").error().kind, ErrorKind::refused);
    // The list cannot be written: then nothing of the chain is.
    ASSERT_OK(desk_.database->execute("CREATE TRIGGER full BEFORE INSERT ON crls BEGIN SELECT RAISE(ABORT, 'full'); END"));
    EXPECT_FALSE(told(Incident::lost, "K1"));
    EXPECT_EQ(certificate("K1").state, "valid");
    EXPECT_EQ(find_key(*desk_.database, "K1").value()->state, KeyState::bound);
    EXPECT_THAT(acts_of(1), ElementsAre("bound", "issued"));
    ASSERT_OK(desk_.database->execute("DROP TRIGGER full"));
    expect_books();
}

// The subject has two KEYs; the lost one was reported, and the order does not name it: the other one stays.
TEST_F(Incidents, AReplacementMeansTheOneThatWasReported) {
    issued(1, "K1", 7);
    issued(2, "K2", 7);
    ASSERT_OK(told(Incident::lost, "K1"));
    key("K3");
    auto order = KeyDesk::order_of(3, 7);
    order.kind = orders::OrderKind::replacement;
    order.cause = orders::ReplacementCause::lost;
    ASSERT_OK(desk_.approve(order));
    ASSERT_OK(desk_.write(KeyDesk::no(3), "K3"));
    EXPECT_EQ(certificate("K2").state, "valid");
    EXPECT_EQ(certificate("K3").replaces, certificate("K1").serial);
    EXPECT_EQ(crls(), 1);
    EXPECT_THAT(acts_of(1), ElementsAre("bound", "issued", "revoked"));
    expect_books();
}

TEST_F(Incidents, WhenItIsNotClearWhichOneIsReplacedAnOfficerSaysSo) {
    issued(1, "K1", 7);
    issued(2, "K2", 7);
    issued(3, "K3", 8);
    key("K4");
    auto order = KeyDesk::order_of(4, 7);
    order.kind = orders::OrderKind::replacement;
    order.cause = orders::ReplacementCause::damaged;
    ASSERT_OK(desk_.approve(order));
    const auto unclear = desk_.write(KeyDesk::no(4), "K4");
    ASSERT_FALSE(unclear);
    EXPECT_EQ(unclear.error().kind, ErrorKind::refused);
    EXPECT_EQ(find_key(*desk_.database, "K4").value()->state, KeyState::blank);
    EXPECT_THAT(may_replace(*desk_.database, KeyDesk::no(4))->list, SizeIs(2));
    const auto name = [&](const std::string& serial) {
        return name_replaced(*desk_.database, desk_.officer, KeyDesk::no(4), serial);
    };
    EXPECT_EQ(name(certificate("K3").serial).error().kind, ErrorKind::refused);
    EXPECT_EQ(name("00FF").error().kind, ErrorKind::refused);
    ASSERT_OK(name(certificate("K2").serial));
    EXPECT_FALSE(may_replace(*desk_.database, KeyDesk::no(4))->asked());
    ASSERT_OK(desk_.write(KeyDesk::no(4), "K4"));
    EXPECT_EQ(certificate("K1").state, "valid");
    EXPECT_EQ(certificate("K2").state, "revoked");
    EXPECT_EQ(certificate("K2").revocation_reason, 4);
    EXPECT_EQ(certificate("K4").not_after, certificate("K2").not_after);
    EXPECT_EQ(name(certificate("K1").serial).error().kind, ErrorKind::conflict);
    expect_books();
}

// K1 was reported damaged, K2 works; the order says lost, or nothing: nobody but an officer knows which one is meant.
TEST_F(Incidents, OneThatWasReportedOtherwiseIsAskedForToo) {
    issued(1, "K1", 7);
    issued(2, "K2", 7);
    ASSERT_OK(told(Incident::damaged, "K1"));
    key("K3");
    for (const auto cause : {orders::ReplacementCause::none, orders::ReplacementCause::lost}) {
        const int n = cause == orders::ReplacementCause::none ? 3 : 4;
        auto order = KeyDesk::order_of(n, 7);
        order.kind = orders::OrderKind::replacement;
        order.cause = cause;
        ASSERT_OK(desk_.approve(order));
        EXPECT_THAT(may_replace(*desk_.database, KeyDesk::no(n))->list, SizeIs(2));
        EXPECT_EQ(desk_.write(KeyDesk::no(n), "K3").error().kind, ErrorKind::refused);
        EXPECT_EQ(certificate("K2").state, "valid") << "nobody was asked";
    }
    ASSERT_OK(name_replaced(*desk_.database, desk_.officer, KeyDesk::no(4), certificate("K1").serial));
    ASSERT_OK(desk_.write(KeyDesk::no(4), "K3"));
    EXPECT_EQ(certificate("K2").state, "valid");
    EXPECT_EQ(certificate("K3").replaces, certificate("K1").serial);
    // The reported one is replaced now: it cannot be meant any more.
    std::vector<std::string> left;
    const auto asked = may_replace(*desk_.database, KeyDesk::no(3)).value();
    for (const auto& entry : asked.list) left.push_back(entry.key_serial);
    EXPECT_THAT(left, testing::UnorderedElementsAre("K2", "K3"));
    expect_books();
}

TEST_F(Incidents, ACertificateThatWasNeverMadeHereIsAskedFor) {
    issued(1, "K1", 7);
    key("K2");
    auto order = KeyDesk::order_of(2, 7);
    order.kind = orders::OrderKind::replacement;
    order.cause = orders::ReplacementCause::lost;
    order.replaced_certificate = "00C0FFEE";
    ASSERT_OK(desk_.approve(order));
    const auto unknown = desk_.write(KeyDesk::no(2), "K2");
    ASSERT_FALSE(unknown) << "the lost one would stay valid";
    EXPECT_EQ(unknown.error().kind, ErrorKind::refused);
    EXPECT_THAT(unknown.error().message, HasSubstr("00C0FFEE"));
    EXPECT_EQ(find_key(*desk_.database, "K2").value()->state, KeyState::blank);
    const auto asked = may_replace(*desk_.database, KeyDesk::no(2)).value();
    EXPECT_EQ(asked.unknown, "00C0FFEE");
    ASSERT_THAT(asked.list, SizeIs(1)) << "also when only one can be meant";
    ASSERT_OK(name_replaced(*desk_.database, desk_.officer, KeyDesk::no(2), asked.list[0].serial));
    ASSERT_OK(desk_.write(KeyDesk::no(2), "K2"));
    EXPECT_EQ(certificate("K1").state, "revoked");
    EXPECT_EQ(certificate("K1").revocation_reason, 1);

    // Another centre made it: an officer says so, and nothing of this subject is touched.
    key("K3");
    auto foreign = KeyDesk::order_of(3, 7);
    foreign.kind = orders::OrderKind::replacement;
    foreign.cause = orders::ReplacementCause::lost;
    foreign.replaced_certificate = "00C0FFEE";
    ASSERT_OK(desk_.approve(foreign));
    EXPECT_EQ(desk_.write(KeyDesk::no(3), "K3").error().kind, ErrorKind::refused);
    ASSERT_OK(name_replaced(*desk_.database, desk_.officer, KeyDesk::no(3), kNoneOfThem));
    EXPECT_FALSE(may_replace(*desk_.database, KeyDesk::no(3))->asked());
    ASSERT_OK(desk_.write(KeyDesk::no(3), "K3"));
    EXPECT_EQ(certificate("K2").state, "valid");
    EXPECT_EQ(crls(), 1);
    expect_books();
}

// A KEY that broke while it was written was never in anybody's hands: its successor's replacement means the successor.
TEST_F(Incidents, AKeyThatWasNeverFinishedIsNotWhatIsReplaced) {
    key("K1");
    ASSERT_OK(desk_.approve(KeyDesk::order_of(1, 7)));
    bool broken = false;
    desk_.bench.watch = [&](const Job&, Step step, Moment moment) {
        broken = broken || (step == Step::write_certificate && moment == Moment::begins);
    };
    tokens_.fault = [&] { return broken ? tests::Fault::not_done : tests::Fault::none; };
    EXPECT_FALSE(desk_.write(KeyDesk::no(1), "K1"));
    desk_.bench.watch = {};
    tokens_.fault = {};
    ASSERT_OK(told(Incident::damaged, "K1"));
    key("K2");
    ASSERT_OK(desk_.write(KeyDesk::no(1), "K2"));
    key("K3");
    auto order = KeyDesk::order_of(2, 7);
    order.kind = orders::OrderKind::replacement;
    order.cause = orders::ReplacementCause::damaged;
    ASSERT_OK(desk_.approve(order));
    ASSERT_OK(desk_.write(KeyDesk::no(2), "K3"));
    EXPECT_EQ(certificate("K2").state, "revoked");
    EXPECT_EQ(certificate("K3").replaces, certificate("K2").serial);
    expect_books();
}

// The KEY breaks when its serial is on record and nothing was signed: the serial is void, nobody waits for it.
TEST_F(Incidents, ASerialThatWasNeverSignedBecomesVoid) {
    key("K1");
    ASSERT_OK(desk_.approve(KeyDesk::order_of(1, 1)));
    bool broken = false;
    desk_.bench.watch = [&](const Job&, Step step, Moment moment) {
        broken = broken || (step == Step::request && moment == Moment::recorded);
    };
    tokens_.fault = [&] { return broken ? tests::Fault::not_done : tests::Fault::none; };
    EXPECT_EQ(desk_.write(KeyDesk::no(1), "K1").error().kind, ErrorKind::device);
    desk_.bench.watch = {};
    tokens_.fault = {};
    EXPECT_EQ(desk_.number("SELECT COUNT(*) FROM certificates WHERE state = 'recorded'"), 1);
    EXPECT_THAT(plan(*desk_.database, Incident::damaged, "K1")->steps.front(), HasSubstr("作废"));
    ASSERT_OK(told(Incident::damaged, "K1"));
    EXPECT_EQ(desk_.number("SELECT COUNT(*) FROM certificates WHERE state = 'void'"), 1);
    EXPECT_EQ(desk_.number("SELECT COUNT(*) FROM certificates WHERE state = 'recorded'"), 0);
    EXPECT_EQ(crls(), 0) << "there is nothing to call back";
    key("K2");
    ASSERT_OK(desk_.write(KeyDesk::no(1), "K2"));
    EXPECT_EQ(desk_.number("SELECT COUNT(*) FROM certificates WHERE state = 'valid'"), 1);
    expect_books();
}

TEST_F(Incidents, AReturnedKeyIsErasedAndWrittenAgain) {
    issued(1, "K1");
    const auto erased = [&](const char* so_pin, const staff::Actor& actor) {
        return erase(*desk_.database, actor, desk_.bench, "K1", crypto::Secret(std::string(so_pin)), tests::user_pin());
    };
    EXPECT_EQ(erased("12345678", desk_.officer).error().kind, ErrorKind::refused);
    ASSERT_OK(told(Incident::returned, "K1"));
    // The applicant has changed the user PIN: nobody here knows it.
    tokens_.change("K1").pin = "999999";
    const staff::Actor clerk{"zhao", "赵云", static_cast<staff::Roles>(staff::Role::clerk)};
    EXPECT_EQ(erased("12345678", clerk).error().kind, ErrorKind::denied);
    const auto wrong = erased("87654321", desk_.officer);
    ASSERT_FALSE(wrong);
    EXPECT_THAT(wrong.error().message, HasSubstr("管理员 PIN 不正确"));
    EXPECT_EQ(tokens_.key("K1").pairs.size(), 1U);
    ASSERT_OK(erased("12345678", desk_.officer));
    EXPECT_TRUE(tokens_.key("K1").pairs.empty());
    EXPECT_TRUE(tokens_.key("K1").certificates.empty());
    EXPECT_EQ(find_key(*desk_.database, "K1").value()->state, KeyState::blank);
    EXPECT_FALSE(standing(*desk_.database, "K1")->certificate) << "the former owner's";
    ASSERT_OK(desk_.approve(KeyDesk::order_of(2, 2)));
    ASSERT_OK(begin(*desk_.database, desk_.officer, desk_.bench, KeyDesk::no(2), "K1"));
    EXPECT_THAT(standing(*desk_.database, "K1")->reason, HasSubstr("还没有写完"));
    ASSERT_OK(desk_.write(KeyDesk::no(2), "K1"));
    EXPECT_EQ(standing(*desk_.database, "K1")->certificate->order_no, KeyDesk::no(2));
    EXPECT_EQ(certificate("K1").order_no, KeyDesk::no(2));
    expect_books();
}

TEST_F(Incidents, ALockedBlankKeyIsMadeUsableAgain) {
    key("K1");
    const auto erased = [&] {
        return erase(*desk_.database, desk_.officer, desk_.bench, "K1", crypto::Secret(std::string("12345678")),
                     tests::user_pin());
    };
    EXPECT_EQ(erased().error().kind, ErrorKind::refused) << "it is blank and opens with its PIN";
    tokens_.change("K1").info.pin_locked = true;
    tokens_.change("K1").info.so_pin_final = true;
    EXPECT_EQ(erased().error().kind, ErrorKind::device) << "the last try is nobody's but the person's";
    EXPECT_TRUE(tokens_.key("K1").info.pin_locked);
    tokens_.change("K1").info.so_pin_final = false;
    ASSERT_OK(erased());
    EXPECT_EQ(find_key(*desk_.database, "K1").value()->state, KeyState::blank);
    ASSERT_OK(desk_.approve(KeyDesk::order_of(1, 1)));
    ASSERT_OK(desk_.write(KeyDesk::no(1), "K1"));
    expect_books();
}

// What a pulled KEY or another centre left behind: half a pair, a seal.
TEST_F(Incidents, AKeyWithASealOnItIsNotBegun) {
    key("K1");
    tokens_.change("K1").data[kSealLabel] = "of somebody else";
    ASSERT_OK(desk_.approve(KeyDesk::order_of(1, 1)));
    const auto refused = desk_.write(KeyDesk::no(1), "K1");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::conflict);
    EXPECT_THAT(refused.error().message, HasSubstr("不是空白"));
    EXPECT_EQ(find_key(*desk_.database, "K1").value()->state, KeyState::blank);
}

TEST_F(Incidents, TheLookupSaysSinceWhenItIsActiveOrWhyNot) {
    const auto reason = [&](const std::string& serial) { return standing(*desk_.database, serial)->reason; };
    EXPECT_EQ(standing(*desk_.database, "K1").error().kind, ErrorKind::refused);
    key("K1");
    EXPECT_THAT(reason("K1"), HasSubstr("空白"));
    ASSERT_OK(desk_.approve(KeyDesk::order_of(1, 1)));
    ASSERT_OK(begin(*desk_.database, desk_.officer, desk_.bench, KeyDesk::no(1), "K1"));
    EXPECT_THAT(reason("K1"), HasSubstr("还没有写完"));
    EXPECT_THAT(reason("K1"), HasSubstr("停在“生成密钥”这一步"));
    bool away = false;
    desk_.bench.watch = [&](const Job&, Step step, Moment moment) {
        away = away || (step == Step::write_certificate && moment == Moment::begins);
    };
    tokens_.fault = [&] { return away ? tests::Fault::not_done : tests::Fault::none; };
    EXPECT_FALSE(desk_.write(KeyDesk::no(1), "K1"));
    desk_.bench.watch = {};
    tokens_.fault = {};
    const auto stopped = *job_of(*desk_.database, "K1").value();
    ASSERT_TRUE(stopped.beginning);
    EXPECT_EQ(*stopped.beginning, Step::write_certificate);
    EXPECT_THAT(reason("K1"), HasSubstr("停在“" + title_of(*stopped.beginning) + "”这一步"));
    ASSERT_OK(desk_.write(KeyDesk::no(1), "K1"));
    EXPECT_FALSE(job_of(*desk_.database, "K1").value()->beginning);
    EXPECT_THAT(reason("K1"), HasSubstr("还在“待发送”里"));
    EXPECT_FALSE(standing(*desk_.database, "K1")->active);
    ASSERT_OK(confirmed_by_platform());
    const auto all = standing(*desk_.database, "K1").value();
    EXPECT_TRUE(all.active) << all.reason;
    EXPECT_EQ(all.bound_at, desk_.clock.now());
    EXPECT_EQ(all.confirmed_at, desk_.clock.now());
    EXPECT_EQ(all.subject_name, KeyDesk::order_of(1, 1).subject.name);
    EXPECT_THAT(all.movements, SizeIs(5));
    ASSERT_OK(told(Incident::suspended, "K1"));
    EXPECT_THAT(reason("K1"), HasSubstr("停用"));
    ASSERT_OK(told(Incident::resumed, "K1"));
    EXPECT_TRUE(standing(*desk_.database, "K1")->active);
    desk_.clock.advance(400 * kDay);
    EXPECT_THAT(reason("K1"), HasSubstr("到期"));
    ASSERT_OK(told(Incident::lost, "K1"));
    EXPECT_THAT(reason("K1"), HasSubstr("吊销"));
}

TEST_F(Incidents, TheLookupSaysHowFarTheBindingCame) {
    issued(1, "K1");
    const staff::Actor boss{"sun", "孙权", static_cast<staff::Roles>(staff::Role::supervisor)};
    const auto bound = acts::due(*desk_.database, 1)->at(0);
    const auto settle = [&](acts::Settlement how) { return acts::settle(*desk_.database, boss, bound.uuid, how, "已电话核对"); };
    const auto reason = [&] { return standing(*desk_.database, "K1")->reason; };
    EXPECT_EQ(reason(), "绑定还在“待发送”里，没有发给平台") << "nothing has left";
    ASSERT_OK(acts::failed(*desk_.database, bound, "连不上门户", desk_.clock.now()));
    EXPECT_EQ(reason(), "绑定已经发过，平台还没有确认：连不上门户");
    ASSERT_OK(acts::conflicted(*desk_.database, bound, "KEY 已绑定给别的单位"));
    EXPECT_EQ(reason(), "平台没有接受绑定：KEY 已绑定给别的单位");
    ASSERT_OK(settle(acts::Settlement::again));
    EXPECT_EQ(reason(), "绑定已经发过，平台还没有确认：KEY 已绑定给别的单位");
    ASSERT_OK(acts::conflicted(*desk_.database, bound, "KEY 已绑定给别的单位"));
    ASSERT_OK(settle(acts::Settlement::dropped));
    EXPECT_EQ(reason(), "平台没有接受绑定，主管已决定不再发送：KEY 已绑定给别的单位");
    EXPECT_FALSE(standing(*desk_.database, "K1")->active);
}

TEST_F(Incidents, NothingIsWrittenAfterARefund) {
    key("K1");
    ASSERT_OK(desk_.approve(KeyDesk::order_of(1, 1)));
    ASSERT_OK(begin(*desk_.database, desk_.officer, desk_.bench, KeyDesk::no(1), "K1"));
    ASSERT_OK(desk_.database->execute("INSERT INTO refunds (order_no, amount, at, state) VALUES ('" + KeyDesk::no(1) +
                                      "', 1, 1, 'needs_person')"));
    const auto late = desk_.write(KeyDesk::no(1), "K1");
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().kind, ErrorKind::conflict);
    EXPECT_THAT(late.error().message, HasSubstr("退款"));
    EXPECT_TRUE(tokens_.key("K1").pairs.empty());
}

TEST_F(Incidents, OnlyAKeyWithNothingOnItIsBegun) {
    key("K1");
    ASSERT_OK(desk_.approve(KeyDesk::order_of(1, 1)));
    {
        auto session = std::move(*tokens_.open("K1"));
        ASSERT_OK(session->generate_key_pair(ObjectId::of("someone"), "x", crypto::KeyAlgorithm::p_256));
    }
    const auto refused = desk_.write(KeyDesk::no(1), "K1");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::conflict);
    EXPECT_THAT(refused.error().message, HasSubstr("不是空白"));
    EXPECT_EQ(find_key(*desk_.database, "K1").value()->state, KeyState::blank);
    EXPECT_TRUE(jobs_of(*desk_.database, KeyDesk::no(1))->empty());
}

TEST_F(Incidents, ALockedOrAbsentKeyBeginsNothing) {
    tokens_.add("K1").info.pin_locked = true;
    ASSERT_OK(seen(*desk_.database, {tokens_.key("K1").info}));
    ASSERT_OK(desk_.approve(KeyDesk::order_of(1, 1)));
    const auto locked = desk_.write(KeyDesk::no(1), "K1");
    ASSERT_FALSE(locked);
    EXPECT_EQ(locked.error().kind, ErrorKind::device);
    EXPECT_THAT(locked.error().message, HasSubstr("已锁定"));
    EXPECT_EQ(desk_.write(KeyDesk::no(1), "K9").error().kind, ErrorKind::device);
    auto without = desk_.bench;
    without.tokens = nullptr;
    EXPECT_EQ(keys::write(*desk_.database, desk_.officer, without, KeyDesk::no(1), "K1", tests::user_pin()).error().kind,
              ErrorKind::device);
    EXPECT_TRUE(jobs_of(*desk_.database, KeyDesk::no(1))->empty());
    EXPECT_EQ(find_key(*desk_.database, "K1").value()->state, KeyState::blank);
    EXPECT_EQ(desk_.number("SELECT COUNT(*) FROM certificates"), 0);
}

TEST_F(Incidents, AFullKeySaysSoAndKeepsItsPlace) {
    tokens_.add("K1").room = 2;  // room for the certificate only
    ASSERT_OK(seen(*desk_.database, {tokens_.key("K1").info}));
    ASSERT_OK(desk_.approve(KeyDesk::order_of(1, 1)));
    const auto full = desk_.write(KeyDesk::no(1), "K1");
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().kind, ErrorKind::device);
    EXPECT_THAT(full.error().message, HasSubstr("存储空间已满"));
    EXPECT_EQ(job_of(*desk_.database, "K1").value()->done, Step::sign);
    // Another KEY takes over; the certificate that never reached this one is revoked.
    ASSERT_OK(told(Incident::damaged, "K1"));
    key("K2");
    ASSERT_OK(desk_.write(KeyDesk::no(1), "K2"));
    EXPECT_EQ(desk_.number("SELECT COUNT(*) FROM certificates WHERE state = 'valid'"), 1);
    expect_books();
}

TEST_F(Incidents, TheSealIsWrittenAndReadBack) {
    key("K1");
    ASSERT_OK(desk_.approve(KeyDesk::order_of(1, 1)));
    desk_.bench.seal = [](storage::Database&, const Job& job,
                          const certificates::Certificate& certificate) -> Result<std::string> {
        return "seal of " + job.order_no + " " + std::to_string(certificate.der.size());
    };
    ASSERT_OK(desk_.write(KeyDesk::no(1), "K1"));
    EXPECT_THAT(tokens_.key("K1").data.at(kSealLabel), HasSubstr(KeyDesk::no(1)));
    // Without the seal nothing is bound.
    key("K2");
    ASSERT_OK(desk_.approve(KeyDesk::order_of(2, 2)));
    desk_.bench.seal = [](storage::Database&, const Job&, const certificates::Certificate&) -> Result<std::string> {
        return refused("图样还没有确认");
    };
    EXPECT_EQ(desk_.write(KeyDesk::no(2), "K2").error().message, "图样还没有确认");
    EXPECT_EQ(find_key(*desk_.database, "K2").value()->state, KeyState::written);
}

TEST_F(Incidents, TheSealGoesWithItsCertificateOrNothingDoes) {
    issued(1, "K1");
    std::vector<std::string> gone;
    Result<> answer = refused("印章登记打不开");
    desk_.bench.withdrawn = [&](storage::Tx&, const staff::Actor&, const std::string& serial,
                                const std::string& why) -> Result<> {
        if (answer) gone.push_back(serial + " " + why);
        return answer;
    };
    EXPECT_FALSE(told(Incident::lost, "K1"));
    EXPECT_EQ(certificate("K1").state, "valid");
    EXPECT_EQ(crls(), 0);
    answer = {};
    ASSERT_OK(told(Incident::suspended, "K1"));
    EXPECT_THAT(gone, IsEmpty());  // it may come back
    ASSERT_OK(told(Incident::lost, "K1"));
    EXPECT_THAT(gone, ElementsAre(certificate("K1").serial + " lost"));
    ASSERT_OK(told(Incident::lost, "K1"));
    EXPECT_THAT(gone, SizeIs(1));
}

// Three KEYs of one order at the same time: each has a unit of its own.
TEST_F(Incidents, SeveralKeysOfOneOrderStandBesideEachOther) {
    for (const char* serial : {"K1", "K2", "K3"}) key(serial);
    auto order = KeyDesk::order_of(1, 1);
    order.quantity = 3;
    ASSERT_OK(desk_.approve(order));
    const std::set<std::string> beside{"K1", "K2", "K3"};
    const auto start = [&](const char* serial) {
        return begin(*desk_.database, desk_.officer, desk_.bench, KeyDesk::no(1), serial, beside);
    };
    const auto one = start("K2"), two = start("K1"), three = start("K3");
    ASSERT_OK(one);
    ASSERT_OK(two);
    ASSERT_OK(three);
    EXPECT_THAT((std::vector{one->unit_no, two->unit_no, three->unit_no}), ElementsAre(1, 2, 3));
    key("K4");
    EXPECT_EQ(start("K4").error().kind, ErrorKind::conflict);
    for (const char* serial : {"K3", "K1", "K2"})
        ASSERT_OK(
            keys::write(*desk_.database, desk_.officer, desk_.bench, KeyDesk::no(1), serial, tests::user_pin(), {}, beside));
    desk_.expect_whole(0);
}
