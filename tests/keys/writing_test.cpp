#include "keys/writing.h"

#include <gmock/gmock.h>

#include "acts/acts.h"
#include "audit/audit.h"
#include "base/process.h"
#include "certificates/authority.h"
#include "keys/soft_key.h"
#include "storage/rows.h"
#include "support/orders.h"
#include "tests/keys/soft_folder.h"

using namespace sealdesk;
using namespace sealdesk::keys;
using crypto::Secret;
using orders::State;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

Secret so_pin() { return Secret(std::string("12345678")); }
Secret pin() { return Secret(std::string("246810")); }
std::string no(int n) { return fmt::format("DD20261122-{:04}", n); }

// One CA for the file.
std::shared_ptr<const certificates::Authority> authority() {
    static const auto made = [] {
        crypto::SystemRandom random;
        const Secret passphrase(std::string("correct horse battery"));
        certificates::AuthorityPlan plan;
        plan.root = {"江东签章根 CA", "江东签章服务中心", "", "CN"};
        plan.issuer = {"江东签章签发 CA", "江东签章服务中心", "", "CN"};
        plan.algorithm = crypto::KeyAlgorithm::p_256;
        const auto files = *certificates::create_authority(plan, passphrase, random, tests::TestClock().now());
        return std::make_shared<const certificates::Authority>(
            *certificates::Authority::load(files.root_pem, files.issuer_pem, files.issuer_key_pem, passphrase, ""));
    }();
    return made;
}

// A bench with soft KEYs and a database on disk; crash() loses everything that is only in memory.
class Writing : public testing::Test {
protected:
    void SetUp() override {
        keys_ = soft_folder();
        reopen();
        ASSERT_NE(bench_.tokens, nullptr);
    }
    void TearDown() override {
        tokens_.reset();
        std::filesystem::remove_all(keys_);
    }
    void reopen() {
        auto tokens = use_soft_keys(keys_);
        ASSERT_OK(tokens);
        tokens_ = std::move(*tokens);
        auto database = storage::Database::open(
            {folder_.path() / "desk.sqlite", tests::source("data/migrations/desk"), &clock_, &random_, 2});
        ASSERT_OK(database);
        database_ = std::move(*database);
        bench_.tokens = tokens_.get();
        bench_.authority = authority();
        bench_.random = &random_;
        const auto unit = certificates::read_profile(tests::source("data/profiles/unit.toml"));
        ASSERT_OK(unit);
        bench_.profiles.insert_or_assign(orders::SubjectKind::unit, *unit);
    }
    void crash() {
        session_.reset();
        tokens_.reset();
        database_.reset();
        reopen();
    }

    // A new KEY, in stock.
    std::string key() {
        const auto added = add_soft_key(*tokens_, fmt::format("KEY {}", ++made_), so_pin(), pin());
        EXPECT_TRUE(added) << added.error().message;
        EXPECT_TRUE(seen(*database_, *tokens_->list()));
        return added ? added->serial : "";
    }
    // An approved order whose decision has left the desk.
    void approved(const orders::Order& order) {
        ASSERT_OK(tests::put(*database_, {order}, State::approved));
        ASSERT_OK(database_->execute("UPDATE orders SET approved_by = 'zhou' WHERE no = '" + order.no + "'"));
    }
    Result<Job> write(const std::string& order_no, const std::string& serial) {
        return keys::write(*database_, officer_, bench_, order_no, serial, pin());
    }
    void login(const std::string& serial) {
        auto session = tokens_->open(serial);
        ASSERT_OK(session);
        session_ = std::move(*session);
        ASSERT_OK(session_->login(pin()));
    }
    std::vector<certificates::Entry> certificates_of(const std::string& order_no) {
        return database_->read([&](storage::Tx& tx) { return certificates::of_order(tx, order_no); }).value();
    }
    std::vector<std::string> acts_of(const std::string& order_no) {
        std::vector<std::string> kinds;
        const auto list = acts::of_order(*database_, order_no).value();
        for (const auto& act : list) kinds.push_back(act.kind);
        return kinds;
    }
    State state(const std::string& order_no) { return orders::load(*database_, order_no)->state; }

