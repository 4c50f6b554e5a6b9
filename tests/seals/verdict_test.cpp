// The maker of seals and what is said about a seal: who, which certificate, valid or not and why.
#include "seals/verdict.h"

#include <gmock/gmock.h>

#include "crypto/pem.h"
#include "seal_parts.h"

using namespace sealdesk;
using namespace sealdesk::seals;
using namespace sealdesk::tests;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

namespace {

const std::string kWords = "zhizhang-2026";
crypto::Secret words() { return crypto::Secret(std::string(kWords)); }

MakerPlan maker_plan() {
    MakerPlan plan;
    plan.root = {"江东印章根", "江东签章服务中心", "", "CN"};
    plan.maker = {"江东制章中心", "江东签章服务中心", "", "CN"};
    return plan;
}

class Making : public testing::Test {
protected:
    static void SetUpTestSuite() {
        crypto::SystemRandom random;
        files_ = new MakerFiles(*create_maker(maker_plan(), words(), random, kSealDay));
    }
    static void TearDownTestSuite() {
        delete files_;
        files_ = nullptr;
    }
    Making()
        : maker_(*Maker::load(files_->root_pem, files_->maker_pem, files_->maker_key_pem, words())),
          signer_(make_holder("江东市垚鑫建设有限公司", kSealDay + -kDay, kSealDay + 300 * kDay, false, false)),
          trust_(*SealTrust::read(files_->root_pem)) {}

    SealPlan plan() {
        SealPlan plan;
        plan.name = "江东市垚鑫建设有限公司";
        plan.certificates = {*certificates::read_certificate(signer_.der)};
        plan.valid_from = kSealDay;
        plan.valid_until = kSealDay + 200 * kDay;
        plan.picture = small_picture();
        return plan;
    }
    std::string refusal(const SealPlan& plan, Instant at = kSealDay) {
        const auto made = maker_.make(plan, "x1", at);
        EXPECT_FALSE(made) << "was made";
        return made ? std::string() : made.error().message;
    }
    std::string seal() {
        const auto made = maker_.make(plan(), new_seal_id(random_), kSealDay);
        EXPECT_TRUE(made) << made.error().message << made.error().detail;
        return made.value_or("");
    }
    // A seal with other contents under the maker's true signature.
    std::string resigned(const std::function<void(Seal&)>& change) {
        Seal changed = *read_seal(seal());
        change(changed);
        const auto key = crypto::read_private_key(files_->maker_key_pem, words());
        changed.signature = *sm2_sign(key->get(), *signed_part(changed));
        return *encode(changed);
    }

    static MakerFiles* files_;
    crypto::SystemRandom random_;
    Maker maker_;
    Holder signer_;
    SealTrust trust_;
};
MakerFiles* Making::files_ = nullptr;

std::string said(const Result<Verdict>& verdict) {
    EXPECT_TRUE(verdict) << verdict.error().message;
    return verdict ? verdict->sentence() : std::string();
}

}  // namespace

TEST_F(Making, ASealIsValidAndTellsWhoAndForWhom) {
    const auto verdict = judge(seal(), trust_, kSealDay + kDay, signer_.der);
    ASSERT_TRUE(verdict) << verdict.error().message;
    EXPECT_TRUE(verdict->valid()) << verdict->sentence();
    EXPECT_EQ(verdict->sentence(),
              "印章“江东市垚鑫建设有限公司”有效（未核对：制章人证书的吊销状态、签章人证书的签发者和吊销状态）");
    EXPECT_EQ(verdict->checks.size(), 5u);
    EXPECT_THAT(verdict->maker_subject, HasSubstr("江东制章中心"));
    EXPECT_THAT(verdict->maker_issuer, HasSubstr("江东印章根"));
    ASSERT_EQ(verdict->signers.size(), 1u);
    EXPECT_THAT(verdict->signers[0].subject, HasSubstr("垚鑫"));
    EXPECT_EQ(verdict->signers[0].digest, crypto::hex(sm3(signer_.der)));
    EXPECT_EQ(verdict->seal.version, 4);
    EXPECT_EQ(verdict->seal.maker_id, kMakerId);
    EXPECT_EQ(verdict->seal.id.size(), 32u);
    EXPECT_EQ(*encode(verdict->seal), *encode(*read_seal(*encode(verdict->seal))));
    EXPECT_TRUE(judge(seal(), trust_, kSealDay + kDay)->valid()) << "also when no certificate is asked about";
}

