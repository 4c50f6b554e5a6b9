// KeyDesk: a desk that writes KEYs, in a folder that can be copied: database, officer, authority (P-256); and what must
// hold of it once every order that was begun is finished.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "acts/acts.h"
#include "audit/audit.h"
#include "certificates/authority.h"
#include "crypto/digest.h"
#include "keys/writing.h"
#include "storage/rows.h"
#include "support/orders.h"

namespace sealdesk::tests {

inline std::shared_ptr<const certificates::Authority> p256_authority() {
    static const auto made = [] {
        crypto::SystemRandom random;
        const crypto::Secret passphrase(std::string("correct horse battery"));
        certificates::AuthorityPlan plan;
        plan.root = {"江东签章根 CA", "江东签章服务中心", "", "CN"};
        plan.issuer = {"江东签章签发 CA", "江东签章服务中心", "", "CN"};
        plan.algorithm = crypto::KeyAlgorithm::p_256;
        const auto files = *certificates::create_authority(plan, passphrase, random, TestClock().now());
        return std::make_shared<const certificates::Authority>(
            *certificates::Authority::load(files.root_pem, files.issuer_pem, files.issuer_key_pem, passphrase, ""));
    }();
    return made;
}

inline crypto::Secret user_pin() { return crypto::Secret(std::string("246810")); }

class KeyDesk {
public:
    // SQLite's database is the folder's; PostgreSQL gives a new one each time.
    KeyDesk(const std::filesystem::path& folder, keys::Tokens* tokens, storage::Engine engine = storage::Engine::sqlite) {
        auto opened =
            storage::Database::open({new_database_url(engine, folder), source("data/migrations/desk"), &clock, &random, 2});
        if (!opened) throw std::runtime_error(opened.error().message + opened.error().detail);
        database = std::move(*opened);
        bench.tokens = tokens;
        bench.authority = p256_authority();
        bench.random = &random;
        bench.algorithm = crypto::KeyAlgorithm::p_256;
        bench.profiles.emplace(orders::SubjectKind::unit, *certificates::read_profile(source("data/profiles/unit.toml")));
        bench.seal = [](storage::Database&, const keys::Job& job,
                        const certificates::Certificate& certificate) -> Result<std::string> {
            return seal_of(job, certificate.der);
        };
    }
    // The same bytes for the same job and certificate, and no others.
    static std::string seal_of(const keys::Job& job, const std::string& certificate_der) {
        return fmt::format("seal {} {} {} ", job.order_no, job.unit_no, job.key_serial) + crypto::sha256(certificate_der);
    }
    static std::string no(int n) { return sample_order(n).no; }
    // One subject each, so that nothing is replaced by accident.
    static orders::Order order_of(int n, int subject) {
        auto order = sample_order(n);
        order.subject.document_number = fmt::format("9132010400{:07}Q", subject);
        return order;
    }
    Result<> approve(const orders::Order& order) {
        SEALDESK_TRY(put(*database, {order}, orders::State::approved));
        return database->execute("UPDATE orders SET approved_by = 'zhou' WHERE no = '" + order.no + "'");
    }
    Result<keys::Job> write(const std::string& order_no, const std::string& serial, const std::set<std::string>& beside = {}) {
        return keys::write(*database, officer, bench, order_no, serial, user_pin(), {}, beside);
    }
    bool finished(const std::string& serial) {
        const auto job = keys::job_of(*database, serial);
        return job && *job && (*job)->finished();
    }
    bool issued(int n) { return orders::load(*database, no(n))->state == orders::State::issued; }
    std::int64_t number(const std::string& question) {
        return database
            ->read([&](storage::Tx& tx) -> Result<std::int64_t> { return storage::one<std::int64_t>(tx, question, -1); })
            .value();
    }

