#include "printing/queue.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "audit/audit.h"
#include "storage/rows.h"
#include "tests/support/test_label_printer.h"
#include "tests/support/test_printer.h"

using namespace sealdesk;
using namespace sealdesk::printing;

class PrintQueueTest : public testing::Test {
protected:
    void SetUp() override {
        auto opened = storage::Database::open(
            {folder_.path() / "desk.sqlite", tests::source("data/migrations/desk"), &clock_, &random_, 2});
        ASSERT_OK(opened);
        database_ = std::move(*opened);
    }
    Document document(const std::string& bytes, const std::string& printer, Format format = Format::pdf) {
        const auto file = keep(folder_.path() / "spool", format, bytes);
        EXPECT_TRUE(file);
        return {"desk", "batch", Kind::label, "parcel " + std::to_string(++parcels_), "面单", printer, format, *file, 1};
    }
    std::int64_t ask(const Document& document) {
        const auto job = database_->write([&](storage::Tx& tx) { return print_once(tx, clerk_, document); });
        EXPECT_TRUE(job) << job.error().message;
        return job ? job->id : 0;
    }
    PrintJob job(std::int64_t id) { return *find(*database_, id); }
    // Passes until the job is in the state; the clock moves so that waiting times end.
    bool comes_to(std::int64_t id, State state, tests::ReadProcess* printer = nullptr) {
        for (int i = 0; i < 600; ++i) {
            const auto pass = advance(*database_, "desk");
            if (!pass) ADD_FAILURE() << pass.error().message;
            if (job(id).state == state) return true;
            clock_.advance(kMinute);
            if (printer != nullptr) printer->wait_for_news();
        }
        return false;
    }

    tests::TemporaryFolder folder_;
    tests::TestClock clock_;
    crypto::SystemRandom random_;
    std::unique_ptr<storage::Database> database_;
    const staff::Actor clerk_{"zhao", "赵云", static_cast<staff::Roles>(staff::Role::clerk)};
    int parcels_ = 0;
};

const std::string kPdf = "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

TEST_F(PrintQueueTest, APdfIsPrintedAndFollowedToItsEnd) {
    tests::TestPrinter printer(folder_.path());
    const auto looked = ipp::look(*parse_address(printer.address()));
    ASSERT_OK(looked);
    EXPECT_EQ(looked->state, PrinterState::idle);
    const auto id = ask(document(kPdf, printer.address()));
    EXPECT_EQ(job(id).state, State::waiting);
    ASSERT_TRUE(comes_to(id, State::done, &printer.process())) << job(id).said << printer.process().lines();
    EXPECT_EQ(printer.printed(), std::vector<std::string>{kPdf});
    EXPECT_GT(job(id).printer_job, 0);
    const auto again = database_->write([&](storage::Tx& tx) { return print_once(tx, clerk_, document(kPdf, "ipp://x/y")); });
    ASSERT_OK(again);  // another parcel
    EXPECT_FALSE(audit::verify(*database_)->first_bad);
}

TEST_F(PrintQueueTest, AskingTwicePrintsOnceAndAReprintHasAReason) {
    tests::TestPrinter printer(folder_.path());
    const Document label = document(kPdf, printer.address());
    const auto id = ask(label);
    EXPECT_EQ(ask(label), id);
    const auto again = [&](const std::string& reason) {
        return database_->write([&](storage::Tx& tx) { return print_again(tx, clerk_, label, reason); });
    };
    EXPECT_EQ(again("弄脏了").error().kind, ErrorKind::conflict) << "it has not come out yet";
    ASSERT_TRUE(comes_to(id, State::done, &printer.process()));
    EXPECT_EQ(ask(label), id);
    EXPECT_EQ(again("").error().kind, ErrorKind::refused);
    const auto second = again("弄脏了");
    ASSERT_OK(second);
    EXPECT_EQ(second->copy_no, 2);
    EXPECT_EQ(second->reason, "弄脏了");
    ASSERT_TRUE(comes_to(second->id, State::done, &printer.process()));
    EXPECT_EQ(printer.printed().size(), 2U);
}

