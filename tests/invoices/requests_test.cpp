#include "invoices/requests.h"

#include <gmock/gmock.h>

#include "acts/acts.h"
#include "audit/audit.h"
#include "base/files.h"
#include "invoices/nuonuo.h"
#include "support/orders.h"
#include "tasks/tasks.h"
#include "tests/support/test_invoice_service.h"

using namespace sealdesk;
using namespace sealdesk::invoices;
using orders::State;
using testing::HasSubstr;
using tests::TestInvoiceService;
using Mood = TestInvoiceService::Mood;

class RequestTest : public tests::OnBothEngines {
protected:
    void SetUp() override {
        open();
        const auto loaded = load_taxes(tests::source("data/taxes.toml"));
        ASSERT_OK(loaded);
        taxes_ = *loaded;
        for (auto& rate : taxes_.rates) rate.code = "3040203000000000000";
        ASSERT_OK(tests::put(*database_, {tests::sample_order(1)}, State::issued));
        remote_ = std::make_unique<TestInvoiceService>(folder_.path());
        account("");
    }
    void account(const std::string& other_secret) {
        Nuonuo::Account account;
        account.app_key = TestInvoiceService::kKey;
        account.app_secret = crypto::Secret(std::string(other_secret.empty() ? TestInvoiceService::kSecret : other_secret));
        account.token = crypto::Secret(std::string(TestInvoiceService::kToken));
        account.telephone = "025-00000000";
        network::HttpClient::Options options;
        options.base = remote_->base();
        options.ca_file = remote_->ca();
        options.timeout = std::chrono::milliseconds(1500);
        service_ = std::make_unique<Nuonuo>(std::move(account), options, clock_, random_);
    }
    // Looks again and again, as the worker does, with time going on.
    Request until_quiet(std::int64_t id) {
        for (int i = 0; i < 30; ++i) {
            const auto now = advance(*database_, *service_, taxes_, files_, id);
            EXPECT_TRUE(now) << (now ? "" : now.error().message + now.error().detail);
            if (!now) break;
            const bool moves =
                now->state == RequestState::asking || now->state == RequestState::waiting || now->state == RequestState::fetching;
            if (!moves) return *now;
            clock_.advance(10 * kMinute);
        }
        return find_request(*database_, id).value_or(Request{});
    }
    Request asked() {
        const auto row = request(*database_, clerk_, taxes_, "ZF0001");
        EXPECT_TRUE(row) << (row ? "" : row.error().message);
        return row.value_or(Request{});
    }
    std::string issued() { return until_quiet(asked().id).number; }

    const staff::Actor clerk_{"zhao", "赵云", static_cast<staff::Roles>(staff::Role::clerk)};
    Taxes taxes_;
    crypto::SystemRandom random_;
    std::unique_ptr<TestInvoiceService> remote_;
    std::unique_ptr<Service> service_;
    std::filesystem::path files_ = folder_.path() / "invoices";
};

TEST_P(RequestTest, IssuedLaterWithItsFiles) {
    remote_->looks_until_issued(3);
    remote_->files_are_late(2);
    const auto row = asked();
    EXPECT_EQ(row.state, RequestState::asking);
    EXPECT_EQ(request(*database_, clerk_, taxes_, "ZF0001")->id, row.id) << "asked for once";
    EXPECT_EQ(issue(*database_, clerk_, taxes_, "ZF0001").error().kind, ErrorKind::conflict) << "nor by the range";
    EXPECT_THAT(candidates(*database_)->front().blocked, HasSubstr("开票服务"));
    EXPECT_EQ(advance(*database_, *service_, taxes_, files_, row.id)->state, RequestState::waiting);
    const auto done = until_quiet(row.id);
    EXPECT_EQ(done.state, RequestState::issued) << done.said;
    const auto invoice = of_payment(*database_, "ZF0001")->value();
    EXPECT_EQ(invoice.number, done.number);
    EXPECT_EQ(invoice.source, Source::service);
    EXPECT_EQ(invoice.total, Fen{31600});
    for (const char* format : {"pdf", "ofd", "xml"})
        EXPECT_EQ(read_file(files_ / (done.number + "." + format)).value_or(""), "file " + done.number + "." + format);
    ASSERT_EQ(remote_->given().size(), 1U);
    EXPECT_EQ(remote_->given()[0].amount, "31600");
    EXPECT_EQ(remote_->given()[0].lines, 4);
    EXPECT_EQ(remote_->bad_signatures(), 0);
    EXPECT_TRUE(candidates(*database_)->empty());
    EXPECT_TRUE(open_requests(*database_)->empty());
    EXPECT_EQ(acts::of_order(*database_, "DD20261122-0001")->size(), 1U);
    EXPECT_EQ(void_invoice(*database_, clerk_, done.number, "写错", {true, true}).error().kind, ErrorKind::refused)
        << "a 数电票 is never voided";
}

