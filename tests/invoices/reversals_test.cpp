#include "invoices/reversals.h"

#include <gmock/gmock.h>

#include "acts/acts.h"
#include "audit/audit.h"
#include "invoices/invoice_json.h"
#include "tests/invoices/own_range.h"

using namespace sealdesk;
using namespace sealdesk::invoices;
using orders::State;
using testing::HasSubstr;

class ReversalTest : public tests::OwnRange {
protected:
    std::vector<std::string> issued_numbers(const std::string& text, int limit) {
        std::vector<std::string> numbers;
        for (const auto& each : invoices::issued(*database_, limit, text).value_or(std::vector<Issued>{}))
            numbers.push_back(each.number);
        return numbers;
    }

    static constexpr VoidTicks kTicked{true, true};
};

TEST_P(ReversalTest, AVoidedNumberStaysAndThePaymentWaitsAgain) {
    on_paper();
    ASSERT_OK(tests::put(*database_, {tests::sample_order(1)}, State::issued));
    const auto first = issued("ZF0001");
    EXPECT_EQ(void_invoice(*database_, clerk_, first, " ", kTicked).error().kind, ErrorKind::refused);
    for (const VoidTicks& ticks : {VoidTicks{}, VoidTicks{true, false}, VoidTicks{false, true}})
        EXPECT_THAT(void_invoice(*database_, clerk_, first, "打印时卡纸", ticks).error().message, HasSubstr("没有认证"));
    EXPECT_EQ(find(*database_, first)->standing, Standing::live);
    const auto voided = void_invoice(*database_, clerk_, first, "打印时卡纸", kTicked);
    ASSERT_OK(voided);
    EXPECT_EQ(voided->standing, Standing::voided);
    EXPECT_EQ(voided->reason, "打印时卡纸");
    EXPECT_EQ(void_invoice(*database_, clerk_, first, "再一次", kTicked).error().kind, ErrorKind::conflict);
    ASSERT_EQ(candidates(*database_)->size(), 1U);
    const auto second = issued("ZF0001");
    EXPECT_NE(second, first);
    EXPECT_EQ(of_payment(*database_, "ZF0001")->value().number, second);
    EXPECT_TRUE(candidates(*database_)->empty());
    clock_.advance(31 * kDay);
    EXPECT_THAT(void_invoice(*database_, clerk_, second, "写错", kTicked).error().message, HasSubstr("不是本月开的"));
    expect_gapless();
    EXPECT_FALSE(audit::verify(*database_)->first_bad);
}

// Whoever gave its number: nobody hands a sheet back, and the buyer has it already.
TEST_P(ReversalTest, AFullyDigitalOneIsNeverVoided) {
    ASSERT_OK(tests::put(*database_, {tests::sample_order(1)}, State::issued));
    const auto blue = issued("ZF0001");
    ASSERT_TRUE(is_fully_digital(*find(*database_, blue)));
    const auto refusal = void_invoice(*database_, clerk_, blue, "写错", kTicked);
    ASSERT_FALSE(refusal);
    EXPECT_EQ(refusal.error().kind, ErrorKind::refused);
    EXPECT_THAT(refusal.error().message, HasSubstr("是数电票，不能作废"));
    EXPECT_EQ(find(*database_, blue)->standing, Standing::live);
    const orders::InvoiceTitle right{orders::SubjectKind::unit, "南京钧石建设有限公司", "91320104MA1X1K2L3Q"};
    ASSERT_OK(correct_title(*database_, clerk_, taxes_, blue, right, kTicked));
    EXPECT_EQ(find(*database_, blue)->standing, Standing::reversed) << "a wrong title as well";
    EXPECT_EQ(pair_of(*database_, blue)->size(), 2U);
    expect_gapless();
}

