#include <gtest/gtest.h>

#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/message_digest.h"
#include "shipping/kuaidi100.h"
#include "shipping/sf_express.h"
#include "support/databases.h"
#include "tests/support/test_couriers.h"

using namespace sealdesk;
using namespace sealdesk::shipping;
using tests::TestCouriers;

TEST(CourierSignatures, Kuaidi100AsPublished) {
    EXPECT_EQ(kuaidi100_sign(R"({"a":1})", "1700000000000", "KEY123", "SECRET456"), "EBFCA7E070E22BB1F74F80F3E28E94A6");
    EXPECT_EQ(kuaidi100_sign(R"({"kuaidicom":"shunfeng","recMan":{"name":"张三"}})", "1700000000000", "KEY123", "SECRET456"),
              "580EAEEEE38894EB68BAE28CA20110FF");
    EXPECT_EQ(kuaidi100_sign("{}", "0", "k", "s"), "919CDB84DBFF23F7B5D633DBCA3CA37F");
    EXPECT_EQ(kuaidi100_track_sign(R"({"com":"ems","num":"EA123456785CN"})", "KEY123", "CUST"),
              "5AF669997F883B7317782A8CD9D9F6C4");
}

TEST(CourierSignatures, SfAsPublished) {
    const std::string data = R"({"language":"zh-CN","orderId":"QIAO-20200618-004"})", time = "12312334453453",
                      word = "fjcg5PGKaNpPSHFAZ4QsCOkV71R3zVci";
    EXPECT_EQ(sf_digest(SfDigest::standard, data, time, word), "IIKJtuLVzoFTu4kHI8M8vA==");
    EXPECT_EQ(sf_digest(SfDigest::simple, data, time, word), "OwYXm3XG9fjHK7A+/t7Ckw==");
    EXPECT_EQ(sf_digest(SfDigest::sm3, data, time, word), "b05d21124eb6aedb3c6c99b1a37f9fc9a23a9898cb6a4b5df00d4402bda9081f");
    EXPECT_EQ(sf_digest(SfDigest::standard, "中 *~+", "1", "test"), "enEGxDrktGqdJiLR3VtTkA==");
    EXPECT_EQ(sf_digest(SfDigest::standard, R"({"orderId":"SD 2026*~","x":"张三"})", "1700000000000", "abcdEFGH1234"),
              "pfJU44PaZcOYSWHij4tYzg==");
    EXPECT_EQ(url_encoded("中 *~+"), "%E4%B8%AD+*%7E%2B");
}

TEST(CourierSignatures, APushIsTakenOnlyWithOurSalt) {
    const std::string param =
        R"({"status":"shutdown","lastResult":{"nu":"YT0000000001001","com":"yuantong","state":"3","data":[{"ftime":"2026-11-23 10:30:00","context":"已签收","statusCode":"3"}]}})";
    const std::string sign = crypto::hex(crypto::md5(param + "salt"));
    const auto pushed = read_kuaidi100_push(param, sign, "salt");
    ASSERT_OK(pushed);
    EXPECT_EQ(pushed->waybill, "YT0000000001001");
    EXPECT_TRUE(pushed->track.delivered);
    EXPECT_EQ(date_time(pushed->track.steps.front().at), "2026-11-23 10:30");
    EXPECT_TRUE(read_kuaidi100_push(param, upper_ascii(sign), "salt")) << "either case";
    EXPECT_EQ(read_kuaidi100_push(param, sign, "other").error().kind, ErrorKind::refused);
    EXPECT_EQ(read_kuaidi100_push("{}", crypto::hex(crypto::md5("{}salt")), "salt").error().kind, ErrorKind::corrupt);
    EXPECT_EQ(read_kuaidi100_push("[", crypto::hex(crypto::md5("[salt")), "salt").error().kind, ErrorKind::corrupt);
}

