#include "portal/store.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "crypto/digest.h"
#include "orders/order_json.h"
#include "portal/acts.h"
#include "support/databases.h"
#include "tests/portal/paid_order.h"

using namespace sealdesk;
using namespace sealdesk::portal;
using nlohmann::json;
using tests::paid_order;

namespace {
std::string uuid(int n) { return fmt::format("00000000-0000-4000-8000-{:012d}", n); }
Act act(int n, const std::string& kind, json body = json::object(), int revision = 1) {
    return {uuid(n), "D-1", revision, kind, std::move(body)};
}
const json kReasons = {{"reasons", json::array({{{"code", "seal_missing"}, {"text", "申请表没有盖章"}}})}};
}  // namespace

class PortalStoreTest : public tests::OnBothEngines {
protected:
    void SetUp() override {
        open("portal");
        ASSERT_OK(place_order(*database_, paid_order("D-1")));
    }
    json order(const std::string& no = "D-1") { return **find_order(*database_, no); }
    Outcome apply(const Act& what) {
        const auto answer = apply_act(*database_, what, "desk");
        EXPECT_TRUE(answer) << answer.error().message << answer.error().detail;
        return answer ? answer->outcome : Outcome::moved_on;
    }
    std::vector<std::string> history() {
        std::vector<std::string> list;
        const auto events = events_after(*database_, 0, 100);
        EXPECT_TRUE(events) << events.error().detail;
        for (const auto& event : *events)
            list.push_back(fmt::format("{} {} {} {}", event.seq, event.kind, event.order_no, event.revision));
        return list;
    }
};

TEST_P(PortalStoreTest, GivesTheOrderAsTheContractSays) {
    const json found = order();
    json expected = orders::to_json(paid_order("D-1"));
    EXPECT_EQ(found["applicant_state"], "in_review");
    for (const auto& [field, value] : expected.items()) EXPECT_EQ(found[field], value) << field;
    EXPECT_FALSE(find_order(*database_, "D-9")->has_value());
}

TEST_P(PortalStoreTest, AnOrderIsPlacedOnce) {
    auto changed = paid_order("D-1");
    changed.years = 3;
    EXPECT_EQ(*place_order(*database_, changed), Placed::before);
    EXPECT_EQ(order()["years"], 2);
    EXPECT_THAT(history(), testing::ElementsAre("1 paid D-1 1"));
    changed.no = "D-2";
    changed.quantity = 0;
    EXPECT_EQ(place_order(*database_, changed).error().kind, ErrorKind::refused);
}

TEST_P(PortalStoreTest, EventsComeInOrderWithoutGaps) {
    ASSERT_OK(place_order(*database_, paid_order("D-2")));
    EXPECT_FALSE(refund(*database_, "D-9"));  // a refusal takes no number
    ASSERT_OK(refund(*database_, "D-2"));
    apply(act(1, "rejected", kReasons));
    ASSERT_OK(resubmit(*database_, "D-1", {0, std::string(64, 'b'), "重传.zip", 20, {}}));
    EXPECT_THAT(history(), testing::ElementsAre("1 paid D-1 1", "2 paid D-2 1", "3 refunded D-2 1", "4 resubmitted D-1 2"));
    EXPECT_EQ(events_after(*database_, 2, 1)->front().seq, 3);
    EXPECT_TRUE(events_after(*database_, 4, 100)->empty());
    EXPECT_EQ(*last_seq(*database_), 4);
}

