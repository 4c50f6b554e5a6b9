// Every failure of CMP has a sentence of its own, and the kind that says who can do something about it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "certificates/profile.h"
#include "support/databases.h"
#include "tests/certificates/cmp_server.h"

using namespace sealdesk;
using namespace sealdesk::certificates;
using crypto::KeyAlgorithm;
using crypto::Secret;

namespace {

const Secret& passphrase() {
    static const Secret secret(std::string("correct horse battery"));
    return secret;
}

class CmpWords : public testing::Test {
protected:
    void SetUp() override {
        key_ = std::move(*crypto::generate_key(KeyAlgorithm::p_256));
        request_ = *read_request(request_of(key_.get()));
        server_.certify = [this](const Request& request) { return sign(authority_, request); };
        server_.issuer_pem = files_.issuer_pem;
    }
    static std::string request_of(EVP_PKEY* key) {
        const crypto::RequestHandle request(X509_REQ_new());
        const auto name = x509_name({"申请人", "", "", "CN"});
        X509_REQ_set_subject_name(request.get(), name->get());
        X509_REQ_set_pubkey(request.get(), key);
        X509_REQ_sign(request.get(), key, EVP_sha256());
        return crypto::der_of(i2d_X509_REQ, request.get());
    }
    AuthorityFiles ca(const char* root) {
        return *create_authority({{root, "中心", "", "CN"}, {"CMP Server", "中心", "", "CN"}, 20, 10, KeyAlgorithm::p_256},
                                 passphrase(), random_, now_);
    }
    static Authority load(const AuthorityFiles& files) {
        return *Authority::load(files.root_pem, files.issuer_pem, files.issuer_key_pem, passphrase(), "");
    }
    std::string sign(const Authority& authority, const Request& request) {
        static const Profile profile = *read_profile(tests::source("data/profiles/unit.toml"));
        return authority
            .sign(request, profile, {"南京垚鑫建设有限公司", "", "91110108MA01ABCD5T", "CN"}, SerialNumber::random(random_), now_,
                  end_of_validity(now_, 1))
            ->der;
    }
    CmpClient client(const char* secret = "s3cret", int total_seconds = 20) {
        auto account = server_.account(files_.root_pem, secret);
        account.total_seconds = total_seconds;
        return std::move(*CmpClient::open(std::move(account), server_.transport()));
    }
    Error request_error() {
        const auto made = client().request(request_, "0123456789abcdef");
        EXPECT_FALSE(made);
        return made ? Error{} : made.error();
    }

    crypto::SystemRandom random_;
    const Instant now_ = SystemClock().now();
    const AuthorityFiles files_ = ca("根");
    const Authority authority_ = load(files_);
    tests::CmpServer server_;
    crypto::KeyHandle key_;
    Request request_;
};

struct Row {
    int failure;
    const char* sentence;
    ErrorKind kind = ErrorKind::refused;
};
const Row kRows[] = {
    {OSSL_CMP_PKIFAILUREINFO_badAlg, "外部 CA 不接受这种算法"},
    {OSSL_CMP_PKIFAILUREINFO_badMessageCheck, "口令或编号与外部 CA 的不一致，请核对", ErrorKind::denied},
    {OSSL_CMP_PKIFAILUREINFO_badRequest, "外部 CA 不接受这个请求"},
    {OSSL_CMP_PKIFAILUREINFO_badTime, "外部 CA 认为时间不对，请核对本机时间", ErrorKind::denied},
    {OSSL_CMP_PKIFAILUREINFO_badCertId, "外部 CA 没有这张证书"},
    {OSSL_CMP_PKIFAILUREINFO_wrongAuthority, "这不是该外部 CA 的证书"},
    {OSSL_CMP_PKIFAILUREINFO_badPOP, "外部 CA 不接受证书请求的签名"},
    {OSSL_CMP_PKIFAILUREINFO_certRevoked, "这张证书早已被外部 CA 吊销"},
    {OSSL_CMP_PKIFAILUREINFO_certConfirmed, "外部 CA 认为这张证书已经确认过"},
    {OSSL_CMP_PKIFAILUREINFO_badCertTemplate, "外部 CA 不接受证书请求的内容"},
    {OSSL_CMP_PKIFAILUREINFO_signerNotTrusted, "外部 CA 不信任我们的证书", ErrorKind::denied},
    {OSSL_CMP_PKIFAILUREINFO_transactionIdInUse, "外部 CA 已有同一编号的事务，请稍后再试", ErrorKind::unavailable},
    {OSSL_CMP_PKIFAILUREINFO_notAuthorized, "外部 CA 不允许我们做这件事", ErrorKind::denied},
    {OSSL_CMP_PKIFAILUREINFO_systemUnavail, "外部 CA 暂时不能服务，请稍后再试", ErrorKind::unavailable},
    {OSSL_CMP_PKIFAILUREINFO_systemFailure, "外部 CA 内部出错，请稍后再试", ErrorKind::unavailable},
};

}  // namespace

