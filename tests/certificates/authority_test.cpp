#include "certificates/authority.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <stdlib.h>

#include <filesystem>

#include "base/files.h"
#include "base/process.h"
#include "certificates/profile.h"
#include "certificates/tls.h"
#include "crypto/digest.h"
#include "crypto/handles.h"

using namespace sealdesk;
using namespace sealdesk::certificates;
using crypto::KeyAlgorithm;
using crypto::Secret;
using testing::HasSubstr;
using testing::Not;

namespace {

const Instant kNow{1'795'400'000'000};  // November 2026

struct Folder {
    std::filesystem::path path;
    Folder() {
        char name[] = "/tmp/sealdesk_ca_XXXXXX";
        path = mkdtemp(name);
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::string put(const char* name, std::string_view bytes) const {
        EXPECT_TRUE(write_file(path / name, bytes));
        return (path / name).string();
    }
};

Finished openssl(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "openssl");
    auto finished = run(arguments);
    EXPECT_TRUE(finished);
    return finished ? *finished : Finished{-1, ""};
}

AuthorityPlan plan(KeyAlgorithm algorithm = KeyAlgorithm::rsa_2048) {
    AuthorityPlan made;
    made.root = {"江东签章根 CA", "江东签章服务中心", "", "CN"};
    made.issuer = {"江东签章签发 CA", "江东签章服务中心", "", "CN"};
    made.algorithm = algorithm;
    return made;
}

Profile profile(const char* name) {
    auto read = read_profile(std::filesystem::path(SEALDESK_SOURCE) / "data/profiles" / (std::string(name) + ".toml"));
    EXPECT_TRUE(read) << read.error().message;
    return *read;
}

// A request signed with this key, as a KEY would make it.
std::string request_of(EVP_PKEY* key, const EVP_MD* digest = EVP_sha256(), EVP_PKEY* signer = nullptr) {
    const crypto::RequestHandle request(X509_REQ_new());
    const auto name = x509_name({"申请人", "", "", "CN"});
    X509_REQ_set_subject_name(request.get(), name->get());
    X509_REQ_set_pubkey(request.get(), key);
    X509_REQ_sign(request.get(), signer ? signer : key, digest);
    return crypto::der_of(i2d_X509_REQ, request.get());
}

// The same CA for all tests of this file: making RSA keys is what costs time here.
struct Ca {
    Secret passphrase{std::string("correct horse battery")};
    crypto::SystemRandom random;
    AuthorityFiles files;
    std::optional<Authority> authority;
    crypto::KeyHandle key;
    Request request;
    Ca() {
        auto made = create_authority(plan(), passphrase, random, kNow);
        EXPECT_TRUE(made) << made.error().detail;
        files = *made;
        auto loaded = Authority::load(files.root_pem, files.issuer_pem, files.issuer_key_pem, passphrase,
                                      "http://crl.example.cn/issuer.crl");
        EXPECT_TRUE(loaded) << loaded.error().message << loaded.error().detail;
        authority.emplace(std::move(*loaded));
        key = std::move(*crypto::generate_key(KeyAlgorithm::rsa_2048));
        request = *read_request(request_of(key.get()));
    }
    Result<std::string> sign(const SubjectName& subject, SerialNumber serial, int years = 2) {
        SEALDESK_LET(made, authority->sign(request, profile("unit"), subject, serial, kNow, end_of_validity(kNow, years)));
        return made.der;
    }
};
Ca& ca() {
    static Ca made;
    return made;
}

const SubjectName kUnit{"南京垚鑫建设有限公司", "南京垚鑫建设有限公司", "91110108MA01ABCD5T", "CN"};

}  // namespace

