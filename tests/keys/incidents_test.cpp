#include "keys/pin.h"
#include "keys/standing.h"
#include "tasks/tasks.h"
#include "tests/keys/issued_keys.h"

using namespace sealdesk;
using namespace sealdesk::keys;
using orders::State;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using tests::KeyDesk;

namespace {

class Incidents : public tests::IssuedKeysOnBothEngines {};
SEALDESK_ON_BOTH_ENGINES(Incidents);

}  // namespace

TEST_P(Incidents, LostDamagedAndReturnedDoTheWholeChainOnce) {
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
TEST_P(Incidents, NobodyWaitsForThePinOfAKeyThatIsGone) {
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

TEST_P(Incidents, AKeyOfAPackedParcelNeedsADecisionToo) {
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

TEST_P(Incidents, ASuspendedOneComesBackOrGoesForGood) {
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

TEST_P(Incidents, AKeyThatBreaksWhileItIsWrittenFreesItsUnit) {
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

TEST_P(Incidents, WhatIsNotKnownOrNotPossibleIsRefusedWithASentence) {
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
    ASSERT_OK(desk_.database->execute("ALTER TABLE crls RENAME COLUMN pem TO away"));
    EXPECT_FALSE(told(Incident::lost, "K1"));
    EXPECT_EQ(certificate("K1").state, "valid");
    EXPECT_EQ(find_key(*desk_.database, "K1").value()->state, KeyState::bound);
    EXPECT_THAT(acts_of(1), ElementsAre("bound", "issued"));
    ASSERT_OK(desk_.database->execute("ALTER TABLE crls RENAME COLUMN away TO pem"));
    expect_books();
}

// The KEY breaks when its serial is on record and nothing was signed: the serial is void, nobody waits for it.
TEST_P(Incidents, ASerialThatWasNeverSignedBecomesVoid) {
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

TEST_P(Incidents, NothingIsWrittenAfterARefund) {
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

TEST_P(Incidents, TheSealIsWrittenAndReadBack) {
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

TEST_P(Incidents, TheSealGoesWithItsCertificateOrNothingDoes) {
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
TEST_P(Incidents, SeveralKeysOfOneOrderStandBesideEachOther) {
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
    for (const char* serial : {"K3", "K1", "K2"}) ASSERT_OK(desk_.write(KeyDesk::no(1), serial, beside));
    desk_.expect_whole(0);
}
