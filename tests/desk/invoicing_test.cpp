// Invoices of a desk: laid out before they are numbered, printed with their number, on the paper that the settings say, and of a
// service only as the service made them.
#include "desk/invoicing.h"

#include <gmock/gmock.h>

#include <set>

#include "audit/audit.h"
#include "base/files.h"
#include "daily/daily.h"
#include "desk/desk.h"
#include "desk/documents.h"
#include "desk/papers.h"
#include "orders/number_ranges.h"
#include "support/orders.h"
#include "tests/support/fatal_clock.h"
#include "tests/support/killed_child.h"
#include "tests/support/test_invoice_service.h"

using namespace sealdesk;
using testing::HasSubstr;

namespace {

const staff::Actor kClerk{"zhao", "赵云", static_cast<staff::Roles>(staff::Role::clerk)};
const orders::InvoiceTitle kRight{orders::SubjectKind::unit, "南京钧石建设有限公司", "91320104MA1X1K2L3Q"};
constexpr const char* kPrinter = "ipp://127.0.0.1:2/ipp/print";  // nobody listens there: the jobs stay

std::unique_ptr<desk::Desk> open_at(const std::filesystem::path& home, const Clock& clock, crypto::Random& random) {
    desk::Settings settings;
    settings.home = home;
    settings.database = (home / "desk.sqlite").string();
    settings.centre = "示例市电子签章服务中心";
    const auto places = desk::find_places();
    if (!places) return nullptr;
    auto opened = desk::Desk::open(settings, *places, clock, random);
    return opened ? std::move(*opened) : nullptr;
}

class Invoicing : public testing::Test {
protected:
    void SetUp() override {
        desk_ = open_at(folder_.path(), clock_, random_);
        ASSERT_TRUE(desk_);
        ASSERT_OK(database().write([](storage::Tx& tx) { return orders::define(tx, {"invoice", "26322000{:012}", 1, 100}); }));
    }
    storage::Database& database() { return desk_->database(); }
    std::int64_t next() { return orders::number_range(database(), "invoice")->next; }
    void save(const std::function<void(desk::ShippingSettings&)>& change) {
        desk::ShippingSettings settings;
        change(settings);
        ASSERT_OK(desk::save_shipping_settings(folder_.path(), settings));
    }
    void by_service(const tests::TestInvoiceService& remote) {
        remote.write_account(folder_.path());
        save([](auto& settings) {
            settings.invoice_service_file = "service.toml";
            settings.printer_invoice = kPrinter;
        });
    }
    std::vector<printing::PrintJob> jobs() {
        return printing::recent_jobs(database(), desk::desk_name(*desk_), 20).value_or(std::vector<printing::PrintJob>{});
    }

    tests::TemporaryFolder folder_;
    tests::TestClock clock_;
    crypto::SystemRandom random_;
    std::unique_ptr<desk::Desk> desk_;
};

}  // namespace

TEST_F(Invoicing, WhatNoFontHasIsNamedBeforeANumberIsTaken) {
    auto odd = tests::sample_order(1);
    odd.invoice_title.name = "南京\uE000建设有限公司";
    ASSERT_OK(tests::put(database(), {odd, tests::sample_order(2)}, orders::State::issued));
    const auto refused = desk::issue_invoice(*desk_, kClerk, "ZF0001");
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("E000"));
    EXPECT_EQ(next(), 1);
    EXPECT_TRUE(invoices::issued(database(), 10)->empty());

    ASSERT_OK(desk::issue_invoice(*desk_, kClerk, "ZF0002"));
    const auto blue = invoices::of_payment(database(), "ZF0002")->value();
    auto title = kRight;
    title.name += "\uE000";
    EXPECT_FALSE(desk::correct_invoice_title(*desk_, kClerk, blue.number, title));
    EXPECT_EQ(next(), 2);
    EXPECT_EQ(invoices::find(database(), blue.number)->standing, invoices::Standing::live) << "nothing of it has happened";
    EXPECT_FALSE(audit::verify(database())->first_bad);
}

