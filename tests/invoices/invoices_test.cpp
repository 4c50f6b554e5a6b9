#include "invoices/invoices.h"

#include <random>

#include "acts/acts.h"
#include "audit/audit.h"
#include "invoices/invoice_json.h"
#include "orders/number_ranges.h"
#include "support/orders.h"

using namespace sealdesk;
using namespace sealdesk::invoices;
using orders::State;

class InvoiceTest : public tests::OnBothEngines {
protected:
    void SetUp() override {
        open();
        const auto loaded = load_taxes(tests::source("data/taxes.toml"));
        ASSERT_OK(loaded);
        taxes_ = *loaded;
        ASSERT_OK(database_->write([](storage::Tx& tx) { return orders::define(tx, {"invoice", "{yy}320{:015}", 1, 99}); }));
    }
    ErrorKind refusal(const std::string& payment_no, std::string* sentence = nullptr) {
        const auto issued = issue(*database_, clerk_, taxes_, payment_no);
        if (issued) return ErrorKind::internal;
        if (sentence != nullptr) *sentence = issued.error().message;
        return issued.error().kind;
    }
    std::int64_t numbers_left() { return orders::remaining(*database_, "invoice").value_or(-1); }
    void refund(const std::string& no, std::int64_t fen) {
        ASSERT_OK(database_->write([&](storage::Tx& tx) -> Result<> {
            SEALDESK_LET(order, orders::load(tx, no));
            SEALDESK_TRY(orders::move(tx, order, State::refunded, "portal"));
            tx.sql << "INSERT INTO refunds (order_no, amount, at, state) VALUES (:no, :amount, 1, 'settled')", soci::use(no),
                soci::use(fen);
            return {};
        }));
    }

    const staff::Actor clerk_{"zhao", "赵云", static_cast<staff::Roles>(staff::Role::clerk)};
    Taxes taxes_;
};

TEST_P(InvoiceTest, OneInvoiceForAPaymentWithLinesThatAddUp) {
    ASSERT_OK(tests::put(*database_, tests::paid_together({1, 2}), State::issued));
    const auto waiting = candidates(*database_);
    ASSERT_OK(waiting);
    ASSERT_EQ(waiting->size(), 1U);
    EXPECT_EQ(waiting->front().blocked, "");
    EXPECT_EQ(waiting->front().total, Fen{61600});

    const auto invoice = issue(*database_, clerk_, taxes_, "ZF0001");
    ASSERT_OK(invoice);
    EXPECT_EQ(invoice->number, "26320000000000000001");
    EXPECT_EQ(invoice->total, Fen{61600});
    EXPECT_EQ(invoice->net + invoice->tax, invoice->total);
    ASSERT_EQ(invoice->lines.size(), 6U);
    EXPECT_EQ(invoice->lines[0].net, Fen{18868});
    EXPECT_EQ(invoice->lines[0].tax, Fen{1132});
    EXPECT_EQ(invoice->lines[1].rate_per_mille, 130);
    EXPECT_EQ(invoice->lines[4].item, Item::freight);
    EXPECT_EQ(invoice->lines[5].gross, Fen{100});
    EXPECT_EQ(invoice->issued_by, "赵云");

    for (const char* no : {"DD20261122-0001", "DD20261122-0002"}) {
        const auto list = acts::of_order(*database_, no);
        ASSERT_OK(list);
        ASSERT_EQ(list->size(), 1U);
        EXPECT_EQ(list->front().kind, "invoiced");
        EXPECT_EQ(nlohmann::json::parse(list->front().body).at("number"), invoice->number);
    }
    EXPECT_EQ(audit::verify(*database_)->rows, 2);
    EXPECT_TRUE(candidates(*database_)->empty());
}

