// Invoices as a script meets them: issued by the range or by a service, and everything that is done about them afterwards.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "desk/shipping_settings.h"
#include "invoices/requests.h"
#include "orders/number_ranges.h"
#include "support/orders.h"
#include "tests/cli/command_line.h"
#include "tests/support/test_invoice_service.h"

using namespace sealdesk;
using testing::HasSubstr;

namespace {

class InvoiceCommands : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_OK(write_file(folder_.path() / "password", "Mima-2026-guanli\n"));
        ASSERT_EQ(run({"init"}, "root").status, 0);
        const auto database = open();
        const staff::Actor root{"root", "管理员", static_cast<staff::Roles>(staff::Role::administrator)};
        const crypto::Secret password(std::string("Mima-2026-guanli"));
        ASSERT_OK(
            staff::add(*database, &root, {"zhao", "赵云", static_cast<staff::Roles>(staff::Role::clerk), true, {}}, password));
        ASSERT_OK(staff::add(*database, &root, {"sun", "孙权", static_cast<staff::Roles>(staff::Role::supervisor), true, {}},
                             password));
        ASSERT_OK(tests::put(*database, tests::paid_together({1, 2}), orders::State::issued));
        ASSERT_OK(database->write([](storage::Tx& tx) { return orders::define(tx, {"invoice", "26322000{:012}", 1, 100}); }));
    }
    std::unique_ptr<storage::Database> open() {
        auto opened = storage::Database::open(
            {(home_ / "desk.sqlite").string(), tests::source("data/migrations/desk"), &clock_, &random_, 1});
        return opened ? std::move(*opened) : nullptr;
    }
    tests::Said run(const std::vector<std::string>& words, const std::string& as = "zhao", bool json = true) {
        return tests::say({home_, folder_.path() / "password", as, json}, words);
    }
    std::int64_t next() { return orders::number_range(*open(), "invoice")->next; }

    tests::TemporaryFolder folder_;
    std::filesystem::path home_ = folder_.path() / "home";
    SystemClock clock_;
    crypto::SystemRandom random_;
    const std::string one_ = "DD20261122-0001", two_ = "DD20261122-0002", first_ = "26322000000000000001",
                      second_ = "26322000000000000002";
};

}  // namespace

TEST_F(InvoiceCommands, EachOrderGetsItsOwnAndADiscountIsASupervisors) {
    EXPECT_EQ(run({"invoices", "discount", one_, "--yuan", "16", "--reason", "老客户"}).status, 1);
    ASSERT_EQ(run({"invoices", "each", one_}).status, 0);
    EXPECT_EQ(run({"invoices", "discount", one_, "--yuan", "sixteen", "--reason", "老客户"}, "sun").status, 1);
    const auto off = run({"invoices", "discount", one_, "--yuan", "16.01", "--reason", "老客户"}, "sun");
    ASSERT_EQ(off.status, 0) << off.err;
    const auto copy = (folder_.path() / "copy.pdf").string();
    const auto issued = run({"invoice", one_, "--out", copy});
    ASSERT_EQ(issued.status, 0) << issued.err;
    EXPECT_EQ(issued.json()["number"], first_);
    EXPECT_EQ(issued.json()["total_fen"], 31600 - 1601);
    EXPECT_EQ(read_file(copy)->substr(0, 5), "%PDF-");
    EXPECT_EQ(run({"invoice", two_}).json()["total_fen"], 30000);
    EXPECT_EQ(run({"invoice", one_}).json()["number"], first_) << "what is there is given again";
    EXPECT_THAT(run({"invoices", "void", first_, "--reason", "卡纸", "--not-reported", "--not-certified"}).err,
                HasSubstr("数电票"));
    EXPECT_EQ(run({"invoices", "each", one_, "--together"}).status, 1) << "too late";
    EXPECT_EQ(next(), 3);
}

TEST_F(InvoiceCommands, VoidedReversedAndRightlyTitled) {
    ASSERT_OK(open()->write([](storage::Tx& tx) { return orders::define(tx, {"invoice", "032002600011-{:08}", 1, 100}); }));
    const std::string first = "032002600011-00000001", second = "032002600011-00000002";
    EXPECT_EQ(run({"invoices", "title", one_, "--unit", "南京钧石建设有限公司", "--tax-number", "12"}).status, 1);
    EXPECT_EQ(run({"invoices", "title", one_}).status, 1) << "neither unit nor person";
    ASSERT_EQ(run({"invoices", "title", one_, "--person", "周敏"}).status, 0);
    ASSERT_EQ(run({"invoice", one_}).status, 0);
    EXPECT_EQ(invoices::find(*open(), first)->title.name, "周敏");
    EXPECT_THAT(run({"invoices", "title", one_, "--person", "周明"}).err, HasSubstr(first));
    EXPECT_NE(run({"invoices", "void", first}).status, 0) << "no reason";
    EXPECT_THAT(run({"invoices", "void", first, "--reason", "卡纸", "--not-reported"}).err, HasSubstr("没有认证"));
    ASSERT_EQ(run({"invoices", "void", first, "--reason", "卡纸", "--not-reported", "--not-certified"}).json()["standing"],
              "voided");
    ASSERT_EQ(run({"invoice", one_}).json()["number"], second);
    EXPECT_THAT(run({"invoices", "red", second, "--reason", "05"}).err, HasSubstr("--reason"));
    const auto red = run({"invoices", "red", second, "--reason", "02", "--order", two_});
    ASSERT_EQ(red.status, 0) << red.err;
    EXPECT_EQ(red.json()["total_fen"], -30000);
    EXPECT_EQ(red.json()["reverses"], second);
    const auto right = run({"invoices", "title", second, "--unit", "南京钧石建设有限公司", "--tax-number", "91320104MA1X1K2L3Q"});
    ASSERT_EQ(right.status, 0) << right.err;
    EXPECT_EQ(right.json()["total_fen"], 31600);
    const auto found = run({"invoices", "list", "--search", "钧石"}).json();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0]["number"], right.json()["number"]);
    EXPECT_EQ(run({"invoices", "list"}).json().size(), 5U);
}

