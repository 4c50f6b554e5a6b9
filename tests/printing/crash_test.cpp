// One parcel from packing to hand-over, killed at every moment at which the program looks at the clock: within and between
// the transactions. Whatever stands in the store afterwards is gone on with, and everything happened once.
#include "acts/acts.h"
#include "audit/audit.h"
#include "orders/number_ranges.h"
#include "printing/queue.h"
#include "shipping/handover.h"
#include "shipping/waybills.h"
#include "support/orders.h"
#include "tests/support/courier_accounts.h"
#include "tests/support/fatal_clock.h"
#include "tests/support/killed_child.h"
#include "tests/support/test_printer.h"

using namespace sealdesk;
using tests::FatalClock;
using tests::TestCouriers;

namespace {

struct Story {
    std::filesystem::path home;
    const TestCouriers& server;
    std::string printer;
    shipping::Source source = shipping::Source::sf;
    std::string order_no = "DD20261122-0001";
    staff::Actor clerk{"zhao", "赵云", static_cast<staff::Roles>(staff::Role::clerk)};

    std::unique_ptr<storage::Database> open(const Clock& clock, crypto::Random& random) const {
        auto opened = storage::Database::open({home / "desk.sqlite", tests::source("data/migrations/desk"), &clock, &random, 1});
        return opened ? std::move(*opened) : nullptr;
    }

    // Everything that is left to do, from what the store says. Called again after a crash, it goes on.
    bool run(const Clock& clock, tests::ReadProcess* printer_process) const {
        using namespace shipping;
        crypto::SystemRandom random;
        const auto database = open(clock, random);
        if (!database) return false;
        const Couriers couriers = tests::accounts_at(server, clock, random);

        auto parcel = by_code(*database, order_no);
        if (!parcel) return false;
        if (!*parcel) {
            PackOrder what;
            what.order_nos = {order_no};
            what.number = {source, "", ""};
            what.seen = {{"KEY-0001-1", false}};
            what.all_seen = true;
            if (!pack(*database, clerk, what)) return false;
            parcel = by_code(*database, order_no);
        }
        const auto id = (*parcel)->id;
        for (int i = 0; i < 50 && find(*database, id)->waybill.empty(); ++i)
            if (!obtain_due(*database, couriers)) return false;
        auto now = find(*database, id);
        if (!now || now->waybill.empty()) return false;
        if (now->papers_due) {
            const auto file = printing::keep(home / "spool", printing::Format::pdf, "%PDF-1.4 " + now->waybill);
            if (!file) return false;
            const auto asked = database->write([&](storage::Tx& tx) -> Result<> {
                SEALDESK_TRY(printing::print_once(tx, clerk,
                                                  {"desk", "parcel", printing::Kind::label, now->waybill, now->waybill, printer,
                                                   printing::Format::pdf, *file, 1}));
                SEALDESK_TRY(printed(tx, clerk, *now));
                papers_asked(tx, id);
                return {};
            });
            if (!asked) return false;
        }
        printing::Queue queue(*database, "desk", home / "spool");
        for (int i = 0; i < 400 && !printing::open_jobs(*database, "desk")->empty(); ++i) {
            if (!queue.advance()) return false;
            if (printer_process != nullptr) printer_process->wait_for_news();
        }
        const auto left = printing::open_jobs(*database, "desk");
        for (const auto& job : *left) {
            std::fprintf(stderr, "%s: %s\n", printing::name_of(job.state), job.said.c_str());
            return false;
        }
        now = find(*database, id);
        if (now->state == ShipmentState::handed_over) return true;
        if (now->manifest == 0 && !scan_out(*database, clerk, now->waybill)) return false;
        return close_manifest(*database, clerk, find(*database, id)->manifest, "李强").has_value();
    }
};

class CrashTest : public testing::TestWithParam<shipping::Source> {};

}  // namespace

TEST_P(CrashTest, KilledAtAnyMomentNothingIsLostOrDoneTwice) {
    tests::TemporaryFolder folder;
    TestCouriers couriers(folder.path());
    tests::TestPrinter printer(folder.path());
    const auto at = [&](int fatal) {
        return Story{folder.path() / std::to_string(fatal), couriers, printer.address(), GetParam()};
    };
    const tests::TestClock calm;
    crypto::SystemRandom random;
    size_t printed_before = 0, orders_before = 0;
    const auto begin = [&](int fatal) {
        std::filesystem::create_directories(at(fatal).home);
        orders_before = couriers.orders().size();
        printed_before = printer.printed().size();
        const auto database = at(fatal).open(calm, random);
        ASSERT_TRUE(database);
        ASSERT_OK(tests::put(*database, {tests::sample_order(1)}, orders::State::issued));
        ASSERT_OK(tests::give_keys(*database, {tests::sample_order(1)}));
        ASSERT_OK(database->write([](storage::Tx& tx) {
            return orders::define(tx, {"waybill", "EA{s10}CN", 12345678, 12345690});
        }));
    };
    // The next morning: it goes on where it stopped.
    const auto goes_on = [&](int fatal) {
        const Story story = at(fatal);
        ASSERT_TRUE(story.run(FatalClock(-1), &printer.process()));
        const auto database = story.open(calm, random);
        const auto parcel = shipping::by_code(*database, story.order_no);
        ASSERT_OK(parcel);
        ASSERT_TRUE(*parcel);
        EXPECT_EQ((*parcel)->state, shipping::ShipmentState::handed_over);
        EXPECT_EQ((*parcel)->prints, 1);
        const auto ledger = shipping::waybills_of(*database, (*parcel)->id);
        ASSERT_EQ(ledger->size(), 1U);
        EXPECT_EQ(ledger->front().waybill, (*parcel)->waybill);
        EXPECT_EQ(ledger->front().state, shipping::WaybillState::live);
        if (GetParam() == shipping::Source::sf)
            EXPECT_EQ(couriers.orders().size(), orders_before + 1) << "one order at the courier";
        else
            EXPECT_EQ(orders::remaining(*database, "waybill"), 12) << "one number of the range";
        EXPECT_EQ(acts::of_order(*database, story.order_no)->size(), 1U);
        EXPECT_EQ(orders::load(*database, story.order_no)->state, orders::State::completed);
        EXPECT_FALSE(audit::verify(*database)->first_bad);
        const auto jobs = printing::recent_jobs(*database, "desk", 10);
        ASSERT_EQ(jobs->size(), 1U);
        EXPECT_EQ(jobs->front().state, printing::State::done) << jobs->front().said;
        EXPECT_EQ(printer.printed().size(), printed_before + 1);
    };
    const auto deaths = tests::killed_at_each(
        2, 1, begin, [&](int fatal) { return at(fatal).run(FatalClock(fatal), nullptr); }, goes_on);
    EXPECT_GT(deaths.killed, 10);
    EXPECT_EQ(couriers.bad_signatures(), 0);
}

INSTANTIATE_TEST_SUITE_P(, CrashTest, testing::Values(shipping::Source::range, shipping::Source::sf),
                         [](const auto& source) { return std::string(shipping::name_of(source.param)); });
