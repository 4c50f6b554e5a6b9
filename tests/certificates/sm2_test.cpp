// The authority with SM2 and SM3, and with its key elsewhere: against the openssl command line where that can check it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/files.h"
#include "base/process.h"
#include "certificates/authority.h"
#include "crypto/digest.h"
#include "crypto/signing.h"
#include "support/databases.h"

using namespace sealdesk;
using namespace sealdesk::certificates;
using crypto::KeyAlgorithm;
using crypto::Secret;
using testing::HasSubstr;

namespace {

const Instant kNow{1'795'400'000'000};  // November 2026
const std::string kId = "distid:1234567812345678";

struct Sm2Ca {
    Secret passphrase{std::string("correct horse battery")};
    crypto::SystemRandom random;
    AuthorityFiles files = *create_authority({{"江东签章根 CA", "江东签章服务中心", "", "CN"},
                                              {"江东签章签发 CA", "江东签章服务中心", "", "CN"},
                                              20,
                                              10,
                                              KeyAlgorithm::sm2},
                                             passphrase, random, kNow);
    Authority authority = *Authority::load(files.root_pem, files.issuer_pem, files.issuer_key_pem, passphrase, "");
    Profile profile = *read_profile(std::filesystem::path(SEALDESK_SOURCE) / "data/profiles/unit.toml");
    Result<std::string> sign(const Request& request, const SerialNumber& serial) {
        SEALDESK_LET(made, authority.sign(request, profile, {"南京垚鑫建设有限公司", "", "91110108MA01ABCD5T", "CN"}, serial,
                                          kNow, end_of_validity(kNow, 2)));
        return made.der;
    }
};

std::string put(const tests::TemporaryFolder& folder, const char* name, std::string_view bytes) {
    EXPECT_TRUE(write_file(folder.path() / name, bytes));
    return (folder.path() / name).string();
}

Finished openssl(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "openssl");
    const auto finished = run(arguments);
    EXPECT_TRUE(finished);
    return finished ? *finished : Finished{-1, ""};
}

// A request made and signed by the openssl command line, with this distinguishing id.
std::string request_by_openssl(const tests::TemporaryFolder& folder, const std::string& id) {
    const std::string key = (folder.path() / "u.key").string(), csr = (folder.path() / "u.der").string();
    EXPECT_EQ(openssl({"genpkey", "-algorithm", "SM2", "-out", key}).status, 0);
    EXPECT_EQ(openssl({"req", "-new", "-key", key, "-sm3", "-sigopt", "distid:" + id, "-subj", "/C=CN/CN=u", "-outform", "DER",
                       "-out", csr})
                  .status,
              0);
    return *read_file(csr);
}

}  // namespace

TEST(Sm2, OpensslAcceptsALeafUnderItsIssuer) {
    const tests::TemporaryFolder folder;
    Sm2Ca ca;
    const auto request = read_request(request_by_openssl(folder, std::string(crypto::kSm2Id)));
    ASSERT_TRUE(request) << request.error().message;
    EXPECT_EQ(request->algorithm, KeyAlgorithm::sm2);
    const auto der = ca.sign(*request, SerialNumber::random(ca.random));
    ASSERT_TRUE(der) << der.error().message << der.error().detail;
    const std::string leaf = put(folder, "leaf.pem", certificate_pem(*der)),
                      issuer = put(folder, "issuer.pem", ca.files.issuer_pem), at = std::to_string(kNow.ms / 1000 + 60);
    const auto judge = [&](const std::string& id) {
        return openssl({"verify", "-x509_strict", "-partial_chain", "-attime", at, "-vfyopt", id, "-CAfile", issuer, leaf});
    };
    EXPECT_EQ(judge(kId).status, 0) << judge(kId).output;
    EXPECT_NE(judge("distid:another").status, 0);
    const auto shown = openssl({"x509", "-in", leaf, "-noout", "-text"}).output;
    EXPECT_THAT(shown, HasSubstr("Signature Algorithm: SM2-with-SM3"));
    EXPECT_EQ(describe(*der)->algorithm, "SM2");
}

