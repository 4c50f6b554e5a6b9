// Orders on KEYs in memory, with everything that can come between: pulled KEYs, lost answers, KEYs that break while they are
// written, losses afterwards, returns, refunds at any moment. What must hold, holds after every one of them.
#include <gmock/gmock.h>

#include <random>

#include "intake/intake.h"
#include "keys/refunds.h"
#include "tasks/tasks.h"
#include "tests/keys/fake_tokens.h"
#include "tests/keys/key_desk.h"

using namespace sealdesk;
using namespace sealdesk::keys;
using testing::IsEmpty;
using tests::KeyDesk;

namespace {

const staff::Actor kBoss{"sun", "孙权", static_cast<staff::Roles>(staff::Role::supervisor)};

// No certificate without its KEY, no KEY in use without its certificate, nothing half done that nobody goes on with.
void expect_sound(KeyDesk& desk) {
    const auto none = [&](const char* rows) { EXPECT_EQ(desk.number(std::string("SELECT COUNT(*) FROM ") + rows), 0) << rows; };
    none(
        "certificates c WHERE state = 'valid' AND NOT EXISTS (SELECT 1 FROM key_jobs j WHERE j.certificate_serial = c.serial AND "
        "j.abandoned = 0)");
    none(
        "certificates c WHERE state = 'recorded' AND NOT EXISTS (SELECT 1 FROM key_jobs j WHERE j.certificate_serial = c.serial "
        "AND j.abandoned = 0)");
    none(
        "keys k WHERE state = 'bound' AND 1 <> (SELECT COUNT(*) FROM certificates c WHERE c.key_serial = k.serial AND c.state = "
        "'valid')");
    none(
        "keys k WHERE state IN ('scrapped', 'returned') AND EXISTS (SELECT 1 FROM certificates c WHERE c.key_serial = k.serial "
        "AND c.state IN ('valid', 'recorded'))");
    none(
        "orders o WHERE state = 'refunded' AND EXISTS (SELECT 1 FROM certificates c WHERE c.order_no = o.no AND c.state IN "
        "('valid', 'recorded'))");
    none(
        "orders o WHERE state = 'issued' AND quantity <> (SELECT COUNT(*) FROM key_jobs j WHERE j.order_no = o.no AND "
        "j.abandoned = 0 AND j.step = 'bind')");
    // Told once.
    none("(SELECT body FROM acts WHERE kind = 'bound' GROUP BY order_no, body HAVING COUNT(*) > 1) twice");
    none("(SELECT body FROM acts WHERE kind = 'revoked' GROUP BY order_no, body HAVING COUNT(*) > 1) twice");
    EXPECT_EQ(desk.number("SELECT COUNT(*) FROM certificates c WHERE state = 'revoked' AND EXISTS (SELECT 1 FROM acts a WHERE "
                          "a.kind = 'revoked' AND a.order_no = c.order_no AND a.body LIKE '%' || c.serial || '%')"),
              desk.number("SELECT COUNT(*) FROM certificates WHERE state = 'revoked'"));
    EXPECT_THAT(*check_ledger(*desk.database), IsEmpty());
}

}  // namespace

