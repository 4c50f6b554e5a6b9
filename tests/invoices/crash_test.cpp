// Invoices killed at every moment at which the program looks at the clock: within and between the transactions, and between them
// and the service. Whatever stands in the store afterwards is gone on with, and no number is lost, used twice or without record.
#include <set>

#include "audit/audit.h"
#include "invoices/nuonuo.h"
#include "invoices/requests.h"
#include "orders/number_ranges.h"
#include "support/orders.h"
#include "tests/support/fatal_clock.h"
#include "tests/support/killed_child.h"
#include "tests/support/test_invoice_service.h"

using namespace sealdesk;
using namespace sealdesk::invoices;
using tests::FatalClock;
using tests::TestInvoiceService;

namespace {

const staff::Actor kClerk{"zhao", "赵云", static_cast<staff::Roles>(staff::Role::clerk)};
const orders::InvoiceTitle kRight{orders::SubjectKind::unit, "南京钧石建设有限公司", "91320104MA1X1K2L3Q"};

struct Story {
    std::filesystem::path home, ca;
    std::string base;
    Taxes taxes;

    std::unique_ptr<storage::Database> open(const Clock& clock, crypto::Random& random) const {
        auto opened = storage::Database::open({home / "desk.sqlite", tests::source("data/migrations/desk"), &clock, &random, 1});
        return opened ? std::move(*opened) : nullptr;
    }

    // A sheet is spoiled, the payment is invoiced, its title put right: with numbers of the range.
    bool by_range(storage::Database& database) const {
        if (spoiled_sheets(database, 1)->empty() && !spoil(database, kClerk, "撕破")) return false;
        const auto there = of_payment(database, "ZF0001");
        if (!there) return false;
        if (there->has_value() && (*there)->title.name == kRight.name) return true;
        const auto first = issue(database, kClerk, taxes, "ZF0001");
        return first && correct_title(database, kClerk, taxes, first->number, kRight, {true, true});
    }

    // The service issues, reverses and issues anew.
    bool by_service(storage::Database& database, const Clock& clock, crypto::Random& random) const {
        Nuonuo::Account account;
        account.app_key = TestInvoiceService::kKey;
        account.app_secret = crypto::Secret(std::string(TestInvoiceService::kSecret));
        account.token = crypto::Secret(std::string(TestInvoiceService::kToken));
        network::HttpClient::Options options;
        options.base = base;
        options.ca_file = ca;
        Nuonuo service(std::move(account), options, clock, random);
        for (int i = 0; i < 400; ++i) {
            const auto open = open_requests(database);
            if (!open) return false;
            const auto live = of_payment(database, "ZF0001");
            if (!live) return false;
            if (open->empty() && live->has_value() && (*live)->title.name == kRight.name) return true;
            if (open->empty() && !live->has_value() && !request(database, kClerk, taxes, "ZF0001")) return false;
            if (open->empty() && live->has_value() && !request_title(database, kClerk, (*live)->number, kRight)) return false;
            if (!advance_due(database, service, taxes, home / "invoices")) return false;
        }
        return false;
    }

    bool run(const Clock& clock, bool service) const {
        crypto::SystemRandom random;
        const auto database = open(clock, random);
        return database && (service ? by_service(*database, clock, random) : by_range(*database));
    }
};

}  // namespace

class InvoiceCrashTest : public testing::TestWithParam<bool> {};

TEST_P(InvoiceCrashTest, KilledAtAnyMomentNoNumberIsLostOrUsedTwice) {
    const bool service = GetParam();
    tests::TemporaryFolder folder;
    TestInvoiceService remote(folder.path());
    remote.looks_until_issued(1);
    auto taxes = load_taxes(tests::source("data/taxes.toml"));
    ASSERT_OK(taxes);
    for (auto& rate : taxes->rates) rate.code = "3040203000000000000";
    const auto at = [&](int fatal) { return Story{folder.path() / std::to_string(fatal), remote.ca(), remote.base(), *taxes}; };
    const tests::TestClock calm;
    crypto::SystemRandom random;
    size_t given_before = 0;
    const auto begin = [&](int fatal) {
        given_before = remote.given().size();
        std::filesystem::create_directories(at(fatal).home);
        const auto database = at(fatal).open(calm, random);
        ASSERT_TRUE(database);
        ASSERT_OK(tests::put(*database, {tests::sample_order(1)}, orders::State::issued));
        ASSERT_OK(database->write([](storage::Tx& tx) { return orders::define(tx, {"invoice", "032002600011-{:08}", 1, 99}); }));
    };
    const auto is_told = [&](int fatal) {
        return at(fatal).run(FatalClock(fatal, kMinute), service);  // nobody waits for the next poll
    };
    // The next morning: it goes on where it stopped.
    const auto goes_on = [&](int fatal) {
        const Story story = at(fatal);
        ASSERT_TRUE(story.run(FatalClock(-1, kMinute), service));
        const auto database = story.open(calm, random);
        std::set<std::string> numbers;
        int live = 0;
        ASSERT_OK(database->read([&](storage::Tx& tx) -> Result<> {
            std::string number, state;
            storage::for_each_row(tx, "SELECT number, state FROM invoices UNION ALL SELECT number, '' FROM spoiled_sheets",
                                  std::tie(number, state), [&] {
                                      EXPECT_TRUE(numbers.insert(number).second) << number << " twice";
                                      live += state == "live" ? 1 : 0;
                                  });
            return {};
        }));
        EXPECT_EQ(live, 1);
        EXPECT_EQ(numbers.size(), 3U);
        if (service) {
            const auto given = remote.given();
            ASSERT_EQ(given.size(), given_before + 3) << "blue, red, blue";
            for (size_t i = given_before; i < given.size(); ++i) {
                EXPECT_TRUE(numbers.contains(given[i].number)) << given[i].number << " is without record";
                for (const char* format : {".pdf", ".ofd", ".xml"})
                    EXPECT_TRUE(std::filesystem::exists(story.home / "invoices" / (given[i].number + format)));
            }
        } else {
            EXPECT_EQ(orders::number_range(*database, "invoice")->next, 4) << "gapless";
        }
        EXPECT_FALSE(audit::verify(*database)->first_bad);
    };
    // Every moment takes three minutes with the service: every third one still meets each step.
    const auto deaths = tests::killed_at_each(2, service ? tests::stride_of(3) : 1, begin, is_told, goes_on);
    EXPECT_GT(deaths.killed, 3);
    EXPECT_EQ(remote.bad_signatures(), 0);
}

INSTANTIATE_TEST_SUITE_P(, InvoiceCrashTest, testing::Bool(),
                         [](const auto& service) { return service.param ? "service" : "range"; });
