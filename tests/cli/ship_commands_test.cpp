// Parcels as a script meets them: packed with each KEY named, handed over by list, voided and printed again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/audit.h"
#include "base/files.h"
#include "crypto/digest.h"
#include "crypto/message_digest.h"
#include "desk/shipping_settings.h"
#include "orders/number_ranges.h"
#include "shipping/courier.h"
#include "shipping/shipping.h"
#include "shipping/tracking.h"
#include "support/orders.h"
#include "tests/cli/command_line.h"
#include "tests/support/test_invoice_service.h"

using namespace sealdesk;
using testing::HasSubstr;

namespace {

class ShipCommands : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_OK(write_file(folder_.path() / "password", "Mima-2026-guanli\n"));
        ASSERT_EQ(run({"init"}, false).status, 0);
        const auto database = open();
        const staff::Actor root{"root", "管理员", static_cast<staff::Roles>(staff::Role::administrator)};
        ASSERT_OK(staff::add(*database, &root, {"zhao", "赵云", static_cast<staff::Roles>(staff::Role::clerk), true, {}},
                             crypto::Secret(std::string("Mima-2026-guanli"))));
        ASSERT_OK(tests::put(*database, tests::paid_together({1, 2}), orders::State::issued));
        ASSERT_OK(tests::give_keys(*database, tests::paid_together({1, 2})));
        ASSERT_OK(database->write([](storage::Tx& tx) {
            return orders::define(tx, {"waybill", "EA{s10}CN", 12345678, 12345690});
        }));
    }
    // Order 3, alone; orders 4 and 5, paid together, to two places.
    void more_orders() {
        auto pair = tests::paid_together({4, 5});
        pair[1].delivery.address = "江苏省苏州市姑苏区人民路1号";
        const auto database = open();
        for (const auto& list : {std::vector<orders::Order>{tests::sample_order(3)}, pair}) {
            ASSERT_OK(tests::put(*database, list, orders::State::issued));
            ASSERT_OK(tests::give_keys(*database, list));
        }
    }
    std::unique_ptr<storage::Database> open() {
        auto opened = storage::Database::open(
            {(home_ / "desk.sqlite").string(), tests::source("data/migrations/desk"), &clock_, &random_, 1});
        return opened ? std::move(*opened) : nullptr;
    }
    tests::Said run(const std::vector<std::string>& words, bool json = true) {
        return tests::say({home_, folder_.path() / "password", words.front() == "init" ? "root" : "zhao", json}, words);
    }

    tests::TemporaryFolder folder_;
    std::filesystem::path home_ = folder_.path() / "home";
    SystemClock clock_;
    crypto::SystemRandom random_;
};

}  // namespace

TEST_F(ShipCommands, APartWithTheRightKeysIsPackedAndHandedOver) {
    EXPECT_EQ(run({"ship", "list"}).json()["to_pack"].size(), 1u);
    EXPECT_EQ(run({"ship", "scan", "KEY-0002-1"}).json()["order"], "DD20261122-0002");
    EXPECT_THAT(run({"ship", "scan", "nothing"}).err, HasSubstr("不认识"));
    EXPECT_THAT(run({"ship", "pack", "ZF0001", "--key", "KEY-0001-1"}).err, HasSubstr("还没有扫描"));
    EXPECT_THAT(run({"ship", "pack", "ZF0001", "--key", "KEY-9999-1"}).err, HasSubstr("不属于这个包裹"));
    const auto packed = run({"ship", "pack", "DD20261122-0002", "--key", "KEY-0001-1", "--key", "key-0002-1"});
    ASSERT_EQ(packed.status, 0) << packed.err;
    EXPECT_EQ(packed.json()["waybill"], "EA123456785CN");
    EXPECT_EQ(packed.json()["files"].size(), 2u) << "slip and label";
    for (const auto& file : packed.json()["files"]) EXPECT_TRUE(std::filesystem::exists(file.get<std::string>()));
    EXPECT_EQ(run({"ship", "pack", "ZF0001", "--unchecked"}).status, 1) << "only once";
    EXPECT_EQ(run({"ship", "list"}).json()["not_handed_over"].size(), 1u);

    EXPECT_THAT(run({"ship", "close", "ems"}).err, HasSubstr("没有还没交接的清单"));
    const auto listed = run({"ship", "scan-out", "EA123456785CN"});
    ASSERT_EQ(listed.status, 0) << listed.err;
    EXPECT_EQ(listed.json()["keys"], 2);
    EXPECT_EQ(run({"ship", "scan-out", "EA123456785CN"}).status, 1);
    const auto closed = run({"ship", "close", "ems", "--taken-by", "李强"});
    ASSERT_EQ(closed.status, 0) << closed.err;
    EXPECT_EQ(closed.json()["number"], "JJ00000001");
    EXPECT_TRUE(std::filesystem::exists(closed.json()["file"].get<std::string>()));
    EXPECT_EQ(orders::load(*open(), "DD20261122-0001")->state, orders::State::completed);
    EXPECT_EQ(run({"ship", "hand-over", "EA123456785CN"}).status, 1) << "gone already";
    EXPECT_THAT(run({"ship", "reprint", "EA123456785CN", "--reason", "弄脏"}).err, HasSubstr("已交寄"));
}