TEST_F(Invoicing, TheNumberComesWithItsPrintJob) {
    save([](auto& settings) {
        settings.printer_invoice = kPrinter;
        settings.invoice_paper = "form";
    });
    ASSERT_OK(tests::put(database(), {tests::sample_order(1)}, orders::State::issued));
    const auto blue = desk::issue_invoice(*desk_, kClerk, "ZF0001");
    ASSERT_OK(blue);
    ASSERT_EQ(jobs().size(), 1U);
    EXPECT_EQ(jobs()[0].subject, blue->invoice->number);
    EXPECT_EQ(jobs()[0].kind, printing::Kind::invoice);
    const auto file = desk::invoice_file(*desk_, *blue->invoice);
    ASSERT_OK(file);
    EXPECT_EQ(*read_file(jobs()[0].file), *read_file(*file)) << "what is printed is what is kept";
    ASSERT_OK(desk::issue_invoice(*desk_, kClerk, "ZF0001"));
    EXPECT_EQ(jobs().size(), 1U);
    clock_.advance(31 * kDay);
    ASSERT_OK(desk::correct_invoice_title(*desk_, kClerk, blue->invoice->number, kRight));
    EXPECT_EQ(jobs().size(), 3U) << "the red letter and the right one";
    EXPECT_EQ(next(), 4);
}

TEST_F(Invoicing, AnAllowanceIsPrintedAndTheDayCountsIt) {
    save([](auto& settings) {
        settings.printer_invoice = kPrinter;
        settings.invoice_paper = "form";
    });
    ASSERT_OK(tests::put(database(), {tests::sample_order(1)}, orders::State::issued));
    const auto blue = desk::issue_invoice(*desk_, kClerk, "ZF0001");
    ASSERT_OK(blue);
    const auto red = desk::reverse_invoice(*desk_, kClerk, blue->invoice->number, invoices::RedReason::allowance, {}, Fen{5000});
    ASSERT_OK(red);
    ASSERT_EQ(jobs().size(), 2U);
    EXPECT_EQ(jobs()[0].subject, red->invoice->number);
    const auto paper = desk::printable(*red->invoice);
    EXPECT_EQ(paper.gross, Fen{-5000});
    EXPECT_THAT(paper.remark, HasSubstr(blue->invoice->number));
    for (const auto& line : paper.lines) EXPECT_EQ(line.quantity, 0) << "neither quantity nor price is shown";

    const staff::Actor boss{"sun", "孙权", static_cast<staff::Roles>(staff::Role::supervisor)};
    const auto day = daily::report(database(), boss, day_of(clock_.now()));
    ASSERT_OK(day);
    EXPECT_EQ(day->invoices, 2);
    EXPECT_EQ(day->invoiced, Fen{26600});
    EXPECT_EQ(day->invoiced_tax, blue->invoice->tax + red->invoice->tax);
    daily::Figure figure;
    figure.kind = daily::Figure::Kind::invoices;
    const auto rows = daily::rows(database(), boss, day_of(clock_.now()), figure);
    ASSERT_OK(rows);
    ASSERT_EQ(rows->size(), 2U);
    EXPECT_EQ((*rows)[0].amount + (*rows)[1].amount, day->invoiced);
}

// A sheet of A4 goes into the parcel, in its place among the papers; what mends an invoice afterwards has no parcel.
TEST_F(Invoicing, AnA4InvoiceIsPrintedWithItsParcel) {
    save([](auto& settings) { settings.printer_invoice = kPrinter; });
    ASSERT_OK(tests::put(database(), {tests::sample_order(1)}, orders::State::issued));
    const auto blue = desk::issue_invoice(*desk_, kClerk, "ZF0001");
    ASSERT_OK(blue);
    EXPECT_TRUE(jobs().empty());
    ASSERT_OK(desk::print_invoice(*desk_, kClerk, blue->invoice->number));
    EXPECT_EQ(jobs().size(), 1U);
    clock_.advance(31 * kDay);
    ASSERT_OK(desk::correct_invoice_title(*desk_, kClerk, blue->invoice->number, kRight));
    EXPECT_EQ(jobs().size(), 3U);
}

