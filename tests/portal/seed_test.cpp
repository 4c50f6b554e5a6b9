#include "portal/seed.h"

#include <gmock/gmock.h>

#include <map>
#include <set>

#include "base/files.h"
#include "base/text.h"
#include "orders/fees.h"
#include "orders/numbers.h"
#include "orders/order_json.h"
#include "portal/store.h"
#include "support/databases.h"

using namespace sealdesk;
using namespace sealdesk::portal;
using nlohmann::json;
using orders::Order;

class SeedTest : public tests::OnBothEngines {
protected:
    void SetUp() override {
        open("portal");
        demo_ = json::parse(*read_file(tests::source("data/demo/orders.json")));
        // Archives are the scan maker's subject; here any bytes will do, one file for each recipe.
        const json recipes = package_recipes(demo_, folder_.path());
        for (const json& package : recipes["packages"]) {
            const std::string out = package["out"];
            ASSERT_OK(write_file(out, out));
        }
    }
    Result<Seeded> seed_now() { return seed(*database_, packages_, demo_, folder_.path(), clock_.now()); }

    json demo_;
    Packages packages_{folder_.path() / "packages"};
};

TEST_P(SeedTest, PlacesEveryOrderOnceEarliestFirst) {
    const auto first = seed_now();
    ASSERT_OK(first);
    const int count = static_cast<int>(demo_["orders"].size());
    EXPECT_EQ(first->placed, count);
    clock_.advance(kHour);
    const auto second = seed_now();
    ASSERT_OK(second);
    EXPECT_EQ(second->placed, 0);
    EXPECT_EQ(second->before, count);

    const auto events = events_after(*database_, 0, 1000);
    ASSERT_OK(events);
    ASSERT_EQ(static_cast<int>(events->size()), count);
    Instant last;
    for (const auto& event : *events) {
        const auto order = orders::order_from_json(**find_order(*database_, event.order_no));
        ASSERT_OK(order);
        EXPECT_GE(order->payment.paid_at, last) << event.order_no;
        last = order->payment.paid_at;
        EXPECT_TRUE(packages_.find(order->current().package_sha256)) << event.order_no;
    }
    EXPECT_LT(last, clock_.now());
}

TEST_P(SeedTest, AMissingPackageStopsWithASentence) {
    demo_["orders"][0]["no"] = "SD999999";
    const auto seeded = seed_now();
    ASSERT_FALSE(seeded);
    EXPECT_THAT(seeded.error().message, testing::HasSubstr("SD999999"));
    demo_["orders"][0].erase("package");
    EXPECT_EQ(seed_now().error().kind, ErrorKind::corrupt);
}

SEALDESK_ON_BOTH_ENGINES(SeedTest);

class DemoOrders : public testing::Test {
protected:
    void SetUp() override {
        fees_ = *orders::load_fees(tests::source("data/fees.toml"));
        const json demo = json::parse(*read_file(tests::source("data/demo/orders.json")));
        for (const json& entry : demo["orders"]) {
            json complete = entry;
            complete["payment"]["paid_at"] = 1;
            complete["submissions"] = json::array({{{"revision", 1},
                                                    {"package_sha256", std::string(64, '0')},
                                                    {"package_name", "x"},
                                                    {"package_bytes", 1},
                                                    {"submitted_at", 1}}});
            const auto order = orders::order_from_json(complete);
            ASSERT_OK(order);
            orders_.push_back({*order, entry["traits"], entry});
        }
    }
    struct Entry {
        Order order;
        std::set<std::string> traits;
        json text;
    };
    int with(const std::string& trait) {
        return static_cast<int>(
            std::count_if(orders_.begin(), orders_.end(), [&](const Entry& e) { return e.traits.contains(trait); }));
    }
    orders::Fees fees_;
    std::vector<Entry> orders_;
};

