// The issuing CA's certificate made anew for the same name and key: what was signed before and after leads to it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/files.h"
#include "base/process.h"
#include "certificates/authority.h"
#include "certificates/revocation_list.h"
#include "support/databases.h"

namespace sealdesk::certificates {
namespace {

using crypto::KeyAlgorithm;
using testing::HasSubstr;

constexpr std::int64_t kYear = 366 * kDay;

crypto::Secret words(const char* text = "correct horse battery") { return crypto::Secret(std::string(text)); }

class Renewal : public testing::Test {
protected:
    AuthorityFiles create(const char* root, KeyAlgorithm algorithm = KeyAlgorithm::p_256) {
        return *create_authority({{root, "中心", "", "CN"}, {"签发", "中心", "", "CN"}, 20, 10, algorithm}, words(), random_,
                                 begin_);
    }
    Result<RenewedIssuer> renew(const AuthorityFiles& files, Instant now) {
        return renew_issuer(files.root_pem, files.root_key_pem, words(), files.issuer_pem, files.root_crl_der, random_, now);
    }
    Authority load(const AuthorityFiles& files, const std::string& issuer_pem) {
        return *Authority::load(files.root_pem, issuer_pem, files.issuer_key_pem, words(), "");
    }
    // DER, of three years.
    std::string signed_by(const Authority& authority, const SerialNumber& serial, Instant from) {
        const auto key = crypto::generate_key(KeyAlgorithm::p_256);
        const crypto::RequestHandle request(X509_REQ_new());
        X509_REQ_set_pubkey(request.get(), key->get());
        X509_REQ_sign(request.get(), key->get(), EVP_sha256());
        const auto read = read_request(crypto::der_of(i2d_X509_REQ, request.get()));
        const auto profile =
            parse_profile("p", "subject = [\"C\", \"CN\"]\nmin_years = 1\nmax_years = 3\nkey_usage = [\"digital_signature\"]\n");
        const auto made =
            authority.sign(*read, *profile, {"南京垚鑫建设有限公司", "", "", "CN"}, serial, from, end_of_validity(from, 3));
        EXPECT_TRUE(made) << made.error().message;
        return made ? made->der : "";
    }
    // As a stranger judges it, with the lists of both authorities.
    std::string openssl(const AuthorityFiles& files, const RenewedIssuer& renewed, const std::string& list,
                        const std::string& leaf, Instant at) {
        const auto put = [&](const char* name, const std::string& bytes) {
            EXPECT_TRUE(write_file(folder_.path() / name, bytes));
            return (folder_.path() / name).string();
        };
        const auto finished =
            run({"openssl", "verify", "-x509_strict", "-crl_check_all", "-attime", std::to_string(at.ms / 1000), "-CAfile",
                 put("root.pem", files.root_pem), "-untrusted", put("issuer.pem", renewed.issuer_pem), "-CRLfile",
                 put("crls.pem", crl_pem(list) + crl_pem(renewed.root_crl_der)), put("leaf.pem", certificate_pem(leaf))});
        return finished ? finished->output : finished.error().message;
    }
    static CertificateFacts facts(const std::string& pem) { return describe(*read_certificate_pem(pem)); }

