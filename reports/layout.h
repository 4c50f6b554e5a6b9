// Layout: puts text, tables and rules onto a Paper. Text wraps, then shrinks, and never leaves its box; what
// does not fit at the smallest size is an error that names the field. The first error is kept and given by
// finish(), so that a document reads as a list of what stands where. One thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "reports/fonts.h"
#include "reports/paper.h"

namespace sealdesk::reports {

enum class Align { left, centre, right };
enum class Stand { top, middle, bottom };

struct TextStyle {
    double size = 9, smallest = 5;  // points
    Weight weight = Weight::regular;
    Align align = Align::left;
    Stand stand = Stand::middle;
    Colour colour = kBlack;
    double leading = 1.3;  // line distance in sizes
    int lines = 0;         // most lines; 0: as many as fit
};

struct Column {
    std::string title;
    double width = 0;  // mm
    Align align = Align::left;
};

struct TableStyle {
    double size = 9, smallest = 6;
    double padding = 1.2;   // mm
    double row_height = 6;  // mm, at least
    Colour rule = kRule, head = kPale, title = kGrey;
    bool sums = false;              // the last row is a sum: bold, under a stronger rule
    double top = 20, bottom = 280;  // mm: where a continued page starts, and where a page ends
};

class Layout {
public:
    Layout(const Fonts& fonts, std::string title) : fonts_(fonts) { paper_.title = std::move(title); }

    void page(double width_mm, double height_mm);
    // `field` names the text in errors ("地址").
    void text(const Area& box, std::string_view utf8, const TextStyle& style, std::string_view field);
    // Height in mm that text would need at its full size.
    double height_of(std::string_view utf8, double width_mm, const TextStyle& style) const;
    void line(double x1, double y1, double x2, double y2, double width_mm, Colour colour = kBlack);
    void frame(const Area& area, double width_mm, Colour colour = kBlack);
    void fill(const Area& area, Colour colour);
    void bars(Result<BarsMark> mark);
    // Rows break over pages of the same size, with the heads repeated; a row is never torn. Returns where it ended.
    double table(double x, double y, const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows,
                 const TableStyle& style);
    void refuse(Error error);

    bool good() const { return !error_; }
    size_t pages() const { return paper_.pages.size(); }
    // To add to a page that is already there (page numbers): 0 is the first.
    void back_to(size_t page) { current_ = page; }
    // The last page, which is then no longer the layout's: for documents of many pages that are written one by one.
    Result<Page> take_page();
    Result<Paper> finish();

private:
    struct Run {
        std::u32string text;
        std::vector<Glyph> glyphs;
    };
    struct Line {
        size_t from = 0, to = 0;  // in the run
        double width = 0;         // em
    };
    Run run_of(std::string_view utf8) const;
    static std::vector<Line> wrapped(const Run& run, double width_ems);
    static bool fits(const std::vector<Line>& lines, const Area& box, const TextStyle& style, double size);
    Page& now() { return paper_.pages[current_]; }

    const Fonts& fonts_;
    Paper paper_;
    size_t current_ = 0;
    std::optional<Error> error_;
};

}  // namespace sealdesk::reports
