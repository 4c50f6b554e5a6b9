// Numbers that a courier may have given: none is lost there, none stands on a label with another address, none is paid for twice.
#include "shipping/waybills.h"

#include <gmock/gmock.h>

#include "audit/audit.h"
#include "orders/number_ranges.h"
#include "shipping/handover.h"
#include "shipping/packing.h"
#include "shipping/tracking.h"
#include "shipping/waybill.h"
#include "support/orders.h"
#include "tests/support/courier_accounts.h"

using namespace sealdesk;
using namespace sealdesk::shipping;
using tests::TestCouriers;
using Mood = TestCouriers::Mood;

class WaybillsTest : public tests::OnBothEngines {
protected:
    void SetUp() override {
        open();
        ASSERT_OK(database_->write([](storage::Tx& tx) {
            return orders::define(tx, {"waybill", "EA{s10}CN", 12345678, 12345690});
        }));
        server_ = std::make_unique<TestCouriers>(folder_.path());
        couriers_ = tests::accounts_at(*server_, clock_, random_);
    }
    std::int64_t packed(int n, const NumberFrom& from, const std::string& desk = "desk A") {
        EXPECT_TRUE(tests::put(*database_, {tests::sample_order(n)}, orders::State::issued));
        EXPECT_TRUE(tests::give_keys(*database_, {tests::sample_order(n)}));
        PackOrder what;
        what.order_nos = {tests::sample_order(n).no};
        what.number = from;
        what.desk = desk;
        const auto parcel = pack(*database_, clerk_, what);
        EXPECT_TRUE(parcel) << (parcel ? "" : parcel.error().message);
        return parcel ? parcel->id : 0;
    }
    std::vector<Waybill> rows(std::int64_t shipment) { return *waybills_of(*database_, shipment); }
    orders::Delivery elsewhere(std::int64_t shipment) {
        auto place = find(*database_, shipment)->delivery;
        place.address = "江苏省苏州市姑苏区人民路1号";
        return place;
    }
    void ask() { ASSERT_OK(obtain_due(*database_, couriers_)); }
    void ask_later() {
        clock_.advance(kHour);
        ask();
    }
    const TestCouriers::Order* at_courier(const std::string& waybill) {
        orders_ = server_->orders();
        for (const auto& order : orders_)
            if (order.waybill == waybill) return &order;
        return nullptr;
    }

    std::unique_ptr<TestCouriers> server_;
    Couriers couriers_;
    std::vector<TestCouriers::Order> orders_;
    const NumberFrom sf_{Source::sf, "", ""}, kuaidi_{Source::kuaidi100, "yuantong", ""};
    const staff::Actor clerk_{"zhao", "赵云", static_cast<staff::Roles>(staff::Role::clerk)};
    const staff::Actor officer_{"wang", "王敏", static_cast<staff::Roles>(staff::Role::officer)};
};

TEST_P(WaybillsTest, ALostAnswerThenANoThenAnotherAddressGivesANumberForThatAddress) {
    const auto id = packed(1, sf_);
    server_->mood(Mood::loses_answers);
    ask();
    server_->mood(Mood::answers);
    server_->sf_turns_away("A1006");
    ask_later();
    ASSERT_EQ(rows(id).front().state, WaybillState::failed);
    EXPECT_TRUE(rows(id).front().maybe_there) << "the no was to the repetition";
    ASSERT_OK(correct_place(*database_, clerk_, id, elsewhere(id)));
    ASSERT_EQ(rows(id).size(), 2U);
    EXPECT_NE(rows(id)[0].reference, rows(id)[1].reference);
    server_->sf_turns_away("");
    ask_later();
    const auto now = find(*database_, id);
    ASSERT_NE(now->waybill, "");
    ASSERT_NE(at_courier(now->waybill), nullptr);
    EXPECT_EQ(at_courier(now->waybill)->address, "江苏省苏州市姑苏区人民路1号");
    EXPECT_FALSE(at_courier(now->waybill)->cancelled);
    ASSERT_EQ(rows(id)[1].state, WaybillState::voided);
    ASSERT_NE(at_courier(rows(id)[1].waybill), nullptr);
    EXPECT_TRUE(at_courier(rows(id)[1].waybill)->cancelled);
    EXPECT_EQ(server_->orders().size(), 2U);
    EXPECT_FALSE(audit::verify(*database_)->first_bad);
}

