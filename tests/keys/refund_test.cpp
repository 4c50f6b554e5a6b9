// A refund that comes while a KEY is written, at every moment of every step: nothing of the order is written on, nobody's
// certificate goes because of it, and the supervisor's end of the refund leaves nothing behind.
#include "keys/refunds.h"

#include <gmock/gmock.h>

#include "acts/settlement.h"
#include "certificates/standing.h"
#include "intake/intake.h"
#include "keys/standing.h"
#include "tasks/tasks.h"
#include "tests/keys/fake_tokens.h"
#include "tests/keys/key_desk.h"

using namespace sealdesk;
using namespace sealdesk::keys;
using orders::State;
using testing::AnyOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using tests::KeyDesk;

namespace {

const staff::Actor kBoss{"sun", "孙权", static_cast<staff::Roles>(staff::Role::supervisor)};

struct Centre {
    Centre() {
        for (const char* serial : {"K1", "K2"}) EXPECT_TRUE(seen(*desk.database, {tokens.add(serial).info}));
    }
    Result<> refund(int n) { return intake::take(*desk.database, {++seq, "refunded", KeyDesk::no(n), 1, "{}"}, std::nullopt); }
    Result<RefundEnd> end(int n, KeysAre where = KeysAre::here, const staff::Actor& who = kBoss,
                          const std::string& note = "已与申请人核对") {
        return desk.database->write(
            [&](storage::Tx& tx) { return end_refund(tx, who, desk.bench, KeyDesk::no(n), where, note); });
    }
    std::string state_of_certificates(int n) {
        std::string all;
        const auto list =
            desk.database->read([&](storage::Tx& tx) { return certificates::of_order(tx, KeyDesk::no(n)); }).value();
        for (const auto& entry : list) all += (all.empty() ? "" : " ") + entry.state;
        return all;
    }
    std::int64_t count(const std::string& question) { return desk.number("SELECT COUNT(*) FROM " + question); }
    State state(int n) { return orders::load(*desk.database, KeyDesk::no(n))->state; }
    KeyState key(const char* serial) { return find_key(*desk.database, serial).value()->state; }
    void expect_books() {
        EXPECT_THAT(*check_ledger(*desk.database), IsEmpty());
        EXPECT_FALSE(audit::verify(*desk.database)->first_bad);
    }

    tests::TemporaryFolder folder;
    tests::FakeTokens tokens;
    KeyDesk desk{folder.path(), &tokens};
    std::int64_t seq = 0;
};

class Refund : public testing::TestWithParam<orders::ReplacementCause> {};

std::string cause_name(const testing::TestParamInfo<orders::ReplacementCause>& info) {
    return info.param == orders::ReplacementCause::lost      ? "Lost"
           : info.param == orders::ReplacementCause::damaged ? "Damaged"
                                                             : "New";
}

}  // namespace

// Order 1 has a KEY; order 2 replaces it, or is of another subject.
TEST_P(Refund, AtEveryMomentStopsTheWritingAndEndsClean) {
    const bool replaces = GetParam() != orders::ReplacementCause::none;
    int stopped = 0;
    for (int step = static_cast<int>(Step::generate); step < kSteps; ++step)
        for (const Moment moment : {Moment::begins, Moment::unrecorded, Moment::recorded}) {
            SCOPED_TRACE(fmt::format("{} {}", name_of(static_cast<Step>(step)), static_cast<int>(moment)));
            Centre centre;
            auto& desk = centre.desk;
            ASSERT_OK(desk.approve(KeyDesk::order_of(1, 1)));
            ASSERT_OK(desk.write(KeyDesk::no(1), "K1"));
            auto order = KeyDesk::order_of(2, replaces ? 1 : 2);
            if (replaces) order.kind = orders::OrderKind::replacement;
            order.cause = GetParam();
            ASSERT_OK(desk.approve(order));
            std::string old_at_refund, new_at_refund;
            desk.bench.watch = [&](const Job&, Step at, Moment when) {
                if (static_cast<int>(at) != step || when != moment || !new_at_refund.empty()) return;
                old_at_refund = centre.state_of_certificates(1);
                new_at_refund = centre.state_of_certificates(2) + ".";
                ASSERT_OK(centre.refund(2));
            };
            const auto written = desk.write(KeyDesk::no(2), "K2");
            ASSERT_FALSE(old_at_refund.empty()) << "the moment was met";
            desk.bench.watch = {};
            const bool too_late = step == static_cast<int>(Step::bind) && moment == Moment::recorded;
            EXPECT_EQ(written.has_value(), too_late);
            if (!written) {
                EXPECT_EQ(written.error().kind, ErrorKind::conflict);
                EXPECT_THAT(written.error().message, HasSubstr("退款"));
                ++stopped;
            }
            // What stood when the refund came stands: the old certificate is not taken for an order that gives nothing.
            EXPECT_EQ(centre.state_of_certificates(1), old_at_refund);
            EXPECT_EQ(centre.state_of_certificates(2) + ".", new_at_refund);
            EXPECT_EQ(centre.state(2), too_late ? State::issued : State::approved);
            EXPECT_EQ(desk.write(KeyDesk::no(2), "K2").error().kind, ErrorKind::conflict) << "not later either";
            ASSERT_THAT(tasks::open(*desk.database).value(), SizeIs(1));

            EXPECT_EQ(centre.end(2, KeysAre::here, desk.officer).error().kind, ErrorKind::denied);
            const auto end = centre.end(2);
            ASSERT_OK(end);
            EXPECT_EQ(end->state, State::refunded);
            EXPECT_THAT(end->keys, testing::ElementsAre("K2"));
            EXPECT_EQ(centre.state(2), State::refunded);
            EXPECT_EQ(centre.key("K2"), KeyState::returned);
            EXPECT_THAT(centre.state_of_certificates(2), AnyOf("", "void", "revoked"));
            EXPECT_EQ(centre.state_of_certificates(2) == "revoked", new_at_refund == "valid.");
            // What was finished stays in the journal; nothing of it is gone on with.
            EXPECT_EQ(centre.count("key_jobs WHERE abandoned = 0 AND order_no = '" + KeyDesk::no(2) + "'"), too_late ? 1 : 0);
            EXPECT_EQ(centre.count("acts WHERE kind IN ('bound', 'issued') AND state = 'pending' AND order_no = '" +
                                   KeyDesk::no(2) + "'"),
                      0);
            EXPECT_EQ(centre.count("acts WHERE kind = 'revoked' AND order_no = '" + KeyDesk::no(2) + "'"),
                      new_at_refund == "valid." ? 1 : 0);
            EXPECT_EQ(centre.count("certificates WHERE state = 'recorded'"), 0);
            // Once more does nothing more.
            const auto again = centre.end(2);
            ASSERT_OK(again);
            EXPECT_THAT(again->keys, IsEmpty());
            centre.expect_books();
        }
    EXPECT_EQ(stopped, 23);
}

