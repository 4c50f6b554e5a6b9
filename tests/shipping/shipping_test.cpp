#include "shipping/shipping.h"

#include "acts/acts.h"
#include "audit/audit.h"
#include "certificates/certificate_register.h"
#include "orders/number_ranges.h"
#include "storage/rows.h"
#include "support/orders.h"

using namespace sealdesk;
using namespace sealdesk::shipping;
using orders::State;

class ShippingTest : public tests::OnBothEngines {
protected:
    void SetUp() override {
        open();
        ASSERT_OK(database_->write([](storage::Tx& tx) {
            return orders::define(tx, {"waybill", "EA{s10}CN", 12345678, 12345679});
        }));
    }
    void issued(const std::vector<orders::Order>& list) {
        ASSERT_OK(tests::put(*database_, list, State::issued));
        ASSERT_OK(tests::give_keys(*database_, list));
    }
    State state_of(const std::string& no) { return orders::load(*database_, no)->state; }
    ErrorKind refusal(const std::vector<std::string>& numbers, const std::string& typed, std::string* sentence = nullptr) {
        const auto packed = pack(*database_, clerk_, numbers, typed);
        if (packed) return ErrorKind::internal;
        if (sentence != nullptr) *sentence = packed.error().message;
        return packed.error().kind;
    }
    void key(const std::string& serial, const std::string& no, int unit, const std::string& state) {
        ASSERT_OK(database_->write([&](storage::Tx& tx) -> Result<> {
            storage::change(tx,
                            "INSERT INTO keys (serial, label, state, order_no, unit_no, updated_at) VALUES (:serial, 'KEY', "
                            ":state, :no, :unit, 1)",
                            serial, state, no, unit);
            return {};
        }));
    }
    std::string key_state(const std::string& serial) {
        return *database_->read([&](storage::Tx& tx) -> Result<std::string> {
            return storage::one<std::string>(tx, "SELECT state FROM keys WHERE serial = :serial", "", serial);
        });
    }

    const staff::Actor clerk_{"zhao", "赵云", static_cast<staff::Roles>(staff::Role::clerk)};
    const std::string one_ = "DD20261122-0001", two_ = "DD20261122-0002", three_ = "DD20261122-0003";
};

// A courier finds a company sooner than a name: the label says which it is.
TEST_P(ShippingTest, AParcelKnowsTheUnitThatItIsFor) {
    auto pair = tests::paid_together({1, 2});
    pair[0].subject.kind = orders::SubjectKind::unit;
    pair[0].subject.name = "南京垚鑫建设工程有限公司";
    pair[1].subject.kind = orders::SubjectKind::person;
    pair[1].subject.enterprise = "江苏垚鑫市政园林工程有限公司";
    issued(pair);
    const auto parcel = pack(*database_, clerk_, {one_, two_});
    ASSERT_OK(parcel);
    ASSERT_EQ(parcel->contents.size(), 2U);
    EXPECT_EQ(parcel->contents[0].unit, "南京垚鑫建设工程有限公司");
    EXPECT_EQ(parcel->contents[1].unit, "江苏垚鑫市政园林工程有限公司");
}

