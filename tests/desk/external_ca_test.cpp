// KEYs of an external CA, through a desk: the settings, HTTPS, and the mock server of the openssl command line as a process of
// its own behind a TLS server.
#include "desk/external_ca.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <chrono>
#include <future>
#include <thread>

#include "base/process.h"
#include "certificates/external.h"
#include "certificates/tls.h"
#include "crypto/digest.h"
#include "desk/desk.h"
#include "keys/incidents.h"
#include "support/orders.h"
#include "tests/certificates/cmp_server.h"
#include "tests/panels/workshop.h"

namespace sealdesk::tests {
namespace {

using orders::State;
using testing::HasSubstr;

// TLS in front of a server that knows none, or of what a test answers.
class TlsFront {
public:
    TlsFront(const std::filesystem::path& folder, const httplib::Server::Handler& answer)
        : server_((folder / "tls.pem").c_str(), (folder / "tls.key").c_str()) {
        server_.Post(".*", [answer, this](const httplib::Request& request, httplib::Response& response) {
            ++asked_;
            answer(request, response);
        });
    }
    TlsFront(const std::filesystem::path& folder, int behind)
        : TlsFront(folder, [behind](const httplib::Request& request, httplib::Response& response) {
              if (request.get_header_value("Content-Type") != "application/pkixcmp") {
                  response.status = 415;
                  return;
              }
              httplib::Client plain("127.0.0.1", behind);
              plain.set_read_timeout(20, 0);
              if (const auto answer = plain.Post("/", request.body, "application/pkixcmp")) {
                  response.status = answer->status;
                  response.set_content(answer->body, "application/pkixcmp");
              } else {
                  response.status = 502;
              }
          }) {}
    ~TlsFront() { stop(); }
    void start(int port) {
        thread_ = std::jthread([this, port] { server_.listen("localhost", port); });
        for (int i = 0; i < 500 && !server_.is_running(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    void stop() {
        server_.stop();
        if (thread_.joinable()) thread_.join();
    }
    int asked() const { return asked_; }

private:
    httplib::SSLServer server_;
    std::atomic<int> asked_ = 0;
    std::jthread thread_;
};

// A port that was free a moment ago.
int free_port() {
    const int file = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    EXPECT_EQ(bind(file, reinterpret_cast<sockaddr*>(&at), size), 0);
    EXPECT_EQ(getsockname(file, reinterpret_cast<sockaddr*>(&at), &size), 0);
    close(file);
    return ntohs(at.sin_port);
}

struct DeskHere {
    explicit DeskHere(desk::Settings settings) {
        settings.home = folder.path();
        settings.database = (folder.path() / "desk.sqlite").string();
        auto opened = desk::Desk::open(settings, *desk::find_places(), clock, random);
        if (!opened) throw std::runtime_error(opened.error().message + " " + opened.error().detail);
        desk = std::move(*opened);
    }
    storage::Database& database() const { return desk->database(); }

    TemporaryFolder folder;
    TestClock clock;
    crypto::SystemRandom random;
    std::unique_ptr<desk::Desk> desk;
};

class ExternalCa : public testing::Test {
protected:
    static void SetUpTestSuite() { workshop_ = std::make_unique<Workshop>(); }
    static void TearDownTestSuite() { workshop_.reset(); }

    void SetUp() override {
        put("root.pem", files_.root_pem);
        put("issuer.pem", files_.issuer_pem);
        put("secret", "s3cret\n");
        const auto tls = certificates::make_tls_certificate("test CA", "localhost", random_, now_);
        ASSERT_OK(tls);
        put("tls_ca.pem", tls->authority_pem);
        put("tls.pem", tls->server_pem);
        put("tls.key", tls->key_pem);
        const auto server = crypto::generate_key(crypto::KeyAlgorithm::p_256);
        put("srv.key", *crypto::clear_private_key_pem(server->get()));
        const crypto::RequestHandle request(X509_REQ_new());
        const auto name = certificates::x509_name({"CMP Server", "", "", "CN"});
        X509_REQ_set_subject_name(request.get(), name->get());
        X509_REQ_set_pubkey(request.get(), server->get());
        X509_REQ_sign(request.get(), server->get(), EVP_sha256());
        put("srv.pem", certificates::certificate_pem(certify(crypto::der_of(i2d_X509_REQ, request.get()), "服务器")));

        auto settings = workshop_->settings();
        settings.cmp_url = "https://localhost:" + std::to_string(port_) + "/pkix/";
        settings.cmp_ca = folder_.path() / "tls_ca.pem";
        settings.cmp_trusted = folder_.path() / "root.pem";
        settings.cmp_recipient = "CMP Server";
        settings.cmp_reference = "ra01";
        settings.cmp_secret_file = folder_.path() / "secret";
        settings.cmp_patience_ms = 20 * kSecond;
        open_ = std::make_unique<DeskHere>(settings);
        ASSERT_EQ(open_->desk->key_trouble(), "");
        serial_ = workshop_->new_key();
        ASSERT_OK(tests::put(open_->database(), {order_}, State::approved));
        ASSERT_OK(keys::seen(open_->database(), *workshop_->tokens->list()));
    }
    std::string certify(const std::string& request_der, const std::string& name) {
        const auto profile = *certificates::read_profile(source("data/profiles/unit.toml"));
        return authority_
            .sign(*certificates::read_request(request_der), profile, {name, name, order_.subject.document_number, "CN"},
                  certificates::SerialNumber::random(random_), now_, certificates::end_of_validity(now_, 1))
            ->der;
    }
    // The mock gives out one certificate: the one for the job's request.
    std::string serve_certificate_for(const keys::Job& job, const std::string& name) {
        const std::string der = certify(*crypto::from_base64(job.request_pem), name);
        put("rsp.pem", certificates::certificate_pem(der));
        std::vector<std::string> command{"openssl",         "cmp",
                                         "-port",           std::to_string(behind_),
                                         "-srv_cert",       path("srv.pem"),
                                         "-srv_key",        path("srv.key"),
                                         "-rsp_cert",       path("rsp.pem"),
                                         "-rsp_extracerts", path("issuer.pem"),
                                         "-srv_ref",        "ra01",
                                         "-srv_secret",     "pass:s3cret",
                                         "-poll_count",     "1",
                                         "-check_after",    "1"};
        auto started = Process::start({command, {}, {}, path("server.log"), {}, true});
        EXPECT_TRUE(started);
        mock_ = std::move(*started);
        for (int i = 0; i < 200; ++i) {
            httplib::Client client("127.0.0.1", behind_);
            if (const auto answer = client.Get("/"); answer || answer.error() != httplib::Error::Connection) break;
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        front_ = std::make_unique<TlsFront>(folder_.path(), behind_);
        front_->start(port_);
        return der;
    }
    Result<keys::Job> write(const keys::Bench& bench) {
        return keys::write(open_->database(), officer_, bench, order_.no, serial_, secret("13572468"));
    }
    Result<keys::Job> write() { return write(open_->desk->bench()); }
    keys::Job job() { return keys::jobs_of(open_->database(), order_.no).value().at(0); }
    std::vector<certificates::Entry> entries() {
        return open_->database().read([&](storage::Tx& tx) { return certificates::of_order(tx, order_.no); }).value();
    }
    std::string path(const char* name) const { return folder_.path() / name; }
    void put(const char* name, std::string_view bytes) { ASSERT_OK(write_file(folder_.path() / name, bytes)); }

    static std::unique_ptr<Workshop> workshop_;
    const staff::Actor officer_{"qian", "钱进", static_cast<staff::Roles>(staff::Role::officer)};
    const orders::Order order_ = sample_order(1);
    TemporaryFolder folder_;
    crypto::SystemRandom random_;
    const Instant now_ = SystemClock().now();
    const certificates::AuthorityFiles files_ = *certificates::create_authority(
        {{"根", "外部中心", "", "CN"}, {"CMP Server", "外部中心", "", "CN"}, 20, 10, crypto::KeyAlgorithm::p_256},
        secret("correct horse"), random_, now_);
    const certificates::Authority authority_ =
        *certificates::Authority::load(files_.root_pem, files_.issuer_pem, files_.issuer_key_pem, secret("correct horse"), "");
    const int port_ = free_port(), behind_ = free_port();
    std::string serial_;
    std::unique_ptr<DeskHere> open_;
    Process mock_;
    std::unique_ptr<TlsFront> front_;
};
std::unique_ptr<Workshop> ExternalCa::workshop_;

TEST_F(ExternalCa, WritesItsCertificateAndTellsItOfTheRevocation) {
    // Away: a sentence, and the job waits where it is.
    const auto away = write();
    ASSERT_FALSE(away);
    EXPECT_EQ(away.error().kind, ErrorKind::unavailable) << away.error().message << away.error().detail;
    EXPECT_EQ(job().done, keys::Step::request);
    ASSERT_EQ(entries().size(), 1U);
    EXPECT_THAT(entries()[0].serial, testing::StartsWith("CMP"));
    EXPECT_EQ(entries()[0].state, "recorded");
    // It is back, takes a while (polling), and the same KEY goes on.
    const std::string der = serve_certificate_for(job(), order_.subject.name);
    const auto written = write();
    ASSERT_TRUE(written) << written.error().message << " " << written.error().detail << *read_file(path("server.log"));
    const auto facts = certificates::describe(der);
    EXPECT_EQ(written->certificate_serial, facts->serial);
    ASSERT_EQ(entries().size(), 1U);
    EXPECT_EQ(entries()[0].serial, facts->serial);
    EXPECT_EQ(entries()[0].state, "valid");
    EXPECT_EQ(entries()[0].source, certificates::kFromCmp);
    EXPECT_EQ(entries()[0].not_after, facts->not_after);
    EXPECT_GT(front_->asked(), 2) << "request, poll, confirmation";
    auto session = workshop_->tokens->open(serial_);
    EXPECT_EQ((*session)->certificates().value().at(0).der, der);
    session->reset();
    EXPECT_EQ(orders::load(open_->database(), order_.no)->state, State::issued);

    // Suspending is not in that protocol; a loss is told, also when the CA was away at first.
    const auto hold = keys::report(open_->database(), officer_, open_->desk->bench(), keys::Incident::suspended, serial_, "来电");
    EXPECT_THAT(hold.error().message, HasSubstr("不能停用"));
    front_->stop();
    ASSERT_OK(keys::report(open_->database(), officer_, open_->desk->bench(), keys::Incident::lost, serial_, "来电"));
    EXPECT_EQ(entries()[0].state, "revoked");
    const auto untold = open_->desk->key_bench().tell_external_ca();
    ASSERT_FALSE(untold);
    EXPECT_EQ(untold.error().kind, ErrorKind::unavailable);
    front_ = std::make_unique<TlsFront>(folder_.path(), behind_);
    front_->start(port_);
    const auto told = open_->desk->key_bench().tell_external_ca();
    ASSERT_TRUE(told) << told.error().message << told.error().detail;
    EXPECT_EQ(*told, 1);
    EXPECT_EQ(open_->desk->key_bench().tell_external_ca().value(), 0) << "once";
}

TEST_F(ExternalCa, TheWindowTellsItOfARevocationByItself) {
    ASSERT_FALSE(write());
    serve_certificate_for(job(), order_.subject.name);
    ASSERT_OK(write());
    front_->stop();
    ASSERT_OK(keys::report(open_->database(), officer_, open_->desk->bench(), keys::Incident::lost, serial_, "来电"));
    auto& worker = open_->desk->authority_worker();
    open_->desk->start_sync();
    worker.wait_idle();
    ASSERT_EQ(worker.troubles().size(), 1U) << "away: it is said";
    EXPECT_THAT(worker.troubles()[0], HasSubstr("还没有告知外部 CA"));
    EXPECT_EQ(certificates::untold_revocations(open_->database()).value(), 1);
    front_ = std::make_unique<TlsFront>(folder_.path(), behind_);
    front_->start(port_);
    open_->desk->touch();
    worker.wait_idle();
    EXPECT_EQ(certificates::untold_revocations(open_->database()).value(), 0);
    EXPECT_TRUE(worker.troubles().empty());
    open_->desk->stop_sync();
}

TEST_F(ExternalCa, BesideItOurOwnCaRevokesWhatItMade) {
    ASSERT_TRUE(open_->desk->bench().authority) << "its key lies beside the seal maker's";
    EXPECT_TRUE(open_->desk->bench().certifies_outside());
    auto settings = open_->desk->settings();
    settings.cmp_issues = false;
    const DeskHere back(settings);
    EXPECT_TRUE(back.desk->bench().external) << "for what it has not heard of";
    EXPECT_FALSE(back.desk->bench().certifies_outside());
    EXPECT_EQ(back.desk->key_trouble(), "");
}

// It certifies without any passphrase of ours; the seal on the KEY needs one.
TEST_F(ExternalCa, NoKeyIsTakenWhileItsSealCannotBeMade) {
    auto settings = open_->desk->settings();
    settings.write_seals = true;
    settings.passphrase_file.clear();
    const DeskHere typed(settings);
    ASSERT_TRUE(typed.desk->bench().certifies_outside());
    ASSERT_OK(tests::put(typed.database(), {order_}, State::approved));
    ASSERT_OK(keys::seen(typed.database(), *workshop_->tokens->list()));
    const auto refusal = [&] {
        const auto job = keys::write(typed.database(), officer_, typed.desk->bench(), order_.no, serial_, secret("13572468"));
        EXPECT_TRUE(keys::jobs_of(typed.database(), order_.no)->empty()) << "no KEY was taken";
        return job ? std::string("it was written") : job.error().message;
    };
    EXPECT_THAT(refusal(), HasSubstr("请输入 CA 密钥的口令"));
    ASSERT_OK(typed.desk->key_bench().unlock(officer_, secret("correct horse")));
    EXPECT_THAT(refusal(), HasSubstr("印章图片还没有确认")) << "the maker is there";
    typed.desk->key_bench().lock();
    EXPECT_THAT(refusal(), HasSubstr("请输入 CA 密钥的口令"));
}

TEST_F(ExternalCa, ACrashAfterTheAnswerAsksAnewAndLeavesOneCertificate) {
    ASSERT_FALSE(write());
    serve_certificate_for(job(), order_.subject.name);
    struct Crash {};
    auto bench = open_->desk->bench();
    bench.watch = [](const keys::Job&, keys::Step step, keys::Moment moment) {
        if (step == keys::Step::sign && moment == keys::Moment::unrecorded) throw Crash{};
    };
    EXPECT_THROW((void)write(bench), Crash);
    ASSERT_EQ(entries().size(), 1U);
    EXPECT_EQ(entries()[0].state, "recorded");
    EXPECT_FALSE(entries()[0].pem.empty()) << "it was kept before the CA was told";
    EXPECT_EQ(job().certificate_serial, entries()[0].serial);
    const auto written = write();
    ASSERT_TRUE(written) << written.error().message << " " << written.error().detail;
    ASSERT_EQ(entries().size(), 1U);
    EXPECT_EQ(entries()[0].state, "valid");
}

// The money goes back while the CA is asked: its certificate is on record, is not taken, and is called back with the KEY.
TEST_F(ExternalCa, ACertificateThatCameAfterARefundIsCalledBack) {
    ASSERT_FALSE(write());
    const std::string der = serve_certificate_for(job(), order_.subject.name);
    auto bench = open_->desk->bench();
    bench.watch = [&](const keys::Job&, keys::Step step, keys::Moment moment) {
        if (step == keys::Step::sign && moment == keys::Moment::begins)
            ASSERT_OK(open_->database().execute("INSERT INTO refunds (order_no, amount, at, state) VALUES ('" + order_.no +
                                                "', 1, 1, 'needs_person')"));
    };
    const auto written = write(bench);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().kind, ErrorKind::conflict) << written.error().message << written.error().detail;
    EXPECT_THAT(written.error().message, HasSubstr("退款"));
    EXPECT_EQ(job().done, keys::Step::request);
    EXPECT_EQ(entries().at(0).state, "recorded");
    EXPECT_EQ(entries().at(0).serial, certificates::describe(der)->serial) << "it is known, so that it can be called back";
    ASSERT_OK(keys::report(open_->database(), officer_, open_->desk->bench(), keys::Incident::returned, serial_, "退款"));
    EXPECT_EQ(entries().at(0).state, "revoked");
    const auto told = open_->desk->key_bench().tell_external_ca();
    ASSERT_TRUE(told) << told.error().message << told.error().detail;
    EXPECT_EQ(*told, 1);
}

TEST_F(ExternalCa, ACertificateOfSomebodyElseIsNotTaken) {
    ASSERT_FALSE(write());
    serve_certificate_for(job(), "别的公司");
    const auto refused = write();
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("别的公司"));
    EXPECT_EQ(job().done, keys::Step::request);
    EXPECT_EQ(entries().at(0).state, "recorded");
    EXPECT_TRUE(entries().at(0).pem.empty());
}

TEST_F(ExternalCa, WhatTheCaSaysCountsAndNotTheStatusAroundIt) {
    CmpServer ca;
    ca.revocation_failure = [](const std::string&) { return 1 << OSSL_CMP_PKIFAILUREINFO_badCertId; };
    int status = 200;
    std::string type;  // of what the CA says; "": it says nothing
    front_ = std::make_unique<TlsFront>(folder_.path(), [&](const httplib::Request& request, httplib::Response& response) {
        response.status = status;
        if (!type.empty()) response.set_content(*ca.transport()(request.body), type);
    });
    front_->start(port_);
    const auto cmp = desk::open_external_ca(open_->desk->settings());
    ASSERT_OK(cmp);
    const std::string certificate = *crypto::from_pem("CERTIFICATE", files_.issuer_pem);
    const auto said = [&](int answered, const char* of_type) {
        status = answered;
        type = of_type;
        const auto revoked = cmp->revoke(certificate, certificates::RevocationReason::superseded, random_.bytes(16));
        EXPECT_FALSE(revoked) << answered;
        return revoked ? Error{} : revoked.error();
    };
    for (const int answered : {200, 400, 401, 403, 404, 429, 500, 503})
        EXPECT_EQ(said(answered, "application/pkixcmp").message, "外部 CA 没有这张证书") << answered;
    EXPECT_EQ(said(400, "Application/PKIXCMP; charset=binary").message, "外部 CA 没有这张证书");
    // Somebody else answers there, or the CA's web server: a person has to look.
    for (const char* of_type : {"", "text/html"})
        for (const int answered : {302, 400, 401, 403, 404, 405, 415}) {
            const Error error = said(answered, of_type);
            EXPECT_EQ(error.kind, ErrorKind::denied) << answered;
            EXPECT_THAT(error.message, testing::AllOf(HasSubstr("https://localhost:" + std::to_string(port_) + "/pkix/"),
                                                      HasSubstr("HTTP " + std::to_string(answered))));
        }
    for (const int answered : {429, 500, 503}) EXPECT_EQ(said(answered, "").kind, ErrorKind::unavailable) << answered;
    front_->stop();
}

TEST_F(ExternalCa, ItsAnswerIsNotWaitedForLongerThanForTheWhole) {
    std::promise<void> over;
    front_ = std::make_unique<TlsFront>(
        folder_.path(), [until = over.get_future().share()](const httplib::Request&, httplib::Response&) { until.wait(); });
    front_->start(port_);
    auto settings = open_->desk->settings();
    settings.cmp_patience_ms = kSecond;
    const auto cmp = desk::open_external_ca(settings);
    ASSERT_OK(cmp);
    const auto begun = std::chrono::steady_clock::now();
    const auto late = cmp->revoke(*crypto::from_pem("CERTIFICATE", files_.issuer_pem), certificates::RevocationReason::superseded,
                                  random_.bytes(16));
    const auto waited = std::chrono::steady_clock::now() - begun;
    over.set_value();
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().kind, ErrorKind::unavailable) << late.error().message << late.error().detail;
    EXPECT_THAT(late.error().message, HasSubstr("在规定时间内没有应答"));
    EXPECT_LT(waited, std::chrono::seconds(20)) << "one message may take 30 s when the whole may take longer";
    front_->stop();
}

TEST_F(ExternalCa, WhatTheSettingsLackIsSaid) {
    const auto trouble = [&](auto change) {
        auto settings = open_->desk->settings();
        change(settings);
        const auto opened = desk::open_external_ca(settings);
        EXPECT_FALSE(opened);
        return opened ? std::string() : opened.error().message;
    };
    EXPECT_THAT(trouble([](auto& s) { s.cmp_url = "http://ca.example/"; }), HasSubstr("https://"));
    EXPECT_THAT(trouble([](auto& s) { s.cmp_recipient.clear(); }), HasSubstr("名称"));
    EXPECT_THAT(trouble([](auto& s) { s.cmp_reference.clear(); }), HasSubstr("reference"));
    EXPECT_FALSE(trouble([](auto& s) { s.cmp_secret_file = "/nowhere"; }).empty());
    EXPECT_FALSE(trouble([](auto& s) { s.cmp_trusted = "/nowhere"; }).empty());
    EXPECT_FALSE(trouble([](auto& s) { s.cmp_signer = "/nowhere"; }).empty());
    EXPECT_THAT(trouble([&](auto& s) { s.cmp_signer = path("srv.pem"); }), HasSubstr("cmp_signer"));
}

}  // namespace
}  // namespace sealdesk::tests