TEST(RandomIncidents, EverythingThatComesBetweenEndsWhole) {
    constexpr int kOrders = 300;
    std::mt19937 dice(20261129);
    const auto from_1_to = [&](int n) { return std::uniform_int_distribution(1, n)(dice); };
    const auto one_in = [&](int n) { return from_1_to(n) == 1; };
    tests::TemporaryFolder folder;
    tests::FakeTokens tokens;
    KeyDesk desk(folder.path(), &tokens);
    std::int64_t seq = 0;
    int serial_of_key = 0, broken = 0, lost = 0, refunds = 0, pulled = 0;
    for (int n = 1; n <= kOrders && !testing::Test::HasFailure(); ++n) {
        SCOPED_TRACE(n);
        auto order = KeyDesk::order_of(n, n);
        order.quantity = one_in(6) ? 2 : 1;
        ASSERT_OK(desk.approve(order));
        // At most one refund, at a moment of its own.
        int until_refund = one_in(4) ? from_1_to(30) : 0;
        const auto refund = [&] {
            ++refunds;
            ASSERT_OK(intake::take(*desk.database, {++seq, "refunded", order.no, 1, "{}"}, std::nullopt));
        };
        desk.bench.watch = [&](const Job&, Step, Moment moment) {
            if (moment != Moment::recording && until_refund > 0 && --until_refund == 0) refund();
        };
        std::vector<std::string> bound;
        std::string serial;
        for (int attempt = 0;; ++attempt) {
            ASSERT_LT(attempt, 200);
            const auto state = orders::load(*desk.database, order.no)->state;
            const bool refunded = desk.number("SELECT COUNT(*) FROM refunds WHERE order_no = '" + order.no + "'") > 0;
            if (state != orders::State::approved || refunded) break;
            if (serial.empty()) {
                serial = fmt::format("K{:04}", ++serial_of_key);
                ASSERT_OK(seen(*desk.database, {tokens.add(serial).info}));
            }
            const int pulled_at = one_in(2) ? from_1_to(40) : 0;
            tokens.fault = [&, calls = 0]() mutable {
                if (pulled_at == 0 || ++calls < pulled_at) return tests::Fault::none;
                return calls == pulled_at && calls % 2 == 0 ? tests::Fault::answer_lost : tests::Fault::not_done;
            };
            const auto written = desk.write(order.no, serial);
            tokens.fault = {};
            if (!written) ++pulled;
            const auto job = job_of(*desk.database, serial).value();
            if (job && job->finished()) {
                bound.push_back(serial);
                serial.clear();
            } else if (job && one_in(5)) {
                // It broke: another KEY takes the unit.
                ++broken;
                ASSERT_OK(report(*desk.database, desk.officer, desk.bench, Incident::damaged, serial, "写坏了"));
                serial.clear();
            }
        }
        if (until_refund > 0 && one_in(2)) {
            until_refund = 0;
            refund();
        }
        desk.bench.watch = {};
        if (!bound.empty() && one_in(5)) {
            ++lost;
            const auto what = one_in(2) ? Incident::lost : Incident::returned;
            ASSERT_OK(report(*desk.database, desk.officer, desk.bench, what, bound.front(), "申请人来电"));
            ASSERT_OK(report(*desk.database, desk.officer, desk.bench, what, bound.front(), "申请人又来电"));
        }
        if (desk.number("SELECT COUNT(*) FROM refunds WHERE order_no = '" + order.no + "'") > 0 &&
            orders::load(*desk.database, order.no)->state != orders::State::refunded) {
            EXPECT_FALSE(desk.write(order.no, serial.empty() ? "K0001" : serial));
            const auto where = one_in(2) ? KeysAre::here : KeysAre::gone;
            ASSERT_OK(desk.database->write(
                [&](storage::Tx& tx) { return end_refund(tx, kBoss, desk.bench, order.no, where, "已核对"); }));
            EXPECT_EQ(orders::load(*desk.database, order.no)->state, orders::State::refunded);
        }
        if (n % 20 == 0) expect_sound(desk);
    }
    expect_sound(desk);
    EXPECT_FALSE(audit::verify(*desk.database)->first_bad);
    EXPECT_EQ(desk.number("SELECT COUNT(*) FROM certificates WHERE state = 'recorded'"), 0);
    EXPECT_EQ(desk.number("SELECT COUNT(*) FROM orders WHERE state NOT IN ('issued', 'refunded')"), 0);
    EXPECT_EQ(desk.number("SELECT COUNT(*) FROM orders WHERE state = 'refunded'"), refunds);
    EXPECT_GT(broken, 10);
    EXPECT_GT(lost, 10);
    EXPECT_GT(refunds, 20);
    EXPECT_GT(pulled, 50);
}
