#include "acts/acts.h"
#include "audit/audit.h"
#include "keys/stock.h"
#include "orders/number_ranges.h"
#include "shipping/handover.h"
#include "shipping/packing.h"
#include "shipping/sf_express.h"
#include "shipping/tracking.h"
#include "shipping/waybills.h"
#include "support/orders.h"
#include "tests/support/test_couriers.h"

using namespace sealdesk;
using namespace sealdesk::shipping;
using orders::State;
using tests::TestCouriers;

class ParcelsTest : public tests::OnBothEngines {
protected:
    void SetUp() override {
        open();
        ASSERT_OK(database_->write([](storage::Tx& tx) {
            return orders::define(tx, {"waybill", "EA{s10}CN", 12345678, 12345690});
        }));
        server_ = std::make_unique<TestCouriers>(folder_.path());
        SfExpress::Account account;
        account.partner_id = TestCouriers::kPartner;
        account.check_word = crypto::Secret(std::string(TestCouriers::kCheckWord));
        network::HttpClient::Options options;
        options.base = server_->base();
        options.ca_file = server_->ca();
        options.timeout = std::chrono::seconds(5);
        couriers_.sender = {"示例中心", "", "025-83300000", "江苏省南京市建邺区江东中路1号"};
        couriers_.services[Source::sf] = std::make_unique<SfExpress>(std::move(account), options, clock_, random_);
    }
    void issued(const std::vector<orders::Order>& list) {
        ASSERT_OK(tests::put(*database_, list, State::issued));
        ASSERT_OK(tests::give_keys(*database_, list));
    }
    Result<Shipment> pack_sf(const std::vector<std::string>& numbers) {
        PackOrder what;
        what.order_nos = numbers;
        what.number = {Source::sf, "", ""};
        return pack(*database_, clerk_, what);
    }
    Waybill newest(std::int64_t shipment) { return waybills_of(*database_, shipment)->front(); }
    State state_of(const std::string& no) { return orders::load(*database_, no)->state; }

    std::unique_ptr<TestCouriers> server_;
    Couriers couriers_;
    const staff::Actor clerk_{"zhao", "赵云", static_cast<staff::Roles>(staff::Role::clerk)};
    const std::string one_ = "DD20261122-0001", two_ = "DD20261122-0002", three_ = "DD20261122-0003";
};

TEST_P(ParcelsTest, APackedOrderHasAsManyKeysAsWerePaidFor) {
    auto order = tests::sample_order(1);
    order.quantity = 2;
    ASSERT_OK(tests::put(*database_, {order}, State::issued));
    auto short_of = order;
    short_of.quantity = 1;
    ASSERT_OK(tests::give_keys(*database_, {short_of}));
    EXPECT_NE(proposals(*database_)->front().incomplete, "");
    const auto refusal = pack(*database_, clerk_, {one_});
    ASSERT_FALSE(refusal);
    EXPECT_EQ(refusal.error().kind, ErrorKind::refused);
    EXPECT_EQ(state_of(one_), State::issued);
    EXPECT_EQ(orders::remaining(*database_, "waybill"), 13) << "no number was spent";
}

TEST_P(ParcelsTest, EveryKeyMustHaveBeenSeenAndNoStranger) {
    issued(tests::paid_together({1, 2}));
    PackOrder what;
    what.order_nos = {one_, two_};
    what.all_seen = true;
    what.seen = {{"KEY-0001-1", false}};
    EXPECT_EQ(pack(*database_, clerk_, what).error().kind, ErrorKind::refused);
    what.seen = {{"KEY-0001-1", false}, {"KEY-0002-1", true}, {"KEY-9999-1", false}};
    EXPECT_EQ(pack(*database_, clerk_, what).error().kind, ErrorKind::refused);
    what.seen.pop_back();
    const auto parcel = pack(*database_, clerk_, what);
    ASSERT_OK(parcel);
    EXPECT_TRUE(parcel->papers_due);
    const auto seen = database_->read([&](storage::Tx& tx) -> Result<std::int64_t> {
        return storage::one<std::int64_t>(tx, "SELECT COUNT(*) FROM packed_keys WHERE shipment_id = :id AND seen = 'read'", 0,
                                          parcel->id);
    });
    EXPECT_EQ(seen, 1);
}

