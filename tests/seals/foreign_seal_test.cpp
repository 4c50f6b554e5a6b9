// Seals encoded, signed and checked by the openssl program alone: nothing here goes through the code under test but the reading.
#include <gmock/gmock.h>

#include <fstream>

#include "base/files.h"
#include "base/process.h"
#include "seal_parts.h"
#include "seals/seal.h"
#include "seals/verdict.h"
#include "support/databases.h"

using namespace sealdesk;
using namespace sealdesk::seals;
using namespace sealdesk::tests;
using testing::HasSubstr;

namespace {

constexpr const char* kId = "distid:1234567812345678";

class ForeignSeal : public testing::Test {
protected:
    void SetUp() override {
        openssl({"genpkey", "-algorithm", "SM2", "-out", file("maker.key")});
        openssl({"req", "-x509", "-new", "-key", file("maker.key"), "-sm3", "-sigopt", kId, "-subj", "/C=CN/CN=Maker elsewhere",
                 "-days", "36500", "-addext", "keyUsage=digitalSignature", "-outform", "DER", "-out", file("maker.der")});
        openssl({"pkey", "-in", file("maker.key"), "-pubout", "-out", file("maker.pub")});
        maker_ = bytes_of_file("maker.der");
    }
    std::string file(const std::string& name) const { return folder_.path() / name; }
    void openssl(std::vector<std::string> words) {
        words.insert(words.begin(), "openssl");
        const auto done = run(words);
        ASSERT_TRUE(done) << done.error().message;
        ASSERT_EQ(done->status, 0) << done->output;
    }
    std::string bytes_of_file(const std::string& name) const { return read_file(folder_.path() / name).value_or(""); }
    // `lines` describe [seal] and what it is made of, as openssl-asn1parse has it.
    std::string encoded(const std::string& lines, const std::string& first) {
        std::ofstream(folder_.path() / "seal.cnf") << "asn1=SEQUENCE:" << first << "\n" << lines;
        openssl({"asn1parse", "-genconf", file("seal.cnf"), "-noout", "-out", file("out.der")});
        return bytes_of_file("out.der");
    }
    std::string signature_of(const std::string& message) {
        EXPECT_TRUE(write_file(folder_.path() / "message", message));
        openssl({"dgst", "-sm3", "-sign", file("maker.key"), "-sigopt", kId, "-out", file("signature"), file("message")});
        return bytes_of_file("signature");
    }
    bool openssl_accepts(const std::string& message, const std::string& signature) {
        EXPECT_TRUE(write_file(folder_.path() / "message", message));
        EXPECT_TRUE(write_file(folder_.path() / "signature", signature));
        const auto done = run({"openssl", "dgst", "-sm3", "-verify", file("maker.pub"), "-sigopt", kId, "-signature",
                               file("signature"), file("message")});
        return done && done->status == 0;
    }
    static std::string octet_field(const std::string& name, const std::string& bytes) {
        return name + "=FORMAT:HEX,OCT:" + crypto::hex(bytes) + "\n";
    }
    static std::string bit_field(const std::string& name, const std::string& bytes, const std::string& tag = "") {
        return name + "=" + tag + "FORMAT:HEX,BITSTRING:" + crypto::hex(bytes) + "\n";
    }
    std::string information(int version) const {
        const std::string time = version == 1 ? "UTC:" : "GENTIME:", century = version == 1 ? "" : "20";
        return "[information]\nheader=SEQUENCE:header\nesID=IA5:40C8CDD24DEF43388B86E62CCE1D6832\nproperty=SEQUENCE:property\n"
               "picture=SEQUENCE:picture\n"
               "[header]\nid=IA5:ES\nversion=INTEGER:" +
               std::to_string(version) +
               "\nvid=IA5:Elsewhere\n"
               "[property]\ntype=INTEGER:3\nname=FORMAT:UTF8,UTF8:江东市垚鑫建设有限公司\n" +
               (version == 1 ? "" : "certListType=INTEGER:1\n") + "certList=SEQUENCE:list\ncreateDate=" + time + century +
               "261122010000Z\nvalidStart=" + time + century + "261122000000Z\nvalidEnd=" + time + century +
               "270630155959Z\n[list]\n" + octet_field("one", signer_.der) + "[picture]\ntype=IA5:PNG\n" +
               octet_field("data", small_picture().data) + "width=INTEGER:40\nheight=INTEGER:40\n";
    }
    void expect_good(const std::string& der, int version) {
        const auto seal = read_seal(der);
        ASSERT_TRUE(seal) << seal.error().message << seal.error().detail;
        EXPECT_EQ(seal->version, version);
        EXPECT_EQ(seal->maker_id, "Elsewhere");
        EXPECT_EQ(seal->id, "40C8CDD24DEF43388B86E62CCE1D6832");
        EXPECT_EQ(seal->type, 3);
        EXPECT_EQ(seal->name, "江东市垚鑫建设有限公司");
        EXPECT_EQ(seal->certificates, std::vector{signer_.der});
        EXPECT_EQ(iso_time(seal->valid_until), "2027-06-30T15:59:59.000Z");
        EXPECT_EQ(seal->picture, small_picture());
        EXPECT_EQ(*encode(*seal), der);
        SealTrust trust;
        trust.certificates = {maker_};
        const Instant at = seal->valid_from + kDay;
        const auto verdict = judge(der, trust, at, signer_.der);
        ASSERT_TRUE(verdict);
        EXPECT_EQ(verdict->checks[0].sentence, "签名正确（SM2/SM3）");
        EXPECT_TRUE(verdict->checks[0].passed);
        Seal changed = *seal;
        changed.name = "别的单位";
        EXPECT_FALSE(judge(*encode(changed), trust, at)->checks[0].passed);
    }

