// The CA as a script meets it: a centre with its first list, the file that is published, what every night looks after, and
// whoever must hear of a revocation.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "base/process.h"
#include "certificates/certificate_register.h"
#include "certificates/external.h"
#include "certificates/revocation_list.h"
#include "desk/authority.h"
#include "desk/settings.h"
#include "keys/stock.h"
#include "storage/rows.h"
#include "support/orders.h"
#include "tests/cli/command_line.h"

using namespace sealdesk;
using testing::HasSubstr;

namespace {

class AuthorityCommands : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_OK(write_file(folder_.path() / "password", "Mima-2026-guanli\n"));
        const auto said =
            run({"init", "--algorithm", "p256", "--crl-url", "http://crl.example/issuer.crl", "--crl-file", list_file()});
        ASSERT_EQ(said.status, 0) << said.err;
        // The administrator is an officer as well.
        ASSERT_OK(database()->execute("UPDATE staff SET roles = 'officer,administrator'"));
    }
    tests::Said run(std::vector<std::string> words, bool json = false) {
        return tests::say({.home = home_, .password_file = folder_.path() / "password", .as = "root", .json = json},
                          std::move(words));
    }
    std::string list_file() const { return folder_.path() / "issuer.crl"; }
    std::int64_t published() {
        const auto bytes = read_file(list_file());
        return bytes ? certificates::describe_list(*bytes)->number : 0;
    }
    std::unique_ptr<storage::Database> database() {
        return std::move(
            *storage::Database::open({home_ / "desk.sqlite", tests::source("data/migrations/desk"), &clock_, &random_, 1}));
    }
    // A CA of the same centre that was made nine years ago.
    void of_nine_years_ago() {
        const auto files = certificates::create_authority(
            {{"根", "中心", "", "CN"}, {"签发", "中心", "", "CN"}, 20, 10, crypto::KeyAlgorithm::p_256},
            crypto::Secret(std::string("correct horse")), random_, clock_.now() + -9 * 366 * kDay);
        ASSERT_OK(files);
        ASSERT_OK(desk::save_authority(home_ / "authority", *files));
        ASSERT_OK(write_file(home_ / "authority/passphrase", "correct horse\n"));
    }
    // The certificate of an issued order, on KEY K1.
    void certified(const std::string& serial, const std::string& source) {
        ASSERT_OK(tests::put(*database(), {tests::sample_order(1)}, orders::State::issued));
        ASSERT_OK(database()->write([&](storage::Tx& tx) -> Result<> {
            keys::Key key;
            key.serial = "K1";
            keys::enter_stock(tx, key, "root", "盒");
            SEALDESK_TRY(keys::move_key(tx, "K1", keys::KeyState::allocated, "root", "", tests::sample_order(1).no, 1));
            certificates::Entry entry;
            entry.serial = serial;
            entry.order_no = tests::sample_order(1).no;
            entry.key_serial = "K1";
            entry.source = source;
            certificates::record_serial(tx, entry);
            return certificates::record_signed(tx, serial, *read_file(home_ / "authority/issuer.pem"));
        }));
    }
    Result<> set(const std::function<void(desk::Settings&)>& change) {
        SEALDESK_LET(settings, desk::load_settings(home_));
        change(settings);
        return write_file(home_ / "settings.toml", desk::settings_text(settings));
    }

    tests::TemporaryFolder folder_;
    SystemClock clock_;
    crypto::SystemRandom random_;
    std::filesystem::path home_ = folder_.path() / "home";
};

}  // namespace

TEST_F(AuthorityCommands, ANewCentreHasItsFirstListAndItsAddress) {
    EXPECT_EQ(published(), 1);
    EXPECT_EQ(desk::load_settings(home_)->crl_url, "http://crl.example/issuer.crl");
    const auto read = sealdesk::run({"openssl", "crl", "-inform", "DER", "-in", list_file(), "-noout", "-crlnumber", "-CAfile",
                                     home_ / "authority/issuer.pem"});
    ASSERT_TRUE(read);
    EXPECT_THAT(read->output, HasSubstr("crlNumber=0x01"));
    EXPECT_THAT(read->output, HasSubstr("verify OK"));
    // A password that is not there is said first, and the next try works.
    home_ = folder_.path() / "second";
    std::filesystem::rename(folder_.path() / "password", folder_.path() / "away");
    EXPECT_EQ(run({"init"}).status, 1);
    EXPECT_FALSE(std::filesystem::exists(home_));
    ASSERT_OK(write_file(folder_.path() / "password", "short\n"));
    EXPECT_THAT(run({"init"}).err, HasSubstr("密码至少 8 位"));
    EXPECT_FALSE(std::filesystem::exists(home_));
    std::filesystem::rename(folder_.path() / "away", folder_.path() / "password");
    const auto said = run({"init"});
    EXPECT_EQ(said.status, 0) << said.err;
    EXPECT_THAT(said.out, HasSubstr("--crl-url")) << "without it certificates name no list";
}

