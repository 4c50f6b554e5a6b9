#include "invoices/allowances.h"

#include <gmock/gmock.h>

#include <map>
#include <random>

#include "acts/acts.h"
#include "audit/audit.h"
#include "tests/invoices/own_range.h"

using namespace sealdesk;
using namespace sealdesk::invoices;
using orders::State;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

Line line_of(const std::string& order_no, Item item, Fen gross, int rate_per_mille) {
    Line line;
    line.order_no = order_no;
    line.item = item;
    line.gross = gross;
    line.rate_per_mille = rate_per_mille;
    const TaxSplit split = split_tax(gross, rate_per_mille);
    line.net = split.net;
    line.tax = split.tax;
    return line;
}

Invoice red_of(const std::vector<Line>& lines) {
    Invoice red;
    for (Line line : lines) {
        line.gross = -line.gross;
        line.net = -line.net;
        line.tax = -line.tax;
        line.quantity = 0;
        if (red.order_nos.empty()) red.order_nos = {line.order_no};
        red.lines.push_back(line);
    }
    return red;
}

// Net and tax of each order's items, discounts with them.
using Sums = std::map<std::pair<std::string, Item>, std::pair<Fen, Fen>>;
void add(Sums& sums, const std::vector<Line>& lines) {
    for (const auto& line : lines) {
        auto& [net, tax] = sums[{line.order_no, line.item}];
        net += line.net;
        tax += line.tax;
    }
}

class AllowanceTest : public tests::OwnRange {
protected:
    Result<Invoice> allow(const std::string& blue, const std::string& order, Fen amount) {
        return red_letter(*database_, clerk_, blue, RedReason::allowance, {order}, amount);
    }
    // Of everything that is in the ledger.
    Fen in_the_books(const char* column = "total") {
        Fen sum;
        EXPECT_TRUE(database_->read([&](storage::Tx& tx) -> Result<> {
            sum.value = storage::one<std::int64_t>(
                tx, std::string("SELECT CAST(COALESCE(SUM(") + column + "), 0) AS BIGINT) FROM invoices WHERE state <> 'voided'",
                0);
            return {};
        }));
        return sum;
    }

    const std::string one_ = "DD20261122-0001", two_ = "DD20261122-0002";
    const orders::InvoiceTitle right_{orders::SubjectKind::unit, "南京钧石建设有限公司", "91320104MA1X1K2L3Q"};
};

}  // namespace

TEST(Allowances, AreSpreadInProportionWithEachLinesOwnRate) {
    Invoice blue;
    blue.lines = {line_of("A", Item::certificate, Fen{20000}, 60), line_of("A", Item::key, Fen{10000}, 130),
                  line_of("B", Item::certificate, Fen{20000}, 60), line_of("", Item::freight, Fen{1500}, 60)};
    const auto part = allowance_of(lines_left(blue, {}), "A", Fen{5000});
    ASSERT_EQ(part.size(), 2U);
    EXPECT_EQ(part[0].gross, Fen{3333});
    EXPECT_EQ(part[0].net, Fen{3144});
    EXPECT_EQ(part[0].tax, Fen{189});
    EXPECT_EQ(part[1].gross, Fen{1667});
    EXPECT_EQ(part[1].net, Fen{1475});
    EXPECT_EQ(part[1].tax, Fen{192});
    const auto left = lines_left(blue, {red_of(part)});
    EXPECT_EQ(left_of(left, "A"), Fen{25000});
    EXPECT_EQ(left_of(left, "B"), Fen{20000});
    EXPECT_EQ(left_of(left, ""), Fen{1500});
    EXPECT_THAT(orders_left(left), ElementsAre("A", "B"));
    EXPECT_TRUE(taken_by({red_of(part)}, left).empty());
}

