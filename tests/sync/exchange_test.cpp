#include "sync/exchange.h"

#include <gmock/gmock.h>

#include "base/files.h"
#include "crypto/digest.h"
#include "portal/packages.h"
#include "portal/store.h"
#include "support/orders.h"
#include "sync/packages_store.h"
#include "tests/portal/paid_order.h"
#include "tests/sync/running_portal.h"

using namespace sealdesk;
using namespace sealdesk::sync;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using nlohmann::json;
using orders::ApplicantState;
using orders::State;
using testing::HasSubstr;

// A desk's database and the real portal process beside it.
class ExchangeTest : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_OK(write_file(folder_.path() / "材料.zip", "PK invented papers"));
        const auto stored = portal::Packages(portal_.packages()).add(folder_.path() / "材料.zip");
        ASSERT_OK(stored);
        sha256_ = stored->sha256;
        there_ = open(portal_.database(), "portal");
        here_ = open(folder_.path() / "desk.sqlite", "desk");
        ASSERT_TRUE(there_ && here_);
    }
    std::unique_ptr<storage::Database> open(const std::string& url, const std::string& schema) {
        auto database = storage::Database::open({url, tests::source("data/migrations/" + schema), &clock_, &random_, 2});
        EXPECT_TRUE(database) << database.error().message;
        return database ? std::move(*database) : nullptr;
    }
    PortalClient client() const {
        network::HttpClient::Options options;
        options.base = portal_.base();
        options.ca_file = portal_.ca();
        options.bearer = tests::RunningPortal::kToken;
        return PortalClient(options);
    }
    void place(const std::string& no, const std::string& sha256 = {}) {
        ASSERT_OK(portal::place_order(*there_, tests::paid_order(no, sha256.empty() ? sha256_ : sha256)));
    }
    int take() {
        const auto taken = take_events(*here_, client(), 0s);
        EXPECT_TRUE(taken) << taken.error().message;
        return taken.value_or(-1);
    }
    State state(const std::string& no) { return orders::load(*here_, no)->state; }
    ApplicantState told(const std::string& no) { return client().order(no)->applicant_state; }
    std::string queue(const std::string& no, const std::string& kind, const std::string& body = "{}") {
        return here_->write([&](storage::Tx& tx) -> Result<std::string> { return acts::queue(tx, no, 1, kind, body); }).value();
    }
    std::vector<acts::Act> acts_of(const std::string& no) { return acts::of_order(*here_, no).value(); }
    std::int64_t applied_acts() {
        return there_
            ->read([](storage::Tx& tx) -> Result<std::int64_t> {
                std::int64_t count = -1;
                tx.sql << "SELECT COUNT(*) FROM acts", soci::into(count);
                return count;
            })
            .value();
    }

    tests::TemporaryFolder folder_;
    tests::TestClock clock_;
    crypto::SystemRandom random_;
    tests::RunningPortal portal_{folder_.path()};
    std::unique_ptr<storage::Database> there_, here_;
    std::string sha256_;
};

TEST_F(ExchangeTest, TakesWhatIsNewAndNothingTwice) {
    place("D-1");
    place("D-2");
    EXPECT_EQ(take(), 2);
    EXPECT_EQ(state("D-1"), State::paid);
    EXPECT_EQ(orders::load(*here_, "D-2")->order.subject.name, "云麓垚鑫建设有限公司");
    EXPECT_EQ(intake::position(*here_)->seq, 2);
    clock_.advance(kMinute);
    EXPECT_EQ(take(), 0);
    EXPECT_EQ(intake::position(*here_)->heard_at, clock_.now());  // an empty answer is an answer
    ASSERT_OK(portal::refund(*there_, "D-2"));
    EXPECT_EQ(take(), 1);
    EXPECT_EQ(state("D-2"), State::refunded);
    EXPECT_TRUE(intake::faults(*here_)->empty());
}

TEST_F(ExchangeTest, NewPapersComeBack) {
    place("D-1");
    take();
    ASSERT_OK(here_->write([](storage::Tx& tx) -> Result<> {
        SEALDESK_LET(order, orders::load(tx, "D-1"));
        return orders::move(tx, order, State::rejected, "zhou");
    }));
    queue("D-1", "rejected", R"({"reasons":[{"code":"stamp","text":"请重新盖章。"}],"note":""})");
    ASSERT_OK(send_acts(*here_, client(), random_));
    EXPECT_EQ(told("D-1"), ApplicantState::correction_needed);
    ASSERT_OK(write_file(folder_.path() / "new.zip", "PK new papers"));
    const auto again = portal_.control({"resubmit", "D-1", "--package", folder_.path() / "new.zip"});
    ASSERT_EQ(again.status, 0) << again.output;
    EXPECT_EQ(take(), 1);
    EXPECT_EQ(state("D-1"), State::paid);
    EXPECT_EQ(orders::load(*here_, "D-1")->revision, 2);
    // On a desk that has never seen the first ones they are fetched as well, after the new, to compare with.
    const scans::PackageStore store(folder_.path() / "store");
    EXPECT_EQ(fetch_packages(*here_, client(), store, 1).value(), 1);
    EXPECT_FALSE(store.has(sha256_));
    EXPECT_EQ(fetch_packages(*here_, client(), store, 10).value(), 1);
    EXPECT_TRUE(store.has(sha256_));
}

