#include "sync/portal_client.h"

#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <future>
#include <random>

#include "base/files.h"
#include "crypto/digest.h"
#include "portal/packages.h"
#include "portal/store.h"
#include "tests/portal/paid_order.h"
#include "tests/sync/running_portal.h"

using namespace sealdesk;
using namespace sealdesk::sync;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

namespace {
constexpr const char* kUuid = "6f1c2c4e-7a53-4c6b-9a0e-0123456789ab";
const json kRejected = {{"order_no", "D-1"},
                        {"revision", 1},
                        {"kind", "rejected"},
                        {"body", {{"reasons", json::array({{{"code", "seal"}, {"text", "申请表没有盖章"}}})}}}};

std::string noise(size_t bytes) {
    std::mt19937 random(7);
    std::string text(bytes, '\0');
    for (char& c : text) c = static_cast<char>(random());
    return text;
}
}  // namespace

class PortalClientTest : public testing::Test {
protected:
    void SetUp() override {
        bytes_ = noise(3 << 20);
        ASSERT_OK(write_file(folder_.path() / "材料.zip", bytes_));
        const auto stored = portal::Packages(portal_.packages()).add(folder_.path() / "材料.zip");
        ASSERT_OK(stored);
        sha256_ = stored->sha256;
        auto database =
            storage::Database::open({portal_.database(), tests::source("data/migrations/portal"), &clock_, &random_, 2});
        ASSERT_OK(database);
        database_ = std::move(*database);
        ASSERT_OK(portal::place_order(*database_, tests::paid_order("D-1", sha256_)));
    }
    network::HttpClient::Options options() {
        network::HttpClient::Options options;
        options.base = portal_.base();
        options.ca_file = portal_.ca();
        options.bearer = tests::RunningPortal::kToken;
        return options;
    }
    fs::path target() { return folder_.path() / "evidence"; }
    fs::path part() { return folder_.path() / "evidence.part"; }

    tests::TemporaryFolder folder_;
    SystemClock clock_;
    crypto::SystemRandom random_;
    tests::RunningPortal portal_{folder_.path()};
    std::unique_ptr<storage::Database> database_;
    std::string bytes_, sha256_;
};

TEST_F(PortalClientTest, ReadsEventsOrderAndPackage) {
    const PortalClient client(options());
    const auto events = client.events(0, 10, 0s);
    ASSERT_OK(events);
    ASSERT_EQ(events->size(), 1u);
    EXPECT_EQ(events->front().order_no, "D-1");
    EXPECT_EQ(events->front().kind, "paid");
    const auto order = client.order("D-1");
    ASSERT_OK(order);
    EXPECT_EQ(order->order.subject.name, "云麓垚鑫建设有限公司");
    EXPECT_EQ(order->applicant_state, orders::ApplicantState::in_review);
    ASSERT_OK(client.package(order->order.current().package_sha256, target()));
    EXPECT_EQ(*read_file(target()), bytes_);
    EXPECT_FALSE(fs::exists(part()));
}

TEST_F(PortalClientTest, WhatThePortalDoesNotKnowIsRefused) {
    const PortalClient client(options());
    EXPECT_EQ(client.order("D-9").error().kind, ErrorKind::refused);
    EXPECT_EQ(client.package(std::string(64, '0'), target()).error().kind, ErrorKind::refused);
    EXPECT_FALSE(fs::exists(target()));
    json act = kRejected;
    act["order_no"] = "D-9";
    const auto answer = client.put_act(kUuid, act);
    ASSERT_OK(answer);
    EXPECT_EQ(answer->result, ActResult::refused);
    EXPECT_THAT(answer->sentence, HasSubstr("D-9"));
}

TEST_F(PortalClientTest, AnActIsAppliedOnceAndALateOneIsAConflict) {
    const PortalClient client(options());
    for (int i = 0; i < 2; ++i) {
        const auto answer = client.put_act(kUuid, kRejected);
        ASSERT_OK(answer);
        EXPECT_EQ(answer->result, ActResult::applied);
        EXPECT_EQ(answer->order["applicant_state"], "correction_needed");
    }
    const auto again = portal_.control({"resubmit", "D-1", "--package", folder_.path() / "材料.zip"});
    ASSERT_EQ(again.status, 0) << again.output;
    const auto late = client.put_act("6f1c2c4e-7a53-4c6b-9a0e-0123456789ac", kRejected);
    ASSERT_OK(late);
    EXPECT_EQ(late->result, ActResult::conflict);
    EXPECT_EQ(late->order["revision"], 2);
    EXPECT_FALSE(late->sentence.empty());
    const auto malformed = client.put_act("6f1c2c4e-7a53-4c6b-9a0e-0123456789ad", {{"kind", "approved"}});
    ASSERT_OK(malformed);
    EXPECT_EQ(malformed->result, ActResult::refused);
}

