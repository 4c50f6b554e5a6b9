// What only a supervisor can settle, and the KEY that somebody calls about: both are one step away from anywhere.
#include <gtest/gtest.h>

#include "intake/intake.h"
#include "keys/incidents.h"
#include "panels/back_office_ids.h"
#include "tasks/tasks.h"
#include "tests/panels/desk_on_screen.h"

using namespace sealdesk;
namespace ids = sealdesk::panels::ids;
using orders::State;

namespace {

class Tasks : public tests::DeskOnScreen {
protected:
    void sit_down(const std::string& login, staff::Role role) {
        desk_->actor = staff::Actor{login, login, static_cast<staff::Roles>(role)};
        open_screen();
        ASSERT_TRUE(ui_->until_visible(ids::rail_stock)) << ui_->text();
    }
    // Order 1 was approved and its KEY is begun.
    void begun() {
        ASSERT_OK(tests::put(desk_->database(), {tests::sample_order(1)}, State::approved));
        keys::TokenInfo token;
        token.serial = "E5A00017";
        ASSERT_OK(keys::seen(desk_->database(), {token}));
        const staff::Actor officer{"qian", "钱进", static_cast<staff::Roles>(staff::Role::officer)};
        ASSERT_OK(keys::begin(desk_->database(), officer, desk_->bench(), no(1), token.serial));
    }
};

}  // namespace

TEST_F(Tasks, ARefundAfterWritingIsDoneByASupervisorWithANote) {
    begun();
    ASSERT_OK(intake::take(desk_->database(), {1, "refunded", no(1), 1, "{}"}, std::nullopt));
    const auto open = tasks::open(desk_->database()).value();
    ASSERT_EQ(open.size(), 1U);
    const std::string number = std::to_string(open[0].id);
    sit_down("sun", staff::Role::supervisor);
    ASSERT_TRUE(ui_->until_says("需要处理 1")) << ui_->text();
    ui_->click(ids::troubles);
    ASSERT_TRUE(ui_->until_says("已退款，但 KEY 已开始制作"));
    EXPECT_TRUE(ui_->disabled(ids::with(ids::kTaskDone, number)));
    ui_->type_into(ids::with(ids::kTaskNote, number), "KEY 已收回，与申请人核对无误");
    ui_->click(ids::with(ids::kTaskDone, number));
    ASSERT_TRUE(ui_->until([&] { return tasks::open(desk_->database())->empty(); })) << ui_->text();
    const auto done = tasks::of_order(desk_->database(), no(1)).value();
    EXPECT_EQ(done[0].done_by, "sun");
    EXPECT_EQ(done[0].note, "KEY 已收回，与申请人核对无误");
    ASSERT_TRUE(ui_->until_says("都处理完了"));
    const staff::Actor sun{"sun", "sun", static_cast<staff::Roles>(staff::Role::supervisor)};
    EXPECT_EQ(tasks::done(desk_->database(), sun, open[0].id, "再一次").error().kind, ErrorKind::conflict);
    // What was made is taken back: the order is out of the benches, its KEY waits to be erased.
    EXPECT_EQ(order(1).state, State::refunded);
    EXPECT_EQ(keys::find_key(desk_->database(), "E5A00017")->value().state, keys::KeyState::returned);
}

TEST_F(Tasks, AKeyThatDoesNotComeBackIsEndedAsLost) {
    begun();
    ASSERT_OK(intake::take(desk_->database(), {1, "refunded", no(1), 1, "{}"}, std::nullopt));
    const std::string number = std::to_string(tasks::open(desk_->database()).value().at(0).id);
    sit_down("sun", staff::Role::supervisor);
    ASSERT_TRUE(ui_->until_says("需要处理 1")) << ui_->text();
    ui_->click(ids::troubles);
    ASSERT_TRUE(ui_->until_visible(ids::with(ids::kTaskGone, number)));
    EXPECT_TRUE(ui_->disabled(ids::with(ids::kTaskGone, number)));
    ui_->type_into(ids::with(ids::kTaskNote, number), "申请人说已丢失");
    ui_->click(ids::with(ids::kTaskGone, number));
    ASSERT_TRUE(ui_->until([&] { return tasks::open(desk_->database())->empty(); })) << ui_->text();
    EXPECT_EQ(keys::find_key(desk_->database(), "E5A00017")->value().state, keys::KeyState::scrapped);
    EXPECT_EQ(order(1).state, State::refunded);
}

