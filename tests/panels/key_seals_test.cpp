// Seals on KEYs at the bench: the proof before the first KEY, the seal on the KEY, and what becomes of it. SoftHSM reads its
// folder once a process, so all tests here share the folder; every test writes a KEY of its own and has its own database.
#include <gtest/gtest.h>

#include <algorithm>

#include "desk/seal_pictures.h"
#include "keys/incidents.h"
#include "panels/back_office_ids.h"
#include "panels/keys_panel.h"
#include "seals/seals.h"
#include "tests/panels/open_desk.h"
#include "tests/panels/workshop.h"

namespace sealdesk::tests {
namespace {

using orders::State;
using panels::KeysPanel;
namespace ids = panels::ids;

constexpr ImVec2 kTall{1600, 2600};

class KeySeals : public testing::Test {
protected:
    static void SetUpTestSuite() { workshop_ = std::make_unique<Workshop>(); }
    static void TearDownTestSuite() { workshop_.reset(); }

    void SetUp() override {
        serial_ = workshop_->new_key();
        open_ = std::make_unique<OpenDesk>(workshop_->settings(true));
        open_->sign_in("qian", "钱进", kOfficer);
        ASSERT_OK(put(open_->database(), {order_}, State::approved));
    }
    void begin(Shown<KeysPanel>& bench, const std::string& no) {
        ASSERT_TRUE(bench.shows(ids::with(ids::kKeysOrder, no)));
        bench.screen.click(ids::with(ids::kKeysOrder, no));
    }
    void accept_drawn(Shown<KeysPanel>& bench) {
        ASSERT_TRUE(bench.shows(ids::kSealDrawn)) << bench.screen.text();
        ASSERT_TRUE(bench.in_time([&] { return !bench.screen.disabled(ids::kSealDrawn); })) << bench.screen.text();
        bench.screen.press(ImGuiKey_Enter);
    }
    void write(Shown<KeysPanel>& bench) {
        ASSERT_TRUE(bench.shows(ids::with(ids::kKeysKey, serial_))) << bench.screen.text();
        bench.screen.click(ids::with(ids::kKeysKey, serial_));
        ASSERT_TRUE(bench.shows(ids::kKeysPin));
        bench.screen.type_into(ids::kKeysPin, "13572468");
        bench.screen.press(ImGuiKey_Enter);
        ASSERT_TRUE(bench.says("已绑定")) << bench.screen.text();
    }
    std::vector<seals::MadeSeal> made() {
        return open_->database().read([&](storage::Tx& tx) { return seals::of_order(tx, order_.no); }).value();
    }
    // The seal as a stranger reads it from the KEY: no PIN.
    std::string on_key() {
        auto session = workshop_->tokens->open(serial_);
        if (!session) return {};
        return (*session)->find_data(keys::kSealLabel).value().value_or("");
    }
    seals::Verdict judged(const std::string& der, const std::string& certificate) {
        const auto trust = seals::SealTrust::read(*read_file(workshop_->folder / "seal_root.pem"));
        auto verdict = seals::judge(der, *trust, open_->clock.now(), certificate).value();
        EXPECT_TRUE(open_->database().read([&](storage::Tx& tx) { return seals::compare_with_register(tx, verdict); }));
        return verdict;
    }
    std::string certificate() {
        const auto list = open_->database().read([&](storage::Tx& tx) { return certificates::of_order(tx, order_.no); }).value();
        return list.empty() ? "" : *crypto::from_pem("CERTIFICATE", list.back().pem);
    }

