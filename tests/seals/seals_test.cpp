// The register of seals on both engines.
#include "seals/seals.h"

#include <gmock/gmock.h>

#include "certificates/certificate_register.h"
#include "crypto/digest.h"
#include "review/review.h"
#include "seal_parts.h"
#include "support/orders.h"

using namespace sealdesk;
using namespace sealdesk::seals;
using namespace sealdesk::tests;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

namespace {

class SealRegister : public OnBothEngines {
protected:
    void SetUp() override {
        open();
        maker_ = std::make_unique<Maker>(new_maker("江东签章服务中心"));
        ASSERT_OK(put(*database_, {sample_order(1), sample_order(2)}, orders::State::approved));
        signer_ = make_holder(sample_order(1).subject.name, clock_.now() + -kHour, clock_.now() + 300 * kDay);
    }
    // Under a root of its own.
    Maker new_maker(const std::string& centre) {
        MakerPlan plan;
        plan.root = {centre + "印章根", centre, "", "CN"};
        plan.maker = {centre + "制章", centre, "", "CN"};
        const crypto::Secret words(std::string("zhizhang-2026"));
        const auto files = *create_maker(plan, words, random_, clock_.now());
        return *Maker::load(files.root_pem, files.maker_pem, files.maker_key_pem, words);
    }
    Result<MadeSeal> make(int order = 1, const std::string& key = "KEY001", const SealPicture& picture = small_picture()) {
        return database_->write([&](storage::Tx& tx) {
            return seal_for(tx, *maker_, "liulei", sample_order(order).no, key, *certificates::read_certificate(signer_.der),
                            {picture, PictureSource::drawn, "", crypto::sha256_hex(picture.data), "", {}});
        });
    }
    std::vector<MadeSeal> all(int order = 1) {
        const auto list = database_->read([&](storage::Tx& tx) { return of_order(tx, sample_order(order).no); });
        EXPECT_TRUE(list);
        return list.value_or(std::vector<MadeSeal>{});
    }
    std::int64_t audit_lines(const std::string& action) {
        const auto lines = database_->read([&](storage::Tx& tx) -> Result<std::int64_t> {
            std::int64_t count = 0;
            tx.sql << "SELECT COUNT(*) FROM audit WHERE action = :action", soci::into(count), soci::use(action);
            return count;
        });
        EXPECT_TRUE(lines) << lines.error().detail;
        return lines.value_or(-1);
    }

    const staff::Actor officer_{"liulei", "刘磊", static_cast<staff::Roles>(staff::Role::officer)},
        clerk_{"zhaojing", "赵静", static_cast<staff::Roles>(staff::Role::clerk)};
    std::unique_ptr<Maker> maker_;
    Holder signer_;
};
SEALDESK_ON_BOTH_ENGINES(SealRegister);

}  // namespace

TEST_P(SealRegister, ASealIsMadeOnceForKeyCertificateAndPicture) {
    const auto first = make();
    ASSERT_OK(first);
    EXPECT_EQ(first->name, sample_order(1).subject.name);
    EXPECT_EQ(first->valid_until, clock_.now() + 300 * kDay);
    EXPECT_EQ(first->picture_sha256, crypto::sha256_hex(small_picture().data));
    const auto trust = SealTrust::read(maker_->root_pem());
    const auto verdict = judge(first->der, *trust, clock_.now() + kDay, signer_.der);
    ASSERT_OK(verdict);
    EXPECT_TRUE(verdict->valid()) << verdict->sentence();
    clock_.advance(kHour);
    const auto again = make();
    ASSERT_OK(again);
    EXPECT_EQ(again->id, first->id);
    EXPECT_EQ(again->der, first->der) << "to the byte, also after a crash";
    EXPECT_EQ(all().size(), 1u);
    EXPECT_EQ(audit_lines("seal.make"), 1);
    const auto found = database_->read([&](storage::Tx& tx) { return find(tx, first->id); });
    ASSERT_OK(found);
    ASSERT_TRUE(*found);
    EXPECT_EQ((*found)->der, first->der);
    EXPECT_FALSE(*database_->read([&](storage::Tx& tx) { return find(tx, "nothing"); }));
}

