// The shared widgets, driven with real input events.
#include "panels/kit/kit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "base/files.h"
#include "base/log.h"
#include "tests/support/headless.h"

namespace sealdesk::tests {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(Button, IsPressedByMouseAndByItsKey) {
    int approved = 0;
    Headless screen([&] {
        if (kit::button("approve", "通过", {.tone = kit::Tone::green, .key = ImGuiKey_A})) ++approved;
    });
    screen.click("approve");
    EXPECT_EQ(approved, 1);
    screen.press(ImGuiKey_A);
    EXPECT_EQ(approved, 2);
    screen.press(ImGuiMod_Ctrl | ImGuiKey_A);
    screen.press(ImGuiKey_B);
    EXPECT_EQ(approved, 2) << "another key";
    EXPECT_TRUE(screen.says("通过"));
}

TEST(Button, ThatIsOffTellsWhyAndDoesNothing) {
    int pressed = 0;
    Headless screen([&] {
        if (kit::button("issue", "制证", {.key = ImGuiKey_I, .disabled_because = "审核人不能制证"})) ++pressed;
    });
    EXPECT_TRUE(screen.disabled("issue"));
    screen.press(ImGuiKey_I);
    EXPECT_THAT([&] { screen.click("issue"); }, ThrowsMessage<std::runtime_error>(HasSubstr("disabled")));
    EXPECT_EQ(pressed, 0);
    screen.hover("issue");
    screen.pass(1);
    screen.frame(2);
    EXPECT_TRUE(screen.says("审核人不能制证"));
}

TEST(Shortcuts, StayQuietWhileSomebodyTypes) {
    int approved = 0;
    std::string name;
    Headless screen([&] {
        if (kit::button("approve", "通过", {.key = ImGuiKey_A})) ++approved;
        kit::search_box("search", &name, "名称", ImGuiMod_Ctrl | ImGuiKey_K, 300);
    });
    screen.press(ImGuiMod_Ctrl | ImGuiKey_K);
    screen.press(ImGuiKey_A);
    screen.type("垚鑫𠮷");
    EXPECT_EQ(approved, 0);
    EXPECT_EQ(name, "垚鑫𠮷");
    screen.press(ImGuiKey_Escape);
    screen.press(ImGuiKey_A);
    EXPECT_EQ(approved, 1);
}

TEST(Shortcuts, OfWhatLiesBehindADialogStayQuiet) {
    int approved = 0, answered = 0;
    bool open = true;
    Headless screen([&] {
        if (kit::button("approve", "通过", {.key = ImGuiKey_A})) ++approved;
        if (kit::ask("sure", &open, "退款", "订单已退款，仍要继续吗？", "继续") == kit::Answer::yes) ++answered;
    });
    screen.frame(2);
    ASSERT_TRUE(screen.says("订单已退款"));
    screen.press(ImGuiKey_A);
    EXPECT_EQ(approved, 0);
    EXPECT_THAT([&] { screen.click("approve"); }, ThrowsMessage<std::runtime_error>(HasSubstr("covered")));
    screen.press(ImGuiKey_Enter);
    EXPECT_EQ(answered, 1);
    EXPECT_FALSE(open);
    EXPECT_FALSE(screen.says("订单已退款"));
    screen.press(ImGuiKey_A);
    EXPECT_EQ(approved, 1);
}

TEST(Dialog, EscapeIsNo) {
    bool open = true;
    auto answer = kit::Answer::none;
    Headless screen([&] {
        if (auto now = kit::ask("sure", &open, "作废", "作废这支 KEY？", "作废", kit::Tone::red); now != kit::Answer::none)
            answer = now;
    });
    screen.press(ImGuiKey_Escape);
    EXPECT_EQ(answer, kit::Answer::no);
    EXPECT_FALSE(open);
    screen.frame(2);
    EXPECT_FALSE(screen.visible("yes"));
}

TEST(Dialog, TellsTheIncidentOfAFaultButNotItsDetail) {
    bool open = true;
    const Error error{ErrorKind::internal, "保存失败", "constraint 19"};
    const auto folder = std::filesystem::temp_directory_path() / ("incident." + std::to_string(getpid()));
    std::string logged;
    {
        auto log = Log::open(folder);
        ASSERT_TRUE(log) << log.error().message;
        Headless screen([&] { kit::tell("fault", &open, error); });
        screen.frame(3);
        EXPECT_TRUE(screen.says("保存失败"));
        EXPECT_FALSE(screen.says("constraint"));
        const std::string told = "事件编号 ";
        const size_t at = screen.text().find(told);
        ASSERT_NE(at, std::string::npos) << screen.text();
        logged = screen.text().substr(at + told.size(), 9) + " internal: 保存失败 [constraint 19]";
        screen.click("close");
        EXPECT_FALSE(open);
    }
    const std::string text = read_file(folder / "desk.log").value_or("");
    std::filesystem::remove_all(folder);
    EXPECT_NE(text.find(logged), std::string::npos) << text;
    EXPECT_EQ(text.find("constraint"), text.rfind("constraint")) << "told once, not in every frame";
}

TEST(KeyList, ShowsWhatIsValidHere) {
    Headless screen([&] {
        kit::button("approve", "通过", {.key = ImGuiKey_A});
        kit::button("hold", "挂起", {.key = ImGuiKey_H});
        kit::button("print", "打印", {.key = ImGuiKey_P, .disabled_because = "没有打印机"});
    });
    const auto times = [&](std::string_view words) {
        size_t count = 0;
        for (size_t at = 0; (at = screen.text().find(words, at)) != std::string::npos; at += words.size()) ++count;
        return count;
    };
    EXPECT_FALSE(screen.says("这里可用的快捷键"));
    screen.press(ImGuiMod_Shift | ImGuiKey_Slash);
    screen.frame(2);
    EXPECT_TRUE(screen.says("这里可用的快捷键"));
    EXPECT_EQ(times("挂起"), 2u) << "button and list";
    EXPECT_EQ(times("打印"), 1u) << "a key that does nothing here is not listed";
    screen.press(ImGuiKey_Escape);
    screen.frame(2);
    EXPECT_FALSE(screen.says("这里可用的快捷键"));
    EXPECT_EQ(screen.ui().shortcuts.entries().size(), 4u);
}

TEST(KeyList, OpensOnceWhenThePanelBringsItsOwnScreen) {
    Headless screen([&] {
        kit::begin_screen("desk");
        kit::button("approve", "通过", {.key = ImGuiKey_A});
        kit::end_screen();
    });
    screen.press(ImGuiMod_Shift | ImGuiKey_Slash);
    screen.frame(2);
    EXPECT_TRUE(screen.says("这里可用的快捷键"));
}

TEST(Pane, IsFoundByItsIdAndItsHeadStandsAtTheRight) {
    Headless screen([&] {
        kit::begin_pane("top", {600, 48});
        kit::begin_right("who", 16);
        kit::button("leave", "退出");
        kit::end_right();
        kit::end_pane();
        kit::edge_right();
        ImGui::SameLine(0, 0);
        kit::begin_pane("next", {0, 48});
        kit::end_pane();
    });
    const auto& leave = screen.item("leave");
    EXPECT_NEAR(leave.x + leave.w, 600 - 16, 1);
    EXPECT_FLOAT_EQ(screen.item("top").w, 600);
    EXPECT_FLOAT_EQ(screen.item("next").x, 601);
}

TEST(Rows, AreFoundByTheirIdAndLongOnesScroll) {
    std::string chosen;
    Headless screen([&] {
        kit::begin_pane("queue", {320, 600});
        for (int i = 0; i < 40; ++i) {
            const std::string number = "DD20261122-" + std::to_string(1000 + i);
            if (kit::list_row(number.c_str(), {.title = "南京犇鑫建设工程有限公司",
                                               .title_right = "¥400",
                                               .chips = {{"补办", kit::Tone::orange}},
                                               .note = "单位 · 2 年 × 1",
                                               .note_right = {"等待 18 分"},
                                               .selected = chosen == number}))
                chosen = number;
        }
        kit::end_pane();
    });
    screen.click("DD20261122-1003");
    EXPECT_EQ(chosen, "DD20261122-1003");
    EXPECT_FALSE(screen.visible("DD20261122-1030"));
    EXPECT_THAT([&] { screen.click("DD20261122-1030"); }, ThrowsMessage<std::runtime_error>(HasSubstr("not on screen")));
    for (int i = 0; i < 40 && !screen.visible("DD20261122-1030"); ++i) screen.scroll("queue", -3);
    screen.click("DD20261122-1030");
    EXPECT_EQ(chosen, "DD20261122-1030");
}

TEST(Rows, TableCellsAreReadAndRowsPressed) {
    std::string opened;
    Headless screen([&] {
        const std::vector<kit::Column> columns{{"渠道"}, {"金额", 120, kit::Align::right}, {"状态", 100}};
        if (!kit::begin_table("channels", columns)) return;
        for (const std::string id : {"alipay", "cpcn"}) {
            if (kit::table_row(id.c_str())) opened = id;
            kit::cell(id == "alipay" ? "支付宝" : "中金支付");
            kit::cell("¥1,400.00");
            kit::cell_chip("相符", kit::Tone::green);
        }
        kit::end_table();
    });
    EXPECT_TRUE(screen.says("支付宝"));
    EXPECT_TRUE(screen.says("¥1,400.00"));
    screen.click("cpcn");
    EXPECT_EQ(opened, "cpcn");
}

TEST(Input, KeepsWhatIsTypedAndShowsWhyItIsRefused) {
    std::string code = "old";
    bool entered = false;
    Headless screen([&] {
        const bool bad = code.size() != 18 && !code.empty();
        if (kit::labelled_input("uscc", "统一社会信用代码", &code, {.refused = bad ? "应为 18 位" : ""}).entered) entered = true;
    });
    EXPECT_TRUE(screen.says("应为 18 位"));
    screen.type_into("uscc", "91320104MA1X7K2L3Q");
    EXPECT_EQ(code, "91320104MA1X7K2L3Q");
    EXPECT_FALSE(screen.says("应为 18 位"));
    EXPECT_FALSE(entered);
    screen.press(ImGuiKey_Enter);
    EXPECT_TRUE(entered);
}

TEST(Toast, GoesByItself) {
    bool shown = false;
    Headless screen([&] {
        if (!shown) kit::frame().toasts.show("已通过，按 Z 撤销", kit::Tone::green, 4);
        shown = true;
    });
    EXPECT_TRUE(screen.says("已通过"));
    EXPECT_LE(screen.ui().wake_after, 4.0);
    screen.pass(5);
    EXPECT_FALSE(screen.says("已通过"));
    EXPECT_GT(screen.ui().wake_after, 1e8);
}

TEST(Words, ALongValueTakesMoreLinesInsteadOfBeingCutOff) {
    const std::string address = "安徽省合肥市蜀山区朗月巷 96 号 9 幢 625 室，收发室代收，电话联系后送到门口";
    float below = 0;
    Headless screen([&] {
        kit::begin_pane("form", {320, 300});
        const float from = ImGui::GetCursorScreenPos().y;
        kit::field_row({.label = "快递", .value = address});
        below = ImGui::GetCursorScreenPos().y - from;
        kit::end_pane();
    });
    std::string said = screen.text();
    for (const char c : {' ', '\n'}) said.erase(std::remove(said.begin(), said.end(), c), said.end());
    std::string whole = address;
    whole.erase(std::remove(whole.begin(), whole.end(), ' '), whole.end());
    EXPECT_NE(said.find(whole), std::string::npos) << said;
    EXPECT_GT(below, kit::px(33)) << "the row is higher than one line";
}

TEST(Words, MarkedAndFittedValuesAreStillRead) {
    Headless screen([&] {
        kit::begin_pane("form", {400, 300});
        kit::field_row({.label = "信用代码",
                        .value = "91320104MA1X7K2L3Q",
                        .verdict = {"执照为 1", kit::Tone::red},
                        .marked_from = 12,
                        .marked_length = 1});
        kit::banner("portal", "门户暂时连不上", "重试");
        kit::callout("证件号码与申请表不一致", "申请人将看到此文字和截图", kit::Tone::red);
        kit::empty_text("没有待审核的订单", "N", "领取下一单");
        kit::end_pane();
    });
    EXPECT_TRUE(screen.says("执照为 1"));
    EXPECT_TRUE(screen.says("门户暂时连不上"));
    EXPECT_TRUE(screen.says("申请人将看到此文字和截图"));
    EXPECT_TRUE(screen.says("没有待审核的订单"));
    EXPECT_TRUE(screen.visible("portal"));
}

TEST(Fonts, HaveTheRareCharactersOfNames) {
    bool all = false;
    Headless screen([&] {
        ImFontBaked* baked = ImGui::GetFontBaked();
        all = true;
        for (const ImWchar c : {0x7AE0u, 0x9F98u, 0x20BB7u, 0x4DAEu}) all = all && baked->FindGlyphNoFallback(c) != nullptr;
    });
    EXPECT_TRUE(all);
}

TEST(Scale, DoublesEveryLength) {
    float one = 0, two = 0;
    ImVec2 small, large;
    const auto draw = [](float& length, ImVec2& size) {
        return [&] {
            length = kit::px(52);
            size = kit::chip_size("补办");
        };
    };
    { Headless screen(draw(one, small)); }
    { Headless screen(draw(two, large), {3200, 1800}, 2); }
    EXPECT_FLOAT_EQ(one, 52);
    EXPECT_FLOAT_EQ(two, 104);
    EXPECT_NEAR(large.x, small.x * 2, 4);
}

TEST(Headless, WaitsForAFinishedJob) {
    std::atomic<bool> done = false;
    Headless screen([&] {
        if (done) kit::text("完成");
    });
    EXPECT_FALSE(screen.says("完成"));
    std::jthread job([&] {
        done = true;
        screen.wake();
    });
    EXPECT_TRUE(screen.until_says("完成"));
}

TEST(Chart, BarsAreClicked) {
    int clicked = -1;
    const std::vector<kit::Bar> bars{{"证件不清", 12, "12"}, {"未盖章", 5, "5", kit::Tone::red}};
    Headless screen([&] {
        if (const int now = kit::bars("reasons", bars, 500); now >= 0) clicked = now;
        kit::columns("days", bars, {500, 200});
    });
    EXPECT_TRUE(screen.says("未盖章"));
    screen.click("reasons/1");
    EXPECT_EQ(clicked, 1);
}

}  // namespace
}  // namespace sealdesk::tests
