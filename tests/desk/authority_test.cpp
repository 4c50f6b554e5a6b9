// The published list: a file that is whole, and never older than what lies there; who publishes it.
#include "desk/authority.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "base/process.h"
#include "certificates/revocation_list.h"
#include "desk/desk.h"
#include "keys/incidents.h"
#include "seals/seals.h"
#include "support/made_lists.h"
#include "support/orders.h"
#include "tasks/tasks.h"
#include "tests/panels/workshop.h"

namespace sealdesk::tests {
namespace {

using testing::HasSubstr;

class PublishedList : public testing::Test {
protected:
    void SetUp() override {
        settings_.home = folder_.path();
        settings_.database = (folder_.path() / "desk.sqlite").string();
        settings_.authority = folder_.path() / "authority";
        settings_.passphrase_file = folder_.path() / "passphrase";
        settings_.crl_file = folder_.path() / "www/issuer.crl";
        settings_.write_seals = false;
        ASSERT_OK(make_folder(folder_.path() / "www"));
        ASSERT_OK(desk::save_authority(settings_.authority, lists_.files));
        ASSERT_OK(write_file(settings_.passphrase_file, "correct horse battery\n"));
        open();
        ASSERT_TRUE(desk_->bench().authority);
    }
    void open() {
        auto opened = desk::Desk::open(settings_, *desk::find_places(), clock_, random_);
        ASSERT_OK(opened);
        desk_ = std::move(*opened);
    }
    // A certificate of the sample order `n`; its serial.
    std::string certified(int n) {
        const auto order = sample_order(n);
        const std::string serial = certificates::SerialNumber::random(random_).hex();
        EXPECT_TRUE(put(desk_->database(), {order}, orders::State::issued));
        EXPECT_TRUE(desk_->database().write([&](storage::Tx& tx) -> Result<> {
            certificates::Entry entry;
            entry.serial = serial;
            entry.order_no = order.no;
            entry.key_serial = "K" + std::to_string(n);
            entry.subject_name = order.subject.name;
            entry.document_number = order.subject.document_number;
            entry.not_before = clock_.now();
            entry.not_after = clock_.now() + 300 * kDay;
            certificates::record_serial(tx, entry);
            return certificates::record_signed(tx, entry.serial, "PEM");
        }));
        return serial;
    }
    void revoke(const std::string& serial, certificates::RevocationReason reason) {
        ASSERT_OK(desk_->database().write([&](storage::Tx& tx) -> Result<> {
            SEALDESK_TRY(certificates::revoke(tx, serial, reason, ""));
            return certificates::renew_crl(tx, *desk_->bench().authority);
        }));
    }
    // Serial and reason of what the published list revokes.
    std::map<std::string, certificates::RevocationReason> revoked() {
        std::map<std::string, certificates::RevocationReason> all;
        const auto issuer = certificates::read_certificate_pem(lists_.files.issuer_pem);
        const auto list = certificates::entries_of_list(*read_file(settings_.crl_file), *issuer);
        EXPECT_TRUE(list);
        if (!list) return all;
        for (const auto& one : *list) all.emplace(one.serial.hex(), one.reason);
        return all;
    }
    void renew() {
        ASSERT_OK(
            desk_->database().write([&](storage::Tx& tx) { return certificates::renew_crl(tx, *desk_->bench().authority); }));
    }
    std::int64_t published() {
        const auto bytes = read_file(settings_.crl_file);
        return bytes ? certificates::describe_list(*bytes)->number : 0;
    }
    void publish() { ASSERT_OK(desk::publish_list(desk_->settings(), desk_->database())); }

