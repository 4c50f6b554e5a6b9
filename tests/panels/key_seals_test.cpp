// Seals on KEYs at the bench: the proof before the first KEY, the seal on the KEY, and what becomes of it. SoftHSM reads its
// folder once a process, so all tests here share the folder; every test writes a KEY of its own and has its own database.
#include <gtest/gtest.h>

#include <algorithm>

#include "desk/seal_maker.h"
#include "desk/seal_pictures.h"
#include "keys/incidents.h"
#include "panels/back_office_ids.h"
#include "panels/key_card.h"
#include "panels/keys_panel.h"
#include "seals/seals.h"
#include "tests/panels/open_desk.h"
#include "tests/panels/workshop.h"
#include "tests/seals/seal_parts.h"

namespace sealdesk::tests {
namespace {

using orders::State;
using panels::KeysPanel;
namespace ids = panels::ids;

constexpr ImVec2 kTall{1600, 2600};

// The card of a KEY alone.
struct CardPane {
    panels::KeyCard card;
    void draw(desk::Desk& desk) {
        card.draw(desk);
        card.draw_dialogs(desk);
    }
};

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

    // A KEY with its seal, by the verbs.
    void write_by_verbs() {
        const auto press = desk::SealPress::open();
        ASSERT_OK(press);
        const auto picture =
            *seals::seal_picture(*press->print(*press->draw(seals::seal_text(seals::SealShape::round, order_.subject.name))));
        ASSERT_OK(seals::accept_picture(open_->database(), *open_->desk->actor, order_.no, picture, seals::PictureSource::drawn,
                                        "绘制"));
        ASSERT_OK(keys::seen(open_->database(), *workshop_->tokens->list()));
        ASSERT_OK(
            keys::write(open_->database(), *open_->desk->actor, open_->desk->bench(), order_.no, serial_, secret("13572468")));
    }
    // What somebody with another tool puts in its place.
    void put_on_key(const std::string& bytes) {
        auto session = workshop_->tokens->open(serial_);
        ASSERT_OK(session);
        ASSERT_OK((*session)->login(secret("13572468")));
        ASSERT_OK((*session)->write_data(keys::kSealLabel, bytes));
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

// An applicant brings a KEY to be unlocked while the next order waits for its proof.
TEST_F(KeySeals, AWrittenKeyThatComesInIsServedBeforeTheProof) {
    write_by_verbs();
    const auto next = sample_order(2);
    ASSERT_OK(put(open_->database(), {next}, State::approved));
    Shown<KeysPanel> bench(*open_, kTall);
    ASSERT_TRUE(bench.shows(ids::kCardUnlock)) << bench.screen.text();
    EXPECT_FALSE(bench.screen.visible(ids::kSealDrawn));
    ASSERT_TRUE(bench.shows(ids::kKeysWrite)) << bench.screen.text();
    EXPECT_TRUE(bench.screen.disabled(ids::kKeysWrite)) << "no KEY before the proof";
    ASSERT_TRUE(bench.shows(ids::kKeysCardBack));
    bench.screen.click(ids::kKeysCardBack);
    ASSERT_TRUE(bench.shows(ids::kSealDrawn)) << bench.screen.text();
    EXPECT_FALSE(bench.screen.visible(ids::kCardUnlock));
    const auto plugged = workshop_->tokens->list()->size() - 1;  // one slot is free
    EXPECT_TRUE(bench.screen.says("插着 " + std::to_string(plugged) + " 个 KEY")) << bench.screen.text();
    // The same KEY, still there, does not push itself forward again.
    bench.screen.pass(3);
    open_->wait_idle();
    bench.screen.frame(3);
    EXPECT_TRUE(bench.screen.visible(ids::kSealDrawn));
}

// Who chooses an order wants to see its proof, whatever lies in the port.
TEST_F(KeySeals, AnOrderThatIsChosenShowsItsProof) {
    write_by_verbs();
    const auto next = sample_order(2);
    ASSERT_OK(put(open_->database(), {next}, State::approved));
    Shown<KeysPanel> bench(*open_, kTall);
    ASSERT_TRUE(bench.shows(ids::kCardUnlock)) << bench.screen.text();
    begin(bench, next.no);
    accept_drawn(bench);
    ASSERT_TRUE(bench.shows(ids::kKeysWrite)) << bench.screen.text();
    EXPECT_FALSE(bench.screen.visible(ids::kSealDrawn));
}

TEST_F(KeySeals, TheCardTellsWhoseSealItIsAndThatItIsValid) {
    write_by_verbs();
    Shown<CardPane> shown(*open_, kTall);
    shown.panel.card.show(serial_);
    ASSERT_TRUE(shown.says("印章“" + order_.subject.name + "”有效")) << shown.screen.text();
    EXPECT_TRUE(shown.screen.says(made().at(0).certificate_serial));
    EXPECT_TRUE(shown.screen.says("示例市电子签章服务中心制章"));
    EXPECT_TRUE(shown.screen.says("未核对")) << "nobody has a list of revoked makers";
    // Revoked for a while: the card that is open says so.
    ASSERT_OK(
        keys::report(open_->database(), *open_->desk->actor, open_->desk->bench(), keys::Incident::suspended, serial_, "来电"));
    open_->desk->touch();
    ASSERT_TRUE(shown.says("无效：签章人证书 " + made().at(0).certificate_serial)) << shown.screen.text();
    EXPECT_TRUE(shown.screen.says("吊销"));
}

TEST_F(KeySeals, TheCardRefusesAForeignSealAndAnAlteredOne) {
    write_by_verbs();
    const std::string own = on_key();
    std::string altered = own;
    const auto at = altered.find(order_.subject.name);
    ASSERT_NE(at, std::string::npos);
    altered[at + 2] = static_cast<char>(altered[at + 2] ^ 1);
    put_on_key(altered);
    {
        Shown<CardPane> shown(*open_, kTall);
        shown.panel.card.show(serial_);
        ASSERT_TRUE(shown.says("被改动过")) << shown.screen.text();
        EXPECT_TRUE(shown.screen.says("无效"));
    }
    put_on_key(Others().parts().seal());
    {
        Shown<CardPane> shown(*open_, kTall);
        shown.panel.card.show(serial_);
        ASSERT_TRUE(shown.says("不是由信任的根证书签发的")) << shown.screen.text();
        EXPECT_TRUE(shown.screen.says("印章没有写明它")) << "the KEY's certificate may not sign with it";
    }
    put_on_key("no seal");
    Shown<CardPane> shown(*open_, kTall);
    shown.panel.card.show(serial_);
    ASSERT_TRUE(shown.says("不是印章数据")) << shown.screen.text();
}

TEST_F(KeySeals, AKeyWithoutSealSaysSoAndItsSessionIsFreeForTheVerbs) {
    write_by_verbs();
    {
        auto session = workshop_->tokens->open(serial_);
        ASSERT_OK(session);
        ASSERT_OK((*session)->login(secret("13572468")));
        ASSERT_OK((*session)->delete_data(keys::kSealLabel));
    }
    Shown<CardPane> shown(*open_, kTall);
    shown.panel.card.show(serial_);
    ASSERT_TRUE(shown.says("KEY 里没有印章")) << shown.screen.text();
    EXPECT_TRUE(workshop_->tokens->open(serial_)) << "closed again";
}

TEST_F(KeySeals, ASealFileIsVerifiedAtTheCard) {
    write_by_verbs();
    const auto file = [&](const char* name, const std::string& bytes) {
        EXPECT_TRUE(write_file(open_->folder.path() / name, bytes));
        return (open_->folder.path() / name).string();
    };
    const std::string own = file("own.seal", on_key()), foreign = file("foreign.seal", Others().parts().seal()),
                      picture = file("picture.png", small_picture().data);
    put_on_key(Others().parts().seal());  // what is said about the file does not come from the KEY
    Shown<CardPane> shown(*open_, kTall);
    shown.panel.card.show(serial_);
    ASSERT_TRUE(shown.shows(ids::kCardSealCheck));
    EXPECT_TRUE(shown.screen.disabled(ids::kCardSealCheck)) << "no file yet";
    ASSERT_TRUE(shown.says("无效")) << "the KEY's own stands above and moves nothing any more";
    const auto asked = [&](const std::string& path) {
        shown.screen.type_into(ids::kCardSealFile, path);
        shown.screen.click(ids::kCardSealCheck);
        EXPECT_TRUE(shown.settles([&] { return !shown.panel.card.busy(); }));
    };
    asked(own);
    EXPECT_TRUE(shown.says("印章“" + order_.subject.name + "”有效")) << shown.screen.text();
    EXPECT_TRUE(shown.screen.says(made().at(0).certificate_serial));
    asked(foreign);
    EXPECT_FALSE(shown.screen.says("印章“" + order_.subject.name + "”有效"));
    asked(picture);
    EXPECT_TRUE(shown.says("这是一张图片，不是印章数据")) << shown.screen.text();
    asked("/no/such/file");
    EXPECT_TRUE(shown.says("读不到文件 /no/such/file")) << shown.screen.text();
    asked("/dev/zero");
    EXPECT_TRUE(shown.says("不是普通文件")) << shown.screen.text();
}

TEST_F(KeySeals, AMakerThatEndsIsToldEarlyAndRefusesBeforeAnythingIsCertified) {
    TemporaryFolder folder;
    for (const char* name : {"root.pem", "issuer.pem", "issuer.key", "passphrase"})
        std::filesystem::copy_file(workshop_->folder / name, folder.path() / name);
    crypto::SystemRandom random;
    seals::MakerPlan plan;
    plan.root = {"示例印章根", "示例市电子签章服务中心", "", "CN"};
    plan.maker = {"示例制章", "示例市电子签章服务中心", "", "CN"};
    plan.root_years = plan.maker_years = 5;
    const auto files = seals::create_maker(plan, secret("correct horse"), random, TestClock().now());
    ASSERT_OK(files);
    for (const auto& [name, bytes] : {std::pair{"seal_root.pem", files->root_pem},
                                      {"seal_root.key", files->root_key_pem},
                                      {"seal_maker.pem", files->maker_pem},
                                      {"seal_maker.key", files->maker_key_pem}})
        ASSERT_OK(write_file(folder.path() / name, bytes));
    auto settings = workshop_->settings(true);
    settings.authority = folder.path();
    settings.passphrase_file = folder.path() / "passphrase";
    OpenDesk open(settings);
    open.sign_in("qian", "钱进", kOfficer);
    ASSERT_OK(put(open.database(), {order_}, State::approved));
    ASSERT_OK(keys::seen(open.database(), *workshop_->tokens->list()));
    ASSERT_OK(seals::accept_picture(open.database(), *open.desk->actor, order_.no, small_picture(), seals::PictureSource::drawn,
                                    "绘制"));
    ASSERT_OK(open.database().execute("UPDATE orders SET years = 3 WHERE no = '" + order_.no + "'"));
    const auto maker = desk::seal_maker_of(settings);
    ASSERT_TRUE(maker);
    EXPECT_EQ(desk::seal_maker_warning(*maker, open.clock.now()), "");
    const auto refused = [&] {
        const auto job =
            keys::write(open.database(), *open.desk->actor, open.desk->bench(), order_.no, serial_, secret("13572468"));
        EXPECT_FALSE(job) << "was written";
        EXPECT_TRUE(keys::jobs_of(open.database(), order_.no)->empty()) << "no KEY was taken";
        EXPECT_EQ(keys::find_key(open.database(), serial_)->value().state, keys::KeyState::blank);
        EXPECT_TRUE(open.database().read([&](storage::Tx& tx) { return certificates::of_order(tx, order_.no); })->empty());
        return job ? std::string() : job.error().message;
    };
    open.clock.advance(2 * 366 * kDay + 30 * kDay);
    EXPECT_NE(desk::seal_maker_warning(*maker, open.clock.now()).find("sealdesk seal renew"), std::string::npos);
    EXPECT_NE(refused().find("早于要制作的印章"), std::string::npos);
    open.clock.advance(3 * 366 * kDay);
    EXPECT_NE(desk::seal_maker_warning(*maker, open.clock.now()).find("过期"), std::string::npos);
    EXPECT_NE(refused().find("制章证书已于"), std::string::npos);
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
