// A window that is closed or killed comes back with what the person had in front of them.
#include "tests/panels/desk_on_screen.h"

namespace sealdesk::tests {
namespace {

namespace ids = panels::ids;

class Restart : public DeskOnScreen {
protected:
    std::filesystem::path memory() const { return settings_.home / "memory/wang.json"; }
    bool remembered(const std::string& words) {
        return ui_->until([&] {
            const auto kept = read_file(memory());
            return kept && kept->find(words) != std::string::npos;
        });
    }
};

TEST_F(Restart, TheHeldOrderIsBackWithItsHalfWrittenRejection) {
    put_orders(1, 3);
    begin_work();
    ui_->press(ImGuiKey_2);
    ui_->type_into(ids::review_note, "第 2 页看不清");
    ASSERT_TRUE(remembered("第 2 页看不清"));
    restart();
    sign_in("wang");
    ASSERT_TRUE(ui_->until_visible(ids::review_approve)) << ui_->text();
    EXPECT_TRUE(ui_->says(no(1)));
    EXPECT_TRUE(ui_->says(desk_->reasons()[1].sentence)) << ui_->text();
    EXPECT_EQ(order(1).claimed_by, "wang");
    EXPECT_EQ(order(2).claimed_by, "") << "nothing was claimed on the way";
    ui_->press(ImGuiKey_R);
    ASSERT_TRUE(ui_->until_says("已退回 " + no(1))) << ui_->text();
    const auto decisions = review::decisions(desk_->database(), no(1));
    ASSERT_OK(decisions);
    EXPECT_EQ(decisions->front().note, "第 2 页看不清");
}

TEST_F(Restart, AKillWithoutMemoryStillShowsTheHeldOrder) {
    put_orders(1, 2);
    begin_work();
    close();
    std::filesystem::remove_all(settings_.home / "memory");
    restart();
    sign_in("wang");
    ASSERT_TRUE(ui_->until_visible(ids::review_approve)) << ui_->text();
    EXPECT_TRUE(ui_->says(no(1)));
}

TEST_F(Restart, ADraftDoesNotReachAnotherSubmission) {
    put_orders(1, 1);
    begin_work();
    ui_->press(ImGuiKey_2);
    ASSERT_TRUE(remembered("review.draft.reasons"));
    close();
    const auto kept = read_file(memory());
    ASSERT_OK(kept);
    const std::string from = no(1) + "#1", to = no(1) + "#2";
    std::string other = *kept;
    other.replace(other.find(from), from.size(), to);
    ASSERT_OK(write_file(memory(), other));
    restart();
    sign_in("wang");
    ASSERT_TRUE(ui_->until_visible(ids::review_approve)) << ui_->text();
    EXPECT_FALSE(ui_->says(desk_->reasons()[1].sentence));
}

TEST_F(Restart, PanelTabAndSearchAreAsTheyWere) {
    put_orders(1, 3);
    open_screen();
    sign_in("wang");
    ui_->click(ids::tab_all);
    ui_->type_into(ids::search, "第2建设");
    ASSERT_TRUE(ui_->until([&] { return ui_->visible(ids::review_row(no(2))) && !ui_->visible(ids::review_row(no(1))); }))
        << ui_->text();
    ASSERT_TRUE(remembered("第2建设"));
    restart();
    sign_in("wang");
    ASSERT_TRUE(ui_->until_visible(ids::review_row(no(2)))) << ui_->text();
    EXPECT_FALSE(ui_->visible(ids::review_row(no(1))));
    EXPECT_TRUE(ui_->says("第2建设"));
    // Each person has their own.
    restart();
    sign_in("li");
    ASSERT_TRUE(ui_->until_visible(ids::review_row(no(1)))) << ui_->text();
}

TEST_F(Restart, ABrokenMemoryIsNoObstacle) {
    put_orders(1, 1);
    for (const std::string bytes : {"", "{", "[1]", "{\"review.order\": 7, \"viewer.view\": \"x\", \"screen.panel\": \"none\"}",
                                    "{\"viewer.view\": \"a -1 nan 1e99 inf\", \"review.tab\": \"\\u0000\"}"}) {
        ASSERT_OK(make_folder(memory().parent_path()));
        ASSERT_OK(write_file(memory(), bytes));
        restart();
        sign_in("wang");
        ASSERT_TRUE(ui_->until_visible(ids::review_row(no(1)))) << bytes << ui_->text();
    }
}

}  // namespace
}  // namespace sealdesk::tests