// However many there are and however small: each line by its rule, what is left never odd, and all together what was billed.
TEST(Allowances, AreExactToTheFenDownToNothing) {
    std::mt19937 dice(20261122);
    const auto up_to = [&](std::int64_t most) { return std::uniform_int_distribution<std::int64_t>(1, most)(dice); };
    constexpr int kRates[] = {0, 10, 30, 60, 130};
    for (int round = 0; round < 300; ++round) {
        const bool tiny = round % 3 == 0;
        const std::int64_t dearest = tiny ? 300 : 30000;  // fen
        std::vector<Line> lines;
        for (const char* order : {"A", "B"})
            for (const Item item : {Item::certificate, Item::key})
                lines.push_back(line_of(order, item, Fen{up_to(dearest)}, kRates[static_cast<size_t>(up_to(5) - 1)]));
        Invoice blue;
        blue.lines = round % 2 == 0 ? lines : with_discount(lines, Fen{up_to(lines[0].gross.value + lines[1].gross.value)});
        Sums billed, allowed;
        for (const auto& line : blue.lines)
            if (line.order_no == "A") add(billed, {line});
        std::vector<Invoice> reds;
        for (auto left = blue.lines; left_of(left, "A") > Fen{}; left = lines_left(blue, reds)) {
            const Fen open = left_of(left, "A"), amount{up_to(tiny ? std::min<std::int64_t>(3, open.value) : open.value)};
            ASSERT_OK(check_allowance(left, "A", amount));
            EXPECT_FALSE(check_allowance(left, "A", open + Fen{1}));
            const auto part = allowance_of(left, "A", amount);
            Fen sum;
            for (const auto& line : part) {
                sum += line.gross;
                EXPECT_EQ(line.net + line.tax, line.gross);
                EXPECT_GE(line.net, Fen{});
                EXPECT_GE(line.tax, Fen{});
                EXPECT_LE(std::abs((line.net - split_tax(line.gross, line.rate_per_mille).net).value), 1)
                    << "the rule of section 14, but for what rounding left over";
            }
            EXPECT_EQ(sum, amount);
            reds.push_back(red_of(part));
            add(allowed, part);
            Sums rest;
            add(rest, lines_left(blue, reds));
            for (const auto& [of, amounts] : rest) {
                EXPECT_GE(amounts.first, Fen{});
                EXPECT_GE(amounts.second, Fen{});
            }
            EXPECT_EQ(left_of(lines_left(blue, reds), "B"), left_of(blue.lines, "B"));
        }
        std::erase_if(billed, [](const auto& each) { return each.second.first + each.second.second == Fen{}; });
        EXPECT_EQ(allowed, billed) << "round " << round;
        if (HasFailure()) return;
    }
}

TEST_P(AllowanceTest, SeveralOneAfterTheOtherAndThenTheRest) {
    ASSERT_OK(tests::put(*database_, tests::paid_together({1, 2}), State::issued));
    const auto blue = find(*database_, issued("ZF0001"));
    ASSERT_OK(blue);
    Sums billed, back;
    for (const auto& line : blue->lines)
        if (line.order_no == one_) add(billed, {line});
    for (int i = 0; i < 2; ++i) {
        const auto red = allow(blue->number, one_, Fen{5000});
        ASSERT_OK(red);
        EXPECT_EQ(red->total, Fen{-5000});
        EXPECT_EQ(red->net + red->tax, red->total);
        EXPECT_EQ(red->standing, Standing::red);
        EXPECT_EQ(red->reverses, blue->number);
        EXPECT_THAT(red->remark, testing::AllOf(HasSubstr(blue->number), HasSubstr("04 销售折让")));
        EXPECT_THAT(red->order_nos, ElementsAre(one_));
        ASSERT_EQ(red->lines.size(), 2U);
        for (const auto& line : red->lines) {
            EXPECT_EQ(line.quantity, 0) << "money comes back, no KEY";
            EXPECT_EQ(line.unit, "");
        }
        for (Line line : red->lines) line.net = -line.net, line.tax = -line.tax, add(back, {line});
        EXPECT_EQ(find(*database_, blue->number)->standing, Standing::live);
        EXPECT_EQ(of_order(*database_, one_)->value().number, blue->number);
        EXPECT_TRUE(candidates(*database_)->empty());
    }
    EXPECT_FALSE(void_invoice(*database_, clerk_, blue->number, "卡纸", {true, true})) << "a part of it is reversed";
    EXPECT_EQ(in_the_books(), Fen{51600});

    const auto rest = red_letter(*database_, clerk_, blue->number, RedReason::returned, {one_});
    ASSERT_OK(rest);
    EXPECT_EQ(rest->total, Fen{-20000}) << "what is left of it, not more";
    for (Line line : rest->lines) {
        EXPECT_EQ(line.quantity, -1);
        line.net = -line.net, line.tax = -line.tax, add(back, {line});
    }
    EXPECT_EQ(back, billed) << "net and tax of each line";
    EXPECT_EQ(red_letter(*database_, clerk_, blue->number, RedReason::returned, {one_}).error().kind, ErrorKind::conflict);
    EXPECT_EQ(allow(blue->number, one_, Fen{1}).error().kind, ErrorKind::conflict);

    const auto all = red_letter(*database_, clerk_, blue->number, RedReason::returned);
    ASSERT_OK(all);
    EXPECT_EQ(all->total, Fen{-31600});
    EXPECT_THAT(all->order_nos, ElementsAre(two_));
    EXPECT_EQ(find(*database_, blue->number)->standing, Standing::reversed);
    EXPECT_EQ(pair_of(*database_, blue->number)->size(), 5U);
    EXPECT_TRUE(candidates(*database_)->empty());
    EXPECT_EQ(in_the_books(), Fen{});
    EXPECT_EQ(in_the_books("tax"), Fen{});
    EXPECT_EQ(acts::of_order(*database_, one_)->size(), 4U) << "the portal hears of each, and of the last one nothing";
    expect_gapless();
    EXPECT_FALSE(audit::verify(*database_)->first_bad);
}