TEST(CourierSignatures, AFormIsReadAsItWasPosted) {
    const std::string param = R"({"a":"张三 +%&="})";
    const auto form = read_push_form(form_of({{"sign", "AB"}, {"param", param}}) + "\n");
    ASSERT_OK(form);
    EXPECT_EQ(form->param, param);
    EXPECT_EQ(form->sign, "AB");
    EXPECT_EQ(url_decoded("100%+%zz%4"), "100% %zz%4") << "what is no escape stays";
    for (const char* bad : {"", "param=1", "sign=1", "{}", "param=&sign=1", "&&==&"})
        EXPECT_EQ(read_push_form(bad).error().kind, ErrorKind::refused) << bad;
}

class CourierTest : public testing::Test {
protected:
    network::HttpClient::Options options() {
        network::HttpClient::Options options;
        options.base = server_.base();
        options.ca_file = server_.ca();
        options.timeout = std::chrono::seconds(5);
        return options;
    }
    Kuaidi100 kuaidi100(const std::string& secret = TestCouriers::kSecret) {
        Kuaidi100::Account account;
        account.key = TestCouriers::kKey;
        account.customer = TestCouriers::kCustomer;
        account.secret = crypto::Secret(std::string(secret));
        return {std::move(account), options(), options(), clock_};
    }
    SfExpress sf(SfDigest digest = SfDigest::standard, const std::string& word = TestCouriers::kCheckWord) {
        SfExpress::Account account;
        account.partner_id = TestCouriers::kPartner;
        account.check_word = crypto::Secret(std::string(word));
        account.digest = digest;
        return {std::move(account), options(), clock_, random_};
    }
    static LabelOrder order(const std::string& reference) {
        return {reference,
                "yuantong",
                {"示例中心", "", "025-83300000", "江苏省南京市建邺区江东中路1号"},
                {"张三", "", "13800138000", "江苏省苏州市姑苏区人民路1号 *~+&="},
                2,
                "DD-1"};
    }

    tests::TemporaryFolder folder_;
    tests::TestClock clock_;
    crypto::SystemRandom random_;
    TestCouriers server_{folder_.path()};
};

TEST_F(CourierTest, ARepeatedOrderGivesTheSameNumber) {
    auto one = kuaidi100();
    auto two = sf();
    for (Courier* courier : {static_cast<Courier*>(&one), static_cast<Courier*>(&two)}) {
        const std::string reference = courier == &one ? "SD-k" : "SD-s";
        const auto first = courier->order(order(reference), {});
        ASSERT_OK(first);
        clock_.advance(kMinute);  // another timestamp
        const auto second = courier->order(order(reference), {});
        ASSERT_OK(second);
        EXPECT_EQ(first->waybill, second->waybill);
        EXPECT_NE(courier->order(order(reference + "2"), {})->waybill, first->waybill);
    }
    EXPECT_EQ(server_.bad_signatures(), 0);
    EXPECT_EQ(server_.orders().size(), 4U);
    EXPECT_EQ(server_.orders().front().address, "江苏省苏州市姑苏区人民路1号 *~+&=");
}

TEST_F(CourierTest, TheMonthlyAccountHasWhatItsCourierAsksFor) {
    Kuaidi100::Account account;
    account.key = TestCouriers::kKey;
    account.customer = TestCouriers::kCustomer;
    account.secret = crypto::Secret(std::string(TestCouriers::kSecret));
    account.partner_secret = crypto::Secret(std::string("s1"));
    account.partner_name = "南京网点";
    account.net = "025001";
    account.code = "c7";
    account.check_man = "王伟";
    Kuaidi100 courier(std::move(account), options(), options(), clock_);
    ASSERT_OK(courier.order(order("SD-1-full"), {}));
    ASSERT_OK(kuaidi100().order(order("SD-2-bare"), {}));
    ASSERT_EQ(server_.orders().size(), 2U);
    EXPECT_EQ(server_.orders()[0].partner, "s1 南京网点 025001 c7 王伟");
    EXPECT_EQ(server_.orders()[1].partner, "") << "what is not set is not sent";
}

