#include "daily/daily.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "audit/audit.h"
#include "daily/period.h"
#include "storage/rows.h"
#include "support/orders.h"

using namespace sealdesk;
using namespace sealdesk::daily;
using orders::Channel;
using orders::State;
using Kind = Figure::Kind;

namespace {
const Day kDay22{2026, 11, 22};

struct Decision {
    std::string order_no;
    Instant at;
    bool undone;
    std::vector<std::string> codes;
};

// Everything that happened, written down beside the store: what the report must come to.
struct Ledger {
    struct Passage {
        std::string order_no;
        std::string from, to;
        Instant at;
    };
    std::map<std::string, orders::Order> orders;
    std::vector<Passage> passages;
    std::vector<Decision> decisions;
    std::map<std::string, std::pair<Fen, Instant>> refunds;
    std::vector<Instant> created, revoked;
};

}  // namespace

class DailyTest : public tests::OnBothEngines {
protected:
    void SetUp() override { open(); }

    void insert(const std::vector<orders::Order>& list) {
        ASSERT_OK(tests::put(*database_, list, State::paid));
        for (const auto& order : list) {
            ledger_.orders[order.no] = order;
            ledger_.passages.push_back({order.no, "", "paid", clock_.now()});
        }
    }
    void move(const std::string& no, State to) {
        const State from = orders::load(*database_, no)->state;
        ASSERT_OK(tests::move(*database_, no, to));
        ledger_.passages.push_back({no, name_of(from), name_of(to), clock_.now()});
    }
    void decide(const std::string& no, const std::vector<std::string>& codes, bool undone) {
        ASSERT_OK(database_->write([&](storage::Tx& tx) -> Result<> {
            const std::string verdict = codes.empty() ? "approved" : "rejected";
            const int flag = undone ? 1 : 0;
            const auto id = storage::one<std::int64_t>(tx,
                                                       "INSERT INTO decisions (order_no, revision, verdict, note, staff, at, "
                                                       "undone) VALUES (:no, 1, :verdict, '', 'li', "
                                                       ":at, :undone) RETURNING id",
                                                       0, no, verdict, tx.now.ms, flag);
            for (const auto& code : codes)
                storage::change(tx, "INSERT INTO decision_reasons (decision_id, code, text) VALUES (:id, :code, :text)", id, code,
                                "缺" + code);
            audit::append(tx, "li", "review.decide", no);
            return {};
        }));
        ledger_.decisions.push_back({no, clock_.now(), undone, codes});
    }
    void refund(const std::string& no, Fen amount) {
        ASSERT_OK(database_->write([&](storage::Tx& tx) -> Result<> {
            storage::change(tx, "INSERT INTO refunds (order_no, amount, at, state) VALUES (:no, :amount, :at, 'settled')", no,
                            amount.value, tx.now.ms);
            return {};
        }));
        ledger_.refunds[no] = {amount, clock_.now()};
    }
    void certificate(const std::string& no, int n, Instant revoked_at) {
        ASSERT_OK(database_->write([&](storage::Tx& tx) -> Result<> {
            const auto serial = fmt::format("{:08X}", n), key = fmt::format("K-{}", n);
            storage::change(
                tx,
                "INSERT INTO certificates (serial, order_no, unit_no, key_serial, subject_name, document_number, state, "
                "not_before, not_after, created_at, revoked_at) VALUES (:serial, :no, 1, :key, '甲', '1', 'valid', 1, 2, "
                ":at, :revoked)",
                serial, no, key, tx.now.ms, revoked_at.ms);
            return {};
        }));
        ledger_.created.push_back(clock_.now());
        if (revoked_at) ledger_.revoked.push_back(revoked_at);
    }
    void invoice(const std::string& number, const std::string& payment, std::int64_t total, std::int64_t tax) {
        ASSERT_OK(database_->write([&](storage::Tx& tx) -> Result<> {
            storage::change(
                tx,
                "INSERT INTO invoices (number, payment_no, title_kind, title_name, title_tax_number, total, tax, "
                "document, issued_by, issued_at) VALUES (:number, :payment, 'unit', '甲', '', :total, :tax, '{}', 'zhao', "
                ":at)",
                number, payment, total, tax, tx.now.ms);
            return {};
        }));
    }
    std::vector<Row> rows_of(Day day, const Figure& figure) {
        const auto found = rows(*database_, supervisor_, day, figure);
        EXPECT_TRUE(found) << found.error().message << found.error().detail;
        return found.value_or(std::vector<Row>{});
    }
    static Fen sum(const std::vector<Row>& list) {
        Fen total;
        for (const auto& row : list) total += row.amount;
        return total;
    }
    void check_against_ledger(Day day);
    void check_rows(const Report& report);