TEST_F(Invoicing, AnInvoiceThatComesAfterItsParcelsPapersIsPrintedAtOnce) {
    save([](auto& settings) { settings.printer_invoice = kPrinter; });
    ASSERT_OK(database().write([](storage::Tx& tx) { return orders::define(tx, {"waybill", "EA{s10}CN", 12345678, 12345690}); }));
    auto orders = tests::paid_together({1, 2});
    orders.push_back(tests::sample_order(3));
    orders.push_back(tests::sample_order(4));
    ASSERT_OK(tests::put(database(), orders, orders::State::issued));
    ASSERT_OK(tests::give_keys(database(), orders));
    const auto packed = [&](const orders::Order& order) {
        const auto parcel = shipping::pack(database(), kClerk, {order.no});
        EXPECT_TRUE(parcel) << parcel.error().message;
        return parcel.value_or(shipping::Shipment{}).id;
    };
    ASSERT_OK(desk::print_papers(*desk_, kClerk, packed(orders[0])));
    ASSERT_OK(desk::issue_invoice(*desk_, kClerk, "ZF0001"));
    EXPECT_TRUE(jobs().empty()) << "it goes with the second order";
    const auto due = packed(orders[2]);
    ASSERT_OK(desk::issue_invoice(*desk_, kClerk, "ZF0003"));
    EXPECT_TRUE(jobs().empty()) << "its parcel's papers are still to come";
    ASSERT_OK(desk::print_papers(*desk_, kClerk, due));
    EXPECT_EQ(jobs().size(), 1U);

    ASSERT_OK(desk::print_papers(*desk_, kClerk, packed(orders[3])));
    const auto late = desk::issue_invoice(*desk_, kClerk, "ZF0004");
    ASSERT_OK(late);
    ASSERT_EQ(jobs().size(), 2U);
    EXPECT_EQ(jobs()[0].subject, late->invoice->number);
}

TEST_F(Invoicing, ThePapersOfAParcelWaitForWhatTheServiceIsAt) {
    tests::TestInvoiceService remote(folder_.path());
    by_service(remote);
    ASSERT_OK(database().write([](storage::Tx& tx) { return orders::define(tx, {"waybill", "EA{s10}CN", 12345678, 12345690}); }));
    ASSERT_OK(tests::put(database(), {tests::sample_order(1)}, orders::State::issued));
    ASSERT_OK(tests::give_keys(database(), {tests::sample_order(1)}));
    const auto asked = desk::issue_invoice(*desk_, kClerk, "ZF0001");
    ASSERT_OK(asked);
    const auto parcel = shipping::pack(database(), kClerk, {tests::sample_order(1).no});
    ASSERT_OK(parcel);
    const auto early = desk::print_papers(*desk_, kClerk, parcel->id);
    ASSERT_FALSE(early);
    EXPECT_EQ(early.error().kind, ErrorKind::unavailable);
    EXPECT_TRUE(shipping::find(database(), parcel->id)->papers_due);
    EXPECT_EQ(shipping::find(database(), parcel->id)->papers_after, clock_.now() + kMinute);

    const auto row = desk::advance_invoice_request(*desk_, asked->request->id);
    ASSERT_OK(row);
    clock_.advance(kMinute);
    EXPECT_EQ(desk::print_late_papers(*desk_), 1);
    EXPECT_FALSE(shipping::find(database(), parcel->id)->papers_due);
    ASSERT_EQ(jobs().size(), 1U);
    EXPECT_EQ(jobs()[0].subject, row->number);
}