TEST(Authority, OpensslAcceptsWhatItSigns) {
    const Folder folder;
    const auto serial = SerialNumber::random(ca().random);
    const auto der = ca().sign(kUnit, serial);
    ASSERT_TRUE(der) << der.error().message << der.error().detail;
    const auto crl = ca().authority->make_crl({}, 1, kNow, kNow + 7 * kDay);
    ASSERT_TRUE(crl);
    const std::string root = folder.put("root.pem", ca().files.root_pem),
                      issuer = folder.put("issuer.pem", ca().files.issuer_pem),
                      leaf = folder.put("leaf.pem", certificate_pem(*der)),
                      lists = folder.put("crls.pem", crl_pem(*crl) + crl_pem(ca().files.root_crl_der)),
                      at = std::to_string(kNow.ms / 1000 + 60);
    const auto verified = openssl({"verify", "-x509_strict", "-crl_check_all", "-attime", at, "-CAfile", root, "-untrusted",
                                   issuer, "-CRLfile", lists, leaf});
    EXPECT_EQ(verified.status, 0) << verified.output;
    EXPECT_THAT(verified.output, HasSubstr(": OK"));

    const auto shown = openssl({"x509", "-in", leaf, "-noout", "-text", "-nameopt", "RFC2253,-esc_msb,utf8"}).output;
    for (const char* part : {"CN=南京垚鑫建设有限公司", "91110108MA01ABCD5T", "Digital Signature, Non Repudiation", "CA:FALSE",
                             "http://crl.example.cn/issuer.crl", "sha256WithRSAEncryption", "X509v3 Authority Key Identifier",
                             "X509v3 Subject Key Identifier", "TLS Web Client Authentication", "Public-Key: (2048 bit)"})
        EXPECT_THAT(shown, HasSubstr(part));
    const auto printed = openssl({"x509", "-in", leaf, "-noout", "-serial"}).output;
    EXPECT_EQ(printed, "serial=" + serial.hex() + "\n");
    // Names are UTF8String, C and serialNumber PrintableString.
    const auto parsed = openssl({"asn1parse", "-in", leaf}).output;
    EXPECT_THAT(parsed, HasSubstr("UTF8STRING        :南京垚鑫建设有限公司"));
    EXPECT_THAT(parsed, HasSubstr("PRINTABLESTRING   :91110108MA01ABCD5T"));
}

TEST(Authority, RevokedIsSeenByOpensslAndByUs) {
    const Folder folder;
    const auto lost = SerialNumber::random(ca().random), damaged = SerialNumber::random(ca().random),
               good = SerialNumber::random(ca().random);
    const auto lost_der = ca().sign(kUnit, lost), good_der = ca().sign(kUnit, good);
    ASSERT_TRUE(lost_der && good_der);
    const auto crl = ca().authority->make_crl(
        {{lost, kNow + kHour, RevocationReason::key_compromise}, {damaged, kNow + kHour, RevocationReason::superseded}}, 42,
        kNow + kHour, kNow + 7 * kDay);
    ASSERT_TRUE(crl) << crl.error().detail;
    const std::string root = folder.put("root.pem", ca().files.root_pem),
                      issuer = folder.put("issuer.pem", ca().files.issuer_pem),
                      lists = folder.put("crls.pem", crl_pem(*crl) + crl_pem(ca().files.root_crl_der)),
                      list = folder.put("crl.pem", crl_pem(*crl)), at = std::to_string(kNow.ms / 1000 + 2 * 3600);
    const auto judge = [&](const std::string& der) {
        const std::string leaf = folder.put("leaf.pem", certificate_pem(der));
        return openssl(
            {"verify", "-crl_check_all", "-attime", at, "-CAfile", root, "-untrusted", issuer, "-CRLfile", lists, leaf});
    };
    EXPECT_THAT(judge(*lost_der).output, HasSubstr("certificate revoked"));
    EXPECT_EQ(judge(*good_der).status, 0);
    const auto text = openssl({"crl", "-in", list, "-noout", "-text"}).output;
    for (const std::string& part : {std::string("Key Compromise"), std::string("Superseded"), lost.hex(), damaged.hex()})
        EXPECT_THAT(text, HasSubstr(part));
    EXPECT_THAT(text, HasSubstr("X509v3 CRL Number: \n                42"));
    EXPECT_EQ(openssl({"crl", "-in", list, "-noout", "-CAfile", issuer}).output, "verify OK\n");

    EXPECT_TRUE(verify(*good_der, ca().authority->trust(*crl), kNow + 2 * kHour));
    EXPECT_THAT(verify(*lost_der, ca().authority->trust(*crl), kNow + 2 * kHour).error().message, HasSubstr("已被吊销"));
    EXPECT_THAT(verify(*good_der, ca().authority->trust(*crl), kNow + 8 * kDay).error().message, HasSubstr("吊销列表已过期"));
    EXPECT_THAT(verify(*good_der, ca().authority->trust(), kNow + 1000 * kDay).error().message, HasSubstr("证书已过期"));
    EXPECT_THAT(verify(*good_der, ca().authority->trust(), kNow + -kDay).error().message, HasSubstr("还没有生效"));
}

