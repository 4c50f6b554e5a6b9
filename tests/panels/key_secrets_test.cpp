// Secrets at the bench: the CA's passphrase typed in the window, PINs shown once or printed, the CA's own token; and what the
// bench says of a CA that ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "audit/audit.h"
#include "desk/authority.h"
#include "desk/pin_letters.h"
#include "keys/authority_key.h"
#include "panels/back_office_ids.h"
#include "panels/keys_panel.h"
#include "panels/settings_panel.h"
#include "panels/stock_panel.h"
#include "support/test_printer.h"
#include "tasks/tasks.h"
#include "tests/panels/open_desk.h"
#include "tests/panels/workshop.h"

namespace sealdesk::tests {
namespace {

using orders::State;
using panels::KeysPanel;
using testing::HasSubstr;
namespace ids = panels::ids;
namespace fs = std::filesystem;

constexpr ImVec2 kTall{1600, 2600};

class KeySecrets : public testing::Test {
protected:
    static void SetUpTestSuite() { workshop_ = std::make_unique<Workshop>(); }
    static void TearDownTestSuite() { workshop_.reset(); }
    void SetUp() override { serial_ = workshop_->new_key(); }

    static void prepare(OpenDesk& open, const orders::Order& order) {
        open.sign_in("qian", "钱进", kOfficer);
        ASSERT_OK(put(open.database(), {order}, State::approved));
    }
    static desk::Settings only_on_paper(const TestPrinter& printer) {
        auto settings = workshop_->settings();
        settings.pin_printer = printer.address();
        settings.pin_letter = "paper";
        return settings;
    }
    void write(Shown<KeysPanel>& bench) {
        ASSERT_TRUE(bench.shows(ids::with(ids::kKeysKey, serial_))) << bench.screen.text();
        bench.screen.click(ids::with(ids::kKeysKey, serial_));
        ASSERT_TRUE(bench.shows(ids::kKeysPin));
        bench.screen.type_into(ids::kKeysPin, "13572468");
        bench.screen.press(ImGuiKey_Enter);
    }
    // Files below `folder` in which the words stand.
    static std::vector<std::string> holding(const fs::path& folder, const std::string& words) {
        std::vector<std::string> found;
        for (const auto& entry : fs::recursive_directory_iterator(folder)) {
            if (!entry.is_regular_file()) continue;
            const auto bytes = read_file(entry.path(), size_t{1} << 30);
            if (bytes && bytes->find(words) != std::string::npos) found.push_back(entry.path());
        }
        return found;
    }
    static std::vector<std::string> actions(OpenDesk& open) {
        return open.database()
            .read([](storage::Tx& tx) -> Result<std::vector<std::string>> {
                std::vector<std::string> list;
                std::string action;
                storage::for_each_row(tx, "SELECT action FROM audit ORDER BY seq", std::tie(action),
                                      [&] { list.push_back(action); });
                return list;
            })
            .value();
    }

