// Whose seals a desk believes: its own maker's, and those of the folder seal_trust.
#include "desk/seal_verdicts.h"

#include <gmock/gmock.h>

#include "base/files.h"
#include "support/databases.h"
#include "tests/seals/seal_parts.h"

namespace sealdesk::tests {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// Another centre: its seal, root and maker.
class SealVerdicts : public testing::Test {
protected:
    SealVerdicts() {
        settings_.authority = folder_.path();
        const crypto::Secret words(std::string("zhizhang-2026"));
        seals::MakerPlan makers;
        makers.root = {"江西印章根", "江西签章服务中心", "", "CN"};
        makers.maker = {"江西制章", "江西签章服务中心", "", "CN"};
        files_ = *seals::create_maker(makers, words, random_, kSealDay);
        root_key_ = *crypto::read_private_key(files_.root_key_pem, words);
        seals::SealPlan plan;
        plan.name = "江西市垚鑫建设有限公司";
        plan.certificates = {*certificates::read_certificate(make_holder(plan.name).der)};
        plan.valid_from = kSealDay;
        plan.valid_until = kSealDay + 90 * kDay;
        plan.picture = small_picture();
        seal_ = *seals::Maker::load(files_.root_pem, files_.maker_pem, files_.maker_key_pem, words)->make(plan, "x1", kSealDay);
    }
    void lay(const std::string& name, const std::string& bytes) const {
        ASSERT_OK(make_folder(folder_.path() / "seal_trust"));
        ASSERT_OK(write_file(folder_.path() / "seal_trust" / name, bytes));
    }
    seals::Verdict judged() const {
        const auto trust = desk::seal_trust(settings_);
        EXPECT_TRUE(trust) << trust.error().message;
        return *seals::judge(seal_, trust.value_or(seals::SealTrust{}), kSealDay + 20 * kDay);
    }

    TemporaryFolder folder_;
    desk::Settings settings_;
    crypto::SystemRandom random_;
    seals::MakerFiles files_;
    crypto::KeyHandle root_key_;
    std::string seal_;
};

}  // namespace

TEST_F(SealVerdicts, AnotherMakerIsBelievedWhoseRootLiesInTheFolder) {
    EXPECT_THAT(judged().sentence(), HasSubstr("不是由信任的根证书签发的")) << "no folder is nobody";
    lay("b.pem", files_.root_pem);
    EXPECT_TRUE(judged().valid()) << judged().sentence();
    EXPECT_THAT(judged().sentence(), HasSubstr("制章人证书的吊销状态"));
    const std::string root = *crypto::from_pem("CERTIFICATE", files_.root_pem),
                      maker = *crypto::from_pem("CERTIFICATE", files_.maker_pem);
    lay("b.crl", revocation_list(root, root_key_.get(), maker, kSealDay + 10 * kDay, kSealDay + 60 * kDay));
    EXPECT_THAT(judged().sentence(), HasSubstr("制章人证书已于"));
    // The own root is believed beside it.
    ASSERT_OK(write_file(folder_.path() / "seal_root.pem", certificates::certificate_pem(make_holder("自己的根").der)));
    EXPECT_EQ(desk::seal_trust(settings_)->certificates.size(), 2U);
    settings_.authority.clear();
    EXPECT_TRUE(desk::seal_trust(settings_)->certificates.empty());
}

TEST_F(SealVerdicts, AFileThatCannotBeUsedIsNamed) {
    const auto refusal = [&] {
        const auto trust = desk::seal_trust(settings_);
        EXPECT_FALSE(trust) << "was passed over";
        return trust ? std::string() : trust.error().message;
    };
    lay("a.pem", files_.root_pem);
    lay(".a.pem.swp", "of an editor");
    ASSERT_OK(desk::seal_trust(settings_));
    lay("broken.pem", files_.root_pem.substr(0, 200));
    EXPECT_THAT(refusal(), HasSubstr("seal_trust/broken.pem"));
    lay("broken.pem", "nothing");
    EXPECT_THAT(refusal(), AllOf(HasSubstr("不能采用"), HasSubstr("seal_trust/broken.pem"), HasSubstr("文件中没有证书")));
    lay("broken.pem", files_.maker_pem);
    ASSERT_OK(desk::seal_trust(settings_));
    lay("old.crl", files_.maker_pem);
    EXPECT_THAT(refusal(), HasSubstr("seal_trust/old.crl"));
}

}  // namespace sealdesk::tests