TEST_F(DemoOrders, HaveEveryShapeOfTheDay) {
    EXPECT_GE(orders_.size(), 64u);
    for (const char* trait :
         {"replaces_earlier", "rare_characters", "wrong_check_digit", "missing_licence", "gbk_names", "resubmission",
          "refund_under_review", "addresses_differ", "pickup", "amount_differs", "several_keys", "multi_page_tiff", "seven_zip"})
        EXPECT_GE(with(trait), 1) << trait;
    std::set<std::string> numbers;
    std::u32string names;
    for (const auto& [order, traits, text] : orders_) {
        EXPECT_TRUE(numbers.insert(order.no).second) << order.no;
        names += code_points(order.subject.name);
        EXPECT_EQ(text["verdict"] == "reject", text.contains("reject_because")) << order.no;
    }
    for (const char32_t rare : U"垚龘𠮷") EXPECT_TRUE(rare == 0 || names.find(rare) != names.npos);
}

TEST_F(DemoOrders, CostWhatTheFeesSay) {
    int different = 0;
    std::map<std::string, std::vector<const Order*>> payments;
    for (const auto& [order, traits, text] : orders_) {
        payments[order.payment.no].push_back(&order);
        const auto expected = orders::quote(fees_, order.kind, order.subject.kind, order.years, order.quantity);
        const bool same = expected.certificate == order.amounts.certificate && expected.key == order.amounts.key;
        EXPECT_NE(same, traits.contains("amount_differs")) << order.no;
        different += same ? 0 : 1;
    }
    EXPECT_EQ(different, 1);
    std::multiset<size_t> together;
    for (const auto& [no, list] : payments) {
        Fen sum;
        for (const Order* order : list) sum += order->amounts.total();
        const auto& payment = list.front()->payment;
        const auto expected = orders::settle(fees_, payment.channel, sum, list.front()->delivery.method);
        EXPECT_EQ(payment.total, expected.total) << no;
        EXPECT_EQ(payment.freight, expected.freight) << no;
        EXPECT_EQ(payment.handling_fee, expected.handling_fee) << no;
        EXPECT_EQ(payment.orders, static_cast<int>(list.size())) << no;
        together.insert(list.size());
    }
    EXPECT_GE(together.count(2), 2u);
    EXPECT_GE(together.count(3), 2u);
}

TEST_F(DemoOrders, HaveRightNumbersExceptWhereMeant) {
    for (const auto& [order, traits, text] : orders_) {
        const auto finding = order.subject.kind == orders::SubjectKind::unit
                                 ? orders::check_uscc(order.subject.document_number)
                                 : orders::check_identity_number(order.subject.document_number, Day{2026, 11, 22});
        EXPECT_EQ(finding.ok, !traits.contains("wrong_check_digit")) << order.no << finding.sentence;
        EXPECT_TRUE(orders::check_mobile(order.subject.mobile).ok) << order.no;
        for (const json& page : text["package"]["pages"])
            for (const char* field : {"uscc", "id_number", "legal_id", "handler_id"}) {
                const std::string number = page["fields"].value(field, "");
                if (number.empty() || number == order.subject.document_number) continue;
                EXPECT_TRUE(orders::check_uscc(number).ok || orders::check_identity_number(number, Day{2026, 11, 22}).ok)
                    << order.no << " " << field;
            }
    }
}

TEST_F(DemoOrders, ReplacementsFollowTheOrderTheyReplace) {
    for (const auto& [order, traits, text] : orders_) {
        if (!traits.contains("replaces_earlier")) continue;
        EXPECT_EQ(order.kind, orders::OrderKind::replacement);
        const auto earlier = std::find_if(orders_.begin(), orders_.end(), [&, &replaced = order, &entry = text](const Entry& e) {
            return e.order.kind == orders::OrderKind::create &&
                   e.order.subject.document_number == replaced.subject.document_number &&
                   e.text["paid_minutes_ago"] > entry["paid_minutes_ago"];
        });
        EXPECT_NE(earlier, orders_.end()) << order.no;
    }
}
