// Invoices that a service is first asked for when the papers of their parcel are out: on paper once, in the parcel that is still
// here, and told to the clerk when it is not.
#include "desk/late_invoices.h"

#include <gmock/gmock.h>

#include <thread>

#include "audit/audit.h"
#include "base/files.h"
#include "base/process.h"
#include "desk/desk.h"
#include "desk/invoicing.h"
#include "desk/papers.h"
#include "orders/number_ranges.h"
#include "shipping/enclosed.h"
#include "support/orders.h"
#include "tests/support/fatal_clock.h"
#include "tests/support/killed_child.h"
#include "tests/support/test_invoice_service.h"

using namespace sealdesk;
using testing::HasSubstr;

namespace {

const staff::Actor kClerk{"zhao", "赵云", static_cast<staff::Roles>(staff::Role::clerk)};
const staff::Actor kOfficer{"wang", "王敏", static_cast<staff::Roles>(staff::Role::officer)};
constexpr const char* kPrinter = "ipp://127.0.0.1:2/ipp/print";  // nobody listens there: the jobs stay

// A desk of the centre whose store lies at `store`; `home` is its own folder.
std::unique_ptr<desk::Desk> desk_at(const std::filesystem::path& home, const std::filesystem::path& store, const Clock& clock,
                                    crypto::Random& random) {
    desk::Settings settings;
    settings.home = home;
    settings.database = store.string();
    settings.centre = "示例市电子签章服务中心";
    const auto places = desk::find_places();
    if (!places) return nullptr;
    auto opened = desk::Desk::open(settings, *places, clock, random);
    return opened ? std::move(*opened) : nullptr;
}

// An account at the service and a printer for invoices, nothing else.
void furnish(const std::filesystem::path& home, const tests::TestInvoiceService& remote) {
    ASSERT_OK(make_folder(home));
    remote.write_account(home);
    desk::ShippingSettings own;
    own.invoice_service_file = "service.toml";
    own.printer_invoice = kPrinter;
    ASSERT_OK(desk::save_shipping_settings(home, own));
}

// The orders' parcel, and its papers are out.
Result<shipping::Shipment> packed(desk::Desk& desk, const std::vector<std::string>& order_nos) {
    shipping::PackOrder what;
    what.order_nos = order_nos;
    what.desk = desk::desk_name(desk);
    SEALDESK_LET(parcel, shipping::pack(desk.database(), kClerk, what));
    SEALDESK_TRY(desk::print_papers(desk, kClerk, parcel.id));
    return parcel;
}

Result<> put_orders(storage::Database& database, const std::vector<orders::Order>& list) {
    SEALDESK_TRY(tests::put(database, list, orders::State::issued));
    SEALDESK_TRY(tests::give_keys(database, list));
    return database.write([](storage::Tx& tx) { return orders::define(tx, {"waybill", "EA{s10}CN", 12345678, 12345690}); });
}

std::vector<printing::PrintJob> jobs_of(desk::Desk& desk) {
    return printing::recent_jobs(desk.database(), desk::desk_name(desk), 20).value_or(std::vector<printing::PrintJob>{});
}

class LateInvoices : public testing::Test {
protected:
    void SetUp() override {
        furnish(home("a"), remote_);
        desk_ = open("a");
        ASSERT_TRUE(desk_);
        ASSERT_OK(put_orders(database(), {tests::sample_order(1)}));
    }
    std::filesystem::path home(const std::string& name) { return folder_.path() / name; }
    std::unique_ptr<desk::Desk> open(const std::string& name) {
        return desk_at(home(name), folder_.path() / "a/desk.sqlite", clock_, random_);
    }
    storage::Database& database() { return desk_->database(); }
    // Asked for, and as far as the service answers at once; its number.
    std::string invoiced(const std::string& payment = "ZF0001") {
        const auto asked = desk::issue_invoice(*desk_, kClerk, payment);
        EXPECT_TRUE(asked && asked->request) << (asked ? "" : asked.error().message);
        if (!asked || !asked->request) return "";
        const auto row = desk::advance_invoice_request(*desk_, asked->request->id);
        EXPECT_TRUE(row) << (row ? "" : row.error().message);
        return row ? row->number : "";
    }
    // In the clerk's list, the only one.
    desk::LateInvoice listed() {
        const auto list = desk::late_invoices(*desk_);
        EXPECT_TRUE(list && list->size() == 1);
        return list && !list->empty() ? list->front() : desk::LateInvoice{};
    }
    bool none_is_listed() {
        const auto list = desk::late_invoices(*desk_);
        return list && list->empty();
    }
    // For slips: nobody listens there either.
    void with_a4_printer() {
        auto own = desk::load_shipping_settings(home("a"));
        ASSERT_OK(own);
        own->set_printer(printing::Use::a4, "ipp://127.0.0.1:3/ipp/print");
        ASSERT_OK(desk::save_shipping_settings(home("a"), *own));
    }
    void came_out(const printing::PrintJob& job) {
        ASSERT_OK(printing::change_state(database(), job, {.state = printing::State::done}));
    }
    printing::PrintJob newest(printing::Kind kind, const std::string& subject) {
        const auto job = database().read(
            [&](storage::Tx& tx) -> Result<std::optional<printing::PrintJob>> { return printing::newest(tx, kind, subject); });
        EXPECT_TRUE(job && *job) << subject;
        return job && *job ? **job : printing::PrintJob{};
    }
    static std::string words_of(const std::filesystem::path& pdf) {
        const auto text = run({"pdftotext", "-raw", pdf.string(), "-"});
        return text ? text->output : "";
    }
    std::int64_t parcel_with(const std::string& number) {
        const auto places = shipping::enclosed(database(), {number});
        return places && !places->empty() ? places->front().shipment : 0;
    }