TEST_P(AllowanceTest, WhatIsNoAllowanceIsRefusedAndNothingIsNumbered) {
    ASSERT_OK(tests::put(*database_, tests::paid_together({1, 2}), State::issued));
    const auto blue = issued("ZF0001");
    const auto said = [&](RedReason reason, const std::vector<std::string>& orders, Fen amount) {
        const auto red = red_letter(*database_, clerk_, blue, reason, orders, amount);
        EXPECT_FALSE(red);
        if (red) return std::string();
        EXPECT_EQ(red.error().kind, ErrorKind::refused) << red.error().message;
        return red.error().message;
    };
    for (const Fen amount : {Fen{}, Fen{-100}}) EXPECT_THAT(said(RedReason::allowance, {one_}, amount), HasSubstr("大于 0"));
    EXPECT_THAT(said(RedReason::allowance, {one_}, Fen{30001}), HasSubstr("300.00"));
    EXPECT_THAT(said(RedReason::mistake, {one_}, Fen{5000}), HasSubstr("只能全部红冲"));
    EXPECT_THAT(said(RedReason::mistake, {}, Fen{5000}), HasSubstr("只能全部红冲"));
    EXPECT_THAT(said(RedReason::returned, {one_}, Fen{5000}), HasSubstr("销售折让"));
    EXPECT_THAT(said(RedReason::ended, {one_}, Fen{5000}), HasSubstr("销售折让"));
    EXPECT_THAT(said(RedReason::allowance, {}, Fen{5000}), HasSubstr("选择订单"));
    EXPECT_THAT(said(RedReason::allowance, {one_, two_}, Fen{5000}), HasSubstr("选择订单"));
    EXPECT_THAT(said(RedReason::allowance, {"DD20261122-0009"}, Fen{5000}), HasSubstr("不在发票"));
    const staff::Actor officer{"qian", "钱进", static_cast<staff::Roles>(staff::Role::officer)};
    EXPECT_EQ(red_letter(*database_, officer, blue, RedReason::allowance, {one_}, Fen{5000}).error().kind, ErrorKind::denied);
    EXPECT_EQ(pair_of(*database_, blue)->size(), 1U);
    EXPECT_EQ(orders::number_range(*database_, "invoice")->next, 2);

    ASSERT_OK(allow(blue, one_, Fen{30000}));
    const auto last = red_letter(*database_, clerk_, blue, RedReason::allowance, {}, Fen{29999});
    ASSERT_OK(last);
    EXPECT_THAT(last->order_nos, ElementsAre(two_)) << "there is only one order left that it can be for";
    ASSERT_OK(red_letter(*database_, clerk_, blue, RedReason::allowance, {}, Fen{1}));
    EXPECT_EQ(red_letter(*database_, clerk_, blue, RedReason::allowance, {}, Fen{1}).error().kind, ErrorKind::conflict)
        << "freight is no order's";
    EXPECT_EQ(find(*database_, blue)->standing, Standing::live);
    EXPECT_EQ(red_letter(*database_, clerk_, blue, RedReason::ended)->total, Fen{-1600});
    EXPECT_EQ(audit::page(*database_, "ZF0001", 0, 10)->front().action, "invoice.red") << "it is in somebody's trail";
    EXPECT_EQ(find(*database_, blue)->standing, Standing::reversed);
    EXPECT_TRUE(candidates(*database_)->empty()) << "what was allowed needs no invoice";
    expect_gapless();
}

TEST_P(AllowanceTest, ARefundOfTheWholeOrderWaitsForTheRedLetterOfTheRest) {
    ASSERT_OK(tests::put(*database_, tests::paid_together({1, 2}), State::issued));
    const auto blue = issued("ZF0001");
    ASSERT_OK(allow(blue, two_, Fen{10000}));
    refunded_after_writing(two_);
    EXPECT_EQ(refunds_due(*database_)->front().invoice, blue);
    EXPECT_THAT(finish_refund(*database_, clerk_, two_).error().message, HasSubstr("还没有红冲"));
    EXPECT_FALSE(refund_may_close(*database_, two_));
    const auto rest = red_letter(*database_, clerk_, blue, RedReason::returned, {two_});
    ASSERT_OK(rest);
    EXPECT_EQ(rest->total, Fen{-20000});
    EXPECT_EQ(refunds_due(*database_)->front().invoice, "");
    ASSERT_OK(finish_refund(*database_, clerk_, two_));

    for (const Fen amount : {Fen{29999}, Fen{1}}) {
        if (amount == Fen{1}) {
            refunded_after_writing(one_);
            EXPECT_FALSE(finish_refund(*database_, clerk_, one_)) << "a fen still stands";
        }
        ASSERT_OK(allow(blue, one_, amount));
    }
    ASSERT_OK(finish_refund(*database_, clerk_, one_));  // nothing of it is left to be reversed
}