TEST_P(ReversalTest, ALaterMonthNeedsARedLetter) {
    ASSERT_OK(tests::put(*database_, {tests::sample_order(1)}, State::issued));
    const auto blue = issued("ZF0001");
    clock_.advance(31 * kDay);
    const auto red = red_letter(*database_, clerk_, blue, RedReason::mistake);
    ASSERT_OK(red);
    EXPECT_EQ(red->total, Fen{-31600});
    EXPECT_EQ(red->net + red->tax, red->total);
    EXPECT_EQ(red->reverses, blue);
    EXPECT_THAT(red->remark, HasSubstr(blue));
    EXPECT_THAT(red->remark, HasSubstr("开票有误"));
    const auto pair = pair_of(*database_, red->number);
    ASSERT_OK(pair);
    ASSERT_EQ(pair->size(), 2U);
    EXPECT_EQ(pair->front().standing, Standing::reversed);
    EXPECT_EQ(pair->back().standing, Standing::red);
    EXPECT_EQ(red_letter(*database_, clerk_, blue, RedReason::mistake).error().kind, ErrorKind::conflict);
    EXPECT_EQ(red_letter(*database_, clerk_, red->number, RedReason::mistake).error().kind, ErrorKind::conflict)
        << "of a red one";
    EXPECT_EQ(candidates(*database_)->size(), 1U) << "after a mistake the right one is due";
    expect_gapless();
}

TEST_P(ReversalTest, OneOrderOfAPaymentIsReversedAndTheRestStays) {
    on_paper();
    ASSERT_OK(tests::put(*database_, tests::paid_together({1, 2}), State::issued));
    const auto blue = issued("ZF0001");
    EXPECT_EQ(red_letter(*database_, clerk_, blue, RedReason::mistake, {"DD20261122-0002"}).error().kind, ErrorKind::refused);
    EXPECT_EQ(red_letter(*database_, clerk_, blue, RedReason::returned, {"DD20261122-0009"}).error().kind, ErrorKind::refused);
    const auto red = red_letter(*database_, clerk_, blue, RedReason::returned, {"DD20261122-0002"});
    ASSERT_OK(red);
    EXPECT_EQ(red->total, Fen{-30000});
    EXPECT_EQ(find(*database_, blue)->standing, Standing::live);
    EXPECT_EQ(red_letter(*database_, clerk_, blue, RedReason::returned, {"DD20261122-0002"}).error().kind, ErrorKind::conflict);
    EXPECT_THAT(void_invoice(*database_, clerk_, blue, "作废", kTicked).error().message, HasSubstr("部分红冲"));
    const auto rest = red_letter(*database_, clerk_, blue, RedReason::returned);
    ASSERT_OK(rest);
    EXPECT_EQ(rest->total, Fen{-31600});
    EXPECT_EQ(find(*database_, blue)->standing, Standing::reversed);
    EXPECT_TRUE(candidates(*database_)->empty()) << "what was given back needs no invoice";
    expect_gapless();
}

TEST_P(ReversalTest, AWrongTitleIsCorrectedAllOrNothing) {
    on_paper();
    ASSERT_OK(tests::put(*database_, {tests::sample_order(1)}, State::issued));
    const auto wrong = issued("ZF0001");
    const orders::InvoiceTitle same = tests::sample_order(1).invoice_title,
                               right{orders::SubjectKind::unit, "南京钧石建设有限公司", "91320104MA1X1K2L3Q"};
    EXPECT_EQ(correct_title(*database_, clerk_, taxes_, wrong, same).error().kind, ErrorKind::refused);
    EXPECT_EQ(correct_title(*database_, clerk_, taxes_, wrong, {orders::SubjectKind::unit, "南京", "12"}).error().kind,
              ErrorKind::refused);
    const auto now = correct_title(*database_, clerk_, taxes_, wrong, right, kTicked);
    ASSERT_OK(now);
    EXPECT_EQ(now->title.name, right.name);
    EXPECT_EQ(find(*database_, wrong)->standing, Standing::voided);
    clock_.advance(31 * kDay);
    const auto later = correct_title(*database_, clerk_, taxes_, now->number, same, kTicked);
    ASSERT_OK(later);
    EXPECT_EQ(find(*database_, now->number)->standing, Standing::reversed);
    EXPECT_EQ(pair_of(*database_, now->number)->size(), 2U);
    expect_gapless();
    // The range ends in the middle: nothing has happened.
    ASSERT_OK(database_->write([&](storage::Tx& tx) -> Result<> {
        storage::change(tx, "UPDATE number_ranges SET last = next WHERE name = 'invoice'");
        return {};
    }));
    clock_.advance(31 * kDay);
    EXPECT_FALSE(correct_title(*database_, clerk_, taxes_, later->number, right));
    EXPECT_EQ(find(*database_, later->number)->standing, Standing::live);
    expect_gapless();
}