TEST_P(PortalStoreTest, TheApplicantReadsPaperSentenceNoteAndPicture) {
    const std::string end("\0\0\0\0IEND\xae\x42\x60\x82", 12), start("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", 16);
    const auto png = [&](int width, size_t more = 0) {
        std::string bytes = start + std::string("\0\0", 2) + static_cast<char>(width >> 8) + static_cast<char>(width & 255) +
                            std::string("\0\0\0\x40\x08\x06\0\0\0crc ", 13);
        return bytes + std::string(more, 'x') + end;
    };
    const auto reason = [](const std::string& picture) {
        return json{{"code", "stamp"},
                    {"text", "请重新盖章。"},
                    {"item", "licence"},
                    {"title", "营业执照"},
                    {"picture", crypto::base64(picture)}};
    };
    const auto read = [](const json& body) {
        return act_from_json(uuid(9), {{"order_no", "D-1"}, {"kind", "rejected"}, {"revision", 1}, {"body", body}});
    };
    const auto refused = [&](const json& what) {
        const auto act = read({{"reasons", json::array({what})}});
        return !act && act.error().kind == ErrorKind::refused;
    };
    EXPECT_TRUE(refused(reason("GIF89a")));
    EXPECT_TRUE(refused(reason(png(0))));
    EXPECT_TRUE(refused(reason(png(5000))));
    EXPECT_TRUE(refused(reason(png(64) + "<script>")));
    EXPECT_TRUE(refused(reason(png(64, 256 << 10))));
    json broken = reason(png(64));
    broken["picture"] = "no base64!";
    EXPECT_TRUE(refused(broken));
    broken["picture"] = 7;
    EXPECT_TRUE(refused(broken));
    broken = reason(png(64));
    broken["title"] = "";
    EXPECT_TRUE(refused(broken));
    broken["title"] = std::string(401, 'x');
    EXPECT_TRUE(refused(broken));
    EXPECT_TRUE(refused({{"text", std::string(4001, 'x')}}));
    EXPECT_FALSE(read({{"reasons", json(std::vector<json>(9, reason(png(64))))}})) << "too many pictures";
    EXPECT_FALSE(read({{"reasons", json(std::vector<json>(61, {{"text", "x"}}))}})) << "too many reasons";
    const auto good = read({{"reasons", json::array({reason(png(64))})}, {"note", "请尽快"}});
    ASSERT_OK(good);
    EXPECT_EQ(apply(*good), Outcome::applied);
    EXPECT_EQ(order()["reasons"], json::array({reason(png(64)), {{"code", "note"}, {"text", "请尽快"}}}));
}

TEST_P(PortalStoreTest, EventsBeyondNineAreInOrderOfNumber) {
    for (int i = 2; i <= 12; ++i) ASSERT_OK(place_order(*database_, paid_order(fmt::format("D-{}", i))));
    const auto events = events_after(*database_, 0, 100);
    ASSERT_OK(events);
    for (size_t i = 0; i < events->size(); ++i) EXPECT_EQ((*events)[i].seq, static_cast<std::int64_t>(i) + 1);
    EXPECT_EQ(events->back().at, clock_.now());
}

// A KEY of a finished order is gone and another one is written: none of this is a conflict.
TEST_P(PortalStoreTest, AnIssuedOrderIsBoundAndIssuedOnceMore) {
    ASSERT_EQ(apply(act(1, "approved")), Outcome::applied);
    int n = 1;
    for (const char* key : {"K1", "K2"}) {
        EXPECT_EQ(apply(act(++n, "bound", {{"key_serial", key}, {"certificate_serial", key}})), Outcome::applied);
        EXPECT_EQ(apply(act(++n, "issued", {{"keys", 1}})), Outcome::applied);
        EXPECT_EQ(order()["applicant_state"], "in_production");
        const json gone{{"key_serial", key}, {"certificate_serial", key}, {"reason", 1}};
        if (n < 4) {
            EXPECT_EQ(apply(act(++n, "revoked", gone)), Outcome::applied);
        }
    }
    EXPECT_EQ(apply(act(++n, "shipped", {{"waybill", "SD0001"}})), Outcome::applied);
    EXPECT_EQ(order()["applicant_state"], "completed");
}