TEST_F(CourierTest, SfInItsThreeDigestsAndBothShapesOfAnswer) {
    for (const auto& [digest, name] :
         {std::pair{SfDigest::standard, "standard"}, {SfDigest::simple, "simple"}, {SfDigest::sm3, "sm3"}})
        for (const bool texts : {false, true}) {
            server_.sf_digest(name);
            server_.sf_text_results(texts);
            auto courier = sf(digest);
            const auto taken = courier.order(order(std::string("SD-") + name + (texts ? "t" : "o")), {});
            ASSERT_OK(taken);
            EXPECT_EQ(taken->courier, "shunfeng");
            EXPECT_EQ(taken->waybill.substr(0, 2), "SF");
            EXPECT_NE(taken->routing.find("512-A1"), std::string::npos) << taken->routing;
        }
    EXPECT_EQ(server_.bad_signatures(), 0);
}

TEST_F(CourierTest, ADuplicateOrderAtSfIsLookedUp) {
    auto courier = sf();
    const auto first = courier.order(order("SD-1"), {});
    ASSERT_OK(first);
    server_.sf_forgets_first_answers(true);
    const auto second = courier.order(order("SD-1"), {});
    ASSERT_OK(second);
    EXPECT_EQ(second->waybill, first->waybill);
}

TEST_F(CourierTest, ALostAnswerIsNotARefusalAndTheRepetitionFindsTheNumber) {
    auto one = kuaidi100();
    auto two = sf();
    // A proxy may say no when the order is there already.
    for (const auto mood : {TestCouriers::Mood::loses_answers, TestCouriers::Mood::takes_too_long, TestCouriers::Mood::is_down,
                            TestCouriers::Mood::is_blocked})
        for (Courier* courier : {static_cast<Courier*>(&one), static_cast<Courier*>(&two)}) {
            const std::string reference = "SD-" + std::to_string(static_cast<int>(mood)) + (courier == &one ? "k" : "s");
            server_.mood(mood);
            const auto lost = courier->order(order(reference), {});
            ASSERT_FALSE(lost);
            EXPECT_EQ(lost.error().kind, ErrorKind::unavailable) << lost.error().message;
            server_.mood(TestCouriers::Mood::answers);
            ASSERT_OK(courier->order(order(reference), {}));
        }
    EXPECT_EQ(server_.orders().size(), 8U) << "one for each reference";
    EXPECT_EQ(server_.bad_signatures(), 0);
}

TEST_F(CourierTest, ARefusalHasTheCouriersWordsAndAWrongSecretIsOurs) {
    server_.mood(TestCouriers::Mood::refuses);
    const auto no = kuaidi100().order(order("SD-1"), {});
    ASSERT_FALSE(no);
    EXPECT_EQ(no.error().kind, ErrorKind::refused);
    EXPECT_NE(no.error().message.find("收件人地址无法识别"), std::string::npos);
    const auto sf_no = sf().order(order("SD-2"), {});
    EXPECT_EQ(sf_no.error().kind, ErrorKind::refused);
    EXPECT_NE(sf_no.error().message.find("月结卡号不存在"), std::string::npos);
    server_.mood(TestCouriers::Mood::answers);
    const auto wrong = kuaidi100("another").order(order("SD-3"), {});
    EXPECT_FALSE(wrong);
    EXPECT_EQ(sf(SfDigest::standard, "another").order(order("SD-4"), {}).error().kind, ErrorKind::denied);
    EXPECT_EQ(server_.bad_signatures(), 2);
    EXPECT_TRUE(server_.orders().empty());
    for (const auto& text : {wrong.error().message, wrong.error().detail, no.error().message, no.error().detail})
        EXPECT_EQ(text.find("SECRET"), std::string::npos) << text;
}

TEST_F(CourierTest, SfTurningUsAwayIsNotTheSameAsSfBeingBusy) {
    auto courier = sf();
    for (const char* ours : {"A1001", "A1003", "A1004", "A1006", "A1008", "A1010", "A1011"}) {
        server_.sf_turns_away(ours);
        EXPECT_EQ(courier.order(order("SD-1"), {}).error().kind, ErrorKind::denied) << ours;
    }
    for (const char* busy : {"A1002", "A1005", "A1007", "A1009", "A1099", "A1500"}) {
        server_.sf_turns_away(busy);
        const auto answer = courier.order(order("SD-1"), {});
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().kind, ErrorKind::unavailable) << busy;
        EXPECT_NE(answer.error().message.find("平台的话"), std::string::npos) << answer.error().message;
    }
    server_.sf_turns_away("");
    EXPECT_TRUE(courier.order(order("SD-1"), {})) << "the same question again";
}