    // The order has one certificate and one KEY, on record and on the KEY, and the portal hears of it once.
    void expect_issued_once(const std::string& order_no, const std::string& serial) {
        EXPECT_EQ(state(order_no), State::issued);
        const auto entries = certificates_of(order_no);
        ASSERT_EQ(entries.size(), 1U);
        EXPECT_EQ(entries[0].state, "valid");
        EXPECT_EQ(entries[0].key_serial, serial);
        const auto bound = keys_of(*database_, order_no).value();
        ASSERT_EQ(bound.size(), 1U);
        EXPECT_EQ(bound[0].serial, serial);
        EXPECT_EQ(bound[0].state, KeyState::bound);
        EXPECT_EQ(jobs_of(*database_, order_no)->size(), 1U);
        EXPECT_TRUE(open_jobs(*database_)->empty());
        EXPECT_THAT(acts_of(order_no), ElementsAre("bound", "issued"));
        EXPECT_FALSE(audit::verify(*database_)->first_bad);
        auto session = tokens_->open(serial);
        ASSERT_OK(session);
        ASSERT_OK((*session)->login(pin()));
        EXPECT_EQ((*session)->key_pairs()->size(), 1U);
        const auto stored = (*session)->certificates().value();
        ASSERT_EQ(stored.size(), 1U);
        EXPECT_EQ(certificates::certificate_pem(stored[0].der), entries[0].pem);
        EXPECT_EQ(certificates::describe(stored[0].der)->serial, entries[0].serial);
        EXPECT_TRUE(certificates::verify(stored[0].der, authority()->trust(), clock_.now() + kHour));
    }

    tests::TemporaryFolder folder_;
    std::filesystem::path keys_;
    tests::TestClock clock_;
    crypto::SystemRandom random_;
    std::unique_ptr<storage::Database> database_;
    std::unique_ptr<Tokens> tokens_;
    std::unique_ptr<TokenSession> session_;
    Bench bench_;
    int made_ = 0;
    const staff::Actor officer_{"wu", "吴迪", static_cast<staff::Roles>(staff::Role::officer)};
};

}  // namespace

TEST_F(Writing, IssuesAnOrder) {
    approved(tests::sample_order(1));
    const std::string serial = key();
    std::vector<Step> steps;
    const auto job =
        keys::write(*database_, officer_, bench_, no(1), serial, pin(), [&](const Job&, Step step) { steps.push_back(step); });
    ASSERT_OK(job);
    EXPECT_TRUE(job->finished());
    EXPECT_THAT(steps, ElementsAre(Step::generate, Step::request, Step::sign, Step::write_certificate, Step::write_seal,
                                   Step::read_back, Step::prove, Step::bind));
    expect_issued_once(no(1), serial);
    const auto facts = certificates::describe(*crypto::from_pem("CERTIFICATE", certificates_of(no(1))[0].pem)).value();
    EXPECT_EQ(facts.subject.common_name, tests::sample_order(1).subject.name);
    EXPECT_EQ(facts.subject.number, tests::sample_order(1).subject.document_number);
    EXPECT_EQ(facts.not_after, certificates::end_of_validity(clock_.now(), 1));
    // Once more does nothing.
    EXPECT_EQ(write(no(1), serial).error().kind, ErrorKind::conflict);
    expect_issued_once(no(1), serial);
}

TEST_F(Writing, WhoApprovedDoesNotWrite) {
    approved(tests::sample_order(1));
    const std::string serial = key();
    const staff::Actor both{"zhou", "周敏", staff::Role::reviewer | staff::Role::officer};
    const auto same = keys::write(*database_, both, bench_, no(1), serial, pin());
    ASSERT_FALSE(same);
    EXPECT_EQ(same.error().kind, ErrorKind::denied);
    const staff::Actor reviewer{"liu", "刘洋", static_cast<staff::Roles>(staff::Role::reviewer)};
    EXPECT_EQ(keys::write(*database_, reviewer, bench_, no(1), serial, pin()).error().kind, ErrorKind::denied);
    EXPECT_TRUE(jobs_of(*database_, no(1))->empty());
    EXPECT_EQ(find_key(*database_, serial).value()->state, KeyState::blank);
    bench_.rules.maker_is_not_checker = false;  // a centre of one
    ASSERT_OK(keys::write(*database_, both, bench_, no(1), serial, pin()));
}