TEST_P(ReversalTest, AWrongTitleThatMayBeInSomebodysBooksIsReversed) {
    on_paper();
    ASSERT_OK(tests::put(*database_, {tests::sample_order(1)}, State::issued));
    const auto wrong = issued("ZF0001");
    const orders::InvoiceTitle right{orders::SubjectKind::unit, "南京钧石建设有限公司", "91320104MA1X1K2L3Q"};
    ASSERT_OK(correct_title(*database_, clerk_, taxes_, wrong, right, {true, false}));
    EXPECT_EQ(find(*database_, wrong)->standing, Standing::reversed);
    EXPECT_EQ(of_payment(*database_, "ZF0001")->value().title.name, right.name);
    expect_gapless();
}

TEST_P(ReversalTest, OneInvoiceForEachOrderIsExactToTheFen) {
    on_paper();
    auto three = tests::paid_together({1, 2, 3});
    for (auto& order : three) {
        order.amounts = {Fen{9999}, Fen{3333}};
        order.payment.total = Fen{3 * 13332 + 1600};
    }
    ASSERT_OK(tests::put(*database_, {three[0], three[1]}, State::issued));
    ASSERT_OK(tests::put(*database_, {three[2]}, State::approved));
    EXPECT_TRUE(candidates(*database_)->front().may_split);
    ASSERT_OK(invoice_each(*database_, clerk_, "ZF0001", true));
    EXPECT_FALSE(issue(*database_, clerk_, taxes_, "ZF0001")) << "by order only";
    Fen total = find(*database_, issued("ZF0001", three[1].no))->total;
    EXPECT_EQ(total, Fen{13332 + 1600}) << "the first one carries freight and handling fee";
    EXPECT_FALSE(issue(*database_, clerk_, taxes_, "ZF0001", three[2].no)) << "not issued yet";
    total += find(*database_, issued("ZF0001", three[0].no))->total;
    EXPECT_EQ(invoice_each(*database_, clerk_, "ZF0001", false).error().kind, ErrorKind::conflict);
    EXPECT_EQ(of_order(*database_, three[0].no)->value().order_no, three[0].no);
    EXPECT_FALSE(of_order(*database_, three[2].no)->has_value());
    ASSERT_OK(tests::move(*database_, three[2].no, State::issued));
    ASSERT_EQ(candidates(*database_)->size(), 1U);
    total += find(*database_, issued("ZF0001", three[2].no))->total;
    EXPECT_EQ(total, three[0].payment.total);
    EXPECT_TRUE(candidates(*database_)->empty());
    // Void and again: the freight goes with the one that carried it.
    const auto carrying = of_order(*database_, three[1].no)->value();
    ASSERT_OK(void_invoice(*database_, clerk_, carrying.number, "卡纸", kTicked));
    EXPECT_EQ(find(*database_, issued("ZF0001", three[1].no))->total, carrying.total);
    expect_gapless();
}

TEST_P(ReversalTest, SpoiledSheetsAreRecordedWithTheirNumbers) {
    EXPECT_EQ(spoil(*database_, clerk_, "").error().kind, ErrorKind::refused);
    const auto sheet = spoil(*database_, clerk_, "卷纸撕破");
    ASSERT_OK(sheet);
    ASSERT_OK(tests::put(*database_, {tests::sample_order(1)}, State::issued));
    EXPECT_GT(issued("ZF0001"), *sheet);
    const auto list = spoiled_sheets(*database_, 10);
    ASSERT_EQ(list->size(), 1U);
    EXPECT_EQ(list->front().reason, "卷纸撕破");
    expect_gapless();
}