TEST_P(SealRegister, AnotherPictureTakesThePlaceOfTheFirst) {
    const auto first = make();
    ASSERT_OK(first);
    Impression impression;
    impression.width = impression.height = 94;
    impression.dpi = 60;
    impression.ink.assign(94 * 94, 255);
    const auto second = make(1, "KEY001", *seal_picture(impression));
    ASSERT_OK(second);
    EXPECT_NE(second->id, first->id);
    const auto list = all();
    ASSERT_EQ(list.size(), 2u);
    for (const auto& seal : list) EXPECT_EQ(seal.state, seal.id == first->id ? "withdrawn" : "made");
    EXPECT_EQ(audit_lines("seal.withdraw"), 1);
    const auto gone =
        database_->write([&](storage::Tx& tx) { return withdraw(tx, "liulei", second->certificate_serial, "key lost"); });
    ASSERT_OK(gone);
    EXPECT_EQ(*gone, 1);
    EXPECT_EQ(*database_->write([&](storage::Tx& tx) { return withdraw(tx, "liulei", second->certificate_serial, "again"); }), 0);
}

TEST_P(SealRegister, ASealEndsWithItsMakerWhenThatIsEarlier) {
    signer_ = make_holder(sample_order(1).subject.name, clock_.now() + -kHour, maker_->facts().not_after + 30 * kDay);
    const auto made = make();
    ASSERT_OK(made);
    EXPECT_EQ(made->valid_until, maker_->facts().not_after);
    const auto verdict = judge(made->der, *SealTrust::read(maker_->root_pem()), clock_.now() + kMinute, signer_.der);
    ASSERT_OK(verdict);
    EXPECT_TRUE(verdict->valid()) << verdict->sentence();
    EXPECT_EQ(verdict->seal.valid_until, maker_->facts().not_after);
    // Of a maker that has ended there is nothing to be had.
    clock_.set(maker_->facts().not_after + kDay);
    EXPECT_THAT(make(1, "KEY002").error().message, HasSubstr("不能再制作印章"));
    EXPECT_EQ(all().size(), 1u);
}

TEST_P(SealRegister, NothingIsLeftOfWhatWasRefused) {
    EXPECT_EQ(make(2, "KEY002", {"PNG", "no picture", 40, 40}).error().kind, ErrorKind::refused);
    EXPECT_THAT(make(7).error().message, HasSubstr(sample_order(7).no));
    ASSERT_OK(make());
    const auto other = make(2);
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().kind, ErrorKind::conflict) << "the certificate belongs to another order";
    EXPECT_THAT(make(2, "KEY009").error().message, HasSubstr("不能制作“" + sample_order(2).subject.name + "”的印章"))
        << "the certificate bears another name";
    signer_ = make_holder(sample_order(2).subject.name, clock_.now() + -kHour, clock_.now() + 300 * kDay);
    clock_.advance(400 * kDay);
    EXPECT_THAT(make(2, "KEY009").error().message, HasSubstr("过期"));
    EXPECT_TRUE(all(2).empty());
    EXPECT_EQ(audit_lines("seal.make"), 1);
    ASSERT_OK(move(*database_, sample_order(2).no, orders::State::issued));
    EXPECT_THAT(make(2, "KEY009").error().message, HasSubstr("不能制作印章"));
}

TEST_P(SealRegister, ThePictureIsAcceptedByAnOfficer) {
    const std::string no = sample_order(1).no;
    const auto accept = [&](const staff::Actor& who, const SealPicture& picture, const std::string& what = "江东") {
        return accept_picture(*database_, who, no, picture, PictureSource::lifted, what);
    };
    const auto newest = [&] { return database_->read([&](storage::Tx& tx) { return accepted_picture(tx, no); }); };
    EXPECT_FALSE(*newest());
    EXPECT_EQ(accept(clerk_, small_picture()).error().kind, ErrorKind::denied);
    EXPECT_EQ(accept(officer_, {"PNG", "x", 40, 40}).error().kind, ErrorKind::refused);
    EXPECT_FALSE(*newest());
    ASSERT_OK(accept(officer_, small_picture(), "第一次"));
    ASSERT_OK(accept(officer_, small_picture(), "第二次"));
    const auto picture = newest();
    ASSERT_OK(picture);
    ASSERT_TRUE(*picture);
    EXPECT_EQ((*picture)->picture, small_picture());
    EXPECT_EQ((*picture)->source, PictureSource::lifted);
    EXPECT_EQ((*picture)->description, "第二次");
    EXPECT_EQ((*picture)->accepted_by, "liulei");
    EXPECT_EQ((*picture)->accepted_at, clock_.now());
    EXPECT_EQ(audit_lines("seal.accept"), 2);
    ASSERT_OK(move(*database_, no, orders::State::issued));
    EXPECT_THAT(accept(officer_, small_picture()).error().message, HasSubstr("不能再确认"));
}

