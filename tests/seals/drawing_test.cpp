// Where letters, ring and star of a drawn seal go; how they look is judged with the installed fonts in tests/desk.
#include "seals/drawing.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"

using namespace sealdesk;
using namespace sealdesk::seals;
using testing::HasSubstr;

namespace {

// Every letter is a box: a Chinese character fills its square, anything else is narrow.
class Boxes final : public Letters {
public:
    Result<Letter> letter(char32_t c) const override {
        if (c == U'𬭎') return refused("没有字体能打印字符“𬭎”（U+2CB4E）");
        const double left = 0.03, right = c < 0x2000 || c == U'（' || c == U'）' ? 0.4 : 0.97;
        const auto line = [](double x, double y) { return PathStep{PathStep::Kind::line, {x}, {y}}; };
        return Letter{{{PathStep::Kind::move, {left}, {-0.09}}, line(right, -0.09), line(right, 0.85), line(left, 0.85)},
                      c < 0x2000 ? 0.5 : 1.0};
    }
};

struct Box {
    double left = 1e9, top = 1e9, right = -1e9, bottom = -1e9;
    double x() const { return (left + right) / 2; }
    double y() const { return (top + bottom) / 2; }
};
Box box_of(const DrawnShape& shape) {
    Box box;
    for (const auto& step : shape.steps) {
        const int i = step.last();
        box.left = std::min(box.left, step.x[i]), box.right = std::max(box.right, step.x[i]);
        box.top = std::min(box.top, step.y[i]), box.bottom = std::max(box.bottom, step.y[i]);
    }
    return box;
}
// The corners of the boxes of two letters of straight sides: do they overlap (separating axis)?
bool overlap(const DrawnShape& one, const DrawnShape& other) {
    for (const auto* shape : {&one, &other})
        for (size_t i = 0; i < 4; ++i) {
            const auto &a = shape->steps[i], &b = shape->steps[(i + 1) % 4];
            const double nx = b.y[0] - a.y[0], ny = a.x[0] - b.x[0];
            double range[2][2] = {{1e9, -1e9}, {1e9, -1e9}};
            int which = 0;
            for (const auto* s : {&one, &other}) {
                for (const auto& step : s->steps) {
                    const double at = nx * step.x[0] + ny * step.y[0];
                    range[which][0] = std::min(range[which][0], at), range[which][1] = std::max(range[which][1], at);
                }
                ++which;
            }
            if (range[0][1] <= range[1][0] || range[1][1] <= range[0][0]) return false;
        }
    return true;
}

std::string refusal(const SealText& text) {
    const auto drawn = draw(text, Boxes());
    EXPECT_FALSE(drawn) << "was drawn";
    return drawn ? std::string() : drawn.error().message;
}
SealText round_text(const std::string& name) { return seal_text(SealShape::round, name); }
SealText square_text(const std::string& name) { return seal_text(SealShape::square, name); }
std::string letters_of(const Drawing& drawing) {
    std::string text;
    for (const auto& shape : drawing.shapes)
        if (shape.what != "ring" && shape.what != "star" && shape.what != "frame") text += shape.what;
    return text;
}

}  // namespace

TEST(DrawnSeal, NamesOfFourToThirtyLettersKeepApartAndInside) {
    const std::string all = "江东市垚鑫建设工程项目管理（集团）有限责任公司第12分公司";
    const std::u32string letters = code_points(all);
    for (const double diameter : {38.0, 40.0, 42.0, 45.0})
        for (size_t count = 2; count <= 30; ++count) {
            std::string name;
            for (size_t i = 0; i < count; ++i) name += utf8(letters[i % letters.size()]);
            for (const char* number : {"", "3201020012345"}) {
                SealText text = round_text(name);
                text.width = text.height = diameter;
                text.number = number;
                text.centre = "合同专用章";
                const auto drawing = draw(text, Boxes());
                ASSERT_TRUE(drawing) << count << drawing.error().message;
                EXPECT_EQ(letters_of(*drawing), number + name + "合同专用章");
                std::vector<const DrawnShape*> boxes;
                for (const auto& shape : drawing->shapes) {
                    if (shape.what == "ring") continue;
                    for (const auto& step : shape.steps)
                        EXPECT_LT(std::hypot(step.x[0] - diameter / 2, step.y[0] - diameter / 2), diameter / 2 * 0.94)
                            << name << ": " << shape.what << " reaches the ring";
                    if (shape.what != "star") boxes.push_back(&shape);
                }
                for (size_t i = 0; i < boxes.size(); ++i)
                    for (size_t j = i + 1; j < boxes.size(); ++j)
                        EXPECT_FALSE(overlap(*boxes[i], *boxes[j]))
                            << name << number << diameter << ": " << boxes[i]->what << "/" << boxes[j]->what;
            }
        }
}