TEST_P(InvoiceTest, ASecondCallGivesTheSameInvoiceAndTakesNoNumber) {
    ASSERT_OK(tests::put(*database_, {tests::sample_order(1)}, State::issued));
    const auto first = issue(*database_, clerk_, taxes_, "ZF0001");
    ASSERT_OK(first);
    clock_.advance(kDay);
    taxes_.seller.name = "别的中心";
    const auto second = issue(*database_, clerk_, taxes_, "ZF0001");
    ASSERT_OK(second);
    EXPECT_EQ(to_json(*second), to_json(*first));
    EXPECT_EQ(to_json(*find(*database_, first->number)), to_json(*first));
    EXPECT_EQ(to_json(**of_payment(*database_, "ZF0001")), to_json(*first));
    EXPECT_EQ(numbers_left(), 98);
    EXPECT_EQ(acts::of_order(*database_, "DD20261122-0001")->size(), 1U);
}

TEST_P(InvoiceTest, OnlyAClerkIssues) {
    ASSERT_OK(tests::put(*database_, {tests::sample_order(1)}, State::issued));
    const staff::Actor reviewer{"li", "李敏", staff::Role::reviewer | staff::Role::supervisor};
    EXPECT_EQ(issue(*database_, reviewer, taxes_, "ZF0001").error().kind, ErrorKind::denied);
    EXPECT_EQ(numbers_left(), 99);
}

TEST_P(InvoiceTest, WaitsUntilEveryOrderIsIssued) {
    const auto pair = tests::paid_together({1, 2});
    ASSERT_OK(tests::put(*database_, {pair[0]}, State::issued));
    std::string sentence;
    EXPECT_EQ(refusal("ZF0001", &sentence), ErrorKind::refused) << "one order has not arrived";
    ASSERT_OK(tests::put(*database_, {pair[1]}, State::approved));
    EXPECT_EQ(refusal("ZF0001", &sentence), ErrorKind::refused);
    EXPECT_NE(sentence.find("DD20261122-0002"), std::string::npos) << sentence;
    EXPECT_EQ(candidates(*database_)->front().blocked, sentence);
    EXPECT_EQ(numbers_left(), 99);
    ASSERT_OK(tests::move(*database_, "DD20261122-0002", State::issued));
    EXPECT_EQ(candidates(*database_)->front().blocked, "");
    ASSERT_OK(issue(*database_, clerk_, taxes_, "ZF0001"));
}

TEST_P(InvoiceTest, LeavesRefundedOrdersOut) {
    ASSERT_OK(tests::put(*database_, tests::paid_together({1, 2, 3}), State::approved));
    refund("DD20261122-0002", 30000);
    refund("DD20261122-0003", 30800);  // its own amount and 8.00 of the freight
    ASSERT_OK(tests::move(*database_, "DD20261122-0001", State::issued));
    const auto invoice = issue(*database_, clerk_, taxes_, "ZF0001");
    ASSERT_OK(invoice);
    EXPECT_EQ(invoice->order_nos, std::vector<std::string>{"DD20261122-0001"});
    EXPECT_EQ(invoice->total, Fen{30000 + 1500 - 800 + 100});
    EXPECT_TRUE(acts::of_order(*database_, "DD20261122-0002")->empty());
}

