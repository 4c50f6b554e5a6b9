// The issuing CA's key on a software KEY, through PKCS#11.
#include "keys/authority_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "certificates/authority.h"
#include "keys/soft_key.h"
#include "tests/keys/fake_tokens.h"
#include "tests/keys/soft_folder.h"

using namespace sealdesk;
using namespace sealdesk::keys;
using crypto::KeyAlgorithm;
using crypto::Secret;
using testing::HasSubstr;

namespace {

const Instant kNow{1'795'400'000'000};
Secret pin() { return Secret(std::string("24681012")); }

class AuthorityKeys : public testing::Test {
protected:
    void SetUp() override {
        folder_ = soft_folder();
        auto opened = use_soft_keys(folder_);
        ASSERT_TRUE(opened) << opened.error().message;
        tokens_ = std::move(*opened);
        const auto added = add_soft_key(*tokens_, "CA", Secret(std::string("12345678")), pin());
        ASSERT_TRUE(added) << added.error().message;
        serial_ = added->serial;
    }
    void TearDown() override {
        tokens_.reset();
        std::filesystem::remove_all(folder_);
    }
    Result<crypto::SigningKey> key(AuthorityKey how, KeyAlgorithm algorithm = KeyAlgorithm::p_256) {
        return authority_key(*tokens_, serial_, pin(), algorithm, how);
    }

    std::filesystem::path folder_;
    std::unique_ptr<Tokens> tokens_;
    std::string serial_;
};

}  // namespace

TEST_F(AuthorityKeys, SignsWithoutEverLeavingTheToken) {
    crypto::SystemRandom random;
    EXPECT_THAT(key(AuthorityKey::must_be_there).error().message, HasSubstr("没有 CA 密钥"));
    for (const auto algorithm : {KeyAlgorithm::rsa_2048, KeyAlgorithm::p_256}) {
        const auto added = add_soft_key(*tokens_, "CA", Secret(std::string("12345678")), pin());
        ASSERT_TRUE(added) << added.error().message;
        serial_ = added->serial;
        certificates::AuthorityFiles files;
        {
            auto made = key(AuthorityKey::may_be_made, algorithm);
            ASSERT_TRUE(made) << made.error().message << made.error().detail;
            const auto created = certificates::create_authority(
                {{"根", "中心", "", "CN"}, {"签发", "中心", "", "CN"}, 20, 10, algorithm}, pin(), random, kNow, std::move(*made));
            ASSERT_TRUE(created) << created.error().message;
            files = *created;
        }
        // The next start: the same key is found again.
        auto found = key(AuthorityKey::must_be_there, algorithm);
        ASSERT_TRUE(found) << found.error().message;
        const auto authority = certificates::Authority::load(files.root_pem, files.issuer_pem, std::move(*found), "");
        ASSERT_TRUE(authority) << authority.error().message;
        const auto list = authority->make_crl({}, 1, kNow, kNow + kDay);
        ASSERT_TRUE(list) << list.error().detail;
        EXPECT_TRUE(certificates::verify(authority->issuer().der, authority->trust(), kNow));
        EXPECT_EQ(authority->issuer().algorithm, algorithm == KeyAlgorithm::p_256 ? "EC P-256" : "RSA-2048");
        // A certificate and the list that does not name it, as a stranger reads them.
        const auto applicant = crypto::generate_key(algorithm);
        const crypto::RequestHandle csr(X509_REQ_new());
        ASSERT_EQ(X509_REQ_set_pubkey(csr.get(), applicant->get()), 1);
        ASSERT_GT(X509_REQ_sign(csr.get(), applicant->get(), EVP_sha256()), 0);
        const auto request = certificates::read_request(crypto::der_of(i2d_X509_REQ, csr.get()));
        ASSERT_TRUE(request) << request.error().message;
        const auto profile = certificates::parse_profile(
            "p", "subject = [\"C\", \"CN\"]\nmin_years = 1\nmax_years = 3\nkey_usage = [\"digital_signature\"]\n");
        const auto made =
            authority->sign(*request, *profile, {"南京垚鑫建设有限公司", "", "", "CN"},
                            certificates::SerialNumber::random(random), kNow, certificates::end_of_validity(kNow, 1));
        ASSERT_TRUE(made) << made.error().message << made.error().detail;
        EXPECT_TRUE(certificates::verify(made->der, authority->trust(*list), kNow + kHour));
    }
}