TEST(DrawnSeal, OvalsKeepTheirLettersApartAndInside) {
    const std::u32string letters = code_points("江东市垚鑫建设工程项目管理（集团）有限责任公司第12分公司");
    for (const auto& [width, height] : {std::pair{40.0, 30.0}, {45.0, 30.0}, {50.0, 40.0}})
        for (size_t count = 4; count <= 22; ++count) {
            std::string name;
            for (size_t i = 0; i < count; ++i) name += utf8(letters[i]);
            for (const char* number : {"", "91320104MA1X1K2L3Q"})
                for (const char* centre : {"", "发票专用章"}) {
                    SealText text = seal_text(SealShape::oval, name);
                    text.width = width, text.height = height;
                    text.number = number;
                    text.centre = centre;
                    const auto drawing = draw(text, Boxes());
                    ASSERT_TRUE(drawing) << count << drawing.error().message;
                    std::vector<const DrawnShape*> boxes;
                    for (const auto& shape : drawing->shapes) {
                        if (shape.what == "ring") continue;
                        boxes.push_back(&shape);
                        for (const auto& step : shape.steps)
                            EXPECT_LT(std::hypot((step.x[0] - width / 2) / (width / 2), (step.y[0] - height / 2) / (height / 2)),
                                      0.95)
                                << name << number << centre << width << ": " << shape.what << " reaches the ring";
                    }
                    for (size_t i = 0; i < boxes.size(); ++i)
                        for (size_t j = i + 1; j < boxes.size(); ++j)
                            EXPECT_FALSE(overlap(*boxes[i], *boxes[j]))
                                << name << number << centre << width << ": " << boxes[i]->what << "/" << boxes[j]->what;
                }
        }
}

TEST(DrawnSeal, NameSealsMayHaveUnequalSides) {
    for (const auto& [width, height] : {std::pair{18.0, 22.0}, {22.0, 18.0}, {16.0, 20.0}, {25.0, 18.0}})
        for (const char* name : {"王敏", "欧阳修", "欧阳文修", "阿卜杜拉江", "买买提·阿卜杜拉", "John Smith"}) {
            SealText text = square_text(name);
            text.width = width, text.height = height;
            const auto drawing = draw(text, Boxes());
            ASSERT_TRUE(drawing) << name << drawing.error().message;
            EXPECT_EQ(drawing->width, width);
            EXPECT_EQ(drawing->height, height);
            for (size_t i = 1; i < drawing->shapes.size(); ++i) {
                const Box box = box_of(drawing->shapes[i]);
                EXPECT_GT(std::min(box.left, box.top), 0.6) << name << drawing->shapes[i].what;
                EXPECT_LT(box.right, width - 0.6) << name << drawing->shapes[i].what;
                EXPECT_LT(box.bottom, height - 0.6) << name << drawing->shapes[i].what;
                for (size_t j = i + 1; j < drawing->shapes.size(); ++j)
                    EXPECT_FALSE(overlap(drawing->shapes[i], drawing->shapes[j])) << name << width;
            }
        }
    SealText text = square_text("王敏");
    text.width = 25, text.height = 16;
    EXPECT_THAT(refusal(text), HasSubstr("1.4 倍"));
    text.width = 20, text.height = 15;
    EXPECT_THAT(refusal(text), HasSubstr("16 至 25"));
    EXPECT_EQ(description_of(seal_text(SealShape::oval, "江东")), "江东 / 45×30 mm");
}

TEST(DrawnSeal, TheNameRunsRoundFromLeftToRightAndIsSymmetrical) {
    const auto drawing = *draw(round_text("江东市垚鑫建设有限公司"), Boxes());
    std::vector<Box> boxes;
    for (const auto& shape : drawing.shapes)
        if (shape.what != "ring" && shape.what != "star") boxes.push_back(box_of(shape));
    ASSERT_EQ(boxes.size(), 11u);
    EXPECT_NEAR(boxes[5].x(), 20, 0.05) << "the middle letter stands on top";
    EXPECT_LT(boxes[5].y(), 6);
    for (size_t i = 0; i < 5; ++i) {
        EXPECT_LT(boxes[i].x(), 20);
        EXPECT_NEAR(boxes[i].x() + boxes[10 - i].x(), 40, 0.05);
        EXPECT_NEAR(boxes[i].y(), boxes[10 - i].y(), 0.05);
        EXPECT_GT(boxes[i].y(), boxes[i + 1].y());
    }
}

