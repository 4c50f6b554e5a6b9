// Certificates alone: 200 requests in, 200 certificates out, against one `openssl ca` process over the same requests and
// against the bare signatures. Ours checks each request, has the serial durably on record before anything is signed,
// verifies what it signed and keeps it durably; four at a time, as officers with four KEYs do, and one at a time beside it.
#include <benchmark/benchmark.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <thread>

#include "base/files.h"
#include "base/process.h"
#include "certificates/certificate_register.h"
#include "crypto/pem.h"
#include "tests/bench/bounds.h"
#include "tests/support/orders.h"

namespace sealdesk::bench {
namespace {

namespace fs = std::filesystem;
using crypto::KeyAlgorithm;

constexpr int kRequests = 200, kAtOnce = 4;

fs::path source() {
    fs::path up = fs::read_symlink("/proc/self/exe").parent_path();
    while (up.has_relative_path() && !fs::exists(up / "data/profiles")) up = up.parent_path();
    return up;
}

struct Folder {
    fs::path path = [] {
        std::string name = (fs::temp_directory_path() / "sealdesk-bench-ca-XXXXXX").string();
        return fs::path(mkdtemp(name.data()));
    }();
    ~Folder() { fs::remove_all(path); }
};

std::string request_of(EVP_PKEY* key, const certificates::SubjectName& subject) {
    const crypto::RequestHandle request(X509_REQ_new());
    const auto name = certificates::x509_name(subject);
    X509_REQ_set_subject_name(request.get(), name->get());
    X509_REQ_set_pubkey(request.get(), key);
    X509_REQ_sign(request.get(), key, EVP_sha256());
    return crypto::der_of(i2d_X509_REQ, request.get());
}

class Centre {
public:
    static Result<std::unique_ptr<Centre>> make(KeyAlgorithm algorithm) {
        auto centre = std::unique_ptr<Centre>(new Centre);
        const crypto::Secret passphrase(std::string("correct horse battery"));
        const Instant now = centre->clock_.now();
        SEALDESK_LET(files,
                     certificates::create_authority({{"根", "中心", "", "CN"}, {"签发", "中心", "", "CN"}, 20, 10, algorithm},
                                                    passphrase, centre->random_, now));
        SEALDESK_LET(authority,
                     certificates::Authority::load(files.root_pem, files.issuer_pem, files.issuer_key_pem, passphrase, ""));
        centre->authority_.emplace(std::move(authority));
        SEALDESK_LET(issuer_key, crypto::read_private_key(files.issuer_key_pem, passphrase));
        centre->issuer_key_ = std::move(issuer_key);
        SEALDESK_LET(clear, crypto::clear_private_key_pem(centre->issuer_key_.get()));
        SEALDESK_TRY(write_file(centre->folder_.path / "issuer.key", clear, 0600));
        SEALDESK_TRY(write_file(centre->folder_.path / "issuer.pem", files.issuer_pem));
        SEALDESK_LET(profile, certificates::read_profile(source() / "data/profiles/unit.toml"));
        centre->profile_ = std::move(profile);
        SEALDESK_LET(database,
                     storage::Database::open({(centre->folder_.path / "desk.sqlite").string(), source() / "data/migrations/desk",
                                              &centre->clock_, &centre->random_, kAtOnce}));
        centre->database_ = std::move(database);
        SEALDESK_TRY(tests::put(*centre->database_, {tests::sample_order(1)}, orders::State::approved));
        // Making RSA keys costs more than all the rest: ten keys take turns.
        std::vector<crypto::KeyHandle> keys;
        for (int i = 0; i < 10; ++i) {
            SEALDESK_LET(made, crypto::generate_key(algorithm));
            keys.push_back(std::move(made));
        }
        for (const auto& key : keys) {
            crypto::CertificateHandle certificate(X509_new());
            if (X509_set_pubkey(certificate.get(), key.get()) != 1) return crypto::openssl_failed("X509_set_pubkey");
            centre->prepared_.push_back(std::move(certificate));
        }
        for (int i = 0; i < kRequests; ++i) {
            const certificates::SubjectName subject{"南京犇鑫建设工程有限公司" + std::to_string(i), "",
                                                    std::to_string(100000 + i), "CN"};
            centre->subjects_.push_back(subject);
            centre->requests_.push_back(request_of(keys[static_cast<size_t>(i) % keys.size()].get(), subject));
            SEALDESK_TRY(write_file(centre->folder_.path / ("r" + std::to_string(i) + ".pem"),
                                    crypto::to_pem("CERTIFICATE REQUEST", centre->requests_.back())));
        }
        return centre;
    }

    // The whole of it, for every request: by four officers, and by one.
    Result<> issue() { return issue_by(kAtOnce); }
    Result<> issue_alone() { return issue_by(1); }
    Result<> issue_by(int at_once) {
        std::atomic<int> next = 0;
        std::vector<Result<>> outcome(kAtOnce);
        {
            std::vector<std::jthread> officers;
            for (int officer = 0; officer < at_once; ++officer)
                officers.emplace_back([&, officer] {
                    for (int i = 0; (i = next++) < kRequests;)
                        if (auto done = issue_one(static_cast<size_t>(i)); !done)
                            outcome[static_cast<size_t>(officer)] = std::move(done);
                });
        }
        for (auto& each : outcome) SEALDESK_TRY(each);
        return {};
    }

