// The published list: a file that is whole, and never older than what lies there; who publishes it.
#include "desk/authority.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "base/process.h"
#include "certificates/revocation_list.h"
#include "desk/desk.h"
#include "support/made_lists.h"
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
        auto opened = desk::Desk::open(settings_, *desk::find_places(), clock_, random_);
        ASSERT_OK(opened);
        desk_ = std::move(*opened);
        ASSERT_TRUE(desk_->bench().authority);
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

TEST_F(PublishedList, IsNeverReplacedByAnOlderOne) {
    renew();
    ASSERT_OK(write_file(settings_.crl_file, lists_.list(9)));  // another desk was faster
    publish();
    EXPECT_EQ(published(), 9);
    ASSERT_OK(write_file(settings_.crl_file, "half a li"));
    publish();
    EXPECT_EQ(published(), 1) << "what is damaged is written anew";
    ASSERT_OK(write_file(settings_.crl_file, ListMaker(clock_.now()).list(40)));
    publish();
    EXPECT_EQ(published(), 1) << "another CA's says nothing about ours";
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

TEST_F(PublishedList, NoListAtAllIsSaid) {
    EXPECT_THAT(desk::list_warning({}, clock_.now()), HasSubstr("还没有签发过吊销列表"));
    renew();
    EXPECT_EQ(desk::list_warning(certificates::newest_crl(desk_->database()).value(), clock_.now()), "");
}

}  // namespace
}  // namespace sealdesk::tests
