#include "panels/audit_panel.h"

#include <gtest/gtest.h>

#include "panels/back_office_ids.h"
#include "panels/settings_panel.h"
#include "tests/panels/open_desk.h"

namespace sealdesk::tests {
namespace {

using panels::AuditPanel;
using panels::SettingsPanel;
namespace ids = panels::ids;

class AuditPanelTest : public testing::Test {
protected:
    void log(int rows, const std::string& subject) {
        ASSERT_OK(open_.database().write([&](storage::Tx& tx) -> Result<> {
            for (int i = 0; i < rows; ++i) audit::append(tx, "wang", "review.approve", subject);
            return {};
        }));
    }
    OpenDesk open_;
};

TEST_F(AuditPanelTest, VerifiesAndFindsTheAlteredRow) {
    log(5, "DD20261122-0001");
    Shown<AuditPanel> panel(open_);
    ASSERT_TRUE(panel.shows(ids::with(ids::kAuditRow, "5")));
    EXPECT_TRUE(panel.screen.says("审核通过"));
    panel.screen.click(ids::kAuditVerify);
    ASSERT_TRUE(panel.says("审计链完好，共 5 行")) << panel.screen.text();
    ASSERT_OK(open_.database().execute("UPDATE audit SET actor = 'li' WHERE seq = 3"));
    panel.screen.press(ImGuiKey_V);
    ASSERT_TRUE(panel.says("审计链被改动：第 3 行起不可信")) << panel.screen.text();
    EXPECT_FALSE(panel.screen.says("审计链完好"));
}

TEST_F(AuditPanelTest, PagesAndFilters) {
    log(120, "DD20261122-0001");
    log(2, "DD20261122-0002");
    Shown<AuditPanel> panel(open_);
    ASSERT_TRUE(panel.shows(ids::with(ids::kAuditRow, "122")));
    panel.screen.click(ids::kAuditOlder);
    ASSERT_TRUE(panel.shows(ids::with(ids::kAuditRow, "22"))) << panel.screen.text();
    EXPECT_FALSE(panel.screen.visible(ids::with(ids::kAuditRow, "122")));
    EXPECT_TRUE(panel.screen.disabled(ids::kAuditOlder));
    panel.screen.click(ids::kAuditNewest);
    ASSERT_TRUE(panel.shows(ids::with(ids::kAuditRow, "122")));
    panel.screen.type_into(ids::kAuditFilter, "DD20261122-0002");
    ASSERT_TRUE(panel.in_time([&] { return !panel.screen.visible(ids::with(ids::kAuditRow, "120")); }));
    EXPECT_TRUE(panel.screen.visible(ids::with(ids::kAuditRow, "121")));
    panel.screen.click(ids::with(ids::kAuditRow, "121"));
    ASSERT_TRUE(panel.says("本行的散列值"));
    panel.screen.type_into(ids::kAuditFilter, "DD20261122-0009");
    EXPECT_TRUE(panel.says("没有这个对象的记录"));
}

TEST_F(AuditPanelTest, CallsPeopleByTheirNamesAndFindsThemByTheirLogins) {
    ASSERT_OK(staff::add(open_.database(), nullptr, {"wang", "王敏", kAdministrator, true, {}},
                         crypto::Secret(std::string("correct horse battery"))));
    log(1, "DD20261122-0001");
    Shown<AuditPanel> panel(open_);
    ASSERT_TRUE(panel.shows(ids::with(ids::kAuditRow, "2")));
    EXPECT_TRUE(panel.screen.says("王敏"));
    panel.screen.click(ids::with(ids::kAuditRow, "2"));
    EXPECT_TRUE(panel.says("王敏（wang）")) << "what the hash is made of stands there too: " << panel.screen.text();
    panel.screen.type_into(ids::kAuditFilter, "wang");
    ASSERT_TRUE(panel.in_time([&] { return !panel.screen.visible(ids::with(ids::kAuditRow, "2")); }));
    EXPECT_TRUE(panel.screen.visible(ids::with(ids::kAuditRow, "1"))) << "added to the staff";
}

TEST(SettingsPanelTest, KeepsTheLanguageForTheNextStart) {
    OpenDesk open;
    open.sign_in("li", "李强", kAdministrator);
    Shown<SettingsPanel> panel(open);
    ASSERT_TRUE(panel.shows(ids::kSettingsEnglish));
    EXPECT_TRUE(panel.screen.says(open.folder.path().string()));
    panel.screen.click(ids::kSettingsEnglish);
    ASSERT_TRUE(panel.says("语言已保存，重新启动后生效")) << panel.screen.text();
    EXPECT_EQ(desk::load_settings(open.folder.path())->language, Language::en);
    panel.screen.click(ids::kSettingsChinese);
    ASSERT_TRUE(panel.in_time([&] { return desk::load_settings(open.folder.path())->language == Language::zh_CN; }));
}

TEST(SettingsPanelTest, OnlyAnAdministratorSeesTheStaff) {
    OpenDesk open;
    ASSERT_OK(staff::add(open.database(), nullptr, {"li", "李强", kAdministrator, true, {}},
                         crypto::Secret(std::string("correct horse battery"))));
    open.sign_in("zhao", "赵云", kClerk);
    Shown<SettingsPanel> panel(open);
    ASSERT_TRUE(panel.says("人员名单由管理员查看"));
    EXPECT_FALSE(panel.screen.says("李强"));
    open.sign_in("li", "李强", kAdministrator);
    ASSERT_TRUE(panel.says("李强"));
}

}  // namespace
}  // namespace sealdesk::tests
