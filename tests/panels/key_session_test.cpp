// The CA's key in the whole window: opened by who signs in, closed by who leaves; and a CA that ends is told on every panel.
#include <gtest/gtest.h>

#include "panels/back_office_ids.h"
#include "panels/ids.h"
#include "panels/screen.h"
#include "tests/panels/open_desk.h"
#include "tests/panels/workshop.h"
#include "tests/support/test_printer.h"

namespace sealdesk::tests {
namespace {

namespace ids = panels::ids;

class KeySession : public testing::Test {
protected:
    static void SetUpTestSuite() { workshop_ = std::make_unique<Workshop>(); }
    static void TearDownTestSuite() { workshop_.reset(); }

    static desk::Settings typed_passphrase() {
        auto settings = workshop_->settings();
        settings.passphrase_file.clear();
        return settings;
    }
    // Two officers who sign in with their passwords.
    static void add_officers(OpenDesk& open) {
        const staff::Actor root{"root", "管理员", kAdministrator};
        ASSERT_OK(staff::add(open.database(), nullptr, {"root", "管理员", kAdministrator, true, {}}, secret("Mima-root-2026")));
        for (const auto& [login, name] : {std::pair{"qian", "钱进"}, std::pair{"wu", "吴迪"}})
            ASSERT_OK(staff::add(open.database(), &root, {login, name, kOfficer, true, {}},
                                 crypto::Secret("Mima-" + std::string(login) + "-2026")));
    }
    static desk::Settings only_on_paper(const TestPrinter& printer) {
        auto settings = workshop_->settings();
        settings.pin_printer = printer.address();
        settings.pin_letter = "paper";
        return settings;
    }
    // A new PIN that waits for qian.
    static void put_letter(OpenDesk& open) {
        keys::PinLetter letter;
        letter.key_serial = "E5A00017";
        letter.pin = secret("73915264");
        open.desk->letters().put("qian", std::move(letter));
    }
    // A letter may stand over the window then.
    static void come_in(Shown<panels::Screen>& window, const std::string& login) {
        ASSERT_TRUE(window.shows(ids::sign_in_login)) << window.screen.text();
        window.screen.type_into(ids::sign_in_login, login);
        window.screen.type_into(ids::sign_in_password, "Mima-" + login + "-2026");
        window.screen.press(ImGuiKey_Enter);
    }
    static void sign_in(Shown<panels::Screen>& window, const std::string& login) {
        come_in(window, login);
        ASSERT_TRUE(window.shows(ids::rail_keys)) << window.screen.text();
        window.screen.press(ImGuiKey_F2);  // a banner that comes now moves the rail under the mouse
    }

