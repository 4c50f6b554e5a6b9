// Seals as a script meets them: drawn, shown, verified against the centre's own root, lifted from a scan.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "base/text.h"
#include "desk/authority.h"
#include "desk/seal_maker.h"
#include "desk/seal_pictures.h"
#include "keys/soft_key.h"
#include "seals/seals.h"
#include "support/databases.h"
#include "support/orders.h"
#include "tests/cli/command_line.h"
#include "tests/cli/typist.h"
#include "tests/seals/seal_parts.h"

using namespace sealdesk;
using testing::HasSubstr;

namespace {

class SealCommands : public testing::Test {
protected:
    tests::Said run(std::vector<std::string> words, bool json = false, const std::string& as = "root") {
        return tests::say({home_, folder_.path() / "password", as, json}, std::move(words));
    }
    std::string file(const std::string& name) const { return folder_.path() / name; }
    std::string saved(const std::string& name, const std::string& bytes) const {
        EXPECT_TRUE(write_file(file(name), bytes));
        return file(name);
    }

    tests::TemporaryFolder folder_;
    std::filesystem::path home_ = folder_.path() / "home";
    SystemClock clock_;
};

}  // namespace

TEST_F(SealCommands, InitMakesTheMakerAndItsSealsVerify) {
    saved("password", "Mima-2026-guanli\n");
    const auto made = run({"init", "--centre", "江东签章中心"});
    ASSERT_EQ(made.status, 0) << made.err;
    EXPECT_THAT(run({"seal", "init"}).err, HasSubstr("已经有制章密钥"));
    const auto settings = desk::load_settings(home_);
    ASSERT_OK(settings);
    const auto maker = desk::load_seal_maker(*settings, **desk::read_passphrase(*settings));
    ASSERT_OK(maker);
    const auto signer = tests::make_holder("垚鑫", clock_.now() + -kHour, clock_.now() + 100 * kDay),
               other = tests::make_holder("别人", clock_.now() + -kHour, clock_.now() + 100 * kDay);
    seals::SealPlan plan;
    plan.name = "江东市垚鑫建设有限公司";
    plan.certificates = {*certificates::read_certificate(signer.der)};
    plan.valid_from = clock_.now() + -kMinute;
    plan.valid_until = clock_.now() + 90 * kDay;
    plan.picture = tests::small_picture();
    const auto der = maker->make(plan, "51f044b76510434e9bc67a1185c2fba5", clock_.now());
    ASSERT_OK(der);
    const std::string seal = saved("a.seal", *der), certificate = saved("signer.pem", certificates::certificate_pem(signer.der)),
                      stranger = saved("other.der", other.der);

    const auto good = run({"seal", "verify", seal, "--certificate", certificate});
    EXPECT_EQ(good.status, 0) << good.out << good.err;
    EXPECT_THAT(good.out, testing::AllOf(HasSubstr("垚鑫"), HasSubstr("江东签章中心制章"), HasSubstr("有效"),
                                         HasSubstr("51f044b76510434e9bc67a1185c2fba5")));
    const auto wrong = run({"seal", "verify", seal, "--certificate", stranger}, true);
    EXPECT_EQ(wrong.status, 1);
    const auto json = nlohmann::json::parse(wrong.out);
    EXPECT_EQ(json["valid"], false);
    EXPECT_THAT(json["sentence"].get<std::string>(), HasSubstr("没有写明它"));
    EXPECT_EQ(json["checks"].size(), 5u);
    EXPECT_EQ(json["checks"][4]["what"], "certificate");
    EXPECT_EQ(run({"seal", "verify", seal, "--at", "2000-01-01"}).status, 1);
    EXPECT_EQ(run({"seal", "verify", seal, "--at", "yesterday"}).status, 1);
    EXPECT_EQ(run({"seal", "verify", seal, "--trust", certificate}).status, 1) << "who is believed was said";
    EXPECT_EQ(run({"seal", "verify", seal, "--trust", (home_ / "authority/seal_root.pem").string()}).status, 0);
    std::string changed = *der;
    changed[changed.size() / 2] = static_cast<char>(changed[changed.size() / 2] ^ 1);
    EXPECT_EQ(run({"seal", "verify", saved("b.seal", changed)}).status, 1);
    EXPECT_THAT(run({"seal", "verify", saved("c.seal", der->substr(0, 500))}).err, HasSubstr("不完整"));
    EXPECT_EQ(run({"seal", "verify", file("nowhere")}).status, 1);

    // Another maker's seal, believed once its certificate lies beside the root.
    tests::Others others;
    const std::vector<std::string> ask{"seal", "verify", saved("others.seal", others.parts().seal()), "--at", "2026-11-25"};
    EXPECT_THAT(run(ask).out, HasSubstr("不是由信任的根证书签发的"));
    const auto folder = settings->authority / "seal_trust";
    ASSERT_OK(make_folder(folder));
    ASSERT_OK(write_file(folder / "others.pem", certificates::certificate_pem(others.maker_.der)));
    EXPECT_EQ(run(ask).status, 0) << run(ask).out;
    ASSERT_OK(write_file(folder / "torn.pem", "no certificate"));
    EXPECT_THAT(run(ask).err, HasSubstr("torn.pem"));
    std::filesystem::remove(folder / "torn.pem");

    // What was not looked at is said; a list of the root answers it.
    const auto open_question = run({"seal", "verify", seal}, true);
    EXPECT_THAT(nlohmann::json::parse(open_question.out)["unchecked"].dump(), HasSubstr("吊销状态"));
    EXPECT_THAT(run({"seal", "verify", seal}).out, HasSubstr("未核对"));
    EXPECT_THAT(run({"seal", "verify", seal, "--crl", certificate}).err, HasSubstr("CRL"));
    EXPECT_THAT(run({"seal", "verify", seal, "--crl", saved("bad.crl", "no list")}).err, HasSubstr("吊销列表已损坏"));
    // Renewed: seals of before and after verify against the same root.
    const auto renewed = run({"seal", "renew"}, true);
    ASSERT_EQ(renewed.status, 0) << renewed.err;
    const auto next = desk::load_seal_maker(*settings, **desk::read_passphrase(*settings));
    ASSERT_OK(next);
    EXPECT_EQ(next->facts().serial, nlohmann::json::parse(renewed.out)["serial"]);
    EXPECT_NE(next->facts().serial, maker->facts().serial);
    EXPECT_EQ(run({"seal", "verify", seal}).status, 0);
    EXPECT_EQ(
        run({"seal", "verify", saved("n.seal", *next->make(plan, "51f044b76510434e9bc67a1185c2fba6", clock_.now()))}).status, 0);
    std::filesystem::remove(home_ / "authority/seal_root.key");
    EXPECT_THAT(run({"seal", "renew"}).err, HasSubstr("seal_root.key"));

    const auto shown = run({"seal", "show", seal, "--picture", file("p.png")}, true);
    EXPECT_EQ(shown.status, 0) << shown.err;
    EXPECT_EQ(nlohmann::json::parse(shown.out)["picture"]["width_mm"], 40);
    EXPECT_EQ(*read_file(file("p.png")), tests::small_picture().data);
}