TEST_F(AuthorityCommands, ANewListIsPublishedAtOnce) {
    const auto said = run({"keys", "crl"}, true);
    ASSERT_EQ(said.status, 0) << said.err;
    EXPECT_EQ(said.json()["number"], 2);
    EXPECT_TRUE(said.json()["warnings"].empty());
    EXPECT_EQ(published(), 2);
    ASSERT_OK(set([&](auto& settings) { settings.crl_file = folder_.path() / "nowhere/issuer.crl"; }));
    const auto failed = run({"keys", "crl"}, true);
    EXPECT_EQ(failed.status, 0) << "it is signed and on record";
    EXPECT_THAT(failed.json()["warnings"][0].get<std::string>(), HasSubstr("没有发布到"));
}

TEST_F(AuthorityCommands, EveryNightRenewsTheListInTimeAndSaysWhatItCannot) {
    auto quiet = run({"check"}, true);
    EXPECT_EQ(quiet.status, 0) << quiet.out;
    EXPECT_EQ(quiet.json()["list_renewed"], 0);
    EXPECT_TRUE(quiet.json()["warnings"].empty());
    // Three days on it has time; one day before its end it is renewed and published.
    const auto ends_in = [&](std::int64_t ms) {
        return database()->write([&](storage::Tx& tx) -> Result<> {
            const std::int64_t at = tx.now.ms + ms, from = at - 7 * kDay;
            storage::change(tx, "UPDATE crls SET this_update = :from, next_update = :at", from, at);
            return {};
        });
    };
    ASSERT_OK(ends_in(3 * kDay));
    EXPECT_EQ(run({"check"}, true).json()["list_renewed"], 0);
    ASSERT_OK(ends_in(kDay));
    const auto renewed = run({"check"}, true);
    EXPECT_EQ(renewed.status, 0) << renewed.out;
    EXPECT_EQ(renewed.json()["list_renewed"], 2);
    EXPECT_EQ(published(), 2);
    EXPECT_EQ(run({"audit", "verify"}).status, 0);
    // The passphrase lies elsewhere: a person must come.
    ASSERT_OK(set([](auto& settings) { settings.passphrase_file.clear(); }));
    ASSERT_OK(ends_in(kDay));
    const auto said = run({"check"}, true);
    EXPECT_EQ(said.status, 2);
    EXPECT_EQ(said.json()["list_renewed"], 0);
    EXPECT_THAT(said.json()["warnings"][0].get<std::string>(), HasSubstr("请签发新的"));
    ASSERT_OK(ends_in(-kDay));
    EXPECT_THAT(run({"check"}).out, HasSubstr("过期"));
    ASSERT_OK(database()->execute("DELETE FROM crls"));
    EXPECT_THAT(run({"check"}).out, HasSubstr("还没有签发过吊销列表"));
}

TEST_F(AuthorityCommands, ARestoredBackupBringsNoRevokedCertificateBack) {
    const std::string serial(40, '4'), backup = folder_.path() / "backup.sqlite";
    certified(serial, "");
    ASSERT_EQ(run({"backup", backup}).status, 0);
    ASSERT_EQ(run({"keys", "report", "lost", "K1", "--note", "来电"}).status, 0);
    ASSERT_EQ(published(), 2);
    const auto put_away = [&] {
        for (const char* rest : {"desk.sqlite", "desk.sqlite-wal", "desk.sqlite-shm"}) std::filesystem::remove(home_ / rest);
    };
    const auto revoked = [&] {
        const auto issuer = certificates::read_certificate_pem(*read_file(home_ / "authority/issuer.pem"));
        const auto all = certificates::entries_of_list(*read_file(list_file()), *issuer).value();
        return all.size() == 1 && all[0].serial.hex() == serial &&
               all[0].reason == certificates::RevocationReason::key_compromise;
    };
    // By hand: the night finds out, and signs the list that follows.
    put_away();
    std::filesystem::copy_file(backup, home_ / "desk.sqlite");
    const auto night = run({"check"}, true);
    EXPECT_EQ(night.status, 2);
    EXPECT_THAT(night.json()["warnings"][0].get<std::string>(), HasSubstr("恢复过备份"));
    EXPECT_EQ(published(), 3);
    EXPECT_TRUE(revoked());
    EXPECT_EQ(run({"check"}).status, 0) << "it was told, and a task waits for the supervisor";
    // By its own command, which says so at once.
    put_away();
    const auto restored = run({"restore", backup}, true);
    EXPECT_EQ(restored.status, 0) << restored.err;
    EXPECT_THAT(restored.json()["warnings"][0].get<std::string>(), HasSubstr("已发布的是第 3 号"));
    EXPECT_EQ(run({"check"}, true).json()["list_renewed"], 4);
    EXPECT_EQ(published(), 4);
    EXPECT_TRUE(revoked());
    EXPECT_EQ(run({"audit", "verify"}).status, 0);
}

