#include "orders/order.h"

#include <gtest/gtest.h>

#include <functional>

#include "orders/order_json.h"

using namespace sealdesk;
using namespace sealdesk::orders;

namespace {

Order sample() {
    Order order;
    order.no = "DD20261122-0017";
    order.subject = {
        SubjectKind::unit, "南京垚鑫建设工程有限公司", DocumentKind::uscc, "91320104MA1X1K2L3Q", PersonRole::none, "", "周敏",
        "13800138000"};
    order.years = 2;
    order.amounts = {Fen{30000}, Fen{10000}};
    order.payment = {"ZF1", Channel::cpcn, "T1", Fen{2000}, Fen{0}, Fen{42000}, 1, Instant{1}};
    order.invoice_title = {SubjectKind::unit, "南京垚鑫建设工程有限公司", "91320104MA1X1K2L3Q"};
    order.delivery = {DeliveryMethod::courier, "周敏", "13800138000", "江苏省南京市玄武区"};
    order.submissions = {{1, std::string(64, 'a'), "材料.zip", 1000, Instant{5}}};
    return order;
}

}  // namespace

TEST(Order, SurvivesJson) {
    const Order order = sample();
    const auto again = order_from_json_text(to_json(order).dump());
    ASSERT_TRUE(again) << again.error().message << again.error().detail;
    EXPECT_EQ(to_json(*again), to_json(order));
}

TEST(Order, EveryMissingFieldIsRefusedAndNothingCrashes) {
    const nlohmann::json whole = to_json(sample());
    const nlohmann::json fields = whole.flatten();
    for (const auto& pointer : fields.items()) {
        nlohmann::json broken = whole;
        broken[nlohmann::json::json_pointer(pointer.key())] = nlohmann::json::array({1});
        EXPECT_FALSE(order_from_json(broken)) << pointer.key();
    }
    for (const char* text : {"", "{", "[]", "null", "{\"no\":1}"}) EXPECT_FALSE(order_from_json_text(text)) << text;
}

TEST(Order, FormRules) {
    for (const auto& spoil : std::vector<std::function<void(Order&)>>{
             [](Order& o) { o.no = "../../etc"; }, [](Order& o) { o.subject.name = "a\nb"; }, [](Order& o) { o.years = 0; },
             [](Order& o) { o.quantity = 51; }, [](Order& o) { o.submissions.clear(); },
             [](Order& o) { o.submissions[0].package_sha256 = "x"; }, [](Order& o) { o.amounts.key = Fen{-1}; },
             [](Order& o) { o.delivery.address = ""; }, [](Order& o) { o.subject.name = std::string(400, 'x'); }}) {
        Order order = sample();
        spoil(order);
        EXPECT_FALSE(check_form(order));
    }
    EXPECT_TRUE(check_form(sample()));
}

TEST(Order, OnlyTheTableOfTransitionsIsLegal) {
    EXPECT_TRUE(may_become(State::paid, State::approved));
    EXPECT_TRUE(may_become(State::rejected, State::paid));
    EXPECT_TRUE(may_become(State::issued, State::refunded));
    EXPECT_TRUE(may_become(State::issued, State::approved)) << "a KEY is made again";
    EXPECT_FALSE(may_become(State::packed, State::approved));
    EXPECT_FALSE(may_become(State::packed, State::refunded));
    EXPECT_FALSE(may_become(State::completed, State::paid));
    EXPECT_TRUE(may_become(State::packed, State::issued)) << "unpacked";
    EXPECT_FALSE(may_become(State::completed, State::issued));
    EXPECT_EQ(check_transition(State::refunded, State::approved).error().kind, ErrorKind::conflict);
    EXPECT_EQ(applicant_state(State::packed), ApplicantState::in_production);
    EXPECT_EQ(from_name<State>("issued"), State::issued);
    EXPECT_EQ(from_name<State>("nonsense"), std::nullopt);
}
