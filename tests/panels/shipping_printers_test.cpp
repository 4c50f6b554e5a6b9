// From the last scan to paper: a real IPP printer for invoice and slip, a thermal one for the label.
#include "tests/panels/shipping_bench.h"
#include "tests/support/test_label_printer.h"
#include "tests/support/test_printer.h"

namespace sealdesk::tests {
namespace {

using orders::State;
using panels::ShippingPanel;
namespace ids = panels::ids;

class ShippingPrintersTest : public ShippingBench {
protected:
    // Time goes on while the printers are waited for.
    bool comes_to(Shown<ShippingPanel>& bench, const std::function<bool()>& condition) {
        return bench.in_time([&] {
            open_.clock.advance(kSecond);
            open_.desk->shipping().nudge();
            return condition();
        });
    }
};

TEST_F(ShippingPrintersTest, PapersComeOutOfTheirPrintersAndPaperOutKeepsThem) {
    TestPrinter sheets(open_.folder.path());
    TestLabelPrinter labels;
    printers(labels.address(), sheets.address(), sheets.address(), "zpl");
    issued(paid_together({1, 2}));
    invoiced("ZF0001");
    sheets.does(TestPrinter::Does::run_out_of_paper);
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.says(two_));
    scan(bench, "KEY-0001-1");
    ASSERT_TRUE(bench.says("正确（1 / 2）"));
    scan(bench, "KEY-0002-1");
    ASSERT_TRUE(bench.says("3 张单据已送打印")) << bench.screen.text();
    ASSERT_TRUE(bench.shows(ids::kShippingTabTroubles));
    bench.screen.click(ids::kShippingTabTroubles);
    ASSERT_TRUE(comes_to(bench, [&] { return bench.screen.says("缺纸"); })) << bench.screen.text() << sheets.process().lines();
    EXPECT_TRUE(sheets.printed().empty());
    EXPECT_FALSE(printing::open_jobs(open_.database(), desk::desk_name(*open_.desk))->empty()) << "kept";
    sheets.load_paper();
    ASSERT_TRUE(comes_to(bench, [&] { return bench.screen.says("打印 0"); })) << bench.screen.text() << sheets.process().lines();
    const auto jobs = jobs_in_order();
    ASSERT_EQ(jobs.size(), 3U);
    for (const auto& job : jobs) EXPECT_EQ(job.state, printing::State::done) << job.title << ": " << job.said;
    const auto sheets_out = sheets.printed();
    ASSERT_EQ(sheets_out.size(), 2U) << "invoice and slip, once each";
    for (const auto& sheet : sheets_out) EXPECT_EQ(sheet.substr(0, 5), "%PDF-");
    ASSERT_TRUE(labels.until_printed(1));
    ASSERT_EQ(labels.printed().size(), 1U);
    EXPECT_EQ(labels.printed().front().substr(0, 3), "^XA");
    EXPECT_EQ(open_.state_of(one_), State::packed);
}

}  // namespace
}  // namespace sealdesk::tests