// Pulled while the PIN was entered: the next signature tries it again. A PIN that the token refuses is not tried again.
TEST(AuthorityKeyLogin, OnlyARefusedPinLocksTheAuthorityUntilTheNextStart) {
    tests::FakeTokens tokens;
    tokens.add("CA");
    const Secret fits(std::string("246810"));
    const auto key = authority_key(tokens, "CA", fits, KeyAlgorithm::p_256, AuthorityKey::may_be_made);
    ASSERT_TRUE(key) << key.error().message;
    const auto refusal = [&] {
        const auto signature = key->sign("message");
        return signature ? std::string() : signature.error().message;
    };
    ASSERT_EQ(refusal(), "");
    tokens.fault = [] { return tests::Fault::not_done; };
    EXPECT_THAT(refusal(), HasSubstr("拔出")) << "while it signed: the session is gone";
    EXPECT_THAT(refusal(), HasSubstr("拔出")) << "while the PIN was entered";
    EXPECT_THAT(refusal(), HasSubstr("拔出")) << "and once more";
    tokens.says = 0x104;  // CKR_USER_ANOTHER_ALREADY_LOGGED_IN
    EXPECT_THAT(refusal(), HasSubstr("另一个程序"));
    tokens.fault = {};
    EXPECT_EQ(refusal(), "") << "it is back";

    tokens.fault = [] { return tests::Fault::not_done; };
    EXPECT_NE(refusal(), "");
    tokens.fault = {};
    tokens.change("CA").pin = "135791";
    EXPECT_THAT(refusal(), HasSubstr("PIN 不正确"));
    tokens.change("CA").pin = "246810";
    EXPECT_THAT(refusal(), HasSubstr("重新启动")) << "it is not asked a second time";
}

// As every KEY's own: made there, and never to be had.
TEST(AuthorityKeyLogin, AKeyThatCouldEverBeReadIsRefused) {
    tests::FakeTokens tokens;
    tokens.add("CA");
    const Secret fits(std::string("246810"));
    ASSERT_TRUE(authority_key(tokens, "CA", fits, KeyAlgorithm::p_256, AuthorityKey::may_be_made));
    auto& facts = tokens.change("CA").pairs.begin()->second.facts;
    const KeyPair good = facts;
    for (const auto change : {+[](KeyPair& pair) { pair.was_ever_readable = true; },
                              +[](KeyPair& pair) { pair.extractable = true; }, +[](KeyPair& pair) { pair.made_here = false; }}) {
        facts = good;
        change(facts);
        const auto key = authority_key(tokens, "CA", fits, KeyAlgorithm::p_256);
        ASSERT_FALSE(key);
        EXPECT_EQ(key.error().kind, ErrorKind::refused);
        EXPECT_THAT(key.error().message, HasSubstr("可以被读出"));
    }
    facts = good;
    EXPECT_TRUE(authority_key(tokens, "CA", fits, KeyAlgorithm::p_256));
}

TEST_F(AuthorityKeys, RefusalsAreSentences) {
    EXPECT_EQ(key(AuthorityKey::may_be_made, KeyAlgorithm::sm2).error().kind, ErrorKind::refused);
    EXPECT_EQ(authority_key(*tokens_, "no such serial", pin(), KeyAlgorithm::p_256).error().kind, ErrorKind::device);
    const auto wrong = authority_key(*tokens_, serial_, Secret(std::string("00000000")), KeyAlgorithm::p_256);
    EXPECT_EQ(wrong.error().kind, ErrorKind::device);
}
