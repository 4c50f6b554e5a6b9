#include "reports/page_operators.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "base/text.h"

namespace sealdesk::reports {
namespace {

// Thousandths of a point are far below a printer's dot.
void number(std::string& out, double value) {
    auto thousandths = std::llround(value * 1000);
    if (thousandths < 0) {
        out += '-';
        thousandths = -thousandths;
    }
    const fmt::format_int whole(thousandths / 1000);
    out.append(whole.data(), whole.size());
    if (const auto rest = static_cast<int>(thousandths % 1000); rest != 0) {
        const char digits[] = {'.', static_cast<char>('0' + rest / 100), static_cast<char>('0' + rest / 10 % 10),
                               static_cast<char>('0' + rest % 10)};
        size_t most = sizeof digits;
        while (digits[most - 1] == '0') --most;
        out.append(digits, most);
    }
}

void hex(std::string& out, unsigned unit) {
    constexpr char kDigits[] = "0123456789ABCDEF";
    for (const unsigned shift : {12U, 8U, 4U, 0U}) out += kDigits[(unit >> shift) & 0xF];
}

class Operators {
public:
    Operators(double height, const Fonts& fonts, std::set<char32_t>& used) : height_(height), fonts_(fonts), used_(used) {}

    Result<std::string> of(const Page& page) {
        for (const Mark& mark : page.marks) {
            std::visit(*this, mark);
            if (wrong_) return Failure(std::move(*wrong_));
        }
        return std::move(out_);
    }

    void operator()(const TextMark& mark) {
        if (!is_utf8(mark.text)) {
            wrong_ = fonts_.check(mark.text).error();
            return;
        }
        const std::u32string text = code_points(mark.text);
        const std::vector<Glyph> glyphs = fonts_.glyphs(text);
        fill_colour(mark.colour);
        const bool bold = mark.weight == Weight::bold;
        if (bold) {  // the fonts with Chinese characters that libharu reads have no bold face: a thin rim does it
            stroke_colour(mark.colour);
            line_width(mark.size * 0.035);
        }
        double x = mark.x;
        for (size_t i = 0; i < text.size();) {
            if (glyphs[i].source == GlyphSource::none) {
                wrong_ = fonts_.check(mark.text).error();
                return;
            }
            if (glyphs[i].source == GlyphSource::outline) {
                outline(text[i], glyphs[i].advance, x, mark);
                x += glyphs[i++].advance * mark.size / kPointsPerMm;
                continue;
            }
            begin_text(x, mark, bold ? 2 : 0, 1);
            double ems = 0;
            for (; i < text.size() && glyphs[i].source == GlyphSource::main; ++i) {
                use(text[i]);
                hex(out_, static_cast<unsigned>(text[i]));
                ems += glyphs[i].advance;
            }
            end_text();
            x += ems * mark.size / kPointsPerMm;
        }
    }
    void operator()(const LineMark& mark) {
        stroke_colour(mark.colour);
        line_width(mark.width * kPointsPerMm);
        point(mark.x1, mark.y1, " m ");
        point(mark.x2, mark.y2, " l S\n");
    }
    void operator()(const FillMark& mark) {
        fill_colour(mark.colour);
        rectangle(mark.area);
        out_ += "f\n";
    }
    void operator()(const BarsMark& mark) {
        fill_colour(kBlack);
        // A hair inside their dots: an edge that lies on a dot's edge may ink the next dot as well.
        constexpr double kHair = 0.015;  // mm
        for (const Area& bar : mark.bars) rectangle({bar.x + kHair, bar.y, bar.w - 2 * kHair, bar.h});
        out_ += "f\n";
    }

private:
    void put(double value) { number(out_, value); }
    void point(double x_mm, double y_mm, const char* then) {
        put(x_mm * kPointsPerMm);
        out_ += ' ';
        put((height_ - y_mm) * kPointsPerMm);
        out_ += then;
    }
    void rectangle(const Area& a) {
        point(a.x, a.bottom(), " ");
        put(a.w * kPointsPerMm);
        out_ += ' ';
        put(a.h * kPointsPerMm);
        out_ += " re ";
    }
    void colour(Colour c, const char* then) {
        for (const int part : {c.r, c.g, c.b}) {
            put(part / 255.0);
            out_ += ' ';
        }
        out_ += then;
    }
    void fill_colour(Colour c) {
        if (fill_ == c) return;
        fill_ = c;
        colour(c, "rg\n");
    }
    void stroke_colour(Colour c) {
        if (stroke_ == c) return;
        stroke_ = c;
        colour(c, "RG\n");
    }
    void line_width(double points) {
        if (line_width_ == points) return;
        line_width_ = points;
        put(points);
        out_ += " w\n";
    }
    void use(char32_t c) {
        if (last_used_ != c) used_.insert(c);
        last_used_ = c;
    }

