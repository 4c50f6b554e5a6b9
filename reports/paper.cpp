#include "reports/paper.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

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

}  // namespace

std::string listing(const Paper& paper) {
    std::string out = fmt::format("title |{}|\n", paper.title);
    for (const Page& page : paper.pages) {
        fmt::format_to(std::back_inserter(out), "page {:.1f}x{:.1f}\n", page.w, page.h);
        for (const Mark& mark : page.marks) std::visit(Lister{out}, mark);
    }
    return out;
}

}  // namespace sealdesk::reports