    const staff::Actor supervisor_{"sun", "孙主管", static_cast<staff::Roles>(staff::Role::supervisor)};
    Ledger ledger_;
};

// Replays the ledger order by order; nothing here asks the store.
void DailyTest::check_against_ledger(Day day) {
    const auto made = report(*database_, supervisor_, day);
    ASSERT_OK(made);
    EXPECT_THAT(made->faults, testing::IsEmpty());
    const Period period = period_of(day);
    const auto on_day = [&](Instant at) { return at.ms >= period.from && at.ms < period.until; };

    std::map<std::string, std::string> at_start, at_end;
    std::map<std::string, std::int64_t> in, out;
    std::map<std::string, std::map<std::string, Instant>> reached;
    for (const auto& passage : ledger_.passages) {
        if (passage.at.ms < period.from) at_start[passage.order_no] = passage.to;
        if (passage.at.ms < period.until) at_end[passage.order_no] = passage.to;
        if (!on_day(passage.at)) continue;
        ++in[passage.to];
        ++out[passage.from];
        reached[passage.to][passage.order_no] = passage.at;
    }
    for (const auto& flow : made->flows) {
        const std::string state = name_of(flow.state);
        const auto standing = [&](const auto& where) {
            return std::count_if(where.begin(), where.end(), [&](const auto& one) { return one.second == state; });
        };
        EXPECT_EQ(flow.start, standing(at_start)) << state;
        EXPECT_EQ(flow.end, standing(at_end)) << state;
        EXPECT_EQ(flow.in, in[state]) << state;
        EXPECT_EQ(flow.out, out[state]) << state;
        EXPECT_EQ(flow.start + flow.in - flow.out, flow.end) << state;
    }
    for (const auto& turnaround : made->turnarounds) {
        std::multiset<std::int64_t> times;
        for (const auto& [no, at] : reached[name_of(turnaround.reached)]) times.insert(at - ledger_.orders[no].payment.paid_at);
        ASSERT_EQ(turnaround.orders, static_cast<std::int64_t>(times.size()));
        if (times.empty()) continue;
        const auto not_above = [&](std::int64_t value) { return std::distance(times.begin(), times.upper_bound(value)); };
        const auto below = [&](std::int64_t value) { return std::distance(times.begin(), times.lower_bound(value)); };
        EXPECT_GE(not_above(turnaround.median_ms) * 2, turnaround.orders);
        EXPECT_LT(below(turnaround.median_ms) * 2, turnaround.orders);
        EXPECT_GE(not_above(turnaround.p90_ms) * 10, turnaround.orders * 9);
        EXPECT_LT(below(turnaround.p90_ms) * 10, turnaround.orders * 9);
    }
    std::map<std::string, std::int64_t> codes;
    std::int64_t rejected = 0;
    for (const auto& decision : ledger_.decisions) {
        if (decision.undone || decision.codes.empty() || !on_day(decision.at)) continue;
        ++rejected;
        for (const auto& code : decision.codes) ++codes[code];
    }
    EXPECT_EQ(made->rejected, rejected);
    ASSERT_EQ(made->rejections.size(), codes.size());
    for (const auto& reason : made->rejections) EXPECT_EQ(reason.count, codes[reason.code]) << reason.code;
    EXPECT_EQ(made->keys_written, std::count_if(ledger_.created.begin(), ledger_.created.end(), on_day));
    EXPECT_EQ(made->certificates_revoked, std::count_if(ledger_.revoked.begin(), ledger_.revoked.end(), on_day));

    for (const auto& takings : made->takings) {
        Takings expected;
        std::set<std::string> seen;
        for (const auto& [no, order] : ledger_.orders) {
            if (order.payment.channel != takings.channel) continue;
            if (const auto back = ledger_.refunds.find(no); back != ledger_.refunds.end() && on_day(back->second.second)) {
                ++expected.refunds;
                expected.refunded += back->second.first;
            }
            if (!on_day(order.payment.paid_at)) continue;
            expected.certificate += order.amounts.certificate;
            expected.key += order.amounts.key;
            if (!seen.insert(order.payment.no).second) continue;
            ++expected.payments;
            expected.gross += order.payment.total;
            expected.freight += order.payment.freight;
            expected.handling_fee += order.payment.handling_fee;
        }
        EXPECT_EQ(takings.payments, expected.payments);
        EXPECT_EQ(takings.gross, expected.gross);
        EXPECT_EQ(takings.certificate, expected.certificate);
        EXPECT_EQ(takings.key, expected.key);
        EXPECT_EQ(takings.freight, expected.freight);
        EXPECT_EQ(takings.handling_fee, expected.handling_fee);
        EXPECT_EQ(takings.gross, takings.certificate + takings.key + takings.freight + takings.handling_fee);
        EXPECT_EQ(takings.refunds, expected.refunds);
        EXPECT_EQ(takings.refunded, expected.refunded);
    }
    check_rows(*made);
}

