// A KEY that is pulled at any call: the N-th call of the module fails, N = 1, 2, 3 … until the whole issue passes, once
// with the call not done and once with it done but its answer lost. After plugging it in again the issue goes on, and
// the KEY then holds exactly one key pair with exactly its certificate.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "certificates/authority.h"
#include "crypto/digest.h"
#include "keys/issue.h"
#include "keys/pkcs11_module.h"
#include "keys/soft_key.h"
#include "tests/keys/plug.h"
#include "tests/keys/soft_folder.h"

using namespace sealdesk;
using namespace sealdesk::keys;
using crypto::Secret;
using tests::plug;

namespace {

const Instant kNow{1'795'400'000'000};
const certificates::SubjectName kUnit{"南京垚鑫建设有限公司", "南京垚鑫建设有限公司", "91110108MA01ABCD5T", "CN"};

struct Center {
    crypto::SystemRandom random;
    std::optional<certificates::Authority> authority;
    certificates::Profile profile;
    int signed_count = 0;
    Center() {
        const Secret passphrase(std::string("correct horse battery"));
        certificates::AuthorityPlan plan;
        plan.root = {"江东签章根 CA", "江东签章服务中心", "", "CN"};
        plan.issuer = {"江东签章签发 CA", "江东签章服务中心", "", "CN"};
        plan.algorithm = crypto::KeyAlgorithm::p_256;
        const auto files = certificates::create_authority(plan, passphrase, random, kNow);
        authority.emplace(
            std::move(*certificates::Authority::load(files->root_pem, files->issuer_pem, files->issuer_key_pem, passphrase, "")));
        profile = *certificates::read_profile(std::filesystem::path(SEALDESK_SOURCE) / "data/profiles/unit.toml");
    }
    Result<certificates::Certificate> sign(std::string_view request_der) {
        SEALDESK_LET(request, certificates::read_request(request_der));
        ++signed_count;
        return authority->sign(request, profile, kUnit, certificates::SerialNumber::random(random), kNow,
                               certificates::end_of_validity(kNow, 2));
    }
};

// What the verb's journal would hold.
struct Journal {
    std::optional<certificates::Certificate> certificate;
};

Result<> issue(Tokens& tokens, const std::string& serial, const ObjectId& id, Center& center, Journal& journal) {
    SEALDESK_LET(session, tokens.open(serial));
    SEALDESK_TRY(session->login(Secret(std::string("246810"))));
    SEALDESK_LET(pair, ensure_key_pair(*session, id, "seal", crypto::KeyAlgorithm::p_256));
    if (!journal.certificate) {
        SEALDESK_LET(request, make_request(*session, pair, kUnit));
        SEALDESK_LET(certificate, center.sign(request.der));
        journal.certificate = certificate;
    }
    SEALDESK_TRY(session->write_certificate(id, "seal", *journal.certificate));
    const std::string seal = "seal " + crypto::sha256(journal.certificate->der);
    SEALDESK_TRY(session->write_data(kSealLabel, seal));
    SEALDESK_TRY(read_back(*session, id, journal.certificate->der));
    SEALDESK_TRY(read_back_seal(*session, seal));
    return prove(*session, id, *journal.certificate, center.random);
}

class Pulled : public testing::TestWithParam<bool> {};

}  // namespace

TEST_P(Pulled, AtEveryCallAndTheIssueStillEndsWithOneOfEach) {
    const std::filesystem::path folder = soft_folder();
    {
        const auto soft = use_soft_keys(folder);  // keeps the library loaded and initialised
        ASSERT_TRUE(soft);
        const auto token = add_soft_key(**soft, "KEY 1", Secret(std::string("12345678")), Secret(std::string("246810")));
        ASSERT_TRUE(token);
        const auto real = Module::load(*soft_key_module());
        ASSERT_TRUE(real);
        plug.reset((*real)->f);
        CK_FUNCTION_LIST list = tests::guarded_list(*(*real)->f);
        const auto tokens = tokens_over(std::make_shared<Module>(nullptr, &list, false));
        Center center;

        long pulls = 0;
        for (long at = 1;; ++at) {
            const ObjectId id = ObjectId::of("issue " + std::to_string(at));
            Journal journal;
            plug.calls = 0;
            plug.answer_lost = GetParam();
            plug.pulled_at = at;
            const auto first = issue(*tokens, token->serial, id, center, journal);
            const bool happened = plug.calls >= at;
            plug.plug_in();
            if (!happened) {
                ASSERT_TRUE(first) << first.error().message;
                break;
            }
            ++pulls;
            // Whatever was asked, the answer is that the KEY is away, never a judgement about what is on it.
            if (!first) {
                EXPECT_EQ(first.error().kind, ErrorKind::device);
                EXPECT_TRUE(first.error().detail.ends_with("0x32") || first.error().message.find("插") != std::string::npos)
                    << at << first.error().message << first.error().detail;
            }
            const auto second = issue(*tokens, token->serial, id, center, journal);
            ASSERT_TRUE(second) << "pulled at call " << at << ": " << second.error().message << second.error().detail;

            auto session = std::move(*tokens->open(token->serial));
            ASSERT_TRUE(session->login(Secret(std::string("246810"))));
            ASSERT_EQ(session->key_pairs()->size(), 1U) << at;
            const auto stored = session->certificates();
            ASSERT_EQ(stored->size(), 1U) << at;
            EXPECT_EQ((*stored)[0].der, journal.certificate->der);
            EXPECT_EQ(session->find_data(kSealLabel).value(), "seal " + crypto::sha256(journal.certificate->der));
            ASSERT_EQ(*session->delete_objects(id), 3) << at;
            ASSERT_EQ(*session->delete_data(kSealLabel), 1) << at;
        }
        EXPECT_GE(pulls, GetParam() ? 4 : 60);      // login, key pair, certificate, seal; every call
        EXPECT_EQ(center.signed_count, pulls + 1);  // one certificate per issue, however often it was interrupted
    }
    std::filesystem::remove_all(folder);
}

INSTANTIATE_TEST_SUITE_P(Call, Pulled, testing::Bool(), [](const auto& lost) { return lost.param ? "AnswerLost" : "NotDone"; });
