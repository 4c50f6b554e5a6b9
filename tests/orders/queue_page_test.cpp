// A list by kind, by submission, by waiting time, newest or oldest first: every row once, page by page.
#include <gmock/gmock.h>

#include "orders/orders.h"
#include "support/orders.h"

using namespace sealdesk;
using orders::Filter;
using orders::OrderKind;
using orders::State;
using testing::ElementsAre;

namespace {
std::string no(int n) { return tests::sample_order(n).no; }
}  // namespace

class QueuePageTest : public tests::OnBothEngines {
protected:
    void SetUp() override {
        open();
        std::vector<orders::Order> list;
        for (int n = 1; n <= 6; ++n) list.push_back(tests::sample_order(n));
        list[1].kind = list[4].kind = OrderKind::renewal;
        ASSERT_OK(tests::put(*database_, list, State::paid));
        ASSERT_OK(database_->write([&](storage::Tx& tx) -> Result<> {
            SEALDESK_LET(desk, orders::load(tx, no(4)));
            orders::Order corrected = desk.order;
            corrected.submissions.push_back({2, std::string(64, 'b'), "新材料.zip", 2000, tx.now});
            return orders::update_form(tx, desk, corrected);
        }));
    }
    // All pages of two rows.
    std::vector<std::string> all(const Filter& filter) {
        std::vector<std::string> numbers;
        std::optional<orders::Key> after;
        for (;;) {
            const auto rows = orders::page(*database_, filter, after, 2);
            EXPECT_TRUE(rows) << rows.error().message << rows.error().detail;
            if (!rows || rows->empty()) return numbers;
            for (const auto& row : *rows) numbers.push_back(row.no);
            after = orders::Key{rows->back().waiting_since, rows->back().no};
        }
    }
};

TEST_P(QueuePageTest, OldestOrNewestFirst) {
    Filter filter;
    filter.state = State::paid;
    EXPECT_THAT(all(filter), ElementsAre(no(1), no(2), no(3), no(4), no(5), no(6)));
    filter.newest_first = true;
    EXPECT_THAT(all(filter), ElementsAre(no(6), no(5), no(4), no(3), no(2), no(1)));
}

TEST_P(QueuePageTest, OfOneKind) {
    Filter filter;
    filter.state = State::paid;
    filter.kind = OrderKind::renewal;
    EXPECT_THAT(all(filter), ElementsAre(no(2), no(5)));
    filter.kind = OrderKind::change;
    EXPECT_THAT(all(filter), ElementsAre());
    filter.state.reset();
    filter.kind = OrderKind::renewal;
    filter.newest_first = true;
    EXPECT_THAT(all(filter), ElementsAre(no(5), no(2))) << "also of all states";
}

TEST_P(QueuePageTest, OnlyWhatCameAgain) {
    Filter filter;
    filter.state = State::paid;
    filter.resubmitted = true;
    EXPECT_THAT(all(filter), ElementsAre(no(4)));
}

TEST_P(QueuePageTest, OnlyWhatHasWaitedLong) {
    Filter filter;
    filter.state = State::paid;
    filter.waiting_before = orders::load(*database_, no(3))->waiting_since;
    EXPECT_THAT(all(filter), ElementsAre(no(1), no(2), no(3)));
    filter.text = no(2);
    EXPECT_THAT(all(filter), ElementsAre(no(2))) << "together with words";
}

SEALDESK_ON_BOTH_ENGINES(QueuePageTest);
