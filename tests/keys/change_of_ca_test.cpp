// Certificates of an external CA on KEYs: what is taken from it, and what becomes of each certificate when the CA is changed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "certificates/external.h"
#include "certificates/revocation_list.h"
#include "certificates/standing.h"
#include "keys/incidents.h"
#include "tests/certificates/cmp_server.h"
#include "tests/keys/fake_tokens.h"
#include "tests/keys/key_desk.h"

namespace sealdesk::keys {
namespace {

using certificates::CmpClient;
using certificates::SubjectName;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using tests::KeyDesk;

class ChangeOfCa : public testing::Test {
protected:
    void SetUp() override {
        // OpenSSL's client looks at the real time when it judges what the CA made.
        desk_.clock.advance(std::max<std::int64_t>(0, SystemClock().now() - desk_.clock.now()));
        server_.issuer_pem = files_.issuer_pem;
        server_.certify = [this](const certificates::Request& request) { return made(request); };
        outside_ = std::make_shared<const CmpClient>(*CmpClient::open(server_.account(files_.root_pem), server_.transport()));
        here_ = desk_.bench.authority;
    }
    // What the external CA makes: of the subject below, for `end_`.
    std::string made(const certificates::Request& request) {
        return authority_.sign(request, wide_, subject_, certificates::SerialNumber::random(desk_.random), begin_, end_)->der;
    }
    void external() { desk_.bench.external = outside_; }
    void built_in() { desk_.bench.external.reset(); }
    void ordered(int n, const std::string& serial, const std::function<void(orders::Order&)>& change = {}) {
        tokens_.add(serial);
        ASSERT_OK(seen(*desk_.database, {tokens_.key(serial).info}));
        auto order = KeyDesk::order_of(n, n);
        if (change) change(order);
        ASSERT_OK(desk_.approve(order));
        subject_ = {order.subject.name, order.subject.name, order.subject.document_number, "CN"};
        begin_ = now() + -kHour;  // the clock of this desk moves on, OpenSSL's does not
        end_ = certificates::end_of_validity(begin_, order.years);
    }
    void issued(int n, const std::string& serial) {
        ordered(n, serial);
        const auto job = desk_.write(KeyDesk::no(n), serial);
        ASSERT_TRUE(job) << job.error().message << job.error().detail;
    }
    // The writing broke off at this moment, and the KEY came back.
    void given_up(int n, const std::string& serial, Step at, Moment when) {
        struct Crash {};
        ordered(n, serial);
        desk_.bench.watch = [at, when](const Job&, Step step, Moment moment) {
            if (step == at && moment == when) throw Crash{};
        };
        EXPECT_THROW((void)desk_.write(KeyDesk::no(n), serial), Crash);
        desk_.bench.watch = {};
        ASSERT_OK(report(*desk_.database, desk_.officer, desk_.bench, Incident::returned, serial, "不写了"));
        EXPECT_EQ(certificate(serial).state, "revoked");
    }
    void revocations_fail(int bit) {
        server_.revocation_failure = [bit](const std::string&) { return 1 << bit; };
    }
    int untold() { return certificates::untold_revocations(*desk_.database).value(); }
    Instant now() { return {desk_.clock.now().ms / 1000 * 1000}; }
    Result<Outcome> lost(const std::string& serial) {
        return report(*desk_.database, desk_.officer, desk_.bench, Incident::lost, serial, "周敏来电");
    }
    certificates::Entry certificate(const std::string& serial) {
        return *desk_.database->read([&](storage::Tx& tx) { return certificates::of_key(tx, serial); }).value();
    }
    std::vector<certificates::Entry> entries(int n) {
        return desk_.database->read([&](storage::Tx& tx) { return certificates::of_order(tx, KeyDesk::no(n)); }).value();
    }
    Result<int> tell() { return certificates::tell_revocations(*desk_.database, *outside_, desk_.random); }
    int on_our_list() {
        const auto list = certificates::newest_crl(*desk_.database).value();
        return list ? certificates::describe_list(*crypto::from_pem("X509 CRL", list->pem))->revoked : -1;
    }

