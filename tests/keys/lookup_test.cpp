#include "keys/standing.h"
#include "tests/keys/issued_keys.h"

using namespace sealdesk;
using namespace sealdesk::keys;
using testing::HasSubstr;
using testing::SizeIs;
using tests::KeyDesk;

namespace {

class Lookup : public tests::IssuedKeys {};

}  // namespace

TEST_F(Lookup, TheLookupSaysSinceWhenItIsActiveOrWhyNot) {
    const auto reason = [&](const std::string& serial) { return standing(*desk_.database, serial)->reason; };
    EXPECT_EQ(standing(*desk_.database, "K1").error().kind, ErrorKind::refused);
    key("K1");
    EXPECT_THAT(reason("K1"), HasSubstr("空白"));
    ASSERT_OK(desk_.approve(KeyDesk::order_of(1, 1)));
    ASSERT_OK(begin(*desk_.database, desk_.officer, desk_.bench, KeyDesk::no(1), "K1"));
    EXPECT_THAT(reason("K1"), HasSubstr("还没有写完"));
    EXPECT_THAT(reason("K1"), HasSubstr("停在“生成密钥”这一步"));
    bool away = false;
    desk_.bench.watch = [&](const Job&, Step step, Moment moment) {
        away = away || (step == Step::write_certificate && moment == Moment::begins);
    };
    tokens_.fault = [&] { return away ? tests::Fault::not_done : tests::Fault::none; };
    EXPECT_FALSE(desk_.write(KeyDesk::no(1), "K1"));
    desk_.bench.watch = {};
    tokens_.fault = {};
    const auto stopped = *job_of(*desk_.database, "K1").value();
    ASSERT_TRUE(stopped.beginning);
    EXPECT_EQ(*stopped.beginning, Step::write_certificate);
    EXPECT_THAT(reason("K1"), HasSubstr("停在“" + title_of(*stopped.beginning) + "”这一步"));
    ASSERT_OK(desk_.write(KeyDesk::no(1), "K1"));
    EXPECT_FALSE(job_of(*desk_.database, "K1").value()->beginning);
    EXPECT_THAT(reason("K1"), HasSubstr("还在“待发送”里"));
    EXPECT_FALSE(standing(*desk_.database, "K1")->active);
    ASSERT_OK(confirmed_by_platform());
    const auto all = standing(*desk_.database, "K1").value();
    EXPECT_TRUE(all.active) << all.reason;
    EXPECT_TRUE(standing(*desk_.database, " k-1")->active) << "as it was typed";
    EXPECT_EQ(standing(*desk_.database, "k1")->key.serial, "K1");
    EXPECT_EQ(all.bound_at, desk_.clock.now());
    EXPECT_EQ(all.confirmed_at, desk_.clock.now());
    EXPECT_EQ(all.subject_name, KeyDesk::order_of(1, 1).subject.name);
    EXPECT_THAT(all.movements, SizeIs(5));
    ASSERT_OK(told(Incident::suspended, "K1"));
    EXPECT_THAT(reason("K1"), HasSubstr("停用"));
    ASSERT_OK(told(Incident::resumed, "K1"));
    EXPECT_TRUE(standing(*desk_.database, "K1")->active);
    desk_.clock.advance(400 * kDay);
    EXPECT_THAT(reason("K1"), HasSubstr("到期"));
    ASSERT_OK(told(Incident::lost, "K1"));
    EXPECT_THAT(reason("K1"), HasSubstr("吊销"));
}

TEST_F(Lookup, AnOrderTellsOfEachOfItsKeys) {
    ASSERT_OK(desk_.approve(KeyDesk::order_of(2, 2)));
    EXPECT_THAT(*standings(*desk_.database, KeyDesk::no(2)), SizeIs(0)) << "none was begun";
    issued(1, "K1");
    issued(3, "K3");
    auto list = standings(*desk_.database, KeyDesk::no(1)).value();
    ASSERT_THAT(list, SizeIs(1));
    EXPECT_EQ(list[0].key.serial, "K1");
    EXPECT_FALSE(list[0].active);
    EXPECT_EQ(list[0].reason, standing(*desk_.database, "K1")->reason);
    ASSERT_OK(confirmed_by_platform());
    list = standings(*desk_.database, KeyDesk::no(1)).value();
    EXPECT_TRUE(list.at(0).active) << list.at(0).reason;
    EXPECT_THAT(*standings(*desk_.database, "DD00000000-0000"), SizeIs(0));
}

TEST_F(Lookup, TheLookupSaysHowFarTheBindingCame) {
    issued(1, "K1");
    const staff::Actor boss{"sun", "孙权", static_cast<staff::Roles>(staff::Role::supervisor)};
    const auto bound = acts::due(*desk_.database, 1)->at(0);
    const auto settle = [&](acts::Settlement how) { return acts::settle(*desk_.database, boss, bound.uuid, how, "已电话核对"); };
    const auto reason = [&] { return standing(*desk_.database, "K1")->reason; };
    EXPECT_EQ(reason(), "绑定还在“待发送”里，没有发给平台") << "nothing has left";
    ASSERT_OK(acts::failed(*desk_.database, bound, "连不上门户", desk_.clock.now()));
    EXPECT_EQ(reason(), "绑定已经发过，平台还没有确认：连不上门户");
    ASSERT_OK(acts::conflicted(*desk_.database, bound, "KEY 已绑定给别的单位"));
    EXPECT_EQ(reason(), "平台没有接受绑定：KEY 已绑定给别的单位");
    ASSERT_OK(settle(acts::Settlement::again));
    EXPECT_EQ(reason(), "绑定已经发过，平台还没有确认：KEY 已绑定给别的单位");
    ASSERT_OK(acts::conflicted(*desk_.database, bound, "KEY 已绑定给别的单位"));
    ASSERT_OK(settle(acts::Settlement::dropped));
    EXPECT_EQ(reason(), "平台没有接受绑定，主管已决定不再发送：KEY 已绑定给别的单位");
    EXPECT_FALSE(standing(*desk_.database, "K1")->active);
}