TEST_F(ShipCommands, AWaybillIsVoidedAndALabelPrintedAgainWithAReason) {
    ASSERT_EQ(run({"ship", "pack", "ZF0001", "--unchecked"}).status, 0);
    EXPECT_NE(run({"ship", "reprint", "EA123456785CN"}).status, 0) << "no reason";
    const auto again = run({"ship", "reprint", "EA123456785CN", "--reason", "弄脏"});
    ASSERT_EQ(again.status, 0) << again.err;
    EXPECT_EQ(again.json()["prints"], 2);
    const auto other = run({"ship", "cancel", "DD20261122-0001", "--reason", "换快递", "--waybill", "SF1234567890123"});
    ASSERT_EQ(other.status, 0) << other.err;
    EXPECT_EQ(other.json()["waybill"], "SF1234567890123");
    const auto old = run({"ship", "scan", "EA123456785CN"});
    EXPECT_EQ(old.status, 1);
    EXPECT_THAT(old.json()["alarm"].get<std::string>(), HasSubstr("作废"));
    EXPECT_EQ(run({"ship", "hand-over", "SF1234567890123"}).status, 0);
    EXPECT_EQ(orders::load(*open(), "DD20261122-0002")->state, orders::State::completed);
}

TEST_F(ShipCommands, WithoutAnAccountTheCourierSaysNoAndTheParcelIsListed) {
    const auto packed = run({"ship", "pack", "ZF0001", "--unchecked", "--courier", "sf"});
    ASSERT_EQ(packed.status, 0) << packed.err;
    EXPECT_EQ(packed.json()["waybill"], "");
    const auto list = run({"ship", "list"}).json();
    ASSERT_EQ(list["waybills"].size(), 1u);
    EXPECT_EQ(list["waybills"][0]["state"], "failed");
    EXPECT_THAT(run({"slip", "DD20261122-0001"}).err, HasSubstr("还没有给出单号")) << "it is not picked up";
    const auto polled = run({"ship", "poll"});
    ASSERT_EQ(polled.status, 0) << polled.err;
    EXPECT_EQ(polled.json()["numbers"], 0) << "a failed one waits for a person";
    EXPECT_EQ(run({"ship", "cancel", "DD20261122-0001", "--reason", "没有账号"}).json()["waybill"], "EA123456785CN");
}

TEST_F(ShipCommands, SeveralPlacesNeedAWord) {
    more_orders();
    const auto refusal = run({"ship", "pack", "ZF0004", "--unchecked"});
    EXPECT_EQ(refusal.status, 1);
    EXPECT_THAT(refusal.err, HasSubstr("请选择分开寄"));
    EXPECT_NE(run({"ship", "pack", "ZF0004", "--unchecked", "--apart", "--together"}).status, 0) << "one of the two";
    const std::vector<std::string> both{"ship", "pack", "DD20261122-0005", "--together", "--key", "KEY-0005-1"};
    EXPECT_THAT(run(both).err, HasSubstr("还没有扫描")) << "every KEY of both";
    auto all = both;
    all.insert(all.end(), {"--key", "KEY-0004-1"});
    const auto packed = run(all);
    ASSERT_EQ(packed.status, 0) << packed.err;
    EXPECT_EQ(packed.json()["orders"].size(), 2u);
    const auto parcel = shipping::by_code(*open(), "DD20261122-0004");
    EXPECT_EQ((*parcel)->delivery.address, "江苏省苏州市姑苏区人民路1号") << "to the place of the order that was named";
}

