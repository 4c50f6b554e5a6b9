#include "reports/zpl.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/text.h"
#include "reports/dots.h"

namespace sealdesk::reports {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
double lightness(Colour c) { return (0.3 * c.r + 0.59 * c.g + 0.11 * c.b) / 255; }
bool is_ink(Colour c) { return lightness(c) < 0.75; }

// One row of hexadecimal digits, runs shortened: G to Y are 1 to 19, g to z are 20 to 400; "," the rest is white, "!"
// the rest is black.
std::string packed_row(const std::string& digits) {
    std::string out;
    size_t at = 0;
    while (at < digits.size()) {
        size_t to = digits.find_first_not_of(digits[at], at);
        if (to == std::string::npos) {
            to = digits.size();
            if (digits[at] == '0') return out + ",";
            if (digits[at] == 'F') return out + "!";
        }
        size_t run = to - at;
        for (; run >= 400; run -= 400) out += 'z';
        if (run >= 20) out += static_cast<char>('g' + run / 20 - 1);
        run %= 20;
        if (run > 1 || (run == 1 && to - at > 1)) out += static_cast<char>('G' + run - 1);
        out += digits[at];
        at = to;
    }
    return out;
}

std::string graphic(const Dots& dots) {
    const size_t row_bytes = static_cast<size_t>(dots.row_bytes()), total = dots.rows.size();
    std::string out = fmt::format("^GFA,{0},{0},{1},", total, row_bytes), before;
    for (size_t row = 0; row < total; row += row_bytes) {
        std::string digits;
        for (size_t i = 0; i < row_bytes; ++i) fmt::format_to(std::back_inserter(digits), "{:02X}", dots.rows[row + i]);
        out += row > 0 && digits == before ? ":" : packed_row(digits);
        before = std::move(digits);
    }
    return out;
}

// ^ and ~ begin commands, _ begins a hexadecimal number after ^FH.
std::string field(const std::string& text) {
    std::string out;
    bool escaped = false;
    for (const char c : text) {
        if (c == '^' || c == '~' || c == '_') {
            fmt::format_to(std::back_inserter(out), "_{:02X}", static_cast<unsigned char>(c));
            escaped = true;
        } else {
            out += c;
        }
    }
    return (escaped ? "^FH^FD" : "^FD") + out + "^FS\n";
}

class Label {
public:
    Label(const Page& page, const Fonts& fonts, PrinterDots dots) : page_(page), fonts_(fonts), per_mm_(per_mm(dots)) {}

    Result<std::string> text() {
        out_ = fmt::format("^XA\n^PW{}\n^LL{}\n^LH0,0\n", whole(page_.w), whole(page_.h));
        for (at_ = 0; at_ < page_.marks.size(); ++at_) SEALDESK_TRY(std::visit(*this, page_.marks[at_]));
        return out_ + "^PQ1\n^XZ\n";
    }

