// init, backup and restore as a script meets them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "desk/authority.h"
#include "support/databases.h"
#include "tests/cli/command_line.h"

using namespace sealdesk;
using testing::HasSubstr;

namespace {

class CentreCommands : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_OK(write_file(folder_.path() / "password", "Mima-2026-guanli\n"));
        const auto said = run({"init"});
        ASSERT_EQ(said.status, 0) << said.err;
    }
    tests::Said run(std::vector<std::string> words) {
        return tests::say({.home = home_, .password_file = folder_.path() / "password", .as = "root"}, std::move(words));
    }
    std::string file(const std::string& name) { return folder_.path() / name; }
    std::vector<std::string> beside_the_database() {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(home_))
            if (entry.path().filename().string().starts_with("desk.sqlite")) names.push_back(entry.path().filename());
        return names;
    }

    tests::TemporaryFolder folder_;
    std::filesystem::path home_ = folder_.path() / "home";
};

TEST_F(CentreCommands, ABackupBecomesTheDatabaseAgain) {
    const auto saved = run({"backup", file("b.sqlite")});
    ASSERT_EQ(saved.status, 0) << saved.err;
    EXPECT_EQ(run({"backup", file("b.sqlite")}).status, 1) << "a backup is never written over";
    EXPECT_THAT(run({"restore", file("b.sqlite")}).err, HasSubstr("还在")) << "nor is a database";
    for (const auto& name : beside_the_database()) std::filesystem::remove(home_ / name);
    const auto restored = run({"restore", file("b.sqlite")});
    EXPECT_EQ(restored.status, 0) << restored.err;
    EXPECT_EQ(run({"audit", "verify"}).status, 0);
    EXPECT_TRUE(std::filesystem::exists(file("b.sqlite"))) << "the backup stays";
}

TEST_F(CentreCommands, ABrokenBackupDoesNotBecomeTheDatabase) {
    ASSERT_EQ(run({"backup", file("b.sqlite")}).status, 0);
    for (const auto& name : beside_the_database()) std::filesystem::remove(home_ / name);
    auto bytes = read_file(file("b.sqlite"));
    ASSERT_OK(bytes);
    ASSERT_OK(write_file(file("b.sqlite"), bytes->substr(0, bytes->size() / 3)));
    const auto refused = run({"restore", file("b.sqlite")});
    EXPECT_EQ(refused.status, 1);
    EXPECT_FALSE(refused.err.empty());
    EXPECT_TRUE(beside_the_database().empty()) << beside_the_database().front();
    EXPECT_EQ(run({"restore", file("nowhere.sqlite")}).status, 1);
    EXPECT_TRUE(beside_the_database().empty());
}

TEST_F(CentreCommands, ACentreIsMadeOnce) { EXPECT_THAT(run({"init"}).err, HasSubstr("已经有一个中心")); }

TEST_F(CentreCommands, TheAuthoritySpeaksTheAlgorithmThatWasAskedFor) {
    for (const auto& [asked, is] : {std::pair{"p256", "EC P-256"}, {"sm2", "SM2"}}) {
        home_ = folder_.path() / asked;
        const auto said = run({"init", "--algorithm", asked, "--passphrase-file", file("password")});
        ASSERT_EQ(said.status, 0) << said.err;
        EXPECT_FALSE(std::filesystem::exists(home_ / "authority/passphrase")) << "the passphrase stays with the operator";
        const auto pem = read_file(home_ / "authority/issuer.pem");
        ASSERT_OK(pem);
        EXPECT_EQ(certificates::describe(*crypto::from_pem("CERTIFICATE", *pem))->algorithm, is);
        const auto settings = desk::load_settings(home_);
        ASSERT_OK(settings);
        EXPECT_TRUE(desk::open_authority(*settings, **desk::read_passphrase(*settings), nullptr));
    }
    home_ = folder_.path() / "none";
    EXPECT_THAT(run({"init", "--algorithm", "rot13"}).err, HasSubstr("rsa、p256 或 sm2"));
    EXPECT_THAT(run({"init", "--authority-token", "123"}).err, HasSubstr("--passphrase-file"));
    EXPECT_FALSE(std::filesystem::exists(home_ / "settings.toml")) << "nothing half made";
}

TEST_F(CentreCommands, TheEndOfTheAuthorityIsToldInTime) {
    const auto pem = read_file(home_ / "authority/issuer.pem");
    ASSERT_OK(pem);
    const auto issuer = *certificates::describe(*crypto::from_pem("CERTIFICATE", *pem));
    EXPECT_EQ(desk::authority_warning(issuer, issuer.not_before), "");
    EXPECT_THAT(desk::authority_warning(issuer, issuer.not_after + -3 * 366 * kDay), HasSubstr("尽快更新 CA"));
    EXPECT_THAT(desk::authority_warning(issuer, issuer.not_after + kSecond), HasSubstr("已于"));
}

}  // namespace