TEST_F(ShipCommands, ALabelIsCountedAndAListThatWasClosedIsPrintedAsItWas) {
    ASSERT_EQ(run({"ship", "pack", "ZF0001", "--unchecked"}).status, 0);
    const auto refusal = run({"label", "EA123456785CN"});
    EXPECT_EQ(refusal.status, 1);
    EXPECT_THAT(refusal.err, HasSubstr("重印要写明原因"));
    const auto again = run({"label", "EA123456785CN", "--reason", "弄脏"});
    ASSERT_EQ(again.status, 0) << again.err;
    EXPECT_EQ(again.json()["prints"], 2);
    EXPECT_TRUE(std::filesystem::exists(again.json()["file"].get<std::string>()));
    const auto batch = run({"ship", "labels", "EA123456785CN", "DD20261122-0001", "--reason", "弄脏"});
    EXPECT_EQ(batch.status, 1);
    EXPECT_THAT(batch.err, HasSubstr("还没有设置面单打印机"));
    ASSERT_OK(write_file(folder_.path() / "home/shipping.toml", "printer_label = \"ipp://127.0.0.1:1/ipp/print\"\n"));
    const auto asked = run({"ship", "labels", "EA123456785CN", "DD20261122-0001", "--reason", "弄脏"});
    ASSERT_EQ(asked.status, 0) << asked.err;
    EXPECT_EQ(asked.json()["asked"], 1) << "one parcel, named twice";
    EXPECT_THAT(run({"ship", "labels", "nobody"}).err, HasSubstr("没有运单号或订单号是"));

    EXPECT_THAT(run({"manifest", "ems"}).err, HasSubstr("没有号码是")) << "nothing that is not in the ledger";
    ASSERT_EQ(run({"ship", "scan-out", "EA123456785CN"}).status, 0);
    ASSERT_EQ(run({"ship", "close", "ems"}).status, 0);
    const auto copy = folder_.path() / "list.pdf";
    const auto list = run({"manifest", "jj00000001", "--out", copy.string()});
    ASSERT_EQ(list.status, 0) << list.err;
    EXPECT_EQ(list.json()["number"], "JJ00000001");
    EXPECT_EQ(list.json()["parcels"], 1);
    EXPECT_EQ(read_file(copy).value_or("").substr(0, 5), "%PDF-");
}

TEST_F(ShipCommands, AllAtOnceNamesWhatStaysAndARefundedParcelIsUnpacked) {
    more_orders();
    ASSERT_EQ(run({"ship", "pack", "ZF0001", "--unchecked"}).status, 0);
    ASSERT_EQ(run({"ship", "pack", "ZF0003", "--unchecked"}).status, 0);
    ASSERT_OK(open()->write([](storage::Tx& tx) -> Result<> {
        storage::change(tx, "INSERT INTO refunds (order_no, amount, at, state) VALUES ('DD20261122-0001', 1, 1, 'needs_person')");
        return {};
    }));
    const auto sent = run({"ship", "hand-over-all"});
    EXPECT_EQ(sent.status, 1) << "something stays";
    EXPECT_EQ(sent.json()["handed_over"], 1);
    ASSERT_EQ(sent.json()["stayed"].size(), 1u);
    EXPECT_THAT(sent.json()["stayed"][0].get<std::string>(), HasSubstr("EA123456785CN"));
    EXPECT_EQ(run({"ship", "list"}).json()["refunded"][0]["order"], "DD20261122-0001");
    EXPECT_NE(run({"ship", "unpack", "EA123456785CN"}).status, 0) << "no reason";
    ASSERT_EQ(run({"ship", "unpack", "EA123456785CN", "--reason", "退款"}).status, 0);
    const auto again = run({"ship", "pack", "DD20261122-0002", "--key", "KEY-0002-1"});
    ASSERT_EQ(again.status, 0) << again.err;
    EXPECT_EQ(run({"ship", "hand-over-all"}).status, 0);
    EXPECT_EQ(orders::load(*open(), "DD20261122-0002")->state, orders::State::completed);
    EXPECT_EQ(orders::load(*open(), "DD20261122-0001")->state, orders::State::issued);
}