// A proxy before it speaks JSON as well.
TEST_F(CourierTest, OnlyACodeOfKuaidi100IsItsNo) {
    const auto kind = [&](const char* answer) {
        server_.kuaidi100_says(answer);
        const auto said = kuaidi100().order(order("SD-1"), {});
        EXPECT_FALSE(said) << answer;
        return said ? ErrorKind::internal : said.error().kind;
    };
    for (const char* nobody_knows : {R"({"error":"blocked"})", R"({"result":false,"message":"busy"})",
                                     R"({"result":false,"returnCode":"500","message":"busy"})", R"({"code":501})"})
        EXPECT_EQ(kind(nobody_knows), ErrorKind::unavailable) << nobody_knows;
    EXPECT_EQ(kind(R"({"result":false,"returnCode":"30005","message":"收件人地址无法识别"})"), ErrorKind::refused);
    server_.kuaidi100_says("");
    EXPECT_TRUE(kuaidi100().order(order("SD-1"), {})) << "the same question again";
}

TEST_F(CourierTest, TheTrackOfAnotherNumberIsNotTaken) {
    const auto taken = kuaidi100().order(order("SD-1"), {});
    ASSERT_OK(taken);
    const auto track = [&] { return kuaidi100().track(taken->courier, taken->waybill, "13800138000", {}); };
    server_.delivered("YT9999999999999");
    server_.kuaidi100_tracks_as("YT9999999999999");
    const auto other = track();
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().kind, ErrorKind::corrupt);
    server_.kuaidi100_tracks_as("yt" + taken->waybill.substr(2));
    EXPECT_TRUE(track()) << "in small letters it is the same";
}

TEST_F(CourierTest, AnOrderTellsKuaidi100WhereToPushItsTracking) {
    ASSERT_OK(kuaidi100().order(order("SD-1"), {}));
    EXPECT_EQ(server_.orders().front().callback, "") << "nobody listens";
    Kuaidi100::Account account;
    account.key = TestCouriers::kKey;
    account.secret = crypto::Secret(std::string(TestCouriers::kSecret));
    account.callback = "https://centre.example.cn/push";
    account.salt = crypto::Secret(std::string("salt"));
    Kuaidi100 listening(std::move(account), options(), options(), clock_);
    ASSERT_OK(listening.order(order("SD-2"), {}));
    EXPECT_EQ(server_.orders().back().callback, "https://centre.example.cn/push");
    EXPECT_EQ(server_.orders().back().salt, "salt");
    EXPECT_EQ(server_.bad_signatures(), 0);
}

TEST_F(CourierTest, CancelsAndTracks) {
    auto one = kuaidi100();
    auto two = sf();
    for (Courier* courier : {static_cast<Courier*>(&one), static_cast<Courier*>(&two)}) {
        const std::string reference = courier == &one ? "SD-k" : "SD-s";
        const auto taken = courier->order(order(reference), {});
        ASSERT_OK(taken);
        auto track = courier->track(taken->courier, taken->waybill, "13800138000", {});
        ASSERT_OK(track);
        EXPECT_FALSE(track->delivered);
        EXPECT_EQ(track->steps.size(), 1U);
        server_.delivered(taken->waybill);
        track = courier->track(taken->courier, taken->waybill, "13800138000", {});
        ASSERT_OK(track);
        EXPECT_TRUE(track->delivered);
        ASSERT_EQ(track->steps.size(), 2U);
        EXPECT_EQ(track->steps.back().text, "已签收");
        EXPECT_EQ(date_time(track->steps.back().at), "2026-11-23 10:30");
        ASSERT_OK(courier->cancel({reference, taken->courier, taken->waybill, taken->courier_order, "换单"}, {}));
    }
    for (const auto& order : server_.orders()) EXPECT_TRUE(order.cancelled) << order.reference;
    EXPECT_EQ(server_.bad_signatures(), 0);
}