TEST(Authority, ListRefusesDuplicatesAndTimesBackwards) {
    const auto serial = SerialNumber::random(ca().random);
    EXPECT_EQ(ca().authority->make_crl({{serial, kNow}, {serial, kNow}}, 1, kNow, kNow + kDay).error().kind, ErrorKind::refused);
    EXPECT_EQ(ca().authority->make_crl({}, 1, kNow, kNow).error().kind, ErrorKind::refused);
}

TEST(Authority, AStrangersAndAnAlteredCertificateAreNotOurs) {
    const auto other = create_authority(plan(KeyAlgorithm::p_256), ca().passphrase, ca().random, kNow);
    ASSERT_TRUE(other);
    auto der = *ca().sign(kUnit, SerialNumber::random(ca().random));
    EXPECT_FALSE(verify(der, {other->root_pem, other->issuer_pem, {}}, kNow + kDay));
    der[der.size() - 1] = static_cast<char>(der[der.size() - 1] ^ 1);
    EXPECT_THAT(verify(der, ca().authority->trust(), kNow + kDay).error().message, HasSubstr("签名不正确"));
    EXPECT_EQ(verify("no certificate", ca().authority->trust(), kNow).error().kind, ErrorKind::corrupt);
    // The keys of one CA with the certificate of another.
    EXPECT_THAT(
        Authority::load(ca().files.root_pem, ca().files.issuer_pem, other->issuer_key_pem, ca().passphrase, "").error().message,
        HasSubstr("不是一对"));
    EXPECT_THAT(
        Authority::load(other->root_pem, ca().files.issuer_pem, ca().files.issuer_key_pem, ca().passphrase, "").error().message,
        HasSubstr("不是由这个根 CA"));
    EXPECT_THAT(Authority::load(ca().files.root_pem, ca().files.issuer_pem, ca().files.issuer_key_pem,
                                Secret(std::string("wrong one")), "")
                    .error()
                    .message,
                HasSubstr("口令不正确"));
    for (const char* url : {"ftp://a", "http://a b", "http://a\n"})
        EXPECT_FALSE(Authority::load(ca().files.root_pem, ca().files.issuer_pem, ca().files.issuer_key_pem, ca().passphrase, url))
            << url;
}

TEST(Authority, RefusesTimesItCannotKeep) {
    const auto attempt = [&](Instant from, Instant to) {
        return ca().authority->sign(ca().request, profile("unit"), kUnit, SerialNumber::random(ca().random), from, to);
    };
    EXPECT_THAT(attempt(kNow, kNow).error().message, HasSubstr("晚于开始时间"));
    EXPECT_THAT(attempt(kNow, kNow + 4 * 366 * kDay).error().message, HasSubstr("3 年"));
    EXPECT_THAT(attempt(kNow + -kDay, kNow + kDay).error().message, HasSubstr("早于 CA 证书"));
    EXPECT_THAT(attempt(kNow + 9 * 365 * kDay, end_of_validity(kNow + 9 * 365 * kDay, 3)).error().message,
                HasSubstr("请先更新 CA"));
    EXPECT_TRUE(attempt(kNow, end_of_validity(kNow, 3)));
}