TEST_P(RequestTest, ALostAnswerGivesOneInvoice) {
    for (const Mood mood : {Mood::loses_answers, Mood::takes_too_long}) {
        remote_->mood(mood);
        const auto row =
            mood == Mood::loses_answers ? asked() : request(*database_, clerk_, taxes_, "ZF0002").value_or(Request{});
        const auto unsure = advance(*database_, *service_, taxes_, files_, row.id);
        ASSERT_OK(unsure);
        EXPECT_EQ(unsure->state, RequestState::asking) << "nobody knows";
        remote_->mood(Mood::answers);
        EXPECT_EQ(until_quiet(row.id).state, RequestState::issued);
        ASSERT_EQ(remote_->given().size(), mood == Mood::loses_answers ? 1U : 2U);
        EXPECT_EQ(remote_->given().back().asked, 1) << "it was asked what it knew";
        if (mood == Mood::loses_answers) ASSERT_OK(tests::put(*database_, {tests::sample_order(2)}, State::issued));
    }
}

TEST_P(RequestTest, AServiceThatIsDownIsAskedAgain) {
    remote_->mood(Mood::is_down);
    const auto row = asked();
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(advance(*database_, *service_, taxes_, files_, row.id)->state, RequestState::asking);
        clock_.advance(10 * kMinute);
    }
    EXPECT_EQ(find_request(*database_, row.id)->attempts, 3);
    remote_->mood(Mood::answers);
    EXPECT_EQ(advance_due(*database_, *service_, taxes_, files_).value_or(0), 1);
    EXPECT_EQ(until_quiet(row.id).state, RequestState::issued);
}

TEST_P(RequestTest, AClockThatGoesBackKeepsNoInvoiceWaiting) {
    remote_->mood(Mood::is_down);
    const auto row = asked();
    EXPECT_EQ(advance(*database_, *service_, taxes_, files_, row.id)->state, RequestState::asking);
    remote_->mood(Mood::answers);
    EXPECT_EQ(advance_due(*database_, *service_, taxes_, files_).value_or(-1), 0) << "not before its time";
    clock_.advance(-kDay);
    EXPECT_EQ(advance_due(*database_, *service_, taxes_, files_).value_or(-1), 1);
}

TEST_P(RequestTest, ARefusalIsToldAndRetriedWithTheRightTitle) {
    remote_->mood(Mood::refuses);
    const auto row = asked();
    const auto no = until_quiet(row.id);
    EXPECT_EQ(no.state, RequestState::failed);
    EXPECT_THAT(no.said, HasSubstr("购方税号不正确"));
    EXPECT_EQ(advance_due(*database_, *service_, taxes_, files_).value_or(-1), 0) << "it waits for a person";
    EXPECT_EQ(drop_request(*database_, clerk_, *service_, taxes_, row.id, "").error().kind, ErrorKind::refused);
    remote_->mood(Mood::fails_later);
    const auto second = retry_request(*database_, clerk_, *service_, taxes_, row.id);
    ASSERT_OK(second);
    EXPECT_NE(second->reference, row.reference);
    EXPECT_THAT(until_quiet(second->id).said, HasSubstr("开票软件离线"));
    remote_->mood(Mood::answers);
    ASSERT_OK(drop_request(*database_, clerk_, *service_, taxes_, second->id, "改抬头"));
    ASSERT_OK(set_title(*database_, clerk_, "ZF0001", "", {orders::SubjectKind::person, "周敏", ""}));
    EXPECT_EQ(until_quiet(asked().id).state, RequestState::issued);
    EXPECT_EQ(remote_->given().back().buyer, "周敏");
    EXPECT_EQ(of_payment(*database_, "ZF0001")->value().title.name, "周敏");
}