TEST_F(CmpWords, WhatTheCaRejectsIsSaidInItsOwnWords) {
    std::set<std::string> sentences;
    for (const auto& [failure, sentence, kind] : kRows) {
        server_.request_failure = 1 << failure;
        const Error error = request_error();
        EXPECT_EQ(error.message, sentence) << failure << " " << error.detail;
        EXPECT_EQ(error.kind, kind) << sentence;
        sentences.insert(error.message);
    }
    EXPECT_EQ(sentences.size(), std::size(kRows)) << "no two alike";
    // Without a reason, and with one that has no sentence.
    for (const int failure : {0, 1 << OSSL_CMP_PKIFAILUREINFO_addInfoNotAvailable}) {
        server_.request_failure = failure;
        const Error error = request_error();
        EXPECT_EQ(error.message, "外部 CA 拒绝了请求") << error.detail;
        EXPECT_EQ(error.kind, ErrorKind::refused);
    }
    server_.request_failure = 1 << OSSL_CMP_PKIFAILUREINFO_wrongIntegrity;
    EXPECT_EQ(request_error().message, "口令或编号与外部 CA 的不一致，请核对");
    // Of several it is said what has to be put right first.
    server_.request_failure = 1 << OSSL_CMP_PKIFAILUREINFO_badRequest | 1 << OSSL_CMP_PKIFAILUREINFO_notAuthorized;
    EXPECT_EQ(request_error().message, "外部 CA 不允许我们做这件事");
    server_.request_failure |= 1 << OSSL_CMP_PKIFAILUREINFO_systemUnavail;
    EXPECT_EQ(request_error().kind, ErrorKind::unavailable);
    server_.request_failure = -1;
    EXPECT_TRUE(client().request(request_, "0123456789abcdef"));
    EXPECT_EQ(server_.confirmed.size(), 1U);
}

TEST_F(CmpWords, RevocationsSpeakTheSameWords) {
    const std::string certificate = sign(authority_, request_);
    for (const auto& [failure, sentence, kind] : kRows) {
        server_.revocation_failure = [bit = failure](const std::string&) { return 1 << bit; };
        const auto answer = client().revoke(certificate, RevocationReason::key_compromise, "0123456789abcdef");
        if (failure == OSSL_CMP_PKIFAILUREINFO_certRevoked) {
            EXPECT_TRUE(answer) << "it is on the CA's list, which is all that we wanted";
            continue;
        }
        ASSERT_FALSE(answer) << sentence;
        EXPECT_EQ(answer.error().message, sentence) << answer.error().detail;
        EXPECT_EQ(answer.error().kind, kind) << sentence;
    }
}

