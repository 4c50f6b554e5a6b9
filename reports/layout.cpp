#include "reports/layout.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "base/translate.h"

namespace sealdesk::reports {
namespace {

constexpr double kSlack = 1e-6;

bool is_space(char32_t c) { return c == U' ' || c == 0x3000; }
bool is_wide(char32_t c) { return c >= 0x2E80; }
bool closes(char32_t c) {
    return std::u32string_view(U"，。、；：！？）》〉】」』”’…·％,.;:!?)]}%").find(c) != std::u32string_view::npos;
}
bool opens(char32_t c) { return std::u32string_view(U"（《〈【「『“‘([{¥").find(c) != std::u32string_view::npos; }

// Where Chinese text may break (GB/T 15834: no closing mark begins a line, no opening mark ends one).
bool may_break(char32_t before, char32_t after) {
    if (closes(after) || opens(before) || is_space(after)) return false;
    return is_space(before) || is_wide(before) || is_wide(after) || before == U'-' || before == U'/' || before == U',';
}

std::string to_text(const std::u32string& line) {
    std::string text;
    for (const char32_t c : line) text += utf8(c);
    return text;
}

std::string beginning(const std::u32string& text) {
    constexpr size_t kEnough = 24;
    return text.size() <= kEnough ? to_text(text) : to_text(text.substr(0, kEnough)) + "…";
}

}  // namespace

void Layout::refuse(Error error) {
    if (!error_) error_ = std::move(error);
}

void Layout::page(double width_mm, double height_mm) {
    paper_.pages.push_back({width_mm, height_mm, {}});
    current_ = paper_.pages.size() - 1;
}

Layout::Run Layout::run_of(std::string_view utf8_text) const {
    Run run{code_points(utf8_text), {}};
    run.glyphs = fonts_.glyphs(run.text);
    return run;
}

std::vector<Layout::Line> Layout::wrapped(const Run& run, double width_ems) {
    const std::u32string& text = run.text;
    std::vector<Line> lines;
    const auto push = [&](size_t from, size_t to) {
        while (to > from && is_space(text[to - 1])) --to;
        Line line{from, to, 0};
        for (size_t i = from; i < to; ++i) line.width += run.glyphs[i].advance;
        lines.push_back(line);
    };
    size_t start = 0, last_break = 0;
    double used = 0;
    for (size_t i = 0; i < text.size();) {
        if (text[i] == U'\n') {
            push(start, i);
            start = last_break = ++i;
            used = 0;
            continue;
        }
        if (used + run.glyphs[i].advance > width_ems + kSlack && i > start && !is_space(text[i])) {
            const size_t cut = last_break > start ? last_break : i;
            push(start, cut);
            start = last_break = i = cut;
            used = 0;
            continue;
        }
        used += run.glyphs[i].advance;
        ++i;
        if (i < text.size() && may_break(text[i - 1], text[i])) last_break = i;
    }
    push(start, text.size());
    return lines;
}

bool Layout::fits(const std::vector<Line>& lines, const Area& box, const TextStyle& style, double size) {
    if (style.lines > 0 && lines.size() > static_cast<size_t>(style.lines)) return false;
    const double height = (static_cast<double>(lines.size() - 1) * style.leading + kAscent + kDescent) * size;
    if (height > box.h * kPointsPerMm + kSlack) return false;
    return std::all_of(lines.begin(), lines.end(),
                       [&](const Line& line) { return line.width * size <= box.w * kPointsPerMm + kSlack; });
}

double Layout::height_of(std::string_view utf8_text, double width_mm, const TextStyle& style) const {
    const auto lines = wrapped(run_of(utf8_text), width_mm * kPointsPerMm / style.size);
    return (static_cast<double>(lines.size() - 1) * style.leading + kAscent + kDescent) * style.size / kPointsPerMm;
}

void Layout::text(const Area& box, std::string_view text, const TextStyle& style, std::string_view field) {
    if (error_ || text.empty()) return;
    if (!is_utf8(text)) return refuse({ErrorKind::refused, trf("{}：文字不是有效的 UTF-8，不能打印", field), {}});
    const Run run = run_of(text);
    for (size_t i = 0; i < run.text.size(); ++i) {
        if (run.text[i] == U'\n' || run.glyphs[i].source != GlyphSource::none) continue;
        return refuse({ErrorKind::refused, trf("{}：{}", field, fonts_.check(utf8(run.text[i])).error().message), {}});
    }
    double size = style.size;
    auto lines = wrapped(run, box.w * kPointsPerMm / size);
    while (!fits(lines, box, style, size)) {
        if (size <= style.smallest)
            return refuse({ErrorKind::refused, trf("{}太长，放不下：{}", field, beginning(run.text)), {}});
        size = std::max(style.smallest, size - 0.25);
        lines = wrapped(run, box.w * kPointsPerMm / size);
    }
    const double size_mm = size / kPointsPerMm, step = style.leading * size_mm;
    const double height = static_cast<double>(lines.size() - 1) * step + (kAscent + kDescent) * size_mm;
    double baseline = box.y + kAscent * size_mm;
    if (style.stand == Stand::middle) baseline += (box.h - height) / 2;
    if (style.stand == Stand::bottom) baseline += box.h - height;
    for (const Line& line : lines) {
        const double line_width = line.width * size_mm;
        double x = box.x;
        if (style.align == Align::centre) x += (box.w - line_width) / 2;
        if (style.align == Align::right) x += box.w - line_width;
        if (line.to > line.from)
            now().marks.push_back(TextMark{x, baseline, size, style.weight, style.colour,
                                           to_text(run.text.substr(line.from, line.to - line.from)), box});
        baseline += step;
    }
}

void Layout::line(double x1, double y1, double x2, double y2, double width_mm, Colour colour) {
    if (!error_) now().marks.push_back(LineMark{x1, y1, x2, y2, width_mm, colour});
}

void Layout::frame(const Area& a, double width_mm, Colour colour) {
    const double half = width_mm / 2;  // corners closed
    line(a.x - half, a.y, a.right() + half, a.y, width_mm, colour);
    line(a.x - half, a.bottom(), a.right() + half, a.bottom(), width_mm, colour);
    line(a.x, a.y, a.x, a.bottom(), width_mm, colour);
    line(a.right(), a.y, a.right(), a.bottom(), width_mm, colour);
}

void Layout::fill(const Area& area, Colour colour) {
    if (!error_ && area.w > 0 && area.h > 0) now().marks.push_back(FillMark{area, colour});
}

void Layout::bars(Result<BarsMark> mark) {
    if (!mark) return refuse(std::move(mark).error());
    if (!error_) now().marks.push_back(std::move(*mark));
}

double Layout::table(double x, double y, const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows,
                     const TableStyle& style) {
    double total = 0;
    for (const Column& column : columns) total += column.width;
    const TextStyle cell{.size = style.size, .smallest = style.smallest};
    const auto row_of = [&](const std::vector<std::string>& cells, double top, double height, const TextStyle& as) {
        double left = x;
        for (size_t i = 0; i < columns.size() && i < cells.size(); ++i) {
            TextStyle own = as;
            own.align = columns[i].align;
            text({left + style.padding, top, columns[i].width - 2 * style.padding, height}, cells[i], own, columns[i].title);
            left += columns[i].width;
        }
    };
    const auto heads = [&] {
        fill({x, y, total, style.row_height}, style.head);
        std::vector<std::string> titles;
        for (const Column& column : columns) titles.push_back(column.title);
        TextStyle as = cell;
        as.colour = style.title;
        row_of(titles, y, style.row_height, as);
        line(x, y + style.row_height, x + total, y + style.row_height, 0.2, style.rule);
        y += style.row_height;
    };
    const auto height_of_row = [&](const std::vector<std::string>& cells) {
        double height = style.row_height;
        for (size_t i = 0; i < columns.size() && i < cells.size(); ++i)
            height = std::max(height, height_of(cells[i], columns[i].width - 2 * style.padding, cell) + style.padding);
        return height;
    };
    const auto next_page = [&] {
        page(now().w, now().h);
        y = style.top;
    };
    const double first = rows.empty() ? style.row_height : height_of_row(rows.front());
    if (y + style.row_height + first > style.bottom && y > style.top) next_page();
    heads();
    for (const auto& cells : rows) {
        // A row taller than a page is squeezed by text() to the smallest size, and refused if that is not enough.
        const double height = std::min(height_of_row(cells), style.bottom - style.top - style.row_height);
        if (y + height > style.bottom) {
            next_page();
            heads();
        }
        TextStyle as = cell;
        if (style.sums && &cells == &rows.back()) {
            as.weight = Weight::bold;
            line(x, y, x + total, y, 0.3, kGrey);
        }
        row_of(cells, y, height, as);
        y += height;
        line(x, y, x + total, y, 0.1, style.rule);
        if (error_) break;
    }
    return y;
}

Result<Page> Layout::take_page() {
    if (error_) return Failure(*error_);
    Page page = std::move(paper_.pages.back());
    paper_.pages.pop_back();
    return page;
}

Result<Paper> Layout::finish() {
    if (error_) return Failure(std::move(*error_));
    return std::move(paper_);
}

}  // namespace sealdesk::reports