TEST_F(Making, ASealMayNameDigestsAndSeveralCertificates) {
    const auto other = make_holder("江东市垚鑫建设有限公司第二介质");
    auto wish = plan();
    wish.certificates.push_back(*certificates::read_certificate(other.der));
    for (const auto naming : {SealPlan::Naming::certificates, SealPlan::Naming::digests}) {
        wish.naming = naming;
        const auto made = maker_.make(wish, "abc", kSealDay);
        ASSERT_TRUE(made) << made.error().message;
        EXPECT_TRUE(judge(*made, trust_, kSealDay, signer_.der)->valid());
        EXPECT_TRUE(judge(*made, trust_, kSealDay, other.der)->valid());
        EXPECT_TRUE(judge(*made, trust_, kSealDay)->valid());
        EXPECT_THAT(said(judge(*made, trust_, kSealDay, maker_.facts().der)), HasSubstr("不能使用这个印章"));
    }
}

TEST_F(Making, EveryReasonWhyNotIsTold) {
    const std::string good = seal();
    const Instant at = kSealDay + kDay;
    EXPECT_THAT(said(judge(good, trust_, kSealDay + -kHour)), HasSubstr("才生效"));
    EXPECT_THAT(said(judge(good, trust_, kSealDay + 201 * kDay)), HasSubstr("印章已于"));
    EXPECT_THAT(said(judge(good, trust_, kSealDay + 301 * kDay)), AllOf(HasSubstr("印章已于"), HasSubstr("都不在有效期内")));
    EXPECT_THAT(said(judge(good, trust_, kSealDay + 11 * 366 * kDay)), HasSubstr("制章人证书已于"));
    EXPECT_THAT(said(judge(good, trust_, kSealDay + -2 * kDay)), HasSubstr("制章人证书 2026"));
    // Another centre's root, and none at all.
    const auto others = *create_maker(maker_plan(), words(), random_, kSealDay);
    EXPECT_THAT(said(judge(good, *SealTrust::read(others.root_pem), at)), Not(HasSubstr("有效期内")));
    EXPECT_FALSE(judge(good, *SealTrust::read(others.root_pem), at)->valid()) << "same names, other key";
    EXPECT_THAT(said(judge(good, {}, at)), HasSubstr("不是由信任的根证书"));
    // Another certificate than the seal names.
    const auto stranger = make_holder("别的单位");
    EXPECT_THAT(said(judge(good, trust_, at, stranger.der)), HasSubstr("没有写明它"));
    EXPECT_THAT(said(judge(good, trust_, at, "no certificate")), HasSubstr("已损坏"));
    EXPECT_THAT(said(judge(good, trust_, kSealDay + 301 * kDay, signer_.der)), HasSubstr("已经过期"));
    // Changed data: every field is under the signature.
    const auto changed = [&](const std::function<void(Seal&)>& change) {
        Seal other = *read_seal(good);
        change(other);
        return said(judge(*encode(other), trust_, at));
    };
    EXPECT_THAT(changed([](Seal& s) { s.name = "别的单位"; }), HasSubstr("改动"));
    EXPECT_THAT(changed([](Seal& s) { s.id += "0"; }), HasSubstr("改动"));
    EXPECT_THAT(changed([](Seal& s) { s.type = 2; }), HasSubstr("改动"));
    EXPECT_THAT(changed([](Seal& s) { s.maker_id = "X"; }), HasSubstr("改动"));
    EXPECT_THAT(changed([](Seal& s) { s.valid_until = s.valid_until + kDay; }), HasSubstr("改动"));
    EXPECT_THAT(changed([](Seal& s) { s.created = s.created + kSecond; }), HasSubstr("改动"));
    EXPECT_THAT(changed([](Seal& s) { s.picture.width = 41; }), HasSubstr("改动"));
    EXPECT_THAT(changed([&](Seal& s) { s.certificates = {stranger.der}; }), HasSubstr("改动"));
    EXPECT_THAT(changed([](Seal& s) { s.extensions = std::vector<SealExtension>{}; }), HasSubstr("改动"));
    EXPECT_THAT(changed([](Seal& s) { s.version = 5; }), HasSubstr("改动"));
    EXPECT_THAT(changed([](Seal& s) { s.signature[10] = static_cast<char>(s.signature[10] ^ 1); }), HasSubstr("改动"));
    EXPECT_THAT(changed([](Seal& s) { s.signature = "no"; }), HasSubstr("改动"));
    EXPECT_THAT(changed([](Seal& s) { s.algorithm = "1.2.840.10045.4.3.2"; }), HasSubstr("不支持的签名算法"));
    EXPECT_THAT(changed([&](Seal& s) { s.maker_certificate = stranger.der; }), AllOf(HasSubstr("改动"), HasSubstr("信任")));
    EXPECT_THAT(changed([](Seal& s) { s.maker_certificate = "no certificate"; }), HasSubstr("制章人证书已损坏"));
    EXPECT_THAT(changed([&](Seal& s) { s.maker_certificate = signer_.der; }), HasSubstr("没有 SM2 公钥"));
    // The maker's own mistakes, well signed.
    EXPECT_THAT(said(judge(resigned([](Seal& s) { std::swap(s.valid_from, s.valid_until); }), trust_, at)),
                HasSubstr("终止早于起始"));
    EXPECT_THAT(said(judge(resigned([](Seal& s) { s.picture.type = "JPG"; }), trust_, at)), HasSubstr("不是 JPG"));
    EXPECT_THAT(said(judge(resigned([](Seal& s) { s.certificates = {"no certificate"}; }), trust_, at)),
                HasSubstr("签章人证书已损坏"));
}

