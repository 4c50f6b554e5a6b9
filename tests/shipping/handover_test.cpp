// What leaves the house, and what must not: all at once, by list, and after a refund.
#include "shipping/handover.h"

#include "acts/acts.h"
#include "audit/audit.h"
#include "certificates/standing.h"
#include "keys/jobs_store.h"
#include "keys/pin.h"
#include "orders/number_ranges.h"
#include "shipping/enclosed.h"
#include "shipping/packing.h"
#include "shipping/waybills.h"
#include "storage/rows.h"
#include "support/orders.h"

using namespace sealdesk;
using namespace sealdesk::shipping;
using orders::State;

class HandOverTest : public tests::OnBothEngines {
protected:
    void SetUp() override {
        open();
        ASSERT_OK(database_->write([](storage::Tx& tx) {
            return orders::define(tx, {"waybill", "EA{s10}CN", 12345678, 12345690});
        }));
    }
    void issued(const std::vector<orders::Order>& list) {
        ASSERT_OK(tests::put(*database_, list, State::issued));
        ASSERT_OK(tests::give_keys(*database_, list));
    }
    // As the portal's event is taken once a KEY is written.
    void refund(const std::string& no) {
        ASSERT_OK(database_->write([&](storage::Tx& tx) -> Result<> {
            storage::change(tx, "INSERT INTO refunds (order_no, amount, at, state) VALUES (:no, 30000, :at, 'needs_person')", no,
                            tx.now.ms);
            return {};
        }));
    }
    void change(const std::string& sql, std::int64_t id) {
        ASSERT_OK(database_->write([&](storage::Tx& tx) -> Result<> {
            storage::change(tx, sql, id);
            return {};
        }));
    }
    Shipment packed(const std::vector<std::string>& numbers, const std::string& typed = {}) {
        const auto parcel = pack(*database_, clerk_, numbers, typed);
        EXPECT_TRUE(parcel) << parcel.error().message;
        return parcel.value_or(Shipment{});
    }
    State state_of(int n) { return orders::load(*database_, no(n))->state; }
    static std::string no(int n) { return tests::sample_order(n).no; }

    const staff::Actor clerk_{"zhao", "赵云", static_cast<staff::Roles>(staff::Role::clerk)};
    const staff::Actor officer_{"wang", "王敏", static_cast<staff::Roles>(staff::Role::officer)};
};

TEST_P(HandOverTest, AllAtOnceIsTheCouriersAndOneThatCannotGoKeepsNothingBack) {
    auto collected = tests::sample_order(2);
    collected.delivery = {orders::DeliveryMethod::pickup, "周敏", "13800138000", ""};
    issued({tests::sample_order(1), collected, tests::sample_order(3), tests::sample_order(4), tests::sample_order(5)});
    PackOrder asking;
    asking.order_nos = {no(1)};
    asking.number = {Source::sf, "", ""};
    const auto unnumbered = pack(*database_, clerk_, asking);  // no account: its number never comes
    ASSERT_OK(unnumbered);
    const auto pickup = packed({no(2)}), listed = packed({no(3)}), stale = packed({no(4)}), plain = packed({no(5)});
    ASSERT_OK(scan_out(*database_, clerk_, listed.waybill));
    ASSERT_OK(printed(*database_, clerk_, stale));
    auto place = stale.delivery;
    place.address = "江苏省苏州市姑苏区人民路1号";
    ASSERT_OK(correct_place(*database_, clerk_, stale.id, place));

    EXPECT_EQ(hand_over_all(*database_, officer_).error().kind, ErrorKind::denied);
    const auto sent = hand_over_all(*database_, clerk_);
    ASSERT_OK(sent);
    EXPECT_EQ(sent->count, 1);
    ASSERT_EQ(sent->stayed.size(), 3U);
    EXPECT_NE(sent->stayed[0].find("还没有快递单号"), std::string::npos) << sent->stayed[0];
    EXPECT_NE(sent->stayed[1].find(listed.waybill), std::string::npos) << sent->stayed[1];
    EXPECT_NE(sent->stayed[2].find(stale.waybill), std::string::npos) << sent->stayed[2];
    EXPECT_EQ(state_of(5), State::completed) << "behind three that could not go";
    EXPECT_EQ(state_of(2), State::packed) << "nobody has collected it";
    EXPECT_EQ(state_of(3), State::packed);

    // The list is whole and goes by itself; a pick-up is handed over by itself.
    const auto refusal = hand_over(*database_, clerk_, listed.id);
    ASSERT_FALSE(refusal);
    EXPECT_EQ(refusal.error().kind, ErrorKind::refused);
    EXPECT_NE(refusal.error().message.find("清单"), std::string::npos);
    ASSERT_OK(close_manifest(*database_, clerk_, find(*database_, listed.id)->manifest, "李强"));
    EXPECT_EQ(state_of(3), State::completed);
    ASSERT_OK(hand_over(*database_, clerk_, pickup.id));
    EXPECT_EQ(acts::of_order(*database_, no(3))->size(), 1U);
    EXPECT_EQ(find(*database_, plain.id)->state, ShipmentState::handed_over);
    EXPECT_FALSE(audit::verify(*database_)->first_bad);
}