TEST(Authority, PlanWithoutSenseIsRefused) {
    crypto::SystemRandom random;
    auto longer = plan(KeyAlgorithm::p_256);
    longer.issuer_years = 30;
    EXPECT_EQ(create_authority(longer, ca().passphrase, random, kNow).error().kind, ErrorKind::refused);
    auto same = plan(KeyAlgorithm::p_256);
    same.issuer = same.root;
    EXPECT_EQ(create_authority(same, ca().passphrase, random, kNow).error().kind, ErrorKind::refused);
    EXPECT_EQ(create_authority(plan(KeyAlgorithm::p_256), Secret(std::string("short")), random, kNow).error().kind,
              ErrorKind::refused);
}

TEST(Authority, NamesFromStrangers) {
    struct Bad {
        std::string text;
        const char* part;
    };
    const std::string long_name = [] {
        std::string text;
        for (int i = 0; i < 65; ++i) text += "签";
        return text;
    }();
    for (const Bad& bad : {Bad{"", "不能为空"}, Bad{"a\nb", "控制字符"}, Bad{std::string("a\0b", 3), "控制字符"},
                           Bad{"公司\u202E章签", "控制字符"}, Bad{"公\u200B司", "控制字符"}, Bad{"\xff\xfe", "UTF-8"},
                           Bad{" 公司", "空格"}, Bad{"公司 ", "空格"}, Bad{long_name, "65"}}) {
        SubjectName name = kUnit;
        name.common_name = bad.text;
        const auto refusal = ca().sign(name, SerialNumber::random(ca().random));
        ASSERT_FALSE(refusal) << bad.part;
        EXPECT_EQ(refusal.error().kind, ErrorKind::refused);
        EXPECT_THAT(refusal.error().message, HasSubstr(bad.part));
    }
    for (const char* number : {"９１１１", "a\tb", "号码", "a_b", "a@b", ""}) {
        SubjectName name = kUnit;
        name.number = number;
        EXPECT_FALSE(ca().sign(name, SerialNumber::random(ca().random))) << number;
    }
    // Sixty-four characters fit, and what looks like syntax stays inside its field.
    for (const std::string& text : {long_name.substr(3), std::string("甲, O=乙 + CN=丙 \"引号\" <x> #0401 \\ /CN=丁;"),
                                    std::string("𠮷野·买买提"), std::string("#30030101FF"), std::string("O'Neil & Söhne")}) {
        SubjectName name = kUnit;
        name.common_name = text;
        const auto der = ca().sign(name, SerialNumber::random(ca().random));
        ASSERT_TRUE(der) << text << der.error().message;
        EXPECT_EQ(describe(*der)->subject, name);
    }
}

