// Which certificate a replacement order replaces, and when an officer has to say so.
#include "tests/keys/issued_keys.h"

using namespace sealdesk;
using namespace sealdesk::keys;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using tests::KeyDesk;

namespace {

class WhichReplaced : public tests::IssuedKeys {};

}  // namespace

// The subject has two KEYs; the lost one was reported, and the order does not name it: the other one stays.
TEST_F(WhichReplaced, AReplacementMeansTheOneThatWasReported) {
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

TEST_F(WhichReplaced, WhenItIsNotClearWhichOneIsReplacedAnOfficerSaysSo) {
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

// Another officer says so while the KEY makes its key pair: what was read before that does not count.
TEST_F(WhichReplaced, WhatAnOfficerSaysBeforeTheRequestCounts) {
    issued(1, "K1", 7);
    issued(2, "K2", 7);
    for (const auto cause : {orders::ReplacementCause::damaged, orders::ReplacementCause::lost}) {
        const int n = cause == orders::ReplacementCause::damaged ? 3 : 4;
        const std::string mine = "K" + std::to_string(n), wrong = n == 3 ? "K1" : "K3", meant = n == 3 ? "K2" : "K1";
        key(mine);
        auto order = KeyDesk::order_of(n, 7);
        order.kind = orders::OrderKind::replacement;
        order.cause = cause;
        order.replaced_certificate = certificate(wrong).serial;
        ASSERT_OK(desk_.approve(order));
        desk_.bench.watch = [&](const Job&, Step step, Moment moment) {
            if (step == Step::generate && moment == Moment::recorded)
                ASSERT_OK(name_replaced(*desk_.database, desk_.officer, KeyDesk::no(n), certificate(meant).serial));
        };
        ASSERT_OK(desk_.write(KeyDesk::no(n), mine));
        desk_.bench.watch = {};
        EXPECT_EQ(certificate(wrong).state, "valid");
        EXPECT_EQ(certificate(meant).state, "revoked");
        EXPECT_EQ(certificate(mine).replaces, certificate(meant).serial);
    }
    expect_books();
}

// K1 was reported damaged, K2 works; the order says lost, or nothing: nobody but an officer knows which one is meant.
TEST_F(WhichReplaced, OneThatWasReportedOtherwiseIsAskedForToo) {
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

TEST_F(WhichReplaced, ACertificateThatWasNeverMadeHereIsAskedFor) {
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

TEST_F(WhichReplaced, ACertificateOfSomebodyElseIsAskedForToo) {
    issued(1, "K1", 7);
    issued(2, "K2", 8);
    key("K3");
    auto order = KeyDesk::order_of(3, 7);
    order.kind = orders::OrderKind::replacement;
    order.cause = orders::ReplacementCause::lost;
    order.replaced_certificate = certificate("K2").serial;
    ASSERT_OK(desk_.approve(order));
    EXPECT_EQ(desk_.write(order.no, "K3").error().kind, ErrorKind::refused);
    EXPECT_EQ(find_key(*desk_.database, "K3").value()->state, KeyState::blank);
    const auto asked = may_replace(*desk_.database, order.no).value();
    EXPECT_TRUE(asked.asked());
    EXPECT_EQ(asked.unknown, certificate("K2").serial);
    ASSERT_THAT(asked.list, SizeIs(1));
    EXPECT_EQ(asked.list[0].key_serial, "K1");
    ASSERT_OK(name_replaced(*desk_.database, desk_.officer, order.no, asked.list[0].serial));
    ASSERT_OK(desk_.write(order.no, "K3"));
    EXPECT_EQ(certificate("K1").state, "revoked");
    EXPECT_EQ(certificate("K2").state, "valid");
    expect_books();
}

// A wrong click is put right, until the first certificate of the order is on record.
TEST_F(WhichReplaced, AnotherOneIsNamedUntilAKeyIsBegun) {
    issued(1, "K1", 7);
    issued(2, "K2", 7);
    key("K3");
    auto order = KeyDesk::order_of(3, 7);
    order.kind = orders::OrderKind::replacement;
    order.cause = orders::ReplacementCause::damaged;
    ASSERT_OK(desk_.approve(order));
    EXPECT_EQ(may_replace(*desk_.database, order.no)->chosen, "");
    for (const auto& name : {certificate("K1").serial, std::string(kNoneOfThem), certificate("K2").serial}) {
        ASSERT_OK(name_replaced(*desk_.database, desk_.officer, order.no, name));
        const auto named = may_replace(*desk_.database, order.no).value();
        EXPECT_FALSE(named.asked()) << name;
        EXPECT_EQ(named.chosen, name);
        EXPECT_THAT(named.list, SizeIs(2)) << "the others can still be meant";
    }
    ASSERT_OK(desk_.write(order.no, "K3"));
    EXPECT_EQ(certificate("K1").state, "valid");
    EXPECT_EQ(certificate("K2").state, "revoked");
    const auto done = may_replace(*desk_.database, order.no).value();
    EXPECT_EQ(done.chosen, certificate("K2").serial);
    EXPECT_THAT(done.list, testing::IsEmpty()) << "it is revoked";
    EXPECT_EQ(name_replaced(*desk_.database, desk_.officer, order.no, kNoneOfThem).error().kind, ErrorKind::conflict);
    expect_books();
}

// A KEY that broke while it was written was never in anybody's hands: its successor's replacement means the successor.
TEST_F(WhichReplaced, AKeyThatWasNeverFinishedIsNotWhatIsReplaced) {
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