    tests::TemporaryFolder folder_;
    tests::TestClock clock_;
    crypto::SystemRandom random_;
    tests::TestInvoiceService remote_{folder_.path()};
    std::unique_ptr<desk::Desk> desk_;
    const std::string one_ = tests::sample_order(1).no;
};

}  // namespace

TEST_F(LateInvoices, ArePrintedAtOnceForTheParcelThatIsStillHere) {
    const auto parcel = packed(*desk_, {one_});
    ASSERT_OK(parcel);
    EXPECT_TRUE(jobs_of(*desk_).empty());
    const std::string number = invoiced();
    ASSERT_NE(number, "");
    EXPECT_THAT(desk::why_unprinted(listed()), HasSubstr("自动打印"));
    EXPECT_EQ(desk::print_late_invoices(*desk_), 1);
    auto jobs = jobs_of(*desk_);
    ASSERT_EQ(jobs.size(), 1U);
    EXPECT_EQ(jobs[0].subject, number);
    EXPECT_THAT(jobs[0].title, HasSubstr(parcel->waybill)) << "where it is to be put";
    EXPECT_EQ(*read_file(jobs[0].file), "file " + number + ".pdf");
    EXPECT_EQ(parcel_with(number), parcel->id);
    EXPECT_THAT(shipping::find(database(), parcel->id)->notes, HasSubstr(number)) << "somebody has to put it in";
    EXPECT_TRUE(none_is_listed());

    desk_.reset();  // and after a restart
    desk_ = open("a");
    EXPECT_EQ(desk::print_late_invoices(*desk_), 0);
    EXPECT_EQ(jobs_of(*desk_).size(), 1U);
    ASSERT_OK(shipping::hand_over(database(), kClerk, parcel->id));
    EXPECT_EQ(shipping::find(database(), parcel->id)->notes, "") << "nobody can put it in any more";
}

