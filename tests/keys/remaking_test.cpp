// A KEY of a finished order is gone before it was packed: the supervisor's verb sends the order back to be written, and nothing
// that the portal hears of it is out of order.
#include "keys/remaking.h"

#include <gmock/gmock.h>

#include "intake/intake.h"
#include "keys/incidents.h"
#include "keys/refunds.h"
#include "tasks/tasks.h"
#include "tests/keys/fake_tokens.h"
#include "tests/keys/key_desk.h"

using namespace sealdesk;
using namespace sealdesk::keys;
using orders::State;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using tests::KeyDesk;

namespace {

const staff::Actor kBoss{"sun", "孙权", static_cast<staff::Roles>(staff::Role::supervisor)};

class Remakings : public testing::Test {
protected:
    void SetUp() override {
        for (const char* serial : {"K1", "K2", "K3"}) ASSERT_OK(seen(*desk_.database, {tokens_.add(serial).info}));
    }
    // Order 1 with so many KEYs, all written: K1, K2 …
    void issued(int quantity) {
        auto order = KeyDesk::order_of(1, 1);
        order.quantity = quantity;
        ASSERT_OK(desk_.approve(order));
        for (int n = 1; n <= quantity; ++n) ASSERT_OK(desk_.write(no_, fmt::format("K{}", n)));
        ASSERT_EQ(state(), State::issued);
    }
    Result<Outcome> told(Incident incident, const std::string& serial) {
        return report(*desk_.database, desk_.officer, desk_.bench, incident, serial, "找不到了");
    }
    Result<Remaking> again(const std::string& note = "再写一只") { return make_again(*desk_.database, kBoss, no_, note); }
    ErrorKind refusal() {
        const auto made = again();
        return made ? ErrorKind::internal : made.error().kind;
    }
    State state() { return orders::load(*desk_.database, no_)->state; }
    std::vector<std::string> acts() {
        std::vector<std::string> kinds;
        const auto list = acts::of_order(*desk_.database, no_).value();
        for (const auto& act : list) kinds.push_back(act.kind);
        return kinds;
    }
    std::vector<std::string> keys_of_order() {
        std::vector<std::string> serials;
        const auto jobs = jobs_of(*desk_.database, no_).value();
        for (const auto& job : jobs) serials.push_back(job.key_serial);
        return serials;
    }
    void expect_books() {
        EXPECT_THAT(*check_ledger(*desk_.database), IsEmpty());
        EXPECT_FALSE(audit::verify(*desk_.database)->first_bad);
    }

    const std::string no_ = KeyDesk::no(1);
    tests::TemporaryFolder folder_;
    tests::FakeTokens tokens_;
    KeyDesk desk_{folder_.path(), &tokens_};
};

}  // namespace

TEST_F(Remakings, TheKeyThatIsGoneIsWrittenAnewAndTheOthersStay) {
    issued(2);
    ASSERT_OK(told(Incident::lost, "K1"));
    ASSERT_THAT(tasks::open(*desk_.database).value(), SizeIs(1));
    EXPECT_EQ(desk_.write(no_, "K3").error().kind, ErrorKind::conflict) << "nobody decided yet";
    const auto made = again();
    ASSERT_OK(made);
    EXPECT_THAT(made->keys, ElementsAre("K1"));
    EXPECT_EQ(state(), State::approved);
    EXPECT_THAT(tasks::open(*desk_.database).value(), IsEmpty());
    EXPECT_EQ(tasks::of_order(*desk_.database, no_).value().at(0).note, "再写一只");
    EXPECT_THAT(keys_of_order(), ElementsAre("K2"));
    EXPECT_EQ(refusal(), ErrorKind::conflict) << "it was done";
    const auto job = desk_.write(no_, "K3");
    ASSERT_OK(job);
    EXPECT_EQ(job->unit_no, 1);
    EXPECT_EQ(state(), State::issued);
    EXPECT_THAT(keys_of_order(), ElementsAre("K3", "K2"));
    // What the portal takes while its order is issued already (tests/portal/store_test.cpp).
    EXPECT_THAT(acts(), ElementsAre("bound", "bound", "issued", "revoked", "bound", "issued"));
    EXPECT_EQ(desk_.number("SELECT COUNT(*) FROM certificates WHERE state = 'valid'"), 2);
    expect_books();
}

TEST_F(Remakings, AReturnedKeyMakesRoomForAnother) {
    issued(1);
    ASSERT_OK(told(Incident::returned, "K1"));
    ASSERT_OK(again());
    EXPECT_THAT(keys_of_order(), IsEmpty());
    ASSERT_OK(desk_.write(no_, "K2"));
    EXPECT_EQ(state(), State::issued);
    expect_books();
}

// It was written once, and invoiced perhaps: the refund is no small matter although there is no KEY now.
TEST_F(Remakings, ARefundBeforeTheNextKeyIsForAPerson) {
    issued(1);
    ASSERT_OK(told(Incident::damaged, "K1"));
    ASSERT_OK(again());
    ASSERT_OK(intake::take(*desk_.database, {1, "refunded", no_, 1, "{}"}, std::nullopt));
    EXPECT_EQ(state(), State::approved);
    EXPECT_EQ(desk_.number("SELECT COUNT(*) FROM refunds WHERE state = 'needs_person'"), 1);
    const auto open = tasks::open(*desk_.database).value();
    ASSERT_THAT(open, SizeIs(1));
    EXPECT_EQ(open[0].kind, "refund_after_writing");
    EXPECT_EQ(desk_.write(no_, "K2").error().kind, ErrorKind::conflict);
    const auto end = desk_.database->write(
        [&](storage::Tx& tx) { return end_refund(tx, kBoss, desk_.bench, no_, KeysAre::gone, "已与申请人核对"); });
    ASSERT_OK(end);
    EXPECT_THAT(end->keys, IsEmpty());
    EXPECT_EQ(state(), State::refunded);
    expect_books();
}

TEST_F(Remakings, OnlyASupervisorForAnOrderThatIsShortOfAKey) {
    issued(1);
    EXPECT_EQ(refusal(), ErrorKind::refused) << "its KEY is there";
    ASSERT_OK(told(Incident::suspended, "K1"));
    EXPECT_EQ(refusal(), ErrorKind::refused) << "a suspended one comes back";
    ASSERT_OK(told(Incident::damaged, "K1"));
    EXPECT_EQ(make_again(*desk_.database, desk_.officer, no_, "好").error().kind, ErrorKind::denied);
    EXPECT_EQ(again(" ").error().kind, ErrorKind::refused);
    EXPECT_EQ(state(), State::issued);
    // Refunded by the portal: the end of the refund is what is left.
    ASSERT_OK(intake::take(*desk_.database, {1, "refunded", no_, 1, "{}"}, std::nullopt));
    EXPECT_EQ(refusal(), ErrorKind::conflict);
    EXPECT_THAT(keys_of_order(), ElementsAre("K1"));
    expect_books();
}

TEST_F(Remakings, APackedOrderIsNotTouched) {
    issued(1);
    ASSERT_OK(desk_.database->execute("UPDATE orders SET state = 'packed' WHERE no = '" + no_ + "'"));
    EXPECT_EQ(refusal(), ErrorKind::conflict);
    EXPECT_THAT(keys_of_order(), ElementsAre("K1"));
}
