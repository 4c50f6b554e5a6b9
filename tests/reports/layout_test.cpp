#include "reports/layout.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "tests/reports/document_test.h"
#include "tests/reports/samples.h"

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

std::string without_spaces(const std::string& text) {
    std::string out;
    for (const char32_t c : code_points(text))
        if (c != U' ' && c != 0x3000) out += utf8(c);
    return out;
}

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

// Hard names and addresses: each is either on the label to the last character or refused with a sentence.
TEST_F(LayoutTest, HardAddressesStayInTheirBoxesOrAreRefused) {
    const std::string pieces[] = {"新疆维吾尔自治区巴音郭楞蒙古自治州",
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                                  "吐尔逊·买买提江·阿卜杜拉",
                                  "（靠近加油站）",
                                  "𠮷祥路 8 号",
                                  "10000000000000000000000000000",
                                  "！！！！！！！！",
                                  "𬭎",
                                  "é",
                                  "Ⅷ-①",
                                  " ",
                                  "　",
                                  "。",
                                  "\u200F",
                                  "\n",
                                  "😀",
                                  "西藏自治区那曲市双湖县措折羌玛乡",
                                  "/",
                                  "㐱",
                                  "Building 7, Unit 1204, No. 1698"};
    size_t printed = 0, refused = 0;
    unsigned seed = 20261122;
    for (int i = 0; i < 300; ++i) {
        std::string address, name;
        const unsigned parts = 1 + static_cast<unsigned>(i) % 9;
        for (unsigned k = 0; k < parts; ++k) {
            seed = seed * 1664525 + 1013904223;
            address += pieces[(seed >> 16) % std::size(pieces)];
            if (k < 2) name += pieces[(seed >> 8) % std::size(pieces)];
        }
        Label label = samples::label();
        label.recipient.address = address;
        label.recipient.name = name;
        const auto paper = layout_labels({label}, fonts());
        if (!paper) {
            ++refused;
            EXPECT_EQ(paper.error().kind, ErrorKind::refused);
            EXPECT_FALSE(paper.error().message.empty());
            continue;
        }
        ++printed;
        expect_marks_inside(*paper);
        std::string said;
        for (const Mark& mark : paper->pages[0].marks)
            if (const auto* text = std::get_if<TextMark>(&mark); text && text->box.y == 66) said += text->text;
        std::string wanted = address;
        std::erase(wanted, '\n');
        EXPECT_EQ(without_spaces(said), without_spaces(wanted));
    }
    EXPECT_GT(printed, 100U);
    EXPECT_GT(refused, 30U);
}