// A list is signed on the restored database before anybody looks: its number is published already, with another list.
TEST_F(AuthorityCommands, ANumberThatIsPublishedTwiceLosesNoRevocation) {
    const std::string serial(40, '4'), backup = folder_.path() / "backup.sqlite";
    certified(serial, "");
    ASSERT_EQ(run({"backup", backup}).status, 0);
    ASSERT_EQ(run({"keys", "report", "lost", "K1", "--note", "来电"}).status, 0);
    ASSERT_EQ(published(), 2);
    for (const char* rest : {"desk.sqlite", "desk.sqlite-wal", "desk.sqlite-shm"}) std::filesystem::remove(home_ / rest);
    std::filesystem::copy_file(backup, home_ / "desk.sqlite");
    const auto made = run({"keys", "crl"});
    EXPECT_THAT(made.out + made.err, HasSubstr("恢复过备份"));
    EXPECT_EQ(published(), 3) << "the one that follows both";
    const auto issuer = certificates::read_certificate_pem(*read_file(home_ / "authority/issuer.pem"));
    const auto all = certificates::entries_of_list(*read_file(list_file()), *issuer);
    ASSERT_OK(all);
    ASSERT_THAT(*all, testing::SizeIs(1));
    EXPECT_EQ(all->front().serial.hex(), serial);
}

TEST_F(AuthorityCommands, RenewsTheIssuingCaWithTheRootsKey) {
    of_nine_years_ago();
    const auto folder = home_ / "authority";
    const std::string before = *read_file(folder / "issuer.pem"),
                      serial = certificates::describe(*crypto::from_pem("CERTIFICATE", before))->serial;
    const auto refused = [&](const char* says) {
        const auto said = run({"authority", "renew"});
        EXPECT_EQ(said.status, 1) << says;
        EXPECT_THAT(said.err, HasSubstr(says));
        EXPECT_EQ(*read_file(folder / "issuer.pem"), before) << says;
    };
    ASSERT_OK(write_file(folder / "passphrase", "another horse\n"));
    refused("口令不正确");
    ASSERT_OK(write_file(folder / "passphrase", "correct horse\n"));
    std::filesystem::rename(folder / "root.key", folder_.path() / "safe");
    refused("请先把 root.key 放回");
    std::filesystem::rename(folder_.path() / "safe", folder / "root.key");
    ASSERT_OK(database()->execute("UPDATE staff SET roles = 'officer,supervisor'"));
    EXPECT_EQ(run({"authority", "renew"}).status, 1) << "an administrator's job";
    EXPECT_EQ(*read_file(folder / "issuer.pem"), before);
    ASSERT_OK(database()->execute("UPDATE staff SET roles = 'officer,administrator'"));

    const auto renewed = run({"authority", "renew"}, true);
    ASSERT_EQ(renewed.status, 0) << renewed.err;
    const std::string after = *read_file(folder / "issuer.pem");
    EXPECT_EQ(certificates::describe(*crypto::from_pem("CERTIFICATE", after))->serial, renewed.json()["serial"]);
    EXPECT_EQ(*read_file(folder / ("issuer-" + serial + ".pem")), before) << "it is kept";
    const auto root_list = [&] {
        return certificates::describe_list(*crypto::from_pem("X509 CRL", *read_file(folder / "root.crl")))->number;
    };
    EXPECT_EQ(root_list(), 2);
    const auto night = run({"check"}, true);
    EXPECT_EQ(night.status, 0) << night.out;
    EXPECT_EQ(run({"keys", "crl"}).status, 0) << "its key signs as before";
    const auto again = run({"authority", "renew"});
    EXPECT_EQ(again.status, 1);
    EXPECT_THAT(again.err, HasSubstr("不会更长"));
    EXPECT_EQ(*read_file(folder / "issuer.pem"), after);

    // As if it had ended before its last file: it is run again.
    ASSERT_OK(write_file(folder / "issuer.pem", before));
    ASSERT_EQ(run({"authority", "renew"}).status, 0);
    EXPECT_EQ(root_list(), 3);
    const auto verified = sealdesk::run({"openssl", "verify", "-x509_strict", "-crl_check", "-CAfile", folder / "root.pem",
                                         "-CRLfile", folder / "root.crl", folder / "issuer.pem"});
    ASSERT_TRUE(verified);
    EXPECT_EQ(verified->status, 0) << verified->output;
    EXPECT_EQ(run({"audit", "verify"}).status, 0);
    EXPECT_EQ(database()
                  ->read([](storage::Tx& tx) -> Result<int> {
                      return storage::one<int>(tx, "SELECT COUNT(*) FROM audit WHERE action = 'authority.renew'", 0);
                  })
                  .value(),
              2);
}