TEST_F(Writing, WaitsUntilTheDecisionCannotBeUndone) {
    approved(tests::sample_order(1));
    const std::string serial = key();
    ASSERT_OK(database_->write([](storage::Tx& tx) -> Result<> {
        acts::queue(tx, no(1), 1, "approved", "{}", kMinute);
        return {};
    }));
    clock_.advance(kMinute - 1);
    const auto early = write(no(1), serial);
    ASSERT_FALSE(early);
    EXPECT_EQ(early.error().kind, ErrorKind::refused);
    EXPECT_THAT(early.error().message, HasSubstr("撤销"));
    EXPECT_TRUE(jobs_of(*database_, no(1))->empty());
    clock_.advance(1);
    ASSERT_OK(write(no(1), serial));
}

TEST_F(Writing, WhatIsNotApprovedIsNotWritten) {
    ASSERT_OK(tests::put(*database_, {tests::sample_order(1)}, State::paid));
    ASSERT_OK(tests::put(*database_, {tests::sample_order(2)}, State::refunded));
    const std::string serial = key();
    EXPECT_EQ(write(no(1), serial).error().kind, ErrorKind::conflict);
    EXPECT_EQ(write(no(2), serial).error().kind, ErrorKind::conflict);
    EXPECT_EQ(write(no(3), serial).error().kind, ErrorKind::refused);
    EXPECT_EQ(find_key(*database_, serial).value()->state, KeyState::blank);
}

TEST_F(Writing, AKeyOfAnotherOrderIsRefused) {
    approved(tests::sample_order(1));
    approved(tests::sample_order(2));
    const std::string first = key(), second = key();
    ASSERT_OK(begin(*database_, officer_, bench_, no(1), first));
    const auto other = write(no(2), first);
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().kind, ErrorKind::conflict);
    EXPECT_THAT(other.error().message, HasSubstr(no(1)));
    // The begun unit waits for its own KEY.
    const auto waiting = write(no(1), second);
    ASSERT_FALSE(waiting);
    EXPECT_EQ(waiting.error().kind, ErrorKind::conflict);
    EXPECT_THAT(waiting.error().message, HasSubstr(first));
    ASSERT_OK(write(no(1), first));
    EXPECT_EQ(write(no(2), first).error().kind, ErrorKind::conflict);
    ASSERT_OK(write(no(2), second));
    expect_issued_once(no(1), first);
    expect_issued_once(no(2), second);
}

TEST_F(Writing, AKeyThatIsNotInStockIsRefused) {
    approved(tests::sample_order(1));
    const auto added = add_soft_key(*tokens_, "KEY", so_pin(), pin());
    ASSERT_OK(added);
    EXPECT_EQ(write(no(1), added->serial).error().kind, ErrorKind::refused);
    EXPECT_EQ(write(no(1), "0000000000000000").error().kind, ErrorKind::device);
}

TEST_F(Writing, AWrongPinBeginsNothing) {
    approved(tests::sample_order(1));
    const std::string serial = key();
    EXPECT_EQ(keys::write(*database_, officer_, bench_, no(1), serial, Secret(std::string("000000"))).error().kind,
              ErrorKind::device);
    EXPECT_TRUE(jobs_of(*database_, no(1))->empty());
}

TEST_F(Writing, AnotherKeyInTheSessionIsRefused) {
    approved(tests::sample_order(1));
    const std::string mine = key(), other = key();
    const auto job = begin(*database_, officer_, bench_, no(1), mine);
    ASSERT_OK(job);
    login(other);
    const auto wrong = advance(*database_, officer_, bench_, *session_, *job);
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().kind, ErrorKind::device);
    EXPECT_THAT(wrong.error().message, HasSubstr(mine));
    EXPECT_TRUE(session_->key_pairs()->empty());
}

// The power goes after `done` steps were recorded.
TEST_F(Writing, ACrashBetweenTwoStepsIsGoneOnWith) {
    for (int done = 0; done < kSteps; ++done) {
        SCOPED_TRACE(name_of(static_cast<Step>(done)));
        const int n = done + 1;
        approved(tests::sample_order(n));
        const std::string serial = key();
        auto job = begin(*database_, officer_, bench_, no(n), serial);
        ASSERT_OK(job);
        login(serial);
        for (int i = 0; i < done; ++i) {
            job = advance(*database_, officer_, bench_, *session_, *job);
            ASSERT_OK(job);
        }
        EXPECT_EQ(job->done, static_cast<Step>(done));
        crash();
        if (done + 1 < kSteps) {
            ASSERT_EQ(open_jobs(*database_)->size(), 1U);
            ASSERT_OK(write(no(n), serial));
        }
        expect_issued_once(no(n), serial);
    }
}