TEST_F(ShipCommands, AnInvoiceThatComesAfterItsParcelsPapersIsPrintedOrListed) {
    tests::TestInvoiceService remote(folder_.path());
    remote.write_account(home_);
    desk::ShippingSettings settings;
    settings.invoice_service_file = "service.toml";
    ASSERT_OK(desk::save_shipping_settings(home_, settings));
    more_orders();
    ASSERT_EQ(run({"ship", "pack", "ZF0001", "--unchecked"}).status, 0);
    ASSERT_EQ(run({"ship", "pack", "ZF0003", "--unchecked"}).status, 0);
    ASSERT_EQ(run({"ship", "hand-over", "DD20261122-0003"}).status, 0);
    const std::string here = run({"invoice", "DD20261122-0001"}).json()["number"],
                      left = run({"invoice", "DD20261122-0003"}).json()["number"];
    EXPECT_EQ(run({"ship", "list"}).json()["invoices"].size(), 2u);
    EXPECT_EQ(run({"ship", "poll"}).json()["papers"], 1);
    const auto listed = run({"ship", "list"}).json()["invoices"];
    ASSERT_EQ(listed.size(), 1u) << here << " is seen to";
    EXPECT_EQ(listed[0]["number"], left);
    EXPECT_THAT(listed[0]["sentence"].get<std::string>(), HasSubstr("包裹已经交出"));
    EXPECT_NE(run({"ship", "settle", here, "--note", "电子邮件"}).status, 0) << "it lies in its parcel";
    ASSERT_EQ(run({"ship", "settle", left, "--note", "电子邮件"}).status, 0);
    EXPECT_EQ(run({"ship", "list"}).json()["invoices"].size(), 0u);
}

TEST_F(ShipCommands, PushedTrackingIsCheckedAndTakenOnce) {
    ASSERT_EQ(run({"ship", "pack", "ZF0001", "--unchecked"}).status, 0);
    ASSERT_EQ(run({"ship", "hand-over", "EA123456785CN"}).status, 0);
    const std::string param =
        R"({"lastResult":{"nu":"EA123456785CN","com":"ems","state":"3","data":[{"ftime":"2026-11-23 10:30:00","context":"已签收","statusCode":"3"}]}})";
    const auto posted = [&](const std::string& salt) {
        const std::string sign = crypto::hex(crypto::md5(param + salt));
        EXPECT_TRUE(write_file(folder_.path() / "body", shipping::form_of({{"sign", sign}, {"param", param}})));
        return run({"ship", "push", (folder_.path() / "body").string()});
    };
    EXPECT_THAT(posted("salt").err, HasSubstr("couriers_file"));
    desk::ShippingSettings own;
    own.couriers_file = "couriers.toml";
    ASSERT_OK(desk::save_shipping_settings(home_, own));
    ASSERT_OK(write_file(home_ / "couriers.toml", "[kuaidi100]\nkey = \"K\"\n", 0600));
    EXPECT_THAT(posted("").err, HasSubstr("salt")) << "an empty salt proves nothing";
    ASSERT_OK(write_file(home_ / "couriers.toml", "[kuaidi100]\nkey = \"K\"\nsalt = \"salt\"\n", 0600));
    const auto forged = posted("other");
    EXPECT_EQ(forged.status, 1);
    EXPECT_THAT(forged.err, HasSubstr("签名不对"));
    EXPECT_FALSE((*shipping::by_code(*open(), "EA123456785CN"))->delivered_at);
    for (int i = 0; i < 2; ++i) {
        const auto taken = posted("salt");
        ASSERT_EQ(taken.status, 0) << taken.err;
        EXPECT_EQ(taken.json()["returnCode"], "200");
    }
    EXPECT_TRUE((*shipping::by_code(*open(), "EA123456785CN"))->delivered_at);
    EXPECT_EQ(shipping::steps_of(*open(), "EA123456785CN")->size(), 1u);
    ASSERT_OK(write_file(folder_.path() / "body", "hello"));
    EXPECT_THAT(run({"ship", "push", (folder_.path() / "body").string()}).err, HasSubstr("param"));
    ASSERT_OK(write_file(home_ / "couriers.toml", "[kuaidi100]\nkey = \"K\"\ncallback = \"https://c/\"\n", 0600));
    EXPECT_THAT(run({"ship", "poll"}).err, HasSubstr("salt")) << "nobody could check what comes";
}

