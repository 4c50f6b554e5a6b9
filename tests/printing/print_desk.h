// PrintDesk: a store, a clock and the queue of one desk, for tests that print.
#pragma once

#include <gtest/gtest.h>

#include "printing/queue.h"
#include "tests/support/test_label_printer.h"
#include "tests/support/test_printer.h"

namespace sealdesk::tests {

class PrintDesk : public testing::Test {
protected:
    void SetUp() override {
        database_ = open_store();
        ASSERT_TRUE(database_);
        restart();
    }
    // Once more, as a second program does.
    std::unique_ptr<storage::Database> open_store() {
        auto opened =
            storage::Database::open({folder_.path() / "desk.sqlite", source("data/migrations/desk"), &clock_, &random_, 2});
        if (!opened) ADD_FAILURE() << opened.error().message;
        return opened ? std::move(*opened) : nullptr;
    }
    // The program ends and is started again.
    void restart() { queue_ = std::make_unique<printing::Queue>(*database_, "desk", spool()); }
    std::filesystem::path spool() const { return folder_.path() / "spool"; }

    printing::Document document(const std::string& bytes, const std::string& printer,
                                printing::Format format = printing::Format::pdf, const std::string& batch = "batch") {
        const auto file = printing::keep(spool(), format, bytes);
        EXPECT_TRUE(file);
        return {"desk", batch, printing::Kind::label, "parcel " + std::to_string(++parcels_), "面单", printer, format, *file, 1};
    }
    std::int64_t ask(const printing::Document& document) {
        const auto job = database_->write([&](storage::Tx& tx) { return printing::print_once(tx, clerk_, document); });
        EXPECT_TRUE(job) << job.error().message;
        return job ? job->id : 0;
    }
    printing::PrintJob job(std::int64_t id) { return *printing::find(*database_, id); }
    // Passes until the job is in the state; the clock moves so that waiting times end.
    bool comes_to(std::int64_t id, printing::State state, ReadProcess* printer = nullptr) {
        for (int i = 0; i < 600; ++i) {
            const auto pass = queue_->advance();
            if (!pass) ADD_FAILURE() << pass.error().message;
            if (job(id).state == state) return true;
            clock_.advance(kMinute);
            if (printer != nullptr) printer->wait_for_news();
        }
        return false;
    }

    TemporaryFolder folder_;
    TestClock clock_;
    crypto::SystemRandom random_;
    std::unique_ptr<storage::Database> database_;
    std::unique_ptr<printing::Queue> queue_;
    const staff::Actor clerk_{"zhao", "赵云", static_cast<staff::Roles>(staff::Role::clerk)};
    int parcels_ = 0;
};

inline const std::string kPdf = "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
inline const std::string kZpl = "^XA^PW800^LL1440^FO10,10^GB100,100,3^FS^XZ\n";

}  // namespace sealdesk::tests
