// One parcel from packing to hand-over, killed at every moment at which the program looks at the clock: within and between
// the transactions. Whatever stands in the store afterwards is gone on with, and everything happened once.
#include <sys/wait.h>
#include <unistd.h>

#include "acts/acts.h"
#include "audit/audit.h"
#include "orders/number_ranges.h"
#include "printing/queue.h"
#include "shipping/handover.h"
#include "shipping/sf_express.h"
#include "shipping/waybills.h"
#include "support/orders.h"
#include "tests/support/fatal_clock.h"
#include "tests/support/test_couriers.h"
#include "tests/support/test_printer.h"

using namespace sealdesk;
using tests::FatalClock;
using tests::TestCouriers;

namespace {

struct Story {
    std::filesystem::path home;
    std::string courier_base, printer;
    std::filesystem::path courier_ca;
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
        Couriers couriers;
        SfExpress::Account account;
        account.partner_id = TestCouriers::kPartner;
        account.check_word = crypto::Secret(std::string(TestCouriers::kCheckWord));
        network::HttpClient::Options options;
        options.base = courier_base;
        options.ca_file = courier_ca;
        couriers.services[Source::sf] = std::make_unique<SfExpress>(std::move(account), options, clock, random);

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
    size_t printed_before = 0;
    int survived_at = 0, killed = 0;
    for (int fatal = 2; survived_at == 0 && fatal < 300; fatal += 1) {
        Story story;
        story.home = folder.path() / std::to_string(fatal);
        std::filesystem::create_directories(story.home);
        story.courier_base = couriers.base();
        story.courier_ca = couriers.ca();
        story.printer = printer.address();
        story.source = GetParam();
        const tests::TestClock calm;
        crypto::SystemRandom random;
        const auto orders_before = couriers.orders().size();
        {
            const auto database = story.open(calm, random);
            ASSERT_TRUE(database);
            ASSERT_OK(tests::put(*database, {tests::sample_order(1)}, orders::State::issued));
            ASSERT_OK(tests::give_keys(*database, {tests::sample_order(1)}));
            ASSERT_OK(database->write([](storage::Tx& tx) {
                return orders::define(tx, {"waybill", "EA{s10}CN", 12345678, 12345690});
            }));
        }
        const pid_t child = fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            const FatalClock clock(fatal);
            _exit(story.run(clock, nullptr) ? 0 : 3);
        }
        int status = 0;
        ASSERT_EQ(waitpid(child, &status, 0), child);
        if (WIFEXITED(status)) {
            ASSERT_EQ(WEXITSTATUS(status), 0) << "at " << fatal;
            survived_at = fatal;
        } else {
            ++killed;
        }
        // The next morning: it goes on where it stopped.
        const FatalClock clock(-1);
        ASSERT_TRUE(story.run(clock, &printer.process())) << "after a kill at " << fatal;

        const auto database = story.open(calm, random);
        const auto parcel = shipping::by_code(*database, story.order_no);
        ASSERT_OK(parcel);
        ASSERT_TRUE(*parcel);
        EXPECT_EQ((*parcel)->state, shipping::ShipmentState::handed_over);
        EXPECT_EQ((*parcel)->prints, 1) << "at " << fatal;
        const auto ledger = shipping::waybills_of(*database, (*parcel)->id);
        ASSERT_EQ(ledger->size(), 1U) << "at " << fatal;
        EXPECT_EQ(ledger->front().waybill, (*parcel)->waybill);
        EXPECT_EQ(ledger->front().state, shipping::WaybillState::live);
        if (GetParam() == shipping::Source::sf)
            EXPECT_EQ(couriers.orders().size(), orders_before + 1) << "one order at the courier, killed at " << fatal;
        else
            EXPECT_EQ(orders::remaining(*database, "waybill"), 12) << "one number of the range, killed at " << fatal;
        EXPECT_EQ(acts::of_order(*database, story.order_no)->size(), 1U);
        EXPECT_EQ(orders::load(*database, story.order_no)->state, orders::State::completed);
        EXPECT_FALSE(audit::verify(*database)->first_bad);
        const auto jobs = printing::recent_jobs(*database, "desk", 10);
        ASSERT_EQ(jobs->size(), 1U) << "at " << fatal;
        EXPECT_EQ(jobs->front().state, printing::State::done) << "at " << fatal << ": " << jobs->front().said;
        EXPECT_EQ(printer.printed().size(), printed_before + 1) << "killed at " << fatal;
        printed_before = printer.printed().size();
        if (HasFailure()) return;
    }
    EXPECT_GT(killed, 10);
    EXPECT_GT(survived_at, 0) << "the story ended before its last moment was tried";
    EXPECT_EQ(couriers.bad_signatures(), 0);
}

INSTANTIATE_TEST_SUITE_P(, CrashTest, testing::Values(shipping::Source::range, shipping::Source::sf),
                         [](const auto& source) { return std::string(shipping::name_of(source.param)); });