TEST_P(WaybillsTest, AClockThatGoesBackKeepsNoNumberWaiting) {
    const auto id = packed(1, sf_);
    server_->mood(Mood::is_down);
    ask();
    server_->mood(Mood::answers);
    ask();
    ASSERT_EQ(rows(id).front().state, WaybillState::asking) << "not before its time";
    clock_.advance(-kDay);
    ask();
    EXPECT_EQ(rows(id).front().state, WaybillState::live);
}

TEST_P(WaybillsTest, AParcelHasTheRoutingOfItsLiveNumber) {
    const auto one = packed(1, sf_), two = packed(2, kuaidi_), three = packed(3, {});
    EXPECT_EQ(find(*database_, one)->routing, "") << "not asked yet";
    ask();
    EXPECT_EQ(find(*database_, one)->routing, "512-A1");
    EXPECT_EQ(find(*database_, one)->routing_code, "MMM={'k1':'512'}");
    EXPECT_EQ(find(*database_, two)->routing, "025-A3");
    EXPECT_EQ(find(*database_, two)->routing_code, "");
    EXPECT_EQ(find(*database_, three)->routing, "") << "a number of the range has none";
    ASSERT_OK(change_waybill(*database_, clerk_, one, {}, "换快递"));
    EXPECT_EQ(find(*database_, one)->routing, "") << "that was another number's";
}

TEST_P(WaybillsTest, ADeskWithoutAnAccountLeavesItToTheDeskThatPacked) {
    const auto id = packed(1, sf_);
    Couriers none;
    ASSERT_OK(obtain_due(*database_, none));
    EXPECT_EQ(rows(id).front().state, WaybillState::asking);
    ask();
    EXPECT_EQ(rows(id).front().state, WaybillState::live);
}

TEST_P(WaybillsTest, AClearNoToTheFirstQuestionLeavesNothingThere) {
    const auto id = packed(1, sf_);
    server_->sf_turns_away("A1006");
    ask();
    EXPECT_EQ(rows(id).front().state, WaybillState::failed);
    EXPECT_FALSE(rows(id).front().maybe_there);
    ASSERT_OK(change_waybill(*database_, clerk_, id, {Source::range, "", ""}, "没有账号"));
    EXPECT_EQ(rows(id).back().state, WaybillState::voided) << "there is nothing to cancel";
}

TEST_P(WaybillsTest, TheNoOfAProxyIsNotTheCouriers) {
    int n = 0;
    for (const auto& from : {sf_, kuaidi_}) {
        server_->mood(Mood::is_blocked);
        const auto id = packed(++n, from);
        ask();
        ASSERT_EQ(rows(id).front().state, WaybillState::asking) << rows(id).front().reason;
        EXPECT_TRUE(rows(id).front().maybe_there);
        EXPECT_THAT(rows(id).front().reason, testing::HasSubstr("403"));
        server_->mood(Mood::answers);
        ask_later();
        ASSERT_EQ(rows(id).front().state, WaybillState::live);
        EXPECT_NE(at_courier(find(*database_, id)->waybill), nullptr) << "the order that was there already";
        ASSERT_OK(change_waybill(*database_, clerk_, id, {Source::range, "", ""}, "换快递"));
        server_->mood(Mood::is_blocked);
        ask();
        EXPECT_EQ(rows(id).back().state, WaybillState::cancelling) << "nor is it left to a person";
        server_->mood(Mood::answers);
        ask_later();
        EXPECT_EQ(rows(id).back().state, WaybillState::voided);
    }
    EXPECT_EQ(server_->orders().size(), 2U) << "one for each parcel";
}