TEST_P(ParcelsTest, DifferentPlacesAndMissingOrdersNeedAChoice) {
    auto three = tests::paid_together({1, 2, 3});
    three[1].delivery.address = "江苏省苏州市姑苏区人民路1号";
    issued({three[0], three[1]});
    ASSERT_OK(tests::put(*database_, {three[2]}, State::approved));
    PackOrder what;
    what.order_nos = {one_};
    EXPECT_EQ(pack(*database_, clerk_, what).error().kind, ErrorKind::refused) << "two places";
    what.apart = true;
    EXPECT_EQ(pack(*database_, clerk_, what).error().kind, ErrorKind::refused) << "the third is not ready";
    what.order_nos = {one_, two_};
    what.without_the_rest = true;
    EXPECT_EQ(pack(*database_, clerk_, what).error().kind, ErrorKind::refused) << "never merged silently";
    what.apart = false;
    what.together_at = two_;
    const auto parcel = pack(*database_, clerk_, what);
    ASSERT_OK(parcel);
    EXPECT_EQ(parcel->delivery.address, three[1].delivery.address) << "the chosen one";
    EXPECT_EQ(parcel->contents.size(), 2U);
}

TEST_P(ParcelsTest, WhoWaitsIsAskedAgainWhenSomethingChanged) {
    const auto three = tests::paid_together({1, 2, 3});
    issued({three[0]});
    ASSERT_OK(tests::put(*database_, {three[1], three[2]}, State::approved));
    EXPECT_FALSE(proposals(*database_)->front().waiting_wanted);
    ASSERT_OK(wait_for_the_rest(*database_, clerk_, one_));
    EXPECT_TRUE(proposals(*database_)->front().waiting_wanted);
    ASSERT_OK(tests::move(*database_, two_, State::issued));
    EXPECT_FALSE(proposals(*database_)->front().waiting_wanted) << "one came: ask again";
    ASSERT_OK(tests::move(*database_, three_, State::issued));
    EXPECT_EQ(wait_for_the_rest(*database_, clerk_, one_).error().kind, ErrorKind::conflict);
}

// What goes together waits for every order of the payment, wherever it would have gone.
TEST_P(ParcelsTest, TogetherWithoutAnOrderOfAnotherPlaceIsAChoiceToo) {
    auto three = tests::paid_together({1, 2, 3});
    three[1].delivery.address = "江苏省苏州市姑苏区人民路1号";
    three[2].delivery.address = "江苏省无锡市梁溪区中山路1号";
    issued({three[0], three[1]});
    ASSERT_OK(tests::put(*database_, {three[2]}, State::approved));
    PackOrder what;
    what.order_nos = {one_, two_};
    what.together_at = one_;
    const auto refusal = pack(*database_, clerk_, what);
    ASSERT_FALSE(refusal);
    EXPECT_EQ(refusal.error().kind, ErrorKind::refused);
    EXPECT_NE(refusal.error().message.find(three_), std::string::npos) << refusal.error().message;
    const auto before = proposals(*database_);
    for (const auto& each : *before) {
        EXPECT_EQ(each.waits, "");
        EXPECT_NE(each.waits_together.find(three_), std::string::npos);
    }
    EXPECT_EQ(wait_for_the_rest(*database_, clerk_, one_).error().kind, ErrorKind::conflict) << "none at its own place";
    ASSERT_OK(wait_for_the_rest(*database_, clerk_, one_, Rest::of_payment));
    const auto after = proposals(*database_);
    for (const auto& each : *after) EXPECT_TRUE(each.waiting_wanted);
    what.without_the_rest = true;
    ASSERT_OK(pack(*database_, clerk_, what));
}

TEST_P(ParcelsTest, ACourierIsAskedUntilSomebodyKnowsAndGivesOneNumber) {
    issued({tests::sample_order(1)});
    const auto parcel = pack_sf({one_});
    ASSERT_OK(parcel);
    EXPECT_EQ(parcel->waybill, "");
    EXPECT_EQ(state_of(one_), State::packed);
    EXPECT_EQ(hand_over(*database_, clerk_, parcel->id).error().kind, ErrorKind::refused) << "no number yet";
    server_->mood(TestCouriers::Mood::loses_answers);
    ASSERT_OK(obtain_due(*database_, couriers_));
    EXPECT_EQ(newest(parcel->id).state, WaybillState::asking);
    EXPECT_NE(newest(parcel->id).reason, "");
    const int asked = server_->requests();
    ASSERT_OK(obtain_due(*database_, couriers_));
    EXPECT_EQ(server_->requests(), asked) << "not before its time";
    clock_.advance(kMinute);
    server_->mood(TestCouriers::Mood::answers);
    EXPECT_EQ(obtain_due(*database_, couriers_), 1);
    const auto now = find(*database_, parcel->id);
    EXPECT_EQ(now->waybill.substr(0, 2), "SF");
    EXPECT_EQ(now->courier, "shunfeng");
    ASSERT_EQ(server_->orders().size(), 1U) << "one order at the courier";
    EXPECT_EQ(server_->orders().front().asked, 2);
    EXPECT_EQ((*by_code(*database_, now->waybill))->id, parcel->id);
    ASSERT_OK(obtain(*database_, couriers_, newest(parcel->id).id));
    EXPECT_EQ(server_->orders().front().asked, 2) << "it is not asked again";
    EXPECT_FALSE(audit::verify(*database_)->first_bad);
}

