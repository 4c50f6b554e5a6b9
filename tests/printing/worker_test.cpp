// The workers of a desk: by themselves, two of them on one data folder, and beside a printer that does not answer.
#include "printing/queue.h"

#include <algorithm>

#include "storage/rows.h"
#include "tests/printing/print_desk.h"
#include "tests/support/black_hole.h"

using namespace sealdesk;
using namespace sealdesk::printing;
using tests::kPdf;
using tests::kZpl;

class PrintWorkerTest : public tests::PrintDesk {};

TEST_F(PrintWorkerTest, TheWorkerPrintsByItself) {
    tests::TestLabelPrinter thermal;
    Worker worker(*database_, "desk", folder_.path() / "spool", [] {});
    const auto id = ask(document("^XA^XZ", thermal.address(), Format::zpl));
    worker.nudge();
    ASSERT_TRUE(thermal.until_printed(1));
    EXPECT_TRUE(is_over(job(id).state) || job(id).state == State::printing || job(id).state == State::sending);
}

// Two windows, each with its own connection to the store: every label comes out once.
TEST_F(PrintWorkerTest, TwoWindowsOnOneFolderPrintEverythingOnce) {
    tests::TestLabelPrinter thermal;
    const auto second_store = open_store();
    ASSERT_TRUE(second_store);
    std::vector<std::int64_t> ids;
    constexpr size_t kLabels = 6;
    for (size_t i = 0; i < kLabels; ++i)
        ids.push_back(ask(document(kZpl + std::to_string(i) + "\n", thermal.address(), Format::zpl)));
    const auto over = [&] {
        return std::all_of(ids.begin(), ids.end(), [this](std::int64_t id) { return is_over(job(id).state); });
    };
    {
        Worker first(*database_, "desk", spool(), [] {}), second(*second_store, "desk", spool(), [] {});
        for (int i = 0; i < 2000 && !over(); ++i) {
            clock_.advance(kMinute);  // labels are done after their time
            thermal.wait_for_news();
        }
    }
    auto printed = thermal.printed();
    EXPECT_EQ(printed.size(), kLabels);
    std::sort(printed.begin(), printed.end());
    EXPECT_EQ(std::unique(printed.begin(), printed.end()), printed.end());
    for (const auto id : ids) EXPECT_EQ(job(id).state, State::done) << job(id).said;
}

// The write that begins the sending decides: here another process has written it while the printer was being asked how it is.
TEST_F(PrintWorkerTest, WhoLosesTheRaceSendsNothing) {
    tests::TestLabelPrinter thermal;
    const auto id = ask(document(kZpl, thermal.address(), Format::zpl));
    tests::TestLabelPrinter::Mood mood;
    mood.asked = [&] { EXPECT_TRUE(change_state(*database_, job(id), {.state = State::sending, .printer_job = 1})); };
    thermal.mood(mood);
    const auto pass = queue_->advance();
    ASSERT_OK(pass);
    EXPECT_EQ(pass->sent, 0);
    EXPECT_TRUE(thermal.printed().empty());
    EXPECT_EQ(job(id).state, State::sending) << "the other one's";

    // While one has the line, the other does not even look; when it ends, the other takes over.
    thermal.mood({});
    Queue other(*database_, "desk", spool());
    const auto seen = other.advance();
    ASSERT_OK(seen);
    EXPECT_EQ(seen->changed, 1) << "shown in that window as well";
    EXPECT_EQ(other.advance()->changed, 0);
    EXPECT_EQ(job(id).state, State::sending) << "not settled under the hands of the one who sends";
    queue_.reset();
    ASSERT_OK(other.advance());
    EXPECT_EQ(job(id).state, State::unsure);
}

TEST_F(PrintWorkerTest, WhatIsRedirectedWhileItsPrinterIsAskedGoesToTheNewOneAlone) {
    tests::TestLabelPrinter thermal, other;
    const auto id = ask(document(kZpl, thermal.address(), Format::zpl));
    tests::TestLabelPrinter::Mood mood;
    mood.asked = [&] { EXPECT_TRUE(redirect(*database_, clerk_, id, other.address())); };
    thermal.mood(mood);
    const auto pass = queue_->advance();
    ASSERT_OK(pass);
    EXPECT_EQ(pass->sent, 0);
    EXPECT_EQ(job(id).state, State::waiting) << "at the new one";
    thermal.mood({});
    ASSERT_OK(queue_->advance());
    EXPECT_TRUE(other.until_printed(1));
    EXPECT_TRUE(thermal.printed().empty());
}

TEST_F(PrintWorkerTest, APrinterThatDoesNotAnswerKeepsNoOtherWaiting) {
    tests::BlackHole hole;
    tests::TestLabelPrinter thermal;
    const auto stuck = ask(document(kPdf, hole.address()));
    ASSERT_OK(change_state(*database_, job(stuck), {.state = State::printing, .printer_job = 7}));
    const auto begin = std::chrono::steady_clock::now();
    {
        Worker worker(*database_, "desk", spool(), [] {});
        ASSERT_TRUE(hole.until_asked()) << "its thread waits there now";
        const auto id = ask(document(kZpl, thermal.address(), Format::zpl));
        worker.nudge();
        ASSERT_TRUE(thermal.until_printed(1));
        EXPECT_LT(std::chrono::steady_clock::now() - begin, ipp::kPatience - std::chrono::seconds(2));
        EXPECT_NE(job(id).state, State::waiting);
        EXPECT_EQ(job(stuck).state, State::printing) << "it is still waited for";
        hole.let_go();
    }
}