TEST_P(RequestTest, AWrongAccountIsSaidAndNothingIsAsked) {
    account("another secret");
    const auto row = asked();
    const auto no = until_quiet(row.id);
    EXPECT_EQ(no.state, RequestState::failed);
    EXPECT_THAT(no.said, HasSubstr("不认这个账号"));
    EXPECT_GT(remote_->bad_signatures(), 0);
    EXPECT_TRUE(remote_->given().empty());
}

TEST_P(RequestTest, WithoutTaxCodesNothingIsSent) {
    for (auto& rate : taxes_.rates) rate.code.clear();
    EXPECT_THAT(until_quiet(asked().id).said, HasSubstr("没有税收分类编码"));
    EXPECT_TRUE(remote_->given().empty());
}

TEST_P(RequestTest, ANumberThatIsThereAlreadyIsNotTakenTwice) {
    const auto first = issued();
    ASSERT_OK(tests::put(*database_, {tests::sample_order(2)}, State::issued));
    remote_->gives_number(first);
    const auto row = request(*database_, clerk_, taxes_, "ZF0002");
    ASSERT_OK(row);
    const auto no = until_quiet(row->id);
    EXPECT_EQ(no.state, RequestState::failed);
    EXPECT_THAT(no.said, HasSubstr(first));
    EXPECT_FALSE(of_payment(*database_, "ZF0002")->has_value());
}

TEST_P(RequestTest, AnAmountThatDiffersIsRecordedAndTold) {
    remote_->changes_amount_by(1);
    remote_->files_are_late(0);
    const auto row = asked();
    ASSERT_OK(advance(*database_, *service_, taxes_, files_, row.id));
    const auto done = advance(*database_, *service_, taxes_, files_, row.id);
    ASSERT_OK(done);
    EXPECT_FALSE(done->number.empty());
    EXPECT_THAT(done->said, HasSubstr("316.01"));
    EXPECT_EQ(until_quiet(row.id).state, RequestState::issued);
    EXPECT_TRUE(open_requests(*database_)->empty());
    const auto tasks = tasks::open(*database_);
    ASSERT_EQ(tasks->size(), 1U) << "a person still has to look";
    EXPECT_EQ(tasks->front().kind, "invoice_amount");
    EXPECT_EQ(tasks->front().order_no, "DD20261122-0001");
    EXPECT_THAT(tasks->front().sentence, testing::AllOf(HasSubstr("316.01"), HasSubstr(done->number)));
}

TEST_P(RequestTest, WhateverALookMeetsTheRequestStaysAndOneInvoiceComes) {
    remote_->looks_until_issued(1);
    const auto row = asked();
    EXPECT_EQ(advance(*database_, *service_, taxes_, files_, row.id)->state, RequestState::waiting);
    for (const Mood mood : {Mood::forbids, Mood::is_odd, Mood::is_down}) {
        remote_->mood(mood);
        const auto unsure = advance(*database_, *service_, taxes_, files_, row.id);
        ASSERT_OK(unsure);
        EXPECT_EQ(unsure->state, RequestState::waiting) << unsure->said;
        EXPECT_FALSE(unsure->said.empty());
        EXPECT_EQ(retry_request(*database_, clerk_, *service_, taxes_, row.id).error().kind, ErrorKind::conflict);
        EXPECT_EQ(drop_request(*database_, clerk_, *service_, taxes_, row.id, "不要了").error().kind, ErrorKind::conflict);
    }
    remote_->mood(Mood::answers);
    account("another secret");
    EXPECT_EQ(advance(*database_, *service_, taxes_, files_, row.id)->state, RequestState::waiting) << "an expired token";
    account("");
    EXPECT_EQ(until_quiet(row.id).state, RequestState::issued);
    EXPECT_EQ(remote_->given().size(), 1U);
}