TEST(Request, RefusesWhatProvesNothing) {
    const auto other = crypto::generate_key(KeyAlgorithm::rsa_2048);
    const crypto::KeyHandle small(EVP_RSA_gen(1024U)), curve(EVP_EC_gen("P-384"));
    EVP_PKEY* key = ca().key.get();
    EXPECT_THAT(read_request(request_of(key, EVP_sha256(), other->get())).error().message, HasSubstr("不能证明持有私钥"));
    EXPECT_THAT(read_request(request_of(small.get())).error().message, HasSubstr("1024"));
    EXPECT_THAT(read_request(request_of(curve.get(), EVP_sha384())).error().message, HasSubstr("不支持的密钥类型"));
    EXPECT_THAT(read_request(request_of(key, EVP_sha1())).error().message, HasSubstr("SHA-256"));
    const auto p_256 = crypto::generate_key(KeyAlgorithm::p_256);
    EXPECT_THAT(read_request(request_of(p_256->get(), EVP_sha1())).error().message, HasSubstr("SHA-256"));
    for (const EVP_MD* digest : {EVP_sha256(), EVP_sha384(), EVP_sha512()}) {
        EXPECT_TRUE(read_request(request_of(key, digest))) << EVP_MD_get0_name(digest);
        EXPECT_TRUE(read_request(request_of(p_256->get(), digest))) << EVP_MD_get0_name(digest);
    }
    std::string good = request_of(key);
    EXPECT_TRUE(read_request(good));
    EXPECT_EQ(read_request(good + "x").error().kind, ErrorKind::corrupt);
    EXPECT_EQ(read_request(good.substr(0, good.size() / 2)).error().kind, ErrorKind::corrupt);
    EXPECT_EQ(read_request("").error().kind, ErrorKind::corrupt);
    EXPECT_EQ(read_request(std::string(1 << 20, '0')).error().kind, ErrorKind::corrupt);
    good[good.size() - 1] = static_cast<char>(good[good.size() - 1] ^ 1);
    EXPECT_EQ(read_request(good).error().kind, ErrorKind::refused);
    // A modulus with a small factor: n times 3, and as many bits as it needs.
    {
        BIGNUM* n = nullptr;
        EVP_PKEY_get_bn_param(key, "n", &n);
        const crypto::BigNumber modulus(n), e(BN_new());
        BN_set_word(e.get(), 65537);
        BN_mul_word(n, 3);
        const crypto::Handle<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free> build(OSSL_PARAM_BLD_new());
        OSSL_PARAM_BLD_push_BN(build.get(), "n", n);
        OSSL_PARAM_BLD_push_BN(build.get(), "e", e.get());
        OSSL_PARAM* parameters = OSSL_PARAM_BLD_to_param(build.get());
        const crypto::KeyContext from(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
        EVP_PKEY* composite = nullptr;
        ASSERT_EQ(EVP_PKEY_fromdata_init(from.get()), 1);
        ASSERT_EQ(EVP_PKEY_fromdata(from.get(), &composite, EVP_PKEY_PUBLIC_KEY, parameters), 1);
        OSSL_PARAM_free(parameters);
        const crypto::KeyHandle kept(composite);
        EXPECT_THAT(read_request(request_of(composite, EVP_sha256(), key)).error().message, HasSubstr("小因子"));
    }
    // Exponent 3.
    const crypto::KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
    const crypto::BigNumber three(BN_new());
    BN_set_word(three.get(), 3);
    EVP_PKEY* weak = nullptr;
    ASSERT_EQ(EVP_PKEY_keygen_init(context.get()), 1);
    ASSERT_EQ(EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), 2048), 1);
    ASSERT_EQ(EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context.get(), three.get()), 1);
    ASSERT_EQ(EVP_PKEY_generate(context.get(), &weak), 1);
    const crypto::KeyHandle owned(weak);
    EXPECT_THAT(read_request(request_of(weak)).error().message, HasSubstr("指数"));
}