// Every number opens as many rows as it counts.
void DailyTest::check_rows(const Report& made) {
    const auto count = [&](const Figure& figure) { return static_cast<std::int64_t>(rows_of(made.day, figure).size()); };
    for (const auto& flow : made.flows) {
        EXPECT_EQ(count({Kind::start, flow.state, {}, {}}), flow.start);
        EXPECT_EQ(count({Kind::in, flow.state, {}, {}}), flow.in);
        EXPECT_EQ(count({Kind::out, flow.state, {}, {}}), flow.out);
        EXPECT_EQ(count({Kind::end, flow.state, {}, {}}), flow.end);
    }
    for (const auto& turnaround : made.turnarounds) {
        std::vector<std::int64_t> times;
        for (const auto& row : rows_of(made.day, {Kind::turnaround, turnaround.reached, {}, {}}))
            times.push_back(row.duration_ms);
        std::sort(times.begin(), times.end());
        EXPECT_EQ(static_cast<std::int64_t>(times.size()), turnaround.orders);
        EXPECT_EQ(percentile(times, 50), turnaround.median_ms);
    }
    EXPECT_EQ(count({Kind::rejections, {}, {}, {}}), made.rejected);
    for (const auto& reason : made.rejections) EXPECT_EQ(count({Kind::rejections, {}, {}, reason.code}), reason.count);
    EXPECT_EQ(count({Kind::keys_written, {}, {}, {}}), made.keys_written);
    EXPECT_EQ(count({Kind::certificates_revoked, {}, {}, {}}), made.certificates_revoked);
    for (const auto& takings : made.takings) {
        const auto list = [&](Kind kind) { return rows_of(made.day, {kind, {}, takings.channel, {}}); };
        EXPECT_EQ(static_cast<std::int64_t>(list(Kind::payments).size()), takings.payments);
        EXPECT_EQ(sum(list(Kind::payments)), takings.gross);
        EXPECT_EQ(sum(list(Kind::certificate)), takings.certificate);
        EXPECT_EQ(sum(list(Kind::key)), takings.key);
        EXPECT_EQ(sum(list(Kind::freight)), takings.freight);
        EXPECT_EQ(sum(list(Kind::handling_fee)), takings.handling_fee);
        EXPECT_EQ(static_cast<std::int64_t>(list(Kind::refunds).size()), takings.refunds);
        EXPECT_EQ(sum(list(Kind::refunds)), takings.refunded);
    }
    const auto invoices = rows_of(made.day, {Kind::invoices, {}, {}, {}});
    EXPECT_EQ(static_cast<std::int64_t>(invoices.size()), made.invoices);
    EXPECT_EQ(sum(invoices), made.invoiced);
}