TEST_F(AuthorityCommands, EveryNightSaysThatTheCaIsGone) {
    const auto issuer = home_ / "authority/issuer.pem";
    std::filesystem::rename(issuer, folder_.path() / "away");
    for (const char* what : {"missing", "damaged"}) {
        const auto said = run({"check"}, true);
        EXPECT_EQ(said.status, 2) << what;
        ASSERT_EQ(said.json()["warnings"].size(), 1U) << what << said.out;
        EXPECT_THAT(said.json()["warnings"][0].get<std::string>(), HasSubstr("签发 CA 的证书读不出来")) << what;
        ASSERT_OK(write_file(issuer, "half a certif"));
    }
    // The folder beside an external CA may hold no more than the seal maker; what that CA has not heard is another matter.
    std::filesystem::remove(issuer);
    ASSERT_OK(set([](auto& settings) { settings.cmp_url = "https://127.0.0.1:1/pkix/"; }));
    EXPECT_THAT(run({"check"}).out, testing::Not(HasSubstr("签发 CA 的证书读不出来")));
    ASSERT_OK(set([](auto& settings) { settings.cmp_issues = false; }));
    EXPECT_THAT(run({"check"}).out, HasSubstr("签发 CA 的证书读不出来"));
}

TEST_F(AuthorityCommands, ACaThatWasReplacedByHandHasAListAtOnce) {
    of_nine_years_ago();
    ASSERT_OK(set([](auto& settings) { settings.passphrase_file.clear(); }));
    const auto locked = run({"check"}, true);
    EXPECT_EQ(locked.status, 2);
    EXPECT_THAT(locked.out, HasSubstr("不是现在的签发 CA 签的"));
    EXPECT_EQ(published(), 1);
    ASSERT_OK(set([&](auto& settings) { settings.passphrase_file = home_ / "authority/passphrase"; }));
    const auto night = run({"check"}, true);
    EXPECT_EQ(night.json()["list_renewed"], 2) << "although the other CA's has days to go";
    EXPECT_THAT(night.out, testing::Not(HasSubstr("不是现在的签发 CA 签的")));
    const auto read = sealdesk::run(
        {"openssl", "crl", "-inform", "DER", "-in", list_file(), "-noout", "-CAfile", home_ / "authority/issuer.pem"});
    ASSERT_TRUE(read);
    EXPECT_THAT(read->output, HasSubstr("verify OK"));
    EXPECT_EQ(run({"check"}, true).json()["list_renewed"], 0);
}

TEST_F(AuthorityCommands, EveryNightWarnsOfACaThatEnds) {
    of_nine_years_ago();
    const auto said = run({"check"}, true);
    EXPECT_EQ(said.status, 2);
    EXPECT_THAT(said.json()["warnings"][0].get<std::string>(), HasSubstr("请尽快更新 CA：sealdesk authority renew"));
}

TEST_F(AuthorityCommands, ALossTellsTheExternalCaOrSaysThatItDidNot) {
    certified(std::string(40, 'A'), certificates::kFromCmp);
    ASSERT_OK(write_file(home_ / "secret", "s3cret\n", 0600));
    ASSERT_OK(set([&](auto& settings) {
        settings.cmp_url = "https://127.0.0.1:1/pkix/";
        settings.cmp_ca = settings.cmp_trusted = home_ / "authority/root.pem";
        settings.cmp_recipient = "CA";
        settings.cmp_reference = "ra01";
        settings.cmp_secret_file = home_ / "secret";
    }));
    const auto said = run({"keys", "report", "lost", "K1", "--note", "来电"}, true);
    ASSERT_EQ(said.status, 0) << said.err;
    EXPECT_EQ(said.json()["revoked"], true);
    EXPECT_EQ(said.json()["crl"], 0) << "it is not ours to list";
    ASSERT_EQ(said.json()["warnings"].size(), 1U);
    EXPECT_THAT(said.json()["warnings"][0].get<std::string>(), HasSubstr("还没有告知外部 CA"));
    // It is asked again every night until it has heard; without its settings that is what is missing.
    EXPECT_EQ(run({"check"}).status, 2);
    ASSERT_OK(set([](auto& settings) { settings.cmp_url.clear(); }));
    const auto left = run({"check"});
    EXPECT_EQ(left.status, 2);
    EXPECT_THAT(left.out, HasSubstr("cmp_url"));
}