// The passphrase lies in no file: a person types it, as in the window.
TEST_F(SealCommands, AMakerIsMadeAndRenewedWithATypedPassphrase) {
    saved("password", "Mima-2026-guanli\n");
    ASSERT_EQ(run({"init", "--centre", "江东签章中心"}).status, 0);
    const auto settings = desk::load_settings(home_);
    ASSERT_OK(settings);
    const std::string passphrase = trimmed(*read_file(settings->passphrase_file));
    std::filesystem::remove(settings->passphrase_file);
    for (const char* name : {"seal_root.pem", "seal_root.key", "seal_maker.pem", "seal_maker.key"})
        std::filesystem::remove(settings->authority / name);  // as it was before centres made seals
    {
        const tests::StandardInput nobody(::open("/dev/null", O_RDONLY));
        EXPECT_THAT(run({"seal", "init"}).err, HasSubstr("passphrase_file"));
    }
    const auto types = [&](const std::string& line, const char* command) {
        const tests::Typist person(line);
        return run({"seal", command});
    };
    EXPECT_THAT(types("wrong horse", "init").err, HasSubstr("口令不正确"));
    EXPECT_FALSE(std::filesystem::exists(settings->authority / "seal_maker.key")) << "under a passphrase that nobody knows";
    const auto made = types(passphrase, "init");
    ASSERT_EQ(made.status, 0) << made.err;
    EXPECT_EQ((made.out + made.err).find(passphrase), std::string::npos);
    const auto first = desk::load_seal_maker(*settings, crypto::Secret(std::string(passphrase)));
    ASSERT_OK(first);
    EXPECT_EQ(types("wrong horse", "renew").status, 1);
    const auto renewed = types(passphrase, "renew");
    ASSERT_EQ(renewed.status, 0) << renewed.err;
    const auto next = desk::load_seal_maker(*settings, crypto::Secret(std::string(passphrase)));
    ASSERT_OK(next);
    EXPECT_NE(next->facts().serial, first->facts().serial);
}