    static std::unique_ptr<Workshop> workshop_;
};
std::unique_ptr<Workshop> KeySession::workshop_;

TEST_F(KeySession, WhoLeavesClosesTheAuthorityAndTheNextOneOpensItAgain) {
    OpenDesk open(typed_passphrase());
    add_officers(open);
    ASSERT_OK(put(open.database(), {sample_order(1)}, orders::State::approved));
    Shown<panels::Screen> window(open);
    sign_in(window, "qian");
    ASSERT_TRUE(window.shows(ids::kKeysPassphrase)) << window.screen.text();
    window.screen.type_into(ids::kKeysPassphrase, "correct horse");
    window.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(window.in_time([&] { return !window.screen.visible(ids::kKeysPassphrase); })) << window.screen.text();
    ASSERT_TRUE(open.desk->bench().authority);
    window.screen.click(ids::sign_out);
    ASSERT_TRUE(window.shows(ids::sign_in_login));
    EXPECT_FALSE(open.desk->bench().authority);
    EXPECT_TRUE(open.desk->key_bench().wants_passphrase());
    sign_in(window, "wu");
    ASSERT_TRUE(window.shows(ids::kKeysPassphrase)) << window.screen.text();
    EXPECT_FALSE(open.desk->bench().authority);
}

TEST_F(KeySession, ALockedScreenShowsNothingOfTheBenchAndKeepsTheAuthorityOpen) {
    OpenDesk open(typed_passphrase());
    add_officers(open);
    ASSERT_OK(put(open.database(), {sample_order(1)}, orders::State::approved));
    Shown<panels::Screen> window(open);
    sign_in(window, "qian");
    ASSERT_TRUE(window.shows(ids::kKeysPassphrase)) << window.screen.text();
    window.screen.type_into(ids::kKeysPassphrase, "correct horse");
    window.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(window.in_time([&] { return !window.screen.visible(ids::kKeysPassphrase); })) << window.screen.text();
    window.screen.press(ImGuiMod_Ctrl | ImGuiKey_L);
    ASSERT_TRUE(window.says("屏幕已锁定"));
    EXPECT_FALSE(window.screen.says(sample_order(1).no));
    EXPECT_TRUE(open.desk->bench().authority) << "the same person comes back to it";
}

// A new PIN that nobody has written down waits for its person, through sign-out and somebody else's turn.
TEST_F(KeySession, ALetterWaitsForItsPerson) {
    OpenDesk open(workshop_->settings());
    add_officers(open);
    put_letter(open);
    Shown<panels::Screen> window(open);
    sign_in(window, "wu");
    ASSERT_TRUE(window.in_time([&] { return open.desk->jobs().busy() == 0; }));
    EXPECT_FALSE(window.screen.says("73915264")) << "it is somebody else's";
    window.screen.click(ids::sign_out);
    ASSERT_TRUE(window.shows(ids::sign_in_login)) << window.screen.text();
    window.screen.type_into(ids::sign_in_login, "qian");
    window.screen.type_into(ids::sign_in_password, "Mima-qian-2026");
    window.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(window.shows(ids::kLetterClose)) << "it comes first: " << window.screen.text();
    EXPECT_TRUE(window.screen.says("73915264"));
    // Leaving with the letter open does not lose it.
    EXPECT_TRUE(open.desk->letters().first("qian"));
    // An Enter that was on its way to the bench does not take it away unread; after a moment it does.
    open.desk->letters().drop_first("qian");
    keys::PinLetter next;
    next.key_serial = "E5A00018";
    next.pin = secret("51847362");
    open.desk->letters().put("qian", std::move(next));
    window.screen.frame(3);
    ASSERT_TRUE(window.screen.says("51847362")) << window.screen.text();
    window.screen.press(ImGuiKey_Enter);
    EXPECT_TRUE(open.desk->letters().first("qian"));
    window.screen.pass(1);
    window.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(window.in_time([&] { return !window.screen.says("51847362"); }));
    EXPECT_FALSE(open.desk->letters().first("qian"));
}

// One PIN, one sheet: who comes back to the letter does not print it again by that.
TEST_F(KeySession, ALetterThatWasPrintedIsNotPrintedAgainByItself) {
    TemporaryFolder paper;
    TestPrinter printer(paper.path());
    OpenDesk open(only_on_paper(printer));
    add_officers(open);
    put_letter(open);
    Shown<panels::Screen> window(open);
    come_in(window, "qian");
    ASSERT_TRUE(window.says("密码信封已打印")) << window.screen.text();
    ASSERT_TRUE(window.in_time([&] { return printer.printed().size() == 1; }));
    // Called away: the screen locks, somebody else takes the desk, and then they come back.
    open.clock.advance(open.desk->settings().lock_after_ms + kSecond);
    ASSERT_TRUE(window.shows(ids::sign_in_leave)) << window.screen.text();
    window.screen.click(ids::sign_in_leave);
    sign_in(window, "wu");
    EXPECT_FALSE(window.screen.visible(ids::kLetterPrint)) << "it is somebody else's";
    ASSERT_TRUE(window.shows(ids::sign_out));
    window.screen.click(ids::sign_out);
    come_in(window, "qian");
    ASSERT_TRUE(window.says("密码信封已送打印")) << window.screen.text();
    window.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(window.settles([&] { return open.desk->jobs().busy() == 0; }));
    EXPECT_EQ(printer.printed().size(), 1U);
    EXPECT_TRUE(open.desk->letters().first("qian")) << "nobody has looked";
    window.screen.click(ids::kLetterPrint);
    ASSERT_TRUE(window.in_time([&] { return printer.printed().size() == 2; })) << "asked for";
    ASSERT_TRUE(window.says("密码信封已打印"));
    window.screen.click(ids::kLetterClose);
    ASSERT_TRUE(window.in_time([&] { return !open.desk->letters().first("qian"); }));
}

// Nothing came out, so nothing is told as sent.
TEST_F(KeySession, ALetterThatThePrinterNeverHadIsPrintedOnReturn) {
    TemporaryFolder paper;
    TestPrinter printer(paper.path());
    OpenDesk open(only_on_paper(printer));
    add_officers(open);
    put_letter(open);
    printer.switch_off();
    Shown<panels::Screen> window(open);
    come_in(window, "qian");
    ASSERT_TRUE(window.says("没有人知道")) << window.screen.text();
    open.clock.advance(open.desk->settings().lock_after_ms + kSecond);
    ASSERT_TRUE(window.shows(ids::sign_in_leave)) << window.screen.text();
    window.screen.click(ids::sign_in_leave);
    printer.start();
    come_in(window, "qian");
    ASSERT_TRUE(window.in_time([&] { return printer.printed().size() == 1; })) << window.screen.text();
    ASSERT_TRUE(window.says("密码信封已打印")) << window.screen.text();
}

TEST_F(KeySession, AnAuthorityThatEndsIsToldOnEveryPanel) {
    OpenDesk open(workshop_->settings());
    add_officers(open);
    Shown<panels::Screen> window(open);
    sign_in(window, "qian");
    ASSERT_TRUE(window.in_time([&] { return open.desk->jobs().busy() == 0; }));
    EXPECT_FALSE(window.screen.says("请尽快更新 CA"));
    window.screen.click(ids::sign_out);
    open.clock.advance(7 * 366 * kDay);
    sign_in(window, "qian");
    for (const char* panel : {ids::rail_keys, ids::rail_stock, ids::rail_review}) {
        window.screen.click(panel);
        EXPECT_TRUE(window.says("请尽快更新 CA")) << panel << window.screen.text();
    }
}

}  // namespace
}  // namespace sealdesk::tests