TEST_P(ReversalTest, ARefundWaitsForItsRedLetter) {
    const auto pair = tests::paid_together({1, 2});
    ASSERT_OK(tests::put(*database_, pair, State::issued));
    const auto blue = issued("ZF0001");
    refunded_after_writing(pair[1].no);
    auto due = refunds_due(*database_);
    ASSERT_EQ(due->size(), 1U);
    EXPECT_EQ(due->front().invoice, blue);
    EXPECT_THAT(finish_refund(*database_, clerk_, pair[1].no).error().message, HasSubstr("还没有红冲"));
    EXPECT_FALSE(refund_may_close(*database_, pair[1].no));
    EXPECT_EQ(finish_refund(*database_, clerk_, pair[1].no, "申请人不要").error().kind, ErrorKind::denied);
    ASSERT_OK(red_letter(*database_, clerk_, blue, RedReason::returned, {pair[1].no}));
    EXPECT_EQ(refunds_due(*database_)->front().invoice, "");
    ASSERT_OK(refund_may_close(*database_, pair[1].no));
    ASSERT_OK(finish_refund(*database_, clerk_, pair[1].no));
    EXPECT_TRUE(refunds_due(*database_)->empty());
    EXPECT_EQ(finish_refund(*database_, clerk_, pair[1].no).error().kind, ErrorKind::conflict);
    refunded_after_writing(pair[0].no);
    ASSERT_OK(finish_refund(*database_, boss_, pair[0].no, "税务局已代开红字"));
    ASSERT_OK(refund_may_close(*database_, pair[0].no));
}

TEST_P(ReversalTest, WhatWasRefundedAfterWritingIsNotInvoiced) {
    const auto pair = tests::paid_together({1, 2});
    ASSERT_OK(tests::put(*database_, pair, State::issued));
    refunded_after_writing(pair[1].no);
    const auto waiting = candidates(*database_);
    ASSERT_EQ(waiting->size(), 1U);
    EXPECT_EQ(waiting->front().refunded, 1);
    EXPECT_EQ(waiting->front().total, Fen{31600});
    const auto blue = find(*database_, issued("ZF0001"));
    EXPECT_EQ(blue->order_nos, std::vector<std::string>{pair[0].no});
    EXPECT_EQ(blue->total, Fen{31600});
    EXPECT_EQ(blue->total, blue->net + blue->tax);
    EXPECT_TRUE(acts::of_order(*database_, pair[1].no)->empty());
    ASSERT_OK(finish_refund(*database_, clerk_, pair[1].no));  // nothing stands in its way
    EXPECT_TRUE(candidates(*database_)->empty());
    // All of it refunded: nothing is left to invoice, finished or not.
    ASSERT_OK(tests::put(*database_, {tests::sample_order(3)}, State::issued));
    refunded_after_writing("DD20261122-0003");
    EXPECT_TRUE(candidates(*database_)->empty());
    EXPECT_THAT(issue(*database_, clerk_, taxes_, "ZF0003").error().message, HasSubstr("已全部退款"));
    ASSERT_OK(finish_refund(*database_, boss_, "DD20261122-0003", "主管决定"));
    EXPECT_THAT(issue(*database_, clerk_, taxes_, "ZF0003").error().message, HasSubstr("已全部退款"));
    expect_gapless();
}

TEST_P(ReversalTest, WhatARedLetterGaveBackIsNotBilledAgainByARightTitle) {
    const auto three = tests::paid_together({1, 2, 3});
    ASSERT_OK(tests::put(*database_, three, State::issued));
    const orders::InvoiceTitle right{orders::SubjectKind::unit, "南京钧石建设有限公司", "91320104MA1X1K2L3Q"};
    const auto blue = issued("ZF0001");
    refunded_after_writing(three[1].no);
    ASSERT_OK(red_letter(*database_, clerk_, blue, RedReason::returned, {three[1].no}));
    ASSERT_OK(red_letter(*database_, clerk_, blue, RedReason::ended, {three[2].no}));  // without a refund of the portal
    const auto now = correct_title(*database_, clerk_, taxes_, blue, right);
    ASSERT_OK(now);
    EXPECT_EQ(now->order_nos, std::vector<std::string>{three[0].no});
    EXPECT_EQ(now->total, Fen{31600});
    EXPECT_EQ(find(*database_, blue)->standing, Standing::reversed);
    EXPECT_TRUE(candidates(*database_)->empty());
    expect_gapless();
}