TEST_F(ExchangeTest, EarlierPapersThatAreLostAreMissedByNobody) {
    place("D-1", std::string(64, 'c'));
    take();
    ASSERT_OK(here_->write([](storage::Tx& tx) -> Result<> {
        SEALDESK_LET(order, orders::load(tx, "D-1"));
        return orders::move(tx, order, State::rejected, "zhou");
    }));
    queue("D-1", "rejected", R"({"reasons":[{"code":"stamp","text":"请重新盖章。"}],"note":""})");
    ASSERT_OK(send_acts(*here_, client(), random_));
    ASSERT_EQ(portal_.control({"resubmit", "D-1", "--package", folder_.path() / "材料.zip"}).status, 0);
    EXPECT_EQ(take(), 1);
    const scans::PackageStore store(folder_.path() / "store");
    EXPECT_EQ(fetch_packages(*here_, client(), store, 10).value(), 1);
    EXPECT_EQ(fetch_packages(*here_, client(), store, 10).value(), 0);
}

TEST_F(ExchangeTest, FetchesPackagesOfOrdersInReview) {
    ASSERT_OK(write_file(folder_.path() / "other.zip", "PK other papers"));
    const auto other = portal::Packages(portal_.packages()).add(folder_.path() / "other.zip");
    ASSERT_OK(other);
    place("D-1");
    place("D-2", other->sha256);
    place("D-3", std::string(64, 'c'));  // lost at the portal
    take();
    const scans::PackageStore store(folder_.path() / "store");
    EXPECT_EQ(fetch_packages(*here_, client(), store, 1).value(), 1);
    EXPECT_TRUE(store.has(sha256_));
    EXPECT_FALSE(store.has(other->sha256));
    EXPECT_EQ(fetch_packages(*here_, client(), store, 10).value(), 1);  // the lost one holds nothing up
    EXPECT_EQ(read_file(*store.path_of(other->sha256)).value(), "PK other papers");
    const auto lost = fetch_packages(*here_, client(), store, 10);
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().kind, ErrorKind::refused);
}

TEST_F(ExchangeTest, FetchesTheImpressionSheetOfAnApprovedOrderUntilItsSealIsAccepted) {
    place("D-1");
    place("D-2", std::string(64, 'c'));  // lost at the portal
    take();
    for (const std::string no : {"D-1", "D-2"}) ASSERT_OK(tests::move(*here_, no, State::approved));
    EXPECT_EQ(packages_of(*here_, Wanted::in_review)->size(), 0U);
    EXPECT_EQ(packages_of(*here_, Wanted::to_seal)->size(), 2U);
    // This desk came to the database after the review.
    const scans::PackageStore store(folder_.path() / "store");
    EXPECT_EQ(fetch_packages(*here_, client(), store, 10).value(), 1);
    EXPECT_TRUE(store.has(sha256_));
    EXPECT_EQ(fetch_packages(*here_, client(), store, 10).value(), 0) << "the lost one is no failure: a seal can be drawn";
    ASSERT_OK(here_->execute(
        "INSERT INTO seal_pictures (order_no, sha256, source, description, kind, width, height, bytes, accepted_by, accepted_at) "
        "VALUES ('D-1', 'x', 'drawn', '', 'PNG', 40, 40, '', 'wu', 1)"));
    EXPECT_EQ(packages_of(*here_, Wanted::to_seal).value(), std::vector<std::string>{std::string(64, 'c')});
}

TEST_F(ExchangeTest, SendsActsInOrder) {
    place("D-1");
    place("D-2");
    take();
    queue("D-1", "approved");
    queue("D-1", "issued", R"({"keys":1})");
    queue("D-2", "approved");
    queue("D-1", "shipped", R"({"waybill":"SF0000000001"})");
    const auto sent = send_acts(*here_, client(), random_);
    ASSERT_OK(sent);
    EXPECT_EQ(sent->applied, 4);
    EXPECT_EQ(sent->conflicts, 0);
    EXPECT_EQ(told("D-1"), ApplicantState::completed);
    EXPECT_EQ(client().order("D-1")->waybill, "SF0000000001");
    EXPECT_EQ(told("D-2"), ApplicantState::in_production);
    EXPECT_EQ(acts::backlog(*here_)->waiting, 0);
    for (const std::string no : {"D-1", "D-2"}) {
        const auto list = acts_of(no);
        for (const auto& act : list) EXPECT_EQ(act.state, acts::State::sent) << act.kind;
    }
}