TEST_P(DailyTest, RandomDaysTieAgainstTheStore) {
    std::mt19937 random(22112026);
    const auto pick = [&](int most) { return std::uniform_int_distribution<int>(0, most)(random); };
    clock_.set(start_of(Day{2026, 11, 20}) + 10 * kHour);
    int next_order = 1, certificates = 0, invoices = 0;
    std::vector<std::string> numbers;
    for (int step = 0; step < 160; ++step) {
        clock_.advance(pick(55) * kMinute + pick(59'999));
        if (numbers.size() < 4 || pick(3) == 0) {
            std::vector<int> together;
            for (int i = pick(2); i >= 0; --i) together.push_back(next_order++);
            auto list = tests::paid_together(together);
            for (auto& order : list) order.payment.paid_at = clock_.now() + -pick(300) * kMinute;
            for (auto& order : list) order.payment.paid_at = list.front().payment.paid_at;
            insert(list);
            for (const auto& order : list) numbers.push_back(order.no);
            continue;
        }
        const std::string no = numbers[static_cast<size_t>(pick(static_cast<int>(numbers.size()) - 1))];
        switch (orders::load(*database_, no)->state) {
            case State::paid:
                if (pick(5) == 0) {
                    refund(no, Fen{1 + pick(30000)});
                    move(no, State::refunded);
                } else if (pick(2) == 0) {
                    decide(no, pick(1) != 0 ? std::vector<std::string>{"A1", "B2"} : std::vector<std::string>{"B2"},
                           pick(3) == 0);
                    move(no, State::rejected);
                } else {
                    decide(no, {}, false);
                    move(no, State::approved);
                }
                break;
            case State::rejected: move(no, State::paid); break;
            case State::approved:
                if (pick(4) == 0) {
                    move(no, State::paid);
                } else {
                    ++certificates;
                    certificate(no, certificates, pick(4) == 0 ? clock_.now() + pick(40) * kHour : Instant{});
                    move(no, State::issued);
                }
                break;
            case State::issued: move(no, State::packed); break;
            case State::packed: {
                move(no, State::completed);
                const auto& payment = ledger_.orders[no].payment;
                const bool there = *database_->read([&](storage::Tx& tx) -> Result<bool> {
                    return storage::one<std::int64_t>(tx, "SELECT COUNT(*) FROM invoices WHERE payment_no = :no", 0, payment.no) >
                           0;
                });
                if (!there) invoice(fmt::format("{:020}", ++invoices), payment.no, payment.total.value, 7);
                break;
            }
            case State::completed:
            case State::refunded: break;
        }
    }
    for (Day day{2026, 11, 19}; start_of(day) <= clock_.now(); day = next(day)) {
        SCOPED_TRACE(text_of(day));
        check_against_ledger(day);
    }
    // The days held something of everything, so that no comparison above was of zeros only.
    std::map<std::string, int> reached;
    for (const auto& passage : ledger_.passages) ++reached[passage.to];
    for (const State state :
         {State::paid, State::rejected, State::approved, State::issued, State::packed, State::completed, State::refunded})
        EXPECT_GT(reached[name_of(state)], 0) << name_of(state);
    EXPECT_GT(ledger_.revoked.size(), 0U);
    EXPECT_GT(invoices, 0);
    EXPECT_TRUE(std::any_of(ledger_.decisions.begin(), ledger_.decisions.end(), [](const Decision& one) { return one.undone; }));
}

TEST_P(DailyTest, MidnightInShanghaiParts) {
    auto late = tests::sample_order(1), early = tests::sample_order(2);
    late.payment.paid_at = start_of(kDay22) + -1;
    early.payment.paid_at = start_of(kDay22);
    clock_.set(late.payment.paid_at);
    insert({late});
    clock_.set(early.payment.paid_at);
    insert({early});
    const auto made = report(*database_, supervisor_, kDay22);
    ASSERT_OK(made);
    EXPECT_EQ(made->flows[0].start, 1);
    EXPECT_EQ(made->flows[0].in, 1);
    EXPECT_EQ(made->flows[0].end, 2);
    EXPECT_EQ(made->takings[0].payments, 0);
    EXPECT_EQ(made->takings[1].payments, 1);
    EXPECT_EQ(made->takings[1].gross, Fen{31600});
    EXPECT_FALSE(made->closed);
    check_against_ledger(kDay22);
    check_against_ledger(Day{2026, 11, 21});
}

TEST_P(DailyTest, CountsInvoicesAndShowsTheAuditHead) {
    insert({tests::sample_order(1)});
    EXPECT_EQ(report(*database_, supervisor_, kDay22)->audit_head, std::string(64, '0'));
    invoice("26320000000000000001", "ZF0001", 31600, 2361);
    decide("DD20261122-0001", {"A1"}, false);
    const auto made = report(*database_, supervisor_, kDay22);
    ASSERT_OK(made);
    EXPECT_EQ(made->invoices, 1);
    EXPECT_EQ(made->invoiced, Fen{31600});
    EXPECT_EQ(made->invoiced_tax, Fen{2361});
    EXPECT_EQ(made->audit_head, *audit::head(*database_));
    EXPECT_EQ(made->rejections.at(0).text, "缺A1");
    const auto list = rows_of(kDay22, {Kind::invoices, {}, {}, {}});
    ASSERT_EQ(list.size(), 1U);
    EXPECT_EQ(list[0].detail, "26320000000000000001");
    EXPECT_EQ(list[0].order_no, "DD20261122-0001");
}

TEST_P(DailyTest, SaysWhatDoesNotTie) {
    auto pair = tests::paid_together({1, 2});
    for (auto& order : pair) order.payment.paid_at = clock_.now();
    insert({pair[0]});  // the second order of the payment has not arrived
    EXPECT_EQ(report(*database_, supervisor_, kDay22)->faults.size(), 1U);
    insert({pair[1]});
    EXPECT_THAT(report(*database_, supervisor_, kDay22)->faults, testing::IsEmpty());
    ASSERT_OK(database_->write([](storage::Tx& tx) -> Result<> {
        tx.sql << "UPDATE orders SET state = 'issued' WHERE no = 'DD20261122-0001'";
        return {};
    }));
    EXPECT_EQ(report(*database_, supervisor_, kDay22)->faults.size(), 2U);
    clock_.advance(3 * kDay);
    EXPECT_EQ(report(*database_, supervisor_, kDay22)->faults.size(), 2U) << "a closed day shows it too";
}

TEST_P(DailyTest, OnlyASupervisorAndOnlyDaysThatHaveBegun) {
    const staff::Actor clerk{"zhao", "赵云", staff::Role::clerk | staff::Role::reviewer};
    EXPECT_EQ(report(*database_, clerk, kDay22).error().kind, ErrorKind::denied);
    EXPECT_EQ(rows(*database_, clerk, kDay22, {}).error().kind, ErrorKind::denied);
    EXPECT_EQ(report(*database_, supervisor_, next(kDay22)).error().kind, ErrorKind::refused);
    ASSERT_OK(report(*database_, supervisor_, kDay22));
}

SEALDESK_ON_BOTH_ENGINES(DailyTest);

TEST(Percentile, IsTheNearestRank) {
    EXPECT_EQ(percentile({}, 50), 0);
    EXPECT_EQ(percentile({7}, 50), 7);
    EXPECT_EQ(percentile({7}, 90), 7);
    EXPECT_EQ(percentile({1, 2, 3, 4}, 50), 2);
    EXPECT_EQ(percentile({1, 2, 3, 4, 5}, 50), 3);
    EXPECT_EQ(percentile({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 90), 9);
    EXPECT_EQ(percentile({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 90), 10);
}
