// What writing a KEY costs beyond the KEY's own key generation and the signatures: journal, register, certificate onto the
// KEY, reading back, proof, binding. Software KEYs and database lie in memory where there is a place for it: what a disk
// takes to keep a commit is the disk's figure.
#include <benchmark/benchmark.h>

#include <chrono>

#include "crypto/digest.h"
#include "keys/soft_key.h"
#include "tests/bench/bounds.h"
#include "tests/keys/key_desk.h"
#include "tests/keys/soft_folder.h"

namespace sealdesk::bench {
namespace {

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point from) { return std::chrono::duration<double, std::milli>(Clock::now() - from).count(); }

// A session that says how long the KEY made keys and signatures.
class Timed final : public keys::TokenSession {
public:
    Timed(std::unique_ptr<keys::TokenSession> session, double* own) : session_(std::move(session)), own_(own) {}

    Result<keys::TokenInfo> look() override { return session_->look(); }
    Result<> login(const crypto::Secret& pin, keys::LastTry last) override { return session_->login(pin, last); }
    Result<> logout() override { return session_->logout(); }
    Result<> change_pin(const crypto::Secret& a, const crypto::Secret& b) override { return session_->change_pin(a, b); }
    Result<> unlock(const crypto::Secret& a, const crypto::Secret& b, keys::LastTry last) override {
        return session_->unlock(a, b, last);
    }
    Result<std::vector<keys::KeyPair>> key_pairs() override { return session_->key_pairs(); }
    Result<std::optional<keys::KeyPair>> find_key_pair(const keys::ObjectId& id) override { return session_->find_key_pair(id); }
    Result<keys::KeyPair> generate_key_pair(const keys::ObjectId& id, const std::string& label,
                                            crypto::KeyAlgorithm algorithm) override {
        const auto from = Clock::now();
        auto pair = session_->generate_key_pair(id, label, algorithm);
        *own_ += ms_since(from);
        return pair;
    }
    Result<std::vector<keys::StoredCertificate>> certificates() override { return session_->certificates(); }
    Result<std::optional<keys::StoredCertificate>> find_certificate(const keys::ObjectId& id) override {
        return session_->find_certificate(id);
    }
    Result<> write_certificate(const keys::ObjectId& id, const std::string& label, std::string_view der) override {
        return session_->write_certificate(id, label, der);
    }
    Result<> write_data(const std::string& label, std::string_view bytes) override { return session_->write_data(label, bytes); }
    Result<std::optional<std::string>> find_data(const std::string& label) override { return session_->find_data(label); }
    Result<int> delete_data(const std::string& label) override { return session_->delete_data(label); }
    Result<int> strangers(const keys::ObjectId& mine) override { return session_->strangers(mine); }
    Result<int> delete_objects(const keys::ObjectId& id) override { return session_->delete_objects(id); }
    Result<std::string> sign(const keys::ObjectId& id, std::string_view message) override {
        const auto from = Clock::now();
        auto signature = session_->sign(id, message);
        *own_ += ms_since(from);
        return signature;
    }
    Result<> check_not_extractable(const keys::ObjectId& id) override { return session_->check_not_extractable(id); }

private:
    std::unique_ptr<keys::TokenSession> session_;
    double* own_;
};

class TimedTokens final : public keys::Tokens {
public:
    explicit TimedTokens(keys::Tokens& tokens) : tokens_(tokens) {}
    Result<std::vector<keys::TokenInfo>> list() override { return tokens_.list(); }
    Result<keys::TokenInfo> find(std::string_view serial) override { return tokens_.find(serial); }
    Result<std::unique_ptr<keys::TokenSession>> open(std::string_view serial) override {
        SEALDESK_LET(session, tokens_.open(serial));
        return std::make_unique<Timed>(std::move(session), &own_ms);
    }
    Result<keys::TokenInfo> initialize(const keys::TokenInfo& token, const crypto::Secret& so, const crypto::Secret& user,
                                       const std::string& label, keys::Contents contents) override {
        return tokens_.initialize(token, so, user, label, contents);
    }
    double own_ms = 0;  // key generation and signatures

private:
    keys::Tokens& tokens_;
};

void write_key(benchmark::State& state) {
    const auto folder = soft_folder();
    {
        const auto soft = keys::use_soft_keys(folder / "keys");
        if (!soft) return broken(state, soft.error());
        const auto added = keys::add_soft_key(**soft, "KEY", crypto::Secret(std::string("12345678")), tests::user_pin());
        if (!added) return broken(state, added.error());
        TimedTokens tokens(**soft);
        tests::KeyDesk desk(folder, &tokens);
        desk.bench.algorithm = state.range(0) == 0 ? crypto::KeyAlgorithm::p_256 : crypto::KeyAlgorithm::rsa_2048;
        if (const auto in = keys::seen(*desk.database, {*added}); !in) return broken(state, in.error());
        std::vector<double> beyond, total;
        int n = 0;
        for (auto _ : state) {
            state.PauseTiming();
            ++n;
            if (const auto approved = desk.approve(tests::KeyDesk::order_of(n, n)); !approved)
                return broken(state, approved.error());
            tokens.own_ms = 0;
            state.ResumeTiming();
            const auto from = Clock::now();
            const auto job = desk.write(tests::KeyDesk::no(n), added->serial);
            const double all = ms_since(from);
            state.PauseTiming();
            if (!job) return broken(state, job.error());
            // The certificate's own signature, and the look at it that goes with it.
            const auto request = certificates::read_request(*crypto::from_base64(job->request_pem));
            const auto again = Clock::now();
            const auto der =
                desk.bench.authority->sign(*request, desk.bench.profiles.at(orders::SubjectKind::unit),
                                           {"南京垚鑫建设有限公司", "南京垚鑫建设有限公司", "91110108MA01ABCD5T", "CN"},
                                           certificates::SerialNumber::random(desk.random), desk.clock.now(),
                                           certificates::end_of_validity(desk.clock.now(), 1));
            const double signing = ms_since(again);
            if (!der) return broken(state, der.error());
            beyond.push_back(all - tokens.own_ms - signing);
            total.push_back(all);
            // The same KEY again, blank.
            auto session = std::move(*(*soft)->open(added->serial));
            (void)session->login(tests::user_pin());
            const auto pairs = session->key_pairs();
            for (const auto& pair : *pairs) (void)session->delete_objects(pair.id);
            (void)desk.database->execute("UPDATE keys SET state = 'blank', order_no = ''");
            (void)desk.database->execute("UPDATE key_jobs SET abandoned = 1");
            state.ResumeTiming();
        }
        if (!beyond.empty()) {
            figure(state, "beyond_ms", percentile(beyond, 50), 5);
            figure(state, "whole_ms", percentile(total, 50));
        }
    }
    std::filesystem::remove_all(folder);
}
BENCHMARK(write_key)->ArgName("rsa")->Arg(0)->Arg(1)->Iterations(40)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sealdesk::bench
