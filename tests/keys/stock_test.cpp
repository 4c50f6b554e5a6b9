#include "keys/stock.h"

#include <gmock/gmock.h>

#include "audit/audit.h"
#include "storage/rows.h"
#include "support/databases.h"

using namespace sealdesk;
using namespace sealdesk::keys;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

namespace {

class Stock : public tests::OnBothEngines {
protected:
    void SetUp() override { open(); }

    Result<Box> receive_box(const std::string& first, const std::string& last = {}) {
        return receive(*database_, officer_, {"第 1 盒", "示例 K3", first, last});
    }
    Result<> move(const std::string& serial, KeyState to, const std::string& order = {}) {
        return database_->write([&](storage::Tx& tx) { return move_key(tx, serial, to, "wu", "", order, 1); });
    }
    KeyState state(const std::string& serial) { return find_key(*database_, serial).value()->state; }
    Ledger book() { return ledger(*database_).value(); }

    const staff::Actor officer_{"wu", "吴迪", static_cast<staff::Roles>(staff::Role::officer)};
    const staff::Actor clerk_{"zhao", "赵云", static_cast<staff::Roles>(staff::Role::clerk)};
};
SEALDESK_ON_BOTH_ENGINES(Stock);

std::string sentence(const Delivery& delivery) {
    const auto list = serials_of(delivery);
    return list ? "" : list.error().message;
}

}  // namespace

TEST(Serials, OfARangeKeepTheirLength) {
    EXPECT_THAT(*serials_of({"", "", "E5A0098", "E5A0101"}), ElementsAre("E5A0098", "E5A0099", "E5A0100", "E5A0101"));
    EXPECT_THAT(*serials_of({"", "", "K7", ""}), ElementsAre("K7"));
    EXPECT_THAT(*serials_of({"", "", "K７", " K7 "}), ElementsAre("K7"));
    EXPECT_THAT(*serials_of({"", "", "00000000000000000000000000000001", "00000000000000000000000000000003"}), SizeIs(3));
    EXPECT_THAT(*serials_of({"", "", "a", ""}), ElementsAre("a"));
}

TEST(Serials, ThatAreNoRangeAreRefusedWithTheReason) {
    EXPECT_THAT(sentence({"", "", "", ""}), HasSubstr("1 到 32"));
    EXPECT_THAT(sentence({"", "", std::string(33, '1'), ""}), HasSubstr("1 到 32"));
    EXPECT_THAT(sentence({"", "", "K 1", ""}), HasSubstr("1 到 32"));
    EXPECT_THAT(sentence({"", "", "K1'; --", ""}), HasSubstr("1 到 32"));
    EXPECT_THAT(sentence({"", "", "锁1", ""}), HasSubstr("1 到 32"));
    EXPECT_THAT(sentence({"", "", "K1", "K10"}), HasSubstr("长度"));
    EXPECT_THAT(sentence({"", "", "A1", "B2"}), HasSubstr("开头"));
    EXPECT_THAT(sentence({"", "", "K2", "K1"}), HasSubstr("小于"));
    EXPECT_THAT(sentence({"", "", "KA", "KB"}), HasSubstr("开头"));
    EXPECT_THAT(sentence({"", "", "K00000", "K99999"}), HasSubstr("5000"));
    EXPECT_THAT(sentence({"", "", "K0000", "K4999"}), IsEmpty());
    EXPECT_THAT(sentence({"", "", "K0000", "K5000"}), HasSubstr("5001"));
}

TEST(KeyStates, EveryPairIsInTheTableOrRefused) {
    int legal = 0;
    for (int from = 0; from < kKeyStates; ++from)
        for (int to = 0; to < kKeyStates; ++to) {
            const auto a = static_cast<KeyState>(from), b = static_cast<KeyState>(to);
            EXPECT_EQ(parse_key_state(name_of(a)), a);
            const auto checked = check_movement("K1", a, b);
            EXPECT_EQ(checked.has_value(), may_become(a, b));
            if (checked) {
                ++legal;
                continue;
            }
            EXPECT_EQ(checked.error().kind, ErrorKind::conflict);
            EXPECT_THAT(checked.error().message, testing::AllOf(HasSubstr(word_of(a)), HasSubstr(word_of(b))));
        }
    EXPECT_EQ(legal, 18);
    EXPECT_TRUE(may_become(std::nullopt, KeyState::blank));
    EXPECT_FALSE(may_become(std::nullopt, KeyState::bound));
    for (int from = 0; from < kKeyStates; ++from) EXPECT_FALSE(may_become(KeyState::scrapped, static_cast<KeyState>(from)));
}

