// Which of the KEYs that are plugged in the stock takes in by itself.
#include "keys/plugged.h"

#include "tests/keys/issued_keys.h"

using namespace sealdesk;
using namespace sealdesk::keys;
using testing::HasSubstr;
using testing::SizeIs;
using tests::KeyDesk;

namespace {

class Plugged : public tests::IssuedKeys {
protected:
    std::vector<PluggedKey> look(const std::set<std::string>& busy = {}) {
        return plugged_keys(*desk_.database, tokens_, busy).value();
    }
    bool in_stock(const std::string& serial) { return find_key(*desk_.database, serial).value().has_value(); }
};

}  // namespace

TEST_F(Plugged, ABlankKeyThatIsNewEntersTheStockOnce) {
    tokens_.add("K1");
    for (int times = 0; times < 2; ++times) {
        const auto plugged = look();
        ASSERT_THAT(plugged, SizeIs(1));
        EXPECT_TRUE(plugged[0].blank());
        EXPECT_EQ(why_not_taken_in(plugged[0]), "");
    }
    EXPECT_THAT(movements(*desk_.database, "K1").value(), SizeIs(1));
    expect_books();
}

TEST_F(Plugged, AKeyWithCertificatesStaysOutside) {
    const auto id = ObjectId::of("of somebody else");
    tokens_.add("K1").certificates.emplace(id, StoredCertificate{id, "", "x"});
    const auto plugged = look();
    ASSERT_THAT(plugged, SizeIs(1));
    EXPECT_EQ(plugged[0].foreign, 1);
    EXPECT_FALSE(plugged[0].blank());
    EXPECT_THAT(why_not_taken_in(plugged[0]), HasSubstr("1 张不是本中心的证书"));
    EXPECT_FALSE(in_stock("K1"));
}

TEST_F(Plugged, AKeyThatCouldNotBeReadStaysOutsideUntilItIs) {
    tokens_.add("K1");
    tokens_.fault = [] { return tests::Fault::not_done; };
    const auto silent = look();
    tokens_.fault = {};
    ASSERT_THAT(silent, SizeIs(1));
    EXPECT_TRUE(silent[0].unread);
    EXPECT_FALSE(silent[0].blank());
    EXPECT_THAT(why_not_taken_in(silent[0]), HasSubstr("没有读到"));
    EXPECT_FALSE(in_stock("K1"));
    {
        const auto elsewhere = tokens_.open("K1");
        ASSERT_OK(elsewhere);
        EXPECT_TRUE(look()[0].unread) << "another job has it";
        EXPECT_TRUE(look({"K1"})[0].unread);
    }
    EXPECT_FALSE(in_stock("K1"));
    EXPECT_TRUE(look()[0].blank());
    EXPECT_TRUE(in_stock("K1"));
}

// What the stock knows is not asked again: its own certificate is nothing foreign.
TEST_F(Plugged, AKeyOfTheStockIsWhatTheStockSays) {
    issued(1, "K1");
    tokens_.fault = [] { return tests::Fault::not_done; };
    const auto plugged = look();
    tokens_.fault = {};
    ASSERT_THAT(plugged, SizeIs(1));
    EXPECT_EQ(plugged[0].key.state, KeyState::bound);
    EXPECT_EQ(plugged[0].key.order_no, KeyDesk::no(1));
    EXPECT_FALSE(plugged[0].blank());
    EXPECT_EQ(why_not_taken_in(plugged[0]), "");
}