    static std::unique_ptr<Workshop> workshop_;
    std::string serial_;
    const orders::Order order_ = sample_order(1);
};
std::unique_ptr<Workshop> KeySecrets::workshop_;

TEST_F(KeySecrets, APassphraseThatLiesInNoFileIsTypedOnceASession) {
    auto settings = workshop_->settings();
    settings.passphrase_file.clear();
    OpenDesk open(settings);
    prepare(open, order_);
    Shown<KeysPanel> bench(open, kTall);
    ASSERT_TRUE(bench.says("请输入 CA 密钥的口令"));
    EXPECT_TRUE(bench.screen.disabled(ids::kKeysWrite));
    EXPECT_FALSE(bench.screen.visible(ids::kKeysPin));
    bench.screen.type_into(ids::kKeysPassphrase, "wrong horse");
    bench.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(bench.settles([&] {
        const auto list = actions(open);
        return !list.empty() && list.back() == "authority.unlock_failed";
    })) << bench.screen.text();
    EXPECT_TRUE(open.desk->key_bench().wants_passphrase());
    bench.screen.type_into(ids::kKeysPassphrase, "correct horse");
    bench.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(bench.in_time([&] { return !bench.screen.visible(ids::kKeysPassphrase); })) << bench.screen.text();
    EXPECT_EQ(open.desk->key_trouble(), "");
    write(bench);
    ASSERT_TRUE(bench.says("已绑定")) << bench.screen.text();
    // Nobody finds it on this desk; who leaves takes it along.
    EXPECT_THAT(holding(open.folder.path(), "correct horse"), testing::IsEmpty());
    open.desk->key_bench().lock();
    EXPECT_TRUE(open.desk->key_bench().wants_passphrase());
    EXPECT_FALSE(open.desk->bench().authority);
    ASSERT_TRUE(bench.in_time([&] {
        open.desk->touch();
        return bench.screen.visible(ids::kKeysPassphrase);
    }));
}

TEST_F(KeySecrets, OnlyAnOfficerOpensTheAuthority) {
    auto settings = workshop_->settings();
    settings.passphrase_file = "/nowhere/passphrase";
    OpenDesk open(settings);
    prepare(open, order_);
    open.sign_in("zhao", "赵云", kClerk);
    Shown<KeysPanel> bench(open, kTall);
    ASSERT_TRUE(bench.says("请输入 CA 密钥的口令"));
    EXPECT_FALSE(bench.screen.visible(ids::kKeysPassphrase));
    EXPECT_EQ(open.desk->key_bench().unlock(*open.desk->actor, secret("correct horse")).error().kind, ErrorKind::denied);
    // What a file gave is not forgotten.
    OpenDesk with_file(workshop_->settings());
    with_file.desk->key_bench().lock();
    EXPECT_EQ(with_file.desk->key_trouble(), "");
}

// Shown once, and then in no table, no log and no file; also when the letter was printed from that dialog.
TEST_F(KeySecrets, ANewPinIsNowhereButOnTheScreenAndOnThePaper) {
    TemporaryFolder paper;
    TestPrinter printer(paper.path());
    auto settings = workshop_->settings();
    settings.pin_printer = printer.address();
    OpenDesk open(settings);
    prepare(open, order_);
    Shown<KeysPanel> bench(open, kTall);
    ASSERT_TRUE(bench.shows(ids::kKeysRandomPin)) << bench.screen.text();
    bench.screen.click(ids::kKeysRandomPin);
    write(bench);
    ASSERT_TRUE(bench.shows(ids::kLetterClose)) << bench.screen.text();
    // Eight digits on a line of their own.
    std::string pin, line;
    for (std::istringstream lines(bench.screen.text()); std::getline(lines, line);)
        if (line.size() == 8 && line.find_first_not_of("0123456789") == std::string::npos) pin = line;
    ASSERT_EQ(pin.size(), 8U) << bench.screen.text();
    bench.screen.click(ids::kLetterPrint);
    ASSERT_TRUE(bench.says("密码信封已打印")) << bench.screen.text();
    ASSERT_TRUE(bench.in_time([&] { return printer.printed().size() == 1; }));
    bench.screen.click(ids::kLetterClose);
    bench.screen.frame(2);
    EXPECT_FALSE(bench.screen.says(pin));
    open.desk->jobs().wait_idle();
    EXPECT_THAT(holding(open.folder.path(), pin), testing::IsEmpty());
    EXPECT_THAT(holding(workshop_->folder, pin), testing::IsEmpty());
    EXPECT_FALSE(fs::exists(open.desk->documents()));
    auto session = std::move(*workshop_->tokens->open(serial_));
    EXPECT_TRUE(session->login(crypto::Secret(std::move(pin))));
}

TEST_F(KeySecrets, ALetterThatIsOnlyPrintedShowsNoPin) {
    TemporaryFolder paper;
    TestPrinter printer(paper.path());
    OpenDesk open(only_on_paper(printer));
    prepare(open, order_);
    printer.switch_off();
    Shown<KeysPanel> bench(open, kTall);
    ASSERT_TRUE(bench.says("打印成密码信封"));
    write(bench);
    ASSERT_TRUE(bench.shows(ids::kLetterPrint)) << bench.screen.text();
    ASSERT_TRUE(bench.says("没有人知道")) << "the printer is away: " << bench.screen.text();
    printer.start();
    ASSERT_TRUE(bench.in_time([&] { return !bench.screen.disabled(ids::kLetterPrint); }));
    bench.screen.click(ids::kLetterPrint);
    ASSERT_TRUE(bench.says("请看看它出来了没有")) << bench.screen.text();
    ASSERT_TRUE(bench.in_time([&] { return printer.printed().size() == 1; }));
    std::string line;
    for (std::istringstream lines(bench.screen.text()); std::getline(lines, line);)
        EXPECT_FALSE(line.size() == 8 && line.find_first_not_of("0123456789") == std::string::npos) << line;
    bench.screen.click(ids::kLetterClose);
    bench.screen.frame(2);
    EXPECT_FALSE(bench.screen.visible(ids::kLetterPrint));
}

TEST_F(KeySecrets, APinThatIsOnNoSheetKeepsItsTask) {
    TemporaryFolder paper;
    TestPrinter printer(paper.path());
    OpenDesk open(only_on_paper(printer));
    prepare(open, order_);
    printer.switch_off();
    Shown<KeysPanel> bench(open, kTall);
    ASSERT_TRUE(bench.says("打印成密码信封"));
    write(bench);
    ASSERT_TRUE(bench.says("没有人知道")) << bench.screen.text();
    bench.screen.click(ids::kLetterClose);
    ASSERT_TRUE(bench.settles([&] { return !bench.screen.visible(ids::kLetterClose); })) << bench.screen.text();
    ASSERT_EQ(tasks::open(open.database())->size(), 1U);
    EXPECT_EQ(tasks::open(open.database())->front().key_serial, serial_);
}

TEST_F(KeySecrets, PinsThatOnlyComeOnPaperAreNotWrittenIntoAFile) {
    TemporaryFolder folder;
    orders::DeskOrder order;
    order.order = order_;
    const auto letter = keys::letter_to(order, serial_);
    auto settings = workshop_->settings();
    settings.centre = "示例市电子签章服务中心";
    settings.centre_mobile = "13900139000";
    ASSERT_OK(desk::may_write_pin_letter(settings, letter, folder.path() / "letter.pdf"));
    EXPECT_TRUE(fs::is_empty(folder.path())) << "only asked";
    settings.pin_letter = "paper";
    const auto refusal = desk::may_write_pin_letter(settings, letter, folder.path() / "letter.pdf");
    ASSERT_FALSE(refusal);
    EXPECT_EQ(refusal.error().kind, ErrorKind::refused);
}

// The letter lies at the printer, and the paper is out: that is said, and printing again makes no second sheet with the PIN.
TEST_F(KeySecrets, ALetterThatWaitsForPaperSaysSo) {
    TemporaryFolder paper;
    TestPrinter printer(paper.path());
    OpenDesk open(only_on_paper(printer));
    prepare(open, order_);
    printer.does(TestPrinter::Does::run_out_of_paper);
    Shown<KeysPanel> bench(open, kTall);
    ASSERT_TRUE(bench.says("打印成密码信封"));
    write(bench);
    ASSERT_TRUE(bench.says("打印机停了：缺纸")) << bench.screen.text();
    EXPECT_FALSE(bench.screen.says("请看看它出来了没有"));
    printer.load_paper();
    ASSERT_TRUE(bench.in_time([&] { return printer.printed().size() == 1; }));
    ASSERT_TRUE(bench.in_time([&] { return !bench.screen.disabled(ids::kLetterPrint); }));
    bench.screen.click(ids::kLetterPrint);
    ASSERT_TRUE(bench.says("请看看它出来了没有")) << bench.screen.text();
    bench.screen.click(ids::kLetterClose);
    bench.screen.frame(2);
    EXPECT_FALSE(bench.screen.visible(ids::kLetterPrint));
}

// The token with the CA's key is plugged in all the time; it is no KEY.
TEST_F(KeySecrets, TheAuthoritysTokenIsNeverOffered) {
    const std::string token = workshop_->new_key();
    const crypto::Secret pin = secret("13572468");
    TemporaryFolder folder;
    crypto::SystemRandom random;
    {
        auto key =
            keys::authority_key(*workshop_->tokens, token, pin, crypto::KeyAlgorithm::p_256, keys::AuthorityKey::may_be_made);
        ASSERT_OK(key);
        certificates::AuthorityPlan plan;
        plan.root = {"示例根", "示例中心", "", "CN"};
        plan.issuer = {"示例签发", "示例中心", "", "CN"};
        plan.algorithm = crypto::KeyAlgorithm::p_256;
        const auto files = certificates::create_authority(plan, pin, random, TestClock().now(), std::move(*key));
        ASSERT_OK(files);
        ASSERT_OK(desk::save_authority(folder.path(), *files));
    }
    ASSERT_OK(write_file(folder.path() / "pin", "13572468\n"));
    auto settings = workshop_->settings();
    settings.authority = folder.path();
    settings.authority_token = token;
    settings.passphrase_file = folder.path() / "pin";
    OpenDesk open(settings);
    prepare(open, order_);
    ASSERT_EQ(open.desk->key_trouble(), "");
    Shown<KeysPanel> bench(open, kTall);
    ASSERT_TRUE(bench.shows(ids::with(ids::kKeysKey, serial_)));
    EXPECT_FALSE(bench.screen.visible(ids::with(ids::kKeysKey, token)));
    EXPECT_FALSE(bench.screen.says(token));
    EXPECT_FALSE(*keys::find_key(open.database(), token)) << "not in the stock";
    // Not even by its name.
    const auto by_name = keys::write(open.database(), *open.desk->actor, open.desk->bench(), order_.no, token, pin);
    ASSERT_FALSE(by_name);
    EXPECT_THAT(by_name.error().message, HasSubstr("签发 CA 的密钥"));
    const auto delivered = keys::receive(open.database(), *open.desk->actor, {"盒", "", token, ""}, token);
    ASSERT_FALSE(delivered);
    EXPECT_THAT(delivered.error().message, HasSubstr("签发 CA 的密钥"));
    write(bench);
    ASSERT_TRUE(bench.says("已绑定")) << bench.screen.text();
}

TEST_F(KeySecrets, ATokenThatCameInAsBlankLeavesTheStock) {
    OpenDesk before(workshop_->settings());
    before.sign_in("qian", "钱进", kOfficer);
    ASSERT_OK(keys::receive(before.database(), *before.desk->actor, {"盒", "", "CA0001", ""}));
    ASSERT_OK(keys::keep_out(before.database(), "CA0001"));
    ASSERT_OK(keys::keep_out(before.database(), "CA0001"));
    EXPECT_EQ(keys::find_key(before.database(), "CA0001")->value().state, keys::KeyState::scrapped);
    EXPECT_TRUE(keys::check_ledger(before.database())->empty());
}

TEST_F(KeySecrets, TheAlgorithmOfTheKeyIsASetting) {
    auto settings = workshop_->settings();
    settings.key_algorithm = "p256";
    OpenDesk open(settings);
    prepare(open, order_);
    Shown<KeysPanel> bench(open, kTall);
    write(bench);
    ASSERT_TRUE(bench.says("已绑定")) << bench.screen.text();
    const auto list = open.database().read([&](storage::Tx& tx) { return certificates::of_order(tx, order_.no); }).value();
    EXPECT_EQ(certificates::describe(*crypto::from_pem("CERTIFICATE", list.at(0).pem))->algorithm, "EC P-256");
    Shown<panels::SettingsPanel> shown(open);
    EXPECT_TRUE(shown.says("EC P-256"));
}

TEST_F(KeySecrets, SM2OnAKeyThatDoesNotKnowItIsASentence) {
    auto settings = workshop_->settings();
    settings.key_algorithm = "sm2";
    OpenDesk open(settings);
    prepare(open, order_);
    Shown<KeysPanel> bench(open, kTall);
    write(bench);
    ASSERT_TRUE(bench.says("不支持 SM2")) << bench.screen.text();
    EXPECT_EQ(open.state_of(order_.no), State::approved);
}

TEST_F(KeySecrets, AnAuthorityThatEndsIsToldAndRefuses) {
    OpenDesk open(workshop_->settings());
    prepare(open, order_);
    const auto issuer = open.desk->key_bench().issuer();
    ASSERT_TRUE(issuer);
    EXPECT_EQ(desk::authority_warning(*issuer, open.clock.now()), "");
    open.clock.advance(7 * 366 * kDay);
    EXPECT_THAT(desk::authority_warning(*issuer, open.clock.now()), HasSubstr("请尽快更新 CA"));
    ASSERT_OK(keys::seen(open.database(), *workshop_->tokens->list()));
    const auto write = [&] {
        return keys::write(open.database(), *open.desk->actor, open.desk->bench(), order_.no, serial_, secret("13572468"));
    };
    // Two years are left, three were paid for.
    ASSERT_OK(open.database().execute("UPDATE orders SET years = 3 WHERE no = '" + order_.no + "'"));
    open.clock.advance(366 * kDay);
    auto refused = write();
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("早于要签发的证书"));
    open.clock.advance(3 * 366 * kDay);
    EXPECT_THAT(desk::authority_warning(*issuer, open.clock.now()), HasSubstr("过期"));
    refused = write();
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("过期，不能再签发证书"));
    EXPECT_TRUE(keys::jobs_of(open.database(), order_.no)->empty()) << "no KEY was taken";
    EXPECT_EQ(keys::find_key(open.database(), serial_)->value().state, keys::KeyState::blank);
}