TEST_F(Making, APictureThatIsOnlyOddMakesNoSealInvalid) {
    const auto verdict = judge(resigned([](Seal& s) { s.picture.height = 20; }), trust_, kSealDay + kDay);
    ASSERT_TRUE(verdict) << verdict.error().message;
    EXPECT_TRUE(verdict->valid()) << verdict->sentence();
    const auto& check = verdict->checks[3];
    EXPECT_EQ(check.concern, Concern::picture);
    EXPECT_THAT(check.sentence, AllOf(HasSubstr("PNG 图片，40×20 毫米，472×472 像素"), HasSubstr("比例不符")));
}

TEST_F(Making, AMakerThatMayNotSignIsNotBelieved) {
    // An SM2 certificate under the right root, made to sign certificates alone.
    const auto verdict = [&](const Holder& holder) {
        Seal changed = *read_seal(seal());
        changed.maker_certificate = holder.der;
        changed.signature = *sm2_sign(holder.key.get(), *signed_part(changed));
        SealTrust own;
        own.certificates = {holder.der};
        return judge(*encode(changed), own, kSealDay + kHour);
    };
    EXPECT_TRUE(verdict(make_holder("自签的制章人"))->valid());
    EXPECT_THAT(said(verdict(make_holder("只签证书的", kSealDay + -kDay, kSealDay + 300 * kDay, false, true, std::vector{5}))),
                HasSubstr("制章人证书不能用于签名"));
    auto expired = make_holder("过期的制章人", kSealDay + -20 * kDay, kSealDay + -10 * kDay);
    EXPECT_THAT(said(verdict(expired)), HasSubstr("制章人证书已于"));
}

TEST_F(Making, VersionsOfOthersAreJudgedAlike) {
    Others other;
    for (const int version : {1, 4, 5}) {
        const Parts p = other.parts(version);
        SealTrust own;
        own.certificates = {other.maker_.der};
        const auto verdict = judge(version == 1 ? p.seal_v1() : p.seal(), own, kSealDay, other.signer_.der);
        ASSERT_TRUE(verdict) << verdict.error().message;
        EXPECT_TRUE(verdict->valid()) << version << verdict->sentence();
        EXPECT_EQ(verdict->sentence().find("时间戳") != std::string::npos, version == 5) << "nobody checked it";
        const auto untrusted = judge(version == 1 ? p.seal_v1() : p.seal(), trust_, kSealDay, other.signer_.der);
        EXPECT_FALSE(untrusted->valid()) << version;
    }
}

