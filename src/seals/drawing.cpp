#include "seals/drawing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/text.h"
#include "base/translate.h"
#include "seals/lettering.h"

namespace sealdesk::seals {

namespace {

constexpr double kPi = std::numbers::pi, kDegree = kPi / 180;
constexpr double kNarrowest = 0.3;  // width over height below which a letter can no longer be read

PathStep move_to(double x, double y) { return {PathStep::Kind::move, {x}, {y}}; }
PathStep line_to(double x, double y) { return {PathStep::Kind::line, {x}, {y}}; }

enum class Turn { clockwise, anticlockwise };

void add_ellipse(std::vector<PathStep>& steps, double x, double y, double a, double b, Turn turn) {
    constexpr double k = 0.5522847498;  // control points of a quarter, as share of the half axis
    const double s = turn == Turn::clockwise ? 1 : -1;
    steps.push_back(move_to(x + a, y));
    steps.push_back({PathStep::Kind::curve, {x + a, x + a * k, x}, {y + s * b * k, y + s * b, y + s * b}});
    steps.push_back({PathStep::Kind::curve, {x - a * k, x - a, x - a}, {y + s * b, y + s * b * k, y}});
    steps.push_back({PathStep::Kind::curve, {x - a, x - a * k, x}, {y - s * b * k, y - s * b, y - s * b}});
    steps.push_back({PathStep::Kind::curve, {x + a * k, x + a, x + a}, {y - s * b, y - s * b * k, y}});
}

void add_rectangle(std::vector<PathStep>& steps, double x, double y, double w, double h, Turn turn) {
    steps.push_back(move_to(x, y));
    if (turn == Turn::clockwise) {
        steps.push_back(line_to(x + w, y));
        steps.push_back(line_to(x + w, y + h));
        steps.push_back(line_to(x, y + h));
    } else {
        steps.push_back(line_to(x, y + h));
        steps.push_back(line_to(x + w, y + h));
        steps.push_back(line_to(x + w, y));
    }
}

DrawnShape star(double x, double y, double radius) {
    DrawnShape shape{"star", {}};
    const double inner = radius * (3 - std::sqrt(5.0)) / 2;
    for (int i = 0; i < 10; ++i) {
        const double r = i % 2 == 0 ? radius : inner, angle = i * 36 * kDegree;
        const double px = x + r * std::sin(angle), py = y - r * std::cos(angle);
        shape.steps.push_back(i == 0 ? move_to(px, py) : line_to(px, py));
    }
    return shape;
}

void add(Drawing& drawing, std::vector<DrawnShape> shapes) {
    for (auto& shape : shapes)
        if (!shape.steps.empty()) drawing.shapes.push_back(std::move(shape));
}

Failure too_long(std::string_view text) { return refused(trf("“{}”太长，这个印章上放不下", text)); }

struct Lines {
    std::vector<SizedLetter> name, centre, number;
};

// Height, width of the number's letters: small print, at the standard's measure.
constexpr double kNumberHeight = 1.7, kNumberWidest = 0.95;

Result<Drawing> draw_round(const SealText& text, const Lines& lines) {
    const double d = text.width, r = d / 2, ring = d * 0.03, gap = d * 0.022;
    Drawing drawing{d, d, text.colour, {}};
    DrawnShape edge{"ring", {}};
    add_ellipse(edge.steps, r, r, r, r, Turn::clockwise);
    add_ellipse(edge.steps, r, r, r - ring, r - ring, Turn::anticlockwise);
    drawing.shapes.push_back(std::move(edge));

    double number_turn = 0;  // degrees
    if (!lines.number.empty()) {
        const Arc arc{r, r, r - ring - d * 0.013, r - ring - d * 0.013, kNumberHeight, true};
        const double length = shares_of(lines.number) * kNumberHeight * 1.15;
        number_turn = length / circumference(arc) * 360;
        add(drawing, along(arc, lines.number, length, kNumberWidest));
    }
    // More letters: a longer arc, then lower and narrower letters.
    const double shares = shares_of(lines.name);
    const double height = d * std::clamp(0.155 - (shares - 8) * 0.0022, 0.108, 0.155);
    const double most = lines.number.empty() ? 280 : 360 - number_turn - 2 * 15;
    const double turn = std::clamp(60 + shares * 18, 110.0, std::min(280.0, most));
    const Arc arc{r, r, r - ring - gap, r - ring - gap, height, false};
    const double length = circumference(arc) * turn / 360, inner = arc.a - height;
    const double narrow = inner / (arc.a - height / 2);
    if (length / shares * narrow * 0.96 / height < kNarrowest) return too_long(text.name);
    add(drawing, along(arc, lines.name, length, 0.98));

    drawing.shapes.push_back(star(r, r, d * 0.175));
    if (!lines.centre.empty()) {
        // Between the star's feet and what stands below, as wide as the circle of the name allows there.
        const double row = d * 0.085, top = d * 0.153, middle = top + row / 2 + d * 0.006;
        const double reach = turn > 190 ? inner - d * 0.012 : arc.a - d * 0.055;
        const double half = std::sqrt(std::max(0.0, reach * reach - (top + row) * (top + row)));
        if (2 * half / shares_of(lines.centre) / row < kNarrowest) return too_long(text.centre);
        add(drawing, in_row(r, r + middle, 2 * half, row, 0.98, lines.centre));
    }
    return drawing;
}

Result<Drawing> draw_oval(const SealText& text, const Lines& lines) {
    const double a = text.width / 2, b = text.height / 2, ring = text.height * 0.034, gap = text.height * 0.03;
    Drawing drawing{text.width, text.height, text.colour, {}};
    DrawnShape edge{"ring", {}};
    add_ellipse(edge.steps, a, b, a, b, Turn::clockwise);
    add_ellipse(edge.steps, a, b, a - ring, b - ring, Turn::anticlockwise);
    drawing.shapes.push_back(std::move(edge));
    const double shares = shares_of(lines.name);
    const double height = text.height * std::clamp(0.165 - (shares - 8) * 0.002, 0.125, 0.165);
    const Arc arc{a, b, a - ring - gap, b - ring - gap, height, false};
    const double part = std::clamp(0.12 + shares * 0.04, 0.26, lines.number.empty() ? 0.58 : 0.47);
    const double length = circumference(arc) * part;
    if (length / shares / height < kNarrowest * 1.3) return too_long(text.name);
    add(drawing, along(arc, lines.name, length, 0.98));
    const double inside = (a - ring - gap - height) * 0.97;
    if (!lines.number.empty()) {
        const double row = text.height * 0.11;
        if (2 * inside / shares_of(lines.number) / row < kNarrowest) return too_long(text.number);
        add(drawing, in_row(a, b + text.height * 0.015, 2 * inside, row, 1.15, lines.number));
    }
    if (!lines.centre.empty()) {
        const double row = text.height * 0.145, middle = text.height * (lines.number.empty() ? 0.12 : 0.22);
        const double low = (middle + row / 2) / (b - ring - gap);
        const double half = (a - ring - gap) * std::sqrt(std::max(0.0, 1 - low * low)) - height * 0.35;
        if (2 * half / shares_of(lines.centre) / row < kNarrowest) return too_long(text.centre);
        add(drawing, in_row(a, b + middle, 2 * half, row, 0.9, lines.centre));
    }
    return drawing;
}

// The letters of a person's seal, field by field: columns from right to left, or rows for names with a dot or in Latin.
struct Fields {
    std::vector<std::u32string> columns, rows;
};

Fields fields_of(const SealText& text) {
    std::u32string name = code_points(text.name);
    const std::u32string ending = code_points(text.ending);
    const auto is_parting = [](char32_t c) { return c == U'·' || c == U'•' || c == U'・' || c == U' '; };
    Fields fields;
    const bool latin = std::any_of(name.begin(), name.end(), [](char32_t c) { return c < 0x2000 && c != U'·'; });
    if (latin || std::any_of(name.begin(), name.end(), is_parting) || name.size() > 6) {
        std::u32string row;
        for (const char32_t c : name) {
            if (is_parting(c)) {
                // The dot stays with what it follows; a blank is the end of a row alone.
                if (c != U' ') row += c;
                if (!row.empty()) fields.rows.push_back(std::exchange(row, {}));
            } else {
                row += c;
            }
        }
        if (!row.empty()) fields.rows.push_back(row);
        if (fields.rows.size() == 1 && name.size() > 6) {  // long and in one piece: two rows
            const size_t half = (name.size() + 1) / 2;
            fields.rows = {name.substr(0, half), name.substr(half)};
        }
        return fields;
    }
    if (!ending.empty() && name.size() == 2) name += U"之" + ending;
    if (!ending.empty() && (name.size() == 3 || name.size() == 5)) name += ending;
    const size_t high = name.size() <= 3 ? name.size() : (name.size() + 1) / 2;
    for (size_t at = 0; at < name.size(); at += high) fields.columns.push_back(name.substr(at, high));
    return fields;
}

Result<Drawing> draw_square(const SealText& text, const Letters& letters) {
    const double side = std::min(text.width, text.height), line = side * 0.036, air = side * 0.045;
    Drawing drawing{text.width, text.height, text.colour, {}};
    DrawnShape edge{"frame", {}};
    add_rectangle(edge.steps, 0, 0, text.width, text.height, Turn::clockwise);
    add_rectangle(edge.steps, line, line, text.width - 2 * line, text.height - 2 * line, Turn::anticlockwise);
    drawing.shapes.push_back(std::move(edge));
    const double left = line + air, width = text.width - 2 * left, height = text.height - 2 * left;
    const Fields fields = fields_of(text);
    for (size_t row = 0; row < fields.rows.size(); ++row) {
        const auto count = static_cast<double>(fields.rows.size());
        SEALDESK_LET(line_of, sized(fields.rows[row], letters));
        const double high = height / count, used = std::min(high * 0.96, width / shares_of(line_of) * 2.2);
        if (width / shares_of(line_of) / used < kNarrowest || used < 1.2) return too_long(text.name);
        add(drawing, in_row(text.width / 2, left + (static_cast<double>(row) + 0.5) * high, width, used, 1.6, line_of));
    }
    for (size_t column = 0; column < fields.columns.size(); ++column) {
        const double wide = width / static_cast<double>(fields.columns.size());
        const double high = height / static_cast<double>(fields.columns[column].size());
        SEALDESK_LET(down, sized(fields.columns[column], letters));
        for (size_t i = 0; i < down.size(); ++i) {
            const Slot slot{text.width - left - (static_cast<double>(column) + 0.5) * wide,
                            left + (static_cast<double>(i) + 0.5) * high,
                            1,
                            0,
                            0,
                            -1,
                            wide * 0.98,
                            high * 0.98};
            add(drawing, {placed(down[i], slot)});
        }
    }
    return drawing;
}

Result<> check(const SealText& text) {
    const auto within = [](double value, double least, double most) { return value >= least && value <= most; };
    const bool same = std::abs(text.width - text.height) < 0.01;
    switch (text.shape) {
        case SealShape::round:
            if (!same || !within(text.width, 38, 45)) return refused(tr("圆形印章的直径须为 38 至 45 毫米"));
            break;
        case SealShape::oval:
            if (!within(text.width, 35, 50) || !within(text.height, 25, 40) || text.height >= text.width)
                return refused(tr("椭圆印章的长须为 35 至 50 毫米，宽须为 25 至 40 毫米"));
            break;
        case SealShape::square:
            if (!within(text.width, 16, 25) || !within(text.height, 16, 25))
                return refused(tr("方形名章的边长须为 16 至 25 毫米"));
            if (std::max(text.width, text.height) > 1.4 * std::min(text.width, text.height))
                return refused(tr("方形名章的长边不能超过短边的 1.4 倍"));
            break;
    }
    if (!is_utf8(text.name) || !is_utf8(text.centre) || !is_utf8(text.number) || !is_utf8(text.ending))
        return refused(tr("印章文字不是有效的 UTF-8"));
    for (const std::string& line : {text.name, text.centre, text.number, text.ending}) {
        if (has_control_characters(line)) return refused(tr("印章文字中有看不见的控制字符"));
        if (line != trimmed(line)) return refused(tr("印章文字的开头或结尾有空格"));
    }
    if (text.name.empty()) return refused(tr("印章名称是空的"));
    for (const char c : text.number)
        if ((c < '0' || c > '9') && (c < 'A' || c > 'Z')) return refused(tr("印章编号只能是数字和大写字母"));
    if (text.shape == SealShape::square) {
        if (!text.centre.empty() || !text.number.empty()) return refused(tr("方形名章上只有姓名"));
        if (code_points(text.name).size() < 2) return refused(tr("姓名至少需要两个字"));
    }
    if (code_points(text.name).size() > (text.shape == SealShape::square ? 24U : 60U)) return too_long(text.name);
    if (code_points(text.centre).size() > 12) return too_long(text.centre);
    if (text.number.size() > 20) return too_long(text.number);
    if (code_points(text.ending).size() > 1) return refused(tr("名章的补字只能是一个字"));
    return {};
}

}  // namespace

const char* name_of(SealShape shape) {
    return shape == SealShape::round ? "round" : shape == SealShape::oval ? "oval" : "square";
}

SealText seal_text(SealShape shape, std::string name) {
    SealText text;
    text.shape = shape;
    text.name = std::move(name);
    if (shape == SealShape::oval) text.width = 45, text.height = 30;
    if (shape == SealShape::square) text.width = text.height = 20;
    return text;
}

std::string description_of(const SealText& text) {
    std::string description = text.name;
    for (const auto& line : {text.centre, text.number})
        if (!line.empty()) description += " / " + line;
    return description + fmt::format(" / {:g}×{:g} mm", text.width, text.height);
}

Result<Drawing> draw(const SealText& text, const Letters& letters) {
    SEALDESK_TRY(check(text));
    if (text.shape == SealShape::square) return draw_square(text, letters);
    SEALDESK_LET(name, sized(code_points(text.name), letters));
    SEALDESK_LET(centre, sized(code_points(text.centre), letters));
    SEALDESK_LET(number, sized(code_points(text.number), letters));
    const Lines lines{std::move(name), std::move(centre), std::move(number)};
    return text.shape == SealShape::round ? draw_round(text, lines) : draw_oval(text, lines);
}

}  // namespace sealdesk::seals