TEST_P(WaybillsTest, AnOrderThatCannotBeDeliveredIsThereAllTheSame) {
    const auto id = packed(1, sf_);
    server_->sf_cannot_deliver(true);
    ask();
    ASSERT_EQ(rows(id).front().state, WaybillState::failed);
    EXPECT_NE(rows(id).front().reason.find("超出服务范围"), std::string::npos) << rows(id).front().reason;
    server_->sf_cannot_deliver(false);
    ASSERT_OK(correct_place(*database_, clerk_, id, elsewhere(id)));
    ask_later();
    ASSERT_EQ(rows(id).size(), 2U);
    const auto now = find(*database_, id);
    ASSERT_NE(at_courier(now->waybill), nullptr);
    EXPECT_EQ(at_courier(now->waybill)->address, "江苏省苏州市姑苏区人民路1号") << "not the order of the old address";
}

TEST_P(WaybillsTest, AnOrderWithoutANumberIsCancelledByOurReference) {
    const auto id = packed(1, sf_);
    server_->sf_cannot_deliver(true);
    ask();
    ASSERT_OK(change_waybill(*database_, clerk_, id, {Source::range, "", ""}, "顺丰不送"));
    ASSERT_EQ(rows(id).back().state, WaybillState::cancelling);
    ask_later();
    EXPECT_EQ(rows(id).back().state, WaybillState::voided);
    ASSERT_EQ(server_->orders().size(), 1U);
    EXPECT_TRUE(server_->orders().front().cancelled);
}

TEST_P(WaybillsTest, WhatIsBeingCancelledIsNotForgottenWhenThePlatformTurnsUsAway) {
    const auto id = packed(1, sf_);
    server_->mood(Mood::loses_answers);
    ask();
    server_->mood(Mood::answers);
    ASSERT_OK(change_waybill(*database_, clerk_, id, {Source::typed, "", "SF1234567890123"}, "接口不通"));
    server_->sf_turns_away("A1006");
    ask_later();
    ASSERT_EQ(rows(id).back().state, WaybillState::stuck);
    EXPECT_NE(rows(id).back().said, "");
    EXPECT_EQ(rows(id).back().reason, "接口不通") << "why it was voided stays";
    ASSERT_EQ(waybills_open(*database_)->size(), 1U) << "a person sees it";
    server_->sf_turns_away("");
    const int asked = server_->requests();
    ask_later();
    EXPECT_EQ(server_->requests(), asked) << "not by itself";
    EXPECT_EQ(retry_waybill(*database_, officer_, rows(id).back().id).error().kind, ErrorKind::denied);
    ASSERT_OK(retry_waybill(*database_, clerk_, rows(id).back().id));
    ask();
    EXPECT_EQ(rows(id).back().state, WaybillState::voided);
    ASSERT_EQ(server_->orders().size(), 1U);
    EXPECT_TRUE(server_->orders().front().cancelled);
    EXPECT_TRUE(waybills_open(*database_)->empty());
    EXPECT_EQ(find(*database_, id)->waybill, "SF1234567890123");
}

TEST_P(WaybillsTest, WhatTheCourierDoesNotTakeBackAPersonSettles) {
    const auto id = packed(1, kuaidi_);
    ask();
    const std::string old = find(*database_, id)->waybill;
    ASSERT_NE(old, "");
    ASSERT_OK(change_waybill(*database_, clerk_, id, {Source::range, "", ""}, "换快递"));
    server_->mood(Mood::refuses);
    ask();
    const auto stuck = rows(id).back();
    ASSERT_EQ(stuck.state, WaybillState::stuck);
    EXPECT_NE(stuck.said.find("已揽收"), std::string::npos) << stuck.said;
    EXPECT_NE(identify(*database_, old)->alarm, "") << "its label is not to be used";
    EXPECT_EQ(settle_waybill(*database_, officer_, stuck.id, "已核实").error().kind, ErrorKind::denied);
    EXPECT_EQ(settle_waybill(*database_, clerk_, stuck.id, " ").error().kind, ErrorKind::refused);
    ASSERT_OK(settle_waybill(*database_, clerk_, stuck.id, "快递员已退回"));
    EXPECT_EQ(rows(id).back().state, WaybillState::voided);
    EXPECT_EQ(settle_waybill(*database_, clerk_, stuck.id, "again").error().kind, ErrorKind::conflict);
    EXPECT_TRUE(waybills_open(*database_)->empty());
}

