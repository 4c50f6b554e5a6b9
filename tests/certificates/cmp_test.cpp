// The CMP client against the mock server of the openssl command line, as a process of its own.
#include "certificates/cmp.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "base/files.h"
#include "base/process.h"
#include "crypto/digest.h"
#include "support/databases.h"

using namespace sealdesk;
using namespace sealdesk::certificates;
using crypto::KeyAlgorithm;
using crypto::Secret;
using testing::HasSubstr;

namespace {

const Secret& passphrase() {
    static const Secret secret(std::string("correct horse battery"));
    return secret;
}

// A port that was free a moment ago.
int free_port() {
    const int file = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(bind(file, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
    socklen_t size = sizeof at;
    EXPECT_EQ(getsockname(file, reinterpret_cast<sockaddr*>(&at), &size), 0);
    close(file);
    return ntohs(at.sin_port);
}

// POST over a plain socket: the mock server of openssl knows no TLS.
Result<std::string> post(int port, const std::string& message) {
    const int file = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    if (connect(file, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) {
        close(file);
        return fail(ErrorKind::unavailable, "no connection");
    }
    const std::string text =
        "POST / HTTP/1.0\r\nContent-Type: application/pkixcmp\r\nContent-Length: " + std::to_string(message.size()) + "\r\n\r\n" +
        message;
    EXPECT_EQ(send(file, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
    std::string answer;
    char part[4096];
    for (ssize_t n = 0; (n = recv(file, part, sizeof part, 0)) > 0;) answer.append(part, static_cast<size_t>(n));
    close(file);
    const auto body = answer.find("\r\n\r\n");
    if (body == std::string::npos) return fail(ErrorKind::unavailable, "no answer");
    return answer.substr(body + 4);
}

// A CA, what it will hand out for one request, and the mock server that does.
class Cmp : public testing::Test {
protected:
    void SetUp() override {
        key_ = std::move(*crypto::generate_key(KeyAlgorithm::p_256));
        request_ = *read_request(request_of(key_.get()));
        put("ca.pem", files_.issuer_pem);
        put("root.pem", files_.root_pem);
        certificate_ = sign(request_);
        const auto server = crypto::generate_key(KeyAlgorithm::p_256);
        put("srv.pem", certificate_pem(sign(*read_request(request_of(server->get())))));
        put("srv.key", *crypto::clear_private_key_pem(server->get()));
        put("rsp.pem", certificate_pem(certificate_));
    }
    std::string request_of(EVP_PKEY* key) const {
        const crypto::RequestHandle request(X509_REQ_new());
        const auto name = x509_name({"申请人", "", "", "CN"});
        X509_REQ_set_subject_name(request.get(), name->get());
        X509_REQ_set_pubkey(request.get(), key);
        X509_REQ_sign(request.get(), key, EVP_sha256());
        return crypto::der_of(i2d_X509_REQ, request.get());
    }
    std::string sign(const Request& request) {
        const Profile profile = *read_profile(std::filesystem::path(SEALDESK_SOURCE) / "data/profiles/unit.toml");
        return authority_
            .sign(request, profile, {"南京垚鑫建设有限公司", "", "91110108MA01ABCD5T", "CN"}, SerialNumber::random(random_), now_,
                  end_of_validity(now_, 1))
            ->der;
    }
    // Starts the server with these options and waits until it listens.
    void serve(std::vector<std::string> options) {
        port_ = free_port();
        std::vector<std::string> command{"openssl",   "cmp",           "-port",        std::to_string(port_),
                                         "-srv_cert", path("srv.pem"), "-srv_key",     path("srv.key"),
                                         "-rsp_cert", path("rsp.pem"), "-srv_trusted", path("root.pem")};
        command.insert(command.end(), options.begin(), options.end());
        auto started = Process::start({command, {}, {}, path("server.log"), {}, true});
        ASSERT_TRUE(started);
        server_ = std::move(*started);
        for (int i = 0; i < 200 && !listens(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
        ASSERT_TRUE(listens()) << *read_file(path("server.log"));
    }
    CmpAccount account(const char* secret = "s3cret") const {
        CmpAccount account;
        account.recipient = "CMP Server";
        account.reference = "ra01";
        account.secret = Secret(std::string(secret));
        account.trusted_pem = files_.root_pem;
        account.answer_seconds = 10;
        account.total_seconds = 20;
        return account;
    }
    CmpClient client(CmpAccount account) const {
        auto opened =
            CmpClient::open(std::move(account), [port = port_](const std::string& message) { return post(port, message); });
        EXPECT_TRUE(opened) << opened.error().message;
        return std::move(*opened);
    }
    std::string put(const char* name, std::string_view bytes) const {
        EXPECT_TRUE(write_file(folder_.path() / name, bytes));
        return path(name);
    }
    std::string path(const char* name) const { return folder_.path() / name; }

    tests::TemporaryFolder folder_;
    crypto::SystemRandom random_;
    Instant now_ = SystemClock().now();
    AuthorityFiles files_ = *create_authority(
        {{"根", "中心", "", "CN"}, {"CMP Server", "中心", "", "CN"}, 20, 10, KeyAlgorithm::p_256}, passphrase(), random_, now_);
    Authority authority_ = *Authority::load(files_.root_pem, files_.issuer_pem, files_.issuer_key_pem, passphrase(), "");
    crypto::KeyHandle key_;
    Request request_;
    std::string certificate_;
    int port_ = 0;

private:
    bool listens() const {
        const int file = socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        to.sin_port = htons(static_cast<std::uint16_t>(port_));
        const bool good = connect(file, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
        close(file);
        return good;
    }
    Process server_;
};

const std::string kTransaction = "0123456789abcdef";

}  // namespace

TEST_F(Cmp, BringsACertificateAndRevokesIt) {
    serve({"-srv_ref", "ra01", "-srv_secret", "pass:s3cret", "-poll_count", "1", "-check_after", "1", "-rsp_extracerts",
           path("ca.pem")});
    const auto cmp = client(account());
    const auto made = cmp.request(request_, kTransaction);
    ASSERT_TRUE(made) << made.error().message << " " << made.error().detail;
    EXPECT_EQ(*made, certificate_);
    const auto revoked = cmp.revoke(certificate_, RevocationReason::key_compromise, "another transact");
    EXPECT_TRUE(revoked) << revoked.error().message << " " << revoked.error().detail;
    // The mock knows one certificate.
    const auto other = cmp.revoke(authority_.issuer().der, RevocationReason::key_compromise, "a third transact");
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().kind, ErrorKind::refused) << other.error().detail;
}

TEST_F(Cmp, OurOwnCertificateProtectsToo) {
    const auto ra_key = crypto::generate_key(KeyAlgorithm::p_256);
    const auto ra = sign(*read_request(request_of(ra_key->get())));
    serve({"-rsp_extracerts", path("ca.pem"), "-srv_untrusted", path("ca.pem")});
    auto mine = account();
    mine.secret = Secret();
    mine.reference.clear();
    mine.certificate_pem = certificate_pem(ra);
    mine.key_pem = *crypto::private_key_pem(ra_key->get(), passphrase());
    mine.key_passphrase = passphrase().clone();
    const auto made = client(std::move(mine)).request(request_, kTransaction);
    ASSERT_TRUE(made) << made.error().message << " " << made.error().detail << *read_file(path("server.log"));
    EXPECT_EQ(*made, certificate_);
}

TEST_F(Cmp, FailuresHaveTheirSentences) {
    serve({"-srv_ref", "ra01", "-srv_secret", "pass:s3cret", "-rsp_extracerts", path("ca.pem")});
    const auto wrong = client(account("wrong")).request(request_, kTransaction);
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().message, "口令或编号与外部 CA 的不一致，请核对") << wrong.error().detail;
    EXPECT_EQ(wrong.error().kind, ErrorKind::denied);

    // The key of another request: the certificate that comes back is not for it.
    const auto stranger = crypto::generate_key(KeyAlgorithm::p_256);
    const auto foreign = client(account()).request(*read_request(request_of(stranger->get())), kTransaction);
    ASSERT_FALSE(foreign);
    EXPECT_EQ(foreign.error().message, "外部 CA 签发的证书与请求不符，或不是由所信任的根签发的，没有采用")
        << foreign.error().detail;
    EXPECT_EQ(foreign.error().kind, ErrorKind::denied);

    // A CA that we do not trust.
    const auto others = *create_authority({{"别的根", "别处", "", "CN"}, {"签发", "别处", "", "CN"}, 20, 10, KeyAlgorithm::p_256},
                                          passphrase(), random_, now_);
    auto misled = account();
    misled.trusted_pem = others.root_pem;
    const auto untrusted = client(std::move(misled)).request(request_, kTransaction);
    ASSERT_FALSE(untrusted);
    EXPECT_EQ(untrusted.error().kind, ErrorKind::denied) << untrusted.error().message << untrusted.error().detail;
}

TEST_F(Cmp, WhatTheWireDoesIsTold) {
    const auto with = [&](CmpClient::Transport transport) {
        return CmpClient::open(account(), std::move(transport))->request(request_, kTransaction).error();
    };
    const auto closed = with([](const std::string&) { return Result<std::string>(fail(ErrorKind::unavailable, "CA 连不上")); });
    EXPECT_EQ(closed.kind, ErrorKind::unavailable);
    EXPECT_EQ(closed.message, "CA 连不上");
    EXPECT_EQ(with([](const std::string&) { return Result<std::string>("<html>502</html>"); }).kind, ErrorKind::corrupt);
    EXPECT_EQ(with([](const std::string&) { return Result<std::string>(std::string(2 << 20, 'x')); }).kind, ErrorKind::corrupt);
    // Our own question as the answer.
    EXPECT_EQ(with([](const std::string& message) { return Result<std::string>(message); }).kind, ErrorKind::denied);
}

TEST_F(Cmp, TheCaThatNeverGetsReadyIsUnavailable) {
    serve({"-srv_ref", "ra01", "-srv_secret", "pass:s3cret", "-poll_count", "1000", "-check_after", "1"});
    auto impatient = account();
    impatient.total_seconds = 2;
    const auto late = client(std::move(impatient)).request(request_, kTransaction);
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().message, "外部 CA 在规定时间内没有签发，请稍后再试") << late.error().detail;
    EXPECT_EQ(late.error().kind, ErrorKind::unavailable);
}

TEST_F(Cmp, AnAccountWithoutSenseIsRefused) {
    const auto refused = [&](auto change) {
        auto changed = account();
        change(changed);
        const auto opened = CmpClient::open(std::move(changed), {});
        EXPECT_FALSE(opened);
        return opened ? Error{} : opened.error();
    };
    EXPECT_THAT(refused([](CmpAccount& a) { a.secret = Secret(); }).message, HasSubstr("要么有口令"));
    EXPECT_THAT(refused([](CmpAccount& a) { a.reference.clear(); }).message, HasSubstr("reference"));
    EXPECT_THAT(refused([](CmpAccount& a) { a.recipient.clear(); }).message, HasSubstr("名称"));
    EXPECT_EQ(refused([](CmpAccount& a) { a.trusted_pem = "nonsense"; }).kind, ErrorKind::corrupt);
}