TEST_P(ShippingTest, OnePaymentOneAddressOneParcel) {
    auto pair = tests::paid_together({1, 2});
    pair[1].delivery.address = " " + pair[1].delivery.address + "。";
    issued(pair);
    key("K-0", one_, 1, "scrapped");
    const auto waits = proposals(*database_);
    ASSERT_OK(waits);
    ASSERT_EQ(waits->size(), 1U);
    EXPECT_EQ(waits->front().contents.size(), 2U);
    EXPECT_EQ(waits->front().parcels, 1);
    EXPECT_EQ(waits->front().differs, "");
    EXPECT_FALSE(waits->front().invoiced);

    const auto parcel = pack(*database_, clerk_, {two_, one_, two_});
    ASSERT_OK(parcel);
    EXPECT_EQ(parcel->waybill, "EA123456785CN");
    EXPECT_EQ(parcel->courier, "ems");
    EXPECT_NE(parcel->notes, "") << "there is no invoice to put in";
    ASSERT_EQ(parcel->contents.size(), 2U);
    EXPECT_EQ(parcel->contents[0].key_serials, std::vector<std::string>{"KEY-0001-1"});
    EXPECT_EQ(state_of(one_), State::packed);
    EXPECT_EQ(waiting(*database_)->size(), 1U);
    EXPECT_TRUE(proposals(*database_)->empty());
    EXPECT_EQ((*by_code(*database_, "ea123456785cn"))->id, parcel->id);
    EXPECT_EQ((*by_code(*database_, two_))->id, parcel->id);
    EXPECT_EQ(*by_code(*database_, "EA000000005CN") ? 1 : 0, 0);

    EXPECT_EQ(printed(*database_, clerk_, *parcel), 1);
    EXPECT_EQ(printed(*database_, clerk_, *parcel), 2);

    clock_.advance(kMinute);
    const auto out = hand_over(*database_, clerk_, parcel->id);
    ASSERT_OK(out);
    EXPECT_EQ(out->state, ShipmentState::handed_over);
    EXPECT_EQ(out->handed_over_at, clock_.now());
    EXPECT_EQ(state_of(two_), State::completed);
    EXPECT_EQ(key_state("KEY-0002-1"), "shipped");
    EXPECT_EQ(key_state("K-0"), "scrapped");
    const auto list = acts::of_order(*database_, one_);
    ASSERT_EQ(list->size(), 1U);
    EXPECT_EQ(list->front().kind, "shipped");
    EXPECT_NE(list->front().body.find("EA123456785CN"), std::string::npos);
    EXPECT_TRUE(waiting(*database_)->empty());
    EXPECT_EQ(handed_over_on(*database_, day_of(clock_.now()))->size(), 1U);
    EXPECT_TRUE(handed_over_on(*database_, next(day_of(clock_.now())))->empty());
    EXPECT_FALSE(audit::verify(*database_)->first_bad);
}

TEST_P(ShippingTest, PackingAndHandingOverTwiceIsAConflictThatNamesTheWaybill) {
    issued({tests::sample_order(1)});
    const auto parcel = pack(*database_, clerk_, {one_});
    ASSERT_OK(parcel);
    std::string sentence;
    EXPECT_EQ(refusal({one_}, "", &sentence), ErrorKind::conflict);
    EXPECT_NE(sentence.find("EA123456785CN"), std::string::npos) << sentence;
    ASSERT_OK(hand_over(*database_, clerk_, parcel->id));
    EXPECT_EQ(hand_over(*database_, clerk_, parcel->id).error().kind, ErrorKind::conflict);
    EXPECT_EQ(refusal({one_}, "", &sentence), ErrorKind::conflict);
    EXPECT_EQ(acts::of_order(*database_, one_)->size(), 1U);
    EXPECT_EQ(orders::remaining(*database_, "waybill"), 1);
}

TEST_P(ShippingTest, DifferentAddressesNeverMerge) {
    auto three = tests::paid_together({1, 2, 3});
    three[2].delivery.address = "江苏省苏州市姑苏区人民路1号";
    issued(three);
    const auto waits = proposals(*database_);
    ASSERT_OK(waits);
    ASSERT_EQ(waits->size(), 2U);
    for (const auto& proposal : *waits) {
        EXPECT_EQ(proposal.parcels, 2);
        EXPECT_NE(proposal.differs, "");
    }
    std::string sentence;
    EXPECT_EQ(refusal({one_, three_}, "", &sentence), ErrorKind::refused);
    EXPECT_NE(sentence.find(three_), std::string::npos);
    EXPECT_EQ(state_of(one_), State::issued);
    EXPECT_EQ(refusal({one_, two_}, "", &sentence), ErrorKind::refused) << "nobody chose";
    EXPECT_NE(sentence.find("分开寄"), std::string::npos) << sentence;
    PackOrder apart;
    apart.order_nos = {one_, two_};
    apart.apart = true;
    ASSERT_OK(pack(*database_, clerk_, apart));
    ASSERT_EQ(proposals(*database_)->size(), 1U);
    EXPECT_EQ(proposals(*database_)->front().differs, "") << "only one place is left: there is nothing to choose";
    ASSERT_OK(pack(*database_, clerk_, {three_}));
    EXPECT_EQ(waiting(*database_)->size(), 2U);
}