TEST_P(ReversalTest, FreightThatWasGivenBackIsNotBilledWithAnotherOrder) {
    const auto pair = tests::paid_together({1, 2});
    ASSERT_OK(tests::put(*database_, pair, State::issued));
    ASSERT_OK(invoice_each(*database_, clerk_, "ZF0001", true));
    const auto first = find(*database_, issued("ZF0001", pair[0].no));
    EXPECT_EQ(first->total, Fen{31600});
    ASSERT_OK(red_letter(*database_, clerk_, first->number, RedReason::returned));
    EXPECT_EQ(find(*database_, issued("ZF0001", pair[1].no))->total, Fen{30000});
}

TEST_P(ReversalTest, ADiscountIsASupervisorsAndExactToTheFen) {
    const auto pair = tests::paid_together({1, 2});
    ASSERT_OK(tests::put(*database_, pair, State::issued));
    EXPECT_EQ(set_discount(*database_, clerk_, "ZF0001", "", Fen{100}, "老客户").error().kind, ErrorKind::denied);
    EXPECT_EQ(set_discount(*database_, boss_, "ZF0001", "", Fen{100}, " ").error().kind, ErrorKind::refused);
    EXPECT_EQ(set_discount(*database_, boss_, "ZF0001", "", Fen{-100}, "老客户").error().kind, ErrorKind::refused);
    EXPECT_EQ(set_discount(*database_, boss_, "ZF0001", "", Fen{61600}, "老客户").error().kind, ErrorKind::refused)
        << "nothing would be left";
    EXPECT_EQ(set_discount(*database_, boss_, "ZF0001", pair[0].no, Fen{100}, "老客户").error().kind, ErrorKind::refused);
    ASSERT_OK(set_discount(*database_, boss_, "ZF0001", "", Fen{9999}, "写错"));
    ASSERT_OK(set_discount(*database_, boss_, "ZF0001", "", Fen{20001}, "老客户"));
    EXPECT_EQ(candidates(*database_)->front().discount, Fen{20001});
    EXPECT_EQ(candidates(*database_)->front().total, Fen{41599});
    const auto blue = find(*database_, issued("ZF0001"));
    ASSERT_EQ(blue->lines.size(), 8U);
    EXPECT_EQ(blue->total, Fen{41599});
    EXPECT_EQ(blue->net + blue->tax, blue->total);
    EXPECT_TRUE(blue->lines[1].discount);
    EXPECT_EQ(blue->lines[1].gross, Fen{-20000}) << "the whole service of the first order";
    EXPECT_EQ(blue->lines[1].net, Fen{-18868});
    EXPECT_EQ(blue->lines[1].quantity, 0);
    EXPECT_EQ(blue->lines[1].order_no, pair[0].no);
    EXPECT_EQ(blue->lines[1].printed, blue->lines[0].printed);
    EXPECT_TRUE(blue->lines[4].discount) << "one fen off the next service; hardware has the higher rate";
    EXPECT_EQ(blue->lines[4].gross, Fen{-1});
    EXPECT_EQ(to_json(*invoice_from_json_text(to_json(*blue).dump())), to_json(*blue));
    EXPECT_EQ(set_discount(*database_, boss_, "ZF0001", "", Fen{}, "").error().kind, ErrorKind::conflict) << "issued already";
    // The discount stays through a new title, and goes with the order that it was on.
    const orders::InvoiceTitle right{orders::SubjectKind::unit, "南京钧石建设有限公司", "91320104MA1X1K2L3Q"};
    const auto now = correct_title(*database_, clerk_, taxes_, blue->number, right);
    ASSERT_OK(now);
    EXPECT_EQ(now->total, Fen{41599});
    const auto red = red_letter(*database_, clerk_, now->number, RedReason::returned, {pair[0].no});
    ASSERT_OK(red);
    EXPECT_EQ(red->total, Fen{-10000});
    clock_.advance(31 * kDay);
    const auto rest = correct_title(*database_, clerk_, taxes_, now->number, tests::sample_order(1).invoice_title);
    ASSERT_OK(rest);
    EXPECT_EQ(rest->total, Fen{31599});
    expect_gapless();
    EXPECT_FALSE(audit::verify(*database_)->first_bad);
}