TEST_F(ShipCommands, AKeyThatWasSeenInUseIsNotedByAClerk) {
    const auto log = [&] { return *audit::page(*open(), "DD20261122-0001", 0, 9); };
    const auto used = [&](const std::string& who, const std::string& serial) {
        return tests::say({home_, folder_.path() / "password", who, true}, {"ship", "used", serial});
    };
    EXPECT_EQ(used("", "KEY-0001-1").status, 1) << "nobody";
    EXPECT_THAT(used("root", "KEY-0001-1").err, HasSubstr("发货员"));
    EXPECT_THAT(used("zhao", "KEY-9999-1").err, HasSubstr("没有序列号是 KEY-9999-1 的 KEY"));
    EXPECT_TRUE(log().empty()) << log().front().action;
    const auto noted = used("zhao", "KEY-0001-1");
    ASSERT_EQ(noted.status, 0) << noted.err;
    EXPECT_EQ(noted.json()["key"], "KEY-0001-1");
    ASSERT_EQ(log().size(), 1U);
    EXPECT_EQ(log().front().action, "shipping.used");
    EXPECT_EQ(log().front().actor, "zhao");
}

TEST_F(ShipCommands, ATypedNumberHasItsCourierAndFitsOnTheNarrowestLabel) {
    desk::ShippingSettings own;
    own.label_size = "76x130";
    ASSERT_OK(desk::save_shipping_settings(home_, own));
    EXPECT_THAT(run({"ship", "pack", "ZF0001", "--unchecked", "--waybill", "ABCDEFGHIJKLMNOPQRSTU", "--courier", "jd"}).err,
                HasSubstr("条码放不下"));
    EXPECT_THAT(run({"ship", "pack", "ZF0001", "--unchecked", "--waybill", "123456789012345"}).err, HasSubstr("请选择快递公司"));
    EXPECT_EQ(orders::load(*open(), "DD20261122-0001")->state, orders::State::issued);
    const auto packed = run({"ship", "pack", "ZF0001", "--unchecked", "--waybill", "ABCDEFGHIJKLMNOPQRST", "--courier", "jd"});
    ASSERT_EQ(packed.status, 0) << packed.err;
    EXPECT_EQ(packed.json()["courier"], "jd");
    EXPECT_EQ(packed.json()["files"].size(), 2u) << "what is accepted can be printed";
    const auto digits = run({"ship", "cancel", "DD20261122-0001", "--reason", "换快递", "--courier", "yunda", "--waybill",
                             "12345678901234567890123456789012"});
    ASSERT_EQ(digits.status, 0) << digits.err;
    EXPECT_EQ(digits.json()["files"].size(), 2u) << "digits take half the room";
}

TEST_F(ShipCommands, RangesAreAddedByAnAdministratorOnly) {
    const auto add = [&](const std::string& who, const std::vector<std::string>& words) {
        return tests::say({home_, folder_.path() / "password", who, true}, words);
    };
    EXPECT_THAT(add("zhao", {"range", "add", "waybill", "EB{s10}CN", "1", "9"}).err, HasSubstr("管理员"));
    EXPECT_THAT(add("root", {"range", "add", "waybill", "EA{s10}CN", "12345690", "12345699"}).err, HasSubstr("重叠"));
    EXPECT_THAT(add("root", {"range", "add", "waybill", "EB{s10}CN", "one", "9"}).err, HasSubstr("数字"));
    const auto added = add("root", {"range", "add", "waybill", "EB{s10}CN", "1", "9"});
    ASSERT_EQ(added.status, 0) << added.err;
    EXPECT_EQ(added.json()["left_in_all"], 22);
    const auto list = run({"range", "list"}).json();
    const auto waybills = std::find_if(list.begin(), list.end(), [](const auto& each) { return each["name"] == "waybill"; });
    ASSERT_NE(waybills, list.end());
    EXPECT_EQ((*waybills)["left"], 13);
    EXPECT_EQ((*waybills)["waiting"][0]["pattern"], "EB{s10}CN");
}