// A KEY that is gone before it was packed: the supervisor lets the order be written once more.
TEST_F(Tasks, AKeyThatIsGoneBeforePackingIsMadeAgain) {
    begun();
    ASSERT_OK(desk_->database().execute("UPDATE orders SET state = 'issued' WHERE no = '" + no(1) + "'"));
    ASSERT_OK(desk_->database().execute("UPDATE key_jobs SET step = 'bind' WHERE order_no = '" + no(1) + "'"));
    const staff::Actor officer{"qian", "钱进", static_cast<staff::Roles>(staff::Role::officer)};
    ASSERT_OK(keys::report(desk_->database(), officer, desk_->bench(), keys::Incident::lost, "E5A00017", "柜子里找不到"));
    const auto open = tasks::open(desk_->database()).value();
    ASSERT_EQ(open.size(), 1U);
    const std::string button = ids::with(ids::kTaskAgain, std::to_string(open[0].id));
    sit_down("sun", staff::Role::supervisor);
    ASSERT_TRUE(ui_->until_says("需要处理 1")) << ui_->text();
    ui_->click(ids::troubles);
    ASSERT_TRUE(ui_->until_visible(button));
    EXPECT_TRUE(ui_->disabled(button)) << "why is asked for";
    ui_->type_into(ids::with(ids::kTaskNote, std::to_string(open[0].id)), "再写一只");
    ui_->click(button);
    ASSERT_TRUE(ui_->until([&] { return tasks::open(desk_->database())->empty(); })) << ui_->text();
    EXPECT_EQ(order(1).state, State::approved);
    EXPECT_TRUE(keys::jobs_of(desk_->database(), no(1))->empty());
    EXPECT_TRUE(ui_->until([&] {
        const auto& said = ui_->ui().toasts.all();
        return !said.empty() && said.back().text.find(no(1)) != std::string::npos;
    })) << "what became of it is said";
}

// What the portal did not accept is decided where it is listed.
TEST_F(Tasks, ARefusedNoticeIsDroppedOrSentAgainWithAReason) {
    ASSERT_OK(tests::put(desk_->database(), {tests::sample_order(1)}, State::issued));
    std::vector<std::string> uuids;
    ASSERT_OK(desk_->database().write([&](storage::Tx& tx) -> Result<> {
        for (const char* kind : {"bound", "revoked"}) uuids.push_back(acts::queue(tx, no(1), 1, kind, "{}"));
        return {};
    }));
    ASSERT_OK(acts::conflicted(desk_->database(), acts::due(desk_->database(), 1)->at(0), "订单现在是“已退款”"));
    EXPECT_TRUE(acts::due(desk_->database(), 9)->empty());
    sit_down("sun", staff::Role::supervisor);
    ASSERT_TRUE(ui_->until_says("需要处理 1")) << ui_->text();
    ui_->click(ids::troubles);
    ASSERT_TRUE(ui_->until_says("没有被门户接受"));
    const std::string again = ids::with(ids::kConflictAgain, uuids[0]), drop = ids::with(ids::kConflictDrop, uuids[0]);
    EXPECT_TRUE(ui_->disabled(drop));
    EXPECT_TRUE(ui_->disabled(again));
    ui_->type_into(ids::with(ids::kConflictReason, uuids[0]), "已退款，不必绑定");
    ui_->click(drop);
    ASSERT_TRUE(ui_->until([&] { return acts::conflicts(desk_->database())->empty(); })) << ui_->text();
    ASSERT_EQ(acts::due(desk_->database(), 9)->size(), 1U);
    EXPECT_EQ(acts::due(desk_->database(), 9)->at(0).kind, "revoked");
}

TEST_F(Tasks, AnybodyElseMayOnlyLook) {
    begun();
    ASSERT_OK(intake::take(desk_->database(), {1, "refunded", no(1), 1, "{}"}, std::nullopt));
    const auto open = tasks::open(desk_->database()).value();
    sit_down("qian", staff::Role::officer);
    ASSERT_TRUE(ui_->until_says("需要处理 1"));
    ui_->click(ids::troubles);
    const std::string number = std::to_string(open[0].id);
    ASSERT_TRUE(ui_->until_visible(ids::with(ids::kTaskNote, number)));
    ui_->type_into(ids::with(ids::kTaskNote, number), "好了");
    EXPECT_TRUE(ui_->disabled(ids::with(ids::kTaskDone, number)));
    EXPECT_EQ(tasks::done(desk_->database(), *desk_->actor, open[0].id, "好了").error().kind, ErrorKind::denied);
}

TEST_F(Tasks, AKeySerialInTheSearchBoxSaysWhetherItIsActive) {
    begun();
    sit_down("chen", staff::Role::clerk);
    ui_->press(ImGuiMod_Ctrl | ImGuiKey_K);
    ui_->frame(2);
    ui_->type("E5A00017");
    ASSERT_TRUE(ui_->until_visible(ids::find_hit(no(1)))) << ui_->text();
    ui_->press(ImGuiKey_Enter);
    ASSERT_TRUE(ui_->until_says("没有激活")) << ui_->text();
    EXPECT_TRUE(ui_->says("还没有写完"));
}