TEST_P(ShippingTest, PickUpsByDifferentPeopleNeverMerge) {
    auto pair = tests::paid_together({1, 2});
    pair[0].delivery = {orders::DeliveryMethod::pickup, "周敏", "13800138000", ""};
    pair[1].delivery = {orders::DeliveryMethod::pickup, "郑凯", "13800138000", ""};
    issued(pair);
    ASSERT_EQ(proposals(*database_)->size(), 2U);
    EXPECT_NE(proposals(*database_)->front().differs, "");
    EXPECT_EQ(refusal({one_, two_}, ""), ErrorKind::refused);
    EXPECT_EQ(refusal({one_}, ""), ErrorKind::refused) << "nobody chose";
    PackOrder what;
    what.order_nos = {one_, two_};
    what.together_at = two_;
    const auto parcel = pack(*database_, clerk_, what);
    ASSERT_OK(parcel);
    EXPECT_EQ(parcel->delivery.recipient, "郑凯");
}

TEST_P(ShippingTest, DifferentPaymentsNeverMergeEither) {
    auto other = tests::sample_order(2);
    other.delivery = tests::sample_order(1).delivery;
    issued({tests::sample_order(1), other});
    EXPECT_EQ(refusal({one_, two_}, ""), ErrorKind::refused);
}

TEST_P(ShippingTest, ShowsWhatTheParcelStillWaitsFor) {
    const auto three = tests::paid_together({1, 2, 3});
    issued({three[0]});
    ASSERT_OK(tests::put(*database_, {three[1]}, State::approved));
    ASSERT_OK(tests::put(*database_, {three[2]}, State::refunded));
    const auto waits = proposals(*database_);
    ASSERT_OK(waits);
    ASSERT_EQ(waits->size(), 1U);
    EXPECT_EQ(waits->front().not_ready, std::vector<std::string>{two_});
    EXPECT_NE(waits->front().waits, "");
    EXPECT_EQ(refusal({one_, two_}, ""), ErrorKind::conflict);
    EXPECT_EQ(refusal({three_}, ""), ErrorKind::conflict);
    EXPECT_EQ(refusal({}, ""), ErrorKind::refused);
    EXPECT_EQ(refusal({"DD-NONE"}, ""), ErrorKind::refused);
    EXPECT_EQ(orders::remaining(*database_, "waybill"), 2);
}

// The new KEY is in the parcel of the order that replaced it; this one goes without.
TEST_P(ShippingTest, AKeyThatWasReplacedBeforeItLeftIsNotWaitedFor) {
    const auto order = tests::sample_order(1);
    ASSERT_OK(tests::put(*database_, {order}, State::issued));
    ASSERT_OK(tests::put(*database_, {tests::sample_order(2)}, State::approved));
    key("K-OLD", order.no, 1, "scrapped");
    EXPECT_NE(refusal({order.no}, ""), ErrorKind::internal) << "scrapped, and nothing in its place";
    ASSERT_OK(database_->write([&](storage::Tx& tx) -> Result<> {
        certificates::Entry entry;
        entry.order_no = order.no;
        entry.key_serial = "K-OLD";
        entry.serial = "AA";
        certificates::record_serial(tx, entry);
        SEALDESK_TRY(certificates::record_signed(tx, "AA", "pem"));
        entry.order_no = two_;
        entry.key_serial = "K-NEW";
        entry.serial = "BB";
        certificates::record_serial(tx, entry);
        SEALDESK_TRY(certificates::record_signed(tx, "BB", "pem"));
        return certificates::revoke(tx, "AA", certificates::RevocationReason::superseded, "BB");
    }));
    const auto waits = proposals(*database_);
    ASSERT_OK(waits);
    ASSERT_EQ(waits->size(), 1U);
    EXPECT_EQ(waits->front().contents.front().replaced, 1);
    EXPECT_EQ(waits->front().contents.front().quantity, 0);
    ASSERT_OK(pack(*database_, clerk_, {order.no}, ""));
    EXPECT_EQ(state_of(order.no), State::packed);
}