TEST_F(PrintQueueTest, PaperOutKeepsTheJobAndTheNextOneWaitsBehindIt) {
    tests::TestPrinter printer(folder_.path());
    printer.does(tests::TestPrinter::Does::run_out_of_paper);
    const auto first = ask(document(kPdf, printer.address())), second = ask(document(kPdf + "second\n", printer.address()));
    ASSERT_TRUE(comes_to(first, State::stopped, &printer.process())) << job(first).said << printer.process().lines();
    EXPECT_EQ(job(first).said, "缺纸");
    EXPECT_EQ(job(second).state, State::waiting);
    EXPECT_EQ(open_jobs(*database_, "desk")->size(), 2U);
    EXPECT_TRUE(open_jobs(*database_, "another desk")->empty());
    printer.load_paper();
    ASSERT_TRUE(comes_to(second, State::done, &printer.process()));
    EXPECT_EQ(job(first).state, State::done);
    EXPECT_EQ(printer.printed(), (std::vector<std::string>{kPdf, kPdf + "second\n"})) << "in the order in which they were asked";
}

TEST_F(PrintQueueTest, AJobThatThePrinterGivesUpSaysWhyAndIsRepeated) {
    tests::TestPrinter printer(folder_.path());
    printer.does(tests::TestPrinter::Does::give_up);
    const auto id = ask(document(kPdf, printer.address()));
    ASSERT_TRUE(comes_to(id, State::failed, &printer.process()));
    EXPECT_NE(job(id).said, "");
    EXPECT_TRUE(printer.printed().empty());
    printer.does(tests::TestPrinter::Does::print);
    EXPECT_EQ(repeat(*database_, clerk_, id, "").error().kind, ErrorKind::refused);
    const auto second = repeat(*database_, clerk_, id, "打印机放弃了任务");
    ASSERT_OK(second);
    ASSERT_TRUE(comes_to(second->id, State::done, &printer.process()));
    EXPECT_EQ(printer.printed().size(), 1U);
}

TEST_F(PrintQueueTest, AJobIsCancelledBeforeAndAtThePrinter) {
    tests::TestPrinter printer(folder_.path());
    printer.does(tests::TestPrinter::Does::run_out_of_paper);
    const auto first = ask(document(kPdf, printer.address())), second = ask(document(kPdf, printer.address()));
    ASSERT_OK(cancel(*database_, clerk_, second));
    EXPECT_EQ(job(second).state, State::cancelled);
    EXPECT_EQ(cancel(*database_, clerk_, second).error().kind, ErrorKind::conflict);
    ASSERT_TRUE(comes_to(first, State::stopped, &printer.process()));
    ASSERT_OK(cancel(*database_, clerk_, first));
    EXPECT_EQ(job(first).state, State::cancelling);
    ASSERT_OK(advance(*database_, "desk"));  // the printer is told while it stands still
    EXPECT_EQ(job(first).state, State::cancelling);
    printer.load_paper();  // its command ends whatever happens to the job
    ASSERT_TRUE(comes_to(first, State::cancelled, &printer.process())) << name_of(job(first).state) << job(first).said;
}

TEST_F(PrintQueueTest, AJobThatCameOutBeforeItsCancellationIsDone) {
    tests::TestPrinter printer(folder_.path());
    const auto id = ask(document(kPdf, printer.address()));
    ASSERT_OK(advance(*database_, "desk"));
    ASSERT_EQ(job(id).state, State::printing) << job(id).said;
    const auto state = [&] {
        const auto now = ipp::job_status(*parse_address(printer.address()), static_cast<int>(job(id).printer_job));
        return now ? now->state : ipp::JobState::aborted;
    };
    for (int i = 0; i < 600 && state() == ipp::JobState::processing; ++i) printer.process().wait_for_news();
    ASSERT_EQ(state(), ipp::JobState::completed) << printer.process().lines();
    ASSERT_OK(cancel(*database_, clerk_, id));
    ASSERT_TRUE(comes_to(id, State::done, &printer.process())) << name_of(job(id).state) << job(id).said;
    EXPECT_EQ(printer.printed().size(), 1U);
}