    TemporaryFolder folder_;
    TestClock clock_;
    crypto::SystemRandom random_;
    ListMaker lists_{clock_.now()};
    desk::Settings settings_;
    std::unique_ptr<desk::Desk> desk_;
};

TEST_F(PublishedList, IsWhatOpensslReads) {
    publish();
    EXPECT_FALSE(std::filesystem::exists(settings_.crl_file)) << "there is none yet";
    renew();
    renew();
    publish();
    const auto read = run({"openssl", "crl", "-inform", "DER", "-in", settings_.crl_file, "-noout", "-crlnumber", "-CAfile",
                           settings_.authority / "issuer.pem"});
    ASSERT_TRUE(read);
    EXPECT_EQ(read->status, 0);
    EXPECT_THAT(read->output, HasSubstr("crlNumber=0x02"));
    EXPECT_THAT(read->output, HasSubstr("verify OK"));
}

TEST_F(PublishedList, ReplacesWhatIsDamagedOrAnotherCas) {
    renew();
    ASSERT_OK(write_file(settings_.crl_file, "half a li"));
    publish();
    EXPECT_EQ(published(), 1) << "what is damaged is written anew";
    ASSERT_OK(write_file(settings_.crl_file, ListMaker(clock_.now()).list(40)));
    publish();
    EXPECT_EQ(published(), 1) << "another CA's says nothing about ours";
}

// A backup is older than the list: what was revoked since is revoked, although the database never heard of it.
TEST_F(PublishedList, ARestoredBackupTakesWhatIsPublishedOver) {
    using certificates::RevocationReason;
    const std::string before = certified(1), on_hold = certified(2);
    renew();
    revoke(on_hold, RevocationReason::certificate_hold);
    const auto backup = folder_.path() / "backup.sqlite";
    ASSERT_OK(desk_->database().execute("VACUUM INTO '" + backup.string() + "'"));
    clock_.advance(kHour);
    const std::string after = certified(3);
    revoke(before, RevocationReason::key_compromise);
    revoke(after, RevocationReason::superseded);
    publish();
    ASSERT_EQ(published(), 4);
    const Instant then = clock_.now();

    desk_.reset();
    for (const char* rest : {"", "-wal", "-shm"}) std::filesystem::remove(settings_.database + rest);
    std::filesystem::rename(backup, settings_.database);
    settings_.passphrase_file.clear();  // the key is locked: all of this needs none
    clock_.advance(kHour);
    open();
    const auto told = desk::publish_list(desk_->settings(), desk_->database());
    ASSERT_FALSE(told);
    EXPECT_EQ(told.error().kind, ErrorKind::conflict);
    EXPECT_THAT(told.error().message, HasSubstr("只到第 2 号吊销列表，已发布的是第 4 号：补入了其中 2 项吊销"));
    EXPECT_EQ(published(), 4);
    publish();  // once
    const auto tasks = tasks::open(desk_->database());
    ASSERT_OK(tasks);
    ASSERT_EQ(tasks->size(), 1U) << "for a supervisor";
    EXPECT_EQ(tasks->front().sentence, told.error().message);
    EXPECT_THAT(desk::list_warning(certificates::newest_crl(desk_->database()).value(), clock_.now()),
                HasSubstr("恢复备份以前签发的，请签发新的"));
    const auto entry = desk_->database().read([&](storage::Tx& tx) { return certificates::find(tx, before); }).value();
    EXPECT_EQ(entry->state, "revoked");
    EXPECT_EQ(entry->revoked_at, then);

    const auto next = certificates::renew_due_list(desk_->database(), *lists_.authority);
    ASSERT_OK(next);
    ASSERT_TRUE(*next) << "although the taken one has days to go";
    EXPECT_EQ((*next)->number, 5);
    publish();
    EXPECT_EQ(published(), 5);
    EXPECT_THAT(revoked(), testing::UnorderedElementsAre(testing::Pair(before, RevocationReason::key_compromise),
                                                         testing::Pair(on_hold, RevocationReason::certificate_hold),
                                                         testing::Pair(after, RevocationReason::superseded)));
    EXPECT_FALSE(*certificates::renew_due_list(desk_->database(), *lists_.authority)) << "nothing is due now";
}

TEST_F(PublishedList, ALaterListOfAnotherKeyIsNotTakenOver) {
    renew();
    // Our name and key identifier, somebody else's signature.
    std::string forged = lists_.list(9, 1);
    forged.back() = static_cast<char>(forged.back() ^ 1);
    ASSERT_OK(write_file(settings_.crl_file, forged));
    const auto refused = desk::publish_list(desk_->settings(), desk_->database());
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("不是由签发 CA 签名的"));
    EXPECT_EQ(certificates::newest_crl(desk_->database()).value()->number, 1);
    EXPECT_TRUE(tasks::open(desk_->database())->empty());
}

// Ours may come over the next one, which another desk has just put there: the newest one stays.
TEST_F(PublishedList, AListThatIsMadeWhileAnotherIsWrittenFollowsAtOnce) {
    class Meddler final : public Clock {
    public:
        Instant now() const override {
            if (looks++ == 1 && meddle) meddle();
            return TestClock().now();
        }
        std::function<void()> meddle;
        mutable int looks = 0;
    } clock;
    const auto other = storage::Database::open({settings_.database, source("data/migrations/desk"), &clock, &random_, 1});
    ASSERT_OK(other);
    renew();
    clock.looks = 0;
    clock.meddle = [this] { renew(); };  // between this desk's writing and its second look
    ASSERT_OK(desk::publish_list(settings_, **other));
    EXPECT_EQ(published(), 2);
}

TEST_F(PublishedList, AFolderThatIsNotThereIsNamed) {
    renew();
    std::filesystem::remove_all(folder_.path() / "www");
    const auto failed = desk::publish_list(desk_->settings(), desk_->database());
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().kind, ErrorKind::unavailable);
    EXPECT_THAT(failed.error().message, HasSubstr("issuer.crl"));
}