TEST_P(PortalStoreTest, TheApplicantStateFollowsTheActs) {
    EXPECT_EQ(apply(act(1, "approved")), Outcome::applied);
    EXPECT_EQ(order()["applicant_state"], "in_production");
    EXPECT_EQ(apply(act(2, "issued", {{"key_serial", "K1"}, {"certificate_serial", "01"}})), Outcome::applied);
    EXPECT_EQ(apply(act(3, "bound", {{"key_serial", "K1"}})), Outcome::applied);
    EXPECT_EQ(apply(act(4, "invoiced", {{"number", "1"}})), Outcome::applied);
    EXPECT_EQ(order()["applicant_state"], "in_production");
    EXPECT_EQ(apply(act(5, "shipped", {{"waybill", "SD0001"}})), Outcome::applied);
    EXPECT_EQ(order()["applicant_state"], "completed");
    EXPECT_EQ(order()["waybill"], "SD0001");
}

TEST_P(PortalStoreTest, ARejectionTellsTheReasonsAndWaitsForPapers) {
    EXPECT_EQ(resubmit(*database_, "D-1", {}).error().kind, ErrorKind::conflict);
    EXPECT_EQ(apply(act(1, "rejected", kReasons)), Outcome::applied);
    EXPECT_EQ(order()["applicant_state"], "correction_needed");
    EXPECT_EQ(order()["reasons"], kReasons["reasons"]);
    ASSERT_OK(resubmit(*database_, "D-1", {0, std::string(64, 'b'), "重传.zip", 20, {}}));
    const json again = order();
    EXPECT_EQ(again["applicant_state"], "in_review");
    EXPECT_EQ(again["revision"], 2);
    EXPECT_EQ(again["submissions"].size(), 2u);
    EXPECT_EQ(again["submissions"][1]["revision"], 2);
    EXPECT_TRUE(again["reasons"].empty());
    // A decision made on the old papers comes too late.
    EXPECT_EQ(apply(act(2, "approved", json::object(), 1)), Outcome::moved_on);
    EXPECT_EQ(apply(act(3, "approved", json::object(), 2)), Outcome::applied);
}

TEST_P(PortalStoreTest, WhatTheReviewerWroteIsAReasonToo) {
    json body = kReasons;
    body["note"] = "请用红色印泥";
    EXPECT_EQ(apply(act(1, "rejected", body)), Outcome::applied);
    ASSERT_EQ(order()["reasons"].size(), 2u);
    EXPECT_EQ(order()["reasons"][1]["text"], "请用红色印泥");
}

TEST_P(PortalStoreTest, AFetchedOrderIsCompletedWithoutAWaybill) {
    apply(act(1, "approved"));
    apply(act(2, "issued"));
    EXPECT_EQ(apply(act(3, "shipped", {{"method", "pickup"}})), Outcome::applied);
    EXPECT_EQ(order()["applicant_state"], "completed");
    EXPECT_EQ(order()["waybill"], "");
}

TEST_P(PortalStoreTest, AnActIsAppliedOncePerUuid) {
    EXPECT_EQ(apply(act(1, "approved")), Outcome::applied);
    EXPECT_EQ(apply(act(1, "approved")), Outcome::before);
    EXPECT_EQ(apply(act(1, "rejected", kReasons)), Outcome::moved_on);  // same uuid, another act
    EXPECT_EQ(apply(act(2, "approved")), Outcome::moved_on);            // another uuid, no longer in review
    apply(act(3, "issued"));
    EXPECT_EQ(apply(act(1, "approved")), Outcome::before);  // a late repeat changes nothing
    EXPECT_EQ(order()["applicant_state"], "in_production");
}

TEST_P(PortalStoreTest, ARefundedOrderTakesNoActs) {
    ASSERT_OK(refund(*database_, "D-1"));
    EXPECT_EQ(refund(*database_, "D-1").error().kind, ErrorKind::conflict);
    const auto answer = apply_act(*database_, act(1, "approved"), "desk");
    ASSERT_OK(answer);
    EXPECT_EQ(answer->outcome, Outcome::moved_on);
    EXPECT_EQ(answer->order["applicant_state"], "refunded");
    EXPECT_FALSE(answer->sentence.empty());
    EXPECT_EQ(order()["applicant_state"], "refunded");
}