TEST_P(SealRegister, APictureIsOfTheStandingApproval) {
    const staff::Actor reviewer{"zhou", "周敏", static_cast<staff::Roles>(staff::Role::reviewer)};
    const review::Rules rules;
    const std::string no = sample_order(3).no;
    ASSERT_OK(put(*database_, {sample_order(3)}, orders::State::paid));
    const auto approve = [&] {
        const auto order = orders::load(*database_, no).value();
        return review::approve(*database_, reviewer, rules, {no, order.revision, order.row_version});
    };
    const auto accept = [&](const std::string& what) {
        return accept_picture(*database_, officer_, no, small_picture(), PictureSource::drawn, what);
    };
    const auto newest = [&]() -> std::string {
        const auto found = database_->read([&](storage::Tx& tx) -> Result<std::string> {
            SEALDESK_LET(accepted, accepted_picture(tx, no));
            EXPECT_EQ(has_picture(tx, no), accepted.has_value());
            return accepted ? accepted->description : "";
        });
        return found.value_or("not read");
    };
    ASSERT_OK(approve());
    EXPECT_THAT(accept("太早").error().message, HasSubstr("还可以撤销"));
    EXPECT_EQ(newest(), "");
    clock_.advance(rules.undo_ms);
    ASSERT_OK(accept("第一次"));
    ASSERT_OK(accept("再看一次"));
    EXPECT_EQ(newest(), "再看一次");
    // The clock is set back, so that the approval can be undone after all. What is approved later has no picture yet.
    clock_.advance(-kSecond);
    ASSERT_OK(review::undo(*database_, reviewer, rules, no));
    clock_.advance(kHour);
    ASSERT_OK(approve());
    EXPECT_EQ(newest(), "");
    clock_.advance(rules.undo_ms);
    EXPECT_EQ(newest(), "");
    ASSERT_OK(accept("第二次"));
    EXPECT_EQ(newest(), "第二次");
    EXPECT_EQ(audit_lines("seal.accept"), 3);
}