TEST_P(ShippingTest, ATypedWaybillIsCheckedAndUsedOnce) {
    issued({tests::sample_order(1), tests::sample_order(2)});
    EXPECT_EQ(refusal({one_}, "EA123456784CN"), ErrorKind::refused);
    EXPECT_EQ(refusal({one_}, "short"), ErrorKind::refused);
    const auto parcel = pack(*database_, clerk_, {one_}, "sf1234567890123");
    ASSERT_OK(parcel);
    EXPECT_EQ(parcel->waybill, "SF1234567890123");
    EXPECT_EQ(parcel->courier, "shunfeng");
    EXPECT_EQ(refusal({two_}, "SF1234567890123"), ErrorKind::conflict);
    EXPECT_EQ(orders::remaining(*database_, "waybill"), 2);
}

TEST_P(ShippingTest, ANumberTypedBeforeItsTurnIsPassedOver) {
    issued({tests::sample_order(1), tests::sample_order(2), tests::sample_order(3)});
    ASSERT_OK(pack(*database_, clerk_, {one_}, "EA123456785CN"));
    const auto parcel = pack(*database_, clerk_, {two_});
    ASSERT_OK(parcel);
    EXPECT_NE(parcel->waybill, "EA123456785CN");
    EXPECT_EQ(orders::remaining(*database_, "waybill"), 0);
    EXPECT_EQ(refusal({three_}, ""), ErrorKind::refused);
}

TEST_P(ShippingTest, AnExhaustedRangePacksNothing) {
    issued({tests::sample_order(1), tests::sample_order(2), tests::sample_order(3)});
    ASSERT_OK(pack(*database_, clerk_, {one_}));
    ASSERT_OK(pack(*database_, clerk_, {two_}));
    EXPECT_EQ(refusal({three_}, ""), ErrorKind::refused);
    EXPECT_EQ(state_of(three_), State::issued);
    ASSERT_OK(pack(*database_, clerk_, {three_}, "SF1234567890123"));
}

TEST_P(ShippingTest, PickupHasNoWaybill) {
    auto order = tests::sample_order(1);
    order.delivery = {orders::DeliveryMethod::pickup, "", "", ""};
    issued({order});
    EXPECT_EQ(refusal({one_}, "SF1234567890123"), ErrorKind::refused);
    const auto parcel = pack(*database_, clerk_, {one_});
    ASSERT_OK(parcel);
    EXPECT_EQ(parcel->waybill, "");
    EXPECT_EQ(refusal({one_}, ""), ErrorKind::conflict);
    ASSERT_OK(hand_over(*database_, clerk_, parcel->id));
    EXPECT_EQ(acts::of_order(*database_, one_)->front().body, "{\"method\":\"pickup\"}");
    EXPECT_EQ(orders::remaining(*database_, "waybill"), 2);
}

TEST_P(ShippingTest, OnlyAClerkPacksHandsOverAndPrints) {
    issued({tests::sample_order(1), tests::sample_order(2)});
    const auto parcel = pack(*database_, clerk_, {one_});
    ASSERT_OK(parcel);
    const staff::Actor officer{"wang", "王敏", staff::Role::officer | staff::Role::supervisor};
    EXPECT_EQ(pack(*database_, officer, {two_}).error().kind, ErrorKind::denied);
    EXPECT_EQ(hand_over(*database_, officer, parcel->id).error().kind, ErrorKind::denied);
    EXPECT_EQ(printed(*database_, officer, *parcel).error().kind, ErrorKind::denied);
    EXPECT_EQ(hand_over(*database_, clerk_, 999).error().kind, ErrorKind::refused);
    EXPECT_EQ(find(*database_, parcel->id)->prints, 0);
    EXPECT_EQ(state_of(one_), State::packed);
}

SEALDESK_ON_BOTH_ENGINES(ShippingTest);