TEST(Sm2, ChainAndListAreCheckedToTheRoot) {
    const tests::TemporaryFolder folder;
    Sm2Ca ca;
    const auto request = *read_request(request_by_openssl(folder, std::string(crypto::kSm2Id)));
    const auto lost = SerialNumber::random(ca.random), kept = SerialNumber::random(ca.random);
    const auto lost_der = *ca.sign(request, lost), kept_der = *ca.sign(request, kept);
    const auto crl =
        ca.authority.make_crl({{lost, kNow + kHour, RevocationReason::key_compromise}}, 7, kNow + kHour, kNow + 7 * kDay);
    ASSERT_TRUE(crl) << crl.error().detail;
    EXPECT_TRUE(verify(kept_der, ca.authority.trust(*crl), kNow + 2 * kHour));
    EXPECT_THAT(verify(lost_der, ca.authority.trust(*crl), kNow + 2 * kHour).error().message, HasSubstr("已被吊销"));
    EXPECT_THAT(verify(kept_der, ca.authority.trust(*crl), kNow + 8 * kDay).error().message, HasSubstr("吊销列表已过期"));
    EXPECT_THAT(verify(kept_der, ca.authority.trust(*crl), kNow).error().message, HasSubstr("吊销列表还没有生效"));

    auto altered = kept_der;
    altered.back() = static_cast<char>(altered.back() ^ 1);
    EXPECT_FALSE(verify(altered, ca.authority.trust(), kNow + kHour));
    auto altered_list = *crl;
    altered_list.back() = static_cast<char>(altered_list.back() ^ 1);
    EXPECT_THAT(verify(kept_der, ca.authority.trust(altered_list), kNow + 2 * kHour).error().message,
                HasSubstr("吊销列表不是由签发 CA 签名的"));
    Sm2Ca other;
    EXPECT_FALSE(verify(kept_der, other.authority.trust(), kNow + kHour));
    const auto foreign = *other.authority.make_crl({}, 1, kNow, kNow + 7 * kDay);
    EXPECT_THAT(verify(kept_der, ca.authority.trust(foreign), kNow + kHour).error().message,
                HasSubstr("吊销列表不是由签发 CA 签名的"));
}

TEST(Sm2, ARequestSignedWithAnotherIdProvesNothing) {
    const tests::TemporaryFolder folder;
    for (const char* id : {"", "12345678"})
        EXPECT_THAT(read_request(request_by_openssl(folder, id)).error().message, HasSubstr("与其中的公钥不符")) << id;
}

TEST(Sm2, MessagesCarryTheId) {
    // GB/T 32918.5 vector of the public key; the digest of "abc" is GB/T 32905's.
    const auto key = crypto::generate_key(KeyAlgorithm::sm2);
    ASSERT_TRUE(key);
    EVP_PKEY* bare = key->get();
    EVP_PKEY_up_ref(bare);
    const crypto::SigningKey signer{crypto::KeyHandle(bare)};
    const auto signature = signer.sign("message digest");
    ASSERT_TRUE(signature);
    EXPECT_TRUE(crypto::is_signed_by("message digest", *signature, bare));
    EXPECT_FALSE(crypto::is_signed_by("message digesT", *signature, bare));
    EXPECT_FALSE(crypto::is_signed_by("message digest", "no signature", bare));
}