// The power goes when a step was done on the KEY and its record did not reach the disk.
TEST_F(Writing, ACrashBeforeTheRecordOfAStepIsGoneOnWith) {
    for (int lost = 1; lost < kSteps; ++lost) {
        SCOPED_TRACE(name_of(static_cast<Step>(lost)));
        approved(tests::sample_order(lost));
        const std::string serial = key();
        auto job = begin(*database_, officer_, bench_, no(lost), serial);
        ASSERT_OK(job);
        login(serial);
        for (int i = 1; i < lost; ++i) {
            job = advance(*database_, officer_, bench_, *session_, *job);
            ASSERT_OK(job);
        }
        ASSERT_OK(database_->execute("CREATE TRIGGER power BEFORE UPDATE ON key_jobs BEGIN SELECT RAISE(ABORT, 'gone'); END"));
        EXPECT_FALSE(advance(*database_, officer_, bench_, *session_, *job));
        crash();
        ASSERT_OK(database_->execute("DROP TRIGGER power"));
        EXPECT_EQ(jobs_of(*database_, no(lost))->front().done, static_cast<Step>(lost - 1));
        ASSERT_OK(write(no(lost), serial));
        expect_issued_once(no(lost), serial);
    }
}

// A second program went on with the job: the first one does not sign or bind again.
TEST_F(Writing, AJobThatSomebodyElseFinishedIsAConflict) {
    approved(tests::sample_order(1));
    const std::string serial = key();
    const auto begun = begin(*database_, officer_, bench_, no(1), serial);
    ASSERT_OK(begun);
    ASSERT_OK(write(no(1), serial));
    login(serial);
    EXPECT_EQ(advance(*database_, officer_, bench_, *session_, *begun).error().kind, ErrorKind::conflict);
    session_.reset();
    expect_issued_once(no(1), serial);
}

TEST_F(Writing, AnOrderOfTwoNeedsTwoKeys) {
    auto order = tests::sample_order(1);
    order.quantity = 2;
    approved(order);
    const std::string first = key(), second = key(), third = key();
    ASSERT_OK(write(no(1), first));
    EXPECT_EQ(state(no(1)), State::approved);
    EXPECT_THAT(acts_of(no(1)), ElementsAre("bound"));
    // Already written: nothing more, and its PIN, which may be the applicant's by now, is not tried.
    const auto again = keys::write(*database_, officer_, bench_, no(1), first, crypto::Secret(std::string("000000")));
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().kind, ErrorKind::conflict);
    EXPECT_THAT(again.error().message, HasSubstr(first));
    EXPECT_FALSE(tokens_->find(first)->pin_low);
    EXPECT_EQ(certificates_of(no(1)).size(), 1U);
    const auto job = write(no(1), second);
    ASSERT_OK(job);
    EXPECT_EQ(job->unit_no, 2);
    EXPECT_EQ(state(no(1)), State::issued);
    EXPECT_THAT(acts_of(no(1)), ElementsAre("bound", "bound", "issued"));
    const auto entries = certificates_of(no(1));
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_NE(entries[0].serial, entries[1].serial);
    EXPECT_EQ(entries[0].key_serial, first);
    EXPECT_EQ(entries[1].key_serial, second);
    EXPECT_EQ(write(no(1), third).error().kind, ErrorKind::conflict);
    EXPECT_EQ(find_key(*database_, third).value()->state, KeyState::blank);
}

namespace {

class Replacing : public Writing {
protected:
    void SetUp() override {
        Writing::SetUp();
        approved(tests::sample_order(1));
        ASSERT_OK(write(no(1), key()));
        old_ = certificates_of(no(1)).at(0).serial;
        clock_.advance(kDay);
    }
    orders::Order replacement(orders::ReplacementCause cause, const std::string& named = {}) {
        auto order = tests::sample_order(2);
        order.kind = orders::OrderKind::replacement;
        order.cause = cause;
        order.replaced_certificate = named;
        return order;
    }
    certificates::Entry entry(const std::string& serial) {
        return database_->read([&](storage::Tx& tx) { return certificates::find(tx, serial); })->value();
    }

    std::string old_;
};

}  // namespace