TEST_P(Stock, ABoxComesInOnceAndAsAWhole) {
    const auto box = receive_box("K0098", "K0101");
    ASSERT_OK(box);
    EXPECT_EQ(box->keys, 4);
    EXPECT_EQ(book().in, 4);
    EXPECT_EQ(book().of(KeyState::blank), 4);
    EXPECT_EQ(find_key(*database_, "K0100").value()->model, "示例 K3");
    const auto again = receive_box("K0090", "K0098");
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().kind, ErrorKind::conflict);
    EXPECT_THAT(again.error().message, HasSubstr("K0098"));
    EXPECT_FALSE(find_key(*database_, "K0090").value());
    EXPECT_EQ(book().in, 4);
    EXPECT_EQ(receive(*database_, clerk_, {"", "", "K1", ""}).error().kind, ErrorKind::denied);
    EXPECT_EQ(receive(*database_, officer_, {"第\n2 盒", "", "K1", ""}).error().kind, ErrorKind::refused);
    EXPECT_EQ(boxes(*database_, 10)->size(), 1U);
    EXPECT_EQ(boxes(*database_, 10)->front().blank, 4);
    EXPECT_THAT(*check_ledger(*database_), IsEmpty());
}

// Plugging a KEY in enters it into the stock; its box comes later.
TEST_P(Stock, ABoxTakesInTheKeysThatWerePluggedInBefore) {
    const auto plugged_in = [&](const std::string& serial) {
        return database_->write([&](storage::Tx& tx) -> Result<> {
            Key key;
            key.serial = serial;
            key.model = "maker's word";
            enter_stock(tx, key, "desk", "插上时登记");
            return {};
        });
    };
    for (const char* serial : {"K2", "K3", "K9"}) ASSERT_OK(plugged_in(serial));
    const auto box = receive_box("K1", "K4");
    ASSERT_OK(box);
    EXPECT_EQ(box->keys, 4);
    EXPECT_EQ(box->known, 2);
    EXPECT_THAT(came_in(*box), testing::AllOf(HasSubstr("4 个"), HasSubstr("2 个")));
    EXPECT_EQ(find_key(*database_, "K2").value()->box_id, box->id);
    EXPECT_EQ(find_key(*database_, "K2").value()->model, "示例 K3");
    EXPECT_EQ(find_key(*database_, "K9").value()->box_id, 0);
    EXPECT_THAT(movements(*database_, "K2").value(), SizeIs(1)) << "it came in once";
    EXPECT_EQ(boxes(*database_, 1)->front().blank, 4);
    EXPECT_EQ(book().in, 5);
    EXPECT_TRUE(book().balances());
    EXPECT_THAT(*check_ledger(*database_), IsEmpty());
    // Without a model the KEY keeps its own; one that is no longer blank, or is of another box, is somebody's mistake.
    ASSERT_OK(plugged_in("L1"));
    ASSERT_OK(receive(*database_, officer_, {"单个", "", "L1", ""}));
    EXPECT_EQ(find_key(*database_, "L1").value()->model, "maker's word");
    EXPECT_EQ(receive_box("K4", "K5").error().kind, ErrorKind::conflict);
    ASSERT_OK(move("K9", KeyState::allocated, "DD1"));
    EXPECT_EQ(receive_box("K8", "K9").error().kind, ErrorKind::conflict);
    EXPECT_FALSE(find_key(*database_, "K8").value());
    EXPECT_THAT(*check_ledger(*database_), IsEmpty());
}

// As it stands on the KEY, as a scanner reads it, as a clerk types it.
TEST_P(Stock, ASerialIsFoundInOtherLettersToo) {
    ASSERT_OK(receive_box("E5a-001", "E5a-002"));
    ASSERT_OK(receive_box("K1"));
    ASSERT_OK(receive_box("k1"));
    const auto found = [&](const std::string& typed) {
        const auto key = find_typed_key(*database_, typed).value();
        return key ? key->serial : "";
    };
    for (const char* typed : {"E5a-001", "e5a001", "E5A001", " E5-A0 01", "Ｅ5A001"}) EXPECT_EQ(found(typed), "E5a-001") << typed;
    EXPECT_EQ(found("E5A00"), "");
    EXPECT_EQ(found(""), "");
    EXPECT_EQ(found("K1"), "K1");
    EXPECT_EQ(found("k1"), "k1");
    EXPECT_EQ(found("K-1"), "") << "two read the same";
    const auto page = stock_page(*database_, {{}, "e5A-0", 0}, "", 10).value();
    ASSERT_THAT(page, SizeIs(2));
    EXPECT_EQ(page[0].serial, "E5a-001");
}

