// Forms without a mouse: Tab goes through boxes, ticks and buttons, Space presses, and the desk's own keys stay what they are.
#include "panels/kit/focus.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "panels/kit/kit.h"
#include "tests/panels/by_keys.h"

namespace sealdesk::tests {
namespace {

constexpr ImGuiKeyChord kBack = ImGuiMod_Shift | ImGuiKey_Tab;

// A button of the bench, and in a pane of its own a form with a row of a list and a button that is off.
class Form {
public:
    bool at(std::string_view control) { return has_keyboard(screen, control); }
    void draw() {
        if (kit::button("approve", "通过", {.key = ImGuiKey_A})) ++approved;
        step += kit::list_step("down", "up");
        kit::begin_pane("form", {600, 500}, kit::Ground::pane, kit::px(14, 12));
        kit::list_row("row", {.title = "南京垚鑫建设有限公司"});
        kit::labelled_input("name", "名称", &name);
        kit::checkbox("document", "证件原件与订单一致", &document);
        ImGui::BeginDisabled(settled);
        kit::checkbox("letter", "盖章的授权书", &letter);
        ImGui::EndDisabled();
        kit::select("kind", kinds, &kind);
        kit::button("print", "打印", {.disabled_because = "没有打印机"});
        if (kit::button("leave", "取消")) ++left;
        if (kit::button("send", "提交", {.key = ImGuiKey_Enter})) ++sent;
        kit::end_pane();
    }