TEST_F(Making, ARevokedMakerIsNotBelievedFromThatDayOn) {
    const auto root_key = *crypto::read_private_key(files_->root_key_pem, words());
    const std::string root = *crypto::from_pem("CERTIFICATE", files_->root_pem),
                      maker = *crypto::from_pem("CERTIFICATE", files_->maker_pem), good = seal();
    const Instant since = kSealDay + 10 * kDay, until = kSealDay + 60 * kDay;
    const auto with = [&](const std::string& list, Instant at) {
        SealTrust trust = trust_;
        EXPECT_TRUE(trust.add_list(list));
        return *judge(good, trust, at);
    };
    const std::string list = revocation_list(root, root_key.get(), maker, since, until);
    EXPECT_TRUE(with(list, since + -kHour).valid()) << "it was good then";
    EXPECT_THAT(with(list, since + -kHour).unchecked, ElementsAre(word_of_unknown_signers()));
    EXPECT_THAT(with(list, since + kHour).sentence(), HasSubstr("制章人证书已于"));
    EXPECT_FALSE(with(list, since + kHour).valid());
    EXPECT_FALSE(with(list, until + kDay).valid()) << "an old list still names it";
    EXPECT_FALSE(with(certificates::crl_pem(list), since + kHour).valid()) << "PEM as well";
    // Nobody is named: good as long as the list lasts, and afterwards nobody knows.
    const std::string empty = revocation_list(root, root_key.get(), "", since, until);
    EXPECT_TRUE(with(empty, since + kHour).valid());
    EXPECT_THAT(with(empty, since + kHour).unchecked, ElementsAre(word_of_unknown_signers()));
    EXPECT_THAT(with(empty, until + kDay).unchecked, ElementsAre(HasSubstr("过期"), word_of_unknown_signers()));
    // A list that the root did not sign is no answer, and one of other people says nothing.
    const auto stranger = make_holder("别的根", kSealDay + -kDay, kSealDay + 300 * kDay, true);
    EXPECT_THAT(with(revocation_list(root, stranger.key.get(), "", since, until), since).sentence(), HasSubstr("签名不正确"));
    EXPECT_THAT(with(revocation_list(stranger.der, stranger.key.get(), maker, since, until), since + kHour).unchecked,
                ElementsAre(HasSubstr("制章人证书的吊销状态"), word_of_unknown_signers()));
    SealTrust trust;
    EXPECT_EQ(trust.add_list("no list").error().kind, ErrorKind::corrupt);
    EXPECT_EQ(trust.add_list(root).error().kind, ErrorKind::corrupt);
}

TEST_F(Making, AMakerIsRenewedUnderItsRoot) {
    const Instant later = kSealDay + 9 * 366 * kDay;
    const auto renewed = renew_maker(maker_plan(), files_->root_pem, files_->root_key_pem, words(), random_, later);
    ASSERT_TRUE(renewed) << renewed.error().message;
    const auto maker = Maker::load(renewed->root_pem, renewed->maker_pem, renewed->maker_key_pem, words());
    ASSERT_TRUE(maker) << maker.error().message;
    EXPECT_GT(maker->facts().not_after, later + 8 * 366 * kDay);
    EXPECT_NE(maker->facts().serial, maker_.facts().serial);
    EXPECT_TRUE(judge(seal(), trust_, kSealDay + kHour)->valid()) << "seals of the old one";
    // Never beyond the root, and not without it.
    const auto short_one =
        renew_maker(maker_plan(), files_->root_pem, files_->root_key_pem, words(), random_, kSealDay + 18 * 366 * kDay);
    ASSERT_TRUE(short_one);
    const auto root = certificates::describe(*crypto::from_pem("CERTIFICATE", files_->root_pem));
    EXPECT_EQ(certificates::describe(*crypto::from_pem("CERTIFICATE", short_one->maker_pem))->not_after, root->not_after);
    EXPECT_FALSE(renew_maker(maker_plan(), files_->root_pem, files_->root_key_pem, words(), random_, root->not_after + kDay));
    EXPECT_THAT(renew_maker(maker_plan(), files_->root_pem, files_->maker_key_pem, words(), random_, later).error().message,
                HasSubstr("不是一对"));
}

