// Invoice, label and daily report as a whole: where everything stands (golden listings), what the PDF says, and
// what is refused.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/files.h"
#include "base/process.h"
#include "base/text.h"
#include "tests/reports/samples.h"

using namespace sealdesk;
using namespace sealdesk::reports;
namespace fs = std::filesystem;

namespace {

class Documents : public testing::Test {
protected:
    void SetUp() override {
        auto found = Fonts::find();
        ASSERT_TRUE(found) << found.error().message;
        fonts = std::make_unique<Fonts>(std::move(*found));
        folder = fs::temp_directory_path() / ("documents_test." + std::to_string(getpid()));
        fs::create_directories(folder);
    }
    void TearDown() override { fs::remove_all(folder); }

    fs::path saved(const std::string& name, const std::string& bytes) {
        EXPECT_TRUE(write_file(folder / name, bytes));
        return folder / name;
    }
    std::string printed(const std::vector<std::string>& command) {
        auto done = run(command);
        EXPECT_TRUE(done && done->status == 0) << command[0];
        return done ? done->output : "";
    }
    std::string text_of_pdf(const std::string& bytes) {
        const auto path = saved("text.pdf", bytes);
        printed({"pdftotext", "-q", "-layout", path, folder / "text.txt"});
        return read_file(folder / "text.txt").value_or("");
    }

    std::unique_ptr<Fonts> fonts;
    fs::path folder;
};

void expect_golden(const std::string& name, const std::string& actual) {
    const fs::path golden = fs::path(SEALDESK_SOURCE) / "tests/reports/golden" / name;
    const auto expected = read_file(golden);
    if (expected && *expected == actual) return;
    const fs::path beside = fs::temp_directory_path() / name;
    (void)write_file(beside, actual);
    ADD_FAILURE() << golden << " differs from what is laid out now: " << beside;
}

}  // namespace

TEST_F(Documents, LabelStandsAsListed) {
    const auto paper = layout_labels({samples::label()}, *fonts);
    ASSERT_TRUE(paper) << paper.error().message;
    expect_golden("label.txt", listing(*paper));
}

TEST_F(Documents, InvoiceStandsAsListed) {
    const auto paper = layout_invoice(samples::invoice(), *fonts);
    ASSERT_TRUE(paper) << paper.error().message;
    expect_golden("invoice.txt", listing(*paper));
}

TEST_F(Documents, DailyReportStandsAsListed) {
    const auto paper = layout_daily_report(samples::daily_report(), *fonts);
    ASSERT_TRUE(paper) << paper.error().message;
    expect_golden("daily_report.txt", listing(*paper));
}

TEST_F(Documents, SameInputGivesTheSameBytesAlsoFromFontsFoundAgain) {
    auto again = Fonts::find();
    ASSERT_TRUE(again);
    EXPECT_EQ(label_pdf(samples::label(), *fonts).value(), label_pdf(samples::label(), *again).value());
    EXPECT_EQ(invoice_pdf(samples::invoice(), *fonts).value(), invoice_pdf(samples::invoice(), *again).value());
    EXPECT_EQ(daily_report_xlsx(samples::daily_report()).value(), daily_report_xlsx(samples::daily_report()).value());
}

TEST_F(Documents, OneLabelIsSmall) {
    const auto pdf = label_pdf(samples::label(), *fonts);
    ASSERT_TRUE(pdf) << pdf.error().message;
    EXPECT_LE(pdf->size(), 30'000U);
}