TEST_F(LateInvoices, AreNamedOnANewSlipOfTheirParcel) {
    with_a4_printer();
    const auto parcel = packed(*desk_, {one_});
    ASSERT_OK(parcel);
    ASSERT_EQ(jobs_of(*desk_).size(), 1U);
    const auto first = jobs_of(*desk_).front();
    EXPECT_THAT(words_of(first.file), HasSubstr("未随箱"));
    const std::string number = invoiced();
    EXPECT_EQ(desk::print_late_invoices(*desk_), 0) << "the slip that is wrong by now may still come out";
    EXPECT_EQ(desk::print_invoice(*desk_, kClerk, number).error().kind, ErrorKind::conflict);
    EXPECT_EQ(jobs_of(*desk_).size(), 1U);
    EXPECT_EQ(parcel_with(number), 0) << "nothing of it is half done";
    came_out(first);
    EXPECT_EQ(desk::print_late_invoices(*desk_), 1);
    ASSERT_EQ(jobs_of(*desk_).size(), 3U);
    EXPECT_EQ(parcel_with(number), parcel->id);
    const auto slip = newest(printing::Kind::slip, parcel->waybill);
    EXPECT_EQ(slip.copy_no, 2);
    EXPECT_THAT(slip.reason, HasSubstr(number));
    EXPECT_THAT(slip.title, HasSubstr("换下旧的"));
    EXPECT_THAT(words_of(slip.file), HasSubstr(number + "（随箱）"));
    EXPECT_EQ(newest(printing::Kind::invoice, number).copy_no, 1);
    EXPECT_EQ(shipping::find(database(), parcel->id)->prints, 1) << "no label";
    EXPECT_EQ(desk::print_late_invoices(*desk_), 0);
}

TEST_F(LateInvoices, ThatAPersonPrintsBringTheNewSlipOnlyWhileTheParcelIsHere) {
    with_a4_printer();
    auto collected = tests::sample_order(3);
    collected.delivery = {orders::DeliveryMethod::pickup, "周敏", "13800138000", ""};
    ASSERT_OK(put_orders(database(), {tests::sample_order(2), collected}));
    const auto here = packed(*desk_, {one_}), left = packed(*desk_, {tests::sample_order(2).no}),
               pickup = packed(*desk_, {collected.no});
    ASSERT_OK(here);
    ASSERT_OK(left);
    ASSERT_OK(pickup);
    for (const auto& job : jobs_of(*desk_)) came_out(job);
    ASSERT_OK(shipping::hand_over(database(), kClerk, left->id));
    EXPECT_EQ(desk::print_invoice(*desk_, kClerk, invoiced("ZF0002"))->asked, 1) << "the slip that left stays as it is";
    EXPECT_EQ(newest(printing::Kind::slip, left->waybill).copy_no, 1);
    const std::string over_the_counter = invoiced("ZF0003");
    EXPECT_EQ(desk::print_invoice(*desk_, kClerk, over_the_counter)->asked, 1) << "its receipt does not name invoices";
    EXPECT_EQ(parcel_with(over_the_counter), pickup->id);
    const std::string number = invoiced();
    EXPECT_EQ(desk::print_invoice(*desk_, kClerk, number)->asked, 2);
    EXPECT_THAT(words_of(newest(printing::Kind::slip, here->waybill).file), HasSubstr(number));
    came_out(newest(printing::Kind::invoice, number));
    EXPECT_EQ(desk::print_invoice(*desk_, kClerk, number, "弄脏")->asked, 1) << "the slip says so already";
}

TEST_F(LateInvoices, WaitForTheirFile) {
    const auto parcel = packed(*desk_, {one_});
    ASSERT_OK(parcel);
    remote_.files_are_late(1000);
    const std::string number = invoiced();
    ASSERT_NE(number, "");
    EXPECT_EQ(desk::print_late_invoices(*desk_), 0);
    EXPECT_THAT(desk::why_unprinted(listed()), HasSubstr("还没有给出文件"));
    remote_.files_are_late(0);
    const auto row = invoices::request_of(database(), number);
    ASSERT_OK(row);
    ASSERT_OK(desk::advance_invoice_request(*desk_, row->id));
    EXPECT_EQ(desk::print_late_invoices(*desk_), 1);
    EXPECT_EQ(jobs_of(*desk_).size(), 1U);
}

