#include "printing/queue.h"

#include <algorithm>

#include "audit/audit.h"
#include "tests/printing/print_desk.h"

using namespace sealdesk;
using namespace sealdesk::printing;

using tests::kPdf;

class PrintQueueTest : public tests::PrintDesk {};

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
    ASSERT_OK(queue_->advance());  // the printer is told while it stands still
    EXPECT_EQ(job(first).state, State::cancelling);
    printer.load_paper();  // its command ends whatever happens to the job
    ASSERT_TRUE(comes_to(first, State::cancelled, &printer.process())) << name_of(job(first).state) << job(first).said;
}

TEST_F(PrintQueueTest, AJobThatCameOutBeforeItsCancellationIsDone) {
    tests::TestPrinter printer(folder_.path());
    const auto id = ask(document(kPdf, printer.address()));
    ASSERT_OK(queue_->advance());
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
    ASSERT_OK(queue_->advance());
    EXPECT_EQ(job(id).state, State::waiting);
    EXPECT_NE(job(id).said, "");
    EXPECT_EQ(job(id).attempts, 1);
    ASSERT_OK(queue_->advance());
    EXPECT_EQ(job(id).attempts, 1) << "not before its time";
    printer.start();
    ASSERT_TRUE(comes_to(id, State::done, &printer.process()));
    EXPECT_EQ(printer.printed().size(), 1U);
}

TEST_F(PrintQueueTest, AClockThatGoesBackKeepsNoJobWaiting) {
    const auto id = ask(document(kPdf, "ipp://127.0.0.1:1/ipp/print"));
    ASSERT_OK(queue_->advance());
    ASSERT_EQ(job(id).attempts, 1);
    clock_.advance(-kDay);
    ASSERT_OK(queue_->advance());
    EXPECT_EQ(job(id).attempts, 2);
}

TEST_F(PrintQueueTest, AWaitingJobGoesToAnotherPrinter) {
    tests::TestPrinter printer(folder_.path());
    const auto id = ask(document(kPdf, "ipp://127.0.0.1:1/ipp/print"));
    ASSERT_OK(queue_->advance());
    EXPECT_EQ(redirect(*database_, clerk_, id, "nowhere").error().kind, ErrorKind::refused);
    ASSERT_OK(redirect(*database_, clerk_, id, printer.address()));
    ASSERT_TRUE(comes_to(id, State::done, &printer.process()));
    EXPECT_EQ(redirect(*database_, clerk_, id, printer.address()).error().kind, ErrorKind::conflict);
}

TEST_F(PrintQueueTest, AFailedJobGoesToAnotherPrinterAndAReprintToo) {
    tests::TestPrinter office(folder_.path(), {.formats = "image/jpeg"});
    const auto id = ask(document(kPdf, office.address()));
    ASSERT_TRUE(comes_to(id, State::failed));
    std::filesystem::create_directories(folder_.path() / "other");
    tests::TestPrinter other(folder_.path() / "other");
    ASSERT_OK(redirect(*database_, clerk_, id, other.address()));
    ASSERT_TRUE(comes_to(id, State::done, &other.process())) << job(id).said;
    EXPECT_EQ(other.printed().size(), 1U);
    EXPECT_EQ(job(id).copy_no, 1) << "nothing had come out";
    const auto again = repeat(*database_, clerk_, id, "弄脏了", office.address());
    ASSERT_OK(again);
    EXPECT_EQ(again->printer, office.address());
    ASSERT_TRUE(comes_to(again->id, State::failed));
    const auto third = repeat(*database_, clerk_, again->id, "弄脏了", other.address());
    ASSERT_OK(third);
    EXPECT_EQ(redirect(*database_, clerk_, again->id, other.address()).error().kind, ErrorKind::conflict)
        << "it has been asked for again";
    ASSERT_TRUE(comes_to(third->id, State::done, &other.process()));
    EXPECT_EQ(other.printed().size(), 2U);
}

TEST_F(PrintQueueTest, ADeadPrinterKeepsNoLabel) {
    tests::TestPrinter printer(folder_.path());
    printer.does(tests::TestPrinter::Does::run_out_of_paper);
    const Document label = document(kPdf, printer.address());
    const auto id = ask(label);
    EXPECT_EQ(give_up(*database_, clerk_, id).error().kind, ErrorKind::conflict) << "it can be cancelled";
    ASSERT_TRUE(comes_to(id, State::stopped, &printer.process()));
    printer.switch_off();
    ASSERT_OK(cancel(*database_, clerk_, id));
    ASSERT_OK(queue_->advance());
    EXPECT_EQ(job(id).state, State::cancelling) << "nobody can tell the printer";
    EXPECT_NE(job(id).said, "");
    ASSERT_OK(give_up(*database_, clerk_, id));
    EXPECT_EQ(job(id).state, State::unsure);
    ASSERT_OK(queue_->advance());
    EXPECT_EQ(job(id).state, State::unsure);
    EXPECT_EQ(give_up(*database_, clerk_, id).error().kind, ErrorKind::conflict);
    const auto again = database_->write([&](storage::Tx& tx) { return print_again(tx, clerk_, label, "打印机坏了"); });
    ASSERT_OK(again);
    EXPECT_EQ(again->copy_no, 2);
}

