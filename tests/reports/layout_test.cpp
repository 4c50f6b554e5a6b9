#include "reports/layout.h"

#include <gtest/gtest.h>

#include "tests/reports/document_test.h"

using namespace sealdesk;
using namespace sealdesk::reports;

namespace {

class LayoutTest : public DocumentTest {
protected:
    std::vector<TextMark> placed(const Area& box, const std::string& text, const TextStyle& style) {
        Layout layout(fonts(), "test");
        layout.page(100, 100);
        layout.text(box, text, style, "地址");
        const auto paper = layout.finish();
        EXPECT_TRUE(paper) << (paper ? "" : paper.error().message);
        std::vector<TextMark> marks;
        if (!paper) return marks;
        expect_marks_inside(*paper);
        for (const Mark& mark : paper->pages[0].marks) marks.push_back(std::get<TextMark>(mark));
        return marks;
    }
};

}  // namespace

TEST_F(LayoutTest, TextWrapsBeforeItShrinks) {
    const auto marks = placed({0, 0, 30, 20}, "江苏省南京市江宁区秣陵街道", {.size = 10});
    ASSERT_EQ(marks.size(), 2U);
    EXPECT_EQ(marks[0].size, 10);
    EXPECT_EQ(marks[0].text + marks[1].text, "江苏省南京市江宁区秣陵街道");
}

TEST_F(LayoutTest, OneLineTextShrinks) {
    const auto marks = placed({0, 0, 30, 8}, "江苏省南京市江宁区秣陵街道", {.size = 12, .lines = 1});
    ASSERT_EQ(marks.size(), 1U);
    EXPECT_LT(marks[0].size, 12);
    EXPECT_GT(marks[0].size, 5);
}

TEST_F(LayoutTest, NoClosingMarkBeginsALineAndNoWordIsTorn) {
    // Eight characters a line: the comma would begin the second.
    const auto marks = placed({0, 0, 8 * 10 / kPointsPerMm, 20}, "一二三四五六七八，九十", {.size = 10, .smallest = 10});
    ASSERT_EQ(marks.size(), 2U);
    EXPECT_EQ(marks[0].text, "一二三四五六七");
    EXPECT_EQ(marks[1].text, "八，九十");
    const auto words = placed({0, 0, 30, 20}, "Nanjing Construction Engineering", {.size = 10, .smallest = 10});
    ASSERT_GE(words.size(), 2U);
    EXPECT_EQ(words[0].text, "Nanjing");
}

TEST_F(LayoutTest, AlignsInItsBox) {
    const Area box{10, 10, 50, 10};
    const double width = fonts().width("金额", 9);
    EXPECT_NEAR(placed(box, "金额", {.align = Align::left})[0].x, 10, 1e-9);
    EXPECT_NEAR(placed(box, "金额", {.align = Align::right})[0].x, 60 - width, 1e-9);
    EXPECT_NEAR(placed(box, "金额", {.align = Align::centre})[0].x, 35 - width / 2, 1e-9);
    EXPECT_LT(placed(box, "金额", {.stand = Stand::top})[0].baseline, placed(box, "金额", {.stand = Stand::bottom})[0].baseline);
}

TEST_F(LayoutTest, WhatDoesNotFitIsRefusedByItsFieldAndTheFirstErrorStays) {
    Layout layout(fonts(), "test");
    layout.page(100, 100);
    layout.text({0, 0, 10, 5}, std::string(200, 'W'), {}, "收件地址");
    layout.text({0, 0, 10, 5}, std::string(200, 'W'), {}, "备注");
    const auto paper = layout.finish();
    ASSERT_FALSE(paper);
    EXPECT_EQ(paper.error().kind, ErrorKind::refused);
    EXPECT_EQ(paper.error().message, "收件地址太长，放不下：WWWWWWWWWWWWWWWWWWWWWWWW…");
}

TEST_F(LayoutTest, TablesRepeatTheirHeadsAndTearNoRow) {
    Layout layout(fonts(), "test");
    layout.page(210, 100);
    std::vector<std::vector<std::string>> rows;
    for (int i = 0; i < 40; ++i)
        rows.push_back(
            {std::to_string(1000 + i), i % 7 == 0 ? "一行放不下的内容，要在格子里折成好几行才放得下，行高跟着变" : "内容"});
    layout.table(10, 10, {{"编号", 20}, {"内容", 40}}, rows, {.top = 10, .bottom = 90});
    const auto paper = layout.finish();
    ASSERT_TRUE(paper) << paper.error().message;
    expect_marks_inside(*paper);
    EXPECT_GE(paper->pages.size(), 3U);
    size_t found = 0;
    for (const Page& page : paper->pages) {
        bool head = false;
        for (const Mark& mark : page.marks) {
            const auto* text = std::get_if<TextMark>(&mark);
            if (!text) continue;
            EXPECT_LE(text->box.bottom(), 90.001);
            head = head || text->text == "编号";
            found += text->text.size() == 4 && text->text[0] == '1';
        }
        EXPECT_TRUE(head);
    }
    EXPECT_EQ(found, rows.size());
}