TEST_F(Making, WhatMustNotBecomeASealIsRefused) {
    const auto with = [&](const std::function<void(SealPlan&)>& change) {
        SealPlan wish = plan();
        change(wish);
        return refusal(wish);
    };
    EXPECT_THAT(with([](SealPlan& p) { p.name = ""; }), Not(""));
    EXPECT_THAT(with([](SealPlan& p) { p.name = " 甲"; }), Not(""));
    EXPECT_THAT(with([](SealPlan& p) { p.name = "甲\t乙"; }), Not(""));
    EXPECT_THAT(with([](SealPlan& p) { p.name = "甲\u202e乙"; }), Not(""));
    EXPECT_THAT(with([](SealPlan& p) { p.name = "\xc4\xcf"; }), Not(""));
    EXPECT_THAT(with([](SealPlan& p) { p.name = std::string(900, 'n'); }), Not(""));
    EXPECT_THAT(with([](SealPlan& p) { p.certificates.clear(); }), HasSubstr("没有签章人证书"));
    EXPECT_THAT(with([](SealPlan& p) { p.valid_until = p.valid_from; }), HasSubstr("晚于开始"));
    EXPECT_THAT(with([](SealPlan& p) { p.valid_until = kSealDay + 400 * kDay; }), HasSubstr("超过了签章人证书"));
    EXPECT_THAT(with([](SealPlan& p) { p.valid_until = kSealDay + 4000 * kDay; }), HasSubstr("制章证书"));
    const auto old = make_holder("旧证书", kSealDay + -400 * kDay, kSealDay + -kDay),
               young = make_holder("新证书", kSealDay + kDay, kSealDay + 400 * kDay),
               authority = make_holder("别的 CA", kSealDay + -kDay, kSealDay + 400 * kDay, true);
    EXPECT_THAT(with([&](SealPlan& p) { p.certificates = {*certificates::read_certificate(old.der)}; }), HasSubstr("已经过期"));
    EXPECT_THAT(with([&](SealPlan& p) { p.certificates = {*certificates::read_certificate(young.der)}; }), HasSubstr("没有生效"));
    EXPECT_THAT(with([&](SealPlan& p) { p.certificates = {*certificates::read_certificate(authority.der)}; }),
                HasSubstr("CA 证书"));
    EXPECT_THAT(with([](SealPlan& p) { p.picture.data.clear(); }), HasSubstr("没有图片"));
    EXPECT_THAT(with([](SealPlan& p) { p.picture.type = "TIFF"; }), HasSubstr("不认识"));
    EXPECT_THAT(with([](SealPlan& p) { p.picture.height = 20; }), HasSubstr("比例"));
    EXPECT_THAT(refusal(plan(), kSealDay + 4000 * kDay), HasSubstr("不能再制作"));
    EXPECT_THAT(refusal(plan(), kSealDay + -kDay), Not(""));
}

TEST_F(Making, AMakerIsLoadedWithItsOwnKeyAlone) {
    const auto& f = *files_;
    const auto others = *create_maker(maker_plan(), words(), random_, kSealDay);
    const auto refusal_of = [](const Result<Maker>& loaded) { return loaded ? std::string() : loaded.error().message; };
    EXPECT_THAT(refusal_of(Maker::load(f.root_pem, f.maker_pem, f.maker_key_pem, crypto::Secret(std::string("wrong-words")))),
                HasSubstr("口令不正确"));
    EXPECT_THAT(refusal_of(Maker::load(f.root_pem, f.maker_pem, others.maker_key_pem, words())), HasSubstr("不是一对"));
    EXPECT_THAT(refusal_of(Maker::load(others.root_pem, f.maker_pem, f.maker_key_pem, words())), HasSubstr("不是由这个"));
    EXPECT_THAT(refusal_of(Maker::load(f.root_pem, "no pem", f.maker_key_pem, words())), Not(""));
    EXPECT_THAT(refusal_of(Maker::load("", f.maker_pem, f.maker_key_pem, words())), Not(""));
    EXPECT_THAT(refusal_of(Maker::load(f.root_pem, f.maker_pem, "", words())), Not(""));
    EXPECT_THAT(refusal_of(Maker::load(f.root_pem, f.root_pem, f.root_key_pem, words())), HasSubstr("不能用于签名"));
    const auto p256 = *crypto::generate_key(crypto::KeyAlgorithm::p_256);
    EXPECT_THAT(refusal_of(Maker::load(f.root_pem, f.maker_pem, *crypto::private_key_pem(p256.get(), words()), words())),
                HasSubstr("SM2"));
    MakerPlan plan = maker_plan();
    plan.maker = plan.root;
    EXPECT_FALSE(create_maker(plan, words(), random_, kSealDay));
    plan = maker_plan();
    plan.maker_years = 30;
    EXPECT_FALSE(create_maker(plan, words(), random_, kSealDay));
    EXPECT_FALSE(create_maker(maker_plan(), crypto::Secret(std::string("short")), random_, kSealDay));
}

TEST(Trust, IsReadFromPemTexts) {
    const auto a = make_holder("甲"), b = make_holder("乙");
    const std::string both = certificates::certificate_pem(a.der) + "words between\n" + certificates::certificate_pem(b.der);
    const auto trust = SealTrust::read(both);
    ASSERT_TRUE(trust);
    EXPECT_EQ(trust->certificates, (std::vector{a.der, b.der}));
    EXPECT_FALSE(SealTrust::read(""));
    EXPECT_FALSE(SealTrust::read("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"));
}