TEST(Request, P256GoesTheWholeWay) {
    const Folder folder;
    const auto files = create_authority(plan(KeyAlgorithm::p_256), ca().passphrase, ca().random, kNow);
    const auto authority = Authority::load(files->root_pem, files->issuer_pem, files->issuer_key_pem, ca().passphrase, "");
    ASSERT_TRUE(authority);
    const auto key = crypto::generate_key(KeyAlgorithm::p_256);
    const auto request = read_request(request_of(key->get()));
    ASSERT_TRUE(request) << request.error().message;
    EXPECT_EQ(request->algorithm, KeyAlgorithm::p_256);
    const SubjectName person{"王敏", "南京垚鑫建设有限公司", "11010519491231002X", "CN"};
    const auto made =
        authority->sign(*request, profile("person"), person, SerialNumber::random(ca().random), kNow, end_of_validity(kNow, 1));
    ASSERT_TRUE(made) << made.error().message;
    const std::string& der = made->der;
    const auto verified = openssl({"verify", "-x509_strict", "-attime", std::to_string(kNow.ms / 1000 + 60), "-CAfile",
                                   folder.put("root.pem", files->root_pem), "-untrusted",
                                   folder.put("issuer.pem", files->issuer_pem), folder.put("leaf.pem", certificate_pem(der))});
    EXPECT_EQ(verified.status, 0) << verified.output;
    EXPECT_EQ(describe(der)->algorithm, "EC P-256");
    EXPECT_THAT(describe(der)->crl_urls, testing::IsEmpty());
    // The chain and the lists of both authorities: with it on the issuer's list, and without.
    const auto judge = [&](const std::vector<Revoked>& revoked) {
        const auto crl = authority->make_crl(revoked, 7, kNow + kHour, kNow + 7 * kDay);
        EXPECT_TRUE(crl) << crl.error().detail;
        EXPECT_EQ(openssl({"crl", "-in", folder.put("crl.pem", crl_pem(*crl)), "-noout", "-CAfile",
                           folder.put("issuer.pem", files->issuer_pem)})
                      .output,
                  "verify OK\n");
        return openssl(
            {"verify", "-x509_strict", "-crl_check_all", "-attime", std::to_string(kNow.ms / 1000 + 2 * 3600), "-CAfile",
             folder.put("root.pem", files->root_pem), "-untrusted", folder.put("issuer.pem", files->issuer_pem), "-CRLfile",
             folder.put("crls.pem", crl_pem(*crl) + crl_pem(files->root_crl_der)), folder.put("leaf.pem", certificate_pem(der))});
    };
    const auto other = SerialNumber::random(ca().random);
    const auto good = judge({{other, kNow + kHour, RevocationReason::superseded}});
    EXPECT_EQ(good.status, 0) << good.output;
    const auto lost = judge({{*SerialNumber::parse(describe(der)->serial), kNow + kHour, RevocationReason::key_compromise}});
    EXPECT_NE(lost.status, 0);
    EXPECT_THAT(lost.output, HasSubstr("certificate revoked"));
}

TEST(Certificate, DescribesItself) {
    const auto serial = SerialNumber::random(ca().random);
    const auto der = *ca().sign(kUnit, serial, 1);
    const auto facts = describe(der);
    ASSERT_TRUE(facts);
    EXPECT_EQ(facts->serial, serial.hex());
    EXPECT_EQ(facts->subject, kUnit);
    EXPECT_EQ(facts->not_before.ms, kNow.ms);
    EXPECT_EQ(facts->not_after, end_of_validity(kNow, 1));
    EXPECT_EQ(facts->algorithm, "RSA-2048");
    EXPECT_EQ(facts->public_key, ca().request.public_key);
    EXPECT_EQ(facts->fingerprint, sha256_hex(der));
    EXPECT_EQ(facts->key_id.size(), 40U);
    EXPECT_FALSE(facts->is_authority);
    EXPECT_THAT(facts->crl_urls, testing::ElementsAre("http://crl.example.cn/issuer.crl"));
    EXPECT_THAT(facts->issuer_text, HasSubstr("江东签章签发 CA"));
    EXPECT_TRUE(ca().authority->issuer().is_authority);
    EXPECT_EQ(describe(der + "x").error().kind, ErrorKind::corrupt);
    EXPECT_TRUE(*has_public_key(der, ca().request.public_key));
    EXPECT_FALSE(*has_public_key(der, ca().authority->issuer().public_key));
}

TEST(SerialNumber, IsPositiveTwentyBytesAndParsesBack) {
    crypto::SystemRandom random;
    for (int i = 0; i < 100; ++i) {
        const auto serial = SerialNumber::random(random);
        ASSERT_EQ(serial.hex().size(), 40U);
        EXPECT_GE(serial.hex()[0], '4');
        EXPECT_LE(serial.hex()[0], '7');
        EXPECT_EQ(*SerialNumber::parse(serial.hex()), serial);
    }
    for (const char* bad : {"", "0", "00", "8000", "xyz1", "4000000000000000000000000000000000000000FF"})
        EXPECT_FALSE(SerialNumber::parse(bad)) << bad;
    EXPECT_EQ(SerialNumber::parse("0abc")->hex(), "0ABC");
}