    Result<> operator()(const TextMark& mark) {
        if (!is_ink(mark.colour)) return {};  // it was knocked out of its ground
        const double em = mark.size / kPointsPerMm * per_mm_;
        const double width = fonts_.width(mark.text, mark.size) * per_mm_, rim = mark.weight == Weight::bold ? em * 0.035 : 0;
        const int left = static_cast<int>(std::floor(mark.x * per_mm_ - rim)),
                  top = static_cast<int>(std::floor(mark.baseline * per_mm_ - kAscent * em - rim));
        Dots dots(static_cast<int>(std::ceil(width + 2 * rim)) + 1,
                  static_cast<int>(std::ceil((kAscent + kDescent) * em + 2 * rim)) + 1);
        SEALDESK_TRY(draw_text(dots, fonts_, mark.text, mark.x * per_mm_ - left, mark.baseline * per_mm_ - top, em, mark.weight));
        picture(left, top, dots);
        return {};
    }
    Result<> operator()(const LineMark& mark) {
        if (!is_ink(mark.colour)) return {};
        const long thick = std::max(1L, std::lround(mark.width * per_mm_));
        const double half = mark.width / 2;
        if (mark.y1 == mark.y2)
            box(mark.x1, mark.y1 - half, std::max(1L, std::lround((mark.x2 - mark.x1) * per_mm_)), thick);
        else
            box(mark.x1 - half, mark.y1, thick, std::max(1L, std::lround((mark.y2 - mark.y1) * per_mm_)));
        return {};
    }
    Result<> operator()(const FillMark& mark) {
        if (!is_ink(mark.colour)) return {};
        const auto width = std::lround(mark.area.w * per_mm_), height = std::lround(mark.area.h * per_mm_);
        Dots dots(static_cast<int>(width), static_cast<int>(height));
        bool knocked = false;
        for (size_t i = at_ + 1; i < page_.marks.size(); ++i) {
            const auto* text = std::get_if<TextMark>(&page_.marks[i]);
            if (!text || is_ink(text->colour) || text->x < mark.area.x || text->x >= mark.area.right() ||
                text->baseline < mark.area.y || text->baseline > mark.area.bottom())
                continue;
            SEALDESK_TRY(draw_text(dots, fonts_, text->text, (text->x - mark.area.x) * per_mm_,
                                   (text->baseline - mark.area.y) * per_mm_, text->size / kPointsPerMm * per_mm_, text->weight));
            knocked = true;
        }
        if (!knocked) {
            box(mark.area.x, mark.area.y, width, height);
            return {};
        }
        dots.turn();
        picture(whole(mark.area.x), whole(mark.area.y), dots);
        return {};
    }
    Result<> operator()(const BarsMark& mark) {
        if (mark.kind != "code128") {
            Dots dots(whole(mark.area.w), whole(mark.area.h));
            for (const Area& bar : mark.bars) {
                const int left = whole(bar.x - mark.area.x), top = whole(bar.y - mark.area.y);
                dots.fill(left, top, whole(bar.right() - mark.area.x) - left, whole(bar.bottom() - mark.area.y) - top);
            }
            picture(whole(mark.area.x), whole(mark.area.y), dots);
            return {};
        }
        const ZplCode128 code = zpl_code128(mark.data);
        const int module = std::clamp(static_cast<int>(std::floor(mark.area.w * per_mm_ / code.modules + 0.01)), 1, 10);
        const double left = (mark.area.x + mark.area.w / 2) * per_mm_ - code.modules * module / 2.0;
        out_ += fmt::format("^FO{},{}^BY{}^BCN,{},N,N,N,N", std::max(0L, std::lround(left)), whole(mark.area.y), module,
                            whole(mark.area.h));
        out_ += field(code.field);
        return {};
    }

private:
    int whole(double mm) const { return static_cast<int>(std::lround(mm * per_mm_)); }
    void box(double x, double y, long width, long height) {
        out_ += fmt::format("^FO{},{}^GB{},{},{}^FS\n", std::max(0, whole(x)), std::max(0, whole(y)), width, height,
                            std::min(width, height));
    }
    // ^FO takes no negative numbers: what hangs over the edge has no ink there.
    void picture(int left, int top, const Dots& dots) {
        out_ += fmt::format("^FO{},{}{}^FS\n", std::max(0, left), std::max(0, top), graphic(dots));
    }

    const Page& page_;
    const Fonts& fonts_;
    const int per_mm_;
    std::string out_;
    size_t at_ = 0;
};

}  // namespace

ZplCode128 zpl_code128(const std::string& data) {
    // Start, check character and stop bar take 11 + 11 + 13 modules; every other character 11.
    ZplCode128 code{"", 35};
    bool pairs = false;
    for (size_t at = 0; at < data.size();) {
        size_t digits = 0;
        while (at + digits < data.size() && is_digit(data[at + digits])) ++digits;
        const bool ends = at == 0 || at + digits == data.size();
        if (!pairs && digits >= (ends ? 4U : 6U) && (digits % 2 == 0 || at == 0)) {
            code.field += at == 0 ? ">;" : ">5";
            code.modules += at == 0 ? 0 : 11;
            pairs = true;
        } else if (pairs ? digits < 2 : at == 0) {
            code.field += at == 0 ? ">:" : ">6";
            code.modules += at == 0 ? 0 : 11;
            pairs = false;
        }
        code.modules += 11;
        if (pairs) {
            code.field += data.substr(at, 2);
            at += 2;
            continue;
        }
        switch (data[at]) {  // these three would be commands
            case '>': code.field += ">0"; break;
            case '^': code.field += "><"; break;
            case '~': code.field += ">="; break;
            default: code.field += data[at]; break;
        }
        ++at;
    }
    return code;
}

Result<std::string> zpl_of(const Paper& paper, const Fonts& fonts, PrinterDots dots) {
    for (const Page& page : paper.pages)
        for (const Mark& mark : page.marks)
            if (const auto* text = std::get_if<TextMark>(&mark)) SEALDESK_TRY(fonts.check(text->text));
    std::string out;
    for (const Page& page : paper.pages) {
        SEALDESK_LET(label, Label(page, fonts, dots).text());
        out += label;
    }
    return out;
}

}  // namespace sealdesk::reports