    // `mode`: 0 fill, 2 fill and stroke, 3 invisible. `stretch` across.
    void begin_text(double x, const TextMark& mark, int mode, double stretch) {
        out_ += "BT ";
        if (size_ != mark.size) {
            size_ = mark.size;
            out_ += "/F0 ";
            put(mark.size);
            out_ += " Tf ";
        }
        if (mode_ != mode) {
            mode_ = mode;
            out_ += static_cast<char>('0' + mode);
            out_ += " Tr ";
        }
        if (stretch_ != stretch) {
            stretch_ = stretch;
            put(stretch * 100);
            out_ += " Tz ";
        }
        point(x, mark.baseline, " Td <");
    }
    void end_text() { out_ += "> Tj ET\n"; }

    void outline(char32_t c, double advance, double x, const TextMark& mark) {
        bool any = false;
        const auto at = [&](double right, double up, const char* then) {
            put(x * kPointsPerMm + right * mark.size);
            out_ += ' ';
            put((height_ - mark.baseline) * kPointsPerMm + up * mark.size);
            out_ += then;
        };
        for (const PathStep& s : fonts_.outline(c)) {
            switch (s.kind) {
                case PathStep::Kind::move:
                    if (any) out_ += "h\n";
                    at(s.x[0], s.y[0], " m\n");
                    break;
                case PathStep::Kind::line: at(s.x[0], s.y[0], " l\n"); break;
                case PathStep::Kind::curve:
                    at(s.x[0], s.y[0], " ");
                    at(s.x[1], s.y[1], " ");
                    at(s.x[2], s.y[2], " c\n");
                    break;
            }
            any = true;
        }
        if (any) out_ += mark.weight == Weight::bold ? "b\n" : "h f\n";
        out_ += "/Span <</ActualText <FEFF";  // what is copied (14.9.4)
        if (c > 0xFFFF) {
            const unsigned offset = static_cast<unsigned>(c) - 0x10000;
            hex(out_, 0xD800 + (offset >> 10));
            hex(out_, 0xDC00 + (offset & 0x3FF));
        } else {
            hex(out_, static_cast<unsigned>(c));
        }
        out_ += ">>> BDC\n";
        use(kCarrier);
        begin_text(x, mark, 3, advance / fonts_.advance(kCarrier));
        hex(out_, static_cast<unsigned>(kCarrier));
        end_text();
        out_ += "EMC\n";
    }

    double height_;
    const Fonts& fonts_;
    std::set<char32_t>& used_;
    std::string out_;
    std::optional<Error> wrong_;
    // What is in force; a page begins with black, one point and no font.
    Colour fill_ = kBlack, stroke_ = kBlack;
    double line_width_ = 1, size_ = 0, stretch_ = 1;
    int mode_ = 0;
    char32_t last_used_ = 0;
};

}  // namespace

Result<std::string> operators_of(const Page& page, const Fonts& fonts, std::set<char32_t>& used) {
    return Operators(page.h, fonts, used).of(page);
}

}  // namespace sealdesk::reports