TEST_F(ExchangeTest, APortalThatIsDownLeavesTheActWithTheReason) {
    place("D-1");
    take();
    const std::string uuid = queue("D-1", "approved");
    const auto before = client();
    portal_.kill();
    const auto away = send_acts(*here_, before, random_);
    ASSERT_FALSE(away);
    EXPECT_EQ(away.error().kind, ErrorKind::unavailable);
    const auto act = acts_of("D-1").at(0);
    EXPECT_EQ(act.state, acts::State::pending);
    EXPECT_EQ(act.attempts, 1);
    EXPECT_EQ(act.last_error, away.error().message);
    EXPECT_FALSE(act.last_error.empty());
    EXPECT_GT(act.not_before, clock_.now());
    EXPECT_LE(act.not_before, clock_.now() + kSecond);
    EXPECT_EQ(take_events(*here_, before, 0s).error().kind, ErrorKind::unavailable);
    EXPECT_EQ(intake::position(*here_)->seq, 1);

    portal_.start();
    EXPECT_EQ(send_acts(*here_, client(), random_)->applied, 0);  // not before its time
    clock_.advance(kSecond);
    EXPECT_EQ(send_acts(*here_, client(), random_)->applied, 1);
    EXPECT_EQ(acts_of("D-1").at(0).uuid, uuid);
    EXPECT_EQ(acts_of("D-1").at(0).state, acts::State::sent);
    EXPECT_EQ(told("D-1"), ApplicantState::in_production);
}

TEST_F(ExchangeTest, AnActThatComesTooLateIsAConflictAndHoldsBackTheNext) {
    place("D-1");
    place("D-2");
    take();
    ASSERT_OK(portal::refund(*there_, "D-1"));
    queue("D-1", "approved");
    queue("D-1", "issued");
    queue("D-2", "approved");
    const auto sent = send_acts(*here_, client(), random_);
    ASSERT_OK(sent);
    EXPECT_EQ(sent->applied, 1);
    EXPECT_EQ(sent->conflicts, 1);
    const auto list = acts_of("D-1");
    EXPECT_EQ(list.at(0).state, acts::State::conflict);
    EXPECT_THAT(list.at(0).last_error, HasSubstr("退款"));
    EXPECT_EQ(list.at(1).state, acts::State::pending);
    EXPECT_EQ(acts::backlog(*here_)->conflicts, 1);
    EXPECT_EQ(told("D-1"), ApplicantState::refunded);
    EXPECT_EQ(told("D-2"), ApplicantState::in_production);
}

TEST_F(ExchangeTest, AnActThatThePortalRefusesIsForAPerson) {
    place("D-1");
    take();
    queue("D-1", "rejected", R"({"reasons":[],"note":""})");
    const auto sent = send_acts(*here_, client(), random_);
    ASSERT_OK(sent);
    EXPECT_EQ(sent->conflicts, 1);
    EXPECT_THAT(acts::conflicts(*here_)->at(0).last_error, HasSubstr("原因"));
    EXPECT_EQ(told("D-1"), ApplicantState::in_review);
}

// The desk dies after the portal's answer and before its own note: the same act goes out again.
TEST_F(ExchangeTest, AnActThatIsSentTwiceIsAppliedOnce) {
    place("D-1");
    take();
    const std::string uuid = queue("D-1", "approved");
    const auto answer =
        client().put_act(uuid, {{"order_no", "D-1"}, {"revision", 1}, {"kind", "approved"}, {"body", json::object()}});
    ASSERT_OK(answer);
    ASSERT_EQ(answer->result, ActResult::applied);
    EXPECT_EQ(acts_of("D-1").at(0).state, acts::State::pending);
    const std::string url = here_->url();
    here_.reset();
    here_ = open(url, "desk");

    const auto sent = send_acts(*here_, client(), random_);
    ASSERT_OK(sent);
    EXPECT_EQ(sent->applied, 1);
    EXPECT_EQ(sent->conflicts, 0);
    EXPECT_EQ(acts_of("D-1").at(0).state, acts::State::sent);
    EXPECT_EQ(applied_acts(), 1);
    EXPECT_EQ(told("D-1"), ApplicantState::in_production);
}

TEST(BackOff, DoublesToFiveMinutesHalfOfItByChance) {
    crypto::SystemRandom random;
    for (int i = 0; i < 50; ++i) {
        for (int failures = 1; failures <= 9; ++failures) {
            const std::int64_t ceiling = std::min<std::int64_t>(kSecond << (failures - 1), 5 * kMinute);
            const auto wait = back_off_ms(failures, random);
            EXPECT_GE(wait, ceiling / 2) << failures;
            EXPECT_LE(wait, ceiling) << failures;
        }
        EXPECT_LE(back_off_ms(1000000, random), 5 * kMinute);
    }
}
