// The checklist on the bench, item by item and by key, down to the database and to what the applicant reads.
#include "panels/review_items.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "checks/items.h"
#include "crypto/digest.h"
#include "panels/review_form.h"
#include "portal/packages.h"
#include "portal/store.h"
#include "review/pages.h"
#include "tests/panels/desk_on_screen.h"
#include "tests/portal/paid_order.h"
#include "tests/sync/running_portal.h"

namespace sealdesk::tests {
namespace {

namespace ids = panels::ids;
using orders::State;
using review::Item;
using review::ItemVerdict;

class ItemsOnBench : public DeskOnScreen {
protected:
    review::Items items_of(const std::string& order_no) {
        const auto loaded = orders::load(desk_->database(), order_no);
        EXPECT_TRUE(loaded);
        const auto all =
            review::items(desk_->database(), order_no, checks::items_to_judge(desk_->standards().checklists, loaded->order));
        EXPECT_TRUE(all);
        return all ? *all : review::Items{};
    }
    Item item(const std::string& order_no, const std::string& code) {
        const auto all = items_of(order_no);
        for (const auto& each : all.list)
            if (each.wanted.code == code) return each;
        ADD_FAILURE() << "no item " << code;
        return {};
    }
    bool becomes(const std::string& order_no, const std::string& code, ItemVerdict verdict) {
        return ui_->until([&] { return item(order_no, code).verdict == verdict; });
    }
    // A package with these pages, as sealdesk-scanmaker draws them.
    std::string package(const std::string& name, const std::string& pages) {
        EXPECT_TRUE(
            write_file(folder_.path() / "recipe.json", R"({"packages":[{"out":")" + name + R"(","pages":)" + pages + "}]}"));
        const auto made = run({program("sealdesk-scanmaker"), folder_.path() / "recipe.json"});
        EXPECT_TRUE(made && made->status == 0) << (made ? made->output : "");
        return read_file(folder_.path() / name).value_or("");
    }
    static constexpr const char* kForm = R"({"template":"application_unit","file":"申请表.jpg","dpi":60,"fields":{}})";
    static constexpr const char* kCard = R"({"template":"identity_card","file":"身份证.jpg","dpi":60,"fields":{}})";
    static constexpr const char* kLicence =
        R"({"template":"business_licence","file":"营业执照.png","as":"png","dpi":60,"fields":{}})";
    static constexpr const char* kSharper =
        R"({"template":"business_licence","file":"营业执照.png","as":"png","dpi":90,"fields":{}})";
    static std::string pages(const std::vector<const char*>& list) {
        std::string text = "[";
        for (const auto* page : list) text += (text.size() > 1 ? "," : "") + std::string(page);
        return text + "]";
    }
};

TEST_F(ItemsOnBench, AcceptedByKeyOneAfterTheOtherAndApproved) {
    put_orders(1, 1);
    begin_work();
    ASSERT_TRUE(ui_->until_says("逐项核对")) << ui_->text();
    EXPECT_TRUE(ui_->says("0/7")) << ui_->text();
    ui_->press(ImGuiKey_J);
    ui_->press(ImGuiKey_Y);
    ui_->press(ImGuiKey_Y);
    ui_->press(ImGuiKey_A);
    ASSERT_TRUE(ui_->until_says("“营业执照（加盖公章的复印件）”还没有核对")) << ui_->text();
    EXPECT_EQ(order(1).state, State::paid);
    EXPECT_TRUE(ui_->says("2/7"));
    EXPECT_EQ(item(no(1), "application_form").verdict, ItemVerdict::accepted) << "kept before the decision was tried";
    for (int i = 0; i < 3; ++i) ui_->press(ImGuiKey_J);
    ui_->press(ImGuiKey_Y);  // the licence; then the identity card, the last that is required
    ui_->press(ImGuiKey_Y);
    ui_->press(ImGuiKey_A);
    ASSERT_TRUE(ui_->until_says("已通过 " + no(1))) << ui_->text();
    EXPECT_EQ(order(1).state, State::approved);
}

TEST_F(ItemsOnBench, AFaultBlocksApprovalAndItsBlanksMustBeFilled) {
    put_orders(1, 1);
    begin_work();
    ASSERT_TRUE(ui_->until_says("逐项核对"));
    for (int i = 0; i < 3; ++i) ui_->press(ImGuiKey_J);
    ui_->press(ImGuiKey_T);
    ASSERT_TRUE(becomes(no(1), "licence", ItemVerdict::faulted));
    ui_->press(ImGuiKey_Escape);
    ui_->press(ImGuiKey_A);
    ASSERT_TRUE(ui_->until_says("标为有问题，不能通过")) << ui_->text();
    ui_->press(ImGuiKey_R);
    ASSERT_TRUE(ui_->until_says("请选择原因或写明原因")) << ui_->text();
    for (int i = 0; i < 3; ++i) ui_->press(ImGuiKey_J);
    const auto fit = review::fitting(desk_->reasons(), "licence");
    size_t unreadable = 0;
    while (unreadable < fit.size() && fit[unreadable].code != "page_unreadable") ++unreadable;
    ASSERT_LT(unreadable, fit.size());
    ui_->press(ImGuiKey_2);  // the seal is unclear, then: the number differs
    ui_->press(static_cast<ImGuiKey>(ImGuiKey_1 + static_cast<int>(unreadable)));
    ui_->frame(2);
    EXPECT_TRUE(ui_->visible(ids::review_blank("page_unreadable", "内容"))) << ui_->text();
    ui_->type("3");  // the blank has the keyboard
    ui_->press(ImGuiKey_Enter);
    ui_->press(ImGuiKey_Escape);
    ui_->press(ImGuiKey_Escape);
    ui_->press(ImGuiKey_P);
    ASSERT_TRUE(ui_->until_says("现在还不能退回")) << ui_->text();
    ui_->press(ImGuiKey_Enter);
    for (int i = 0; i < 3; ++i) ui_->press(ImGuiKey_J);
    ui_->type_into(ids::review_blank("page_unreadable", "内容"), "公章");
    ui_->type_into(ids::review_item_note, "右下角");
    ui_->press(ImGuiKey_Enter);
    ui_->press(ImGuiKey_P);
    ASSERT_TRUE(ui_->until_says("第 3 页的公章看不清")) << ui_->text();
    EXPECT_TRUE(ui_->says("右下角"));
    ui_->press(ImGuiKey_Enter);
    ui_->press(ImGuiKey_R);
    ASSERT_TRUE(ui_->until_says("已退回 " + no(1))) << ui_->text();
    const auto body = nlohmann::json::parse(acts_of(1).at(0).body);
    ASSERT_EQ(body["reasons"].size(), 3u) << body.dump();
    EXPECT_EQ(body["reasons"][0]["code"], fit[1].code);
    EXPECT_EQ(body["reasons"][0]["title"], "营业执照（加盖公章的复印件）");
    EXPECT_EQ(body["reasons"][1]["text"], "第 3 页的公章看不清，请重新扫描后上传。");
    EXPECT_EQ(body["reasons"][2]["text"], "右下角");
}

TEST_F(ItemsOnBench, UndoBringsTheItemsBackAndARestartKeepsThem) {
    put_orders(1, 1);
    begin_work();
    ASSERT_TRUE(ui_->until_says("逐项核对"));
    ui_->press(ImGuiKey_J);
    ui_->press(ImGuiKey_Y);
    ui_->press(ImGuiKey_7);  // the application form is blurred: chosen next, faulted by its first reason
    ASSERT_TRUE(becomes(no(1), "application_form", ItemVerdict::faulted)) << ui_->text();
    ui_->press(ImGuiKey_R);
    ASSERT_TRUE(ui_->until_visible(ids::undo)) << ui_->text();
    ui_->press(ImGuiKey_Z);
    ASSERT_TRUE(ui_->until([&] { return ui_->visible(ids::review_approve) && !ui_->visible(ids::undo); })) << ui_->text();
    ASSERT_TRUE(ui_->until_says("2/7")) << ui_->text();
    restart();
    sign_in("wang");
    ASSERT_TRUE(ui_->until_says("2/7")) << ui_->text();
    EXPECT_EQ(item(no(1), "form").verdict, ItemVerdict::accepted);
    EXPECT_EQ(item(no(1), "application_form").fault.reasons.size(), 1u);
}

TEST_F(ItemsOnBench, DigitsStayWithTheOrderWhileNoItemIsChosen) {
    put_orders(1, 1);
    begin_work();
    ASSERT_TRUE(ui_->until_says("逐项核对"));
    ui_->press(ImGuiKey_2);
    ui_->press(ImGuiKey_R);
    ASSERT_TRUE(ui_->until_says("已退回 " + no(1))) << ui_->text();
    const auto body = nlohmann::json::parse(acts_of(1).at(0).body);
    ASSERT_EQ(body["reasons"].size(), 1u);
    EXPECT_EQ(body["reasons"][0]["code"], "stamp_unclear");
    EXPECT_FALSE(body["reasons"][0].contains("item"));
    EXPECT_FALSE(items_of(no(1)).begun);
}

TEST_F(ItemsOnBench, ACropIsKeptShownAndMadeAgainAfterARestart) {
    const auto bytes = package("three.zip", pages({kForm, kLicence, kCard}));
    orders::Order with = sample_order(1);
    with.submissions[0].package_sha256 = sha256_hex(bytes);
    ASSERT_OK(desk_->packages().put(with.submissions[0].package_sha256, bytes));
    ASSERT_OK(put(desk_->database(), {with}, State::paid));
    desk_->actor = actor("wang", "王敏");
    ASSERT_OK(review::claim(desk_->database(), *desk_->actor, desk_->review_rules(), no(1)));
    auto opened = panels::load_opened(desk_->database(), no(1));
    ASSERT_OK(opened);
    auto form = std::make_unique<panels::ReviewForm>();
    ui_ = std::make_unique<Headless>([&] { form->draw(*desk_, *opened, ""); });
    desk_->set_wake([this] { ui_->wake(); });
    ASSERT_TRUE(ui_->until_says("逐项核对"));
    for (int i = 0; i < 3; ++i) ui_->press(ImGuiKey_J);
    EXPECT_FALSE(form->items().wants_crop(false));
    ui_->press(ImGuiKey_T);
    ui_->press(ImGuiKey_3);
    ui_->press(ImGuiKey_G);
    ASSERT_TRUE(form->items().wants_crop(false));
    EXPECT_FALSE(form->items().wants_crop(false)) << "once for each wish";
    form->items().cut(*desk_, opened->desk, {2, "", 0, {0.1, 0.1, 0.6, 0.4}, {0.2, 0.2, 0.3, 0.2}}, nullptr);
    ASSERT_TRUE(ui_->until([&] { return item(no(1), "licence").fault.crop.page == 2; })) << ui_->text();
    const auto kept = item(no(1), "licence").fault;
    EXPECT_TRUE(kept.picture.starts_with("\x89PNG"));
    EXPECT_EQ(kept.reasons.size(), 1u);
    ASSERT_TRUE(ui_->until([&] { return ui_->pictures_shown() > 0; }));

    form = std::make_unique<panels::ReviewForm>();
    ui_ = std::make_unique<Headless>([&] { form->draw(*desk_, *opened, ""); });
    ASSERT_TRUE(ui_->until_says("截图：第 2 页")) << ui_->text();
    ui_->press(ImGuiKey_P);
    ASSERT_TRUE(ui_->until([&] { return ui_->pictures_shown() > 0; })) << "made again, and the same";
    EXPECT_TRUE(ui_->says("申请人将看到"));
    ui_->press(ImGuiKey_Enter);
    for (int i = 0; i < 3; ++i) ui_->press(ImGuiKey_J);
    ui_->click(ids::review_item_no_crop);
    ASSERT_TRUE(ui_->until([&] { return item(no(1), "licence").fault.crop.page == 0; }));
    desk_->jobs().wait_idle();
    ui_.reset();
}

TEST_F(ItemsOnBench, APartOfThePageIsMarkedInTheViewer) {
    const auto bytes = package("three.zip", pages({kForm, kLicence, kCard}));
    orders::Order with = sample_order(1);
    with.submissions[0].package_sha256 = sha256_hex(bytes);
    ASSERT_OK(desk_->packages().put(with.submissions[0].package_sha256, bytes));
    ASSERT_OK(put(desk_->database(), {with}, State::paid));
    begin_work();
    ASSERT_TRUE(ui_->until_says("1 / 3")) << ui_->text();
    for (int i = 0; i < 2; ++i) ui_->press(ImGuiKey_J);
    ui_->press(ImGuiKey_T);
    ui_->press(ImGuiKey_G);
    ui_->frame(2);
    const auto canvas = ui_->item(ids::viewer_page);
    const ImVec2 middle(canvas.x + canvas.w / 2, canvas.y + canvas.h / 2);
    ui_->drag({middle.x - 80, middle.y - 60}, {middle.x + 80, middle.y + 60});
    ASSERT_TRUE(ui_->visible(ids::viewer_crop_use)) << ui_->text();
    ui_->press(ImGuiKey_Enter);
    ASSERT_TRUE(ui_->until([&] { return item(no(1), "application_form").fault.crop.page == 1; })) << ui_->text();
    const auto fault = item(no(1), "application_form").fault;
    EXPECT_FALSE(fault.crop.ellipse.empty());
    EXPECT_FALSE(fault.crop.file_sha256.empty());
    EXPECT_TRUE(fault.picture.starts_with("\x89PNG"));
}

// With the real portal process: sent back by items, corrected by the applicant, and back on the bench.
class Resubmission : public ItemsOnBench {
protected:
    void SetUp() override {
        ASSERT_OK(write_file(folder_.path() / "bearer", RunningPortal::kToken));
        settings_.portal = portal_.base();
        settings_.portal_ca = portal_.ca();
        settings_.portal_token_file = folder_.path() / "bearer";
        auto opened = storage::Database::open({portal_.database(), source("data/migrations/portal"), &clock_, &random_, 2});
        ASSERT_OK(opened);
        there_ = std::move(*opened);
        open_desk();
    }
    nlohmann::json at_the_portal() { return portal::find_order(*there_, "D-1").value().value(); }
    size_t known_pages(int revision) {
        return desk_->database()
            .read([&](storage::Tx& tx) -> Result<size_t> { return review::pages_in(tx, "D-1", revision).size(); })
            .value();
    }
    bool in_time(const std::function<bool()>& condition) {
        for (int i = 0; i < 6; ++i)
            if (ui_->until(condition)) return true;
        return false;
    }
    RunningPortal portal_{folder_.path()};
    std::unique_ptr<storage::Database> there_;
};

TEST_F(Resubmission, ComesBackWithWhatWasAcceptedAndWhatWasSaid) {
    package("first.zip", pages({kForm, kLicence, kCard}));
    const auto stored = portal::Packages(portal_.packages()).add(folder_.path() / "first.zip");
    ASSERT_OK(stored);
    auto placed = paid_order("D-1", stored->sha256);
    placed.submissions[0].package_bytes = stored->bytes;
    ASSERT_OK(portal::place_order(*there_, placed));
    open_screen();
    desk_->start_sync();
    sign_in("wang");
    ASSERT_TRUE(in_time([&] { return ui_->visible(ids::review_row("D-1")); })) << ui_->text();
    ui_->press(ImGuiKey_N);
    ASSERT_TRUE(in_time([&] { return ui_->visible(ids::review_approve) && known_pages(1) == 3; })) << ui_->text();
    ASSERT_TRUE(in_time([&] { return ui_->says("逐项核对"); }));

    ui_->press(ImGuiKey_J);
    ui_->press(ImGuiKey_Y);
    ui_->press(ImGuiKey_Y);
    ui_->press(ImGuiKey_2);  // the licence
    ui_->press(ImGuiKey_J);
    ui_->press(ImGuiKey_Y);  // the identity card
    ASSERT_TRUE(becomes("D-1", "handler_identity", ItemVerdict::accepted)) << ui_->text();
    ui_->type_into(ids::review_note, "请在周五前重传");
    ui_->press(ImGuiKey_Enter);
    ui_->press(ImGuiKey_P);
    ASSERT_TRUE(ui_->until_says("申请人将看到"));
    const std::string preview = ui_->text();
    ui_->press(ImGuiKey_Enter);
    ui_->press(ImGuiKey_R);
    ASSERT_TRUE(in_time([&] { return ui_->says("已退回 D-1"); })) << ui_->text();
    clock_.advance(settings_.undo_ms);
    desk_->nudge();
    ASSERT_TRUE(in_time([&] { return at_the_portal()["applicant_state"] == "correction_needed"; }));
    const auto told = at_the_portal()["reasons"];
    ASSERT_EQ(told.size(), 2u) << told.dump();
    const auto without_breaks = [](std::string text) {
        std::erase(text, '\n');
        return text;
    };
    for (const auto& line : told)
        EXPECT_THAT(without_breaks(preview), testing::HasSubstr(line["text"].get<std::string>())) << "the preview showed it";
    EXPECT_EQ(told[0]["item"], "licence");
    EXPECT_EQ(told[1]["text"], "请在周五前重传");

    package("second.zip", pages({kCard, kForm, kSharper}));
    const auto again = portal_.control({"resubmit", "D-1", "--package", folder_.path() / "second.zip"});
    ASSERT_EQ(again.status, 0) << again.output;
    desk_->nudge();
    ASSERT_TRUE(in_time([&] { return known_pages(2) == 3; })) << ui_->text();
    const auto beside = review::pages_beside(desk_->database(), "D-1", 2);
    ASSERT_OK(beside);
    EXPECT_EQ(beside->pages.at(0).same_as, 3);
    EXPECT_EQ(beside->pages.at(1).same_as, 1);
    EXPECT_EQ(beside->pages.at(2).instead_of, 2);
    ui_->press(ImGuiKey_N);
    ASSERT_TRUE(in_time([&] { return ui_->visible(ids::review_approve) && ui_->says("3/7"); })) << ui_->text();
    EXPECT_TRUE(ui_->says("第 1 次提交时已合格"));
    EXPECT_TRUE(ui_->says("上次这样告诉申请人"));
    EXPECT_TRUE(ui_->says(told[0]["text"].get<std::string>().substr(0, 12)));
    ui_->press(ImGuiKey_A);
    ASSERT_TRUE(ui_->until_says("还没有核对")) << ui_->text();
    for (int i = 0; i < 3; ++i) ui_->press(ImGuiKey_J);
    ui_->press(ImGuiKey_Y);
    ui_->press(ImGuiKey_A);
    ASSERT_TRUE(in_time([&] { return ui_->says("已通过 D-1"); })) << ui_->text();
    clock_.advance(settings_.undo_ms);
    desk_->nudge();
    EXPECT_TRUE(in_time([&] { return at_the_portal()["applicant_state"] == "in_production"; }));
}

}  // namespace
}  // namespace sealdesk::tests
