// A new centre: whole or not there, wherever the first try ended.
#include "desk/founding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "certificates/certificate_register.h"
#include "certificates/revocation_list.h"
#include "desk/authority.h"
#include "desk/desk.h"
#include "keys/soft_key.h"
#include "staff/staff.h"
#include "support/databases.h"
#include "tests/panels/workshop.h"

namespace sealdesk::tests {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Founding : public testing::Test {
protected:
    void SetUp() override { ASSERT_OK(write_file(folder_.path() / "words", "correct horse battery\n")); }
    desk::NewCentre plan() const {
        desk::NewCentre plan;
        plan.name = "示例市电子签章中心";
        plan.login = "root";
        plan.password = secret("Mima-2026-guanli");
        plan.algorithm = crypto::KeyAlgorithm::p_256;
        plan.passphrase_file = folder_.path() / "words";
        plan.crl_url = "https://portal.example/crl/issuer.crl";
        plan.crl_file = folder_.path() / "issuer.crl";
        return plan;
    }
    Result<desk::Settings> found(const desk::NewCentre& plan, const desk::Written& written = {}) {
        return desk::found_centre(home_, plan, *desk::find_places(), clock_, random_, written);
    }
    // One that works: its CA, its first list, its administrator.
    void expect_whole() {
        const auto settings = desk::load_settings(home_);
        ASSERT_OK(settings);
        auto opened = desk::Desk::open(*settings, *desk::find_places(), clock_, random_);
        ASSERT_OK(opened);
        const auto bench = (*opened)->bench();
        ASSERT_TRUE(bench.authority) << (*opened)->key_trouble();
        const auto list = certificates::newest_crl((*opened)->database()).value();
        ASSERT_TRUE(list);
        const std::string der = *crypto::from_pem("X509 CRL", list->pem);
        EXPECT_TRUE(certificates::verify(bench.authority->issuer().der, bench.authority->trust(), clock_.now()));
        EXPECT_THAT(certificates::describe_list(der)->issuer_text, HasSubstr("示例市电子签章中心签发"));
        EXPECT_EQ(list->number, 1);
        EXPECT_EQ(*read_file(settings->crl_file), der);
        EXPECT_TRUE(staff::sign_in((*opened)->database(), "root", secret("Mima-2026-guanli")));
        EXPECT_EQ(desk::list_warning(list, clock_.now()), "");
        EXPECT_FALSE(fs::exists(home_ / "settings.toml.unfinished"));
    }