TEST_F(LateInvoices, OfAParcelThatHasLeftAreNotPrintedAndAPersonSaysHowTheyWereGiven) {
    const auto parcel = packed(*desk_, {one_});
    ASSERT_OK(parcel);
    const std::string number = invoiced();
    ASSERT_OK(shipping::hand_over(database(), kClerk, parcel->id));
    EXPECT_EQ(desk::print_late_invoices(*desk_), 0);
    EXPECT_TRUE(jobs_of(*desk_).empty());
    EXPECT_EQ(parcel_with(number), 0);
    EXPECT_FALSE(listed().here());
    EXPECT_THAT(desk::why_unprinted(listed()), HasSubstr("包裹已经交出"));
    EXPECT_THAT(desk::why_unprinted(listed()), HasSubstr(number));
    EXPECT_EQ(invoices::settle_paper(database(), kClerk, number, " ").error().kind, ErrorKind::refused);
    EXPECT_EQ(invoices::settle_paper(database(), kOfficer, number, "电子邮件").error().kind, ErrorKind::denied);
    ASSERT_OK(invoices::settle_paper(database(), kClerk, number, "电子邮件"));
    EXPECT_TRUE(none_is_listed());
    EXPECT_EQ(invoices::settle_paper(database(), kClerk, number, "电子邮件").error().kind, ErrorKind::conflict);
    const auto log = audit::page(database(), one_, 0, 1);
    ASSERT_OK(log);
    EXPECT_EQ(log->front().action, "invoice.given");
}

TEST_F(LateInvoices, OfAParcelThatHasLeftAreStillPrintedByHand) {
    const auto parcel = packed(*desk_, {one_});
    ASSERT_OK(parcel);
    ASSERT_OK(shipping::hand_over(database(), kClerk, parcel->id));
    const std::string number = invoiced();
    ASSERT_OK(desk::print_invoice(*desk_, kClerk, number));
    EXPECT_EQ(jobs_of(*desk_).size(), 1U);
    EXPECT_EQ(parcel_with(number), 0) << "it is out of the house";
    EXPECT_TRUE(none_is_listed());
}

TEST_F(LateInvoices, GoWithTheParcelThatIsStillToCome) {
    auto pair = tests::paid_together({2, 3});
    ASSERT_OK(put_orders(database(), pair));
    shipping::PackOrder what;
    what.order_nos = {pair[0].no};
    const auto first = shipping::pack(database(), kClerk, what);
    ASSERT_OK(first);
    ASSERT_OK(desk::print_papers(*desk_, kClerk, first->id));
    const std::string number = invoiced("ZF0002");
    EXPECT_TRUE(none_is_listed());
    EXPECT_EQ(desk::print_late_invoices(*desk_), 0);
    const auto second = packed(*desk_, {pair[1].no});
    ASSERT_OK(second);
    EXPECT_EQ(parcel_with(number), second->id);
    EXPECT_EQ(jobs_of(*desk_).size(), 1U);
    EXPECT_TRUE(none_is_listed());
    EXPECT_EQ(shipping::find(database(), second->id)->notes, "") << "it lies among the papers";
}

TEST_F(LateInvoices, ArePrintedByTheDeskThatPackedOrByAPersonAtAnother) {
    furnish(home("b"), remote_);
    const auto other = open("b");
    ASSERT_TRUE(other);
    const auto parcel = packed(*desk_, {one_});
    ASSERT_OK(parcel);
    const std::string number = invoiced();
    EXPECT_EQ(desk::print_late_invoices(*other), 0) << "it has its own printers";
    ASSERT_OK(desk::print_invoice(*other, kClerk, number));
    EXPECT_EQ(parcel_with(number), parcel->id);
    EXPECT_EQ(desk::print_late_invoices(*desk_), 0) << "another desk was faster";
    EXPECT_EQ(jobs_of(*other).size(), 1U);
    EXPECT_TRUE(jobs_of(*desk_).empty());
}

TEST_F(LateInvoices, AreOncePrintedByTwoProgramsOnOneFolder) {
    const auto twin = open("a");
    ASSERT_TRUE(twin);
    ASSERT_OK(packed(*desk_, {one_}));
    ASSERT_NE(invoiced(), "");
    int mine = 0, its = 0;
    {
        const std::jthread one([&] { mine = desk::print_late_invoices(*desk_); });
        const std::jthread two([&] { its = desk::print_late_invoices(*twin); });
    }
    EXPECT_EQ(mine + its, 1);
    EXPECT_EQ(jobs_of(*desk_).size(), 1U);
}

