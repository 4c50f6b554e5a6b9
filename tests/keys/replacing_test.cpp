// Which certificate a replacement order means, and when it goes.
#include "tests/keys/issued_keys.h"

using namespace sealdesk;
using namespace sealdesk::keys;
using testing::ElementsAre;
using testing::SizeIs;
using tests::KeyDesk;

namespace {

class Replaced : public tests::IssuedKeysOnBothEngines {};
SEALDESK_ON_BOTH_ENGINES(Replaced);

}  // namespace

// K1 was lost half a year ago and nobody wanted another one; what is lost now may be K2, which still works.
TEST_P(Replaced, AnOldReportDoesNotDecideWhatANewLossMeans) {
    issued(1, "K1", 7);
    issued(2, "K2", 7);
    ASSERT_OK(report(*desk_.database, desk_.officer, desk_.bench, Incident::lost, "K1", "周敏来电"));
    desk_.clock.advance(180 * kDay);
    key("K3");
    auto order = KeyDesk::order_of(3, 7);
    order.payment.paid_at = desk_.clock.now();
    order.kind = orders::OrderKind::replacement;
    order.cause = orders::ReplacementCause::lost;
    ASSERT_OK(desk_.approve(order));
    EXPECT_THAT(may_replace(*desk_.database, KeyDesk::no(3))->list, SizeIs(2));
    EXPECT_EQ(desk_.write(KeyDesk::no(3), "K3").error().kind, ErrorKind::refused);
    ASSERT_OK(name_replaced(*desk_.database, desk_.officer, KeyDesk::no(3), certificate("K2").serial));
    ASSERT_OK(desk_.write(KeyDesk::no(3), "K3"));
    EXPECT_EQ(certificate("K2").state, "revoked");
    EXPECT_EQ(certificate("K3").replaces, certificate("K2").serial);
    expect_books();
}

// The old KEY's own PIN was never read by anybody: with the replacement nobody has to.
TEST_P(Replaced, NobodyWaitsForThePinOfAKeyThatWasReplaced) {
    const auto owed = [&] {
        return desk_.number("SELECT COUNT(*) FROM tasks WHERE kind = 'pin_is_missing' AND key_serial = 'K1' AND done_at = 0");
    };
    desk_.bench.rules.random_pin = true;
    issued(1, "K1", 1);
    EXPECT_EQ(owed(), 1);
    key("K2");
    auto order = KeyDesk::order_of(2, 1);
    order.kind = orders::OrderKind::replacement;
    order.cause = orders::ReplacementCause::damaged;
    ASSERT_OK(desk_.approve(order));
    ASSERT_OK(desk_.write(order.no, "K2"));
    EXPECT_EQ(find_key(*desk_.database, "K1").value()->state, KeyState::scrapped);
    EXPECT_EQ(owed(), 0);
    EXPECT_EQ(desk_.number("SELECT COUNT(*) FROM audit WHERE action = 'task.done' AND subject = '" + KeyDesk::no(1) + "'"), 1);
    EXPECT_EQ(desk_.number("SELECT COUNT(*) FROM tasks WHERE key_serial = 'K2' AND done_at = 0"), 1) << "the new one's stays";
    expect_books();
}