    TemporaryFolder folder_;
    TestClock clock_;
    crypto::SystemRandom random_;
    fs::path home_ = folder_.path() / "home";
};

TEST_F(Founding, MayEndAfterEveryFileAndIsRepeated) {
    int writes = 0;
    ASSERT_OK(found(plan(), [&](const fs::path&) {
        ++writes;
        return Result<>{};
    }));
    expect_whole();
    ASSERT_GE(writes, 12) << "its own word, nine files, database, staff and list";
    for (int last = 1; last <= writes; ++last) {
        home_ = folder_.path() / ("home" + std::to_string(last));
        std::error_code ignored;
        fs::remove(folder_.path() / "issuer.crl", ignored);
        int n = 0;
        const auto broken = found(plan(), [&](const fs::path&) -> Result<> {
            if (++n == last) return fail(ErrorKind::unavailable, "磁盘已满");
            return {};
        });
        ASSERT_FALSE(broken) << last;
        EXPECT_EQ(broken.error().message, "磁盘已满");
        EXPECT_FALSE(fs::exists(home_ / "settings.toml")) << last;
        const auto again = found(plan());
        ASSERT_TRUE(again) << last << " " << again.error().message;
        expect_whole();
    }
}

TEST_F(Founding, WhatCannotBeIsSaidBeforeAnythingIsWritten) {
    ASSERT_OK(write_file(folder_.path() / "short", "abc\n"));
    const auto refused = [&](const auto& change, const char* says) {
        auto wrong = plan();
        change(wrong);
        const auto answer = found(wrong);
        ASSERT_FALSE(answer) << says;
        EXPECT_THAT(answer.error().message, HasSubstr(says));
        EXPECT_FALSE(fs::exists(home_)) << says;
    };
    refused([](auto& p) { p.password = secret("short"); }, "密码至少 8 位");
    refused([](auto& p) { p.login = "Root Admin"; }, "登录名");
    refused([&](auto& p) { p.passphrase_file = folder_.path() / "short"; }, "8 个字符");
    refused([&](auto& p) { p.passphrase_file = folder_.path() / "nowhere"; }, "nowhere");
    refused([](auto& p) { p.crl_url = "ftp://crl.example/"; }, "http:// 或 https://");
    refused([](auto& p) { p.crl_url = "http://a b"; }, "不允许的字符");
    refused([](auto& p) { p.token = "123"; }, "--pin-file");
    refused(
        [&](auto& p) {
            p.token = "123";
            p.pin_file = p.passphrase_file;
            p.passphrase_file.clear();
        },
        "--passphrase-file");
    refused(
        [&](auto& p) {
            p.token = "123";
            p.pin_file = p.passphrase_file;
        },
        "不能就是 KEY 的 PIN");
    ASSERT_OK(found(plan()));
    expect_whole();
}

TEST_F(Founding, ACaOrStaffThatIsThereIsNeverWrittenOver) {
    ASSERT_OK(found(plan()));
    EXPECT_THAT(found(plan()).error().message, HasSubstr("已经有一个中心"));
    const std::string issuer = *read_file(home_ / "authority/issuer.pem");
    fs::remove(home_ / "settings.toml");
    EXPECT_THAT(found(plan()).error().message, HasSubstr("root.pem"));
    EXPECT_EQ(*read_file(home_ / "authority/issuer.pem"), issuer);
    fs::rename(home_ / "authority", folder_.path() / "saved");
    EXPECT_THAT(found(plan()).error().message, HasSubstr("desk.sqlite"));
    EXPECT_FALSE(fs::exists(home_ / "authority"));
}

TEST_F(Founding, TheIssuersKeyMayLieOnAToken) {
    Workshop workshop;
    for (const auto algorithm : {crypto::KeyAlgorithm::p_256, crypto::KeyAlgorithm::rsa_2048}) {
        home_ = folder_.path() / crypto::name_of(algorithm);
        ASSERT_OK(write_file(folder_.path() / "pin", "13572468\n"));
        auto wish = plan();
        wish.algorithm = algorithm;
        wish.pin_file = folder_.path() / "pin";
        wish.module = *keys::soft_key_module();
        wish.token = workshop.new_key();
        const auto made = found(wish);
        ASSERT_TRUE(made) << made.error().message << made.error().detail;
        EXPECT_FALSE(fs::exists(home_ / "authority/issuer.key"));
        EXPECT_TRUE(fs::exists(home_ / "authority/root.key"));
        const auto settings = desk::load_settings(home_);
        ASSERT_OK(settings);
        EXPECT_EQ(settings->authority_token, wish.token);
        for (const char* name : {"root.key", "seal_root.key", "seal_maker.key"}) {
            const std::string key = *read_file(home_ / "authority" / name);
            EXPECT_FALSE(crypto::read_private_key(key, secret("13572468"))) << name << " does not open with the PIN";
            EXPECT_TRUE(crypto::read_private_key(key, secret("correct horse battery"))) << name;
        }
        expect_whole();
        // What is not in its file is typed: the PIN or the passphrase.
        for (const auto& [file, typed] : {std::pair{"pin", "13572468"}, {"words", "correct horse battery"}}) {
            fs::rename(folder_.path() / file, folder_.path() / "away");
            auto opened = desk::Desk::open(*settings, *desk::find_places(), clock_, random_);
            ASSERT_OK(opened);
            EXPECT_TRUE((*opened)->key_bench().wants_passphrase()) << file;
            EXPECT_FALSE((*opened)->bench().authority) << file;
            const staff::Actor officer{"qian", "钱进", static_cast<staff::Roles>(staff::Role::officer)};
            ASSERT_OK((*opened)->key_bench().unlock(officer, secret(typed)));
            EXPECT_TRUE((*opened)->bench().authority) << file;
            EXPECT_EQ((*opened)->key_trouble(), "") << file;
            fs::rename(folder_.path() / "away", folder_.path() / file);
        }
        // The next start signs with the same key.
        auto tokens = keys::open_pkcs11(settings->pkcs11_module);
        ASSERT_OK(tokens);
        std::string before;
        {
            const auto authority = desk::open_authority(*settings, **desk::read_issuer_secret(*settings), tokens->get());
            ASSERT_TRUE(authority) << authority.error().message;
            const auto list = authority->make_crl({}, 2, clock_.now(), clock_.now() + kDay);
            ASSERT_TRUE(list) << list.error().detail;
            EXPECT_TRUE(certificates::verify(authority->issuer().der, authority->trust(), clock_.now()));
            before = authority->issuer().serial;
        }
        // Its certificate is renewed by the root's key alone.
        TestClock later;
        later.advance(8 * 366 * kDay);
        const auto database = storage::Database::open({settings->database, source("data/migrations/desk"), &later, &random_, 1});
        ASSERT_OK(database);
        const staff::Actor administrator{"root", "root", static_cast<staff::Roles>(staff::Role::administrator)};
        const auto renewed =
            desk::renew_authority(*settings, **database, administrator, **desk::read_passphrase(*settings), random_);
        ASSERT_OK(renewed);
        const auto next = desk::open_authority(*settings, **desk::read_issuer_secret(*settings), tokens->get());
        ASSERT_OK(next);
        EXPECT_EQ(next->issuer().serial, renewed->serial);
        EXPECT_NE(next->issuer().serial, before);
        EXPECT_TRUE(certificates::verify(next->issuer().der, next->trust(), later.now()));
    }
}

}  // namespace
}  // namespace sealdesk::tests
