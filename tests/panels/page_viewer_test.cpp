// The applicant's pages on screen, drawn by the real sandboxed decoder.
#include "panels/page_viewer.h"

#include "audit/audit.h"
#include "base/process.h"
#include "crypto/digest.h"
#include "tests/panels/desk_on_screen.h"
#include "tests/scans/made_packages.h"

namespace sealdesk::tests {
namespace {

namespace ids = panels::ids;

class Viewer : public DeskOnScreen {
protected:
    // Order `n` with these bytes as its package, which has arrived.
    void put_with_package(int n, const std::string& bytes) {
        orders::Order order = sample_order(n);
        order.submissions[0].package_sha256 = sha256_hex(bytes);
        ASSERT_OK(desk_->packages().put(order.submissions[0].package_sha256, bytes));
        ASSERT_OK(put(desk_->database(), {order}, orders::State::paid));
    }
    void put_three_pages(int n) {
        const auto recipe = folder_.path() / "recipe.json";
        ASSERT_OK(write_file(recipe, R"({"packages":[{"out":"three.zip","pages":[
            {"template":"application_unit","file":"申请表.jpg","dpi":60,"fields":{}},
            {"template":"business_licence","file":"营业执照.png","as":"png","dpi":60,"fields":{}},
            {"template":"identity_card","file":"身份证.jpg","dpi":60,"fields":{}}]}]})"));
        const auto made = run({program("sealdesk-scanmaker"), recipe});
        ASSERT_OK(made);
        ASSERT_EQ(made->status, 0) << made->output;
        const auto bytes = read_file(folder_.path() / "three.zip");
        ASSERT_OK(bytes);
        put_with_package(n, *bytes);
    }
    // A second submission: the first page as before, the second scanned again, and one that is new.
    void put_resubmitted(int n) {
        const auto recipe = folder_.path() / "recipe.json";
        const char* form = R"({"template":"application_unit","file":"申请表.png","as":"png","dpi":60,"fields":{}})";
        const char* card = R"({"template":"identity_card","file":"身份证.png","as":"png","dpi":60,"fields":{}})";
        const auto licence = [](const char* name) {
            return fmt::format(
                R"({{"template":"business_licence","file":"营业执照.png","as":"png","dpi":60,"fields":{{"name":"{}"}}}})", name);
        };
        ASSERT_OK(write_file(
            recipe, fmt::format(R"({{"packages":[{{"out":"1.zip","pages":[{},{}]}},{{"out":"2.zip","pages":[{},{},{}]}}]}})",
                                form, licence("甲"), form, licence("乙"), card)));
        const auto made = run({program("sealdesk-scanmaker"), recipe});
        ASSERT_OK(made);
        ASSERT_EQ(made->status, 0) << made->output;
        orders::Order order = sample_order(n);
        order.submissions.push_back({2, "", "新材料.zip", 2000, order.payment.paid_at + kHour});
        for (auto& each : order.submissions) {
            const auto bytes = read_file(folder_.path() / fmt::format("{}.zip", each.revision));
            ASSERT_OK(bytes);
            each.package_sha256 = sha256_hex(*bytes);
            ASSERT_OK(desk_->packages().put(each.package_sha256, *bytes));
        }
        ASSERT_OK(put(desk_->database(), {order}, orders::State::paid));
    }
    int times_opened(int n) {
        const auto rows = audit::page(desk_->database(), no(n), 0, 100);
        EXPECT_TRUE(rows);
        int times = 0;
        for (const auto& row : *rows) times += row.action == "scans.open";
        return times;
    }
};

TEST_F(Viewer, ShowsThePagesAndLogsThatTheyWereOpened) {
    put_three_pages(1);
    begin_work();
    ASSERT_TRUE(ui_->until_says("1 / 3")) << ui_->text();
    EXPECT_TRUE(ui_->visible(ids::viewer_thumb(3)));
    // Rough and fine for this page and the one beside it, and three in the strip.
    ASSERT_TRUE(ui_->until([&] { return ui_->pictures_shown() >= 7; })) << ui_->pictures_shown();
    EXPECT_TRUE(ui_->says("王敏 wang 2026-11-22")) << "watermark";
    EXPECT_EQ(times_opened(1), 1);
}