TEST_P(ParcelsTest, ARefusedLabelIsFixedAndRetriedInItsPlace) {
    issued({tests::sample_order(1)});
    const auto parcel = pack_sf({one_});
    ASSERT_OK(parcel);
    server_->mood(TestCouriers::Mood::refuses);
    ASSERT_OK(obtain_due(*database_, couriers_));
    ASSERT_EQ(waybills_open(*database_)->size(), 1U);
    EXPECT_EQ(waybills_open(*database_)->front().state, WaybillState::failed);
    EXPECT_NE(waybills_open(*database_)->front().reason.find("月结卡号不存在"), std::string::npos);
    clock_.advance(kHour);
    const int asked = server_->requests();
    ASSERT_OK(obtain_due(*database_, couriers_));
    EXPECT_EQ(server_->requests(), asked) << "a person must do something";
    server_->mood(TestCouriers::Mood::answers);
    orders::Delivery place = parcel->delivery;
    place.address = "";
    EXPECT_EQ(correct_place(*database_, clerk_, parcel->id, place).error().kind, ErrorKind::refused);
    place.address = "江苏省苏州市姑苏区人民路1号";
    ASSERT_OK(correct_place(*database_, clerk_, parcel->id, place));
    EXPECT_EQ(obtain_due(*database_, couriers_), 1);
    EXPECT_EQ(server_->orders().front().address, place.address);
    EXPECT_TRUE(waybills_open(*database_)->empty());
}

TEST_P(ParcelsTest, ATypedNumberIsAlwaysPossibleAndTheCouriersIsTakenBack) {
    issued({tests::sample_order(1), tests::sample_order(2)});
    const auto parcel = pack_sf({one_});
    ASSERT_OK(parcel);
    server_->mood(TestCouriers::Mood::loses_answers);
    ASSERT_OK(obtain_due(*database_, couriers_));  // it has a number there, we do not know it
    EXPECT_EQ(change_waybill(*database_, clerk_, parcel->id, {Source::typed, "", "SF1234567890123"}, "").error().kind,
              ErrorKind::refused);
    ASSERT_OK(change_waybill(*database_, clerk_, parcel->id, {Source::typed, "", "SF1234567890123"}, "接口不通"));
    EXPECT_EQ(find(*database_, parcel->id)->waybill, "SF1234567890123");
    server_->mood(TestCouriers::Mood::answers);
    clock_.advance(kHour);
    ASSERT_OK(obtain_due(*database_, couriers_));
    ASSERT_EQ(server_->orders().size(), 1U);
    EXPECT_TRUE(server_->orders().front().cancelled);
    EXPECT_EQ(find(*database_, parcel->id)->waybill, "SF1234567890123");
    EXPECT_TRUE(waybills_open(*database_)->empty());
    // What was voided is never used again.
    const std::string voided = server_->orders().front().waybill;
    EXPECT_EQ(pack(*database_, clerk_, {two_}, voided).error().kind, ErrorKind::conflict);
    const auto scanned = identify(*database_, voided);
    ASSERT_OK(scanned);
    EXPECT_EQ(scanned->shipment, parcel->id);
    EXPECT_NE(scanned->alarm, "") << "an old label";
    EXPECT_EQ(scan_out(*database_, clerk_, voided).error().kind, ErrorKind::refused);
}

TEST_P(ParcelsTest, AWrongOrRefusedCorrectionLeavesNoStaleLabelUnnoticed) {
    issued({tests::sample_order(1)});
    const auto parcel = pack(*database_, clerk_, {one_});
    ASSERT_OK(parcel);
    EXPECT_EQ(printed(*database_, clerk_, *parcel), 1);
    EXPECT_EQ(identify(*database_, parcel->waybill)->alarm, "");
    orders::Delivery place = parcel->delivery;
    place.address = "江苏省苏州市姑苏区人民路1号";
    const auto corrected = correct_place(*database_, clerk_, parcel->id, place);
    ASSERT_OK(corrected);
    EXPECT_EQ(corrected->waybill, parcel->waybill) << "a number of the range stays";
    EXPECT_NE(corrected->stale, "");
    EXPECT_NE(identify(*database_, parcel->waybill)->alarm, "");
    EXPECT_EQ(scan_out(*database_, clerk_, parcel->waybill).error().kind, ErrorKind::refused);
    EXPECT_EQ(hand_over(*database_, clerk_, parcel->id).error().kind, ErrorKind::refused);
    EXPECT_EQ(printed(*database_, clerk_, *corrected), 2);
    ASSERT_OK(scan_out(*database_, clerk_, parcel->waybill));
}