TEST_F(PortalClientTest, AnotherCaIsNotTrusted) {
    tests::make_tls(folder_.path(), "stranger");
    auto wrong = options();
    wrong.ca_file = folder_.path() / "stranger-ca.pem";
    const auto answer = PortalClient(wrong).events(0, 10, 0s);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::denied);
    EXPECT_THAT(answer.error().message, HasSubstr("证书不能信任"));
    wrong.ca_file = folder_.path() / "nothing.pem";
    EXPECT_THAT(PortalClient(wrong).events(0, 10, 0s).error().message, HasSubstr("证书不能信任"));
}

TEST_F(PortalClientTest, ACertificateForAnotherNameIsNotTrusted) {
    const tests::TemporaryFolder other;
    const tests::RunningPortal elsewhere(other.path(), "DNS:portal.example");
    auto wrong = options();
    wrong.base = elsewhere.base();
    wrong.ca_file = elsewhere.ca();
    EXPECT_THAT(PortalClient(wrong).events(0, 10, 0s).error().message, HasSubstr("证书不能信任"));
}

TEST_F(PortalClientTest, APortalThatAsksForACertificateSeesOnlyItsDesks) {
    const tests::TemporaryFolder other;
    tests::make_tls(other.path(), "desk");
    tests::make_tls(other.path(), "stranger");
    const tests::RunningPortal strict(other.path(), "IP:127.0.0.1", other.path() / "desk-ca.pem");
    auto mine = options();
    mine.base = strict.base();
    mine.ca_file = strict.ca();
    EXPECT_FALSE(PortalClient(mine).events(0, 10, 0s)) << "without a certificate";
    mine.certificate = other.path() / "stranger.pem";
    mine.private_key = other.path() / "stranger.key";
    EXPECT_FALSE(PortalClient(mine).events(0, 10, 0s)) << "with one of somebody else";
    mine.certificate = other.path() / "desk.pem";
    mine.private_key = other.path() / "desk.key";
    const auto answer = PortalClient(mine).events(0, 10, 0s);
    ASSERT_OK(answer);
}

TEST_F(PortalClientTest, AnAddressWithoutTlsIsRefused) {
    auto plain = options();
    plain.base.erase(plain.base.find('s'), 1);
    EXPECT_EQ(PortalClient(plain).events(0, 10, 0s).error().kind, ErrorKind::refused);
}

TEST_F(PortalClientTest, AServerThatSaysNothingTimesOut) {
    const int silent = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* const name = reinterpret_cast<sockaddr*>(&address);
    ASSERT_EQ(bind(silent, name, length), 0);
    ASSERT_EQ(listen(silent, 1), 0);  // the system answers the connection, nobody answers the rest
    ASSERT_EQ(getsockname(silent, name, &length), 0);
    auto mute = options();
    mute.base = "https://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    mute.timeout = 300ms;
    const auto answer = PortalClient(mute).events(0, 10, 0s);
    close(silent);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::unavailable);
    EXPECT_THAT(answer.error().message, HasSubstr("没有应答"));
}

TEST_F(PortalClientTest, AWrongTokenSeesNothing) {
    auto wrong = options();
    wrong.bearer = "a token of another desk";
    const PortalClient client(wrong);
    for (const Error& error : {client.events(0, 10, 0s).error(), client.order("D-1").error(),
                               client.package(sha256_, target()).error(), client.put_act(kUuid, kRejected).error()}) {
        EXPECT_EQ(error.kind, ErrorKind::denied);
        EXPECT_THAT(error.message, HasSubstr("令牌"));
    }
    EXPECT_FALSE(fs::exists(target()));
}

TEST_F(PortalClientTest, AHalfDownloadIsContinued) {
    ASSERT_OK(write_file(part(), std::string_view(bytes_).substr(0, 1 << 20)));
    std::int64_t least = INT64_MAX, total_seen = 0;
    ASSERT_OK(PortalClient(options()).package(sha256_, target(), {}, [&](std::int64_t done, std::int64_t total) {
        least = std::min(least, done);
        total_seen = total;
    }));
    EXPECT_GE(least, 1 << 20);  // nothing was asked for twice
    EXPECT_EQ(total_seen, static_cast<std::int64_t>(bytes_.size()));
    EXPECT_EQ(*read_file(target()), bytes_);
}

