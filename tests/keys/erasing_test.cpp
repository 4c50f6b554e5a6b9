// Which KEYs may be begun, and how others become blank.
#include "keys/standing.h"
#include "tests/keys/issued_keys.h"

using namespace sealdesk;
using namespace sealdesk::keys;
using testing::HasSubstr;
using testing::Not;
using tests::KeyDesk;

namespace {

class Erasing : public tests::IssuedKeys {};

}  // namespace

TEST_F(Erasing, AReturnedKeyIsErasedAndWrittenAgain) {
    issued(1, "K1");
    const auto erased = [&](const char* so_pin, const staff::Actor& actor) {
        return erase(*desk_.database, actor, desk_.bench, "K1", crypto::Secret(std::string(so_pin)), tests::user_pin());
    };
    EXPECT_EQ(erased("12345678", desk_.officer).error().kind, ErrorKind::refused);
    ASSERT_OK(told(Incident::returned, "K1"));
    // The applicant has changed the user PIN: nobody here knows it.
    tokens_.change("K1").pin = "999999";
    const staff::Actor clerk{"zhao", "赵云", static_cast<staff::Roles>(staff::Role::clerk)};
    EXPECT_EQ(erased("12345678", clerk).error().kind, ErrorKind::denied);
    const auto wrong = erased("87654321", desk_.officer);
    ASSERT_FALSE(wrong);
    EXPECT_THAT(wrong.error().message, HasSubstr("管理员 PIN 不正确"));
    EXPECT_EQ(tokens_.key("K1").pairs.size(), 1U);
    ASSERT_OK(erased("12345678", desk_.officer));
    EXPECT_TRUE(tokens_.key("K1").pairs.empty());
    EXPECT_TRUE(tokens_.key("K1").certificates.empty());
    EXPECT_EQ(find_key(*desk_.database, "K1").value()->state, KeyState::blank);
    EXPECT_FALSE(standing(*desk_.database, "K1")->certificate) << "the former owner's";
    ASSERT_OK(desk_.approve(KeyDesk::order_of(2, 2)));
    ASSERT_OK(begin(*desk_.database, desk_.officer, desk_.bench, KeyDesk::no(2), "K1"));
    EXPECT_THAT(standing(*desk_.database, "K1")->reason, HasSubstr("还没有写完"));
    ASSERT_OK(desk_.write(KeyDesk::no(2), "K1"));
    EXPECT_EQ(standing(*desk_.database, "K1")->certificate->order_no, KeyDesk::no(2));
    EXPECT_EQ(certificate("K1").order_no, KeyDesk::no(2));
    expect_books();
}

TEST_F(Erasing, ALockedBlankKeyIsMadeUsableAgain) {
    key("K1");
    const auto erased = [&] {
        return erase(*desk_.database, desk_.officer, desk_.bench, "K1", crypto::Secret(std::string("12345678")),
                     tests::user_pin());
    };
    EXPECT_EQ(erased().error().kind, ErrorKind::refused) << "it is blank and opens with its PIN";
    tokens_.change("K1").info.pin_locked = true;
    tokens_.change("K1").info.so_pin_final = true;
    EXPECT_EQ(erased().error().kind, ErrorKind::device) << "the last try is nobody's but the person's";
    EXPECT_TRUE(tokens_.key("K1").info.pin_locked);
    tokens_.change("K1").info.so_pin_final = false;
    ASSERT_OK(erased());
    EXPECT_EQ(find_key(*desk_.database, "K1").value()->state, KeyState::blank);
    ASSERT_OK(desk_.approve(KeyDesk::order_of(1, 1)));
    ASSERT_OK(desk_.write(KeyDesk::no(1), "K1"));
    expect_books();
}

