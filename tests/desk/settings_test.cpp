#include "desk/settings.h"

#include <gmock/gmock.h>

#include "base/files.h"
#include "support/databases.h"

using namespace sealdesk;
using desk::load_settings;
using desk::Settings;
using testing::HasSubstr;

class SettingsTest : public testing::Test {
protected:
    Result<Settings> load(const std::string& text) {
        EXPECT_TRUE(write_file(folder_.path() / "settings.toml", text));
        return load_settings(folder_.path());
    }
    // How the text is refused.
    std::string refusal(const std::string& text) {
        const auto loaded = load(text);
        EXPECT_FALSE(loaded) << text;
        if (loaded) return {};
        EXPECT_EQ(loaded.error().kind, ErrorKind::refused) << text;
        return loaded.error().message;
    }
    tests::TemporaryFolder folder_;
};

TEST_F(SettingsTest, WithoutAFileTheDefaultsHold) {
    const auto settings = load_settings(folder_.path());
    ASSERT_OK(settings);
    EXPECT_EQ(settings->home, folder_.path());
    EXPECT_EQ(settings->database, (folder_.path() / "desk.sqlite").string());
    EXPECT_EQ(settings->language, Language::zh_CN);
    EXPECT_EQ(settings->undo_ms, 60 * kSecond);
    EXPECT_EQ(settings->lease_ms, 15 * kMinute);
    EXPECT_TRUE(settings->maker_is_not_checker);
    EXPECT_TRUE(settings->read_pages);
    EXPECT_TRUE(settings->portal.empty());
}

TEST_F(SettingsTest, WhatIsWrittenIsReadTheSame) {
    Settings written;
    written.home = folder_.path();
    written.database = "postgresql://desk@db.example/sealdesk";
    written.language = Language::en;
    written.centre = "江东“签章”\\制作中心";
    written.centre_tax_number = "91320104MA1X1K2L3Q";
    written.centre_address = "江苏省南京市玄武区虚构路 1 号";
    written.centre_mobile = "13800000001";
    written.portal = "https://portal.example:8443";
    written.portal_ca = folder_.path() / "ca.pem";
    written.portal_token_file = folder_.path() / "token";
    written.pkcs11_module = "/usr/lib/vendor.so";
    written.soft_keys = folder_.path() / "keys";
    written.authority = folder_.path() / "ca";
    written.passphrase_file = folder_.path() / "passphrase";
    written.issuer_pin_file = folder_.path() / "pin";
    written.crl_url = "http://crl.example/issuer.crl";
    written.crl_days = 30;
    written.undo_ms = 5 * kSecond;
    written.lease_ms = 7 * kMinute;
    written.lock_after_ms = 0;
    written.maker_is_not_checker = false;
    written.read_pages = false;
    written.working_days = "1-6";
    written.working_hours = "08:30-12:00";
    written.overdue_ms = 3 * kHour;
    written.return_ms = 90 * kMinute;
    const auto read = load(desk::settings_text(written));
    ASSERT_OK(read);
    EXPECT_EQ(read->database, written.database);
    EXPECT_EQ(read->language, written.language);
    EXPECT_EQ(read->centre, written.centre);
    EXPECT_EQ(read->centre_tax_number, written.centre_tax_number);
    EXPECT_EQ(read->centre_address, written.centre_address);
    EXPECT_EQ(read->centre_mobile, written.centre_mobile);
    EXPECT_EQ(read->portal, written.portal);
    EXPECT_EQ(read->portal_ca, written.portal_ca);
    EXPECT_EQ(read->portal_token_file, written.portal_token_file);
    EXPECT_EQ(read->pkcs11_module, written.pkcs11_module);
    EXPECT_EQ(read->soft_keys, written.soft_keys);
    EXPECT_EQ(read->authority, written.authority);
    EXPECT_EQ(read->passphrase_file, written.passphrase_file);
    EXPECT_EQ(read->issuer_pin_file, written.issuer_pin_file);
    EXPECT_EQ(read->crl_url, written.crl_url);
    EXPECT_EQ(read->crl_days, written.crl_days);
    EXPECT_EQ(read->undo_ms, written.undo_ms);
    EXPECT_EQ(read->lease_ms, written.lease_ms);
    EXPECT_EQ(read->lock_after_ms, written.lock_after_ms);
    EXPECT_EQ(read->maker_is_not_checker, written.maker_is_not_checker);
    EXPECT_EQ(read->working_days, written.working_days);
    EXPECT_EQ(read->working_hours, written.working_hours);
    EXPECT_EQ(read->overdue_ms, written.overdue_ms);
    EXPECT_EQ(read->return_ms, written.return_ms);
    EXPECT_EQ(desk::settings_text(*read), desk::settings_text(written));
}