    Result<> openssl_ca() {
        const auto& at = folder_.path;
        SEALDESK_TRY(write_file(at / "index.txt", ""));
        SEALDESK_TRY(write_file(at / "serial", "1000\n"));
        SEALDESK_TRY(
            write_file(at / "ca.cnf",
                       "[ca]\ndefault_ca = c\n[c]\ndatabase = " + (at / "index.txt").string() +
                           "\nnew_certs_dir = " + at.string() + "\ncertificate = " + (at / "issuer.pem").string() +
                           "\nprivate_key = " + (at / "issuer.key").string() + "\nserial = " + (at / "serial").string() +
                           "\ndefault_md = sha256\ndefault_days = 365\npolicy = p\nunique_subject = no\nutf8 = yes\n"
                           "x509_extensions = x\n[p]\ncountryName = optional\ncommonName = supplied\nserialNumber = optional\n"
                           "[x]\nbasicConstraints = critical,CA:FALSE\nkeyUsage = critical,digitalSignature,nonRepudiation\n"
                           "extendedKeyUsage = clientAuth\nsubjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid\n"));
        std::vector<std::string> words{"openssl",      "ca",      "-batch",      "-notext",
                                       "-rand_serial", "-config", at / "ca.cnf", "-infiles"};
        for (int i = 0; i < kRequests; ++i) words.push_back(at / ("r" + std::to_string(i) + ".pem"));
        auto process = Process::start({words, {}, {}, at / "ca.log", {}, false});
        if (!process || process->wait() != 0) return fail(ErrorKind::internal, "openssl ca", *read_file(at / "ca.log"));
        return {};
    }

    // Sign, request check and verification with nothing around them, on one thread. What is signed was put together before.
    Result<> bare() {
        for (size_t i = 0; i < requests_.size(); ++i) {
            const auto request = crypto::read_der<crypto::RequestHandle>(d2i_X509_REQ, requests_[i]);
            X509* certificate = prepared_[i % prepared_.size()].get();
            if (X509_REQ_verify(request.get(), X509_REQ_get0_pubkey(request.get())) != 1 ||
                X509_sign(certificate, issuer_key_.get(), EVP_sha256()) <= 0 || X509_verify(certificate, issuer_key_.get()) != 1)
                return crypto::openssl_failed("X509_sign");
        }
        return {};
    }

private:
    Centre() = default;
    Result<> issue_one(size_t i) {
        SEALDESK_LET(request, certificates::read_request(requests_[i]));
        const auto serial = certificates::SerialNumber::random(random_);
        certificates::Entry entry;
        entry.serial = serial.hex();
        entry.order_no = tests::sample_order(1).no;
        entry.subject_name = subjects_[i].common_name;
        entry.document_number = subjects_[i].number;
        entry.not_before = {clock_.now().ms / 1000 * 1000};
        entry.not_after = certificates::end_of_validity(entry.not_before, 1);
        SEALDESK_TRY(database_->write([&](storage::Tx& tx) -> Result<> {
            certificates::record_serial(tx, entry);
            return {};
        }));
        SEALDESK_LET(certificate, authority_->sign(request, profile_, subjects_[i], serial, entry.not_before, entry.not_after));
        return database_->write([&](storage::Tx& tx) {
            return certificates::record_signed(tx, entry.serial, certificates::certificate_pem(certificate.der));
        });
    }

    Folder folder_;
    SystemClock clock_;
    crypto::SystemRandom random_;
    std::optional<certificates::Authority> authority_;
    crypto::KeyHandle issuer_key_;
    certificates::Profile profile_;
    std::unique_ptr<storage::Database> database_;
    std::vector<certificates::SubjectName> subjects_;
    std::vector<std::string> requests_;
    std::vector<crypto::CertificateHandle> prepared_;  // of the ten keys, to sign again and again
};

void issuing(benchmark::State& state, KeyAlgorithm algorithm, double times_bare) {
    auto made = Centre::make(algorithm);
    if (!made) return broken(state, made.error());
    auto& centre = **made;
    const auto took = [&](Result<> (Centre::*work)()) -> double {
        const auto begin = std::chrono::steady_clock::now();
        if (const auto done = (centre.*work)(); !done) broken(state, done.error());
        return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
    };
    std::vector<double> ours, alone, ca, bare;
    for (auto _ : state) {
        ours.push_back(took(&Centre::issue));
        alone.push_back(took(&Centre::issue_alone));
        ca.push_back(took(&Centre::openssl_ca));
        bare.push_back(took(&Centre::bare));
    }
    if (ours.empty()) return;
    figure(state, "ours_ms", percentile(ours, 50));
    figure(state, "alone_ms", percentile(alone, 50));
    figure(state, "openssl_ca_ms", percentile(ca, 50));
    figure(state, "bare_ms", percentile(bare, 50));
    figure(state, "times_openssl_ca", percentile(ours, 50) / percentile(ca, 50), 1.0);
    figure(state, "times_bare", percentile(ours, 50) / percentile(bare, 50), times_bare);
    figure(state, "alone_times_bare", percentile(alone, 50) / percentile(bare, 50), times_bare);
    // Told, not promised: one officer after the other waits for the disk each time.
    figure(state, "alone_times_openssl_ca", percentile(alone, 50) / percentile(ca, 50));
}

BENCHMARK_CAPTURE(issuing, rsa, KeyAlgorithm::rsa_2048, 2.5)
    ->Name("issuing/200_rsa_2048")
    ->Iterations(7)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(issuing, p256, KeyAlgorithm::p_256, 6.0)
    ->Name("issuing/200_p_256")
    ->Iterations(7)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sealdesk::bench