// Pulled after it was emptied: it is erased again, nothing goes on by itself.
TEST_F(Erasing, AKeyThatIsPulledMeanwhileIsErasedOnceMore) {
    issued(1, "K1");
    ASSERT_OK(told(Incident::returned, "K1"));
    const auto erased = [&] {
        return erase(*desk_.database, desk_.officer, desk_.bench, "K1", crypto::Secret(std::string("12345678")),
                     tests::user_pin());
    };
    tokens_.fault = [] { return tests::Fault::not_done; };
    const auto pulled = erased();
    tokens_.fault = nullptr;
    ASSERT_FALSE(pulled);
    EXPECT_THAT(pulled.error().message, HasSubstr("再清除一次"));
    EXPECT_THAT(pulled.error().message, Not(HasSubstr("中断的步骤")));
    EXPECT_EQ(find_key(*desk_.database, "K1").value()->state, KeyState::returned);
    ASSERT_OK(erased());
    EXPECT_EQ(find_key(*desk_.database, "K1").value()->state, KeyState::blank);
    expect_books();
}

// What a pulled KEY or another centre left behind: half a pair, a seal.
TEST_F(Erasing, AKeyWithASealOnItIsNotBegun) {
    key("K1");
    tokens_.change("K1").data[kSealLabel] = "of somebody else";
    ASSERT_OK(desk_.approve(KeyDesk::order_of(1, 1)));
    const auto refused = desk_.write(KeyDesk::no(1), "K1");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::conflict);
    EXPECT_THAT(refused.error().message, HasSubstr("不是空白"));
    EXPECT_EQ(find_key(*desk_.database, "K1").value()->state, KeyState::blank);
}

TEST_F(Erasing, OnlyAKeyWithNothingOnItIsBegun) {
    key("K1");
    ASSERT_OK(desk_.approve(KeyDesk::order_of(1, 1)));
    {
        auto session = std::move(*tokens_.open("K1"));
        ASSERT_OK(session->generate_key_pair(ObjectId::of("someone"), "x", crypto::KeyAlgorithm::p_256));
    }
    const auto refused = desk_.write(KeyDesk::no(1), "K1");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::conflict);
    EXPECT_THAT(refused.error().message, HasSubstr("不是空白"));
    EXPECT_EQ(find_key(*desk_.database, "K1").value()->state, KeyState::blank);
    EXPECT_TRUE(jobs_of(*desk_.database, KeyDesk::no(1))->empty());
}

TEST_F(Erasing, ALockedOrAbsentKeyBeginsNothing) {
    tokens_.add("K1").info.pin_locked = true;
    ASSERT_OK(seen(*desk_.database, {tokens_.key("K1").info}));
    ASSERT_OK(desk_.approve(KeyDesk::order_of(1, 1)));
    const auto locked = desk_.write(KeyDesk::no(1), "K1");
    ASSERT_FALSE(locked);
    EXPECT_EQ(locked.error().kind, ErrorKind::device);
    EXPECT_THAT(locked.error().message, HasSubstr("已锁定"));
    EXPECT_EQ(desk_.write(KeyDesk::no(1), "K9").error().kind, ErrorKind::device);
    auto without = desk_.bench;
    without.tokens = nullptr;
    EXPECT_EQ(keys::write(*desk_.database, desk_.officer, without, KeyDesk::no(1), "K1", tests::user_pin()).error().kind,
              ErrorKind::device);
    EXPECT_TRUE(jobs_of(*desk_.database, KeyDesk::no(1))->empty());
    EXPECT_EQ(find_key(*desk_.database, "K1").value()->state, KeyState::blank);
    EXPECT_EQ(desk_.number("SELECT COUNT(*) FROM certificates"), 0);
}

TEST_F(Erasing, AFullKeySaysSoAndKeepsItsPlace) {
    tokens_.add("K1").room = 2;  // room for the certificate only
    ASSERT_OK(seen(*desk_.database, {tokens_.key("K1").info}));
    ASSERT_OK(desk_.approve(KeyDesk::order_of(1, 1)));
    const auto full = desk_.write(KeyDesk::no(1), "K1");
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().kind, ErrorKind::device);
    EXPECT_THAT(full.error().message, HasSubstr("存储空间已满"));
    EXPECT_EQ(job_of(*desk_.database, "K1").value()->done, Step::sign);
    // Another KEY takes over; the certificate that never reached this one is revoked.
    ASSERT_OK(told(Incident::damaged, "K1"));
    key("K2");
    ASSERT_OK(desk_.write(KeyDesk::no(1), "K2"));
    EXPECT_EQ(desk_.number("SELECT COUNT(*) FROM certificates WHERE state = 'valid'"), 1);
    expect_books();
}