TEST_F(PortalClientTest, AFinishedPartNeedsNoBytes) {
    ASSERT_OK(write_file(part(), bytes_));
    ASSERT_OK(PortalClient(options()).package(sha256_, target()));
    EXPECT_EQ(*read_file(target()), bytes_);
}

TEST_F(PortalClientTest, AStoppedDownloadKeepsWhatItHas) {
    std::stop_source stop;
    const PortalClient client(options());
    const auto stopped = client.package(sha256_, target(), stop.get_token(), [&](std::int64_t done, std::int64_t) {
        if (done > 0) stop.request_stop();
    });
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().kind, ErrorKind::unavailable);
    EXPECT_GT(fs::file_size(part()), 0u);
    EXPECT_FALSE(fs::exists(target()));
    ASSERT_OK(client.package(sha256_, target()));
    EXPECT_EQ(*read_file(target()), bytes_);
}

TEST_F(PortalClientTest, OtherBytesThanPromisedAreThrownAway) {
    ASSERT_OK(write_file(portal_.packages() / sha256_, bytes_ + "x"));
    const PortalClient client(options());
    const auto answer = client.package(sha256_, target());
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::corrupt);
    EXPECT_FALSE(fs::exists(part()));
    EXPECT_FALSE(fs::exists(target()));
    // A wrong beginning is found by the hash and does not stay in the way.
    ASSERT_OK(write_file(portal_.packages() / sha256_, bytes_));
    ASSERT_OK(write_file(part(), "not the beginning"));
    EXPECT_EQ(client.package(sha256_, target()).error().kind, ErrorKind::corrupt);
    ASSERT_OK(client.package(sha256_, target()));
}

TEST_F(PortalClientTest, TheLongPollWakesWhenSomethingHappens) {
    const PortalClient client(options());
    auto waiting = std::async(std::launch::async, [&] { return client.events(1, 10, 50s); });
    EXPECT_EQ(portal_.control({"refund", "D-1"}).status, 0);
    ASSERT_EQ(waiting.wait_for(20s), std::future_status::ready);
    const auto events = waiting.get();
    ASSERT_OK(events);
    ASSERT_EQ(events->size(), 1u);
    EXPECT_EQ(events->front().kind, "refunded");
    EXPECT_EQ(events->front().seq, 2);
    EXPECT_NE(portal_.control({"refund", "D-1"}).status, 0);  // once
}

TEST_F(PortalClientTest, AWaitWithoutEventsEndsEmpty) {
    const auto events = PortalClient(options()).events(1, 10, 1s);
    ASSERT_OK(events);
    EXPECT_TRUE(events->empty());
}

TEST_F(PortalClientTest, ManyWaitingDesksStarveNobody) {
    const PortalClient client(options());
    std::stop_source stop;
    std::vector<std::future<Result<std::vector<Event>>>> waiting;
    for (int i = 0; i < 40; ++i)
        waiting.push_back(std::async(std::launch::async, [&] { return client.events(1, 10, 50s, stop.get_token()); }));
    EXPECT_TRUE(client.order("D-1"));
    EXPECT_EQ(portal_.stop(), 0);  // ends although desks wait
    for (auto& one : waiting) EXPECT_EQ(one.wait_for(20s), std::future_status::ready);
}

TEST_F(PortalClientTest, AWaitCanBeStoppedFromAnotherThread) {
    const PortalClient client(options());
    std::stop_source stop;
    auto waiting = std::async(std::launch::async, [&] { return client.events(1, 10, 50s, stop.get_token()); });
    stop.request_stop();
    ASSERT_EQ(waiting.wait_for(10s), std::future_status::ready);
    EXPECT_EQ(waiting.get().error().kind, ErrorKind::unavailable);
}

TEST_F(PortalClientTest, AKilledPortalIsUnavailableUntilItIsBack) {
    const PortalClient client(options());
    ASSERT_OK(client.order("D-1"));
    auto waiting = std::async(std::launch::async, [&] { return client.events(1, 10, 50s); });
    portal_.kill();
    EXPECT_EQ(waiting.get().error().kind, ErrorKind::unavailable);
    const auto away = client.order("D-1");
    ASSERT_FALSE(away);
    EXPECT_EQ(away.error().kind, ErrorKind::unavailable);
    EXPECT_THAT(away.error().message, HasSubstr("连不上"));
    portal_.start();
    EXPECT_TRUE(PortalClient(options()).order("D-1"));
}