TEST_P(HandOverTest, AListWhoseParcelsHaveLeftIsClosedAndTheNextScanOpensAnother) {
    issued({tests::sample_order(1), tests::sample_order(2), tests::sample_order(3)});
    const auto one = packed({no(1)}), two = packed({no(2)}), three = packed({no(3)});
    const auto list = scan_out(*database_, clerk_, one.waybill);
    ASSERT_OK(list);
    // As a store of before has it: handed over by itself while it stood on the list.
    change("UPDATE shipments SET manifest_id = 0 WHERE id = :id", one.id);
    ASSERT_OK(hand_over(*database_, clerk_, one.id));
    change("UPDATE shipments SET manifest_id = " + std::to_string(list->id) + " WHERE id = :id", one.id);
    ASSERT_OK(scan_out(*database_, clerk_, two.waybill));

    const auto closed = close_manifest(*database_, clerk_, list->id, "李强");
    ASSERT_OK(closed);
    EXPECT_EQ(closed->parcels.size(), 2U) << "both are on the paper";
    EXPECT_EQ(closed->number, "JJ00000001");
    EXPECT_EQ(acts::of_order(*database_, no(1))->size(), 1U) << "told once";
    EXPECT_EQ(state_of(2), State::completed);
    EXPECT_EQ(manifest_numbered(*database_, "JJ00000001")->id, list->id);
    EXPECT_EQ(manifest_numbered(*database_, "JJ99999999").error().kind, ErrorKind::refused);
    EXPECT_EQ(manifest_numbered(*database_, "").error().kind, ErrorKind::refused) << "open lists have none";
    EXPECT_NE(scan_out(*database_, clerk_, three.waybill)->id, list->id);
}

TEST_P(HandOverTest, WhatIsRefundedBeforePackingIsNotOffered) {
    issued(tests::paid_together({1, 2}));
    refund(no(1));
    const auto waits = proposals(*database_);
    ASSERT_OK(waits);
    ASSERT_EQ(waits->size(), 1U);
    ASSERT_EQ(waits->front().contents.size(), 1U);
    EXPECT_EQ(waits->front().contents.front().order_no, no(2));
    const auto apart = refunded(*database_);
    ASSERT_OK(apart);
    ASSERT_EQ(apart->size(), 1U);
    EXPECT_EQ(apart->front().content.order_no, no(1));
    EXPECT_EQ(apart->front().content.key_serials, std::vector<std::string>{"KEY-0001-1"});
    EXPECT_EQ(apart->front().shipment, 0);

    const auto refusal = pack(*database_, clerk_, {no(1), no(2)});
    ASSERT_FALSE(refusal);
    EXPECT_EQ(refusal.error().kind, ErrorKind::conflict);
    EXPECT_NE(refusal.error().message.find("已经退款"), std::string::npos) << refusal.error().message;
    for (const auto& code : std::vector<std::string>{"KEY-0001-1", no(1)})
        EXPECT_NE(identify(*database_, code)->alarm.find("已经退款"), std::string::npos) << code;
    EXPECT_EQ(identify(*database_, "KEY-0002-1")->alarm, "");
    packed({no(2)});
    EXPECT_EQ(state_of(1), State::issued);
    // Finished, it is not listed any more, and never goes.
    ASSERT_OK(database_->execute("UPDATE refunds SET state = 'settled'"));
    EXPECT_TRUE(refunded(*database_)->empty());
    EXPECT_TRUE(proposals(*database_)->empty());
    EXPECT_EQ(pack(*database_, clerk_, {no(1)}).error().kind, ErrorKind::conflict);
}