TEST_P(InvoiceTest, CountsWhatItsListShowsAndTheRedLettersThatWereRefused) {
    const auto as_listed = [&](std::int64_t count) {
        ASSERT_EQ(*waiting(*database_), count);
        EXPECT_EQ(std::ssize(*candidates(*database_)), count);
    };
    as_listed(0);
    ASSERT_OK(tests::put(*database_, {tests::sample_order(1)}, State::approved));
    as_listed(0);  // nothing to invoice yet
    ASSERT_OK(tests::move(*database_, "DD20261122-0001", State::issued));
    ASSERT_OK(tests::put(*database_, tests::paid_together({2, 3, 4}), State::approved));
    ASSERT_OK(tests::move(*database_, "DD20261122-0002", State::issued));
    as_listed(2);  // the second has to wait for its other orders
    ASSERT_OK(invoice_each(*database_, clerk_, "ZF0002", true));
    as_listed(4);
    refund("DD20261122-0003", 30000);
    as_listed(3);
    ASSERT_OK(issue(*database_, clerk_, taxes_, "ZF0001"));
    ASSERT_OK(issue(*database_, clerk_, taxes_, "ZF0002", "DD20261122-0002"));
    as_listed(1);
    for (const char* state : {"failed", "waiting", "issued"})
        ASSERT_OK(database_->write([&](storage::Tx& tx) -> Result<> {
            storage::change(tx,
                            "INSERT INTO invoice_requests (reference, payment_no, order_no, reverses, reason, follow, document, "
                            "state, asked_by, asked_name, asked_at, changed_at) VALUES (:reference, 'ZF0001', '', :number, '01', "
                            "0, '{}', :state, 'zhao', '赵云', 1, 1)",
                            std::string("red ") + state, std::string("blue ") + state, std::string(state));
            return {};
        }));
    EXPECT_EQ(*waiting(*database_), 2) << "one of them stands";
}

TEST_P(InvoiceTest, RefusesWhatIsRefundedUnknownOrPaidBackTooMuch) {
    ASSERT_OK(tests::put(*database_, {tests::sample_order(1)}, State::refunded));
    EXPECT_EQ(refusal("ZF0001"), ErrorKind::refused);
    EXPECT_EQ(refusal("ZF9999"), ErrorKind::refused);
    EXPECT_TRUE(candidates(*database_)->empty());
    ASSERT_OK(tests::put(*database_, tests::paid_together({2, 3}), State::approved));
    refund("DD20261122-0002", 40000);
    ASSERT_OK(tests::move(*database_, "DD20261122-0003", State::issued));
    EXPECT_EQ(refusal("ZF0002"), ErrorKind::refused);
    EXPECT_EQ(find(*database_, "26320000000000000001").error().kind, ErrorKind::refused);
}

TEST_P(InvoiceTest, RefusesTitlesThatLackSomethingOrDiffer) {
    auto order = tests::sample_order(1);
    order.invoice_title.tax_number = "";
    ASSERT_OK(tests::put(*database_, {order}, State::issued));
    EXPECT_EQ(refusal("ZF0001"), ErrorKind::refused);
    auto pair = tests::paid_together({2, 3});
    pair[1].invoice_title.name = "另一家公司";
    ASSERT_OK(tests::put(*database_, pair, State::issued));
    std::string sentence;
    EXPECT_EQ(refusal("ZF0002", &sentence), ErrorKind::refused);
    EXPECT_NE(sentence.find("另一家公司"), std::string::npos);
    EXPECT_EQ(numbers_left(), 99);
}

TEST_P(InvoiceTest, AnExhaustedRangeOrAWrongOneIssuesNothing) {
    ASSERT_OK(tests::put(*database_, {tests::sample_order(1)}, State::issued));
    const auto define = [&](const orders::NumberRange& range) {
        ASSERT_OK(database_->write([&](storage::Tx& tx) { return orders::define(tx, range); }));
    };
    define({"invoice", "{yy}320{:015}", 100, 99});
    EXPECT_EQ(refusal("ZF0001"), ErrorKind::refused);
    define({"invoice", "{yy}32{:015}", 1, 99});
    EXPECT_EQ(refusal("ZF0001"), ErrorKind::refused);
    EXPECT_EQ(numbers_left(), 99);
    EXPECT_TRUE(acts::of_order(*database_, "DD20261122-0001")->empty());
    // A range set back by another pattern that gives the same numbers.
    define({"invoice", "{yy}320{:015}", 1, 99});
    ASSERT_OK(issue(*database_, clerk_, taxes_, "ZF0001"));
    ASSERT_OK(tests::put(*database_, {tests::sample_order(2)}, State::issued));
    define({"invoice", "26320{:015}", 1, 99});
    EXPECT_EQ(refusal("ZF0002"), ErrorKind::conflict);
    EXPECT_EQ(numbers_left(), 99);
}