// At each look at the clock: between the rehearsal and the numbering, and around every transaction.
TEST(InvoicingKilled, NoNumberIsUsedWithoutItsInvoiceAndItsPrintJob) {
    tests::TemporaryFolder folder;
    const tests::TestClock calm;
    crypto::SystemRandom random;
    desk::ShippingSettings settings;
    settings.printer_invoice = kPrinter;
    settings.invoice_paper = "form";
    const auto home = [&](int fatal) { return folder.path() / std::to_string(fatal); };
    const auto begin = [&](int fatal) {
        ASSERT_OK(make_folder(home(fatal)));
        ASSERT_OK(desk::save_shipping_settings(home(fatal), settings));
        const auto database = storage::Database::open(
            {(home(fatal) / "desk.sqlite").string(), tests::source("data/migrations/desk"), &calm, &random, 1});
        ASSERT_OK(database);
        ASSERT_OK(tests::put(**database, {tests::sample_order(1)}, orders::State::issued));
        ASSERT_OK((*database)->write([](storage::Tx& tx) { return orders::define(tx, {"invoice", "26322000{:012}", 1, 100}); }));
    };
    const auto story = [&](int fatal, const Clock& clock) {
        const auto desk = open_at(home(fatal), clock, random);
        if (!desk) return false;
        const auto there = invoices::of_payment(desk->database(), "ZF0001");
        if (there && there->has_value() && (*there)->title.name == kRight.name) return true;
        const auto blue = desk::issue_invoice(*desk, kClerk, "ZF0001");
        return blue && desk::correct_invoice_title(*desk, kClerk, blue->invoice->number, kRight, {true, true}).has_value();
    };
    const auto expect_whole = [&](int fatal, const char* when) {
        const auto desk = open_at(home(fatal), calm, random);
        ASSERT_TRUE(desk);
        const auto list = invoices::issued(desk->database(), 10);
        ASSERT_OK(list);
        std::set<std::string> printed;
        const auto jobs = printing::recent_jobs(desk->database(), desk::desk_name(*desk), 20);
        ASSERT_OK(jobs);
        for (const auto& job : *jobs) {
            EXPECT_TRUE(printed.insert(job.subject).second) << job.subject << " printed twice, " << when;
            const auto invoice = invoices::find(desk->database(), job.subject);
            ASSERT_OK(invoice);
            EXPECT_EQ(*read_file(job.file),
                      *read_file(*desk::write_invoice(desk->documents(), *invoice, desk::invoice_sheet(settings))))
                << when;
        }
        for (const auto& each : *list) EXPECT_TRUE(printed.contains(each.number)) << each.number << " " << when;
        EXPECT_EQ(static_cast<std::int64_t>(list->size()), orders::number_range(desk->database(), "invoice")->next - 1)
            << "gapless, " << when;
    };
    const auto deaths = tests::killed_at_each(
        3, 1, begin, [&](int fatal) { return story(fatal, tests::FatalClock(fatal)); },
        [&](int fatal) {
            expect_whole(fatal, "killed");
            ASSERT_TRUE(story(fatal, tests::FatalClock(-1)));
            expect_whole(fatal, "gone on after a kill");
        });
    EXPECT_GT(deaths.killed, 3);
}

TEST_F(Invoicing, ThePaperOfTheSettingsIsUsedEverywhere) {
    ASSERT_OK(tests::put(database(), {tests::sample_order(1)}, orders::State::issued));
    save([](auto& settings) {
        settings.printer_invoice = kPrinter;
        settings.invoice_paper = "form_pre_printed";
        settings.invoice_right = 1.5;
        settings.invoice_down = -2;
    });
    const auto done = desk::issue_invoice(*desk_, kClerk, "ZF0001");
    ASSERT_OK(done);
    reports::InvoiceSheet sheet;
    sheet.paper = reports::InvoicePaper::form_241x140;
    sheet.stock = reports::Stock::pre_printed;
    sheet.right = 1.5;
    sheet.down = -2;
    const auto fonts = reports::Fonts::find();
    ASSERT_OK(fonts);
    const auto wanted = reports::invoice_pdf(desk::printable(*done->invoice), *fonts, sheet);
    ASSERT_OK(wanted);
    EXPECT_NE(*wanted, *reports::invoice_pdf(desk::printable(*done->invoice), *fonts));
    EXPECT_EQ(*read_file(jobs()[0].file), *wanted);
    EXPECT_EQ(*read_file(*desk::invoice_file(*desk_, *done->invoice)), *wanted);
    const auto again = desk::print_invoice(*desk_, kClerk, done->invoice->number, "弄脏");
    EXPECT_EQ(again.error().kind, ErrorKind::conflict) << "the first one is on its way";
    // Off the paper: refused before the next number.
    ASSERT_OK(tests::put(database(), {tests::sample_order(2)}, orders::State::issued));
    save([](auto& settings) { settings.invoice_right = 400; });
    EXPECT_FALSE(desk::issue_invoice(*desk_, kClerk, "ZF0002"));
    EXPECT_EQ(next(), 2);
}