TEST_P(HandOverTest, WhatIsRefundedAfterPackingStaysUntilItsParcelIsUnpacked) {
    issued(tests::paid_together({1, 2}));
    issued({tests::sample_order(3)});
    const auto parcel = packed({no(1), no(2)}), other = packed({no(3)});
    for (const auto& waybill : {parcel.waybill, other.waybill}) ASSERT_OK(scan_out(*database_, clerk_, waybill));
    const auto list = find(*database_, parcel.id)->manifest;
    refund(no(1));
    EXPECT_NE(identify(*database_, parcel.waybill)->alarm, "");
    EXPECT_EQ(refunded(*database_)->front().shipment, parcel.id);
    const auto refusal = close_manifest(*database_, clerk_, list, "");
    ASSERT_FALSE(refusal);
    EXPECT_EQ(refusal.error().kind, ErrorKind::conflict);
    EXPECT_NE(refusal.error().message.find(parcel.waybill), std::string::npos) << refusal.error().message;
    EXPECT_EQ(state_of(3), State::packed) << "all of the list or nothing";
    ASSERT_OK(keep_back(*database_, clerk_, parcel.id));
    EXPECT_EQ(scan_out(*database_, clerk_, parcel.waybill).error().kind, ErrorKind::conflict);
    EXPECT_EQ(hand_over(*database_, clerk_, parcel.id).error().kind, ErrorKind::conflict);
    EXPECT_EQ(hand_over_all(*database_, clerk_)->count, 0);
    ASSERT_OK(close_manifest(*database_, clerk_, list, ""));
    EXPECT_EQ(state_of(3), State::completed);

    EXPECT_EQ(unpack(*database_, officer_, parcel.id, "退款").error().kind, ErrorKind::denied);
    EXPECT_EQ(unpack(*database_, clerk_, parcel.id, " ").error().kind, ErrorKind::refused);
    ASSERT_OK(enclose(*database_, parcel.id, {"26322000000000000001"}));
    ASSERT_OK(unpack(*database_, clerk_, parcel.id, "退款"));
    EXPECT_EQ(unpack(*database_, clerk_, parcel.id, "退款").error().kind, ErrorKind::conflict);
    EXPECT_EQ(state_of(1), State::issued);
    EXPECT_TRUE(waiting(*database_)->empty());
    EXPECT_TRUE(enclosed(*database_, {"26322000000000000001"})->empty()) << "it lies on the desk again";
    EXPECT_NE(identify(*database_, parcel.waybill)->alarm, "") << "the old label";
    EXPECT_EQ(hand_over(*database_, clerk_, parcel.id).error().kind, ErrorKind::conflict);
    EXPECT_EQ(change_waybill(*database_, clerk_, parcel.id, {}, "again").error().kind, ErrorKind::conflict);
    const auto again = packed({no(2)});
    EXPECT_NE(again.waybill, parcel.waybill);
    ASSERT_OK(hand_over(*database_, clerk_, again.id));
    EXPECT_EQ(state_of(2), State::completed);
    EXPECT_EQ(unpack(*database_, clerk_, again.id, "退款").error().kind, ErrorKind::conflict) << "out of the house";
    const auto ledger = waybills_of(*database_, parcel.id);
    ASSERT_EQ(ledger->size(), 1U);
    EXPECT_EQ(ledger->front().state, WaybillState::voided);
    EXPECT_EQ(ledger->front().waybill, parcel.waybill) << "on record";
    EXPECT_FALSE(audit::verify(*database_)->first_bad);
}