TEST_F(Viewer, TurnsPagesByKeyAndMouse) {
    put_three_pages(1);
    begin_work();
    ASSERT_TRUE(ui_->until_says("1 / 3")) << ui_->text();
    ui_->press(ImGuiKey_RightArrow);
    EXPECT_TRUE(ui_->says("2 / 3"));
    EXPECT_TRUE(ui_->says("营业执照.png"));
    ui_->press(ImGuiKey_PageDown);
    ui_->press(ImGuiKey_PageDown);
    EXPECT_TRUE(ui_->says("3 / 3")) << "it stays at the last";
    ui_->click(ids::viewer_thumb(1));
    EXPECT_TRUE(ui_->says("1 / 3"));
    ui_->press(ImGuiKey_LeftBracket);
    ui_->scroll(ids::viewer_page, 3);
    ui_->press(ImGuiKey_Minus);
    ui_->press(ImGuiKey_F);
    EXPECT_TRUE(ui_->says("1 / 3"));
    EXPECT_EQ(times_opened(1), 1) << "looking on is no new opening";
}

TEST_F(Viewer, ChangesTheLookOnlyWhileAKeyIsHeld) {
    put_three_pages(1);
    begin_work();
    ASSERT_TRUE(ui_->until([&] { return ui_->pictures_shown() >= 7; })) << ui_->text();
    EXPECT_EQ(ui_->altered(kit::Look::inverted), 0);
    ui_->hold(ImGuiKey_I, true);
    EXPECT_EQ(ui_->altered(kit::Look::inverted), 1);
    EXPECT_TRUE(ui_->says("王敏 wang 2026-11-22")) << "the watermark stands above it";
    ui_->hold(ImGuiKey_I, false);
    EXPECT_EQ(ui_->altered(kit::Look::inverted), 0);
    ui_->hold(ImGuiKey_X, true);
    EXPECT_EQ(ui_->altered(kit::Look::contrast), 1);
    ui_->hold(ImGuiKey_X, false);
    EXPECT_EQ(ui_->altered(kit::Look::contrast), 0);
    ui_->click(ids::review_note);
    ui_->hold(ImGuiKey_I, true);
    EXPECT_EQ(ui_->altered(kit::Look::inverted), 0) << "a letter of a note is no key";
}

TEST_F(Viewer, ShowsTwoPagesSideBySide) {
    put_three_pages(1);
    begin_work();
    ASSERT_TRUE(ui_->until([&] { return ui_->pictures_shown() >= 7; })) << ui_->text();
    ui_->press(ImGuiKey_D);
    ui_->hold(ImGuiKey_I, true);
    EXPECT_EQ(ui_->altered(kit::Look::inverted), 2) << "both pages";
    ui_->hold(ImGuiKey_I, false);
    ui_->press(ImGuiKey_RightArrow);
    EXPECT_TRUE(ui_->says("3 / 3")) << "on by two";
    ui_->press(ImGuiKey_LeftArrow);
    EXPECT_TRUE(ui_->says("1 / 3"));
    ui_->press(ImGuiKey_D);
    ui_->press(ImGuiKey_RightArrow);
    EXPECT_TRUE(ui_->says("2 / 3"));
}

TEST_F(Viewer, ComparesWithTheSubmissionBefore) {
    put_resubmitted(1);
    begin_work();
    ASSERT_TRUE(ui_->until_says("1 / 3")) << ui_->text();
    ASSERT_TRUE(ui_->until_visible(ids::viewer_compare)) << ui_->text();
    ASSERT_TRUE(ui_->until_says("未改动")) << "the form is the same file";
    EXPECT_EQ(times_opened(1), 1) << "nothing of the submission before was seen";
    ui_->click(ids::viewer_thumb(2));
    EXPECT_FALSE(ui_->says("第 1 次提交"));
    ui_->press(ImGuiKey_C);
    ASSERT_TRUE(ui_->until_says("第 1 次提交")) << ui_->text();
    EXPECT_TRUE(ui_->says("第 2 次提交")) << "side by side";
    EXPECT_EQ(times_opened(1), 2) << "logged before it is shown";
    ASSERT_TRUE(ui_->until([&] { return desk_->jobs().busy() == 0; }));
    ui_->frame(2);
    ui_->hold(ImGuiKey_I, true);
    EXPECT_EQ(ui_->altered(kit::Look::inverted), 2) << "both pages are drawn";
    ui_->hold(ImGuiKey_I, false);
    ui_->press(ImGuiKey_RightArrow);
    EXPECT_TRUE(ui_->says("第 1 次提交里没有这一页")) << "the card is new";
    ui_->press(ImGuiKey_LeftArrow);

    ui_->press(ImGuiKey_C);
    bool before = false, now = false, both = false;
    for (int i = 0; i < 30; ++i) {  // in turns, one at a time
        ui_->pass(0.2);
        const bool first = ui_->says("第 1 次提交"), second = ui_->says("第 2 次提交");
        before = before || first;
        now = now || second;
        both = both || (first && second);
    }
    EXPECT_TRUE(before && now);
    EXPECT_FALSE(both);

    ui_->press(ImGuiKey_C);
    EXPECT_FALSE(ui_->says("次提交"));
    ui_->hold(ImGuiKey_B, true);
    EXPECT_TRUE(ui_->says("第 1 次提交"));
    ui_->hold(ImGuiKey_B, false);
    EXPECT_FALSE(ui_->says("第 1 次提交"));
    EXPECT_EQ(times_opened(1), 2);
}