TEST_P(Stock, EveryMovementIsARowAndTheLedgerBalances) {
    ASSERT_OK(receive_box("K1", "K3"));
    for (const auto to : {KeyState::allocated, KeyState::written, KeyState::verified, KeyState::bound, KeyState::shipped})
        ASSERT_OK(move("K1", to, to == KeyState::allocated ? "DD1" : ""));
    EXPECT_EQ(move("K2", KeyState::shipped).error().kind, ErrorKind::conflict);
    EXPECT_EQ(move("K9", KeyState::allocated).error().kind, ErrorKind::refused);
    ASSERT_OK(move("K1", KeyState::returned));
    EXPECT_EQ(find_key(*database_, "K1").value()->order_no, "DD1");
    ASSERT_OK(move("K1", KeyState::blank));
    EXPECT_EQ(find_key(*database_, "K1").value()->order_no, "");
    const auto list = movements(*database_, "K1").value();
    ASSERT_THAT(list, SizeIs(8));
    EXPECT_FALSE(list[0].from);
    EXPECT_EQ(list[7].order_no, "DD1");
    for (size_t i = 1; i < list.size(); ++i) EXPECT_EQ(list[i].from, list[i - 1].to);
    EXPECT_TRUE(book().balances());
    EXPECT_EQ(book().in, 3);
    EXPECT_THAT(*check_ledger(*database_), IsEmpty());
}

TEST_P(Stock, ScrappingNeedsAReasonAndHappensOnce) {
    ASSERT_OK(receive_box("K1", "K2"));
    EXPECT_EQ(scrap(*database_, officer_, "K1", "  ").error().kind, ErrorKind::refused);
    EXPECT_EQ(scrap(*database_, clerk_, "K1", "外壳裂开").error().kind, ErrorKind::denied);
    EXPECT_EQ(scrap(*database_, officer_, "K9", "外壳裂开").error().kind, ErrorKind::refused);
    ASSERT_OK(scrap(*database_, officer_, "K1", "外壳裂开"));
    ASSERT_OK(scrap(*database_, officer_, "K1", "外壳裂开"));
    EXPECT_EQ(state("K1"), KeyState::scrapped);
    EXPECT_THAT(movements(*database_, "K1").value(), SizeIs(2));
    EXPECT_EQ(movements(*database_, "K1").value().back().reason, "外壳裂开");
    EXPECT_EQ(book().of(KeyState::scrapped), 1);
    EXPECT_TRUE(book().balances());
    EXPECT_FALSE(audit::verify(*database_)->first_bad);
}

TEST_P(Stock, WhatDoesNotAgreeIsNamed) {
    ASSERT_OK(receive_box("K1", "K3"));
    ASSERT_OK(database_->execute("UPDATE key_counts SET keys = 7 WHERE state = 'blank'"));
    EXPECT_FALSE(book().balances());
    EXPECT_THAT(*check_ledger(*database_), ElementsAre(HasSubstr("7")));
    EXPECT_THAT(*check_ledger(*database_), IsEmpty());
    EXPECT_TRUE(book().balances());
    // Behind the door's back: the KEY is named every time, and stays as it is.
    ASSERT_OK(database_->execute("UPDATE keys SET state = 'shipped' WHERE serial = 'K2'"));
    EXPECT_THAT(*check_ledger(*database_), testing::Contains(HasSubstr("K2")));
    EXPECT_THAT(*check_ledger(*database_), ElementsAre(HasSubstr("K2")));
}

TEST_P(Stock, ListsBySerialStateAndBox) {
    ASSERT_OK(receive_box("A1", "A5"));
    const auto second = receive_box("B1", "B3");
    ASSERT_OK(move("A2", KeyState::allocated, "DD1"));
    const auto serials = [&](const StockFilter& filter, const std::string& after = {}, int most = 10) {
        std::vector<std::string> list;
        const auto page = stock_page(*database_, filter, after, most).value();
        for (const auto& key : page) list.push_back(key.serial);
        return list;
    };
    EXPECT_THAT(serials({}, "", 3), ElementsAre("A1", "A2", "A3"));
    EXPECT_THAT(serials({}, "A3", 3), ElementsAre("A4", "A5", "B1"));
    EXPECT_THAT(serials({KeyState::allocated, "", 0}), ElementsAre("A2"));
    EXPECT_THAT(serials({{}, "B", 0}), ElementsAre("B1", "B2", "B3"));
    EXPECT_THAT(serials({{}, "", second->id}), ElementsAre("B1", "B2", "B3"));
    EXPECT_THAT(serials({{}, "A%", 0}), IsEmpty());
}