// Gone by itself is only what the CA does not know, and only when it never heard for sure that we took it.
TEST_F(CmpWords, WhatTheCaMayHaveDroppedNeedsNoRevocation) {
    const std::string certificate = sign(authority_, request_);
    const auto settled = [&](int failure, Confirmed confirmed) {
        server_.revocation_failure = [failure](const std::string&) { return failure; };
        return client().revoke(certificate, RevocationReason::superseded, "0123456789abcdef", confirmed).has_value();
    };
    constexpr int kUnknown = 1 << OSSL_CMP_PKIFAILUREINFO_badCertId, kBad = 1 << OSSL_CMP_PKIFAILUREINFO_badRequest;
    for (const int failure : {kUnknown, kBad, kUnknown | kBad}) {
        EXPECT_TRUE(settled(failure, Confirmed::unsure)) << failure;
        EXPECT_FALSE(settled(failure, Confirmed::yes)) << failure;
    }
    for (const auto& row : kRows) {
        const int failure = 1 << row.failure;
        if (failure == kUnknown || failure == kBad || row.failure == OSSL_CMP_PKIFAILUREINFO_certRevoked) continue;
        EXPECT_FALSE(settled(failure, Confirmed::unsure)) << row.sentence;
        EXPECT_FALSE(settled(failure | kBad, Confirmed::unsure)) << row.sentence;
    }
    EXPECT_FALSE(settled(0, Confirmed::unsure)) << "rejected without saying why";
}

TEST_F(CmpWords, WhatIsWrongWithTheAnswerIsSaid) {
    // Another secret: neither side believes the other.
    const auto wrong = client("wrong").request(request_, "0123456789abcdef");
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().message, "口令或编号与外部 CA 的不一致，请核对") << wrong.error().detail;
    EXPECT_EQ(wrong.error().kind, ErrorKind::denied);

    const std::string not_taken = "外部 CA 签发的证书与请求不符，或不是由所信任的根签发的，没有采用";
    const auto stranger = crypto::generate_key(KeyAlgorithm::p_256);
    server_.certify = [&](const Request&) { return sign(authority_, *read_request(request_of(stranger->get()))); };
    EXPECT_EQ(request_error().message, not_taken) << "another key";
    const auto elsewhere = load(ca("别的根"));
    server_.certify = [&](const Request& request) { return sign(elsewhere, request); };
    const Error untrusted = request_error();
    EXPECT_EQ(untrusted.message, not_taken) << "another CA " << untrusted.detail;
    EXPECT_EQ(untrusted.kind, ErrorKind::denied);
    EXPECT_TRUE(server_.confirmed.empty()) << "the CA hears that they were not taken";

    server_.never_ready = true;
    const auto late = client("s3cret", 1).request(request_, "0123456789abcdef");
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().message, "外部 CA 在规定时间内没有签发，请稍后再试") << late.error().detail;
    EXPECT_EQ(late.error().kind, ErrorKind::unavailable);

    const auto with = [&](CmpClient::Transport transport) {
        return CmpClient::open(server_.account(files_.root_pem), std::move(transport))
            ->request(request_, "0123456789abcdef")
            .error()
            .message;
    };
    EXPECT_EQ(with([](const std::string&) { return Result<std::string>("<html>502</html>"); }), "外部 CA 的回答不是 CMP 消息");
    EXPECT_EQ(with([](const std::string&) { return Result<std::string>(std::string(2 << 20, 'x')); }), "外部 CA 的回答太大");
}

// RFC 4210 lets an answer under a shared secret bring roots of its own; ours is the one of the settings.
TEST_F(CmpWords, ARootThatComesWithTheAnswerIsNotTrusted) {
    const auto others = ca("别的根");
    const auto elsewhere = load(others);
    server_.ca_pubs_pem = others.root_pem;
    EXPECT_TRUE(client().request(request_, "0123456789abcdef")) << "it does no harm";
    ASSERT_EQ(server_.confirmed.size(), 1U);
    server_.certify = [&](const Request& request) { return sign(elsewhere, request); };
    server_.issuer_pem = others.issuer_pem;
    const Error error = request_error();
    EXPECT_EQ(error.message, "外部 CA 签发的证书与请求不符，或不是由所信任的根签发的，没有采用") << error.detail;
    EXPECT_EQ(error.kind, ErrorKind::denied);
    EXPECT_EQ(server_.confirmed.size(), 1U) << "the CA hears that it was not taken";
}