TEST_F(LateInvoices, ThatCannotBePrintedWaitForAPersonWithTheReason) {
    const auto parcel = packed(*desk_, {one_});
    ASSERT_OK(parcel);
    const std::string number = invoiced();
    ASSERT_TRUE(std::filesystem::remove(desk::invoice_path(desk_->documents(), number)));
    remote_.mood(tests::TestInvoiceService::Mood::is_down);
    EXPECT_EQ(desk::print_late_invoices(*desk_), 1);
    EXPECT_TRUE(jobs_of(*desk_).empty());
    EXPECT_THAT(desk::why_unprinted(listed()), HasSubstr("没有从开票服务取到"));
    EXPECT_EQ(desk::print_late_invoices(*desk_), 0) << "not over and over";
    remote_.mood(tests::TestInvoiceService::Mood::answers);
    ASSERT_OK(desk::print_invoice(*desk_, kClerk, number));
    EXPECT_EQ(parcel_with(number), parcel->id);
    EXPECT_EQ(jobs_of(*desk_).size(), 1U);
    EXPECT_TRUE(none_is_listed());
}

TEST(LateInvoicesKilled, AtAnyMomentAreOnPaperOnceAndInTheirParcel) {
    tests::TemporaryFolder folder;
    tests::TestInvoiceService remote(folder.path());
    crypto::SystemRandom random;
    const tests::TestClock calm;
    const auto home = [&](int fatal) { return folder.path() / std::to_string(fatal); };
    const auto open = [&](int fatal, const Clock& clock) {
        return desk_at(home(fatal), home(fatal) / "desk.sqlite", clock, random);
    };
    const auto begin = [&](int fatal) {
        furnish(home(fatal), remote);
        const auto desk = open(fatal, calm);
        ASSERT_TRUE(desk);
        ASSERT_OK(put_orders(desk->database(), {tests::sample_order(1)}));
        ASSERT_OK(packed(*desk, {tests::sample_order(1).no}));
    };
    // Asked for, fetched, and printed by itself: what the worker does, pass after pass.
    const auto story = [&](int fatal, const Clock& clock) {
        const auto desk = open(fatal, clock);
        if (!desk || !desk::issue_invoice(*desk, kClerk, "ZF0001")) return false;
        for (int i = 0; i < 20; ++i) {
            const auto requests = invoices::open_requests(desk->database());
            if (!requests) return false;
            for (const auto& row : *requests)
                if (!desk::advance_invoice_request(*desk, row.id)) return false;
            desk::print_late_invoices(*desk);
            if (requests->empty()) return true;
        }
        return false;
    };
    const auto deaths = tests::killed_at_each(
        1, tests::stride_of(2), begin, [&](int fatal) { return story(fatal, tests::FatalClock(fatal, kMinute)); },
        [&](int fatal) {
            // What was issued is not asked for again, and is printed all the same.
            const auto before = open(fatal, calm);
            ASSERT_TRUE(before);
            const auto there = invoices::of_payment(before->database(), "ZF0001");
            ASSERT_OK(there);
            ASSERT_TRUE(there->has_value() || story(fatal, tests::FatalClock(-1, kMinute)));
            const auto rest = invoices::open_requests(before->database());
            ASSERT_OK(rest);
            for (const auto& row : *rest) ASSERT_OK(desk::advance_invoice_request(*before, row.id));
            desk::print_late_invoices(*before);

            const auto invoice = invoices::of_payment(before->database(), "ZF0001");
            ASSERT_TRUE(invoice && invoice->has_value());
            const auto jobs = jobs_of(*before);
            ASSERT_EQ(jobs.size(), 1U);
            EXPECT_EQ(jobs[0].subject, (*invoice)->number);
            const auto places = shipping::enclosed(before->database(), {(*invoice)->number});
            ASSERT_TRUE(places && places->size() == 1);
            EXPECT_TRUE(desk::late_invoices(*before)->empty());
        });
    EXPECT_GT(deaths.killed, 5);
}