TEST_F(PublishedList, TheWindowsWorkerFollowsEveryChange) {
    desk_->start_sync();
    auto& worker = desk_->authority_worker();
    renew();
    desk_->touch();  // as after every verb
    worker.wait_idle();
    EXPECT_EQ(published(), 1);
    EXPECT_TRUE(worker.troubles().empty());
    std::filesystem::remove_all(folder_.path() / "www");
    renew();
    desk_->touch();
    worker.wait_idle();
    ASSERT_EQ(worker.troubles().size(), 1U);
    EXPECT_THAT(worker.troubles()[0], HasSubstr("第 2 号吊销列表没有发布到"));
    ASSERT_OK(make_folder(folder_.path() / "www"));
    desk_->touch();
    worker.wait_idle();  // after its back-off of at most a second
    EXPECT_EQ(published(), 2);
    EXPECT_TRUE(worker.troubles().empty());
    desk_->stop_sync();
}

// Who relies on the list does not wait for a CA that cannot be told: three lists come sooner than it would be asked again three
// times, which takes 3.5 seconds at least.
TEST_F(PublishedList, DoesNotWaitForAnExternalCaThatIsAway) {
    desk_.reset();
    settings_.cmp_url = "http://nobody.example/";
    settings_.cmp_issues = false;
    open();
    desk_->start_sync();
    auto& worker = desk_->authority_worker();
    worker.wait_idle();
    ASSERT_EQ(worker.troubles().size(), 1U);
    EXPECT_THAT(worker.troubles()[0], HasSubstr("还没有告知外部 CA"));
    const auto soon = std::chrono::steady_clock::now() + std::chrono::seconds(3);
    for (int number = 1; number <= 3; ++number) {
        renew();
        desk_->touch();
        while (published() != number && std::chrono::steady_clock::now() < soon) std::this_thread::yield();
        ASSERT_EQ(published(), number);
    }
    EXPECT_EQ(worker.troubles().size(), 1U) << "it is still to be told";
    desk_->stop_sync();
}

// A desk that makes no KEYs hears of the loss.
TEST_F(PublishedList, WithoutAKeyDriverALossTakesTheSealToo) {
    ASSERT_EQ(desk_->bench().tokens, nullptr);
    const auto order = sample_order(1);
    const std::string serial = certified(1);
    keys::TokenInfo token;
    token.serial = "K1";
    ASSERT_OK(keys::seen(desk_->database(), {token}));
    ASSERT_OK(desk_->database().execute("UPDATE keys SET state = 'shipped', order_no = '" + order.no + "', unit_no = 1"));
    ASSERT_OK(desk_->database().execute(
        "INSERT INTO seals (id, order_no, key_serial, certificate_serial, name, type, picture_sha256, maker_serial, valid_from, "
        "valid_until, state, der, made_at) VALUES ('S1', '" +
        order.no + "', 'K1', '" + serial + "', '印章', 1, '', '', 1, 2, 'made', 'c2VhbA==', 1)"));
    const staff::Actor officer{"qian", "钱进", static_cast<staff::Roles>(staff::Role::officer)};
    const auto outcome = keys::report(desk_->database(), officer, desk_->bench(), keys::Incident::lost, "K1", "周敏来电");
    ASSERT_OK(outcome);
    EXPECT_TRUE(outcome->revoked);
    const auto seal = desk_->database().read([](storage::Tx& tx) { return seals::find(tx, "S1"); });
    ASSERT_OK(seal);
    EXPECT_EQ((*seal)->state, "withdrawn");
    EXPECT_EQ((*seal)->withdrawn_because, "lost");
}

TEST_F(PublishedList, LastsAsLongAsTheSettingSaysAndIsDueBeforeItsEnd) {
    for (const auto& [days, left] : {std::pair{1, kDay / 2}, {3, 36 * kHour}, {7, 2 * kDay}, {60, 2 * kDay}}) {
        settings_.crl_days = days;
        desk_.reset();
        open();
        renew();
        const auto list = certificates::newest_crl(desk_->database()).value();
        EXPECT_EQ(list->next_update - list->this_update, days * kDay);
        EXPECT_EQ(desk::list_warning(list, list->next_update + -(left + kSecond)), "") << days;
        EXPECT_NE(desk::list_warning(list, list->next_update + -left), "") << days;
        EXPECT_FALSE(*certificates::renew_due_list(desk_->database(), *desk_->bench().authority)) << days;
    }
}

TEST_F(PublishedList, NoListAtAllIsSaid) {
    EXPECT_THAT(desk::list_warning({}, clock_.now()), HasSubstr("还没有签发过吊销列表"));
    renew();
    EXPECT_EQ(desk::list_warning(certificates::newest_crl(desk_->database()).value(), clock_.now()), "");
}

}  // namespace
}  // namespace sealdesk::tests
