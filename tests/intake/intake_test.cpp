#include "intake/intake.h"

#include <gmock/gmock.h>

#include "acts/acts.h"
#include "audit/audit.h"
#include "support/orders.h"
#include "tasks/tasks.h"

using namespace sealdesk;
using orders::State;
using testing::HasSubstr;

namespace {
std::string no(int n) { return fmt::format("DD20261122-{:04}", n); }
}  // namespace

class IntakeTest : public tests::OnBothEngines {
protected:
    void SetUp() override { open(); }
    static intake::Event event(std::int64_t seq, const std::string& kind, const std::string& order_no, int revision = 1) {
        return {seq, kind, order_no, revision, fmt::format(R"({{"seq":{}}})", seq)};
    }
    Result<> take(const intake::Event& what, const std::optional<orders::Order>& order = std::nullopt) {
        return intake::take(*database_, what, order);
    }
    std::int64_t position() { return intake::position(*database_)->seq; }
    std::vector<intake::Fault> faults() { return intake::faults(*database_).value(); }
    orders::DeskOrder order(int n) { return orders::load(*database_, no(n)).value(); }
    State state(int n) { return order(n).state; }
    std::int64_t number(const std::string& query) {
        return database_
            ->read([&](storage::Tx& tx) -> Result<std::int64_t> {
                std::int64_t value = -1;
                tx.sql << query, soci::into(value);
                return value;
            })
            .value();
    }
    // Order `n` with papers of a second submission and a corrected name.
    static orders::Order corrected(int n) {
        orders::Order order = tests::sample_order(n);
        order.subject.name = "南京垚鑫更名建设有限公司";
        order.submissions.push_back({2, std::string(64, 'b'), "新材料.zip", 2000, order.payment.paid_at + kHour});
        return order;
    }
    // A KEY of the order has been begun.
    void begin_key(int n) {
        ASSERT_OK(
            database_->execute(fmt::format("INSERT INTO key_jobs (order_no, unit_no, key_serial, step, officer, started_at, "
                                           "updated_at) VALUES ('{}', 1, 'K{}', 'generate', 'wu', 1, 1)",
                                           no(n), n)));
    }
};

TEST_P(IntakeTest, APaidOrderEntersTheQueue) {
    EXPECT_EQ(position(), 0);
    ASSERT_OK(take(event(1, "paid", no(1)), tests::sample_order(1)));
    EXPECT_EQ(state(1), State::paid);
    EXPECT_EQ(order(1).waiting_since, tests::sample_order(1).payment.paid_at);
    EXPECT_EQ(position(), 1);
    EXPECT_EQ(intake::position(*database_)->heard_at, clock_.now());
    EXPECT_TRUE(faults().empty());
    EXPECT_EQ(audit::page(*database_, no(1), 0, 1)->front().action, "order.paid");
}

TEST_P(IntakeTest, ARepeatedEventChangesNothing) {
    ASSERT_OK(take(event(1, "paid", no(1)), tests::sample_order(1)));
    ASSERT_OK(tests::move(*database_, no(1), State::approved));
    ASSERT_OK(take(event(1, "paid", no(1)), tests::sample_order(1)));  // the answer came twice
    ASSERT_OK(take(event(2, "paid", no(1)), tests::sample_order(1)));  // the portal told it twice
    EXPECT_EQ(state(1), State::approved);
    EXPECT_EQ(position(), 2);
    ASSERT_OK(take(event(1, "refunded", no(1))));  // behind the position
    EXPECT_EQ(state(1), State::approved);
    EXPECT_EQ(position(), 2);
    EXPECT_EQ(number("SELECT COUNT(*) FROM orders"), 1);
    EXPECT_TRUE(faults().empty());
}

TEST_P(IntakeTest, NewPapersBringARejectedOrderBack) {
    ASSERT_OK(take(event(1, "paid", no(1)), tests::sample_order(1)));
    ASSERT_OK(tests::move(*database_, no(1), State::rejected));
    clock_.advance(kHour);
    ASSERT_OK(take(event(2, "resubmitted", no(1), 2), corrected(1)));
    EXPECT_EQ(state(1), State::paid);
    EXPECT_EQ(order(1).revision, 2);
    EXPECT_EQ(order(1).order.subject.name, "南京垚鑫更名建设有限公司");
    EXPECT_EQ(order(1).order.submissions.size(), 2U);
    EXPECT_EQ(order(1).waiting_since, clock_.now());
    const auto version = order(1).row_version;
    ASSERT_OK(take(event(3, "resubmitted", no(1), 2), corrected(1)));
    EXPECT_EQ(order(1).row_version, version);
    EXPECT_EQ(position(), 3);
}