TEST(KeyElsewhere, SignsCertificatesAndListsLikeOneThatIsHere) {
    const tests::TemporaryFolder folder;
    crypto::SystemRandom random;
    const Secret passphrase(std::string("correct horse battery"));
    for (const auto algorithm : {KeyAlgorithm::rsa_2048, KeyAlgorithm::p_256}) {
        auto held = crypto::generate_key(algorithm);
        ASSERT_TRUE(held);
        const auto public_der = crypto::der_of(i2d_PUBKEY, held->get());
        const auto there = std::make_shared<crypto::SigningKey>(std::move(*held));
        int asked = 0;
        const auto key = [&] {
            return *crypto::SigningKey::elsewhere(crypto::read_der<crypto::KeyHandle>(d2i_PUBKEY, public_der),
                                                  [there, &asked](std::string_view message) {
                                                      ++asked;
                                                      return there->sign(message);
                                                  });
        };
        const auto files = create_authority({{"根", "中心", "", "CN"}, {"签发", "中心", "", "CN"}, 20, 10, algorithm}, passphrase,
                                            random, kNow, key());
        ASSERT_TRUE(files) << files.error().detail;
        EXPECT_EQ(files->issuer_key_pem, "");
        const auto authority = Authority::load(files->root_pem, files->issuer_pem, key(), "");
        ASSERT_TRUE(authority) << authority.error().message;
        EXPECT_EQ(asked, 0);  // loading signs nothing
        const auto crl = authority->make_crl({}, 1, kNow, kNow + kDay);
        ASSERT_TRUE(crl) << crl.error().detail;
        EXPECT_EQ(asked, 1);
        const auto issuer = put(folder, "issuer.pem", files->issuer_pem), list = put(folder, "list.pem", crl_pem(*crl));
        EXPECT_EQ(openssl({"crl", "-in", list, "-noout", "-CAfile", issuer}).output, "verify OK\n");
    }
    auto sm2 = crypto::generate_key(KeyAlgorithm::sm2);
    EXPECT_EQ(crypto::SigningKey::elsewhere(std::move(*sm2), {}).error().kind, ErrorKind::refused);
}

TEST(KeyElsewhere, AWrongSignatureIsNotHandedOut) {
    crypto::SystemRandom random;
    auto held = crypto::generate_key(KeyAlgorithm::p_256), stranger = crypto::generate_key(KeyAlgorithm::p_256);
    const auto wrong = std::make_shared<crypto::SigningKey>(std::move(*stranger));
    const auto public_der = crypto::der_of(i2d_PUBKEY, held->get());
    const auto key = [&](crypto::SigningKey::Remote remote) {
        return *crypto::SigningKey::elsewhere(crypto::read_der<crypto::KeyHandle>(d2i_PUBKEY, public_der), std::move(remote));
    };
    const auto files = *create_authority({{"根", "中心", "", "CN"}, {"签发", "中心", "", "CN"}, 20, 10, KeyAlgorithm::p_256},
                                         Secret(std::string("correct horse battery")), random, kNow,
                                         key([&](std::string_view message) { return wrong->sign(message); }));
    const auto lying = *Authority::load(files.root_pem, files.issuer_pem,
                                        key([&](std::string_view message) { return wrong->sign(message); }), "");
    EXPECT_FALSE(lying.make_crl({}, 1, kNow, kNow + kDay));
    const auto applicant = crypto::generate_key(KeyAlgorithm::p_256);
    const crypto::RequestHandle request(X509_REQ_new());
    X509_REQ_set_pubkey(request.get(), applicant->get());
    X509_REQ_sign(request.get(), applicant->get(), EVP_sha256());
    const auto asked = *read_request(crypto::der_of(i2d_X509_REQ, request.get()));
    const auto profile = *read_profile(std::filesystem::path(SEALDESK_SOURCE) / "data/profiles/unit.toml");
    const auto sign = [&](const Authority& by) {
        return by.sign(asked, profile, {"南京垚鑫建设有限公司", "", "91110108MA01ABCD5T", "CN"}, SerialNumber::random(random),
                       kNow, end_of_validity(kNow, 1));
    };
    EXPECT_EQ(sign(lying).error().kind, ErrorKind::internal);
    const auto honest = *Authority::load(files.root_pem, files.issuer_pem, crypto::SigningKey(std::move(*held)), "");
    EXPECT_TRUE(sign(honest));
    const auto dead =
        *Authority::load(files.root_pem, files.issuer_pem,
                         key([](std::string_view) { return Result<std::string>(fail(ErrorKind::device, "KEY 不在")); }), "");
    EXPECT_EQ(dead.make_crl({}, 1, kNow, kNow + kDay).error().kind, ErrorKind::device);
}