INSTANTIATE_TEST_SUITE_P(Cause, Refund,
                         testing::Values(orders::ReplacementCause::none, orders::ReplacementCause::lost,
                                         orders::ReplacementCause::damaged),
                         cause_name);

TEST(RefundEnd, KeysThatDoNotComeBackCountAsLost) {
    Centre centre;
    ASSERT_OK(centre.desk.approve(KeyDesk::order_of(1, 1)));
    ASSERT_OK(centre.desk.write(KeyDesk::no(1), "K1"));
    ASSERT_OK(centre.refund(1));
    ASSERT_OK(centre.end(1, KeysAre::gone));
    EXPECT_EQ(centre.key("K1"), KeyState::scrapped);
    EXPECT_EQ(centre.desk.number("SELECT revocation_reason FROM certificates"), 1);
    EXPECT_EQ(centre.state(1), State::refunded);
    EXPECT_EQ(centre.count("crls"), 1);
    EXPECT_EQ(centre.count("tasks WHERE kind = 'rewrite_after_issue'"), 0) << "nobody writes it anew";
    centre.expect_books();
}

TEST(RefundEnd, WithoutARefundOrANoteNothingIsTakenBack) {
    Centre centre;
    ASSERT_OK(centre.desk.approve(KeyDesk::order_of(1, 1)));
    ASSERT_OK(centre.desk.write(KeyDesk::no(1), "K1"));
    EXPECT_EQ(centre.end(1).error().kind, ErrorKind::conflict);
    ASSERT_OK(centre.refund(1));
    EXPECT_EQ(centre.end(1, KeysAre::here, kBoss, " ").error().kind, ErrorKind::refused);
    centre.desk.bench.authority = nullptr;  // nothing here could revoke
    EXPECT_EQ(centre.end(1).error().kind, ErrorKind::device);
    EXPECT_EQ(centre.state(1), State::issued);
    EXPECT_EQ(centre.key("K1"), KeyState::bound);
    EXPECT_EQ(centre.state_of_certificates(1), "valid");
}

// What the portal refused because of the refund does not keep the revocation back.
TEST(RefundEnd, TheRevocationIsSentAlthoughTheBindingWasRefused) {
    Centre centre;
    ASSERT_OK(centre.desk.approve(KeyDesk::order_of(1, 1)));
    ASSERT_OK(centre.desk.write(KeyDesk::no(1), "K1"));
    ASSERT_OK(centre.refund(1));
    const auto bound = acts::due(*centre.desk.database, 10).value();
    ASSERT_THAT(bound, SizeIs(1));
    ASSERT_OK(acts::conflicted(*centre.desk.database, bound[0], "订单现在是“已退款”"));
    ASSERT_OK(centre.end(1));
    const auto due = acts::due(*centre.desk.database, 10).value();
    ASSERT_THAT(due, SizeIs(1));
    EXPECT_EQ(due[0].kind, "revoked");
    EXPECT_THAT(acts::conflicts(*centre.desk.database).value(), IsEmpty());
}

// The portal does not know of the approval: nothing is written until a supervisor has settled that.
TEST(RefundEnd, AnApprovalThatThePortalRefusedIsSettledFirst) {
    Centre centre;
    auto& database = *centre.desk.database;
    ASSERT_OK(centre.desk.approve(KeyDesk::order_of(1, 1)));
    ASSERT_OK(database.write([&](storage::Tx& tx) -> Result<> {
        acts::queue(tx, KeyDesk::no(1), 1, "approved", "{}");
        return {};
    }));
    const auto approved = acts::due(database, 1).value().at(0);
    ASSERT_OK(acts::conflicted(database, approved, "材料现在是第 2 次提交"));
    const auto refused = centre.desk.write(KeyDesk::no(1), "K1");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::conflict);
    EXPECT_THAT(refused.error().message, HasSubstr("第 2 次提交"));
    EXPECT_EQ(centre.key("K1"), KeyState::blank);
    ASSERT_OK(acts::settle(database, kBoss, approved.uuid, acts::Settlement::dropped, "已电话核对"));
    ASSERT_OK(centre.desk.write(KeyDesk::no(1), "K1"));
}
