// What a certificate cannot be made for is said before a KEY is taken and before anything is revoked.
#include "keys/certifiable.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "certificates/standing.h"
#include "keys/incidents.h"
#include "tests/keys/fake_tokens.h"
#include "tests/keys/key_desk.h"

namespace sealdesk::keys {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using tests::KeyDesk;

class Certifiable : public testing::Test {
protected:
    void key(const std::string& serial) {
        tokens_.add(serial);
        ASSERT_OK(seen(*desk_.database, {tokens_.key(serial).info}));
    }
    void issued(int n, const std::string& serial, int years = 1) {
        key(serial);
        auto order = KeyDesk::order_of(n, 1);
        order.years = years;
        ASSERT_OK(desk_.approve(order));
        ASSERT_OK(desk_.write(KeyDesk::no(n), serial));
    }
    void ordered(int n, const std::function<void(orders::Order&)>& change) {
        auto order = KeyDesk::order_of(n, 1);
        change(order);
        ASSERT_OK(desk_.approve(order));
    }
    certificates::Entry certificate(const std::string& serial) {
        return *desk_.database->read([&](storage::Tx& tx) { return certificates::of_key(tx, serial); }).value();
    }
    // Refused with this sentence; the KEY stays blank and empty, nothing is journalled or revoked.
    void expect_refused(int n, const std::string& serial, const auto& sentence) {
        const auto before = desk_.number("SELECT COUNT(*) FROM audit");
        const auto written = desk_.write(KeyDesk::no(n), serial);
        ASSERT_FALSE(written);
        EXPECT_THAT(written.error().message, sentence);
        EXPECT_EQ(written.error().kind, ErrorKind::refused);
        EXPECT_EQ(find_key(*desk_.database, serial).value()->state, KeyState::blank);
        EXPECT_TRUE(tokens_.key(serial).pairs.empty());
        EXPECT_TRUE(jobs_of(*desk_.database, KeyDesk::no(n))->empty());
        EXPECT_EQ(desk_.number("SELECT COUNT(*) FROM certificates WHERE state = 'revoked'"), 0);
        EXPECT_EQ(desk_.number("SELECT COUNT(*) FROM crls"), 0);
        EXPECT_EQ(desk_.number("SELECT COUNT(*) FROM audit"), before);
    }

    tests::TemporaryFolder folder_;
    tests::FakeTokens tokens_;
    KeyDesk desk_{folder_.path(), &tokens_};
};

TEST_F(Certifiable, YearsThatTheProfileDoesNotHaveCostNoKeyAndNoCertificate) {
    issued(1, "K1");
    key("K2");
    int n = 1;
    for (const int years : {4, 5}) {
        ordered(++n, [&](orders::Order& order) {
            order.kind = orders::OrderKind::replacement;
            order.cause = orders::ReplacementCause::lost;
            order.years = years;
        });
        expect_refused(n, "K2", AllOf(HasSubstr(std::to_string(years) + " 年"), HasSubstr("1 到 3 年")));
        EXPECT_EQ(certificate("K1").state, "valid");
    }
    desk_.bench.profiles.begin()->second.min_years = 2;
    ordered(++n, [](orders::Order& order) { order.years = 1; });
    expect_refused(n, "K2", HasSubstr("2 到 3 年"));
    ordered(++n, [](orders::Order& order) { order.years = 3; });
    EXPECT_TRUE(desk_.write(KeyDesk::no(n), "K2"));
}

TEST_F(Certifiable, ADamagedKeyWhoseCertificateHasEndedIsRenewedNotReplaced) {
    issued(1, "K1");
    key("K2");
    ordered(2, [](orders::Order& order) {
        order.kind = orders::OrderKind::replacement;
        order.cause = orders::ReplacementCause::damaged;
    });
    desk_.clock.advance(367 * kDay);
    expect_refused(2, "K2", HasSubstr("请改为办理续期"));
}

TEST_F(Certifiable, ADamagedKeyKeepsTheOldEndWhateverTheOrderSays) {
    issued(1, "K1", 3);
    key("K2");
    ordered(2, [](orders::Order& order) {
        order.kind = orders::OrderKind::replacement;
        order.cause = orders::ReplacementCause::damaged;
        order.years = 5;
    });
    desk_.clock.advance(100 * kDay);
    ASSERT_OK(desk_.write(KeyDesk::no(2), "K2"));
    EXPECT_EQ(certificate("K2").not_after, certificate("K1").not_after);
}

TEST_F(Certifiable, APersonsCertificateNamesTheirUnitAndLastsAsLongAsWasPaid) {
    desk_.bench.profiles.emplace(orders::SubjectKind::person,
                                 *certificates::read_profile(tests::source("data/profiles/person.toml")));
    for (const int years : {1, 2, 3}) {
        const std::string serial = "K" + std::to_string(years);
        key(serial);
        ordered(years, [&](orders::Order& order) {
            order.subject.kind = orders::SubjectKind::person;
            order.subject.document_kind = orders::DocumentKind::identity_card;
            order.subject.name = "王敏";
            order.subject.document_number = "11010519491231002X";
            order.subject.enterprise = "南京垚鑫建设有限公司";
            order.years = years;
        });
        const auto job = desk_.write(KeyDesk::no(years), serial);
        ASSERT_TRUE(job) << job.error().message;
        const std::string on_key = tokens_.key(serial).certificates.begin()->second.der;
        const auto facts = certificates::describe(on_key);
        ASSERT_OK(facts);
        EXPECT_EQ(facts->subject, (certificates::SubjectName{"王敏", "南京垚鑫建设有限公司", "11010519491231002X", "CN"}));
        EXPECT_EQ(facts->not_before, desk_.clock.now());
        EXPECT_EQ(facts->not_after, certificates::end_of_validity(desk_.clock.now(), years));
        EXPECT_EQ(certificate(serial).not_after, facts->not_after);
        EXPECT_TRUE(certificates::verify(on_key, desk_.bench.authority->trust(), facts->not_after + -kSecond));
        EXPECT_FALSE(certificates::verify(on_key, desk_.bench.authority->trust(), facts->not_after + kSecond));
    }
}

TEST_F(Certifiable, ADriverWithoutSm2IsKnownBeforehand) {
    key("K1");
    ordered(1, [](orders::Order&) {});
    desk_.bench.algorithm = crypto::KeyAlgorithm::sm2;
    expect_refused(1, "K1", HasSubstr("不支持 SM2"));
    desk_.bench.algorithm.reset();
    desk_.bench.profiles.begin()->second.algorithm = crypto::KeyAlgorithm::sm2;
    expect_refused(1, "K1", HasSubstr("不支持 SM2"));
}

}  // namespace
}  // namespace sealdesk::keys