TEST_P(IntakeTest, NewPapersSayAnewWhatIsReplacedAndWhy) {
    auto lost = tests::sample_order(1);
    lost.kind = orders::OrderKind::replacement;
    lost.cause = orders::ReplacementCause::damaged;
    lost.replaced_certificate = "00C0FFEE";
    ASSERT_OK(take(event(1, "paid", no(1)), lost));
    ASSERT_OK(tests::move(*database_, no(1), State::rejected));
    auto again = corrected(1);
    again.kind = orders::OrderKind::replacement;
    again.cause = orders::ReplacementCause::lost;
    again.replaced_certificate = "00BEEF";
    ASSERT_OK(take(event(2, "resubmitted", no(1), 2), again));
    EXPECT_EQ(order(1).order.cause, orders::ReplacementCause::lost);
    EXPECT_EQ(order(1).order.replaced_certificate, "00BEEF");
}

// "-" is what an officer says when no certificate of this centre is meant: an applicant cannot say it for him.
TEST_P(IntakeTest, AnApplicantsDashNamesNothing) {
    int n = 0, seq = 0;
    for (const char* nothing : {"-", " - ", "－", "—", "无", ""}) {
        SCOPED_TRACE(nothing);
        auto lost = tests::sample_order(++n);
        lost.kind = orders::OrderKind::replacement;
        lost.cause = orders::ReplacementCause::lost;
        lost.replaced_certificate = nothing;
        ASSERT_OK(take(event(++seq, "paid", no(n)), lost));
        EXPECT_EQ(order(n).order.replaced_certificate, "");
        ASSERT_OK(tests::move(*database_, no(n), State::rejected));
        auto named = corrected(n);
        named.replaced_certificate = " 00C0FFEE ";
        ASSERT_OK(take(event(++seq, "resubmitted", no(n), 2), named));
        EXPECT_EQ(order(n).order.replaced_certificate, "00C0FFEE");
        ASSERT_OK(tests::move(*database_, no(n), State::rejected));
        auto dashed = corrected(n);
        dashed.replaced_certificate = nothing;
        dashed.submissions.push_back({3, std::string(64, 'c'), "新材料.zip", 2000, dashed.payment.paid_at + 2 * kHour});
        ASSERT_OK(take(event(++seq, "resubmitted", no(n), 3), dashed));
        EXPECT_EQ(order(n).order.replaced_certificate, "");
    }
    EXPECT_TRUE(faults().empty());
}

TEST_P(IntakeTest, MoneyDoesNotChangeWithNewPapers) {
    ASSERT_OK(take(event(1, "paid", no(1)), tests::sample_order(1)));
    ASSERT_OK(tests::move(*database_, no(1), State::rejected));
    orders::Order cheaper = corrected(1);
    cheaper.amounts.certificate = Fen{10000};
    cheaper.payment.total = Fen{21600};
    ASSERT_OK(take(event(2, "resubmitted", no(1), 2), cheaper));
    EXPECT_EQ(order(1).order.amounts.certificate, Fen{20000});
    EXPECT_EQ(order(1).order.payment.total, Fen{31600});
}

TEST_P(IntakeTest, ARefundBeforeAKeyEndsTheOrder) {
    ASSERT_OK(take(event(1, "paid", no(1)), tests::sample_order(1)));
    ASSERT_OK(tests::move(*database_, no(1), State::approved));
    ASSERT_OK(database_->write([](storage::Tx& tx) -> Result<> {
        acts::queue(tx, no(1), 1, "approved", "{}", kMinute);
        return {};
    }));
    ASSERT_OK(take(event(2, "refunded", no(1))));
    EXPECT_EQ(state(1), State::refunded);
    EXPECT_EQ(acts::of_order(*database_, no(1))->at(0).state, acts::State::cancelled);
    EXPECT_TRUE(faults().empty());
    EXPECT_EQ(number("SELECT amount FROM refunds WHERE state = 'done'"), 30000);
    ASSERT_OK(take(event(3, "refunded", no(1))));
    EXPECT_EQ(number("SELECT COUNT(*) FROM refunds"), 1);
    EXPECT_EQ(position(), 3);
}

TEST_P(IntakeTest, ARefundAfterAKeyWasBegunIsForAPerson) {
    ASSERT_OK(take(event(1, "paid", no(1)), tests::sample_order(1)));
    ASSERT_OK(tests::move(*database_, no(1), State::approved));
    begin_key(1);
    ASSERT_OK(take(event(2, "refunded", no(1))));
    EXPECT_EQ(state(1), State::approved);
    const auto due = tasks::open(*database_).value();
    ASSERT_EQ(due.size(), 1U);
    EXPECT_EQ(due[0].kind, "refund_after_writing");
    EXPECT_EQ(due[0].order_no, no(1));
    EXPECT_THAT(due[0].sentence, HasSubstr("KEY"));
    EXPECT_TRUE(faults().empty());
    EXPECT_EQ(number("SELECT COUNT(*) FROM refunds WHERE state = 'needs_person'"), 1);
    EXPECT_EQ(position(), 2);
    ASSERT_OK(take(event(3, "refunded", no(1))));  // told twice: one task
    EXPECT_EQ(tasks::open(*database_)->size(), 1U);
    EXPECT_TRUE(faults().empty());
}