    tests::TemporaryFolder folder_;
    tests::FakeTokens tokens_;
    KeyDesk desk_{folder_.path(), &tokens_};
    const certificates::AuthorityFiles files_ = *certificates::create_authority(
        {{"根", "外部中心", "", "CN"}, {"CMP Server", "外部中心", "", "CN"}, 20, 10, crypto::KeyAlgorithm::p_256},
        crypto::Secret(std::string("correct horse")), desk_.random, SystemClock().now() + -3 * kDay);
    const certificates::Authority authority_ = *certificates::Authority::load(
        files_.root_pem, files_.issuer_pem, files_.issuer_key_pem, crypto::Secret(std::string("correct horse")), "");
    // It may leave fields out.
    certificates::Profile wide_ = *certificates::parse_profile("p",
                                                               "subject = [\"C\", \"O\", \"CN\", \"serialNumber\"]\nmin_years = "
                                                               "1\nmax_years = 10\nkey_usage = [\"digital_signature\"]\n");
    tests::CmpServer server_;
    SubjectName subject_;
    Instant begin_, end_;
    std::shared_ptr<const CmpClient> outside_;
    std::shared_ptr<const certificates::Authority> here_;
};

TEST_F(ChangeOfCa, WhatWasAskedForAndPaidIsTakenAndNothingElse) {
    external();
    ordered(1, "K1", [](orders::Order& order) { order.years = 2; });
    const SubjectName right = subject_;
    const Instant begin = begin_, end = end_;
    struct Row {
        const char* what;
        std::function<void()> change;
        const char* says;
    };
    const Row rows[] = {
        {"another name", [&] { subject_.common_name = "别的公司"; }, "写的是“别的公司”"},
        {"another number", [&] { subject_.number = "91320104000000009Q"; }, "写的是“91320104000000009Q”"},
        {"no number", [&] { wide_.with_number = false; }, "没有号码"},
        {"another organisation", [&] { subject_.organisation = "挂靠公司"; }, "写的是“挂靠公司”"},
        {"another country", [&] { subject_.country = "US"; }, "写的是“US”"},
        {"one year instead of two", [&] { end_ = certificates::end_of_validity(begin_, 1); }, "应当到"},
        {"three days too short", [&] { end_ = end_ + -3 * kDay; }, "应当到"},
    };
    for (const auto& [what, change, says] : rows) {
        change();
        const auto written = desk_.write(KeyDesk::no(1), "K1");
        ASSERT_FALSE(written) << what;
        EXPECT_THAT(written.error().message, HasSubstr(says)) << what;
        EXPECT_EQ(written.error().kind, ErrorKind::denied) << what;
        ASSERT_EQ(entries(1).size(), 1U) << what;
        EXPECT_EQ(entries(1)[0].state, "recorded") << what;
        EXPECT_TRUE(entries(1)[0].pem.empty()) << what;
        subject_ = right;
        begin_ = begin;
        end_ = end;
        wide_.with_number = true;
    }
    EXPECT_THAT(server_.confirmed, IsEmpty()) << "the CA hears that none was taken";
    // A CA whose year has 365 days, and that leaves the organisation out.
    wide_.with_organisation = false;
    end_ = begin + 730 * kDay;
    const auto written = desk_.write(KeyDesk::no(1), "K1");
    ASSERT_TRUE(written) << written.error().message << written.error().detail;
    EXPECT_THAT(server_.confirmed, ElementsAre(written->certificate_serial));
    EXPECT_EQ(certificate("K1").not_after, end_);
    EXPECT_EQ(certificate("K1").state, "valid");
}

TEST_F(ChangeOfCa, EachCertificateIsRevokedWhereItWasIssued) {
    issued(1, "K1");
    external();
    issued(2, "K2");
    issued(3, "K3");
    EXPECT_EQ(certificate("K1").source, "");
    EXPECT_EQ(certificate("K2").source, certificates::kFromCmp);

    // With the external CA in force: our own one goes onto our own list, which was promised.
    EXPECT_THAT(plan(*desk_.database, Incident::lost, "K1")->steps[1], "签发新的吊销列表");
    EXPECT_THAT(plan(*desk_.database, Incident::lost, "K2")->steps[1], "告知外部 CA 吊销");
    ASSERT_OK(lost("K1"));
    EXPECT_EQ(on_our_list(), 1);
    EXPECT_EQ(tell().value(), 0);
    const auto theirs = lost("K2");
    ASSERT_OK(theirs);
    EXPECT_EQ(theirs->crl_number, 0);
    EXPECT_EQ(on_our_list(), 1);
    EXPECT_EQ(tell().value(), 1);
    EXPECT_THAT(server_.revoked, ElementsAre(certificate("K2").serial));

    // Back with our own CA: its certificate is not ours to list, and the CA is still told.
    built_in();
    ASSERT_OK(lost("K3"));
    issued(4, "K4");
    ASSERT_OK(lost("K4"));
    EXPECT_EQ(on_our_list(), 2) << "K1 and K4";
    EXPECT_EQ(certificates::untold_revocations(*desk_.database).value(), 1);
    EXPECT_EQ(tell().value(), 1);
    EXPECT_EQ(certificates::untold_revocations(*desk_.database).value(), 0);
    EXPECT_THAT(server_.revoked, ElementsAre(certificate("K2").serial, certificate("K3").serial));

    // Suspending belongs to our own list.
    issued(5, "K5");
    external();
    issued(6, "K6");
    const auto hold = [&](const char* serial) {
        return report(*desk_.database, desk_.officer, desk_.bench, Incident::suspended, serial, "来电");
    };
    EXPECT_TRUE(hold("K5"));
    EXPECT_THAT(hold("K6").error().message, HasSubstr("不能停用"));
}

TEST_F(ChangeOfCa, WithoutTheKeyOfOurCaItsCertificatesStayUntilItIsOpened) {
    issued(1, "K1");
    external();
    desk_.bench.authority.reset();
    const auto refused = lost("K1");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::device);
    EXPECT_EQ(certificate("K1").state, "valid");
    // A replacement knows it before a KEY is taken.
    ordered(2, "K2", [](orders::Order& order) {
        order.subject.document_number = KeyDesk::order_of(1, 1).subject.document_number;
        order.kind = orders::OrderKind::replacement;
        order.cause = orders::ReplacementCause::lost;
    });
    EXPECT_THAT(desk_.write(KeyDesk::no(2), "K2").error().message, HasSubstr("密钥没有打开"));
    EXPECT_EQ(find_key(*desk_.database, "K2").value()->state, KeyState::blank);
    desk_.bench.authority = here_;
    const auto written = desk_.write(KeyDesk::no(2), "K2");
    ASSERT_TRUE(written) << written.error().message;
    EXPECT_EQ(certificate("K1").state, "revoked");
    EXPECT_EQ(on_our_list(), 1);
    EXPECT_EQ(certificate("K2").source, certificates::kFromCmp);
}

TEST_F(ChangeOfCa, AKeyBegunUnderOneCaIsFinishedUnderTheOther) {
    struct Crash {};
    const auto stop_before_sign = [](const Job&, Step step, Moment moment) {
        if (step == Step::sign && moment == Moment::begins) throw Crash{};
    };
    desk_.bench.watch = stop_before_sign;
    ordered(1, "K1");
    EXPECT_THROW((void)desk_.write(KeyDesk::no(1), "K1"), Crash);
    desk_.bench.watch = {};
    external();
    ASSERT_OK(desk_.write(KeyDesk::no(1), "K1"));
    EXPECT_EQ(certificate("K1").source, certificates::kFromCmp);
    ASSERT_OK(lost("K1"));
    EXPECT_EQ(tell().value(), 1) << "the one that made it";

    // The other way round, broken off after the CA's answer was kept: it may count it as confirmed.
    desk_.bench.watch = [](const Job&, Step step, Moment moment) {
        if (step == Step::sign && moment == Moment::unrecorded) throw Crash{};
    };
    ordered(2, "K2");
    end_ = end_ + 400 * kDay;
    EXPECT_THROW((void)desk_.write(KeyDesk::no(2), "K2"), Crash);
    desk_.bench.watch = {};
    const std::string unsure = entries(2).at(0).serial;
    built_in();
    EXPECT_THAT(desk_.write(KeyDesk::no(2), "K2").error().message, HasSubstr(unsure)) << "nobody could revoke it there";
    desk_.bench.external = outside_;
    desk_.bench.external_issues = false;
    ASSERT_OK(desk_.write(KeyDesk::no(2), "K2"));
    EXPECT_THAT(server_.revoked, testing::Contains(unsure));
    ASSERT_EQ(entries(2).size(), 1U);
    EXPECT_EQ(certificate("K2").source, "");
    EXPECT_EQ(certificate("K2").not_after, certificates::end_of_validity(now(), 1)) << "what was paid, not what the CA gave";
    EXPECT_TRUE(
        certificates::verify(*crypto::from_pem("CERTIFICATE", certificate("K2").pem), here_->trust(), desk_.clock.now() + kHour));
}

TEST_F(ChangeOfCa, ALostOneIsRevokedThereBeforeTheNewOneIsAskedFor) {
    external();
    issued(1, "K1");
    const std::string old = certificate("K1").serial;
    ordered(2, "K2", [](orders::Order& order) {
        order.subject.document_number = KeyDesk::order_of(1, 1).subject.document_number;
        order.kind = orders::OrderKind::replacement;
        order.cause = orders::ReplacementCause::lost;
    });
    server_.away = true;
    const auto waits = desk_.write(KeyDesk::no(2), "K2");
    ASSERT_FALSE(waits);
    EXPECT_EQ(waits.error().kind, ErrorKind::unavailable);
    EXPECT_EQ(certificates::untold_revocations(*desk_.database).value(), 1);
    server_.away = false;
    std::vector<std::string> gone;
    server_.certify = [&](const certificates::Request& request) {
        gone = server_.revoked;
        return made(request);
    };
    const auto written = desk_.write(KeyDesk::no(2), "K2");
    ASSERT_TRUE(written) << written.error().message << written.error().detail;
    EXPECT_THAT(gone, ElementsAre(old));
    EXPECT_EQ(certificate("K2").replaces, old);
    EXPECT_EQ(tell().value(), 0) << "once";
}

// The CA forbids it to everybody: no reason to write no KEYs, and the desk goes on saying so.
TEST_F(ChangeOfCa, ALossThatTheCaWillNotHearOfHoldsUpNoKey) {
    external();
    issued(1, "K1");
    ordered(2, "K2", [](orders::Order& order) {
        order.subject.document_number = KeyDesk::order_of(1, 1).subject.document_number;
        order.kind = orders::OrderKind::replacement;
        order.cause = orders::ReplacementCause::lost;
    });
    revocations_fail(OSSL_CMP_PKIFAILUREINFO_notAuthorized);
    const auto written = desk_.write(KeyDesk::no(2), "K2");
    ASSERT_TRUE(written) << written.error().message << written.error().detail;
    EXPECT_EQ(certificate("K1").state, "revoked");
    EXPECT_EQ(untold(), 1);
    EXPECT_THAT(tell().error().message, HasSubstr("不允许"));
}

TEST_F(ChangeOfCa, ARefusalIsNoProofThatACertificateIsGone) {
    external();
    given_up(1, "K1", Step::sign, Moment::unrecorded);
    for (const int bit : {OSSL_CMP_PKIFAILUREINFO_badMessageCheck, OSSL_CMP_PKIFAILUREINFO_notAuthorized,
                          OSSL_CMP_PKIFAILUREINFO_badTime, OSSL_CMP_PKIFAILUREINFO_badAlg}) {
        revocations_fail(bit);
        EXPECT_FALSE(tell()) << bit;
        EXPECT_EQ(untold(), 1) << bit;
    }
    EXPECT_EQ(desk_.number("SELECT COUNT(*) FROM audit WHERE action = 'certificate.ca_told'"), 0);
    server_.revocation_failure = [](const std::string&) { return -1; };
    EXPECT_EQ(tell().value(), 1) << "it is tried again";
    EXPECT_THAT(server_.revoked, ElementsAre(certificate("K1").serial));

    // The CA dropped what nobody confirmed.
    given_up(2, "K2", Step::sign, Moment::unrecorded);
    revocations_fail(OSSL_CMP_PKIFAILUREINFO_badCertId);
    EXPECT_EQ(tell().value(), 1);
    given_up(3, "K3", Step::sign, Moment::unrecorded);
    revocations_fail(OSSL_CMP_PKIFAILUREINFO_badRequest);
    EXPECT_EQ(tell().value(), 1);
    EXPECT_EQ(untold(), 0);

    // This one was confirmed before its KEY was given up: the CA has to find it.
    given_up(4, "K4", Step::write_certificate, Moment::begins);
    for (const int bit : {OSSL_CMP_PKIFAILUREINFO_badCertId, OSSL_CMP_PKIFAILUREINFO_badRequest}) {
        revocations_fail(bit);
        EXPECT_EQ(tell().error().kind, ErrorKind::refused) << bit;
        EXPECT_EQ(untold(), 1) << bit;
    }
    server_.revocation_failure = [](const std::string&) { return -1; };
    EXPECT_EQ(tell().value(), 1);
}

TEST_F(ChangeOfCa, AKeyIsNotWrittenAnewWhileItsUnsureCertificateMayStand) {
    struct Crash {};
    external();
    ordered(1, "K1");
    desk_.bench.watch = [](const Job&, Step step, Moment moment) {
        if (step == Step::sign && moment == Moment::unrecorded) throw Crash{};
    };
    EXPECT_THROW((void)desk_.write(KeyDesk::no(1), "K1"), Crash);
    desk_.bench.watch = {};
    const std::string unsure = entries(1).at(0).serial;
    revocations_fail(OSSL_CMP_PKIFAILUREINFO_notAuthorized);
    const auto waits = desk_.write(KeyDesk::no(1), "K1");
    ASSERT_FALSE(waits);
    EXPECT_EQ(waits.error().kind, ErrorKind::denied) << waits.error().message;
    EXPECT_EQ(entries(1).at(0).serial, unsure);
    EXPECT_FALSE(entries(1).at(0).pem.empty()) << "not forgotten";
    revocations_fail(OSSL_CMP_PKIFAILUREINFO_badCertId);
    ASSERT_OK(desk_.write(KeyDesk::no(1), "K1"));
    EXPECT_NE(certificate("K1").serial, unsure);
}

TEST_F(ChangeOfCa, EveryReasonIsSaidOnce) {
    external();
    for (int n = 1; n <= 3; ++n) {
        issued(n, "K" + std::to_string(n));
        desk_.clock.advance(kMinute);
        ASSERT_OK(lost("K" + std::to_string(n)));
    }
    server_.revocation_failure = [&](const std::string& serial) {
        return serial == certificate("K2").serial ? 1 << OSSL_CMP_PKIFAILUREINFO_notAuthorized
                                                  : 1 << OSSL_CMP_PKIFAILUREINFO_badCertId;
    };
    const auto told = tell();
    ASSERT_FALSE(told);
    EXPECT_EQ(told.error().message, "证书 " + certificate("K1").serial + " 等 2 张：外部 CA 没有这张证书；证书 " +
                                        certificate("K2").serial + "：外部 CA 不允许我们做这件事");
    EXPECT_EQ(told.error().kind, ErrorKind::denied) << "the one that weighs more";
    EXPECT_EQ(untold(), 3);
}

TEST_F(ChangeOfCa, OneRevocationThatIsRefusedHoldsUpNoOther) {
    external();
    for (int n = 1; n <= 4; ++n) {
        issued(n, "K" + std::to_string(n));
        desk_.clock.advance(kMinute);
        ASSERT_OK(lost("K" + std::to_string(n)));
    }
    // The first answer was lost on the way: the CA has it on its list and says so.
    server_.revocation_failure = [&](const std::string& serial) {
        return serial == certificate("K1").serial   ? 1 << OSSL_CMP_PKIFAILUREINFO_certRevoked
               : serial == certificate("K2").serial ? 1 << OSSL_CMP_PKIFAILUREINFO_badCertId
                                                    : -1;
    };
    const auto told = tell();
    ASSERT_FALSE(told);
    EXPECT_THAT(told.error().message, testing::AllOf(HasSubstr(certificate("K2").serial), HasSubstr("外部 CA 没有这张证书")));
    EXPECT_THAT(server_.revoked, ElementsAre(certificate("K3").serial, certificate("K4").serial));
    EXPECT_EQ(certificates::untold_revocations(*desk_.database).value(), 1) << "only the one it does not know";
    server_.revocation_failure = [](const std::string&) { return -1; };
    EXPECT_EQ(tell().value(), 1);
    EXPECT_EQ(tell().value(), 0) << "once";
    EXPECT_EQ(desk_.number("SELECT COUNT(*) FROM audit WHERE action = 'certificate.ca_told'"), 4);

    // Away: it is not asked once for each.
    issued(5, "K5");
    issued(6, "K6");
    ASSERT_OK(lost("K5"));
    ASSERT_OK(lost("K6"));
    server_.away = true;
    const int before = server_.asked;
    EXPECT_EQ(tell().error().kind, ErrorKind::unavailable);
    EXPECT_EQ(server_.asked, before + 1);
}

}  // namespace
}  // namespace sealdesk::keys