    tests::TemporaryFolder folder_;
    crypto::SystemRandom random_;
    const Instant begin_{1'795'400'000'000};
};

TEST_F(Renewal, OldAndNewCertificatesAndListsLeadToTheRenewedIssuer) {
    const auto files = create("根");
    const auto good = SerialNumber::random(random_), lost = SerialNumber::random(random_);
    const auto before = load(files, files.issuer_pem);
    const Instant six = begin_ + 6 * kYear, seven = begin_ + 7 * kYear, ten_and_a_half = begin_ + 10 * kYear + kYear / 2;
    const std::string old_good = signed_by(before, good, six), old_lost = signed_by(before, lost, six);
    const auto old_list = before.make_crl({{lost, seven, RevocationReason::key_compromise}}, 8, seven, seven + 7 * kDay);
    ASSERT_OK(old_list);

    const auto renewed = renew(files, seven + kHour);
    ASSERT_OK(renewed);
    const auto was = facts(files.issuer_pem), is = facts(renewed->issuer_pem);
    EXPECT_NE(is.serial, was.serial);
    EXPECT_EQ(is.public_key, was.public_key);
    EXPECT_EQ(is.key_id, was.key_id);
    EXPECT_EQ(is.subject_text, was.subject_text);
    EXPECT_EQ(is.not_before, was.not_before);
    EXPECT_EQ(is.not_after, end_of_validity(seven + kHour, 10));
    const auto root_list = describe_list(renewed->root_crl_der);
    ASSERT_OK(root_list);
    EXPECT_EQ(root_list->number, 2);
    EXPECT_EQ(root_list->next_update, is.not_after);

    // With the list of before, and with the next one.
    EXPECT_THAT(openssl(files, *renewed, *old_list, old_good, seven + kDay), HasSubstr(": OK"));
    EXPECT_THAT(openssl(files, *renewed, *old_list, old_lost, seven + kDay), HasSubstr("certificate revoked"));
    const auto after = load(files, renewed->issuer_pem);
    const std::string fresh = signed_by(after, SerialNumber::random(random_), begin_ + 8 * kYear);
    const auto list = after.make_crl({{lost, seven, RevocationReason::key_compromise}}, 9, ten_and_a_half, ten_and_a_half + kDay);
    ASSERT_OK(list);
    EXPECT_THAT(openssl(files, *renewed, *list, fresh, ten_and_a_half + kHour), HasSubstr(": OK"))
        << "when the certificate and the root's list of before have ended";
    EXPECT_TRUE(verify(old_good, after.trust(*old_list), seven + kDay));
    EXPECT_THAT(verify(old_lost, after.trust(*old_list), seven + kDay).error().message, HasSubstr("已被吊销"));
}

TEST_F(Renewal, KeepsWhatTheRootsListSays) {
    auto files = create("根");
    const auto root = Authority::load(files.root_pem, files.root_pem, files.root_key_pem, words(), "");
    ASSERT_OK(root);
    const auto gone = SerialNumber::random(random_);
    const auto list = root->make_crl({{gone, begin_, RevocationReason::superseded}}, 7, begin_, begin_ + kDay);
    ASSERT_OK(list);
    files.root_crl_der = *list;
    const auto renewed = renew(files, begin_ + kYear);
    ASSERT_OK(renewed);
    EXPECT_EQ(describe_list(renewed->root_crl_der)->number, 8);
    const auto entries = entries_of_list(renewed->root_crl_der, *read_certificate_pem(files.root_pem));
    ASSERT_OK(entries);
    ASSERT_EQ(entries->size(), 1U);
    EXPECT_EQ(entries->front().serial, gone);
    EXPECT_EQ(entries->front().reason, RevocationReason::superseded);
}

TEST_F(Renewal, LastsNoLongerThanTheRoot) {
    const auto files = create("根", KeyAlgorithm::sm2);
    const auto late = renew(files, begin_ + 15 * kYear);  // its own certificate has ended
    ASSERT_OK(late);
    EXPECT_EQ(facts(late->issuer_pem).not_after, facts(files.root_pem).not_after);
    EXPECT_EQ(facts(late->issuer_pem).key_id, facts(files.issuer_pem).key_id);
    auto again = files;
    again.issuer_pem = late->issuer_pem;
    again.root_crl_der = late->root_crl_der;
    EXPECT_THAT(renew(again, begin_ + 16 * kYear).error().message, HasSubstr("现在更新不会更长"));
    EXPECT_THAT(renew(files, begin_ + 21 * kYear).error().message, HasSubstr("根 CA 的证书已于"));
}

TEST_F(Renewal, NeedsTheRootsOwnKeyAndPassphrase) {
    const auto files = create("根"), others = create("别的根");
    const Instant now = begin_ + 8 * kYear;
    EXPECT_THAT(renew_issuer(files.root_pem, files.root_key_pem, words("another horse"), files.issuer_pem, files.root_crl_der,
                             random_, now)
                    .error()
                    .message,
                HasSubstr("口令不正确"));
    const auto refused = [&](const auto& change, const char* says) {
        auto mixed = files;
        change(mixed);
        const auto answer = renew(mixed, now);
        ASSERT_FALSE(answer) << says;
        EXPECT_THAT(answer.error().message, HasSubstr(says));
    };
    refused([&](auto& f) { f.root_key_pem = others.root_key_pem; }, "不是一对");
    refused([&](auto& f) { f.issuer_pem = others.issuer_pem; }, "不是由这个根 CA 签发的");
    refused([&](auto& f) { f.root_crl_der = others.root_crl_der; }, "不是由签发 CA 签名的");
    refused([&](auto& f) { f.root_crl_der = "half a li"; }, "吊销列表已损坏");
}

}  // namespace
}  // namespace sealdesk::certificates