TEST_F(SettingsTest, TheDefaultsAreReadTheSame) {
    const auto defaults = load_settings(folder_.path());
    ASSERT_OK(defaults);
    const auto read = load(desk::settings_text(*defaults));
    ASSERT_OK(read);
    EXPECT_EQ(desk::settings_text(*read), desk::settings_text(*defaults));
    EXPECT_TRUE(read->authority.empty());
}

TEST_F(SettingsTest, RelativePathsAreInTheDataFolder) {
    const auto settings = load("authority = \"ca\"\nsoft_keys = \"/elsewhere/keys\"\n");
    ASSERT_OK(settings);
    EXPECT_EQ(settings->authority, folder_.path() / "ca");
    EXPECT_EQ(settings->soft_keys, "/elsewhere/keys");
}

TEST_F(SettingsTest, AnUnknownNameIsRefused) {
    EXPECT_THAT(refusal("portl = \"https://portal.example\"\n"), HasSubstr("portl"));
    EXPECT_THAT(refusal("undo_ms = 5\n"), HasSubstr("undo_ms"));
    EXPECT_THAT(refusal("[desk]\nportal = \"\"\n"), HasSubstr("desk"));
}

TEST_F(SettingsTest, ABadValueIsRefused) {
    EXPECT_THAT(refusal("undo_seconds = -1\n"), HasSubstr("undo_seconds"));
    EXPECT_THAT(refusal("lease_seconds = 86401\n"), HasSubstr("lease_seconds"));
    EXPECT_THAT(refusal("lock_after_seconds = \"long\"\n"), HasSubstr("lock_after_seconds"));
    EXPECT_THAT(refusal("language = \"fr\"\n"), HasSubstr("language"));
    EXPECT_THAT(refusal("portal = 8443\n"), HasSubstr("portal"));
    EXPECT_THAT(refusal("maker_is_not_checker = \"no\"\n"), HasSubstr("maker_is_not_checker"));
    EXPECT_THAT(refusal("authority = 1\n"), HasSubstr("authority"));
    EXPECT_THAT(refusal("crl_days = 0\n"), HasSubstr("crl_days"));
    EXPECT_THAT(refusal("crl_days = 61\n"), HasSubstr("crl_days"));
    EXPECT_THAT(refusal("working_days = \"5-1\"\n"), HasSubstr("working_days"));
    EXPECT_THAT(refusal("working_hours = \"9-17\"\n"), HasSubstr("working_hours"));
    EXPECT_THAT(refusal("overdue_minutes = -1\n"), HasSubstr("overdue_minutes"));
    EXPECT_THAT(refusal("return_minutes = \"soon\"\n"), HasSubstr("return_minutes"));
    EXPECT_THAT(refusal("centre = \"a\"\nportal = \n"), HasSubstr("第 2 行"));
}

TEST(Places, AreFoundFromTheBuildTree) {
    const auto places = desk::find_places();
    ASSERT_OK(places);
    EXPECT_TRUE(std::filesystem::exists(places->data / "reasons.toml"));
    EXPECT_EQ(places->scanbox.parent_path(), places->executable.parent_path());
}
