// What only a supervisor can settle, and the KEY that somebody calls about: both are one step away from anywhere.
#include <gtest/gtest.h>

#include "intake/intake.h"
#include "keys/writing.h"
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
