// What size a document is, what the printer calls it, and that it is printed as large as it is.
#include "printing/media.h"

#include <gmock/gmock.h>

#include "tests/printing/print_desk.h"

using namespace sealdesk;
using namespace sealdesk::printing;
using testing::HasSubstr;
using testing::Not;

namespace {

std::string pdf_of(const std::string& boxes) { return "%PDF-1.4\n1 0 obj<</Type/Page " + boxes + ">>endobj\n%%EOF\n"; }

// 100 × 180, 100 × 150 and 210 × 297 mm in points.
const std::string kTall = pdf_of("/MediaBox [ 0 0 283.4646 510.2362 ]"), kMiddle = pdf_of("/MediaBox[0 0 283.46 425.20]"),
                  kA4 = pdf_of("/MediaBox [0 0 595.28 841.89]");

}  // namespace

TEST(Sheet, IsReadFromThePagesOfADocument) {
    const auto tall = sheet_of(kTall);
    ASSERT_TRUE(tall);
    EXPECT_EQ(tall->width, 10000);
    EXPECT_EQ(tall->height, 18000);
    EXPECT_EQ(text_of(*tall), "100×180 mm");
    EXPECT_EQ(text_of(*sheet_of(kTall + kTall)), "100×180 mm");
    EXPECT_FALSE(sheet_of(kTall + kA4)) << "pages of two sizes";
    for (const char* odd :
         {"", "/MediaBox", "/MediaBox [", "/MediaBox [0 0 1", "/MediaBox [a b c d]", "/MediaBox 7 0 R", "/MediaBox [0 0 0 0]"})
        EXPECT_FALSE(sheet_of(pdf_of(odd))) << odd;
}

TEST(Sheet, IsWhatThePrinterCallsIt) {
    const std::vector<std::string> names{"iso_a4_210x297mm", "om_100x150mm_100x150mm", "nonsense", "custom_min_25x25mm",
                                         "custom_max_108x300mm"};
    EXPECT_EQ(media_for({21000, 29700}, names).name, "iso_a4_210x297mm");
    EXPECT_EQ(media_for({29700, 21000}, names).name, "iso_a4_210x297mm") << "lying";
    EXPECT_EQ(media_for({10050, 14960}, names).name, "om_100x150mm_100x150mm");
    const Media custom = media_for({10000, 18000}, names);
    EXPECT_EQ(custom.name, "");
    ASSERT_TRUE(custom.custom);
    EXPECT_EQ(custom.custom->height, 18000);
    EXPECT_FALSE(media_for({24100, 14000}, names).known()) << "wider than its custom sizes";
    EXPECT_FALSE(media_for({10000, 18000}, {"iso_a4_210x297mm"}).known());
    EXPECT_FALSE(media_for({10000, 18000}, {}).known());
}

TEST(ReadsZpl, IsSaidByThePrinterOrFollowsFromWhatItIs) {
    Printer printer;
    printer.formats = {"application/octet-stream", "application/pdf"};
    EXPECT_FALSE(reads_zpl(printer));
    printer.formats = {"application/octet-stream", "application/pdf", "application/vnd.cups-raw"};
    printer.model = "HP LaserJet M404";
    EXPECT_FALSE(reads_zpl(printer)) << "cupsd says so of every queue";
    printer.model = "Local Raw Printer";
    EXPECT_TRUE(reads_zpl(printer));
    printer.model = "Zebra ZPL Label Printer";
    EXPECT_TRUE(reads_zpl(printer));
    printer.model = "";
    printer.formats = {"application/vnd.cups-raw"};
    EXPECT_TRUE(reads_zpl(printer));
    printer.formats = {"application/vnd.zebra-zpl", "application/pdf"};
    EXPECT_TRUE(reads_zpl(printer));
}

class MediaTest : public tests::PrintDesk {};

TEST_F(MediaTest, ALabelIsPrintedOnItsPaperAndUnscaled) {
    tests::TestPrinter printer(folder_.path(), {.attributes = tests::source("tests/support/label_printer.conf")});
    const auto looked = ipp::look(*parse_address(printer.address()));
    ASSERT_OK(looked);
    EXPECT_TRUE(looked->unscaled);
    const auto tall = ask(document(kTall, printer.address()));
    ASSERT_TRUE(comes_to(tall, State::done, &printer.process())) << job(tall).said << printer.process().lines();
    const auto middle = ask(document(kMiddle, printer.address()));
    ASSERT_TRUE(comes_to(middle, State::done, &printer.process())) << job(middle).said << printer.process().lines();
    const auto tickets = printer.tickets();
    ASSERT_EQ(tickets.size(), 2U);
    EXPECT_THAT(tickets[0], HasSubstr("IPP_MEDIA_COL={media-size={x-dimension=10000 y-dimension=18000}}"));
    EXPECT_THAT(tickets[1], HasSubstr("IPP_MEDIA=om_100x150mm_100x150mm"));
    for (const auto& ticket : tickets) EXPECT_THAT(ticket, HasSubstr("IPP_PRINT_SCALING=none"));
    EXPECT_EQ(job(tall).said, "");
    EXPECT_EQ(printer.printed(), (std::vector<std::string>{kTall, kMiddle}));
}

TEST_F(MediaTest, ASizeThatThePrinterDoesNotKnowIsSaid) {
    tests::TestPrinter printer(folder_.path(), {.attributes = tests::source("tests/support/label_printer.conf")});
    const auto id = ask(document(kA4, printer.address()));
    ASSERT_TRUE(comes_to(id, State::done, &printer.process())) << job(id).said << printer.process().lines();
    EXPECT_THAT(job(id).said, HasSubstr("不认识 210×297 mm 的纸"));
    ASSERT_EQ(printer.tickets().size(), 1U);
    EXPECT_THAT(printer.tickets()[0], Not(HasSubstr("IPP_MEDIA=")));
    EXPECT_THAT(printer.tickets()[0], HasSubstr("IPP_PRINT_SCALING=none"));
}

// Pages that are out are not forgotten: somebody looks, nothing is printed a second time by itself.
TEST_F(MediaTest, APrinterThatGivesUpAfterAPageLeavesItToAPerson) {
    tests::TestPrinter printer(folder_.path());
    printer.does(tests::TestPrinter::Does::give_up_after_a_page);
    const auto id = ask(document(kA4, printer.address()));
    ASSERT_TRUE(comes_to(id, State::unsure, &printer.process())) << name_of(job(id).state) << job(id).said;
    EXPECT_THAT(job(id).said, HasSubstr("打出 1 页"));
}