TEST_P(RequestTest, BeforeItIsAskedAnewOrGivenUpTheServiceIsAskedForTheOldOne) {
    remote_->mood(Mood::hides);
    const auto row = asked();
    EXPECT_EQ(until_quiet(row.id).state, RequestState::failed);
    for (const Mood mood : {Mood::is_down, Mood::forbids, Mood::is_odd}) {
        remote_->mood(mood);
        EXPECT_THAT(retry_request(*database_, clerk_, *service_, taxes_, row.id).error().message, HasSubstr("要先问清"));
        EXPECT_THAT(drop_request(*database_, clerk_, *service_, taxes_, row.id, "不要了").error().message, HasSubstr("要先问清"));
        EXPECT_EQ(find_request(*database_, row.id)->state, RequestState::failed);
    }
    remote_->mood(Mood::answers);
    const auto old = retry_request(*database_, clerk_, *service_, taxes_, row.id);
    ASSERT_OK(old);
    EXPECT_EQ(old->id, row.id) << "it was issued after all";
    EXPECT_EQ(until_quiet(row.id).state, RequestState::issued);
    ASSERT_EQ(remote_->given().size(), 1U);
    EXPECT_EQ(of_payment(*database_, "ZF0001")->value().number, remote_->given()[0].number);

    ASSERT_OK(tests::put(*database_, {tests::sample_order(2)}, State::issued));
    remote_->mood(Mood::hides);
    const auto second = request(*database_, clerk_, taxes_, "ZF0002");
    ASSERT_OK(second);
    EXPECT_EQ(until_quiet(second->id).state, RequestState::failed);
    remote_->mood(Mood::answers);
    EXPECT_EQ(drop_request(*database_, clerk_, *service_, taxes_, second->id, "不要了").error().kind, ErrorKind::conflict);
    EXPECT_EQ(until_quiet(second->id).state, RequestState::issued) << "nor is it lost by giving it up";
    EXPECT_TRUE(of_payment(*database_, "ZF0002")->has_value());
}

TEST_P(RequestTest, AddressesThatComeLaterAreAskedForAgain) {
    remote_->addresses_are_late(2);
    const auto row = asked();
    ASSERT_OK(advance(*database_, *service_, taxes_, files_, row.id));
    const auto issued = advance(*database_, *service_, taxes_, files_, row.id);
    ASSERT_OK(issued);
    EXPECT_EQ(issued->state, RequestState::fetching);
    EXPECT_FALSE(*pdf_is_here(*database_, issued->number));
    const auto waits = advance(*database_, *service_, taxes_, files_, row.id);
    EXPECT_EQ(waits->state, RequestState::fetching);
    EXPECT_THAT(waits->said, HasSubstr("还没有给出文件的地址"));
    EXPECT_EQ(until_quiet(row.id).state, RequestState::issued);
    for (const char* format : {"pdf", "ofd", "xml"})
        EXPECT_EQ(read_file(files_ / (issued->number + "." + format)).value_or(""), "file " + issued->number + "." + format);
    EXPECT_TRUE(*pdf_is_here(*database_, issued->number));
}

TEST_P(RequestTest, ThePdfIsNeverGivenUpButOtherFormatsAre) {
    remote_->makes_only_pdf(true);
    remote_->files_are_late(1000);
    const auto row = asked();
    for (int i = 0; i < 5; ++i) {
        ASSERT_OK(advance(*database_, *service_, taxes_, files_, row.id));
        clock_.advance(kDay);
    }
    EXPECT_EQ(find_request(*database_, row.id)->state, RequestState::fetching);
    const auto number = find_request(*database_, row.id)->number;
    EXPECT_FALSE(fetch_pdf(*database_, *service_, number, files_));
    remote_->files_are_late(0);
    ASSERT_OK(fetch_pdf(*database_, *service_, number, files_));
    EXPECT_EQ(read_file(files_ / (number + ".pdf")).value_or(""), "file " + number + ".pdf");
    EXPECT_EQ(until_quiet(row.id).state, RequestState::issued);
}