TEST_P(AllowanceTest, WhatWasAllowedIsNotInvoicedAgain) {
    ASSERT_OK(tests::put(*database_, {tests::sample_order(1)}, State::issued));
    const auto blue = issued("ZF0001");
    ASSERT_OK(allow(blue, one_, Fen{5000}));
    const auto mistake = red_letter(*database_, clerk_, blue, RedReason::mistake);
    ASSERT_OK(mistake);
    EXPECT_EQ(mistake->total, Fen{-26600}) << "all that is left, with the freight";
    ASSERT_EQ(candidates(*database_)->size(), 1U);
    EXPECT_EQ(candidates(*database_)->front().total, Fen{26600});
    const auto second = find(*database_, issued("ZF0001"));
    ASSERT_OK(second);
    EXPECT_EQ(second->total, Fen{26600});
    EXPECT_EQ(second->net + second->tax, second->total);
    EXPECT_EQ(second->lines[0].gross, Fen{16667});
    EXPECT_EQ(second->lines[0].net, split_tax(Fen{16667}, 60).net);
    EXPECT_EQ(second->lines[0].quantity, 1);
    EXPECT_EQ(second->lines[1].gross, Fen{8333});

    ASSERT_OK(allow(second->number, one_, Fen{6600}));
    const auto third = correct_title(*database_, clerk_, taxes_, second->number, right_);
    ASSERT_OK(third);
    EXPECT_EQ(third->total, Fen{20000}) << "without either of the two";
    EXPECT_EQ(in_the_books(), Fen{20000});
    EXPECT_EQ(in_the_books("tax"), third->tax);
    EXPECT_TRUE(candidates(*database_)->empty());
    expect_gapless();
}

TEST_P(AllowanceTest, ADiscountStaysWithItsOrderAndGoesWhenNothingIsLeftOfThat) {
    ASSERT_OK(tests::put(*database_, tests::paid_together({1, 2}), State::issued));
    // The whole service of the first order and 50.00 of the second one's.
    ASSERT_OK(set_discount(*database_, boss_, "ZF0001", "", Fen{25000}, "老客户"));
    const auto blue = issued("ZF0001");
    EXPECT_THAT(allow(blue, one_, Fen{10001}).error().message, HasSubstr("100.00"));
    const auto part = allow(blue, two_, Fen{2500});
    ASSERT_OK(part);
    ASSERT_EQ(part->lines.size(), 2U) << "a discount is not allowed off";
    EXPECT_EQ(part->lines[0].gross, Fen{-1500}) << "of 150.00";
    EXPECT_EQ(part->lines[1].gross, Fen{-1000}) << "of 100.00";
    const auto whole = allow(blue, one_, Fen{10000});
    ASSERT_OK(whole);
    ASSERT_EQ(whole->lines.size(), 1U) << "nothing was paid for its service";
    const auto now = correct_title(*database_, clerk_, taxes_, blue, right_);
    ASSERT_OK(now);
    EXPECT_THAT(now->order_nos, ElementsAre(two_));
    EXPECT_EQ(now->total, Fen{30000 - 2500 - 5000 + 1600});
    EXPECT_EQ(find(*database_, blue)->standing, Standing::reversed);
    EXPECT_EQ(in_the_books(), now->total);
    const auto rest = red_letter(*database_, clerk_, now->number, RedReason::returned, {two_});
    ASSERT_OK(rest);
    EXPECT_EQ(rest->total, Fen{-22500});
    expect_gapless();
}

TEST_P(AllowanceTest, OfAWholeInvoiceGivesTheFreightBackToo) {
    ASSERT_OK(tests::put(*database_, {tests::sample_order(1)}, State::issued));
    const auto blue = issued("ZF0001");
    ASSERT_OK(allow(blue, one_, Fen{1}));
    const auto all = red_letter(*database_, clerk_, blue, RedReason::allowance);
    ASSERT_OK(all);
    EXPECT_EQ(all->total, Fen{-31599});
    for (const auto& line : all->lines) EXPECT_EQ(line.quantity, 0);
    EXPECT_EQ(find(*database_, blue)->standing, Standing::reversed);
    EXPECT_TRUE(candidates(*database_)->empty());
    EXPECT_EQ(in_the_books(), Fen{});
}

SEALDESK_ON_BOTH_ENGINES(AllowanceTest);
