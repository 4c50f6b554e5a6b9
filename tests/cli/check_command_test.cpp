// `sealdesk check` as a script meets it: an order, a file, the upkeep of every night.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "storage/rows.h"
#include "support/databases.h"
#include "support/orders.h"
#include "tests/cli/command_line.h"
#include "tests/scans/made_packages.h"

using namespace sealdesk;
using namespace sealdesk::tests;
using testing::HasSubstr;

namespace {

class CheckCommand : public testing::Test {
protected:
    Said run(std::vector<std::string> words, bool json = false) {
        words.insert(words.begin(), "check");
        return say({.home = home_, .json = json}, std::move(words));
    }
    std::unique_ptr<storage::Database> database() {
        auto opened = storage::Database::open({home_ / "desk.sqlite", source("data/migrations/desk"), &clock_, &random_, 1});
        EXPECT_TRUE(opened);
        return std::move(*opened);
    }
    TestClock clock_;
    crypto::SystemRandom random_;
    TemporaryFolder folder_;
    std::filesystem::path home_ = folder_.path();
};

}  // namespace

TEST_F(CheckCommand, TellsWhatSpeaksAgainstAnOrder) {
    auto wrong = sample_order(2);
    wrong.subject.document_number = "91";
    ASSERT_OK(put(*database(), {sample_order(1), wrong}, orders::State::paid));
    EXPECT_EQ(run({wrong.no}).status, 2) << "two digits are no credit code";
    const auto said = run({"DD20261122-0001"}, true);
    EXPECT_EQ(said.status, 0) << said.err << "a wrong check digit is a doubt";
    const auto json = nlohmann::json::parse(said.out);
    EXPECT_EQ(json["revision"], 1);
    EXPECT_EQ(json["papers"], false);
    bool document = false;
    for (const auto& each : json["findings"])
        if (each["rule"] == "form.document") document = each["verdict"] == "fault" || each["verdict"] == "warning";
    EXPECT_TRUE(document) << said.out;
    EXPECT_THAT(run({"DD20261122-0001"}).out, HasSubstr("证件号码：")) << "in words for a person";
    EXPECT_EQ(run({"DD-none"}).status, 1);
}

TEST_F(CheckCommand, LooksAtAnyFile) {
    const Folder made;
    made.make(R"([{"out":"a.zip","format":"zip","pages":[)" + page("营业执照.jpg", "jpeg", "business_licence") + "]}]");
    const std::string file = made.path / "a.zip";
    const auto alone = run({file}, true);
    EXPECT_EQ(alone.status, 0) << "72 dpi are a doubt: " << alone.out << alone.err;
    EXPECT_THAT(run({file}).out, HasSubstr("分辨率"));
    const auto held = run({file, "--kind", "create"});
    EXPECT_THAT(held.out, HasSubstr("材料齐全：营业执照（加盖公章的复印件）：第 1 页"));
    EXPECT_EQ(held.status, 2) << "the application form is missing";
    EXPECT_EQ(run({file, "--kind", "nothing"}).status, 1);
    EXPECT_NE(run({file, "--subject", "unit"}).status, 0) << "a subject without a kind";
    EXPECT_EQ(run({made.write("junk.zip", "no archive")}).status, 2);
}

TEST_F(CheckCommand, MendsWhatIsKeptTwice) {
    ASSERT_OK(put(*database(), {sample_order(1), sample_order(2)}, orders::State::paid));
    ASSERT_OK(database()->write([](storage::Tx& tx) -> Result<> {
        tx.sql << "UPDATE state_counts SET orders = 7 WHERE state = 'paid'";
        tx.sql << "DELETE FROM search_numbers WHERE order_no = 'DD20261122-0002'";
        return {};
    }));
    const auto first = nlohmann::json::parse(run({}, true).out), again = nlohmann::json::parse(run({}, true).out);
    EXPECT_GT(first["counters_mended"], 0);
    EXPECT_GT(first["search_lines_mended"], 0);
    EXPECT_EQ(first["orders_examined"], 2);
    EXPECT_EQ(again["counters_mended"], 0);
    EXPECT_EQ(again["search_lines_mended"], 0);
    EXPECT_EQ(again["orders_examined"], 0);
}