TEST_P(InvoiceTest, ARangeOfPaperFormsHasACodeBesideItsNumbers) {
    const auto number_of = [&](const std::string& pattern, int order) {
        EXPECT_TRUE(tests::put(*database_, {tests::sample_order(order)}, State::issued));
        EXPECT_TRUE(database_->write([&](storage::Tx& tx) { return orders::define(tx, {"invoice", pattern, 7, 99}); }));
        const auto invoice = issue(*database_, clerk_, taxes_, tests::sample_order(order).payment.no);
        EXPECT_TRUE(invoice) << (invoice ? "" : invoice.error().message);
        return invoice ? invoice->number : "";
    };
    EXPECT_EQ(number_of("032002600011-{:08}", 1), "032002600011-00000007");
    EXPECT_EQ(number_of("3200260001-{:08}", 2), "3200260001-00000007");
    EXPECT_EQ(number_of("3200260002{:08}", 3), "320026000200000007");
}

SEALDESK_ON_BOTH_ENGINES(InvoiceTest);

TEST(InvoiceNumber, ACodeStandsApartFromItsNumber) {
    const auto parted = [](const std::string& number) {
        const auto printed = printed_number(number);
        return printed ? printed->code + "|" + printed->number : "refused";
    };
    EXPECT_EQ(parted("26322000000001234567"), "|26322000000001234567");
    EXPECT_EQ(parted("032002600011-00000007"), "032002600011|00000007");
    EXPECT_EQ(parted("3200260001-00000007"), "3200260001|00000007");
    EXPECT_EQ(parted("320026000200000007"), "3200260002|00000007");
    for (const char* bad : {"", "-", "1234567", "-26322000000001234567", "32002600011-00000007", "3200260001-0000007",
                            "3200260001-0000-007", "3200260001-0000000A", "26322000000001234567-"})
        EXPECT_EQ(parted(bad), "refused") << bad;
}

TEST(InvoiceTitle, UnitsNeedATaxNumberPersonsAName) {
    using orders::SubjectKind;
    EXPECT_TRUE(check_title({SubjectKind::unit, "甲公司", "91320102MA27D5EK88"}));
    EXPECT_TRUE(check_title({SubjectKind::person, "𠮷垚", ""}));
    EXPECT_FALSE(check_title({SubjectKind::person, " ", ""}));
    EXPECT_FALSE(check_title({SubjectKind::unit, "甲公司", ""}));
    EXPECT_FALSE(check_title({SubjectKind::unit, "甲公司", "9132"}));
    EXPECT_FALSE(check_title({SubjectKind::unit, "甲公司", "91320102ma27d5ek88"}));
    EXPECT_FALSE(check_title({SubjectKind::unit, "", "91320102MA27D5EK88"}));
}

TEST(InvoiceLines, AddUpToTheFenForAnyAmounts) {
    const auto taxes = load_taxes(tests::source("data/taxes.toml"));
    ASSERT_OK(taxes);
    std::mt19937 random(20261122);
    std::uniform_int_distribution<int> amount(0, 99999), count(1, 6);
    for (int round = 0; round < 500; ++round) {
        std::vector<orders::Order> list;
        Fen expected{amount(random)};
        const Fen freight = expected;
        for (int i = count(random); i > 0; --i) {
            list.push_back(tests::sample_order(i));
            list.back().payment.freight = freight;
            list.back().payment.handling_fee = {};
            list.back().amounts = {Fen{amount(random)}, Fen{amount(random)}};
            expected += list.back().amounts.total();
        }
        const auto lines = lines_of(list, *taxes, Day{2026, 11, 22});
        ASSERT_OK(lines);
        Fen sum;
        for (const auto& line : *lines) {
            EXPECT_EQ(line.net + line.tax, line.gross);
            EXPECT_NE(line.gross, Fen{});
            sum += line.net + line.tax;
        }
        ASSERT_EQ(sum, expected);
    }
}
