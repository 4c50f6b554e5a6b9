// Labels of many parcels as one batch: in order, ended and taken up again as a whole.
#include "printing/print_batches.h"

#include "audit/audit.h"
#include "tests/printing/print_desk.h"

using namespace sealdesk;
using namespace sealdesk::printing;
using tests::kPdf;

class BatchesTest : public tests::PrintDesk {
protected:
    std::vector<std::int64_t> ask_for(int labels, const std::string& printer, const std::string& batch) {
        std::vector<std::int64_t> ids;
        for (int i = 0; i < labels; ++i)
            ids.push_back(ask(document(kPdf + std::to_string(i) + "\n", printer, Format::pdf, batch)));
        return ids;
    }
    Batch only() {
        const auto all = batches(*database_, "desk", 10);
        EXPECT_TRUE(all) << all.error().message;
        EXPECT_EQ(all->size(), 1U);
        return all && !all->empty() ? all->front() : Batch{};
    }
    Result<int> resume(const std::string& batch, const std::string& printer) {
        return resume_batch(*database_, clerk_, "desk", batch, [&](const PrintJob&) { return printer; });
    }
};

TEST_F(BatchesTest, ABatchStandsStillIsEndedAndTakenUpAgainInItsOrder) {
    tests::TestPrinter printer(folder_.path());
    printer.does(tests::TestPrinter::Does::run_out_of_paper);
    ask(document(kPdf, "ipp://127.0.0.1:1/ipp/print", Format::pdf, "parcel 7"));  // no batch
    const std::string name = new_batch(clock_.now());
    const auto ids = ask_for(4, printer.address(), name);
    ASSERT_TRUE(comes_to(ids[0], State::stopped, &printer.process()));
    Batch batch = only();
    EXPECT_EQ(batch.name, name);
    EXPECT_EQ(batch.total, 4);
    EXPECT_EQ(batch.open, 4);
    EXPECT_EQ(batch.stopped, 1);
    EXPECT_EQ(batch.said, "缺纸");
    EXPECT_EQ(batch.asked_by, "zhao");

    const staff::Actor reviewer{"wang", "王敏", static_cast<staff::Roles>(staff::Role::reviewer)};
    EXPECT_EQ(cancel_batch(*database_, reviewer, "desk", name).error().kind, ErrorKind::denied);
    const auto ended = cancel_batch(*database_, clerk_, "desk", name);
    ASSERT_OK(ended);
    EXPECT_EQ(*ended, 4);
    printer.load_paper();
    ASSERT_TRUE(comes_to(ids[0], State::cancelled, &printer.process())) << job(ids[0]).said;
    batch = only();
    EXPECT_EQ(batch.open, 0);
    EXPECT_EQ(batch.left, 4);
    EXPECT_EQ(cancel_batch(*database_, clerk_, "desk", name).error().kind, ErrorKind::conflict);
    EXPECT_EQ(cancel_batch(*database_, clerk_, "another desk", name).error().kind, ErrorKind::conflict);

    const auto before = printer.printed().size();
    EXPECT_EQ(resume(name, "socket://127.0.0.1:9").error().kind, ErrorKind::refused) << "PDF on a thermal printer";
    EXPECT_EQ(only().left, 4) << "all or nothing";
    const auto again = resume(name, printer.address());
    ASSERT_OK(again);
    EXPECT_EQ(*again, 4);
    ASSERT_TRUE(comes_to(ids[3], State::done, &printer.process()));
    batch = only();
    EXPECT_EQ(batch.done, 4);
    EXPECT_EQ(resume(name, printer.address()).error().kind, ErrorKind::conflict);
    auto printed = printer.printed();
    printed.erase(printed.begin(), printed.begin() + static_cast<std::ptrdiff_t>(before));
    ASSERT_EQ(printed.size(), 4U);
    for (size_t i = 0; i < 4; ++i) EXPECT_EQ(printed[i], kPdf + std::to_string(i) + "\n");
    EXPECT_FALSE(audit::verify(*database_)->first_bad);
}

TEST_F(BatchesTest, OneOfABatchIsPrintedAgainAndCountsAsThatOne) {
    tests::TestPrinter printer(folder_.path());
    const std::string name = new_batch(clock_.now());
    const auto ids = ask_for(2, printer.address(), name);
    ASSERT_TRUE(comes_to(ids[1], State::done, &printer.process()));
    const auto again = repeat(*database_, clerk_, ids[0], "弄脏了");
    ASSERT_OK(again);
    Batch batch = only();
    EXPECT_EQ(batch.total, 2);
    EXPECT_EQ(batch.done, 1);
    EXPECT_EQ(batch.open, 1);
    ASSERT_TRUE(comes_to(again->id, State::done, &printer.process()));
    EXPECT_EQ(only().done, 2);
    const auto jobs = batch_jobs(*database_, "desk", name);
    ASSERT_OK(jobs);
    ASSERT_EQ(jobs->size(), 2U);
    EXPECT_EQ((*jobs)[1].copy_no, 2);
    EXPECT_EQ(printer.printed().size(), 3U);
}