TEST_F(InvoiceCommands, AnAllowanceTakesAPartOfOneOrder) {
    ASSERT_EQ(run({"invoice", one_}).status, 0);
    const auto red = [&](std::vector<std::string> more) {
        std::vector<std::string> words{"invoices", "red", first_};
        words.insert(words.end(), more.begin(), more.end());
        return run(words);
    };
    EXPECT_THAT(red({"--reason", "04", "--yuan", "50"}).err, HasSubstr("请选择订单"));
    EXPECT_THAT(red({"--reason", "01", "--yuan", "50"}).err, HasSubstr("只能全部红冲"));
    EXPECT_THAT(red({"--reason", "04", "--order", one_, "--yuan", "fifty"}).err, HasSubstr("不是金额"));
    EXPECT_THAT(red({"--reason", "04", "--order", one_, "--yuan", "0"}).err, HasSubstr("大于 0"));
    EXPECT_THAT(red({"--reason", "04", "--order", one_, "--yuan=-50"}).err, HasSubstr("大于 0"));
    EXPECT_EQ(next(), 2);
    const auto part = red({"--reason", "04", "--order", one_, "--yuan", "50.01"});
    ASSERT_EQ(part.status, 0) << part.err;
    EXPECT_EQ(part.json()["total_fen"], -5001);
    EXPECT_EQ(part.json()["reverses"], first_);
    EXPECT_THAT(red({"--reason", "04", "--order", one_, "--yuan", "300"}).err, HasSubstr("249.99"));
    EXPECT_EQ(red({"--reason", "02", "--order", one_}).json()["total_fen"], -24999);
    EXPECT_EQ(next(), 4);
}

TEST_F(InvoiceCommands, SpoiledSheetsAreNotedAndListed) {
    EXPECT_NE(run({"invoices", "spoil"}).status, 0);
    EXPECT_EQ(run({"invoices", "spoil", "--reason", "撕破"}).json()["number"], first_);
    const auto listed = run({"invoices", "spoiled"}).json();
    ASSERT_EQ(listed.size(), 1U);
    EXPECT_EQ(listed[0]["number"], first_);
    EXPECT_EQ(listed[0]["reason"], "撕破");
    EXPECT_EQ(listed[0]["noted_by"], "赵云");
    EXPECT_EQ(run({"invoice", one_}).json()["number"], second_);
}

TEST_F(InvoiceCommands, WhereAServiceIssuesNoNumberOfTheRangeIsTakenAndItsFileStays) {
    tests::TestInvoiceService remote(folder_.path());
    remote.write_account(home_);
    desk::ShippingSettings settings;
    settings.invoice_service_file = "service.toml";
    ASSERT_OK(desk::save_shipping_settings(home_, settings));
    remote.mood(tests::TestInvoiceService::Mood::is_down);
    const auto waits = run({"invoice", one_});
    ASSERT_EQ(waits.status, 0) << waits.err;
    EXPECT_TRUE(waits.json()["number"].is_null());
    remote.mood(tests::TestInvoiceService::Mood::answers);
    const auto issued = run({"invoice", two_});
    ASSERT_EQ(issued.status, 0) << issued.err;
    const std::string number = issued.json()["number"], legal = "file " + number + ".pdf";
    EXPECT_EQ(remote.given().size(), 1U);
    EXPECT_EQ(remote.given()[0].number, number);
    EXPECT_EQ(*read_file(issued.json()["file"].get<std::string>()), legal);
    EXPECT_EQ(run({"invoice", one_, "--form"}).status, 1) << "our face is not the invoice";
    EXPECT_EQ(run({"invoice", one_}).json()["number"], number);
    EXPECT_EQ(*read_file(issued.json()["file"].get<std::string>()), legal);
    EXPECT_EQ(next(), 1);
    const auto red = run({"invoices", "red", number, "--reason", "02"});
    ASSERT_EQ(red.status, 0) << red.err;
    EXPECT_EQ(red.json()["total_fen"], -61600);
    EXPECT_EQ(invoices::find(*open(), number)->standing, invoices::Standing::reversed);
}
