// The newest revocation list on its way to the real portal: until it is acknowledged, once, and never an older one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/process.h"
#include "certificates/certificate_register.h"
#include "certificates/revocation_list.h"
#include "network/http.h"
#include "support/made_lists.h"
#include "sync/exchange.h"
#include "sync/worker.h"
#include "tests/sync/running_portal.h"

using namespace sealdesk;
using namespace sealdesk::sync;
using testing::HasSubstr;

namespace {

class ListToThePortal : public testing::Test {
protected:
    void SetUp() override {
        auto opened = storage::Database::open(
            {folder_.path() / "desk.sqlite", tests::source("data/migrations/desk"), &clock_, &random_, 4});
        ASSERT_OK(opened);
        database_ = std::move(*opened);
    }
    PortalClient client() const {
        network::HttpClient::Options options;
        options.base = portal_.base();
        options.ca_file = portal_.ca();
        options.bearer = tests::RunningPortal::kToken;
        return PortalClient(options);
    }
    std::int64_t renew() {
        EXPECT_TRUE(database_->write([&](storage::Tx& tx) { return certificates::renew_crl(tx, *lists_.authority); }));
        return certificates::newest_crl(*database_).value()->number;
    }
    // What everybody gets, without a token; 0: none.
    std::int64_t published() const {
        network::HttpClient::Options options;
        options.base = portal_.base();
        options.ca_file = portal_.ca();
        const auto answer = network::HttpClient(options).get("/crl/issuer.crl");
        EXPECT_TRUE(answer);
        if (!answer || answer->status != 200) return 0;
        return certificates::describe_list(answer->body)->number;
    }

    tests::TemporaryFolder folder_;
    tests::TestClock clock_;
    crypto::SystemRandom random_;
    tests::RunningPortal portal_{folder_.path()};
    tests::ListMaker lists_{clock_.now()};
    std::unique_ptr<storage::Database> database_;
};

}  // namespace

TEST_F(ListToThePortal, IsSentUntilThePortalHasIt) {
    EXPECT_FALSE(*send_list(*database_, client())) << "there is none";
    renew();
    renew();
    const auto sent = send_list(*database_, client());
    ASSERT_TRUE(sent) << sent.error().message;
    EXPECT_TRUE(*sent);
    EXPECT_EQ(published(), 2) << "only the newest counts";
    EXPECT_FALSE(*send_list(*database_, client())) << "once";
    // Away: it waits, and a newer one takes its place.
    portal_.kill();
    renew();
    EXPECT_EQ(send_list(*database_, client()).error().kind, ErrorKind::unavailable);
    renew();
    portal_.start();
    EXPECT_EQ(published(), 2) << "the portal kept what it had";
    EXPECT_TRUE(*send_list(*database_, client()));
    EXPECT_EQ(published(), 4);
}

TEST_F(ListToThePortal, ACrashBeforeTheAcknowledgementSendsItAgain) {
    renew();
    // The portal took it, the desk died before it wrote that down.
    ASSERT_OK(client().put_list(*crypto::from_pem("X509 CRL", certificates::newest_crl(*database_).value()->pem)));
    EXPECT_EQ(published(), 1);
    EXPECT_TRUE(*send_list(*database_, client()));
    EXPECT_FALSE(*send_list(*database_, client()));
    EXPECT_EQ(published(), 1);
}

TEST_F(ListToThePortal, ADeskFromABackupDoesNotTakeThePortalBack) {
    ASSERT_OK(client().put_list(lists_.list(7)));
    renew();
    const auto refused = send_list(*database_, client());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::conflict);
    EXPECT_THAT(refused.error().message, HasSubstr("第 7 号"));
    EXPECT_EQ(published(), 7);
    // The next ones grow past it.
    while (renew() < 8) {
    }
    EXPECT_TRUE(*send_list(*database_, client()));
    EXPECT_EQ(published(), 8);
}

TEST_F(ListToThePortal, TheWorkerSendsWhatIsNewAndSaysWhatIsRefused) {
    ASSERT_OK(client().put_list(lists_.list(2)));
    std::mutex mutex;
    std::condition_variable changed;
    Worker worker(*database_, client(), scans::PackageStore(folder_.path() / "store"), random_, [&] {
        const std::lock_guard lock(mutex);
        changed.notify_all();
    });
    const auto wait_for = [&](const auto& what) {
        std::unique_lock lock(mutex);
        while (!what()) {
            lock.unlock();
            worker.nudge();
            lock.lock();
            changed.wait_for(lock, std::chrono::milliseconds(50));
        }
    };
    renew();
    wait_for([&] { return !worker.status().list_trouble.empty(); });
    EXPECT_THAT(worker.status().list_trouble, HasSubstr("第 2 号"));
    renew();
    renew();
    clock_.advance(kHour);
    wait_for([&] { return published() == 3 && worker.status().list_trouble.empty(); });
    EXPECT_FALSE(certificates::untold_crl(*database_).value());
}