TEST_F(PrintQueueTest, APrinterThatIsAwayIsTriedAgain) {
    tests::TestPrinter printer(folder_.path());
    printer.switch_off();
    const auto id = ask(document(kPdf, printer.address()));
    ASSERT_OK(advance(*database_, "desk"));
    EXPECT_EQ(job(id).state, State::waiting);
    EXPECT_NE(job(id).said, "");
    EXPECT_EQ(job(id).attempts, 1);
    ASSERT_OK(advance(*database_, "desk"));
    EXPECT_EQ(job(id).attempts, 1) << "not before its time";
    printer.start();
    ASSERT_TRUE(comes_to(id, State::done, &printer.process()));
    EXPECT_EQ(printer.printed().size(), 1U);
}

TEST_F(PrintQueueTest, AWaitingJobGoesToAnotherPrinter) {
    tests::TestPrinter printer(folder_.path());
    const auto id = ask(document(kPdf, "ipp://127.0.0.1:1/ipp/print"));
    ASSERT_OK(advance(*database_, "desk"));
    EXPECT_EQ(redirect(*database_, clerk_, id, "nowhere").error().kind, ErrorKind::refused);
    ASSERT_OK(redirect(*database_, clerk_, id, printer.address()));
    ASSERT_TRUE(comes_to(id, State::done, &printer.process()));
    EXPECT_EQ(redirect(*database_, clerk_, id, printer.address()).error().kind, ErrorKind::conflict);
}

TEST_F(PrintQueueTest, AfterACrashThePrinterIsAskedWhatItHas) {
    tests::TestPrinter printer(folder_.path());
    // Died between the printer's job number and the document: the printer has an empty job.
    const auto empty = ask(document(kPdf, printer.address()));
    const auto number = ipp::create_job(*parse_address(printer.address()), "sealdesk", "sealdesk", 1);
    ASSERT_OK(number);
    ASSERT_OK(change_state(*database_, job(empty), {.state = State::sending, .printer_job = *number}));
    ASSERT_TRUE(comes_to(empty, State::done, &printer.process())) << name_of(job(empty).state) << job(empty).said;
    EXPECT_EQ(printer.printed().size(), 1U) << "once, in a new job";
    EXPECT_NE(job(empty).printer_job, *number);

    // Died between the document and the note that it is there: the printer has all of it.
    const auto there = ask(document(kPdf + "b\n", printer.address()));
    const auto second = ipp::create_job(*parse_address(printer.address()), "sealdesk", "sealdesk", 1);
    ASSERT_OK(second);
    ASSERT_OK(change_state(*database_, job(there), {.state = State::sending, .printer_job = *second}));
    ASSERT_OK(ipp::send_document(*parse_address(printer.address()), *second, "application/pdf", kPdf + "b\n", "sealdesk"));
    ASSERT_TRUE(comes_to(there, State::done, &printer.process()));
    EXPECT_EQ(printer.printed().size(), 2U) << "not twice";
    EXPECT_EQ(job(there).printer_job, *second);

    // The printer was off meanwhile and remembers nothing: a person decides.
    const auto lost = ask(document(kPdf + "c\n", printer.address()));
    ASSERT_OK(change_state(*database_, job(lost), {.state = State::sending, .printer_job = 4711}));
    ASSERT_TRUE(comes_to(lost, State::unsure, &printer.process()));
    EXPECT_EQ(printer.printed().size(), 2U);
    ASSERT_OK(came_out(*database_, clerk_, lost));
    EXPECT_EQ(job(lost).state, State::done);
    EXPECT_EQ(came_out(*database_, clerk_, lost).error().kind, ErrorKind::conflict);
}

TEST_F(PrintQueueTest, AFileThatWasChangedIsNotPrinted) {
    tests::TestPrinter printer(folder_.path());
    const Document label = document(kPdf, printer.address());
    const auto id = ask(label);
    std::filesystem::resize_file(label.file, 5);
    ASSERT_TRUE(comes_to(id, State::failed));
    EXPECT_TRUE(printer.printed().empty());
}

TEST_F(PrintQueueTest, ZplGoesRawToAnIppQueueAndToPort9100) {
    const std::string zpl = "^XA^PW800^LL1440^FO10,10^GB100,100,3^FS^XZ\n";
    tests::TestPrinter printer(folder_.path());
    const auto by_ipp = ask(document(zpl, printer.address(), Format::zpl));
    ASSERT_TRUE(comes_to(by_ipp, State::done, &printer.process())) << job(by_ipp).said << printer.process().lines();
    EXPECT_EQ(printer.printed(), std::vector<std::string>{zpl});

    tests::TestLabelPrinter thermal;
    const auto raw = ask(document(zpl, thermal.address(), Format::zpl));
    ASSERT_TRUE(comes_to(raw, State::done));
    ASSERT_TRUE(thermal.until_printed(1));
    EXPECT_EQ(thermal.printed(), std::vector<std::string>{zpl});
}