TEST_P(SealRegister, WhatTheCentreKnowsJoinsTheVerdict) {
    const Maker elsewhere = new_maker("江西签章服务中心");
    const auto trust = SealTrust::read(maker_->root_pem() + elsewhere.root_pem());
    const auto judged = [&](const std::string& der) {
        auto verdict = judge(der, *trust, clock_.now() + kMinute);
        EXPECT_TRUE(verdict) << verdict.error().message;
        const auto compared = database_->read([&](storage::Tx& tx) -> Result<> { return compare_with_register(tx, *verdict); });
        EXPECT_TRUE(compared) << compared.error().detail;
        return *verdict;
    };
    const auto made = make();
    ASSERT_OK(made);
    EXPECT_TRUE(judged(made->der).valid()) << judged(made->der).sentence();
    EXPECT_THAT(judged(made->der).checks.back().sentence, HasSubstr("KEY001"));
    // Another seal under the same id, well signed by the same maker.
    SealPlan plan;
    plan.name = made->name;
    plan.certificates = {*certificates::read_certificate(signer_.der)};
    plan.valid_from = clock_.now();
    plan.valid_until = clock_.now() + kDay;
    plan.picture = small_picture();
    const auto twin = maker_->make(plan, made->id, clock_.now());
    ASSERT_OK(twin);
    EXPECT_THAT(judged(*twin).sentence(), HasSubstr("不一致"));
    const auto stranger = elsewhere.make(plan, "elsewhere", clock_.now());
    ASSERT_OK(stranger);
    EXPECT_EQ(judged(*stranger).checks.size(), 5u) << "nothing is known of it";
    EXPECT_THAT(judged(*stranger).unchecked, Contains(word_of_unknown_signers()));
    // Signed with our own key, and nobody made it here.
    const auto secret = maker_->make(plan, "by-night", clock_.now());
    ASSERT_OK(secret);
    EXPECT_FALSE(judged(*secret).valid());
    EXPECT_THAT(judged(*secret).sentence(), HasSubstr("由本中心的制章密钥签出，但没有登记"));
    auto not_trusted = *judge(*secret, {}, clock_.now());
    ASSERT_OK(database_->read([&](storage::Tx& tx) { return compare_with_register(tx, not_trusted); }));
    EXPECT_EQ(not_trusted.checks.size(), 5u) << "whose it is, nobody can tell";
    // The signer's certificate is revoked, then the seal is withdrawn as well.
    const auto recorded = database_->write([&](storage::Tx& tx) -> Result<> {
        certificates::Entry entry;
        entry.serial = made->certificate_serial;
        entry.order_no = made->order_no;
        entry.key_serial = made->key_serial;
        entry.subject_name = made->name;
        certificates::record_serial(tx, entry);
        return certificates::record_signed(tx, entry.serial, certificates::certificate_pem(signer_.der));
    });
    ASSERT_OK(recorded);
    EXPECT_TRUE(judged(made->der).valid());
    EXPECT_THAT(judged(made->der).unchecked, Not(Contains(word_of_unknown_signers()))) << "the register knows it";
    EXPECT_THAT(judged(*stranger).unchecked, Not(Contains(word_of_unknown_signers())));
    const auto revoked = database_->write([&](storage::Tx& tx) -> Result<> {
        return certificates::revoke(tx, made->certificate_serial, certificates::RevocationReason::key_compromise, "");
    });
    ASSERT_OK(revoked);
    const std::string is_revoked = "签章人证书 " + made->certificate_serial + " 已于";
    EXPECT_THAT(judged(made->der).sentence(), HasSubstr(is_revoked));
    EXPECT_THAT(judged(*stranger).sentence(), HasSubstr(is_revoked));
    ASSERT_OK(database_->write([&](storage::Tx& tx) { return withdraw(tx, "liulei", made->certificate_serial, "key lost"); }));
    EXPECT_THAT(judged(made->der).sentence(), HasSubstr("收回"));
    const auto at = [&](Instant when, const std::string& der, const std::string& certificate) {
        auto verdict = *judge(der, *trust, when, certificate);
        EXPECT_TRUE(database_->read([&](storage::Tx& tx) { return compare_with_register(tx, verdict); }));
        return verdict;
    };
    clock_.advance(kDay);
    // A seal that names digests: the certificate is known from the question alone.
    plan.naming = SealPlan::Naming::digests;
    plan.valid_until = clock_.now() + kDay;
    const auto digests = elsewhere.make(plan, "by-digest", clock_.now());
    ASSERT_OK(digests);
    EXPECT_TRUE(at(clock_.now(), *digests, "").valid());
    EXPECT_THAT(at(clock_.now(), *digests, "").unchecked, Contains(word_of_unknown_signers())) << "it was not shown";
    EXPECT_THAT(at(clock_.now() + kMinute, *digests, signer_.der).sentence(), HasSubstr(is_revoked));
}

TEST_P(SealRegister, WhatWasRevokedLaterWasGoodBefore) {
    const auto trust = SealTrust::read(maker_->root_pem());
    const auto made = make();
    ASSERT_OK(made);
    const Instant before = clock_.now() + kHour;
    clock_.advance(kDay);
    ASSERT_OK(database_->write([&](storage::Tx& tx) -> Result<> {
        certificates::Entry entry;
        entry.serial = made->certificate_serial;
        entry.order_no = made->order_no;
        entry.key_serial = made->key_serial;
        entry.subject_name = made->name;
        certificates::record_serial(tx, entry);
        SEALDESK_TRY(certificates::record_signed(tx, entry.serial, certificates::certificate_pem(signer_.der)));
        SEALDESK_TRY(certificates::revoke(tx, entry.serial, certificates::RevocationReason::key_compromise, ""));
        SEALDESK_TRY(withdraw(tx, "liulei", made->certificate_serial, "key lost"));
        return {};
    }));
    const auto valid_at = [&](Instant when) {
        auto verdict = *judge(made->der, *trust, when, signer_.der);
        EXPECT_TRUE(database_->read([&](storage::Tx& tx) { return compare_with_register(tx, verdict); }));
        return verdict.valid();
    };
    EXPECT_TRUE(valid_at(before));
    EXPECT_FALSE(valid_at(clock_.now()));
    EXPECT_FALSE(valid_at(clock_.now() + kDay));
    // Somebody else's certificate with the same number is not ours.
    const auto stranger = make_holder("垚鑫", clock_.now() + -kHour, clock_.now() + 300 * kDay);
    auto verdict = *judge(made->der, *trust, clock_.now(), stranger.der);
    EXPECT_TRUE(database_->read([&](storage::Tx& tx) { return compare_with_register(tx, verdict); }));
    EXPECT_EQ(verdict.sentence().find("签章人证书 " + made->certificate_serial + " 已于"), std::string::npos);
}
