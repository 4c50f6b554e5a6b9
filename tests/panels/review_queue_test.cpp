// The queue: sorted and filtered as a person left it, why an order is here, a lost claim, and the batch.
#include <algorithm>

#include "checks/findings_store.h"
#include "tests/panels/desk_on_screen.h"

namespace sealdesk::tests {
namespace {

namespace ids = panels::ids;
using orders::State;

class Queue : public DeskOnScreen {
protected:
    void begin(const std::string& login = "wang") {
        open_screen();
        sign_in(login);
        if (HasFatalFailure()) return;
        ASSERT_TRUE(ui_->until_visible(ids::review_row(no(1)))) << ui_->text();
    }
    void choose(const char* list, const std::string& entry) {
        ui_->click(list);
        ui_->click(entry);
        desk_->jobs().wait_idle();
        ui_->frame(3);
    }
    bool above(int upper, int lower) { return ui_->item(ids::review_row(no(upper))).y < ui_->item(ids::review_row(no(lower))).y; }
    void put_one(int n, orders::OrderKind kind) {
        auto made = sample_order(n);
        made.kind = kind;
        ASSERT_OK(put(desk_->database(), {made}, State::paid));
        desk_->touch();
    }
    // As the checks leave an order.
    void examined(int n, checks::Verdict document) {
        ASSERT_OK(desk_->database().write([&](storage::Tx& tx) -> Result<> {
            checks::Finding finding;
            finding.rule = checks::rules::document.name;
            finding.verdict = document;
            finding.word = finding.evidence = finding.basis = "测试";
            checks::keep_findings(tx, no(n), 1, {finding});
            checks::keep_run(tx, no(n), {1, checks::rules_version(), "read", 1, tx.now});
            return {};
        }));
    }
    void written() {
        for (int i = 0; i < 5; ++i) {
            ui_->pass(2);
            desk_->jobs().wait_idle();
        }
    }
};

TEST_F(Queue, SortAndFiltersSurviveARestart) {
    put_orders(1, 3);
    put_one(4, orders::OrderKind::renewal);
    begin();
    EXPECT_TRUE(above(1, 3));
    choose(ids::review_sort, "最新在前");
    EXPECT_TRUE(above(3, 1));
    choose(ids::review_kind, "续期");
    EXPECT_TRUE(ui_->visible(ids::review_row(no(4))));
    EXPECT_FALSE(ui_->visible(ids::review_row(no(1))));
    written();
    restart();
    sign_in("wang");
    ASSERT_TRUE(ui_->until_visible(ids::review_row(no(4)))) << ui_->text();
    EXPECT_FALSE(ui_->visible(ids::review_row(no(1)))) << "still only renewals";
    choose(ids::review_kind, "全部种类");
    ASSERT_TRUE(ui_->until_visible(ids::review_row(no(1)))) << ui_->text();
    EXPECT_TRUE(above(4, 1)) << "still the newest first";
}

// By keys the list goes along, past its fold and back; what is scrolled away by hand stays away.
TEST_F(Queue, TheRowOnTheBenchIsSeenWhenKeysChooseIt) {
    constexpr int kOrders = 30;
    put_orders(1, kOrders);
    begin();
    ASSERT_FALSE(ui_->visible(ids::review_row(no(kOrders)))) << "there is a fold";
    // In the head of the form; a check may name another order of the same person.
    const auto opened = [&](int n) { return ui_->until_says(no(n) + " 新办"); };
    const auto seen = [&](int n) {
        ui_->frame(3);
        const std::string row = ids::review_row(no(n));
        return ui_->visible(row) && ui_->item(row).h > kit::px(kit::kListRow) - 1;
    };
    for (int n = 1; n <= kOrders; ++n) {
        ui_->press(ImGuiKey_DownArrow);
        ASSERT_TRUE(opened(n)) << ui_->text();
        EXPECT_TRUE(seen(n)) << n;
    }
    EXPECT_FALSE(ui_->visible(ids::review_row(no(1))));
    ui_->scroll(ids::review_row(no(kOrders)), 100);
    EXPECT_TRUE(seen(1));
    EXPECT_FALSE(ui_->visible(ids::review_row(no(kOrders))));
    for (int n = kOrders - 1; n >= 1; --n) {
        ui_->press(ImGuiKey_UpArrow);
        ASSERT_TRUE(opened(n)) << ui_->text();
        EXPECT_TRUE(seen(n)) << n;
    }
}

TEST_F(Queue, SaysWhatIsOverdueInWorkingTimeAndShowsOnlyThat) {
    // Paid on a Saturday; on Monday at 17:25 five minutes of the working day are left.
    put_orders(1, 1);
    clock_.set(start_of(Day{2026, 11, 23}) + 17 * kHour + 25 * kMinute);
    begin();
    EXPECT_TRUE(ui_->says("等待 6 小时")) << ui_->text();
    EXPECT_FALSE(ui_->says("超时"));
    choose(ids::review_only, "已超时");
    EXPECT_FALSE(ui_->visible(ids::review_row(no(1))));
    clock_.set(start_of(Day{2026, 11, 23}) + 17 * kHour + 30 * kMinute);
    desk_->touch();
    ASSERT_TRUE(ui_->until_visible(ids::review_row(no(1)))) << ui_->text();
    choose(ids::review_only, "全部订单");
    EXPECT_TRUE(ui_->says("超时")) << ui_->text();
}

TEST_F(Queue, TellsWhoTookOverAClaimThatEnded) {
    put_orders(1, 2);
    ASSERT_OK(review::claim(desk_->database(), actor("wang", "王敏"), desk_->review_rules(), no(1)));
    clock_.advance(settings_.lease_ms);
    ASSERT_OK(review::claim(desk_->database(), actor("li", "李晨"), desk_->review_rules(), no(1)));
    begin();
    const auto told = [&](const kit::Toasts::Toast& toast) {
        return toast.text == "您领取的 " + no(1) + " 已到期，由 李晨 接手";
    };
    const auto& toasts = ui_->ui().toasts.all();
    EXPECT_TRUE(ui_->until([&] { return std::any_of(toasts.begin(), toasts.end(), told); }));
    EXPECT_TRUE(ui_->until_says("李晨 在审")) << ui_->text();
}

TEST_F(Queue, TheBatchNeedsTheRight) {
    put_orders(1, 1);
    begin();
    EXPECT_FALSE(ui_->visible(ids::review_batch));
}

TEST_F(Queue, ApprovesTheGreenOnesTogether) {
    put_orders(1, 4);
    examined(1, checks::Verdict::ok);
    examined(2, checks::Verdict::warning);
    examined(3, checks::Verdict::ok);
    examined(4, checks::Verdict::ok);
    desk_->actor = staff::Actor{"wang", "王敏", staff::Role::reviewer | staff::Role::supervisor};
    open_screen();
    ASSERT_TRUE(ui_->until_visible(ids::review_batch)) << ui_->text();
    ui_->click(ids::review_batch);
    ASSERT_TRUE(ui_->until_visible(ids::batch_row(no(4)))) << ui_->text();
    EXPECT_FALSE(ui_->visible(ids::batch_row(no(2)))) << "a finding is open";
    EXPECT_TRUE(ui_->says("1 项相符"));
    ui_->click(ids::batch_row(no(4)));  // not this one
    EXPECT_TRUE(ui_->says("通过 2 单"));
    // Somebody else is faster with one of them.
    ASSERT_OK(review::claim(desk_->database(), actor("li", "李晨"), desk_->review_rules(), no(3)));
    ui_->click(ids::batch_go);
    ASSERT_TRUE(ui_->until_says("通过 1 单，没有通过 1 单")) << ui_->text();
    EXPECT_TRUE(ui_->says("由 李晨 审核")) << "the refused one says why: " << ui_->text();
    EXPECT_EQ(order(1).state, State::approved);
    EXPECT_EQ(order(3).state, State::paid);
    EXPECT_EQ(order(4).state, State::paid);
    ui_->click(ids::batch_close);
    ASSERT_TRUE(ui_->until_visible(ids::undo)) << "the decision can be undone";
    ui_->press(ImGuiKey_Z);
    ASSERT_TRUE(ui_->until([&] { return order(1).state == State::paid; })) << ui_->text();
}

}  // namespace
}  // namespace sealdesk::tests