TEST(Profile, FilesInDataAreGood) {
    for (const char* name : {"unit", "person"}) {
        const auto read = profile(name);
        EXPECT_EQ(read.name, name);
        EXPECT_EQ(read.max_years, 3);
        EXPECT_EQ(read.key_usage.size(), 4U);
    }
}

TEST(Profile, MistakesAreNamed) {
    const std::string good = "subject = [\"C\", \"CN\"]\nmin_years = 1\nmax_years = 3\nkey_usage = [\"digital_signature\"]\n";
    EXPECT_TRUE(parse_profile("p", good));
    EXPECT_FALSE(parse_profile("p", good)->with_number);
    struct Bad {
        std::string text;
        const char* part;
    };
    for (const Bad& bad :
         {Bad{good + "colour = 3\n", "colour"}, Bad{good + "x = [", "第 5 行"}, Bad{"", "年限"},
          Bad{"subject = [\"CN\"]\nmin_years = 1\nmax_years = 3\nkey_usage = [\"digital_signature\"]", "C 和 CN"},
          Bad{"subject = [\"C\", \"CN\", \"L\"]\nmin_years = 1\nmax_years = 3\nkey_usage = [\"digital_signature\"]", "L"},
          Bad{"subject = [\"C\", \"CN\"]\nmin_years = 1\nmax_years = 3\nkey_usage = [\"sign_all\"]", "sign_all"},
          Bad{"subject = [\"C\", \"CN\"]\nmin_years = 1\nmax_years = 3", "key_usage"},
          Bad{"subject = \"C\"\nmin_years = 1\nmax_years = 3", "列表"},
          Bad{"subject = [\"C\", \"CN\"]\nmin_years = 4\nmax_years = 3\nkey_usage = [\"digital_signature\"]", "年限"}}) {
        const auto refusal = parse_profile("p", bad.text);
        ASSERT_FALSE(refusal) << bad.text;
        EXPECT_THAT(refusal.error().message, HasSubstr(bad.part)) << bad.text;
    }
}

TEST(Profile, ValidityEndsWithTheDay) {
    EXPECT_EQ(date_time(end_of_validity(start_of({2026, 11, 23}) + 15 * kHour, 2)), "2028-11-23 23:59");
    EXPECT_EQ(date_time(end_of_validity(start_of({2028, 2, 29}), 1)), "2029-02-28 23:59");
    EXPECT_EQ(date_time(end_of_validity(start_of({2028, 2, 29}), 4)), "2032-02-29 23:59");
}

TEST(Tls, OpensslBelievesTheHostAndNoOther) {
    const Folder folder;
    crypto::SystemRandom random;
    for (const char* host : {"localhost", "127.0.0.1"}) {
        const auto files = make_tls_certificate("演示门户 CA", host, random, kNow);
        ASSERT_TRUE(files) << files.error().message;
        const std::string root = folder.put("root.pem", files->authority_pem),
                          server = folder.put("server.pem", files->server_pem), key = folder.put("key.pem", files->key_pem),
                          at = std::to_string(kNow.ms / 1000);
        const char* flag = host[0] == '1' ? "-verify_ip" : "-verify_hostname";
        const auto good =
            openssl({"verify", "-x509_strict", "-purpose", "sslserver", "-attime", at, flag, host, "-CAfile", root, server});
        EXPECT_EQ(good.status, 0) << good.output;
        const auto other =
            openssl({"verify", "-attime", at, flag, host[0] == '1' ? "127.0.0.2" : "elsewhere", "-CAfile", root, server});
        EXPECT_NE(other.status, 0) << other.output;
        EXPECT_EQ(openssl({"pkey", "-in", key, "-pubout"}).output, openssl({"x509", "-in", server, "-noout", "-pubkey"}).output);
    }
    for (const char* host : {"", "a b", "a\nb", "-x", ".x", "a..b", "主机"})
        EXPECT_EQ(make_tls_certificate("CA", host, random, kNow).error().kind, ErrorKind::refused) << host;
}
