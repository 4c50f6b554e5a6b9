#include "printing/printer.h"

#include <gtest/gtest.h>

#include "printing/queue.h"

using namespace sealdesk;
using namespace sealdesk::printing;

TEST(PrinterAddress, IsReadAndWrittenTheSameWay) {
    const auto ipp = parse_address(" ipp://10.0.0.7/ipp/print ");
    ASSERT_TRUE(ipp);
    EXPECT_EQ(text_of(*ipp), "ipp://10.0.0.7:631/ipp/print");
    EXPECT_FALSE(ipp->raw);
    EXPECT_EQ(text_of(*parse_address("ipps://printer.example:8443/ipp/print")), "ipps://printer.example:8443/ipp/print");
    const auto raw = parse_address("socket://10.0.0.9");
    ASSERT_TRUE(raw);
    EXPECT_TRUE(raw->raw);
    EXPECT_EQ(raw->port, 9100);
    EXPECT_EQ(text_of(*parse_address("socket://[fe80::1]:9101")), "socket://[fe80::1]:9101");
    EXPECT_EQ(parse_address("ipp://localhost/printers/Label")->resource, "/printers/Label");
}

TEST(PrinterAddress, WhatIsNoAddressIsRefused) {
    for (const char* text :
         {"", "printer", "usb://Zebra/ZD420", "file:///etc/passwd", "ipp://", "ipp:///ipp/print", "socket://host:0",
          "socket://host:99999", "socket://host:9100x", "ipp://name:secret@host/ipp/print", "ipp://two words/ipp"}) {
        const auto address = parse_address(text);
        ASSERT_FALSE(address) << text;
        EXPECT_EQ(address.error().kind, ErrorKind::refused) << text;
    }
}

TEST(PrinterReasons, AWarningDoesNotStopAPrinterAndPaperDoes) {
    EXPECT_TRUE(stands_still({"media-empty"}));
    EXPECT_TRUE(stands_still({"media-low-warning", "cover-open-error"}));
    EXPECT_TRUE(stands_still({"media-empty-warning"}));
    EXPECT_FALSE(stands_still({"media-low", "toner-low-warning"}));
    EXPECT_FALSE(stands_still({"media-empty-report"}));
    EXPECT_TRUE(stands_still({"something-of-theirs-error"}));
    EXPECT_FALSE(stands_still({"something-of-theirs"}));
    EXPECT_FALSE(stands_still({}));
    EXPECT_EQ(words_of_reasons({"media-empty-error", "media-empty", "cover-open"}), "缺纸、盖子没有合上");
    EXPECT_EQ(word_of_reason("something-of-theirs"), "something-of-theirs");
}

TEST(PrinterReasons, AThermalPrintersAnswerIsRead) {
    const std::string fine =
        "\x02"
        "030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n\x02"
        "000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x02"
        "1234,0\x03\r\n";
    const auto status = parse_host_status(fine);
    ASSERT_TRUE(status);
    EXPECT_TRUE(status->reasons().empty());
    const auto open = parse_host_status(
        "\x02"
        "030,1,1,1245,003,0,0,0,000,0,0,0\x03\r\n\x02"
        "000,0,1,1,0,2,4,0,00000012,1,000\x03\r\n");
    ASSERT_TRUE(open);
    EXPECT_EQ(open->reasons(), (std::vector<std::string>{"media-empty", "cover-open", "marker-supply-empty", "paused"}));
    EXPECT_EQ(open->formats_waiting, 3);
    EXPECT_EQ(open->labels_left, 12);
    EXPECT_FALSE(parse_host_status(""));
    EXPECT_FALSE(parse_host_status(fine.substr(0, 40)));
    EXPECT_FALSE(parse_host_status("HTTP/1.1 400 Bad Request\r\n\r\n"));
}

TEST(PrinterVerdict, FollowsFromJobAndPrinter) {
    using ipp::JobState;
    ipp::JobStatus status;
    status.state = JobState::processing;
    EXPECT_EQ(verdict_on(status).state, State::printing);
    status.printer_reasons = {"media-empty-error"};
    EXPECT_EQ(verdict_on(status).state, State::stopped);
    EXPECT_EQ(verdict_on(status).said, "缺纸");
    status.state = JobState::pending;
    EXPECT_EQ(verdict_on(status).state, State::stopped) << "it waits behind the empty tray";
    status.printer_reasons = {"media-low-warning"};
    EXPECT_EQ(verdict_on(status).state, State::printing);
    EXPECT_EQ(verdict_on(status).said, "纸不多了");
    status.printer_stopped = true;
    EXPECT_EQ(verdict_on(status).state, State::stopped);
    status.state = JobState::completed;
    EXPECT_EQ(verdict_on(status).state, State::done) << "what has come out has come out";
    status.state = JobState::aborted;
    status.message = "fuser too cold";
    EXPECT_EQ(verdict_on(status).state, State::failed);
    EXPECT_EQ(verdict_on(status).said, "fuser too cold");
    status.state = JobState::cancelled;
    EXPECT_EQ(verdict_on(status).state, State::cancelled);
    status.state = JobState::held;
    status.printer_stopped = false;
    EXPECT_EQ(verdict_on(status).state, State::stopped);
}