TEST_P(RequestTest, ADiscountIsALineBehindItsOwnAndGoesWithItsOrder) {
    ASSERT_OK(tests::put(*database_, tests::paid_together({2, 3}), State::issued));
    const staff::Actor boss{"sun", "孙主管", static_cast<staff::Roles>(staff::Role::supervisor)};
    ASSERT_OK(set_discount(*database_, boss, "ZF0002", "", Fen{5000}, "老客户"));
    const auto row = request(*database_, clerk_, taxes_, "ZF0002");
    ASSERT_OK(row);
    const auto done = until_quiet(row->id);
    ASSERT_EQ(done.state, RequestState::issued) << done.said;
    EXPECT_EQ(remote_->given().back().properties, "2100000");
    EXPECT_EQ(remote_->given().back().amount, "56600");
    const auto red = request_red(*database_, clerk_, done.number, RedReason::returned, {"DD20261122-0002"});
    ASSERT_OK(red);
    EXPECT_EQ(red->invoice.total, Fen{-25000});
    EXPECT_EQ(until_quiet(red->id).state, RequestState::issued);
    // 200.00 at 6 % is 188.68, 50.00 is 47.17; of 100.00 at 13 % 88.50.
    EXPECT_THAT(remote_->given().back().details, testing::ElementsAre("1:-141.51", "3:-88.50"));
}

TEST_P(RequestTest, ARefundWaitsWhileTheServiceIsAtItsInvoice) {
    asked();
    ASSERT_OK(database_->write([&](storage::Tx& tx) -> Result<> {
        storage::change(tx,
                        "INSERT INTO refunds (order_no, amount, at, state) VALUES ('DD20261122-0001', 30000, 1, "
                        "'needs_person')");
        return {};
    }));
    EXPECT_THAT(finish_refund(*database_, clerk_, "DD20261122-0001").error().message, HasSubstr("已交给开票服务"));
}

TEST_P(RequestTest, ARefundWaitsForARequestThatFailedAndWhatIsIssuedAfterItIsTold) {
    remote_->mood(Mood::hides);
    const auto row = asked();
    EXPECT_EQ(until_quiet(row.id).state, RequestState::failed);
    ASSERT_OK(database_->write([&](storage::Tx& tx) -> Result<> {
        storage::change(tx,
                        "INSERT INTO refunds (order_no, amount, at, state) VALUES ('DD20261122-0001', 30000, 1, "
                        "'needs_person')");
        return {};
    }));
    EXPECT_THAT(finish_refund(*database_, clerk_, "DD20261122-0001").error().message, HasSubstr("放弃"));
    const staff::Actor boss{"sun", "孙主管", static_cast<staff::Roles>(staff::Role::supervisor)};
    ASSERT_OK(finish_refund(*database_, boss, "DD20261122-0001", "申请人急用"));
    EXPECT_TRUE(tasks::open(*database_)->empty());
    remote_->mood(Mood::answers);
    ASSERT_OK(retry_request(*database_, clerk_, *service_, taxes_, row.id));
    const auto done = until_quiet(row.id);
    EXPECT_EQ(done.state, RequestState::issued);
    const auto tasks = tasks::open(*database_);
    ASSERT_EQ(tasks->size(), 1U);
    EXPECT_EQ(tasks->front().kind, "invoice_refunded");
    EXPECT_EQ(tasks->front().order_no, "DD20261122-0001");
    EXPECT_THAT(tasks->front().sentence, HasSubstr(done.number));
}

TEST_P(RequestTest, ARefundIsFinishedWhenTheFailedRequestIsGivenUp) {
    remote_->mood(Mood::refuses);
    const auto row = asked();
    EXPECT_EQ(until_quiet(row.id).state, RequestState::failed);
    ASSERT_OK(database_->write([&](storage::Tx& tx) -> Result<> {
        storage::change(tx,
                        "INSERT INTO refunds (order_no, amount, at, state) VALUES ('DD20261122-0001', 30000, 1, "
                        "'needs_person')");
        return {};
    }));
    EXPECT_FALSE(finish_refund(*database_, clerk_, "DD20261122-0001"));
    ASSERT_OK(drop_request(*database_, clerk_, *service_, taxes_, row.id, "已退款"));
    ASSERT_OK(finish_refund(*database_, clerk_, "DD20261122-0001"));
}