// Whether it was scanned or not: what lies in the box is not what was paid for any more.
TEST_P(HandOverTest, AKeyThatIsCalledBackAfterPackingKeepsItsParcelHere) {
    issued({tests::sample_order(1), tests::sample_order(2), tests::sample_order(3)});
    const auto listed = packed({no(1)}), plain = packed({no(2)}), other = packed({no(3)});
    const auto list = scan_out(*database_, clerk_, listed.waybill);
    ASSERT_OK(list);
    EXPECT_EQ(find(*database_, plain.id)->blocked, "");
    const auto gone = [&](const std::string& serial, keys::KeyState to) {
        return database_->write([&](storage::Tx& tx) { return keys::move_key(tx, serial, to, "wang", "遗失"); });
    };
    ASSERT_OK(gone("KEY-0001-1", keys::KeyState::scrapped));
    ASSERT_OK(gone("KEY-0002-1", keys::KeyState::returned));

    const auto alone = hand_over(*database_, clerk_, plain.id);
    ASSERT_FALSE(alone);
    EXPECT_EQ(alone.error().kind, ErrorKind::conflict);
    EXPECT_NE(alone.error().message.find("KEY-0002-1"), std::string::npos) << alone.error().message;
    const auto scanned = scan_out(*database_, clerk_, plain.waybill);
    ASSERT_FALSE(scanned);
    EXPECT_NE(scanned.error().message.find("KEY-0002-1"), std::string::npos) << scanned.error().message;
    const auto closed = close_manifest(*database_, clerk_, list->id, "");
    ASSERT_FALSE(closed);
    EXPECT_NE(closed.error().message.find("KEY-0001-1"), std::string::npos) << closed.error().message;
    EXPECT_NE(identify(*database_, plain.waybill)->alarm.find("KEY-0002-1"), std::string::npos);
    const auto sent = hand_over_all(*database_, clerk_);
    ASSERT_OK(sent);
    EXPECT_EQ(sent->count, 1) << "the third one only";
    EXPECT_EQ(state_of(3), State::completed);
    EXPECT_EQ(find(*database_, other.id)->state, ShipmentState::handed_over);

    ASSERT_OK(unpack(*database_, clerk_, plain.id, find(*database_, plain.id)->blocked));
    EXPECT_EQ(state_of(2), State::issued);
    EXPECT_EQ(state_of(1), State::packed);
}

// List, slip and receipt say what was signed for, whatever became of the KEYs afterwards.
TEST_P(HandOverTest, WhatLeftStaysOnPaperAsItLeft) {
    auto several = tests::sample_order(1);
    several.quantity = 2;
    issued({several, tests::sample_order(2)});
    const auto one = packed({no(1)}), two = packed({no(2)});
    ASSERT_OK(scan_out(*database_, clerk_, one.waybill));
    const auto list = scan_out(*database_, clerk_, two.waybill);
    ASSERT_OK(list);
    ASSERT_OK(close_manifest(*database_, clerk_, list->id, "李强"));
    ASSERT_OK(database_->write([&](storage::Tx& tx) -> Result<> {
        SEALDESK_TRY(keys::move_key(tx, "KEY-0001-1", keys::KeyState::scrapped, "wang", "遗失"));
        SEALDESK_TRY(keys::move_key(tx, "KEY-0002-1", keys::KeyState::returned, "wang", "退回"));
        SEALDESK_TRY(keys::move_key(tx, "KEY-0002-1", keys::KeyState::blank, "wang"));
        return keys::move_key(tx, "KEY-0002-1", keys::KeyState::allocated, "wang", "", no(3), 1);
    }));
    const auto again = manifest(*database_, list->id);
    ASSERT_OK(again);
    EXPECT_EQ(again->keys(), 3);
    ASSERT_EQ(again->parcels.size(), 2U);
    EXPECT_EQ(again->parcels[0].contents[0].key_serials, (std::vector<std::string>{"KEY-0001-1", "KEY-0001-2"}));
    EXPECT_EQ(again->parcels[1].contents[0].key_serials, std::vector<std::string>{"KEY-0002-1"});
    EXPECT_EQ(again->parcels[0].contents[0].replaced, 0);
}