    static std::unique_ptr<Workshop> workshop_;
    const orders::Order order_ = sample_order(1);
    std::string serial_;
    std::unique_ptr<OpenDesk> open_;
};
std::unique_ptr<Workshop> KeySeals::workshop_;

TEST_F(KeySeals, TheProofComesFirstAndTheSealLiesOnTheKey) {
    ASSERT_EQ(open_->desk->key_trouble(), "");
    Shown<KeysPanel> bench(*open_, kTall);
    begin(bench, order_.no);
    ASSERT_TRUE(bench.says("印章校样"));
    EXPECT_TRUE(bench.screen.says("印章待确认"));
    EXPECT_FALSE(bench.screen.visible(ids::kKeysPin)) << "no PIN before the proof";
    accept_drawn(bench);
    write(bench);
    EXPECT_EQ(open_->state_of(order_.no), State::issued);
    ASSERT_EQ(made().size(), 1U);
    EXPECT_EQ(made()[0].key_serial, serial_);
    ASSERT_EQ(on_key(), made()[0].der);
    const auto verdict = judged(on_key(), certificate());
    EXPECT_TRUE(verdict.valid()) << verdict.sentence();
    EXPECT_EQ(verdict.seal.name, order_.subject.name);
    ASSERT_EQ(verdict.seal.certificates.size(), 1U);
    EXPECT_EQ(verdict.seal.certificates[0], certificate());
    // The certificate that stands on the KEY is the one that the seal names.
    auto session = workshop_->tokens->open(serial_);
    EXPECT_EQ((*session)->certificates().value().at(0).der, certificate());
}

TEST_F(KeySeals, AnAcceptedPictureIsThereForAnotherDesk) {
    {
        Shown<KeysPanel> bench(*open_, kTall);
        begin(bench, order_.no);
        accept_drawn(bench);
        ASSERT_TRUE(bench.shows(ids::kKeysPin)) << bench.screen.text();
    }
    // The program ends; another officer goes on at a desk with the same database.
    auto settings = open_->desk->settings();
    open_->desk->jobs().wait_idle();
    auto again = desk::Desk::open(settings, *desk::find_places(), open_->clock, open_->random);
    ASSERT_OK(again);
    open_->desk = std::move(*again);
    open_->sign_in("wu", "吴迪", kOfficer);
    Shown<KeysPanel> bench(*open_, kTall);
    begin(bench, order_.no);
    write(bench);
    EXPECT_EQ(on_key(), made().at(0).der);
    EXPECT_TRUE(judged(on_key(), certificate()).valid());
}

TEST_F(KeySeals, ALostKeyTakesItsSealAlong) {
    Shown<KeysPanel> bench(*open_, kTall);
    begin(bench, order_.no);
    accept_drawn(bench);
    write(bench);
    const std::string der = on_key(), own = certificate();
    ASSERT_OK(keys::report(open_->database(), *open_->desk->actor, open_->desk->bench(), keys::Incident::lost, serial_, "来电"));
    EXPECT_EQ(made().at(0).state, "withdrawn");
    EXPECT_FALSE(judged(der, own).valid());
}

TEST_F(KeySeals, AnotherPictureIsForTheNextKeysOnly) {
    auto bench = open_->desk->bench();
    const auto press = desk::SealPress::open();
    ASSERT_OK(press);
    const auto picture_of = [&](const char* centre) {
        auto text = seals::seal_text(seals::SealShape::round, order_.subject.name);
        text.centre = centre;
        return *seals::seal_picture(*press->print(*press->draw(text)));
    };
    const auto accept = [&](const char* centre) {
        return seals::accept_picture(open_->database(), *open_->desk->actor, order_.no, picture_of(centre),
                                     seals::PictureSource::drawn, centre);
    };
    const auto write = [&] {
        return keys::write(open_->database(), *open_->desk->actor, bench, order_.no, serial_, secret("13572468"));
    };
    // The verb itself asks for the picture: a script cannot go round it, and no KEY is taken for nothing.
    ASSERT_OK(keys::seen(open_->database(), *workshop_->tokens->list()));
    const auto without = write();
    ASSERT_FALSE(without);
    EXPECT_NE(without.error().message.find("印章图片还没有确认"), std::string::npos) << without.error().message;
    EXPECT_EQ(keys::find_key(open_->database(), serial_)->value().state, keys::KeyState::blank);
    ASSERT_OK(accept("合同专用章"));
    // Between writing and reading back somebody accepts another one: this KEY keeps what was written.
    bench.watch = [&](const keys::Job&, keys::Step step, keys::Moment moment) {
        if (step == keys::Step::read_back && moment == keys::Moment::begins) {
            EXPECT_TRUE(accept("财务专用章"));
        }
    };
    ASSERT_OK(write());
    EXPECT_EQ(made().size(), 1U);
    EXPECT_EQ(on_key(), made().at(0).der);
    EXPECT_EQ(judged(on_key(), certificate()).seal.picture, picture_of("合同专用章"));
}

TEST_F(KeySeals, ACentreWithoutSealMakerSaysSoAndTheSettingDecides) {
    TemporaryFolder folder;
    for (const char* name : {"root.pem", "issuer.pem", "issuer.key", "passphrase"})
        std::filesystem::copy_file(workshop_->folder / name, folder.path() / name);
    auto settings = workshop_->settings(true);
    settings.authority = folder.path();
    settings.passphrase_file = folder.path() / "passphrase";
    {
        OpenDesk open(settings);
        open.sign_in("qian", "钱进", kOfficer);
        ASSERT_OK(put(open.database(), {order_}, State::approved));
        Shown<KeysPanel> bench(open, kTall);
        ASSERT_TRUE(bench.says("没有制章密钥"));
        EXPECT_TRUE(bench.screen.says("write_seals = false"));
        EXPECT_TRUE(bench.screen.disabled(ids::kKeysWrite));
        ASSERT_OK(keys::seen(open.database(), *workshop_->tokens->list()));
        const auto job =
            keys::write(open.database(), *open.desk->actor, open.desk->bench(), order_.no, serial_, secret("13572468"));
        ASSERT_FALSE(job);
        EXPECT_NE(job.error().message.find("没有制章密钥"), std::string::npos);
    }
    settings.write_seals = false;
    OpenDesk open(settings);
    open.sign_in("qian", "钱进", kOfficer);
    EXPECT_EQ(open.desk->key_trouble(), "");
    ASSERT_OK(put(open.database(), {order_}, State::approved));
    ASSERT_OK(keys::seen(open.database(), *workshop_->tokens->list()));
    ASSERT_OK(keys::write(open.database(), *open.desk->actor, open.desk->bench(), order_.no, serial_, secret("13572468")));
    EXPECT_EQ(on_key(), "");
}

}  // namespace
}  // namespace sealdesk::tests