TEST_P(RequestTest, ARedLetterIsTheServicesToo) {
    const auto blue = issued();
    EXPECT_EQ(red_letter(*database_, clerk_, blue, RedReason::mistake).error().kind, ErrorKind::refused);
    const auto row = request_red(*database_, clerk_, blue, RedReason::returned);
    ASSERT_OK(row);
    EXPECT_EQ(request_red(*database_, clerk_, blue, RedReason::returned).error().kind, ErrorKind::conflict);
    const auto done = until_quiet(row->id);
    EXPECT_EQ(done.state, RequestState::issued) << done.said;
    EXPECT_EQ(find(*database_, blue)->standing, Standing::reversed);
    const auto red = find(*database_, done.number);
    ASSERT_OK(red);
    EXPECT_EQ(red->total, Fen{-31600});
    EXPECT_EQ(red->reverses, blue);
    EXPECT_EQ(remote_->given().back().red_of, blue);
    EXPECT_EQ(remote_->given().back().reason, "1") << "the service's number of 02";
    EXPECT_EQ(remote_->given().back().lines, 0) << "the whole of it";
    EXPECT_TRUE(std::filesystem::exists(files_ / (done.number + ".pdf")));
}

// The service keeps its own account of what is left of each line of the blue one.
TEST_P(RequestTest, AllowancesAreAskedForByTheirAmountAndThenTheRest) {
    const auto blue = issued();
    EXPECT_EQ(request_red(*database_, clerk_, blue, RedReason::mistake, {}, Fen{5000}).error().kind, ErrorKind::refused);
    EXPECT_EQ(request_red(*database_, clerk_, blue, RedReason::allowance, {}, Fen{30001}).error().kind, ErrorKind::refused);
    const auto first = request_red(*database_, clerk_, blue, RedReason::allowance, {}, Fen{5000});
    ASSERT_OK(first);
    const auto done = until_quiet(first->id);
    ASSERT_EQ(done.state, RequestState::issued) << done.said;
    EXPECT_EQ(remote_->given().back().reason, "4");
    EXPECT_EQ(remote_->given().back().red_of, blue);
    EXPECT_THAT(remote_->given().back().details, testing::ElementsAre("1:-31.44", "2:-14.75"));
    EXPECT_EQ(remote_->given().back().counted, 0) << "an allowance has no quantities";
    EXPECT_EQ(find(*database_, done.number)->total, Fen{-5000});
    EXPECT_EQ(find(*database_, done.number)->reverses, blue);
    EXPECT_EQ(find(*database_, blue)->standing, Standing::live);

    // The buyer has booked it meanwhile, and lets the first one lapse.
    remote_->buyer_must_confirm(true);
    const auto second = request_red(*database_, clerk_, blue, RedReason::allowance, {"DD20261122-0001"}, Fen{5001});
    ASSERT_OK(second);
    EXPECT_EQ(until_quiet(second->id).state, RequestState::confirming);
    EXPECT_EQ(request_red(*database_, clerk_, blue, RedReason::returned).error().kind, ErrorKind::conflict) << "one at a time";
    remote_->buyer_lets_lapse();
    EXPECT_EQ(until_quiet(second->id).state, RequestState::lapsed);
    const auto again = retry_request(*database_, clerk_, *service_, taxes_, second->id);
    ASSERT_OK(again);
    EXPECT_EQ(again->invoice.total, Fen{-5001}) << "not the whole order";
    EXPECT_EQ(until_quiet(again->id).state, RequestState::confirming);
    remote_->buyer_confirms();
    EXPECT_EQ(until_quiet(again->id).state, RequestState::issued);

    remote_->buyer_must_confirm(false);
    const auto rest = request_red(*database_, clerk_, blue, RedReason::returned);
    ASSERT_OK(rest);
    const auto last = until_quiet(rest->id);
    EXPECT_EQ(last.state, RequestState::issued) << last.said;
    EXPECT_EQ(remote_->given().back().amount, "-21599");
    EXPECT_EQ(remote_->given().back().counted, 4) << "with its quantities";
    EXPECT_EQ(find(*database_, blue)->standing, Standing::reversed);
    EXPECT_TRUE(candidates(*database_)->empty());
}