TEST_P(ReversalTest, ARedLetterTakesOnlyItsOwnOrdersDiscount) {
    const auto pair = tests::paid_together({1, 2});
    ASSERT_OK(tests::put(*database_, pair, State::issued));
    ASSERT_OK(invoice_each(*database_, clerk_, "ZF0001", true));
    for (const auto& order : pair) ASSERT_OK(set_discount(*database_, boss_, "ZF0001", order.no, Fen{1000}, "老客户"));
    const auto first = find(*database_, issued("ZF0001", pair[0].no));
    ASSERT_OK(first);
    EXPECT_EQ(first->total, Fen{30600}) << "with freight";
    ASSERT_OK(red_letter(*database_, clerk_, first->number, RedReason::returned));
    EXPECT_EQ(find(*database_, issued("ZF0001", pair[1].no))->total, Fen{29000});
}

TEST_P(ReversalTest, NumbersAndWhatBelongsToThemAreThereTogetherOrNotAtAll) {
    ASSERT_OK(tests::put(*database_, {tests::sample_order(1)}, State::issued));
    const auto no = [](storage::Tx&, const std::vector<Invoice>&) { return fail(ErrorKind::device, "纸"); };
    EXPECT_EQ(issue(*database_, clerk_, taxes_, "ZF0001", "", no).error().kind, ErrorKind::device);
    EXPECT_EQ(orders::number_range(*database_, "invoice")->next, 1);
    EXPECT_TRUE(acts::of_order(*database_, "DD20261122-0001")->empty());
    const auto blue = issued("ZF0001");
    clock_.advance(31 * kDay);
    EXPECT_EQ(red_letter(*database_, clerk_, blue, RedReason::mistake, {}, {}, no).error().kind, ErrorKind::device);
    const orders::InvoiceTitle right{orders::SubjectKind::unit, "南京钧石建设有限公司", "91320104MA1X1K2L3Q"};
    EXPECT_EQ(correct_title(*database_, clerk_, taxes_, blue, right, {}, no).error().kind, ErrorKind::device);
    EXPECT_EQ(find(*database_, blue)->standing, Standing::live);
    std::vector<std::string> numbered;
    ASSERT_OK(correct_title(*database_, clerk_, taxes_, blue, right, {},
                            [&](storage::Tx&, const std::vector<Invoice>& list) -> Result<> {
                                for (const auto& each : list) numbered.push_back(each.number);
                                return {};
                            }));
    EXPECT_EQ(numbered.size(), 2U) << "the red letter and the right one";
    expect_gapless();
}

TEST_P(ReversalTest, OldInvoicesAreFound) {
    ASSERT_OK(tests::put(*database_, tests::paid_together({1, 2}), State::issued));
    ASSERT_OK(tests::put(*database_, {tests::sample_order(3)}, State::issued));
    const auto old = issued("ZF0001");
    clock_.advance(kDay);
    const auto newer = issued("ZF0003");
    EXPECT_EQ(issued_numbers("", 1), std::vector<std::string>{newer});
    for (const std::string& text :
         {old, old.substr(15), std::string("垚鑫第1"), std::string("zf0001"), std::string("DD20261122-0002")})
        EXPECT_EQ(issued_numbers(text, 10), std::vector<std::string>{old}) << text;
    EXPECT_EQ(issued_numbers("91320104ma1x1k2l3q", 10), (std::vector<std::string>{newer, old}));
    EXPECT_TRUE(issued_numbers("%", 10).empty());
    EXPECT_TRUE(issued_numbers("_", 10).empty());
}

SEALDESK_ON_BOTH_ENGINES(ReversalTest);
