// Real parcels with their real papers, killed at every moment at which the program looks at the clock or puts a file in its
// place: within and between the transactions, and between them and the papers. Whatever stands in the store and in the folders
// afterwards is gone on with; no number is lost, used twice or without record, and each paper is printed once, or is listed
// for somebody to look.
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <set>

#include "acts/acts.h"
#include "audit/audit.h"
#include "desk/desk.h"
#include "desk/invoicing.h"
#include "desk/papers.h"
#include "desk/shipping_settings.h"
#include "orders/number_ranges.h"
#include "printing/queue.h"
#include "shipping/enclosed.h"
#include "shipping/handover.h"
#include "shipping/waybills.h"
#include "support/orders.h"
#include "tests/support/killed_child.h"
#include "tests/support/test_label_printer.h"
#include "tests/support/test_printer.h"

namespace {

// The moments of a process so far, and the one at which it is gone.
std::atomic<int> moments = 0, fatal_moment = -1;

void moment() {
    if (++moments == fatal_moment) kill(getpid(), SIGKILL);
}

}  // namespace

// Files come to their place by this call (base/files.cpp): the moment before it is one as well.
extern "C" int rename(const char* from, const char* to) noexcept {
    moment();
    return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

using namespace sealdesk;

namespace {

const staff::Actor kClerk{"zhao", "赵云", static_cast<staff::Roles>(staff::Role::clerk)};
constexpr const char* kOrder = "DD20261122-0001";
constexpr std::int64_t kUnpacked = 1;  // the first parcel: taken apart when its papers are out, and packed anew
constexpr const char* kNewAddress = "江苏省苏州市姑苏区人民路1号";

class MortalClock final : public Clock {
public:
    Instant now() const override {
        moment();
        return start_of(Day{2026, 11, 22}) + (9 * kHour + ++looks_ * kSecond);
    }

private:
    mutable std::atomic<int> looks_ = 0;
};

struct Story {
    std::filesystem::path home;
    bool pickup = false;

    std::unique_ptr<desk::Desk> open(const Clock& clock, crypto::Random& random) const {
        desk::Settings settings;
        settings.home = home;
        settings.database = (home / "desk.sqlite").string();
        settings.centre = "示例市电子签章服务中心";
        settings.centre_address = "江苏省南京市建邺区江东中路1号";
        settings.centre_mobile = "13900139000";
        const auto places = desk::find_places();
        if (!places) return nullptr;
        auto opened = desk::Desk::open(settings, *places, clock, random);
        return opened ? std::move(*opened) : nullptr;
    }

    // What is asked for comes out, or is left for a person to look at.
    static Result<> print(desk::Desk& desk) {
        const std::string name = desk::desk_name(desk);
        printing::Queue queue(desk.database(), name, desk::spool_of(desk));
        for (int i = 0; i < 20000; ++i) {
            SEALDESK_LET(open, printing::open_jobs(desk.database(), name));
            if (open.empty()) return {};
            SEALDESK_TRY(queue.advance());
        }
        return fail(ErrorKind::device, "nothing comes out");
    }

    // The order's parcel, packed when it is in none.
    static Result<shipping::Shipment> parcel_in(storage::Database& database) {
        SEALDESK_LET(there, shipping::by_code(database, kOrder));
        if (there) return *there;
        shipping::PackOrder what;
        what.order_nos = {kOrder};
        what.seen = {{"KEY-0001-1", false}};
        what.all_seen = true;
        return shipping::pack(database, kClerk, what);
    }

    // The label is spoiled and the parcel gets another number; then the address is put right and the label printed again.
    static Result<> mend(desk::Desk& desk, std::int64_t id) {
        auto& database = desk.database();
        SEALDESK_LET(ledger, shipping::waybills_of(database, id));
        if (ledger.size() == 1) SEALDESK_TRY(shipping::change_waybill(database, kClerk, id, {}, "面单弄脏"));
        SEALDESK_TRY(desk::print_papers(desk, kClerk, id));  // nothing when they are not due
        SEALDESK_TRY(print(desk));
        SEALDESK_LET(parcel, shipping::find(database, id));
        auto place = parcel.delivery;
        place.address = kNewAddress;
        if (parcel.delivery.address != kNewAddress) SEALDESK_TRY(shipping::correct_place(database, kClerk, id, place));
        SEALDESK_LET(now, shipping::find(database, id));
        if (!now.stale.empty()) SEALDESK_TRY(desk::reprint_label(desk, kClerk, id, "地址更正"));
        return {};
    }

    static Result<> hand_over(desk::Desk& desk, std::int64_t id) {
        SEALDESK_LET(parcel, shipping::find(desk.database(), id));
        if (parcel.manifest == 0) SEALDESK_TRY(shipping::scan_out(desk.database(), kClerk, parcel.waybill));
        SEALDESK_LET(now, shipping::find(desk.database(), id));
        SEALDESK_TRY(shipping::close_manifest(desk.database(), kClerk, now.manifest, "李强"));
        return {};
    }

    // Everything that is left to do, from what the store says. Called again after a crash, it goes on.
    Result<> run(const Clock& clock) const {
        crypto::SystemRandom random;
        const auto desk = open(clock, random);
        if (!desk) return fail(ErrorKind::unavailable, "no desk");
        auto& database = desk->database();
        SEALDESK_LET(invoice, invoices::of_payment(database, "ZF0001"));
        if (!invoice) SEALDESK_TRY(desk::issue_invoice(*desk, kClerk, "ZF0001"));
        SEALDESK_LET(parcel, parcel_in(database));
        if (parcel.id == kUnpacked) {
            SEALDESK_TRY(desk::print_papers(*desk, kClerk, parcel.id));
            SEALDESK_TRY(print(*desk));
            SEALDESK_TRY(shipping::unpack(database, kClerk, parcel.id, "少放了说明书"));
            SEALDESK_LET(again, parcel_in(database));
            parcel = std::move(again);
        }
        const auto id = parcel.id;
        const bool here = parcel.state == shipping::ShipmentState::packed;
        SEALDESK_TRY(desk::print_papers(*desk, kClerk, id));
        if (here && !pickup) {
            SEALDESK_TRY(mend(*desk, id));
            SEALDESK_TRY(hand_over(*desk, id));
        }
        if (here && pickup) SEALDESK_TRY(shipping::hand_over(database, kClerk, id));
        SEALDESK_LET(now, shipping::find(database, id));
        if (!pickup) SEALDESK_TRY(desk::print_manifest(*desk, kClerk, now.manifest));
        return print(*desk);
    }
};

class ParcelCrashTest : public testing::TestWithParam<bool> {
protected:
    void begin(const Story& story, const std::string& labels, const std::string& sheets) {
        std::filesystem::create_directories(story.home);
        desk::ShippingSettings own;
        own.label_format = "zpl";
        own.set_printer(printing::Use::label, labels);
        own.set_printer(printing::Use::invoice, sheets);
        own.set_printer(printing::Use::a4, sheets);
        ASSERT_OK(desk::save_shipping_settings(story.home, own));
        const tests::TestClock calm;
        crypto::SystemRandom random;
        const auto desk = story.open(calm, random);
        ASSERT_TRUE(desk);
        auto order = tests::sample_order(1);
        if (story.pickup) order.delivery = {orders::DeliveryMethod::pickup, "周敏", "13800138000", ""};
        ASSERT_OK(tests::put(desk->database(), {order}, orders::State::issued));
        ASSERT_OK(tests::give_keys(desk->database(), {order}));
        ASSERT_OK(desk->database().write([](storage::Tx& tx) -> Result<> {
            SEALDESK_TRY(orders::define(tx, {"waybill", "EA{s10}CN", 12345678, 12345690}));
            return orders::define(tx, {"invoice", "26322000{:012}", 1, 100});
        }));
    }

    // No number is lost, used twice, or without record; the parcel is out of the house, once.
    void expect_whole(desk::Desk& desk, bool pickup) {
        auto& database = desk.database();
        const auto parcel = shipping::by_code(database, kOrder);
        ASSERT_OK(parcel);
        ASSERT_TRUE(*parcel);
        EXPECT_EQ((*parcel)->state, shipping::ShipmentState::handed_over);
        EXPECT_FALSE((*parcel)->papers_due);
        EXPECT_EQ(orders::load(database, kOrder)->state, orders::State::completed);
        EXPECT_EQ(acts::of_order(database, kOrder)->size(), 2U) << "invoiced and shipped";
        EXPECT_FALSE(audit::verify(database)->first_bad);
        const auto invoice = invoices::of_payment(database, "ZF0001");
        ASSERT_TRUE(invoice && *invoice);
        EXPECT_EQ(orders::number_range(database, "invoice")->next, 2) << "gapless";
        EXPECT_EQ(shipping::enclosed(database, {(*invoice)->number})->front().shipment, (*parcel)->id);
        const auto ledger = shipping::waybills_of(database, (*parcel)->id);
        ASSERT_EQ(ledger->size(), pickup ? 0U : 2U);
        EXPECT_EQ(orders::number_range(database, "waybill")->next, pickup ? 12345678 : 12345681);
        EXPECT_EQ(shipping::find(database, kUnpacked)->state, shipping::ShipmentState::unpacked);
        EXPECT_EQ((*parcel)->id, kUnpacked + 1);
        if (pickup) return;
        const auto unpacked = shipping::waybills_of(database, kUnpacked);
        ASSERT_EQ(unpacked->size(), 1U);
        EXPECT_EQ(unpacked->front().state, shipping::WaybillState::voided);
        EXPECT_EQ((*ledger)[0].state, shipping::WaybillState::live);
        EXPECT_EQ((*ledger)[0].waybill, (*parcel)->waybill);
        EXPECT_EQ((*ledger)[1].state, shipping::WaybillState::voided);
        EXPECT_NE((*ledger)[1].waybill, (*ledger)[0].waybill);
        EXPECT_EQ((*parcel)->prints, 3) << "first, new number, new address";
        EXPECT_EQ((*parcel)->stale, "");
        EXPECT_EQ((*parcel)->delivery.address, kNewAddress);
        EXPECT_EQ(shipping::manifest(database, (*parcel)->manifest)->number, "JJ00000001");
    }

    // Each paper once among the jobs, and each job once out of its printer, or unsure and listed.
    void expect_papers(desk::Desk& desk, bool pickup, size_t sheets_out, size_t labels_out) {
        const auto jobs = printing::recent_jobs(desk.database(), desk::desk_name(desk), 50);
        ASSERT_OK(jobs);
        std::multiset<std::string> asked;
        size_t sheets = 0, labels = 0, unsure_sheets = 0, unsure_labels = 0;
        for (const auto& job : *jobs) {
            asked.insert(printing::name_of(job.kind));
            const bool unsure = job.state == printing::State::unsure;
            EXPECT_TRUE(unsure || job.state == printing::State::done) << job.title << ": " << job.said;
            if (job.kind == printing::Kind::label)
                ++(unsure ? unsure_labels : labels);
            else
                ++(unsure ? unsure_sheets : sheets);
        }
        const std::multiset<std::string> all =
            pickup
                ? std::multiset<std::string>{"invoice", "receipt", "receipt"}
                : std::multiset<std::string>{"invoice", "slip", "slip", "slip", "label", "label", "label", "label", "manifest"};
        EXPECT_EQ(asked, all);
        EXPECT_GE(sheets_out, sheets);
        EXPECT_LE(sheets_out, sheets + unsure_sheets);
        EXPECT_GE(labels_out, labels);
        EXPECT_LE(labels_out, labels + unsure_labels);
        EXPECT_LE(unsure_sheets + unsure_labels, 1U) << "one thing is under way at a time";
    }
};

TEST_P(ParcelCrashTest, KilledAtAnyMomentNumbersAndPapersAreWhole) {
    const bool pickup = GetParam();
    tests::TemporaryFolder folder;
    tests::TestPrinter sheets(folder.path());
    tests::TestLabelPrinter labels;
    const Story first{folder.path() / "first", pickup};
    begin(first, labels.address(), sheets.address());
    if (HasFatalFailure()) return;
    const auto at = [&](int fatal) { return Story{folder.path() / std::to_string(fatal), pickup}; };
    size_t sheets_before = 0, labels_before = 0;
    const auto deaths = tests::killed_at_each(
        1, tests::stride_of(pickup ? 2 : 5),
        [&](int fatal) {
            std::filesystem::copy(first.home, at(fatal).home, std::filesystem::copy_options::recursive);
            sheets_before = sheets.printed().size();
            labels_before = labels.printed().size();
        },
        [&](int fatal) {
            moments = 0;
            fatal_moment = fatal;
            const auto done = at(fatal).run(MortalClock());
            if (!done) std::fprintf(stderr, "%s\n", done.error().message.c_str());
            return done.has_value();
        },
        // The next morning: it goes on where it stopped.
        [&](int fatal) {
            const Story story = at(fatal);
            ASSERT_OK(story.run(MortalClock()));
            const tests::TestClock calm;
            crypto::SystemRandom random;
            const auto desk = story.open(calm, random);
            ASSERT_TRUE(desk);
            expect_whole(*desk, pickup);
            expect_papers(*desk, pickup, sheets.printed().size() - sheets_before, labels.printed().size() - labels_before);
            std::filesystem::remove_all(story.home);
        });
    EXPECT_GT(deaths.killed, 10);
}

INSTANTIATE_TEST_SUITE_P(, ParcelCrashTest, testing::Bool(),
                         [](const auto& pickup) { return pickup.param ? "pickup" : "courier"; });

}  // namespace