TEST(DrawnSeal, LettersGetNarrowerNotLower) {
    const auto width_over_height = [](const std::string& name) {
        const auto drawing = *draw(round_text(name), Boxes());
        const auto& steps = drawing.shapes[1].steps;  // the first letter: corners in order
        return std::hypot(steps[1].x[0] - steps[0].x[0], steps[1].y[0] - steps[0].y[0]) /
               std::hypot(steps[2].x[0] - steps[1].x[0], steps[2].y[0] - steps[1].y[0]);
    };
    const double few = width_over_height("江东建设"), some = width_over_height("江东市垚鑫建设有限公司江东"),
                 many = width_over_height("江东市垚鑫建设有限公司江东市垚鑫建设有限公司江东");
    EXPECT_GT(few, 0.9);
    EXPECT_LT(some, few);
    EXPECT_LT(many, some);
    EXPECT_GT(many, 0.4);
}

TEST(DrawnSeal, StarRingAndNumberStandWhereTheyMust) {
    SealText text = round_text("江东建设");
    text.number = "3201020012345";
    const auto drawing = *draw(text, Boxes());
    const auto star = std::find_if(drawing.shapes.begin(), drawing.shapes.end(), [](const auto& s) { return s.what == "star"; });
    ASSERT_NE(star, drawing.shapes.end());
    EXPECT_EQ(star->steps.size(), 10u);
    EXPECT_NEAR(star->steps[0].x[0], 20, 1e-9) << "one tip points up";
    EXPECT_NEAR(20 - star->steps[0].y[0], 7, 1e-9) << "14 mm across";
    const Box ring = box_of(drawing.shapes[0]);
    EXPECT_NEAR(ring.right - ring.left, 40, 1e-9);
    const Box first = box_of(drawing.shapes[1]), last = box_of(drawing.shapes[13]);
    EXPECT_EQ(drawing.shapes[1].what, "3");
    EXPECT_EQ(drawing.shapes[13].what, "5");
    EXPECT_LT(first.x(), last.x()) << "read from left to right";
    EXPECT_GT(first.y(), 30) << "at the bottom";
    // Heads inwards: the foot of the middle digit is further down than its head.
    const auto& middle = drawing.shapes[7].steps;
    EXPECT_GT(middle[0].y[0], middle[2].y[0]);
}

TEST(DrawnSeal, PersonsNamesFillTheirSquare) {
    const auto letters = [](const std::string& name, const std::string& ending = "印") {
        SealText text = square_text(name);
        text.ending = ending;
        const auto drawing = draw(text, Boxes());
        EXPECT_TRUE(drawing) << (drawing ? "" : drawing.error().message);
        return drawing ? letters_of(*drawing) : std::string();
    };
    EXPECT_EQ(letters("王敏"), "王敏之印");
    EXPECT_EQ(letters("王敏", ""), "王敏");
    EXPECT_EQ(letters("欧阳修"), "欧阳修印");
    EXPECT_EQ(letters("欧阳文修"), "欧阳文修");
    EXPECT_EQ(letters("阿卜杜拉江"), "阿卜杜拉江印");
    EXPECT_EQ(letters("买买提·阿卜杜拉"), "买买提·阿卜杜拉");
    EXPECT_EQ(letters("迪丽热巴古丽娜尔"), "迪丽热巴古丽娜尔");
    EXPECT_EQ(letters("John Smith"), "JohnSmith");
    const auto drawing = *draw(square_text("欧阳修"), Boxes());
    const Box surname = box_of(drawing.shapes[1]), second = box_of(drawing.shapes[2]), third = box_of(drawing.shapes[3]);
    EXPECT_GT(surname.x(), third.x()) << "columns run from right to left";
    EXPECT_LT(surname.y(), second.y());
    EXPECT_NEAR(surname.x(), second.x(), 0.01);
    for (const char* name : {"王敏", "欧阳修", "欧阳文修", "阿卜杜拉江", "买买提·阿卜杜拉", "John Smith"}) {
        const auto whole = *draw(square_text(name), Boxes());
        for (const auto& shape : whole.shapes) {
            const Box box = box_of(shape);
            if (shape.what == "frame") continue;
            EXPECT_GT(box.left, 0.9) << name << shape.what;
            EXPECT_LT(box.right, 19.1) << name << shape.what;
            EXPECT_GT(box.top, 0.9) << name << shape.what;
            EXPECT_LT(box.bottom, 19.1) << name << shape.what;
        }
    }
}