TEST_P(RequestTest, WhatWasAllowedIsNotAskedForAgainWithTheRightTitle) {
    const auto wrong = issued();
    const auto part = request_red(*database_, clerk_, wrong, RedReason::allowance, {}, Fen{5000});
    ASSERT_OK(part);
    EXPECT_EQ(until_quiet(part->id).state, RequestState::issued);
    const auto row = request_title(*database_, clerk_, wrong, {orders::SubjectKind::person, "周敏", ""});
    ASSERT_OK(row);
    EXPECT_EQ(until_quiet(row->id).state, RequestState::issued);
    EXPECT_EQ(remote_->given().back().amount, "-26600");
    const auto open = open_requests(*database_);
    ASSERT_EQ(open->size(), 1U);
    EXPECT_EQ(until_quiet(open->front().id).state, RequestState::issued);
    EXPECT_EQ(remote_->given().back().amount, "26600");
    EXPECT_EQ(of_payment(*database_, "ZF0001")->value().total, Fen{26600});
}

TEST_P(RequestTest, ARedLetterThatTheBuyerMustConfirmMayLapse) {
    const auto blue = issued();
    remote_->buyer_must_confirm(true);
    const auto row = request_red(*database_, clerk_, blue, RedReason::ended);
    ASSERT_OK(row);
    EXPECT_EQ(until_quiet(row->id).state, RequestState::confirming);
    remote_->buyer_lets_lapse();
    const auto lapsed = until_quiet(row->id);
    EXPECT_EQ(lapsed.state, RequestState::lapsed);
    EXPECT_EQ(request_red(*database_, clerk_, blue, RedReason::ended).error().kind, ErrorKind::conflict) << "retried or dropped";
    EXPECT_EQ(find(*database_, blue)->standing, Standing::live);
    const auto again = retry_request(*database_, clerk_, *service_, taxes_, row->id);
    ASSERT_OK(again);
    EXPECT_EQ(until_quiet(again->id).state, RequestState::confirming);
    remote_->buyer_confirms();
    EXPECT_EQ(until_quiet(again->id).state, RequestState::issued);
    EXPECT_EQ(find(*database_, blue)->standing, Standing::reversed);
}

TEST_P(RequestTest, WhatWasLeftOfAnInvoiceIsAllAskedForAgain) {
    ASSERT_OK(tests::put(*database_, tests::paid_together({2, 3}), State::issued));
    ASSERT_OK(tests::put(*database_, tests::paid_together({4, 5}), State::issued));
    for (const auto& [payment, order, reason] : {std::tuple("ZF0002", "DD20261122-0003", RedReason::returned),
                                                 std::tuple("ZF0004", "DD20261122-0005", RedReason::mistake)}) {
        remote_->buyer_must_confirm(false);
        const auto blue = request(*database_, clerk_, taxes_, payment);
        ASSERT_OK(blue);
        const auto number = until_quiet(blue->id).number;
        const auto part = request_red(*database_, clerk_, number, RedReason::returned, {order});
        ASSERT_OK(part);
        EXPECT_EQ(until_quiet(part->id).state, RequestState::issued);
        remote_->buyer_must_confirm(true);
        const auto rest = request_red(*database_, clerk_, number, reason);
        ASSERT_OK(rest);
        EXPECT_EQ(rest->invoice.total, Fen{-31600});
        EXPECT_EQ(until_quiet(rest->id).state, RequestState::confirming);
        remote_->buyer_lets_lapse();
        EXPECT_EQ(until_quiet(rest->id).state, RequestState::lapsed);
        const auto again = retry_request(*database_, clerk_, *service_, taxes_, rest->id);
        ASSERT_OK(again);
        EXPECT_EQ(again->invoice.total, Fen{-31600}) << "with its freight";
        EXPECT_EQ(until_quiet(again->id).state, RequestState::confirming);
        remote_->buyer_confirms();
        EXPECT_EQ(until_quiet(again->id).state, RequestState::issued);
        EXPECT_EQ(find(*database_, number)->standing, Standing::reversed);
    }
}