TEST_P(ParcelsTest, ScanningAnythingOpensItsParcel) {
    issued(tests::paid_together({1, 2}));
    issued({tests::sample_order(3)});
    using What = Scanned::What;
    EXPECT_EQ(identify(*database_, "dd20261122-0001")->what, What::order);
    const auto key = identify(*database_, "key-0002-1");
    EXPECT_EQ(key->what, What::key);
    EXPECT_EQ(key->order_no, two_);
    EXPECT_EQ(key->payment_no, "ZF0001");
    EXPECT_EQ(key->shipment, 0);
    EXPECT_EQ(identify(*database_, "ZF0001")->what, What::payment);
    EXPECT_EQ(identify(*database_, "KEY-7777-1")->what, What::nothing);
    EXPECT_EQ(identify(*database_, "")->what, What::nothing);
    const auto parcel = pack(*database_, clerk_, {one_, two_});
    ASSERT_OK(parcel);
    EXPECT_EQ(identify(*database_, parcel->waybill)->what, What::waybill);
    EXPECT_EQ(identify(*database_, parcel->waybill)->shipment, parcel->id);
    EXPECT_EQ(identify(*database_, "KEY-0001-1")->shipment, parcel->id);
    EXPECT_NE(wrong_key_sentence(*identify(*database_, "KEY-0003-1"), "KEY-0003-1").find(three_), std::string::npos);
    // A pick-up's receipt, and what an older one says.
    const auto receipt = identify(*database_, "zq" + one_ + "-" + std::to_string(parcel->id));
    EXPECT_EQ(receipt->what, What::order);
    EXPECT_EQ(receipt->shipment, parcel->id);
    EXPECT_EQ(receipt->alarm, "");
    EXPECT_EQ(identify(*database_, "ZQ" + one_)->shipment, parcel->id);
    EXPECT_EQ(identify(*database_, "ZQ" + one_ + "-x")->what, What::nothing);
    ASSERT_OK(unpack(*database_, clerk_, parcel->id, "退款"));
    EXPECT_NE(identify(*database_, "ZQ" + one_ + "-" + std::to_string(parcel->id))->alarm, "") << "of a parcel that is no more";
}

TEST_P(ParcelsTest, TheManifestHandsOverWhatWasScannedAndNothingElse) {
    issued({tests::sample_order(1), tests::sample_order(2), tests::sample_order(3)});
    const auto one = pack(*database_, clerk_, {one_}), two = pack(*database_, clerk_, {two_}),
               three = pack(*database_, clerk_, {three_}, "SF1234567890123");
    ASSERT_OK(three);
    EXPECT_EQ(not_handed_over(*database_)->size(), 3U);
    const auto open = scan_out(*database_, clerk_, one->waybill);
    ASSERT_OK(open);
    EXPECT_EQ(open->courier, "ems");
    EXPECT_EQ(scan_out(*database_, clerk_, one->waybill).error().kind, ErrorKind::conflict);
    EXPECT_EQ(scan_out(*database_, clerk_, "SF9999999999999").error().kind, ErrorKind::refused);
    ASSERT_OK(scan_out(*database_, clerk_, two->waybill));
    const auto other = scan_out(*database_, clerk_, "sf1234567890123");
    ASSERT_OK(other);
    EXPECT_NE(other->id, open->id) << "one manifest for each courier";
    EXPECT_TRUE(not_handed_over(*database_)->empty());
    ASSERT_OK(keep_back(*database_, clerk_, two->id));
    EXPECT_EQ(not_handed_over(*database_)->size(), 1U);
    EXPECT_EQ(state_of(one_), State::packed) << "scanned is not handed over";

    const auto closed = close_manifest(*database_, clerk_, open->id, "投递员 李强");
    ASSERT_OK(closed);
    EXPECT_TRUE(closed->closed);
    EXPECT_EQ(closed->parcels.size(), 1U);
    EXPECT_EQ(closed->keys(), 1);
    EXPECT_EQ(state_of(one_), State::completed);
    EXPECT_EQ(state_of(two_), State::packed);
    EXPECT_EQ(state_of(three_), State::packed);
    EXPECT_EQ(acts::of_order(*database_, one_)->front().kind, "shipped");
    EXPECT_EQ(close_manifest(*database_, clerk_, open->id, "").error().kind, ErrorKind::conflict);
    EXPECT_EQ(scan_out(*database_, clerk_, one->waybill).error().kind, ErrorKind::conflict);
    EXPECT_EQ(manifests_on(*database_, day_of(clock_.now()))->size(), 1U);
    ASSERT_OK(keep_back(*database_, clerk_, three->id));
    EXPECT_EQ(close_manifest(*database_, clerk_, other->id, "").error().kind, ErrorKind::refused) << "it is empty";
    const staff::Actor officer{"wang", "王敏", static_cast<staff::Roles>(staff::Role::officer)};
    EXPECT_EQ(scan_out(*database_, officer, two->waybill).error().kind, ErrorKind::denied);
}