TEST(DrawnSeal, WhatCannotBeDrawnIsRefused) {
    const auto with = [](SealText text, auto change) {
        change(text);
        return refusal(text);
    };
    const SealText good = round_text("江东建设"), oval = seal_text(SealShape::oval, "江东建设"), square = square_text("王敏");
    EXPECT_THAT(with(good, [](SealText& t) { t.name = ""; }), HasSubstr("名称是空的"));
    EXPECT_THAT(with(good, [](SealText& t) { t.name = " 江东"; }), HasSubstr("空格"));
    EXPECT_THAT(with(good, [](SealText& t) { t.name = "江\n东"; }), HasSubstr("控制字符"));
    EXPECT_THAT(with(good, [](SealText& t) { t.name = "\xff\xfe"; }), HasSubstr("UTF-8"));
    EXPECT_THAT(with(good, [](SealText& t) { t.centre = "\xff\xfe"; }), HasSubstr("UTF-8"));
    EXPECT_THAT(with(good, [](SealText& t) { t.name = "江东𬭎业"; }), HasSubstr("𬭎"));
    EXPECT_THAT(with(good, [](SealText& t) { t.centre = "𬭎"; }), HasSubstr("𬭎"));
    EXPECT_THAT(with(good,
                     [](SealText& t) {
                         for (int i = 0; i < 8; ++i) t.name += "江东市垚鑫建设";
                     }),
                HasSubstr("太长"));
    EXPECT_THAT(with(good,
                     [](SealText& t) {
                         for (int i = 0; i < 40; ++i) t.name += "江东市";
                     }),
                HasSubstr("太长"));
    EXPECT_THAT(with(good, [](SealText& t) { t.centre = "合同专用章合同专用章合同专用章"; }), HasSubstr("太长"));
    EXPECT_THAT(with(good, [](SealText& t) { t.number = "320102001234532010200"; }), HasSubstr("太长"));
    EXPECT_THAT(with(good, [](SealText& t) { t.number = "3201-02"; }), HasSubstr("数字和大写字母"));
    EXPECT_THAT(with(good, [](SealText& t) { t.number = "三"; }), HasSubstr("数字和大写字母"));
    EXPECT_THAT(with(good, [](SealText& t) { t.width = t.height = 30; }), HasSubstr("38 至 45"));
    EXPECT_THAT(with(good, [](SealText& t) { t.width = t.height = 60; }), HasSubstr("38 至 45"));
    EXPECT_THAT(with(good, [](SealText& t) { t.height = 39; }), HasSubstr("38 至 45"));
    EXPECT_THAT(with(oval, [](SealText& t) { t.width = t.height = 38; }), HasSubstr("椭圆"));
    EXPECT_THAT(with(oval, [](SealText& t) { t.width = 80; }), HasSubstr("椭圆"));
    EXPECT_THAT(with(oval,
                     [](SealText& t) {
                         for (int i = 0; i < 8; ++i) t.name += "江东市垚鑫建设";
                     }),
                HasSubstr("太长"));
    EXPECT_THAT(with(square, [](SealText& t) { t.width = 40; }), HasSubstr("16 至 25"));
    EXPECT_THAT(with(square, [](SealText& t) { t.width = t.height = 40; }), HasSubstr("16 至 25"));
    EXPECT_THAT(with(square, [](SealText& t) { t.number = "1"; }), HasSubstr("只有姓名"));
    EXPECT_THAT(with(square, [](SealText& t) { t.name = "王"; }), HasSubstr("两个字"));
    EXPECT_THAT(with(square, [](SealText& t) { t.ending = "之印"; }), HasSubstr("一个字"));
    EXPECT_THAT(with(square, [](SealText& t) { t.name = "王𬭎"; }), HasSubstr("𬭎"));
    EXPECT_THAT(with(square,
                     [](SealText& t) {
                         for (int i = 0; i < 20; ++i) t.name += "阿卜";
                     }),
                HasSubstr("太长"));
}
