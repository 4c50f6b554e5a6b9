// What the checks found, on the bench: chips, evidence, and the answer with a reason, down to the database and the log.
#include "panels/findings.h"

#include <gmock/gmock.h>

#include "audit/audit.h"
#include "crypto/digest.h"
#include "tests/panels/desk_on_screen.h"
#include "tests/scans/made_packages.h"

namespace sealdesk::tests {
namespace {

namespace ids = panels::ids;
using orders::State;
using testing::HasSubstr;

class FindingsOnBench : public DeskOnScreen {
protected:
    checks::Report report(int n) {
        auto made = checks::report(desk_->database(), no(n));
        EXPECT_TRUE(made);
        return made ? *made : checks::Report{};
    }
    bool answered(const std::string& rule) {
        for (const auto& kept : report(1).findings)
            if (kept.finding.rule == rule && kept.overridden) return true;
        return false;
    }
    // Signs in, claims order 1 and waits for its findings.
    void look_at_findings() {
        put_orders(1, 1);
        begin_work();
        ASSERT_TRUE(ui_->until_says("项要看")) << ui_->text();
        settle();
    }
    // Until nothing comes any more: what comes moves the rows, and a click would miss.
    void settle() {
        for (int i = 0; i < 3; ++i) {
            desk_->jobs().wait_idle();
            ui_->frame(2);
        }
    }
    // Scrolls to the finding and chooses it.
    void choose(const std::string& rule, const std::string& item = "") {
        const auto row = ids::review_finding(rule, item);
        ASSERT_TRUE(bring(row)) << ui_->text();
        ui_->click(row);
        settle();
    }
    bool bring(const std::string& name) {
        for (const float step : {-4.0f, 4.0f})
            for (int i = 0; i < 12; ++i) {
                if (ui_->visible(name)) return true;
                ui_->scroll("review.form", step);
                ui_->frame(2);
            }
        return false;
    }
    const std::string document_ = std::string(checks::rules::document.name);
};

TEST_F(FindingsOnBench, ChipsAndEvidenceStandOnTheBench) {
    look_at_findings();
    EXPECT_TRUE(ui_->says("校验不符")) << "the chip beside the number";
    EXPECT_TRUE(ui_->says("信用代码校验位应为")) << "and its evidence";
    EXPECT_TRUE(ui_->says("费用不符")) << "the sample's prices are not those of the table";
    EXPECT_TRUE(ui_->says("地址")) << ui_->text();
    ui_->scroll("review.form", -6);
    ui_->frame(2);
    EXPECT_TRUE(ui_->says("材料包还没有从门户取到"));
    EXPECT_EQ(report(1).revision, 1) << "kept in the database";
}

TEST_F(FindingsOnBench, TheQueueSaysHowManyThereAre) {
    look_at_findings();
    const auto open = checks::open_findings(desk_->database(), {no(1)});
    ASSERT_OK(open);
    ASSERT_EQ(open->size(), 1u);
    const auto& [warnings, faults] = open->begin()->second;
    ASSERT_GT(warnings + faults, 0);
    desk_->touch();  // as the talk with the portal does after examining what came
    const std::string chip = faults > 0 ? fmt::format("不符 {}", faults) : fmt::format("存疑 {}", warnings);
    EXPECT_TRUE(ui_->until_says(chip)) << chip << ui_->text();
}

TEST_F(FindingsOnBench, AReasonIsGivenByKeysAlone) {
    look_at_findings();
    // V goes through what is to be looked at, E answers.
    bool found = false;
    for (int i = 0; i < 12 && !found; ++i) {
        ui_->press(ImGuiKey_V);
        ui_->press(ImGuiKey_E);
        ASSERT_TRUE(ui_->until_visible(ids::review_answer_reason)) << ui_->text();
        found = ui_->says("证件号码：信用代码校验位应为");
        if (!found) ui_->press(ImGuiKey_Escape);
        ui_->frame(2);
    }
    ASSERT_TRUE(found) << ui_->text();
    ui_->type("试点代码，已核实");
    ui_->press(ImGuiKey_Enter);
    ASSERT_TRUE(ui_->until([&] { return answered(document_); })) << ui_->text();
    ASSERT_TRUE(ui_->until_says("试点代码，已核实")) << ui_->text();
    ASSERT_TRUE(ui_->until_says("已说明")) << ui_->text();
    EXPECT_FALSE(ui_->visible(ids::review_answer_reason)) << "the dialog is gone";
    EXPECT_EQ(order(1).state, State::paid) << "Enter meant the reason, nothing else";
    const auto row = audit::page(desk_->database(), no(1), 0, 1)->front();
    EXPECT_EQ(row.action, "checks.override");
    EXPECT_EQ(row.actor, "wang");
    EXPECT_THAT(row.details, HasSubstr("试点代码，已核实"));
}

TEST_F(FindingsOnBench, TheirKeysCanBeOthers) {
    look_at_findings();
    ui_->ui().keymap.choose(ids::review_findings_next, ImGuiKey_Q);
    ui_->ui().keymap.choose(ids::review_findings_answer, ImGuiKey_M);
    ui_->frame(2);
    ui_->press(ImGuiKey_Q);
    ui_->frame(2);
    ui_->press(ImGuiKey_E);
    ui_->frame(3);
    EXPECT_FALSE(ui_->visible(ids::review_answer_reason)) << "E means nothing now";
    ui_->press(ImGuiKey_M);
    EXPECT_TRUE(ui_->until_visible(ids::review_answer_reason)) << ui_->text();
    for (const auto& entry : ui_->ui().shortcuts.entries()) EXPECT_NE(entry.key, ImGuiKeyChord{ImGuiKey_V}) << entry.label;
}

TEST_F(FindingsOnBench, AnEmptyReasonIsRefusedBesideTheField) {
    look_at_findings();
    choose(document_);
    ASSERT_TRUE(bring(ids::review_answer(document_, "")));
    ui_->click(ids::review_answer(document_, ""));
    ASSERT_TRUE(ui_->until_visible(ids::review_answer_save)) << ui_->text();
    ui_->click(ids::review_answer_save);
    ASSERT_TRUE(ui_->until_says("请写明为什么可以通过")) << ui_->text();
    ui_->press(ImGuiKey_Escape);
    ASSERT_TRUE(ui_->until([&] { return !ui_->visible(ids::review_answer_save); }));
    EXPECT_FALSE(answered(document_));
}

TEST_F(FindingsOnBench, AnAnswerIsTakenBack) {
    look_at_findings();
    choose(document_);
    ASSERT_TRUE(bring(ids::review_answer(document_, "")));
    ui_->click(ids::review_answer(document_, ""));
    ASSERT_TRUE(ui_->until_visible(ids::review_answer_reason));
    ui_->type_into(ids::review_answer_reason, "看过");
    ui_->click(ids::review_answer_save);
    ASSERT_TRUE(ui_->until_visible(ids::review_withdraw(document_, ""))) << ui_->text();
    ui_->click(ids::review_withdraw(document_, ""));
    ASSERT_TRUE(ui_->until([&] { return !answered(document_); })) << ui_->text();
    ASSERT_TRUE(ui_->until([&] { return ui_->visible(ids::review_answer(document_, "")); })) << ui_->text();
    EXPECT_EQ(audit::page(desk_->database(), no(1), 0, 1)->front().action, "checks.withdraw");
}

TEST_F(FindingsOnBench, ALateAnswerIsAConflict) {
    look_at_findings();
    choose(document_);
    ASSERT_TRUE(bring(ids::review_answer(document_, "")));
    ui_->click(ids::review_answer(document_, ""));
    ASSERT_TRUE(ui_->until_visible(ids::review_answer_reason));
    ui_->type_into(ids::review_answer_reason, "看过");
    ASSERT_OK(move(desk_->database(), no(1), State::refunded));  // behind this screen's back
    ui_->click(ids::review_answer_save);
    ASSERT_TRUE(ui_->until_says("已退款，不再需要审核")) << ui_->text();
    EXPECT_FALSE(answered(document_));
}

TEST_F(FindingsOnBench, WhoHasNotClaimedMayOnlyLook) {
    put_orders(1, 1);
    open_screen();
    sign_in("wang");
    ASSERT_TRUE(ui_->until_visible(ids::review_row(no(1))));
    ui_->click(ids::review_row(no(1)));
    ASSERT_TRUE(ui_->until_says("项要看")) << ui_->text();
    EXPECT_FALSE(ui_->visible(ids::review_answer(document_, "")));
    ui_->press(ImGuiKey_V);
    ui_->press(ImGuiKey_E);
    EXPECT_FALSE(ui_->visible(ids::review_answer_reason));
}

TEST_F(FindingsOnBench, AFindingOfAPageTurnsToIt) {
    const Folder made;
    made.make(R"([{"out":"a.zip","format":"zip","pages":[)" + page("申请表.jpg", "jpeg", "application_unit") + "," +
              page("营业执照.jpg", "jpeg", "business_licence") + "," + page("营业执照2.jpg", "jpeg", "business_licence") + "]}]");
    const std::string bytes = made.read("a.zip"), sha = sha256_hex(bytes);
    ASSERT_OK(desk_->packages().put(sha, bytes));
    auto one = sample_order(1);
    one.submissions[0].package_sha256 = sha;
    ASSERT_OK(put(desk_->database(), {one}, State::paid));
    begin_work();
    ASSERT_TRUE(ui_->until_says("经办人身份证：3 页材料里没有")) << ui_->text();
    ASSERT_TRUE(ui_->until_says("1 / 3")) << ui_->text();
    choose("papers.material", "licence");
    ASSERT_TRUE(ui_->until_says("2 / 3")) << ui_->text();
    // The missing paper's own reason goes to the reasons for rejection.
    choose("papers.material", "handler_identity");
    ASSERT_TRUE(bring(ids::review_as_reason("papers.material", "handler_identity")));
    ui_->click(ids::review_as_reason("papers.material", "handler_identity"));
    ASSERT_TRUE(ui_->until_says("材料包里没有身份证正反面")) << ui_->text();
}

}  // namespace
}  // namespace sealdesk::tests