    TemporaryFolder folder_;
    std::string maker_;
    const Holder signer_ = make_holder("江东市垚鑫建设有限公司");
};

}  // namespace

TEST_F(ForeignSeal, OfVersionOneIsReadAndVerified) {
    const std::string certificate = octet_field("cert", maker_), algorithm = "algorithm=OID:1.2.156.10197.1.501\n";
    const std::string covered =
        encoded("[covered]\ninformation=SEQUENCE:information\n" + certificate + algorithm + information(1), "covered");
    const std::string der = encoded("[seal]\ninformation=SEQUENCE:information\nsigninfo=SEQUENCE:signinfo\n[signinfo]\n" +
                                        certificate + algorithm + bit_field("signature", signature_of(covered)) + information(1),
                                    "seal");
    expect_good(der, 1);
}

TEST_F(ForeignSeal, OfVersionFiveIsReadAndVerified) {
    const std::string covered = encoded(information(5), "information");
    const auto der = [&](const std::string& stamp) {
        return encoded("[seal]\ninformation=SEQUENCE:information\n" + octet_field("cert", maker_) +
                           "algorithm=OID:1.2.156.10197.1.501\n" + bit_field("signature", signature_of(covered)) +
                           (stamp.empty() ? "" : bit_field("stamp", stamp, "EXPLICIT:0,")) + information(5),
                       "seal");
    };
    expect_good(der(""), 5);
    const std::string stamped = der(sequence(integer(1)));
    expect_good(stamped, 5);
    SealTrust trust;
    trust.certificates = {maker_};
    EXPECT_THAT(judge(stamped, trust, kSealDay)->unchecked, testing::Contains("时间戳"));
    for (const char* nonsense : {"no time stamp", "\x30\x7f", "\x02\x01\x01"})
        EXPECT_THAT(read_seal(der(nonsense)).error().message, HasSubstr("时间戳不是 DER")) << nonsense;
}

TEST_F(ForeignSeal, OpensslBelievesTheSealsThatAreMadeHere) {
    const crypto::Secret words(std::string("zhizhang-2026"));
    crypto::SystemRandom random;
    MakerPlan plan;
    plan.root = {"江东印章根", "江东签章服务中心", "", "CN"};
    plan.maker = {"江东制章中心", "江东签章服务中心", "", "CN"};
    const auto files = create_maker(plan, words, random, kSealDay);
    ASSERT_TRUE(files);
    const auto maker = Maker::load(files->root_pem, files->maker_pem, files->maker_key_pem, words);
    SealPlan wanted;
    wanted.name = "江东市垚鑫建设有限公司";
    wanted.certificates = {*certificates::read_certificate(signer_.der)};
    wanted.valid_from = kSealDay;
    wanted.valid_until = kSealDay + 200 * kDay;
    wanted.picture = small_picture();
    const auto der = maker->make(wanted, new_seal_id(random), kSealDay);
    ASSERT_TRUE(der);
    ASSERT_TRUE(write_file(folder_.path() / "maker.pem", files->maker_pem));
    openssl({"x509", "-in", file("maker.pem"), "-pubkey", "-noout", "-out", file("maker.pub")});
    // What openssl itself finds at the first element of the seal, which is what the signature covers.
    ASSERT_TRUE(write_file(folder_.path() / "seal", *der));
    openssl({"asn1parse", "-inform", "DER", "-in", file("seal"), "-strparse", "4", "-noout", "-out", file("inside")});
    const auto seal = read_seal(*der);
    std::string covered = *signed_part(*seal);
    EXPECT_EQ(covered, bytes_of_file("inside"));
    EXPECT_TRUE(openssl_accepts(covered, seal->signature));
    covered[covered.size() / 2] = static_cast<char>(covered[covered.size() / 2] ^ 1);
    EXPECT_FALSE(openssl_accepts(covered, seal->signature));
}