TEST_F(KeySecrets, AListThatGrowsOldIsToldAndSignedAnew) {
    OpenDesk open(workshop_->settings());
    open.sign_in("qian", "钱进", kOfficer);
    const auto bench = open.desk->bench();
    EXPECT_EQ(certificates::renew_list(open.database(), {"zhao", "赵云", kClerk}, *bench.authority).error().kind,
              ErrorKind::denied);
    Shown<KeysPanel> shown(open, kTall);
    ASSERT_TRUE(shown.shows(ids::kKeysRenewList)) << "there is none at all";
    ASSERT_OK(certificates::renew_list(open.database(), *open.desk->actor, *bench.authority));
    open.desk->touch();
    ASSERT_TRUE(shown.says("第 1 号"));
    EXPECT_FALSE(shown.screen.says("该更新了"));
    open.clock.advance(6 * kDay);
    open.desk->touch();
    ASSERT_TRUE(shown.says("该更新了")) << shown.screen.text();
    shown.screen.click(ids::kKeysRenewList);
    ASSERT_TRUE(shown.says("第 2 号")) << shown.screen.text();
    ASSERT_TRUE(shown.in_time([&] { return !shown.screen.says("该更新了"); }));
    // Before a long holiday nobody waits until it is due.
    ASSERT_TRUE(shown.in_time([&] { return !shown.screen.disabled(ids::kKeysRenewList); }));
    shown.screen.click(ids::kKeysRenewList);
    ASSERT_TRUE(shown.says("第 3 号")) << shown.screen.text();
    const auto list = certificates::newest_crl(open.database()).value();
    EXPECT_EQ(desk::list_warning(list, open.clock.now()), "");
    EXPECT_THAT(desk::list_warning(list, list->next_update + -kHour), HasSubstr("到期，请签发新的"));
    EXPECT_THAT(desk::list_warning(list, list->next_update + kHour), HasSubstr("过期"));
}

}  // namespace
}  // namespace sealdesk::tests