TEST_P(RequestTest, After72HoursAndOneLastLookAConfirmationHasLapsed) {
    const auto blue = issued();
    remote_->buyer_must_confirm(true);
    const auto row = request_red(*database_, clerk_, blue, RedReason::ended);
    ASSERT_OK(row);
    const auto since = until_quiet(row->id).confirming_since;
    EXPECT_GT(since.ms, 0);
    clock_.advance(71 * kHour);
    EXPECT_EQ(advance(*database_, *service_, taxes_, files_, row->id)->state, RequestState::confirming);
    EXPECT_EQ(find_request(*database_, row->id)->confirming_since.ms, since.ms) << "a look does not begin it anew";
    clock_.advance(kHour);
    remote_->mood(Mood::is_down);
    EXPECT_EQ(advance(*database_, *service_, taxes_, files_, row->id)->state, RequestState::confirming) << "it was not asked yet";
    remote_->mood(Mood::answers);
    EXPECT_EQ(advance(*database_, *service_, taxes_, files_, row->id)->state, RequestState::lapsed);
    EXPECT_EQ(find(*database_, blue)->standing, Standing::live);

    const auto second = retry_request(*database_, clerk_, *service_, taxes_, row->id);
    ASSERT_OK(second);
    EXPECT_NE(second->id, row->id);
    EXPECT_EQ(until_quiet(second->id).state, RequestState::confirming);
    clock_.advance(73 * kHour);
    remote_->buyer_confirms();
    EXPECT_EQ(until_quiet(second->id).state, RequestState::issued) << "the last look finds it";
    EXPECT_EQ(find(*database_, blue)->standing, Standing::reversed);
}

TEST_P(RequestTest, ARefusedTitleIsPutRightInPlace) {
    remote_->looks_until_issued(2);
    const auto row = asked();
    ASSERT_OK(advance(*database_, *service_, taxes_, files_, row.id));
    const orders::InvoiceTitle right{orders::SubjectKind::unit, "南京钧石建设有限公司", "91320104MA1X1K2L3Q"};
    EXPECT_EQ(set_title(*database_, clerk_, "ZF0001", "", right).error().kind, ErrorKind::conflict) << "it is being issued";
    EXPECT_EQ(until_quiet(row.id).state, RequestState::issued);
    ASSERT_OK(tests::put(*database_, {tests::sample_order(2)}, State::issued));
    remote_->mood(Mood::refuses);
    const auto second = request(*database_, clerk_, taxes_, "ZF0002");
    EXPECT_EQ(until_quiet(second->id).state, RequestState::failed);
    ASSERT_OK(set_title(*database_, clerk_, "ZF0002", "", right));
    remote_->mood(Mood::answers);
    const auto again = retry_request(*database_, clerk_, *service_, taxes_, second->id);
    ASSERT_OK(again);
    EXPECT_EQ(until_quiet(again->id).state, RequestState::issued);
    EXPECT_EQ(remote_->given().back().buyer, right.name);
}

TEST_P(RequestTest, AWrongTitleIsReversedAndIssuedAnew) {
    const auto wrong = issued();
    const auto row =
        request_title(*database_, clerk_, wrong, {orders::SubjectKind::unit, "南京钧石建设有限公司", "91320104MA1X1K2L3Q"});
    ASSERT_OK(row);
    EXPECT_EQ(until_quiet(row->id).state, RequestState::issued);
    EXPECT_EQ(remote_->given().back().reason, "2") << "the service's number of 01";
    const auto open = open_requests(*database_);
    ASSERT_EQ(open->size(), 1U) << "the right one was asked for with the red letter";
    const auto right = until_quiet(open->front().id);
    EXPECT_EQ(right.state, RequestState::issued) << right.said;
    EXPECT_EQ(of_payment(*database_, "ZF0001")->value().title.name, "南京钧石建设有限公司");
    EXPECT_EQ(remote_->given().size(), 3U);
    EXPECT_FALSE(audit::verify(*database_)->first_bad);
}

TEST(NuonuoSignature, AsTheirKitMakesIt) {
    // HMAC-SHA1 over the canonical text, checked with openssl dgst.
    EXPECT_EQ(nuonuo_sign("secret", "key", "senid", "12345678", "1700000000", R"({"a":"中"})"), "nPNFCpyXj3WtIvPz1zyvD8WQH2U=");
}

SEALDESK_ON_BOTH_ENGINES(RequestTest);