TEST_P(ParcelsTest, DeliveredAndNeverUsedIsFollowedUp) {
    issued({tests::sample_order(1), tests::sample_order(2), tests::sample_order(3)});
    const auto one = pack_sf({one_}), two = pack_sf({two_}), three = pack_sf({three_});
    ASSERT_OK(three);
    ASSERT_OK(obtain_due(*database_, couriers_));
    for (const auto id : {one->id, two->id, three->id}) ASSERT_OK(hand_over(*database_, clerk_, id));
    EXPECT_EQ(poll_due(*database_, couriers_, 10), 3);
    EXPECT_EQ(poll_due(*database_, couriers_, 10), 0) << "not again so soon";
    clock_.advance(-kDay);
    EXPECT_EQ(poll_due(*database_, couriers_, 10), 3) << "nobody waits a day because the clock went back";
    EXPECT_EQ(poll_due(*database_, couriers_, 10), 0);
    clock_.advance(kDay);
    for (const auto id : {one->id, two->id, three->id}) server_->delivered(find(*database_, id)->waybill);
    clock_.advance(2 * kDay);
    EXPECT_EQ(poll_due(*database_, couriers_, 10), 3);
    EXPECT_TRUE(find(*database_, one->id)->delivered_at);
    EXPECT_EQ(steps_of(*database_, find(*database_, one->id)->waybill)->front().text, "已签收");
    EXPECT_EQ(steps_of(*database_, find(*database_, one->id)->waybill)->size(), 2U) << "each step once";
    EXPECT_TRUE(follow_ups(*database_, 7 * kDay)->empty());
    clock_.advance(8 * kDay);
    const staff::Actor officer{"wang", "王敏", static_cast<staff::Roles>(staff::Role::officer)};
    const auto log = [&] { return audit::page(*database_, one_, 0, 1)->front(); };
    EXPECT_EQ(key_used(*database_, officer, "KEY-0001-1").error().kind, ErrorKind::denied);
    EXPECT_EQ(key_used(*database_, clerk_, "KEY-7777-1").error().kind, ErrorKind::refused);
    EXPECT_NE(log().action, "shipping.used");
    ASSERT_OK(key_used(*database_, clerk_, "KEY-0001-1"));
    EXPECT_EQ(log().action, "shipping.used");
    EXPECT_EQ(log().actor, "zhao");
    EXPECT_EQ(log().details, R"({"key":"KEY-0001-1"})");
    const auto noted = log().seq;
    ASSERT_OK(key_used(*database_, clerk_, "KEY-0001-1"));
    EXPECT_EQ(log().seq, noted) << "the first time stays";
    ASSERT_OK(database_->write(
        [](storage::Tx& tx) { return keys::move_key(tx, "KEY-0003-1", keys::KeyState::returned, "wang", "申请人退回"); }));
    const auto list = follow_ups(*database_, 7 * kDay);
    ASSERT_EQ(list->size(), 1U) << "nobody is asked about a KEY that came back";
    EXPECT_EQ(list->front().unused, std::vector<std::string>{"KEY-0002-1"});
    EXPECT_EQ(settle_follow_up(*database_, clerk_, two->id, "").error().kind, ErrorKind::refused);
    ASSERT_OK(settle_follow_up(*database_, clerk_, two->id, "已电话联系，下周使用"));
    EXPECT_EQ(settle_follow_up(*database_, clerk_, two->id, "again").error().kind, ErrorKind::conflict);
    EXPECT_TRUE(follow_ups(*database_, 7 * kDay)->empty());
    EXPECT_EQ(take_track(*database_, "SF0000000000000", {}).error().kind, ErrorKind::refused);
}

SEALDESK_ON_BOTH_ENGINES(ParcelsTest);
