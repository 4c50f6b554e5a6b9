#include "checks/history.h"

#include <gmock/gmock.h>

#include "support/orders.h"

using namespace sealdesk;
using checks::Verdict;
using testing::HasSubstr;

namespace {
const Instant kNow = start_of(Day{2026, 11, 22});
checks::Finding of(const orders::Order& order, const checks::History& history, const checks::Rule& rule) {
    for (const auto& each : checks::check_history(order, history, kNow))
        if (each.rule == rule.name) return each;
    return checks::finding({"none", 0}, Verdict::ok, "", "", "", "");
}
orders::Order order(orders::OrderKind kind) {
    auto made = tests::sample_order(1);
    made.kind = kind;
    return made;
}
const checks::LiveKey kLive{"c1", "K1", "DD0", start_of(Day{2028, 1, 1})};
}  // namespace

TEST(History, ALiveKeySpeaksForAReplacement) {
    checks::History history;
    EXPECT_EQ(of(order(orders::OrderKind::create), history, checks::rules::live_key).verdict, Verdict::ok);
    history.live = {kLive};
    const auto found = of(order(orders::OrderKind::create), history, checks::rules::live_key);
    EXPECT_EQ(found.verdict, Verdict::warning);
    EXPECT_THAT(found.evidence, HasSubstr("补办"));
    EXPECT_THAT(found.evidence, HasSubstr("K1"));
    history.live[0].not_after = kNow;
    EXPECT_EQ(of(order(orders::OrderKind::create), history, checks::rules::live_key).verdict, Verdict::ok) << "expired";
}

TEST(History, AReplacementNeedsSomethingToReplace) {
    checks::History history;
    for (const auto kind : {orders::OrderKind::replacement, orders::OrderKind::renewal, orders::OrderKind::change})
        EXPECT_EQ(of(order(kind), history, checks::rules::no_key).verdict, Verdict::warning);
    history.live = {kLive};
    EXPECT_EQ(of(order(orders::OrderKind::replacement), history, checks::rules::no_key).verdict, Verdict::ok);
}

TEST(History, TheCertificateThatIsNamedMustBeTheirs) {
    auto one = order(orders::OrderKind::replacement);
    checks::History history;
    EXPECT_EQ(of(one, history, checks::rules::replaced).rule, "none") << "none was named";
    one.replaced_certificate = "c1";
    EXPECT_EQ(of(one, history, checks::rules::replaced).verdict, Verdict::warning) << "unknown";
    history.replaced = checks::NamedCertificate{"c1", one.subject.document_number, "valid"};
    EXPECT_EQ(of(one, history, checks::rules::replaced).verdict, Verdict::ok);
    history.replaced->state = "revoked";
    EXPECT_EQ(of(one, history, checks::rules::replaced).verdict, Verdict::warning);
    history.replaced->document_number = "somebody else";
    EXPECT_EQ(of(one, history, checks::rules::replaced).verdict, Verdict::fault);
}

TEST(History, OtherOrdersOfTheSubjectAreTold) {
    checks::History history;
    EXPECT_EQ(of(order(orders::OrderKind::create), history, checks::rules::open_order).verdict, Verdict::ok);
    history.pending = {{"DD9", orders::OrderKind::create, orders::State::approved}};
    EXPECT_THAT(of(order(orders::OrderKind::create), history, checks::rules::open_order).evidence, HasSubstr("DD9"));
}