TEST_P(WaybillsTest, Kuaidi100IsNotAskedWithAReferenceThatItMayHaveForgotten) {
    const auto id = packed(1, kuaidi_);
    server_->mood(Mood::loses_answers);
    ask();
    server_->mood(Mood::is_down);
    clock_.advance(46 * kHour);
    ask();
    ASSERT_EQ(rows(id).front().state, WaybillState::asking) << "still repeated";
    server_->mood(Mood::answers);
    clock_.advance(kHour);
    const int asked = server_->requests();
    ask();
    EXPECT_EQ(server_->requests(), asked) << "a repetition would be another order";
    ASSERT_EQ(rows(id).front().state, WaybillState::failed);
    EXPECT_NE(rows(id).front().reason.find("47 小时"), std::string::npos) << rows(id).front().reason;
    // A person goes on: another reference for the parcel, and the old one for a person to look up.
    ASSERT_OK(retry_waybill(*database_, clerk_, rows(id).front().id));
    ask();
    ask_later();
    ASSERT_EQ(rows(id).size(), 2U);
    EXPECT_EQ(rows(id)[0].state, WaybillState::live);
    EXPECT_EQ(rows(id)[1].state, WaybillState::stuck);
    EXPECT_EQ(server_->orders().size(), 2U) << "the lost one, and the one that was asked for knowingly";
    for (const auto& order : server_->orders()) EXPECT_EQ(order.asked, 1) << order.reference;
    ASSERT_OK(settle_waybill(*database_, clerk_, rows(id)[1].id, "已在快递100 取消"));
    EXPECT_TRUE(waybills_open(*database_)->empty());
}

TEST_P(WaybillsTest, SfKnowsItsReferencesForEver) {
    const auto id = packed(1, sf_);
    server_->mood(Mood::loses_answers);
    ask();
    server_->mood(Mood::answers);
    clock_.advance(30 * kDay);
    ask();
    EXPECT_EQ(rows(id).front().state, WaybillState::live);
    EXPECT_EQ(server_->orders().size(), 1U);
}

TEST_P(WaybillsTest, WhatWasNeverAskedIsSimplyToldTheNewPlace) {
    const auto id = packed(1, sf_);
    ASSERT_OK(correct_place(*database_, clerk_, id, elsewhere(id)));
    EXPECT_EQ(rows(id).size(), 1U);
    ask();
    ASSERT_EQ(server_->orders().size(), 1U);
    EXPECT_EQ(server_->orders().front().address, "江苏省苏州市姑苏区人民路1号");
}

TEST_P(WaybillsTest, WhatBecomesOfTheNumberOfAnUnpackedParcelIsOnRecord) {
    const auto id = packed(1, sf_);
    server_->mood(Mood::loses_answers);
    ask();
    ASSERT_OK(unpack(*database_, clerk_, id, "少放了说明书"));
    server_->mood(Mood::answers);
    ask_later();
    ASSERT_EQ(rows(id).front().state, WaybillState::voided) << rows(id).front().said;
    ASSERT_EQ(server_->orders().size(), 1U);
    EXPECT_EQ(rows(id).front().waybill, server_->orders().front().waybill) << "the number that nobody had heard of";
    EXPECT_TRUE(server_->orders().front().cancelled);
    const auto log = audit::page(*database_, tests::sample_order(1).no, 0, 10);
    ASSERT_OK(log);
    EXPECT_EQ(log->front().action, "shipping.voided");
    EXPECT_THAT(log->front().details, testing::HasSubstr(rows(id).front().waybill));
}