TEST_F(Invoicing, AnOddPaperOrAMisspeltNameIsRefused) {
    for (const char* text : {"invoice_paper = \"a5\"", "invoice_paper = 4", "invoice_papers = \"a4\"", "invoice_right = \"1\"",
                             "invoice_left = 1"}) {
        ASSERT_OK(write_file(folder_.path() / "shipping.toml", text));
        const auto loaded = desk::load_shipping_settings(folder_.path());
        ASSERT_FALSE(loaded) << text;
        EXPECT_THAT(loaded.error().message, HasSubstr("shipping.toml"));
    }
    ASSERT_OK(write_file(folder_.path() / "shipping.toml", "invoice_paper = \"form\"\ninvoice_right = 1\ninvoice_down = -0.5\n"));
    const auto loaded = desk::load_shipping_settings(folder_.path());
    ASSERT_OK(loaded);
    ASSERT_OK(desk::save_shipping_settings(folder_.path(), *loaded));
    const auto again = desk::load_shipping_settings(folder_.path());
    EXPECT_EQ(again->invoice_paper, "form");
    EXPECT_EQ(again->invoice_right, 1.0);
    EXPECT_EQ(again->invoice_down, -0.5);
}

TEST_F(Invoicing, OnlyTheServicesOwnFileIsGivenOut) {
    tests::TestInvoiceService remote(folder_.path());
    by_service(remote);
    ASSERT_OK(tests::put(database(), {tests::sample_order(1)}, orders::State::issued));
    remote.files_are_late(1000);
    const auto asked = desk::issue_invoice(*desk_, kClerk, "ZF0001");
    ASSERT_OK(asked);
    EXPECT_EQ(next(), 1) << "no number of the range";
    const auto row = desk::advance_invoice_request(*desk_, asked->request->id);
    ASSERT_OK(row);
    EXPECT_EQ(row->state, invoices::RequestState::fetching) << row->said;
    const auto invoice = invoices::find(database(), row->number);
    ASSERT_OK(invoice);
    const auto path = desk::invoice_path(desk_->documents(), row->number);
    const auto none = desk::print_invoice(*desk_, kClerk, row->number);
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().kind, ErrorKind::unavailable);
    EXPECT_THAT(none.error().message, HasSubstr("正式文件还没有从开票服务取到"));
    EXPECT_EQ(desk::write_invoice(desk_->documents(), *invoice).error().kind, ErrorKind::refused) << "no imitation";
    EXPECT_FALSE(std::filesystem::exists(path));
    EXPECT_TRUE(jobs().empty());
    // An imitation that lies there is none, as long as theirs has not come.
    ASSERT_OK(make_folder(path.parent_path()));
    ASSERT_OK(write_file(path, "imitation"));
    EXPECT_FALSE(desk::invoice_file(*desk_, *invoice));

    remote.files_are_late(0);
    ASSERT_OK(desk::print_invoice(*desk_, kClerk, row->number));
    EXPECT_EQ(*read_file(path), "file " + row->number + ".pdf") << "fetched when it was wanted";
    ASSERT_EQ(jobs().size(), 1U);
    EXPECT_EQ(*read_file(jobs()[0].file), "file " + row->number + ".pdf");
    EXPECT_EQ(desk::advance_invoice_request(*desk_, row->id)->state, invoices::RequestState::issued);
    std::filesystem::remove(path);  // another machine of the centre has none
    EXPECT_EQ(*read_file(*desk::invoice_file(*desk_, *invoice)), "file " + row->number + ".pdf");
    EXPECT_EQ(*read_file(path), "file " + row->number + ".pdf");
}
