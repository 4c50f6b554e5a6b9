#include "reports/paper.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "base/translate.h"

namespace sealdesk::reports {
namespace {

// -0.04 and 0.04 both print as 0.0.
double tenths(double mm) { return std::round(mm * 10.0) / 10.0 + 0.0; }

std::string text_of(const Area& a) {
    return fmt::format("{:.1f},{:.1f} {:.1f}x{:.1f}", tenths(a.x), tenths(a.y), tenths(a.w), tenths(a.h));
}
std::string text_of(Colour c) { return fmt::format("#{:02x}{:02x}{:02x}", c.r, c.g, c.b); }

struct Lister {
    std::string& out;
    void operator()(const TextMark& m) const {
        fmt::format_to(std::back_inserter(out), "text {:.1f},{:.1f} {:.2f}pt{}{} |{}|\n", tenths(m.x), tenths(m.baseline), m.size,
                       m.weight == Weight::bold ? " bold" : "", m.colour == kBlack ? "" : " " + text_of(m.colour), m.text);
    }
    void operator()(const LineMark& m) const {
        fmt::format_to(std::back_inserter(out), "line {:.1f},{:.1f} {:.1f},{:.1f}\n", tenths(m.x1), tenths(m.y1), tenths(m.x2),
                       tenths(m.y2));
    }
    void operator()(const FillMark& m) const {
        fmt::format_to(std::back_inserter(out), "fill {} {}\n", text_of(m.area), text_of(m.colour));
    }
    void operator()(const BarsMark& m) const {
        fmt::format_to(std::back_inserter(out), "{} {} {} bars |{}|\n", m.kind, text_of(m.area), m.bars.size(), m.data);
    }
};

struct Mover {
    double right, down;
    // Each returns what the mark takes up now.
    Area operator()(TextMark& m) const {
        m.x += right;
        m.baseline += down;
        return moved(m.box);
    }
    Area operator()(LineMark& m) const {
        for (double* x : {&m.x1, &m.x2}) *x += right;
        for (double* y : {&m.y1, &m.y2}) *y += down;
        return {m.x1, m.y1, m.x2 - m.x1, m.y2 - m.y1};
    }
    Area operator()(FillMark& m) const { return moved(m.area); }
    Area operator()(BarsMark& m) const {
        for (Area& bar : m.bars) moved(bar);
        return moved(m.area);
    }
    Area moved(Area& area) const {
        area.x += right;
        area.y += down;
        return area;
    }
};

}  // namespace

Result<> shift(Paper& paper, double right, double down) {
    if (right == 0 && down == 0) return {};
    for (Page& page : paper.pages) {
        for (Mark& mark : page.marks) {
            const Area area = std::visit(Mover{right, down}, mark);
            if (area.x < 0 || area.y < 0 || area.right() > page.w || area.bottom() > page.h)
                return refused(trf("偏移 {:.1f} 毫米、{:.1f} 毫米后有内容超出纸张", right, down));
        }
    }
    return {};
}

std::string listing(const Paper& paper) {
    std::string out = fmt::format("title |{}|\n", paper.title);
    for (const Page& page : paper.pages) {
        fmt::format_to(std::back_inserter(out), "page {:.1f}x{:.1f}\n", page.w, page.h);
        for (const Mark& mark : page.marks) std::visit(Lister{out}, mark);
    }
    return out;
}

}  // namespace sealdesk::reports