    // Everything is finished: one valid certificate for each KEY in use and no other, acts once, stock and audit whole.
    // `replaced`: how many certificates were replaced.
    void expect_whole(int replaced) {
        const auto ordered = number("SELECT CAST(SUM(quantity) AS BIGINT) FROM orders");
        EXPECT_EQ(number("SELECT COUNT(*) FROM key_jobs WHERE abandoned = 0 AND step <> 'bind'"), 0);
        EXPECT_EQ(number("SELECT COUNT(*) FROM orders WHERE state <> 'issued'"), 0);
        EXPECT_EQ(
            number("SELECT COUNT(*) FROM orders o WHERE quantity <> (SELECT COUNT(*) FROM key_jobs j WHERE j.order_no = o.no "
                   "AND j.abandoned = 0)"),
            0);
        // A KEY in use has exactly one valid certificate, the one its job made; a replaced one has none.
        EXPECT_EQ(number("SELECT COUNT(*) FROM keys k WHERE state = 'bound' AND 1 <> (SELECT COUNT(*) FROM certificates c WHERE "
                         "c.key_serial = k.serial AND c.state = 'valid')"),
                  0);
        EXPECT_EQ(
            number("SELECT COUNT(*) FROM certificates c WHERE state = 'valid' AND NOT EXISTS (SELECT 1 FROM key_jobs j WHERE "
                   "j.certificate_serial = c.serial AND j.key_serial = c.key_serial AND j.abandoned = 0)"),
            0);
        EXPECT_EQ(number("SELECT COUNT(*) FROM certificates WHERE state = 'recorded'"), 0);  // no orphan
        EXPECT_EQ(number("SELECT COUNT(*) FROM certificates WHERE state = 'revoked'"), replaced);
        EXPECT_EQ(number("SELECT COUNT(*) FROM certificates WHERE state = 'revoked' AND serial NOT IN (SELECT replaces FROM "
                         "certificates)"),
                  0);
        EXPECT_EQ(number("SELECT COUNT(DISTINCT serial) FROM certificates"), ordered);
        EXPECT_EQ(number("SELECT COUNT(*) FROM crls"), replaced);
        EXPECT_EQ(number("SELECT COUNT(*) FROM audit WHERE action = 'certificate.revoke'"), replaced);
        EXPECT_EQ(number("SELECT COUNT(*) FROM keys WHERE state = 'scrapped'"), replaced);
        // Each for what its order says; when that is damage, no KEY of the order runs longer than the one before.
        EXPECT_EQ(number("SELECT COUNT(*) FROM certificates n JOIN certificates o ON n.replaces = o.serial JOIN orders r ON r.no "
                         "= n.order_no WHERE o.revocation_reason <> CASE r.cause WHEN 'damaged' THEN 4 ELSE 1 END"),
                  0);
        EXPECT_EQ(number("SELECT COUNT(*) FROM certificates n JOIN orders r ON r.no = n.order_no JOIN certificates f ON "
                         "f.order_no = r.no JOIN certificates o ON o.serial = f.replaces WHERE r.cause = 'damaged' AND "
                         "n.not_after <> o.not_after"),
                  0);
        EXPECT_EQ(number("SELECT COUNT(*) FROM key_jobs WHERE beginning <> ''"), 0);
        // Acts: once each.
        EXPECT_EQ(number("SELECT COUNT(*) FROM acts WHERE kind = 'bound'"), ordered);
        EXPECT_EQ(number("SELECT COUNT(DISTINCT body) FROM acts WHERE kind = 'bound'"), ordered);
        EXPECT_EQ(number("SELECT COUNT(*) FROM acts WHERE kind = 'issued'"), number("SELECT COUNT(*) FROM orders"));
        EXPECT_EQ(number("SELECT COUNT(*) FROM acts WHERE kind = 'revoked'"), replaced);
        expect_told_once(replaced);
        const auto faults = keys::check_ledger(*database);
        ASSERT_OK(faults);
        EXPECT_TRUE(faults->empty()) << faults->front();
        EXPECT_TRUE(keys::ledger(*database)->balances());
        const auto chain = audit::verify(*database);
        ASSERT_OK(chain);
        EXPECT_FALSE(chain->first_bad) << chain->sentence;
    }
    // The portal hears everything, each act twice because the first answer is lost, and has done it once.
    void expect_told_once(int replaced) {
        std::map<std::string, std::string> heard;  // kind by uuid
        std::map<std::string, int> done;           // by kind
        int deliveries = 0;
        for (bool answer = false;; answer = !answer) {
            const auto due = acts::due(*database, 1000);
            ASSERT_OK(due);
            if (due->empty()) break;
            for (const auto& act : *due) {
                ++deliveries;
                if (heard.emplace(act.uuid, act.kind).second) ++done[act.kind];
                if (answer)
                    ASSERT_OK(acts::sent(*database, act));
                else
                    ASSERT_OK(acts::failed(*database, act, "没有回答", clock.now()));
            }
        }
        EXPECT_EQ(number("SELECT COUNT(*) FROM acts WHERE state <> 'sent'"), 0);
        EXPECT_EQ(deliveries, 2 * static_cast<int>(heard.size()));
        told_bound_ += done["bound"];
        told_issued_ += done["issued"];
        told_revoked_ += done["revoked"];
        EXPECT_EQ(told_bound_, number("SELECT CAST(SUM(quantity) AS BIGINT) FROM orders"));
        EXPECT_EQ(told_issued_, number("SELECT COUNT(*) FROM orders"));
        EXPECT_EQ(told_revoked_, replaced);
    }
    // What is on the KEY is the certificate of the register with its seal, and one key pair.
    void expect_on_key(const std::string& serial) {
        auto session = bench.tokens->open(serial);
        ASSERT_OK(session);
        ASSERT_OK((*session)->login(user_pin()));
        EXPECT_EQ((*session)->key_pairs()->size(), 1U) << serial;
        const auto stored = (*session)->certificates();
        ASSERT_OK(stored);
        ASSERT_EQ(stored->size(), 1U) << serial;
        const auto pem = database->read([&](storage::Tx& tx) -> Result<std::string> {
            return storage::one<std::string>(tx, "SELECT pem FROM certificates WHERE key_serial = :key AND state = 'valid'", "",
                                             serial);
        });
        EXPECT_EQ(certificates::certificate_pem((*stored)[0].der), *pem) << serial;
        const auto job = keys::job_of(*database, serial);
        ASSERT_OK(job);
        ASSERT_TRUE(*job);
        const auto seal = (*session)->find_data(keys::kSealLabel);
        ASSERT_OK(seal);
        EXPECT_EQ(seal->value_or(""), seal_of(**job, (*stored)[0].der)) << serial;
    }

