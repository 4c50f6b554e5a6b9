// Every character of every document is inked, and can be copied out: the whole list of characters is dealt out as names,
// addresses, titles and reasons to as many documents as it takes, and each character is compared where it stands, on every
// page, in its colour on its ground. ink.h has the judge.
#include <gtest/gtest.h>

#include "base/text.h"
#include "reports/pdf.h"
#include "tests/reports/characters.h"
#include "tests/reports/document_test.h"
#include "tests/reports/every_document.h"
#include "tests/reports/ink.h"

using namespace sealdesk;
using namespace sealdesk::reports;

namespace {

constexpr int kDpi = 216;

// Deals the list out piece by piece; after its end it begins again.
class Deck {
public:
    explicit Deck(std::u32string all) : all_(std::move(all)) {}
    std::string deal(size_t count) {
        std::u32string piece;
        for (; count > 0; --count) piece += all_[dealt_++ % all_.size()];
        return text_of(piece);
    }
    bool done() const { return dealt_ >= all_.size(); }
    const std::u32string& all() const { return all_; }

private:
    std::u32string all_;
    size_t dealt_ = 0;
};

class InkDocuments : public DocumentTest {
protected:
    void SetUp() override {
        DocumentTest::SetUp();
        judge_ = std::make_unique<InkJudge>(fonts());
        regular_ = std::make_unique<Deck>(every_character(fonts()));
        bold_ = std::make_unique<Deck>(every_character(fonts()));
        ASSERT_GE(regular_->all().size(), 6763U + 2000U + 200U);
    }
    std::string regular(size_t count) { return regular_->deal(count); }
    std::string bold(size_t count) { return bold_->deal(count); }

    void expect_inked(const Result<Paper>& paper, const std::string& name) {
        ASSERT_TRUE(paper) << name << paper.error().message;
        const auto pdf = pdf_of(*paper, fonts());
        ASSERT_TRUE(pdf) << name << pdf.error().message;
        size_t page = 0;
        for_each_page(*pdf, {"-gray", "-r", std::to_string(kDpi)}, [&](const std::string& pgm) {
            ASSERT_LT(page, paper->pages.size());
            EXPECT_EQ(text_of(judge_->wrong_on(picture_of(pgm), paper->pages[page], kDpi / 25.4)), "") << name << " " << page;
            ++page;
        });
        EXPECT_EQ(page, paper->pages.size());
        expect_copied_out(*pdf, *paper, name);
    }
    std::string not_compared(Weight weight) const {
        const std::u32string& seen = judge_->compared[weight];
        const std::set<char32_t> all(seen.begin(), seen.end());
        std::u32string missing;
        for (const char32_t c : regular_->all())
            if (!all.contains(c)) missing += c;
        return text_of(missing);
    }

    std::unique_ptr<InkJudge> judge_;
    std::unique_ptr<Deck> regular_, bold_;
};

}  // namespace

TEST_F(InkDocuments, EverySampleIsInked) {
    for (const DocumentKind& kind : kEveryDocument) expect_inked(kind.paper(fonts()), kind.name);
}

TEST_F(InkDocuments, LabelsShowEveryCharacterAlsoInBold) {
    while (!bold_->done() || !regular_->done()) {
        Label label = samples::label();
        label.recipient = {bold(40), regular(60), "17700001234", bold(110)};
        label.sender = {regular(16), "", "025-80001234", regular(60)};
        expect_inked(layout_labels({label}, fonts(), LabelSize::mm100x150), "label");
    }
    EXPECT_EQ(not_compared(Weight::regular), "");
    EXPECT_EQ(not_compared(Weight::bold), "");
}

TEST_F(InkDocuments, InvoicesShowEveryCharacter) {
    while (!regular_->done()) {
        Invoice invoice = samples::invoice();
        invoice.buyer.name = regular(60);
        invoice.seller.name = regular(40);
        invoice.remark = regular(180);
        invoice.lines[0].item = regular(40);
        invoice.lines[1].spec = regular(20);
        invoice.clerk = regular(8);
        expect_inked(layout_invoice(invoice, fonts(), kForm), "invoice");
    }
    EXPECT_EQ(not_compared(Weight::regular), "");
}

TEST_F(InkDocuments, SlipsShowEveryCharacter) {
    while (!regular_->done()) {
        PackingSlip slip = samples::packing_slip();
        slip.recipient = {regular(40), regular(60), "17700001234", regular(120)};
        for (int i = 0; i < 14; ++i)
            slip.orders.push_back({"SD202611230000" + std::to_string(10 + i), regular(60), "新办", {"K" + std::to_string(i)}});
        expect_inked(layout_packing_slip(slip, fonts()), "slip");
    }
    EXPECT_EQ(not_compared(Weight::regular), "");
}

TEST_F(InkDocuments, ReceiptsShowEveryCharacter) {
    while (!regular_->done()) {
        PickupReceipt receipt = samples::pickup_receipt();
        receipt.collector = regular(30);
        receipt.handed_by = regular(8);
        for (int i = 0; i < 14; ++i)
            receipt.orders.push_back({"SD202611230000" + std::to_string(10 + i), regular(60), "新办", {"K" + std::to_string(i)}});
        expect_inked(layout_pickup_receipt(receipt, fonts()), "receipt");
    }
    EXPECT_EQ(not_compared(Weight::regular), "");
}

TEST_F(InkDocuments, ManifestsShowEveryCharacter) {
    while (!regular_->done()) {
        Manifest list = samples::manifest(24);
        for (ManifestRow& row : list.parcels) {
            row.recipient = regular(12);
            row.address = regular(66);
        }
        expect_inked(layout_manifest(list, fonts()), "manifest");
    }
    EXPECT_EQ(not_compared(Weight::regular), "");
}

TEST_F(InkDocuments, PinLettersShowEveryCharacter) {
    while (!regular_->done()) {
        PinLetter letter = samples::pin_letter();
        letter.recipient = {bold(40), regular(60), "17700001234", regular(150)};
        letter.subject = regular(60);
        letter.centre = regular(20);
        expect_inked(layout_pin_letter(letter, "O0l1-Kq7P", fonts()), "PIN letter");
    }
    EXPECT_EQ(not_compared(Weight::regular), "");
}

TEST_F(InkDocuments, DailyReportsShowEveryCharacter) {
    while (!regular_->done()) {
        DailyReport report = samples::daily_report();
        for (Rejections& each : report.rejections) each.reason = regular(60);
        for (int i = 0; i < 16; ++i) report.rejections.push_back({"X" + std::to_string(i), regular(60), 1});
        for (Takings& each : report.takings) each.channel = regular(12);
        for (StateFlow& each : report.states) each.state = regular(16);
        report.centre = regular(30);
        expect_inked(layout_daily_report(report, fonts()), "daily report");
    }
    EXPECT_EQ(not_compared(Weight::regular), "");
}
