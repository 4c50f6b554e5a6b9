// What writing a KEY costs beyond the KEY's own key generation and the bare signatures: journal, register, certificate, the seal
// of an accepted picture, both onto the KEY, reading back, proof, binding. What the software KEY keeps lies in memory where there
// is a place for it, because a KEY has a memory of its own. The database lies in memory as well, where the bound holds (how
// long a disk takes to keep a commit is the disk's figure), and once more on the disk, told without a bound.
#include <benchmark/benchmark.h>

#include <chrono>
#include <filesystem>

#include "crypto/signing.h"
#include "desk/key_seals.h"
#include "desk/seal_pictures.h"
#include "keys/soft_key.h"
#include "seals/seals.h"
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
    Result<> write_certificate(const keys::ObjectId& id, const std::string& label,
                               const sealdesk::certificates::Certificate& certificate) override {
        return session_->write_certificate(id, label, certificate);
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

// Median time of one signature over a message of `size` bytes with nothing around it, in ms.
double bare_signature_ms(const crypto::SigningKey& key, size_t size) {
    const std::string message(size, 'x');
    std::vector<double> all;
    for (int i = 0; i < 51; ++i) {
        const auto from = Clock::now();
        if (!key.sign(message)) return 0;
        all.push_back(ms_since(from));
    }
    return percentile(all, 50);
}

// The centre's keys: the issuing CA's, the seal maker's, and what one signature of each costs.
struct Centre {
    std::shared_ptr<const certificates::Authority> authority;
    std::shared_ptr<const seals::Maker> maker;
    seals::SealPicture picture;
    double certificate_ms = 0, seal_ms = 0;

    static Result<Centre> make(crypto::Random& random, Instant now, crypto::KeyAlgorithm algorithm) {
        Centre centre;
        const crypto::Secret words(std::string("correct horse battery"));
        SEALDESK_LET(files, certificates::create_authority(
                                {{"根", "中心", "", "CN"}, {"签发", "中心", "", "CN"}, 20, 10, algorithm}, words, random, now));
        SEALDESK_LET(authority, certificates::Authority::load(files.root_pem, files.issuer_pem, files.issuer_key_pem, words, ""));
        centre.authority = std::make_shared<const certificates::Authority>(std::move(authority));
        SEALDESK_LET(issuer_key, crypto::read_private_key(files.issuer_key_pem, words));
        constexpr size_t kSignedOfCertificate = 1200;
        centre.certificate_ms = bare_signature_ms(crypto::SigningKey(std::move(issuer_key)), kSignedOfCertificate);
        SEALDESK_LET(made, seals::create_maker({{"印章根", "中心", "", "CN"}, {"制章", "中心", "", "CN"}}, words, random, now));
        SEALDESK_LET(maker, seals::Maker::load(made.root_pem, made.maker_pem, made.maker_key_pem, words));
        centre.maker = std::make_shared<const seals::Maker>(std::move(maker));
        SEALDESK_LET(press, desk::SealPress::open());
        SEALDESK_LET(drawing, press.draw(seals::seal_text(seals::SealShape::round, "南京垚鑫建设有限公司")));
        SEALDESK_LET(impression, press.print(drawing));
        SEALDESK_LET(picture, seals::seal_picture(impression));
        centre.picture = std::move(picture);
        SEALDESK_LET(maker_key, crypto::read_private_key(made.maker_key_pem, words));
        centre.seal_ms = bare_signature_ms(crypto::SigningKey(std::move(maker_key)), centre.picture.data.size());
        return centre;
    }
};

struct DiskFolder {
    std::filesystem::path path = [] {
        std::string name = (std::filesystem::temp_directory_path() / "sealdesk-bench-keys-XXXXXX").string();
        return std::filesystem::path(mkdtemp(name.data()));
    }();
    ~DiskFolder() { std::filesystem::remove_all(path); }
};

void write_key(benchmark::State& state) {
    const auto folder = soft_folder();
    {
        const DiskFolder disk;
        const bool on_disk = state.range(1) != 0;
        const auto soft = keys::use_soft_keys(folder / "keys");
        if (!soft) return broken(state, soft.error());
        const auto added = keys::add_soft_key(**soft, "KEY", crypto::Secret(std::string("12345678")), tests::user_pin());
        if (!added) return broken(state, added.error());
        TimedTokens tokens(**soft);
        tests::KeyDesk desk(on_disk ? disk.path : folder, &tokens);
        const auto algorithm = state.range(0) == 0 ? crypto::KeyAlgorithm::p_256 : crypto::KeyAlgorithm::rsa_2048;
        const auto centre = Centre::make(desk.random, desk.clock.now(), algorithm);
        if (!centre) return broken(state, centre.error());
        desk.bench.algorithm = algorithm;
        desk.bench.authority = centre->authority;
        desk::write_seals(desk.bench, centre->maker);
        if (const auto in = keys::seen(*desk.database, {*added}); !in) return broken(state, in.error());
        std::vector<double> beyond, total;
        int n = 0;
        for (auto _ : state) {
            state.PauseTiming();
            ++n;
            const auto order = tests::KeyDesk::order_of(n, n);
            if (const auto approved = desk.approve(order); !approved) return broken(state, approved.error());
            if (const auto accepted = seals::accept_picture(*desk.database, desk.officer, order.no, centre->picture,
                                                            seals::PictureSource::drawn, order.subject.name);
                !accepted)
                return broken(state, accepted.error());
            tokens.own_ms = 0;
            state.ResumeTiming();
            const auto from = Clock::now();
            const auto job = desk.write(order.no, added->serial);
            const double all = ms_since(from);
            state.PauseTiming();
            if (!job) return broken(state, job.error());
            beyond.push_back(all - tokens.own_ms - centre->certificate_ms - centre->seal_ms);
            total.push_back(all);
            // The same KEY again, blank.
            {
                auto session = std::move(*(*soft)->open(added->serial));
                (void)session->login(tests::user_pin());
                const auto pairs = session->key_pairs();
                for (const auto& pair : *pairs) (void)session->delete_objects(pair.id);
                (void)session->delete_data(keys::kSealLabel);
            }
            (void)desk.database->execute("UPDATE keys SET state = 'blank', order_no = ''");
            (void)desk.database->execute("UPDATE key_jobs SET abandoned = 1");
            state.ResumeTiming();
        }
        if (desk.number("SELECT COUNT(*) FROM seals WHERE state = 'made'") != n)
            return broken(state, {ErrorKind::internal, "not every KEY has its seal", ""});
        // What the disk takes to keep one change, told beside it.
        std::vector<double> commits;
        for (int i = 0; i < 21; ++i) {
            const auto from = Clock::now();
            (void)desk.database->execute("UPDATE keys SET label = 'KEY " + std::to_string(i) + "'");
            commits.push_back(ms_since(from));
        }
        if (!beyond.empty()) {
            figure(state, "beyond_ms", percentile(beyond, 50), on_disk ? 0 : 5);
            figure(state, "whole_ms", percentile(total, 50));
            figure(state, "one_commit_ms", percentile(commits, 50));
        }
    }
    std::filesystem::remove_all(folder);
}
BENCHMARK(write_key)->ArgNames({"rsa", "disk"})->ArgsProduct({{0, 1}, {0, 1}})->Iterations(40)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sealdesk::bench