TEST_F(Viewer, OffersNoComparisonWithoutASubmissionBefore) {
    put_three_pages(1);
    begin_work();
    ASSERT_TRUE(ui_->until([&] { return ui_->pictures_shown() >= 7; })) << ui_->text();
    EXPECT_FALSE(ui_->visible(ids::viewer_compare));
    ui_->press(ImGuiKey_C);
    EXPECT_FALSE(ui_->says("次提交"));
}

TEST_F(Viewer, OpensALockedArchiveWithThePasswordThatTheApplicantTold) {
    const Folder made;
    made.make(R"([{"out":"p.png","format":"png","pages":[)" + page("x", "png") + "]}]");
    put_with_package(1, packed({{"申请表.png", made.read("p.png")}}, "zip", "zip:encryption=aes256", "geheim"));
    begin_work();
    ASSERT_TRUE(ui_->until_visible(ids::viewer_password)) << ui_->text();
    EXPECT_TRUE(ui_->says("压缩包设有密码"));
    ui_->type_into(ids::viewer_password, "falsch");
    ui_->press(ImGuiKey_Enter);
    ASSERT_TRUE(ui_->until_says("压缩包密码不对")) << ui_->text();
    ui_->type_into(ids::viewer_password, "geheim");
    ui_->press(ImGuiKey_Enter);
    ASSERT_TRUE(ui_->until_says("1 / 1")) << ui_->text();
    ASSERT_TRUE(ui_->until([&] { return ui_->pictures_shown() >= 2; })) << ui_->text();
    EXPECT_FALSE(ui_->says("geheim"));
    EXPECT_EQ(times_opened(1), 1) << "trying a password is not another opening";
}

TEST_F(Viewer, LeavesTheKeyboardToTheSearchBox) {
    put_three_pages(1);
    begin_work();
    ASSERT_TRUE(ui_->until_says("1 / 3")) << ui_->text();
    ui_->press(ImGuiMod_Ctrl | ImGuiKey_K);
    ui_->type("DD2026");
    ASSERT_TRUE(ui_->until_says("DD2026")) << ui_->text();
    ASSERT_TRUE(ui_->until_visible(ids::find_hit(no(1)))) << ui_->text();
    EXPECT_EQ(order(1).claimed_by, "wang") << "no letter was taken for a key of the bench";
}

TEST_F(Viewer, DropsThePagesOfTheOrderBefore) {
    put_three_pages(1);
    put_with_package(2, "this is no archive");
    begin_work();
    ASSERT_TRUE(ui_->until_says("1 / 3")) << ui_->text();
    ui_->press(ImGuiKey_A);
    ASSERT_TRUE(ui_->until([&] { return ui_->visible(ids::viewer_refusal(1)); })) << ui_->text();
    EXPECT_FALSE(ui_->says("1 / 3"));
    EXPECT_TRUE(ui_->says("个文件打不开"));
    EXPECT_EQ(times_opened(2), 1);
}

TEST_F(Viewer, HasTheNextPackageReadyButLogsItOnlyWhenShown) {
    put_three_pages(1);
    put_with_package(2, "this is no archive");
    begin_work();
    ASSERT_TRUE(ui_->until_says("1 / 3")) << ui_->text();
    ASSERT_TRUE(ui_->until([&] { return ui_->pictures_shown() >= 7 && desk_->jobs().busy() == 0; }));
    ui_->frame(3);
    desk_->jobs().wait_idle();
    ui_->frame(3);
    EXPECT_EQ(times_opened(2), 0);
    EXPECT_FALSE(ui_->says("个文件打不开")) << "nothing of it is seen";
}

}  // namespace
}  // namespace sealdesk::tests