TEST_F(PrintQueueTest, APrinterThatCannotReadZplRefusesItBeforeAnythingComesOut) {
    tests::TestPrinter printer(folder_.path(), {.formats = "application/pdf"});
    const auto id = ask(document("^XA^XZ", printer.address(), Format::zpl));
    ASSERT_TRUE(comes_to(id, State::failed));
    EXPECT_TRUE(printer.printed().empty());
}

TEST_F(PrintQueueTest, AThermalPrinterWithoutPaperGetsNothing) {
    tests::TestLabelPrinter thermal;
    thermal.mood({.paper_out = true});
    const auto id = ask(document("^XA^XZ", thermal.address(), Format::zpl));
    ASSERT_OK(advance(*database_, "desk"));
    EXPECT_EQ(job(id).state, State::waiting);
    EXPECT_EQ(job(id).said, "缺纸");
    thermal.mood({.formats_waiting = 1});
    clock_.advance(kMinute);
    ASSERT_TRUE(comes_to(id, State::printing));
    thermal.mood({.head_open = true, .formats_waiting = 1});
    ASSERT_TRUE(comes_to(id, State::stopped));
    EXPECT_EQ(job(id).said, "盖子没有合上");
    thermal.mood({});
    ASSERT_TRUE(comes_to(id, State::done));
    EXPECT_EQ(thermal.printed().size(), 1U);
}

TEST_F(PrintQueueTest, AThermalPrinterThatSaysNothingIsTrustedAndOneThatBreaksOffIsNot) {
    tests::TestLabelPrinter thermal;
    thermal.mood({.answers = false});
    const auto id = ask(document("^XA^XZ", thermal.address(), Format::zpl));
    ASSERT_TRUE(comes_to(id, State::done));
    thermal.mood({.breaks_off_after = 1});
    const auto broken = ask(document("^XA" + std::string(4 << 20, ' ') + "^XZ", thermal.address(), Format::zpl));
    ASSERT_TRUE(comes_to(broken, State::unsure)) << name_of(job(broken).state) << job(broken).said;
    EXPECT_EQ(thermal.printed().size(), 1U);
}

TEST_F(PrintQueueTest, WhoCancelsWhileItIsSentIsHeard) {
    const auto id = ask(document(kPdf, "ipp://127.0.0.1:1/ipp/print"));
    const PrintJob before = job(id);
    ASSERT_OK(cancel(*database_, clerk_, id));
    EXPECT_EQ(change_state(*database_, before, {.state = State::sending}).error().kind, ErrorKind::conflict);
    EXPECT_EQ(job(id).state, State::cancelled);
}

TEST_F(PrintQueueTest, AnAnnouncedPrinterIsFound) {
    tests::TestPrinter printer(folder_.path(), {.name = "SealDesk announced", .announced = true});
    setenv("DBUS_SYSTEM_BUS_ADDRESS", printer.bus_address().c_str(), 1);  // libcups asks the announcer there
    std::vector<Printer> found;
    const auto it = [&] {
        return std::find_if(found.begin(), found.end(), [](const Printer& p) { return p.name == "SealDesk announced"; });
    };
    for (int i = 0; i < 10 && it() == found.end(); ++i)
        found = ipp::find_printers(std::chrono::milliseconds(1000)).value_or(found);
    ASSERT_NE(it(), found.end()) << "found " << found.size() << printer.process().lines();
    // Whether its name leads anywhere is up to the machine's resolver.
    EXPECT_NE(it()->address.empty(), it()->message.empty());
}

TEST_F(PrintQueueTest, TheWorkerPrintsByItself) {
    tests::TestLabelPrinter thermal;
    Worker worker(*database_, "desk", [] {});
    const auto id = ask(document("^XA^XZ", thermal.address(), Format::zpl));
    worker.nudge();
    ASSERT_TRUE(thermal.until_printed(1));
    EXPECT_TRUE(is_over(job(id).state) || job(id).state == State::printing || job(id).state == State::sending);
}