TEST_P(WaybillsTest, ParcelsThatNobodyCanTrackDoNotKeepTheOthersWaiting) {
    couriers_.services.erase(Source::kuaidi100);
    std::vector<std::int64_t> ids;
    for (int n = 1; n <= 3; ++n) ids.push_back(packed(n, {Source::typed, "zhongtong", "76123456789" + std::to_string(n)}));
    ids.push_back(packed(4, sf_));
    ids.push_back(packed(5, sf_));
    ask();
    for (const auto id : ids) ASSERT_OK(hand_over(*database_, clerk_, id));
    const std::string last = find(*database_, ids.back())->waybill;
    server_->delivered(last);
    EXPECT_EQ(poll_due(*database_, Couriers{}, 10), 0) << "a desk without accounts";
    EXPECT_EQ(poll_due(*database_, couriers_, 2), 2);
    EXPECT_TRUE(find(*database_, ids.back())->delivered_at);
    clock_.advance(kForgotten + kDay);
    const int asked = server_->requests();
    EXPECT_EQ(poll_due(*database_, couriers_, 10), 0);
    EXPECT_EQ(server_->requests(), asked);
}

TEST_P(WaybillsTest, PapersOfALateNumberAreDueAtTheDeskThatPacked) {
    const auto id = packed(1, sf_);
    EXPECT_TRUE(late_papers(*database_, "desk A")->empty()) << "no number yet";
    ask();
    ASSERT_EQ(late_papers(*database_, "desk A")->size(), 1U);
    EXPECT_EQ(late_papers(*database_, "desk A")->front().shipment, id);
    EXPECT_EQ(late_papers(*database_, "desk A")->front().login, "zhao");
    EXPECT_TRUE(late_papers(*database_, "desk B")->empty()) << "it has its own printers";
    ASSERT_OK(papers_failed(*database_, id, "字体里没有这个字"));
    EXPECT_TRUE(late_papers(*database_, "desk A")->empty()) << "not over and over";
    ASSERT_EQ(unprinted(*database_)->size(), 1U);
    EXPECT_EQ(unprinted(*database_)->front().papers_trouble, "字体里没有这个字");
    EXPECT_EQ(why_unprinted(unprinted(*database_)->front()), "字体里没有这个字");
    // An invoice's file is on its way: it stands in the list until that desk tries again.
    ASSERT_OK(papers_wait(*database_, id, "desk A", "zhao"));
    EXPECT_TRUE(late_papers(*database_, "desk A")->empty()) << "not yet";
    clock_.advance(-kDay);
    EXPECT_EQ(late_papers(*database_, "desk A")->size(), 1U) << "nobody waits a day because the clock went back";
    clock_.advance(kDay);
    ASSERT_EQ(unprinted(*database_)->size(), 1U);
    EXPECT_THAT(why_unprinted(unprinted(*database_)->front()), testing::HasSubstr("还没有给出发票文件"));
    clock_.advance(kPapersWait);
    EXPECT_EQ(late_papers(*database_, "desk A")->size(), 1U);
    const auto asked = [&] {
        return database_->write([&](storage::Tx& tx) -> Result<> {
            papers_asked(tx, id);
            return {};
        });
    };
    ASSERT_OK(asked());
    EXPECT_TRUE(unprinted(*database_)->empty());
    // Another place: another number, and papers that are due once more, at the desk that corrected it.
    ASSERT_OK(correct_place(*database_, clerk_, id, elsewhere(id), "desk B"));
    EXPECT_TRUE(find(*database_, id)->papers_due);
    ask_later();
    EXPECT_EQ(late_papers(*database_, "desk B")->size(), 1U);
    const auto range = packed(2, {Source::range, "", ""});
    EXPECT_EQ(late_papers(*database_, "desk A")->size(), 0U) << "who packs with a number of the range prints at once";
    EXPECT_TRUE(find(*database_, range)->papers_due);
}