    std::string name;
    bool document = false, letter = false, settled = false;
    const std::vector<std::string> kinds{"新办", "补办", "续期"};
    int kind = 0, approved = 0, left = 0, sent = 0, step = 0;
    Headless screen{[this] { draw(); }};
};

TEST(Focus, TabGoesThroughBoxesTicksAndButtons) {
    Form form;
    form.screen.click("name");
    form.screen.type("某");
    for (const char* next : {"document", "letter", "kind", "leave", "send", "approve", "name", "document"}) {
        form.screen.press(ImGuiKey_Tab);
        EXPECT_TRUE(form.at(next)) << next << ": rows have their own keys, and what is off is passed by";
    }
    for (const char* before : {"name", "approve", "send", "leave"}) {
        form.screen.press(kBack);
        EXPECT_TRUE(form.at(before)) << before;
    }
    EXPECT_EQ(form.name, "某");
    EXPECT_FALSE(form.document || form.letter) << "nothing was pressed on the way";
    EXPECT_EQ(form.approved + form.left + form.sent, 0);
}

TEST(Focus, SpaceTicksAndTheKeysOfTheBenchGoOn) {
    Form form;
    ASSERT_TRUE(tab_to(form.screen, "document"));
    form.screen.press(ImGuiKey_Space);
    EXPECT_TRUE(form.document);
    form.screen.press(ImGuiKey_A);
    EXPECT_EQ(form.approved, 1);
    form.screen.press(ImGuiKey_DownArrow);
    EXPECT_EQ(form.step, 1);
    EXPECT_TRUE(form.at("document")) << "arrows are the list's";
    form.screen.press(ImGuiKey_Tab);
    form.screen.press(ImGuiKey_Space);
    EXPECT_TRUE(form.letter);
    form.screen.press(ImGuiKey_Enter);
    EXPECT_EQ(form.sent, 1);
    EXPECT_TRUE(form.letter) << "Enter takes no tick away";
}

TEST(Focus, SpaceAndEnterPressTheButtonWithTheRingAndNoOther) {
    Form form;
    ASSERT_TRUE(tab_to(form.screen, "leave"));
    form.screen.press(ImGuiKey_Enter);
    EXPECT_EQ(form.left, 1);
    form.screen.press(ImGuiKey_Space);
    EXPECT_EQ(form.left, 2);
    EXPECT_EQ(form.sent, 0);
    form.screen.press(ImGuiMod_Ctrl | ImGuiKey_Enter);
    EXPECT_EQ(form.left, 2) << "another key";
    ASSERT_TRUE(tab_to(form.screen, "send"));
    form.screen.press(ImGuiKey_Enter);
    EXPECT_EQ(form.sent, 1) << "once";
}

TEST(Focus, EscapeAndTheMouseTakeTheRingAwayAndTabBringsItBack) {
    Form form;
    form.screen.click("name");
    ASSERT_TRUE(tab_to(form.screen, "leave"));
    form.screen.press(ImGuiKey_Escape);
    EXPECT_FALSE(form.at("leave"));
    form.screen.press(ImGuiKey_Space);
    EXPECT_EQ(form.left, 0) << "without a ring Space is no button's";
    form.screen.press(ImGuiKey_Tab);
    EXPECT_TRUE(form.at("leave")) << "where it was";
    form.screen.click("row");
    form.screen.press(ImGuiKey_Space);
    EXPECT_EQ(form.left, 0);
    form.screen.press(ImGuiKey_Enter);
    EXPECT_EQ(form.sent, 1);
}

TEST(Focus, WhatWasSwitchedOffUnderTheRingIsNotPressed) {
    Form form;
    ASSERT_TRUE(tab_to(form.screen, "letter"));
    form.settled = true;
    form.screen.frame(2);
    form.screen.press(ImGuiKey_Space);
    EXPECT_FALSE(form.letter);
    form.settled = false;
    form.screen.frame(2);
    form.screen.press(ImGuiKey_Space);
    EXPECT_TRUE(form.letter);
}

TEST(Focus, AListIsOpenedAndChosenFromByKeys) {
    Form form;
    ASSERT_TRUE(tab_to(form.screen, "kind"));
    form.screen.press(ImGuiKey_Space);
    ASSERT_TRUE(form.screen.visible("续期"));
    form.screen.press(ImGuiKey_DownArrow);
    form.screen.press(ImGuiKey_A);
    form.screen.press(ImGuiKey_Enter);
    EXPECT_EQ(form.kind, 1);
    EXPECT_FALSE(form.screen.visible("续期"));
    EXPECT_EQ(form.step + form.approved + form.sent, 0) << "an open list has all keys";
    form.screen.press(ImGuiKey_DownArrow);
    EXPECT_EQ(form.step, 1);
    ASSERT_TRUE(tab_to(form.screen, "kind"));
    form.screen.press(ImGuiKey_Space);
    form.screen.press(ImGuiKey_Escape);
    EXPECT_FALSE(form.screen.visible("续期"));
    EXPECT_EQ(form.kind, 1);
}

// Its letters are no box's here, and the Enter behind them is not a person's.
TEST(Focus, ABarcodeReaderPressesNoButtonWithItsEnter) {
    Form form;
    ASSERT_TRUE(tab_to(form.screen, "leave"));
    form.screen.hand_over_text("dd2026");
    form.screen.hand_over(ImGuiKey_Enter);
    form.screen.take_all();
    form.screen.frame(3);
    EXPECT_EQ(form.left, 0);
    form.screen.pass(1);
    form.screen.press(ImGuiKey_Enter);
    EXPECT_EQ(form.left, 1);
}

TEST(Focus, StaysInADialogAndItsAnswerIsTheOneWithTheRing) {
    int behind = 0;
    bool open = true;
    auto answer = kit::Answer::none;
    Headless screen([&] {
        if (kit::button("approve", "通过")) ++behind;
        if (const auto now = kit::ask("sure", &open, "作废", "作废这支 KEY？", "作废", kit::Tone::red); now != kit::Answer::none)
            answer = now;
    });
    screen.frame(2);
    ASSERT_TRUE(tab_to(screen, "yes"));
    screen.press(ImGuiKey_Tab);
    EXPECT_TRUE(has_keyboard(screen, "no")) << "round and round";
    screen.press(ImGuiKey_Enter);
    EXPECT_EQ(answer, kit::Answer::no) << "not the red one";
    EXPECT_FALSE(open);
    EXPECT_EQ(behind, 0);
}

}  // namespace
}  // namespace sealdesk::tests