TEST_F(SealCommands, ASealIsDrawnAsPictureAndPaper) {
    const auto drawn = run({"seal", "draw", "--name", "江东市垚鑫建设有限公司", "--number", "3201020012345", "--width", "42",
                            "--out", file("a.png")},
                           true);
    ASSERT_EQ(drawn.status, 0) << drawn.err;
    EXPECT_EQ(nlohmann::json::parse(drawn.out)["width_mm"], 42);
    const auto facts = seals::look_at({"PNG", *read_file(file("a.png")), 42, 42});
    ASSERT_OK(facts);
    EXPECT_EQ(facts->width, 992);
    EXPECT_EQ(run({"seal", "draw", "--name", "王敏", "--shape", "square", "--out", file("b.pdf")}).status, 0);
    EXPECT_THAT(*read_file(file("b.pdf")), testing::StartsWith("%PDF-1.4"));
    EXPECT_THAT(run({"seal", "draw", "--name", "王敏", "--out", file("b.jpg")}).err, HasSubstr(".png"));
    EXPECT_THAT(run({"seal", "draw", "--name", "江东\U0010FFFD", "--out", file("c.png")}).err, HasSubstr("U+10FFFD"));
    EXPECT_FALSE(std::filesystem::exists(file("c.png")));
    EXPECT_NE(run({"seal", "draw", "--name", "王敏", "--shape", "star", "--out", file("d.png")}).status, 0);
}

TEST_F(SealCommands, ASealIsLiftedThroughTheSandbox) {
    // The drawn seal is a scan of itself but for paper: too close to the edge. On the next sheet it stands well.
    ASSERT_EQ(run({"seal", "draw", "--name", "江东市垚鑫建设有限公司", "--out", file("a.png")}).status, 0);
    EXPECT_THAT(run({"seal", "lift", file("a.png"), "--out", file("lifted.png")}).err, HasSubstr("纸边"));
    const auto press = desk::SealPress::open();
    ASSERT_OK(press);
    auto drawing = press->draw(seals::seal_text(seals::SealShape::round, "江东市垚鑫建设有限公司"));
    ASSERT_OK(drawing);
    for (auto& shape : drawing->shapes)
        for (auto& step : shape.steps)
            for (int i = 0; i <= step.last(); ++i) step.x[i] += 10, step.y[i] += 10;
    drawing->width = drawing->height = 60;
    const auto sheet = press->print(*drawing, 300);
    ASSERT_OK(sheet);
    const std::string scan = saved("sheet.png", *seals::png_of(*sheet));
    const auto lifted = run({"seal", "lift", scan, "--out", file("lifted.png")}, true);
    ASSERT_EQ(lifted.status, 0) << lifted.err;
    EXPECT_EQ(nlohmann::json::parse(lifted.out)["width_mm"], 40);
    EXPECT_TRUE(seals::look_at({"PNG", *read_file(file("lifted.png")), 40, 40}));
    // A name too long to draw, or of a character that no font has, is compared by the officer.
    std::string endless;
    while (code_points(endless).size() < 60) endless += "江东市垚";
    for (const std::string& name : {endless, std::string("江东\U0010FFFD建设")}) {
        const auto by_eye = run({"seal", "lift", scan, "--name", name, "--out", file("by_eye.png")}, true);
        ASSERT_EQ(by_eye.status, 0) << by_eye.err;
        EXPECT_THAT(by_eye.json()["doubts"].dump(), HasSubstr("没有可比的图样，请逐字核对"));
        EXPECT_EQ(*read_file(file("by_eye.png")), *read_file(file("lifted.png"))) << "the same seal";
    }
    const auto drawable = run({"seal", "lift", scan, "--name", "江东市垚鑫建设有限公司", "--out", file("x.png")}, true);
    ASSERT_EQ(drawable.status, 0) << drawable.err;
    EXPECT_EQ(drawable.json()["doubts"].dump().find("没有可比"), std::string::npos);
    EXPECT_THAT(run({"seal", "lift", scan, "--page", "2", "--out", file("x.png")}).err, HasSubstr("没有第 2 页"));
    EXPECT_THAT(run({"seal", "lift", scan, "--out", file("x.jpg")}).err, HasSubstr(".png"));
    EXPECT_THAT(run({"seal", "lift", scan, "--shape", "square", "--out", file("x.png")}).err, HasSubstr("太大"));
}