// As a store of older days has it: the second KEY is past the step, and only the first one would have revoked.
TEST_P(Replaced, AKeyThatWentPastWithoutRevokingLeavesItToTheNext) {
    for (const auto cause : {orders::ReplacementCause::lost, orders::ReplacementCause::damaged}) {
        SCOPED_TRACE(orders::name_of(cause));
        const bool lost = cause == orders::ReplacementCause::lost;
        const int n = lost ? 1 : 3;
        const auto name = [&](const char* what) { return fmt::format("{}{}", lost ? "L" : "D", what); };
        issued(n, name("0"), n);
        for (const char* each : {"1", "2"}) key(name(each));
        auto order = KeyDesk::order_of(n + 1, n);
        order.kind = orders::OrderKind::replacement;
        order.cause = cause;
        order.quantity = 2;
        ASSERT_OK(desk_.approve(order));
        ASSERT_OK(begin(*desk_.database, desk_.officer, desk_.bench, order.no, name("1")));
        ASSERT_OK(desk_.database->write([&](storage::Tx& tx) -> Result<> {
            storage::change(tx,
                            "INSERT INTO key_jobs (order_no, unit_no, key_serial, step, officer, started_at, updated_at) VALUES "
                            "(:order, 2, :key, 'sign', 'wu', 1, 1)",
                            order.no, name("2"));
            return {};
        }));
        ASSERT_OK(desk_.write(order.no, name("1")));
        EXPECT_EQ(certificate(name("0")).state, "revoked");
        EXPECT_EQ(certificate(name("1")).replaces, certificate(name("0")).serial);
        EXPECT_EQ(find_key(*desk_.database, name("0")).value()->state, KeyState::scrapped);
        EXPECT_THAT(acts_of(n), ElementsAre("bound", "issued", "revoked"));
    }
}

// The second KEY overtakes the first, which was pulled: somebody may be signing with the lost one meanwhile.
TEST_P(Replaced, WhicheverKeyComesFirstRevokesTheReplacedOneOnce) {
    for (const auto cause : {orders::ReplacementCause::lost, orders::ReplacementCause::damaged}) {
        SCOPED_TRACE(orders::name_of(cause));
        const bool lost = cause == orders::ReplacementCause::lost;
        const int n = lost ? 1 : 3;
        const auto name = [&](const char* what) { return fmt::format("{}{}", lost ? "L" : "D", what); };
        issued(n, name("0"), n);
        const std::string old = certificate(name("0")).serial;
        for (const char* each : {"1", "2", "3"}) key(name(each));
        auto order = KeyDesk::order_of(n + 1, n);
        order.kind = orders::OrderKind::replacement;
        order.cause = cause;
        order.quantity = 3;
        ASSERT_OK(desk_.approve(order));
        EXPECT_EQ(may_replace(*desk_.database, order.no)->chosen, old);
        ASSERT_OK(begin(*desk_.database, desk_.officer, desk_.bench, order.no, name("1")));
        int asked = 0;
        desk_.bench.watch = [&](const Job&, Step step, Moment moment) {
            if (step != Step::sign || moment != Moment::begins) return;
            ++asked;
            EXPECT_EQ(certificate(name("0")).state, lost ? "revoked" : "valid");
        };
        const auto overtakes = desk_.write(order.no, name("2"), {name("1"), name("2"), name("3")});
        ASSERT_OK(overtakes);
        EXPECT_EQ(overtakes->unit_no, 2);
        EXPECT_EQ(asked, 1);
        desk_.bench.watch = {};
        EXPECT_EQ(certificate(name("0")).state, "revoked");
        EXPECT_FALSE(may_replace(*desk_.database, order.no)->asked());
        EXPECT_EQ(may_replace(*desk_.database, order.no)->chosen, old);
        ASSERT_OK(desk_.write(order.no, name("1")));
        ASSERT_OK(desk_.write(order.no, name("3")));
        EXPECT_TRUE(desk_.issued(n + 1));
        EXPECT_EQ(certificate(name("2")).replaces, old);
        EXPECT_EQ(certificate(name("1")).replaces, "");
        EXPECT_EQ(crls(), lost ? 1 : 2) << "one list for each that was revoked";
        EXPECT_THAT(acts_of(n), ElementsAre("bound", "issued", "revoked"));
        EXPECT_EQ(desk_.number("SELECT COUNT(*) FROM audit WHERE action IN ('certificate.revoke', "
                               "'certificate.nothing_to_revoke')"),
                  lost ? 1 : 2);
        desk_.expect_whole(lost ? 1 : 2);
    }
}