TEST_P(IntakeTest, ARefundOfAnIssuedOrderIsForAPerson) {
    ASSERT_OK(tests::put(*database_, {tests::sample_order(1)}, State::issued));
    ASSERT_OK(take(event(1, "refunded", no(1))));
    EXPECT_EQ(state(1), State::issued);
    EXPECT_EQ(tasks::open(*database_)->size(), 1U);
}

TEST_P(IntakeTest, AnUnknownOrderIsPutAsideAndTheFeedGoesOn) {
    ASSERT_OK(take(event(1, "refunded", no(9))));
    ASSERT_OK(take(event(2, "resubmitted", no(9), 2), corrected(9)));
    ASSERT_OK(take(event(3, "paid", no(8))));                          // without its order
    ASSERT_OK(take(event(4, "paid", no(8)), tests::sample_order(7)));  // with another one
    ASSERT_OK(take(event(5, "paid", no(1)), tests::sample_order(1)));
    EXPECT_EQ(state(1), State::paid);
    EXPECT_EQ(position(), 5);
    const auto aside = faults();
    ASSERT_EQ(aside.size(), 4U);
    for (size_t i = 0; i < aside.size(); ++i) {
        EXPECT_EQ(aside[i].seq, static_cast<std::int64_t>(i + 1));
        EXPECT_FALSE(aside[i].reason.empty());
        EXPECT_EQ(aside[i].at, clock_.now());
    }
    EXPECT_THAT(aside[0].reason, HasSubstr(no(9)));
    EXPECT_EQ(number("SELECT COUNT(*) FROM orders"), 1);
}

TEST_P(IntakeTest, BrokenContentIsPutAsideWhole) {
    orders::Order broken = tests::sample_order(1);
    broken.quantity = 0;
    ASSERT_OK(take(event(1, "paid", no(1)), broken));
    orders::Order dearer = tests::sample_order(2);  // says that it was paid with another total
    ASSERT_OK(take(event(2, "paid", no(2)), dearer));
    dearer.no = no(3);
    dearer.payment.total = Fen{99900};
    ASSERT_OK(take(event(3, "paid", no(3)), dearer));
    EXPECT_EQ(faults().size(), 2U);
    EXPECT_EQ(position(), 3);
    EXPECT_EQ(number("SELECT COUNT(*) FROM orders"), 1);
    EXPECT_EQ(number("SELECT COUNT(*) FROM submissions"), 1);
}

TEST_P(IntakeTest, AnUnknownKindOfEventIsPutAside) {
    ASSERT_OK(take(event(1, "paid", no(1)), tests::sample_order(1)));
    ASSERT_OK(take(event(2, "merged", no(1)), tests::sample_order(1)));
    ASSERT_EQ(faults().size(), 1U);
    EXPECT_THAT(faults()[0].reason, HasSubstr("merged"));
    EXPECT_EQ(state(1), State::paid);
    EXPECT_EQ(position(), 2);
}

TEST_P(IntakeTest, AFaultIsSettledOnce) {
    ASSERT_OK(intake::put_aside(*database_, event(1, "paid", no(1)), "门户给的订单数据不完整"));
    ASSERT_OK(intake::put_aside(*database_, event(1, "paid", no(1)), "twice"));
    ASSERT_EQ(faults().size(), 1U);
    EXPECT_EQ(faults()[0].reason, "门户给的订单数据不完整");
    ASSERT_OK(intake::settle(*database_, "zhu", 1));
    EXPECT_TRUE(faults().empty());
    EXPECT_EQ(intake::settle(*database_, "zhu", 1).error().kind, ErrorKind::conflict);
    EXPECT_EQ(intake::settle(*database_, "zhu", 7).error().kind, ErrorKind::conflict);
    EXPECT_EQ(audit::page(*database_, "1", 0, 1)->front().actor, "zhu");
}

TEST_P(IntakeTest, ThePositionOutlivesTheProgram) {
    ASSERT_OK(take(event(7, "paid", no(1)), tests::sample_order(1)));
    clock_.advance(kMinute);
    ASSERT_OK(intake::heard(*database_));
    const std::string url = database_->url();
    database_.reset();
    auto again = storage::Database::open({url, tests::source("data/migrations/desk"), &clock_, &random_, 1});
    ASSERT_OK(again);
    database_ = std::move(*again);
    EXPECT_EQ(position(), 7);
    EXPECT_EQ(intake::position(*database_)->heard_at, clock_.now());
}

SEALDESK_ON_BOTH_ENGINES(IntakeTest);