TEST_F(SealCommands, AnOfficerAcceptsTheSealOfAnApprovedOrder) {
    saved("password", "Mima-2026-guanli\n");
    ASSERT_EQ(run({"init", "--centre", "江东签章中心"}).status, 0);
    ASSERT_EQ(
        run({"staff", "add", "qian", "--name", "钱进", "--roles", "officer", "--new-password-file", file("password")}).status, 0);
    crypto::SystemRandom random;
    const auto open = [&] {
        return std::move(*storage::Database::open(
            {(home_ / "desk.sqlite").string(), tests::source("data/migrations/desk"), &clock_, &random, 1}));
    };
    ASSERT_OK(tests::put(*open(), {tests::sample_order(1)}, orders::State::approved));
    ASSERT_OK(tests::put(*open(), {tests::sample_order(2)}, orders::State::paid));
    const std::string no = tests::sample_order(1).no, other = tests::sample_order(2).no;
    const auto accepted = [&] { return open()->read([&](storage::Tx& tx) { return seals::accepted_picture(tx, no); }); };

    EXPECT_THAT(run({"seal", "accept", no}).err, HasSubstr("制证员")) << "an administrator is no officer";
    EXPECT_THAT(run({"seal", "accept", other}, false, "qian").err, HasSubstr("不能再确认"));
    EXPECT_EQ(
        run({"seal", "accept", no, "--picture", saved("bad.png", "no picture"), "--width", "40", "--height", "40"}, false, "qian")
            .status,
        1);
    EXPECT_FALSE(accepted()->has_value());

    const auto drawn = run({"seal", "accept", no, "--number", "3201020012345"}, true, "qian");
    ASSERT_EQ(drawn.status, 0) << drawn.err;
    EXPECT_EQ(drawn.json()["width_mm"], 40);
    EXPECT_EQ((*accepted())->accepted_by, "qian");
    EXPECT_EQ((*accepted())->source, seals::PictureSource::drawn);
    ASSERT_EQ(
        run({"seal", "draw", "--name", tests::sample_order(1).subject.name, "--width", "42", "--out", file("a.png")}).status, 0);
    const auto png = run({"seal", "accept", no, "--picture", file("a.png"), "--width", "42", "--height", "42"}, true, "qian");
    ASSERT_EQ(png.status, 0) << png.err;
    EXPECT_EQ((*accepted())->picture.data, *read_file(file("a.png"))) << "the last word counts";
    EXPECT_EQ((*accepted())->source, seals::PictureSource::given) << "nobody said that it was lifted";
    const auto said = run({"seal", "accept", no, "--picture", file("a.png"), "--source", "drawn"}, true, "qian");
    ASSERT_EQ(said.status, 0) << said.err;
    EXPECT_EQ(said.json()["width_mm"], 42) << "as its resolution has it";
    EXPECT_EQ((*accepted())->source, seals::PictureSource::drawn);
    EXPECT_THAT(run({"seal", "accept", no, "--picture", file("a.png"), "--width", "100", "--height", "100"}, false, "qian").err,
                HasSubstr("至少需要 300 dpi"));
    EXPECT_EQ((*accepted())->picture.width, 42);
    const auto oval =
        run({"seal", "accept", no, "--shape", "oval", "--width", "40", "--height", "30", "--centre", "发票专用章"}, true, "qian");
    ASSERT_EQ(oval.status, 0) << oval.err;
    EXPECT_EQ((*accepted())->picture.height, 30);
    EXPECT_THAT((*accepted())->description, HasSubstr("发票专用章 / 40×30 mm"));
    EXPECT_THAT(run({"seal", "accept", no, "--width", "60"}, false, "qian").err, HasSubstr("38 至 45"));
}

TEST_F(SealCommands, TheRevocationListIsSignedAnew) {
    saved("password", "Mima-2026-guanli\n");
    ASSERT_OK(keys::use_soft_keys(folder_.path() / "keys"));
    ASSERT_EQ(run({"init", "--centre", "江东签章中心", "--pkcs11-module", *keys::soft_key_module()}).status, 0);
    ASSERT_EQ(
        run({"staff", "add", "qian", "--name", "钱进", "--roles", "officer", "--new-password-file", file("password")}).status, 0);
    const auto first = run({"keys", "crl"}, true, "qian"), second = run({"keys", "crl"}, true, "qian");
    ASSERT_EQ(first.status, 0) << first.err;
    ASSERT_EQ(second.status, 0) << second.err;
    EXPECT_EQ(second.json()["number"].get<int>(), first.json()["number"].get<int>() + 1);
    EXPECT_GT(second.json()["next_update"].get<std::string>(), iso_time(clock_.now()));
}

TEST_F(SealCommands, TheRevocationListNeedsNoKeyDriver) {
    saved("password", "Mima-2026-guanli\n");
    ASSERT_EQ(run({"init", "--centre", "江东签章中心"}).status, 0);
    ASSERT_EQ(
        run({"staff", "add", "qian", "--name", "钱进", "--roles", "officer", "--new-password-file", file("password")}).status, 0);
    const auto signed_anew = run({"keys", "crl"}, true, "qian");
    ASSERT_EQ(signed_anew.status, 0) << signed_anew.err;
    EXPECT_EQ(signed_anew.json()["number"].get<int>(), 2) << "init made the first";
    const auto refused = run({"issue", "DD20261122-0001", "--pin-file", file("password")}, false, "qian");
    EXPECT_NE(refused.status, 0);
    EXPECT_THAT(refused.err, HasSubstr("没有设置 KEY 驱动"));
}