// For now, not for good: once the officer has seen to it, the parcel leaves as it is.
TEST_P(HandOverTest, AKeyThatIsSuspendedOrWhosePinNobodyHasKeepsItsParcelHere) {
    const auto in_store = [&](const auto& change) { ASSERT_OK(database_->write(change)); };
    const auto key = [](int n) { return fmt::format("KEY-{:04}-1", n); };
    issued({tests::sample_order(1), tests::sample_order(2), tests::sample_order(3), tests::sample_order(4)});
    for (const int n : {1, 2})
        in_store([&](storage::Tx& tx) {
            certificates::Entry entry;
            entry.order_no = no(n);
            entry.key_serial = key(n);
            entry.serial = fmt::format("A{}", n);
            certificates::record_serial(tx, entry);
            return certificates::record_signed(tx, entry.serial, "pem");
        });
    const auto hold = [&](int n) {
        in_store([&](storage::Tx& tx) -> Result<> {
            if (n < 3) return certificates::suspend(tx, fmt::format("A{}", n));
            keys::pin_is_owed(tx, no(n), key(n));
            return {};
        });
    };
    const auto let_go = [&](int n) {
        if (n < 3)
            in_store([&](storage::Tx& tx) { return certificates::resume(tx, fmt::format("A{}", n)); });
        else
            ASSERT_OK(keys::pin_handed_on(*database_, officer_, key(n)));
    };
    for (const auto& [early, late, why] : {std::tuple{1, 2, "的证书已停用"}, {3, 4, "的随机 PIN 还没有"}}) {
        const auto names = [&, &says = why](const std::string& sentence, int n) {
            EXPECT_NE(sentence.find("KEY " + key(n) + " " + says), std::string::npos) << sentence;
        };
        const auto parcel = packed({no(late)});
        for (const int n : {early, late}) {
            EXPECT_EQ(identify(*database_, key(n))->alarm, "");
            hold(n);
            names(identify(*database_, key(n))->alarm, n);
        }
        ASSERT_EQ(proposals(*database_)->front().contents.front().order_no, no(early));
        names(proposals(*database_)->front().stays, early);
        const auto packing = pack(*database_, clerk_, {no(early)});
        ASSERT_FALSE(packing);
        EXPECT_EQ(packing.error().kind, ErrorKind::refused);
        names(packing.error().message, early);
        EXPECT_EQ(state_of(early), State::issued);
        EXPECT_EQ(scan_out(*database_, clerk_, parcel.waybill).error().kind, ErrorKind::conflict);
        EXPECT_EQ(hand_over(*database_, clerk_, parcel.id).error().kind, ErrorKind::conflict);
        EXPECT_EQ(hand_over_all(*database_, clerk_)->count, 0);
        names(find(*database_, parcel.id)->blocked, late);
        EXPECT_EQ(state_of(late), State::packed);
        for (const int n : {early, late}) let_go(n);
        EXPECT_EQ(proposals(*database_)->front().stays, "");
        const auto next = packed({no(early)});
        for (const auto& each : {next, parcel}) ASSERT_OK(hand_over(*database_, clerk_, each.id));
        for (const int n : {early, late}) EXPECT_EQ(state_of(n), State::completed);
    }
    EXPECT_FALSE(audit::verify(*database_)->first_bad);
}

// Packed before this was written down: nothing is known about what lies in it.
TEST_P(HandOverTest, AParcelWithoutARecordOfItsKeysLeaves) {
    issued({tests::sample_order(1)});
    const auto parcel = packed({no(1)});
    change("DELETE FROM packed_keys WHERE shipment_id = :id", parcel.id);
    ASSERT_OK(hand_over(*database_, clerk_, parcel.id));
    EXPECT_EQ(state_of(1), State::completed);
}

TEST_P(HandOverTest, AnInvoiceLiesInOneParcel) {
    issued({tests::sample_order(1), tests::sample_order(2)});
    const auto one = packed({no(1)}), two = packed({no(2)});
    EXPECT_TRUE(enclosed(*database_, {"I-1"})->empty());
    EXPECT_EQ(enclose(*database_, one.id, {"I-1"})->front().shipment, one.id);
    const auto both = enclose(*database_, two.id, {"I-1", "I-2"});
    ASSERT_OK(both);
    ASSERT_EQ(both->size(), 2U);
    EXPECT_EQ((*both)[0].shipment, one.id) << "it stays where it is";
    EXPECT_EQ((*both)[0].waybill, one.waybill);
    EXPECT_EQ((*both)[1].shipment, two.id);
    EXPECT_EQ(enclose(*database_, two.id, {"I-2"})->front().shipment, two.id) << "again is the same";
}

SEALDESK_ON_BOTH_ENGINES(HandOverTest);