TEST_P(WaybillsTest, ALabelThatWasDrawnBeforeTheParcelMovedOnIsNotCounted) {
    const auto id = packed(1, {Source::range, "", ""});
    const auto drawn = find(*database_, id);
    ASSERT_OK(correct_place(*database_, clerk_, id, elsewhere(id)));
    EXPECT_EQ(printed(*database_, clerk_, *drawn).error().kind, ErrorKind::conflict);
    EXPECT_EQ(find(*database_, id)->prints, 0);
    const auto again = find(*database_, id);
    EXPECT_EQ(printed(*database_, clerk_, *again), 1);
    EXPECT_EQ(find(*database_, id)->stale, "");
    ASSERT_OK(change_waybill(*database_, clerk_, id, {Source::typed, "", "SF1234567890123"}, "换快递"));
    EXPECT_EQ(printed(*database_, clerk_, *again).error().kind, ErrorKind::conflict) << "another number";
    EXPECT_EQ(find(*database_, id)->prints, 1);
    const auto here = find(*database_, id);
    EXPECT_EQ(printed(*database_, clerk_, *here), 2);
    ASSERT_OK(hand_over(*database_, clerk_, id));
    EXPECT_EQ(printed(*database_, clerk_, *here).error().kind, ErrorKind::conflict) << "it has left";
    EXPECT_EQ(find(*database_, id)->prints, 2);
}

TEST_P(WaybillsTest, ATypedNumberHasACourierAndFitsOnALabel) {
    const auto id = packed(1, {Source::range, "", ""});
    const auto typed = [&](const std::string& number, const std::string& courier) {
        return change_waybill(*database_, clerk_, id, {Source::typed, courier, number}, "换快递");
    };
    const std::string before = find(*database_, id)->waybill;
    EXPECT_EQ(typed("123456789012345", "").error().kind, ErrorKind::refused) << "STO or Yunda";
    EXPECT_EQ(typed("123456789012345", "nobody").error().kind, ErrorKind::refused);
    EXPECT_NE(typed("ABCDEFGHIJKLMNOPQRSTU", "jd").error().message.find("条码放不下"), std::string::npos) << "21 letters";
    EXPECT_EQ(find(*database_, id)->waybill, before) << "nothing was voided for it";
    ASSERT_OK(typed("123456789012345", "yunda"));
    EXPECT_EQ(find(*database_, id)->courier, "yunda");
    ASSERT_OK(typed("ABCDEFGHIJKLMNOPQRST", "jd"));
    ASSERT_OK(typed("761234567890", ""));
    EXPECT_EQ(find(*database_, id)->courier, "zhongtong") << "the likeliest";
    const auto out = scan_out(*database_, clerk_, "7612 3456 7890");
    ASSERT_OK(out);
    EXPECT_EQ(out->courier, "zhongtong");
}

TEST_P(WaybillsTest, EveryNumberOnRecordIsKnownAtTheScan) {
    ASSERT_OK(database_->write([](storage::Tx& tx) { return orders::define(tx, {"waybill", "W-{:03}", 7, 9}); }));
    const auto id = packed(1, {Source::range, "", ""});
    EXPECT_EQ(find(*database_, id)->waybill, "W-007") << "shorter than any courier's";
    EXPECT_EQ(identify(*database_, "w-007")->shipment, id);
    EXPECT_EQ((*by_code(*database_, "W-007"))->id, id);
    ASSERT_OK(scan_out(*database_, clerk_, "w-007"));
    EXPECT_EQ(scan_out(*database_, clerk_, "W-008").error().kind, ErrorKind::refused);
    EXPECT_EQ(scan_out(*database_, clerk_, "").error().kind, ErrorKind::refused);
    EXPECT_EQ(identify(*database_, " ")->what, Scanned::What::nothing);
}

SEALDESK_ON_BOTH_ENGINES(WaybillsTest);