    TestClock clock;
    crypto::SystemRandom random;
    std::unique_ptr<storage::Database> database;
    keys::Bench bench;
    const staff::Actor officer{"wu", "吴迪", static_cast<staff::Roles>(staff::Role::officer)};

private:
    std::int64_t told_bound_ = 0, told_issued_ = 0, told_revoked_ = 0;  // what the portal has done
};

// What is interrupted: the order's kind and number of KEYs. Number 2 is the order; a replacement replaces number 1.
struct Story {
    const char* name;
    orders::ReplacementCause cause;
    int quantity;
    bool replaces() const { return cause != orders::ReplacementCause::none; }
};
inline constexpr Story kStories[] = {
    {"New", orders::ReplacementCause::none, 1},        {"Lost", orders::ReplacementCause::lost, 1},
    {"Damaged", orders::ReplacementCause::damaged, 1}, {"Three", orders::ReplacementCause::none, 3},
    {"LostThree", orders::ReplacementCause::lost, 3},  {"DamagedThree", orders::ReplacementCause::damaged, 3},
};
inline std::string story_name(const testing::TestParamInfo<Story>& info) { return info.param.name; }

// The order of the story, approved; `first_key` carries what it replaces.
inline void begin_story(KeyDesk& desk, const Story& story, const std::string& first_key) {
    if (story.replaces()) {
        ASSERT_OK(desk.approve(KeyDesk::order_of(1, 1)));
        ASSERT_OK(desk.write(KeyDesk::no(1), first_key));
    }
    auto order = KeyDesk::order_of(2, 1);
    order.quantity = story.quantity;
    order.years = 2;  // for a KEY that was only damaged, the time of the one before it goes first
    if (story.replaces()) order.kind = orders::OrderKind::replacement;
    order.cause = story.cause;
    ASSERT_OK(desk.approve(order));
}

}  // namespace sealdesk::tests