TEST_P(PortalStoreTest, NoRefundOnceAKeyIsWritten) {
    apply(act(1, "approved"));
    apply(act(2, "issued"));
    EXPECT_EQ(refund(*database_, "D-1").error().kind, ErrorKind::conflict);
    EXPECT_THAT(history(), testing::ElementsAre("1 paid D-1 1"));
}

TEST_P(PortalStoreTest, StepsCannotBeSkipped) {
    for (const char* kind : {"issued", "bound"}) EXPECT_EQ(apply(act(1, kind)), Outcome::moved_on) << kind;
    EXPECT_EQ(apply(act(1, "shipped", {{"waybill", "SD0001"}})), Outcome::moved_on);
    EXPECT_EQ(order()["waybill"], "");
    EXPECT_FALSE(apply_act(*database_, {uuid(1), "D-9", 1, "approved", json::object()}, "desk"));
}

TEST_P(PortalStoreTest, KnowsDesksByTheirTokenOnly) {
    ASSERT_OK(set_token(*database_, "desk 1", "0123456789abcdef"));
    EXPECT_EQ(*desk_of_token(*database_, "0123456789abcdef"), "desk 1");
    EXPECT_EQ(*desk_of_token(*database_, "0123456789abcdeg"), std::nullopt);
    EXPECT_EQ(*desk_of_token(*database_, ""), std::nullopt);
    ASSERT_OK(set_token(*database_, "desk 1", "another token, long"));
    EXPECT_EQ(*desk_of_token(*database_, "0123456789abcdef"), std::nullopt);
    EXPECT_EQ(set_token(*database_, "desk 2", "short").error().kind, ErrorKind::refused);
}

SEALDESK_ON_BOTH_ENGINES(PortalStoreTest);

TEST(ActFromJson, RefusesWhatTheContractDoesNotAllow) {
    const json good = {{"order_no", "D-1"}, {"revision", 1}, {"kind", "approved"}};
    EXPECT_TRUE(act_from_json(uuid(1), good));
    EXPECT_FALSE(act_from_json("1", good));
    EXPECT_FALSE(act_from_json(uuid(1), json::array()));
    const auto with = [&](const char* field, const json& value) {
        json changed = good;
        changed[field] = value;
        return act_from_json(uuid(1), changed).has_value();
    };
    EXPECT_FALSE(with("order_no", 1));
    EXPECT_FALSE(with("revision", "1"));
    EXPECT_FALSE(with("revision", 0));
    EXPECT_FALSE(with("revision", 1e18));
    EXPECT_FALSE(with("kind", "burnt"));
    EXPECT_FALSE(with("body", "text"));
    EXPECT_FALSE(with("kind", "rejected"));  // no reasons
    EXPECT_FALSE(with("kind", "shipped"));   // no waybill
    json rejected = {{"order_no", "D-1"}, {"revision", 1}, {"kind", "rejected"}, {"body", kReasons}};
    EXPECT_TRUE(act_from_json(uuid(1), rejected));
    rejected["body"]["reasons"] = json::array({{{"code", "x"}}});
    EXPECT_FALSE(act_from_json(uuid(1), rejected));
    rejected["body"] = {{"reasons", json::array()}, {"note", "请补充"}};
    EXPECT_TRUE(act_from_json(uuid(1), rejected));
    rejected["body"]["note"] = "";
    EXPECT_FALSE(act_from_json(uuid(1), rejected));
    json shipped = {{"order_no", "D-1"}, {"revision", 1}, {"kind", "shipped"}, {"body", {{"waybill", ""}}}};
    EXPECT_FALSE(act_from_json(uuid(1), shipped));
    shipped["body"] = {{"method", "pickup"}};
    EXPECT_TRUE(act_from_json(uuid(1), shipped));
}
