// Thermal printers on a socket, which know no jobs and forget everything when they are switched off.
#include "printing/queue.h"

#include "tests/printing/print_desk.h"

using namespace sealdesk;
using namespace sealdesk::printing;
using tests::kZpl;

class ThermalTest : public tests::PrintDesk {
protected:
    // Given to the printer, which keeps it in its memory.
    std::int64_t held(tests::TestLabelPrinter& thermal) {
        const auto id = ask(document(kZpl, thermal.address(), Format::zpl));
        EXPECT_TRUE(queue_->advance());
        EXPECT_EQ(job(id).state, State::printing) << job(id).said;
        EXPECT_TRUE(thermal.until_printed(1));
        thermal.mood({.formats_waiting = 1});
        EXPECT_TRUE(queue_->advance());
        EXPECT_EQ(job(id).state, State::printing);
        return id;
    }
};

TEST_F(ThermalTest, AThermalPrinterWithoutPaperGetsNothing) {
    tests::TestLabelPrinter thermal;
    thermal.mood({.paper_out = true});
    const auto id = ask(document("^XA^XZ", thermal.address(), Format::zpl));
    ASSERT_OK(queue_->advance());
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

TEST_F(ThermalTest, AThermalPrinterThatSaysNothingIsTrustedAndOneThatBreaksOffIsNot) {
    tests::TestLabelPrinter thermal;
    thermal.mood({.answers = false});
    const auto id = ask(document("^XA^XZ", thermal.address(), Format::zpl));
    ASSERT_TRUE(comes_to(id, State::done));
    thermal.mood({.breaks_off_after = 1});
    const auto broken = ask(document("^XA" + std::string(4 << 20, ' ') + "^XZ", thermal.address(), Format::zpl));
    ASSERT_TRUE(comes_to(broken, State::unsure)) << name_of(job(broken).state) << job(broken).said;
    EXPECT_EQ(thermal.printed().size(), 1U);
}

TEST_F(ThermalTest, ALabelInItsMemoryIsDoneWhenItIsOut) {
    tests::TestLabelPrinter thermal;
    const auto id = held(thermal);
    clock_.advance(kMinute);
    ASSERT_OK(queue_->advance());
    EXPECT_EQ(job(id).state, State::printing);
    thermal.mood({});
    ASSERT_OK(queue_->advance());
    EXPECT_EQ(job(id).state, State::done);
    EXPECT_EQ(thermal.printed().size(), 1U);
}

// Switched off with the label in its memory: nothing waits in it afterwards, and nothing came out.
TEST_F(ThermalTest, ALabelThatWasLostWithThePowerIsNotDone) {
    tests::TestLabelPrinter thermal;
    const auto id = held(thermal);
    thermal.switch_off();
    ASSERT_OK(queue_->advance());
    EXPECT_EQ(job(id).state, State::unsure) << job(id).said;
    thermal.mood({});
    thermal.switch_on();
    ASSERT_OK(queue_->advance());
    EXPECT_EQ(job(id).state, State::unsure);
    ASSERT_OK(repeat(*database_, clerk_, id, "打印机关过"));
    ASSERT_TRUE(thermal.until_printed(1));
    ASSERT_OK(queue_->advance());
    EXPECT_TRUE(thermal.until_printed(2));
}

// The same while the program was not running.
TEST_F(ThermalTest, WhatNobodyWatchedIsNotDone) {
    tests::TestLabelPrinter thermal;
    const auto id = held(thermal);
    thermal.mood({});
    restart();
    ASSERT_OK(queue_->advance());
    EXPECT_EQ(job(id).state, State::unsure) << name_of(job(id).state);

    const auto kept = ask(document(kZpl + "\n", thermal.address(), Format::zpl));
    ASSERT_OK(queue_->advance());
    thermal.mood({.formats_waiting = 1});
    restart();
    ASSERT_OK(queue_->advance());
    EXPECT_EQ(job(kept).state, State::printing) << "it still has it: it was not switched off";
    thermal.mood({});
    ASSERT_OK(queue_->advance());
    EXPECT_EQ(job(kept).state, State::done);
}

// It answers before it has read what it was sent.
TEST_F(ThermalTest, AnAnswerBeforeTheLabelIsReadIsNotTakenForTheEnd) {
    tests::TestLabelPrinter thermal;
    const auto id = ask(document(kZpl, thermal.address(), Format::zpl));
    ASSERT_OK(queue_->advance());
    ASSERT_OK(queue_->advance());
    EXPECT_EQ(job(id).state, State::printing) << "nothing waits in it yet";
    thermal.mood({.paper_out = true, .formats_waiting = 1});
    ASSERT_OK(queue_->advance());
    EXPECT_EQ(job(id).state, State::stopped);
    EXPECT_EQ(job(id).said, "缺纸");
    thermal.mood({});
    ASSERT_OK(queue_->advance());
    EXPECT_EQ(job(id).state, State::printing) << "it goes on, and is given its time";
    clock_.advance(kMinute);
    ASSERT_OK(queue_->advance());
    EXPECT_EQ(job(id).state, State::done);
}

TEST_F(ThermalTest, WhatWasSentMayStillComeOutAfterItsCancellation) {
    tests::TestLabelPrinter thermal;
    const auto id = held(thermal);
    ASSERT_OK(cancel(*database_, clerk_, id));
    ASSERT_OK(queue_->advance());
    EXPECT_EQ(job(id).state, State::unsure);
}