TEST_F(PrintQueueTest, AfterACrashThePrinterIsAskedWhatItHas) {
    tests::TestPrinter printer(folder_.path());
    // Died between the printer's job number and the document: the printer has an empty job.
    const auto empty = ask(document(kPdf, printer.address()));
    const auto number = ipp::create_job(*parse_address(printer.address()), "sealdesk", "sealdesk", ipp::Ticket{});
    ASSERT_OK(number);
    ASSERT_OK(change_state(*database_, job(empty), {.state = State::sending, .printer_job = *number}));
    ASSERT_TRUE(comes_to(empty, State::done, &printer.process())) << name_of(job(empty).state) << job(empty).said;
    EXPECT_EQ(printer.printed().size(), 1U) << "once, in a new job";
    EXPECT_NE(job(empty).printer_job, *number);

    // Died between the document and the note that it is there: the printer has all of it.
    const auto there = ask(document(kPdf + "b\n", printer.address()));
    const auto second = ipp::create_job(*parse_address(printer.address()), "sealdesk", "sealdesk", ipp::Ticket{});
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

// The printer had the whole document and ended the job itself, or a person at the printer did: it is not sent again.
TEST_F(PrintQueueTest, WhatThePrinterEndedIsNotSentAgain) {
    tests::TestPrinter printer(folder_.path());
    const auto address = *parse_address(printer.address());
    const auto given = [&](const std::string& bytes) {
        const auto id = ask(document(bytes, printer.address()));
        const auto number = ipp::create_job(address, "sealdesk", "sealdesk", ipp::Ticket{});
        EXPECT_TRUE(number);
        EXPECT_TRUE(change_state(*database_, job(id), {.state = State::sending, .printer_job = *number}));
        EXPECT_TRUE(ipp::send_document(address, *number, "application/pdf", bytes, "sealdesk"));
        return id;
    };
    const auto ended = [&](std::int64_t id) {
        for (int i = 0; i < 600; ++i) {
            const auto now = ipp::job_status(address, static_cast<int>(job(id).printer_job));
            if (now && (now->state == ipp::JobState::aborted || now->state == ipp::JobState::cancelled)) return true;
            printer.process().wait_for_news();
        }
        return false;
    };
    printer.does(tests::TestPrinter::Does::give_up);
    const auto aborted = given(kPdf + "a\n");
    ASSERT_TRUE(ended(aborted)) << printer.process().lines();
    printer.does(tests::TestPrinter::Does::print);
    ASSERT_TRUE(comes_to(aborted, State::unsure)) << name_of(job(aborted).state) << job(aborted).said;
    EXPECT_TRUE(printer.printed().empty()) << "not sent again";

    printer.does(tests::TestPrinter::Does::run_out_of_paper);
    const auto cancelled = given(kPdf + "b\n");
    const auto out_of_paper = [&] {
        const auto now = ipp::look(address);
        return now && !now->reasons.empty();
    };
    for (int i = 0; i < 600 && !out_of_paper(); ++i) printer.process().wait_for_news();
    ASSERT_TRUE(out_of_paper()) << printer.process().lines();
    ASSERT_OK(ipp::cancel_job(address, static_cast<int>(job(cancelled).printer_job), "a person"));
    printer.load_paper();
    ASSERT_TRUE(ended(cancelled)) << printer.process().lines();
    const auto before = printer.printed().size();
    ASSERT_TRUE(comes_to(cancelled, State::unsure)) << name_of(job(cancelled).state) << job(cancelled).said;
    EXPECT_EQ(printer.printed().size(), before) << "not sent again";
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
    const std::string zpl = tests::kZpl;
    tests::TestPrinter printer(folder_.path(), {.formats = "application/vnd.cups-raw"});
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

// Every printer of ippeveprinter's takes application/octet-stream, and so do office printers: they print what they get.
TEST_F(PrintQueueTest, AnOfficePrinterNeverPrintsTheSourceOfALabel) {
    tests::TestPrinter office(folder_.path());  // takes PDF, octet-stream and raw data
    const auto id = ask(document(tests::kZpl, office.address(), Format::zpl));
    ASSERT_TRUE(comes_to(id, State::failed));
    EXPECT_NE(job(id).said.find("不认 ZPL"), std::string::npos) << job(id).said;
    EXPECT_TRUE(office.printed().empty());
}

TEST_F(PrintQueueTest, AThermalPrinterNeverGetsAPdf) {
    tests::TestLabelPrinter thermal;
    thermal.mood({.answers = false});  // mute: it was taken for printed
    const auto id = ask(document(kPdf, thermal.address()));
    ASSERT_TRUE(comes_to(id, State::failed)) << name_of(job(id).state);
    EXPECT_NE(job(id).said.find("只能打印 ZPL"), std::string::npos) << job(id).said;
    EXPECT_TRUE(thermal.printed().empty());
    EXPECT_EQ(repeat(*database_, clerk_, id, "再试").error().kind, ErrorKind::refused);
    const auto other = ask(document(kPdf, "ipp://127.0.0.1:1/ipp/print"));
    EXPECT_EQ(redirect(*database_, clerk_, other, thermal.address()).error().kind, ErrorKind::refused);
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
    ASSERT_NE(it()->address, "") << it()->message;
    EXPECT_EQ(it()->message, "");
    const auto id = ask(document(kPdf, it()->address));
    ASSERT_TRUE(comes_to(id, State::done, &printer.process())) << it()->address << job(id).said;
    EXPECT_EQ(printer.printed().size(), 1U);
}