TEST_F(CmpWords, OnlyTheSecretProtectsAnswersToASecret) {
    const auto key = crypto::generate_key(KeyAlgorithm::p_256);
    server_.sign_answers(sign(authority_, *read_request(request_of(key->get()))), key->get());
    const Error error = request_error();
    EXPECT_THAT(error.message, testing::HasSubstr("不是用口令保护的")) << error.detail;
    EXPECT_EQ(error.kind, ErrorKind::denied);
    EXPECT_TRUE(server_.confirmed.empty());
}

// Every applicant has a certificate under that root.
TEST_F(CmpWords, OnlyTheNamedCertificateSignsAnswers) {
    const auto ours = crypto::generate_key(KeyAlgorithm::p_256), theirs = crypto::generate_key(KeyAlgorithm::p_256),
               applicant = crypto::generate_key(KeyAlgorithm::p_256);
    const auto certificate_of = [&](const Result<crypto::KeyHandle>& key) {
        return sign(authority_, *read_request(request_of(key->get())));
    };
    const std::string mine = certificate_pem(certificate_of(ours)), signer = certificate_of(theirs),
                      other = certificate_of(applicant);
    const auto ask = [&](const std::string& signer_pem) {
        auto account = server_.account(files_.root_pem);
        account.secret = Secret();
        account.certificate_pem = mine;
        account.key_pem = *crypto::private_key_pem(ours->get(), passphrase());
        account.key_passphrase = passphrase().clone();
        account.signer_pem = signer_pem;
        return CmpClient::open(std::move(account), server_.transport())->request(request_, "0123456789abcdef");
    };
    server_.sign_answers(other, applicant->get());
    EXPECT_TRUE(ask("")) << "nobody is named";
    EXPECT_EQ(server_.confirmed.size(), 1U);
    const auto refused = ask(certificate_pem(signer));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message, "外部 CA 的回答没有通过验证，没有采用") << refused.error().detail;
    EXPECT_EQ(refused.error().kind, ErrorKind::denied);
    EXPECT_EQ(server_.confirmed.size(), 1U);
    server_.sign_answers(signer, theirs->get());
    const auto made = ask(certificate_pem(signer));
    EXPECT_TRUE(made) << made.error().message << made.error().detail;
    EXPECT_EQ(server_.confirmed.size(), 2U);
}

TEST_F(CmpWords, AnAccountThatCannotProveAnythingIsNamed) {
    const auto said = [&](auto change) {
        auto account = server_.account(files_.root_pem);
        change(account);
        return CmpClient::open(std::move(account), server_.transport()).error().message;
    };
    EXPECT_EQ(said([](auto& a) { a.secret = Secret(); }), "外部 CA 的账号要么有口令，要么有证书和密钥");
    EXPECT_EQ(said([](auto& a) { a.reference.clear(); }), "外部 CA 的账号缺少编号（reference）");
    EXPECT_EQ(said([](auto& a) { a.recipient.clear(); }), "没有写外部 CA 的名称");
    EXPECT_EQ(said([&](auto& a) {
                  a.secret = Secret();
                  a.certificate_pem = certificate_pem(sign(authority_, request_));
                  a.key_pem = files_.issuer_key_pem;
                  a.key_passphrase = passphrase().clone();
              }),
              "外部 CA 账号的证书与密钥不是一对");
    EXPECT_THAT(said([&](auto& a) { a.signer_pem = files_.issuer_pem; }), testing::HasSubstr("cmp_signer"));
}