TEST_F(Replacing, RevokesTheOldOneAndMakesTheListTogether) {
    approved(replacement(orders::ReplacementCause::lost));
    EXPECT_FALSE(certificates::newest_crl(*database_).value());
    const std::string serial = key();
    auto job = begin(*database_, officer_, bench_, no(2), serial);
    ASSERT_OK(job);
    login(serial);
    while (job->done != Step::generate) {
        job = advance(*database_, officer_, bench_, *session_, *job);
        ASSERT_OK(job);
    }
    // The list cannot be written: then the old certificate stays, and the new one's serial is not on record.
    ASSERT_OK(database_->execute("CREATE TRIGGER full BEFORE INSERT ON crls BEGIN SELECT RAISE(ABORT, 'full'); END"));
    EXPECT_FALSE(advance(*database_, officer_, bench_, *session_, *job));
    EXPECT_EQ(entry(old_).state, "valid");
    EXPECT_TRUE(certificates_of(no(2)).empty());
    EXPECT_EQ(jobs_of(*database_, no(2))->front().done, Step::generate);
    ASSERT_OK(database_->execute("DROP TRIGGER full"));

    // A lost KEY's certificate goes before the new one is signed.
    job = advance(*database_, officer_, bench_, *session_, *job);
    ASSERT_OK(job);
    EXPECT_EQ(entry(old_).state, "revoked");
    EXPECT_EQ(entry(job->certificate_serial).state, "recorded");
    job = advance(*database_, officer_, bench_, *session_, *job);
    ASSERT_OK(job);
    EXPECT_EQ(entry(old_).state, "revoked");
    EXPECT_EQ(entry(old_).revoked_at, clock_.now());
    EXPECT_EQ(entry(old_).revocation_reason, static_cast<int>(certificates::RevocationReason::key_compromise));
    EXPECT_EQ(entry(job->certificate_serial).state, "valid");
    EXPECT_EQ(entry(job->certificate_serial).replaces, old_);
    const auto crl = certificates::newest_crl(*database_).value();
    ASSERT_TRUE(crl);
    EXPECT_EQ(crl->number, 1);
    EXPECT_EQ(crl->this_update, clock_.now());
    const auto trust = authority()->trust(*crypto::from_pem("X509 CRL", crl->pem));
    const auto verify = [&](const std::string& which) {
        return certificates::verify(*crypto::from_pem("CERTIFICATE", entry(which).pem), trust, clock_.now() + kHour);
    };
    EXPECT_THAT(verify(old_).error().message, HasSubstr("已被吊销"));
    EXPECT_TRUE(verify(job->certificate_serial));
    session_.reset();
    ASSERT_OK(write(no(2), serial));
    expect_issued_once(no(2), serial);
    EXPECT_EQ(certificates::newest_crl(*database_).value()->number, 1);
}

TEST_F(Replacing, ADamagedKeyIsSuperseded) {
    auto order = replacement(orders::ReplacementCause::damaged, old_);
    order.years = 3;
    approved(order);
    const std::string serial = key();
    auto job = begin(*database_, officer_, bench_, no(2), serial);
    ASSERT_OK(job);
    login(serial);
    while (job->done != Step::request) {
        job = advance(*database_, officer_, bench_, *session_, *job);
        ASSERT_OK(job);
    }
    EXPECT_EQ(entry(old_).state, "valid");  // until there is the new one
    session_.reset();
    ASSERT_OK(write(no(2), serial));
    EXPECT_EQ(entry(job->certificate_serial).not_after, entry(old_).not_after);
    EXPECT_EQ(find_key(*database_, entry(old_).key_serial).value()->state, KeyState::scrapped);
    EXPECT_THAT(acts_of(no(1)), ElementsAre("bound", "issued", "revoked"));
    EXPECT_EQ(entry(old_).state, "revoked");
    EXPECT_EQ(entry(old_).revocation_reason, static_cast<int>(certificates::RevocationReason::superseded));
}

TEST_F(Replacing, TheCertificateOfSomebodyElseStays) {
    auto stranger = replacement(orders::ReplacementCause::lost, old_);
    stranger.subject.document_number = "91320104MA1X1K2L99";
    approved(stranger);
    const auto refused = write(no(2), key());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::refused);
    EXPECT_EQ(entry(old_).state, "valid");
    EXPECT_FALSE(certificates::newest_crl(*database_).value());
    EXPECT_EQ(state(no(2)), State::approved);
}
