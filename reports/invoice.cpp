#include "reports/invoice.h"

#include <fmt/format.h>

#include <cstdlib>

#include "base/text.h"
#include "base/translate.h"
#include "reports/barcode.h"
#include "reports/layout.h"
#include "reports/pdf.h"

namespace sealdesk::reports {
namespace {

constexpr double kSide = 7, kRule = 0.25;
constexpr size_t kColumns = 8;
struct InvoiceColumn {
    const char* title;
    Align align;
};
constexpr InvoiceColumn kHeads[kColumns] = {{"项目名称", Align::left},      {"规格型号", Align::centre}, {"单位", Align::centre},
                                            {"数量", Align::right},         {"单价", Align::right},      {"金额", Align::right},
                                            {"税率/征收率", Align::centre}, {"税额", Align::right}};

// Where the face stands on each paper, in mm.
struct Geometry {
    double w, h, left;
    double columns[kColumns];
    double qr_top, qr_side, title_top, title_size, number_top, number_step;
    double parties_top, parties_height, head, row, sum, words, remark;
    double shortest;   // room for lines that the first page has at least, so that the face keeps its shape
    double lines_end;  // where lines end on a page that is continued
    double last;       // the foot ends here at the latest
    double inner() const { return at(kColumns); }
    double right() const { return left + inner(); }
    double lines_top() const { return parties_top + parties_height; }
    double foot() const { return sum + words + remark + 8; }
    double at(size_t column) const {  // from `left`
        double x = 0;
        for (size_t i = 0; i < column; ++i) x += columns[i];
        return x;
    }
};
// Up to eight lines fit half a sheet.
constexpr Geometry kA4{210, 297, 8,  {48, 24, 12, 14, 30, 24, 18, 24}, 10, 20, 12, 19, 17, 6, 36, 22, 7, 5.5, 7, 9, 18,
                       32,  277, 285};
// The holes on both sides take 12.7 mm. The foot is always at its place: it may be on the paper already.
constexpr Geometry kForm{241, 140, 16, {54, 27, 12, 14, 32, 26, 18, 26}, 3, 17, 4, 16, 7, 5, 22, 18, 6, 4.8, 6, 7, 13,
                         56,  102, 136};

const TextStyle kTag{.size = 9, .align = Align::centre, .colour = kMaroon, .lines = 1};

std::string percent(int per_mille) {
    return per_mille % 10 == 0 ? fmt::format("{}%", per_mille / 10) : fmt::format("{}.{}%", per_mille / 10, per_mille % 10);
}

std::string capital(Fen gross) {
    return gross.value < 0 ? "（负数）" + capital_amount(-gross, "圆") : capital_amount(gross, "圆");
}

class Face {
public:
    Face(const Invoice& invoice, const Fonts& fonts, const InvoiceSheet& sheet)
        : invoice_(invoice), sheet_(sheet), g_(sheet.paper == InvoicePaper::a4 ? kA4 : kForm), layout_(fonts, invoice_title()) {}

    Result<Paper> draw() {
        open_page();
        for (const InvoiceLine& line : invoice_.lines) item(line);
        if (y_ + g_.foot() > g_.last) turn_page();
        const bool fixed = sheet_.paper != InvoicePaper::a4;
        y_ = std::max(y_, g_.lines_top() + g_.head + (fixed || layout_.pages() == 1 ? g_.shortest : 0.0));
        sums();
        words();
        remark();
        page_numbers();
        return layout_.finish();
    }

private:
    const char* invoice_title() const {
        if (!invoice_.code.empty()) return invoice_.kind == InvoiceKind::special ? "增值税专用发票" : "增值税普通发票";
        return invoice_.kind == InvoiceKind::special ? "电子发票（增值税专用发票）" : "电子发票（普通发票）";
    }
    bool plain() const { return sheet_.stock == Stock::plain; }

    // What pre-printed paper has already.
    void caption(const Area& box, std::string_view words, const TextStyle& style) {
        if (plain()) layout_.text(box, words, style, words);
    }
    void rule(double x1, double y1, double x2, double y2, double width = kRule) {
        if (plain()) layout_.line(x1, y1, x2, y2, width, kMaroon);
    }
    void frame(const Area& area) {
        if (plain()) layout_.frame(area, kRule, kMaroon);
    }
    // One character under the other, as the face has it.
    void upright(const Area& box, std::string_view words) {
        std::string column;
        for (const char32_t c : code_points(words)) column += (column.empty() ? "" : "\n") + utf8(c);
        caption(box.inset(0.8), column, {.size = 9, .smallest = 6, .align = Align::centre, .colour = kMaroon, .leading = 1.2});
    }

    void open_page() {
        layout_.page(g_.w, g_.h);
        if (!invoice_.qr.empty()) layout_.bars(qr_code(invoice_.qr, {g_.left + 2, g_.qr_top, g_.qr_side, g_.qr_side}));
        const double middle = g_.w / 2, title_height = g_.title_size * 11 / 19;
        caption({middle - 50, g_.title_top, 100, title_height}, invoice_title(),
                {.size = g_.title_size, .align = Align::centre, .colour = kMaroon, .lines = 1});
        const double under = g_.title_top + title_height + 1.2;
        rule(middle - 37, under, middle + 37, under, 0.3);
        rule(middle - 37, under + 1.2, middle + 37, under + 1.2, 0.3);
        if (!invoice_.code.empty())
            labelled({g_.right() - 57, g_.number_top - g_.number_step, 57, 5}, "发票代码：", invoice_.code);
        labelled({g_.right() - 57, g_.number_top, 57, 5}, "发票号码：", invoice_.number);
        labelled({g_.right() - 57, g_.number_top + g_.number_step, 57, 5}, "开票日期：",
                 fmt::format("{}年{:02}月{:02}日", invoice_.issued.year, invoice_.issued.month, invoice_.issued.day));
        party(g_.left, "购买方信息", invoice_.buyer);
        party(g_.left + g_.inner() / 2, "销售方信息", invoice_.seller);
        frame({g_.left, g_.parties_top, g_.inner(), g_.parties_height});
        rule(g_.left + g_.inner() / 2, g_.parties_top, g_.left + g_.inner() / 2, g_.lines_top());
        for (size_t i = 0; i < kColumns; ++i)
            caption({g_.left + g_.at(i) + 1, g_.lines_top(), g_.columns[i] - 2, g_.head}, kHeads[i].title,
                    heading(kHeads[i].align));
        y_ = g_.lines_top() + g_.head;
    }

    // Heads stand over their figures.
    static TextStyle heading(Align align) {
        TextStyle style = kTag;
        style.align = align == Align::left ? Align::centre : align;
        return style;
    }

    void labelled(const Area& box, const char* label, const std::string& value) {
        constexpr double kLabel = 17;
        caption({box.x, box.y, kLabel, box.h}, label, {.size = 9, .colour = kMaroon, .lines = 1});
        layout_.text({box.x + kLabel, box.y, box.w - kLabel, box.h}, value, {.size = 9, .lines = 1}, label);
    }

    void party(double x, const char* side, const InvoiceParty& who) {
        upright({x, g_.parties_top, kSide, g_.parties_height}, side);
        rule(x + kSide, g_.parties_top, x + kSide, g_.lines_top());
        const double left = x + kSide + 2, width = g_.inner() / 2 - kSide - 4;
        const double name = g_.parties_top + g_.parties_height / 11, number = g_.parties_top + g_.parties_height * 6 / 11;
        caption({left, name, 11, 8}, "名称：", {.size = 9, .colour = kMaroon, .lines = 1});
        layout_.text({left + 11, name, width - 11, 8}, who.name, {.size = 9.5}, tr("发票抬头"));
        constexpr double kLabel = 46;
        caption({left, number, kLabel, 7}, "统一社会信用代码/纳税人识别号：", {.size = 8.5, .colour = kMaroon, .lines = 1});
        layout_.text({left + kLabel, number, width - kLabel, 7}, who.tax_number, {.size = 9.5, .lines = 1}, tr("纳税人识别号"));
    }

    void item(const InvoiceLine& line) {
        const bool counted = line.quantity != 0;
        const std::string cells[kColumns] = {line.item,
                                             line.spec,
                                             line.unit,
                                             counted ? std::to_string(line.quantity) : "",
                                             counted ? unit_price(line.net, line.quantity) : "",
                                             yuan(line.net),
                                             percent(line.rate_per_mille),
                                             yuan(line.tax)};
        double height = g_.row;
        for (size_t i = 0; i < 2; ++i)
            height = std::max(height, layout_.height_of(cells[i], g_.columns[i] - 2, {.size = 9}) + 1.2);
        if (y_ + height > g_.lines_end) turn_page();
        for (size_t i = 0; i < kColumns; ++i) {
            TextStyle style{.size = 9, .smallest = 5, .align = kHeads[i].align};
            if (i >= 2) style.lines = 1;
            layout_.text({g_.left + g_.at(i) + 1, y_, g_.columns[i] - 2, height}, cells[i], style, kHeads[i].title);
        }
        y_ += height;
    }

    void turn_page() {
        layout_.text({g_.left, y_, g_.inner() - 2, 6}, "（接下页）", {.size = 8, .align = Align::right, .colour = kMaroon}, "");
        frame({g_.left, g_.lines_top(), g_.inner(), y_ + 7 - g_.lines_top()});
        open_page();
    }

    void sums() {
        const TextStyle figure{.size = 9.5, .align = Align::right, .lines = 1};
        caption({g_.left + 1, y_, g_.columns[0] - 2, g_.sum}, "合　　　　计", kTag);
        layout_.text({g_.left + g_.at(4) + 1, y_, g_.columns[4] + g_.columns[5] - 2, g_.sum}, "¥" + yuan(invoice_.net), figure,
                     tr("合计金额"));
        layout_.text({g_.left + g_.at(6) + 1, y_, g_.columns[6] + g_.columns[7] - 2, g_.sum}, "¥" + yuan(invoice_.tax), figure,
                     tr("合计税额"));
        y_ += g_.sum;
        frame({g_.left, g_.lines_top(), g_.inner(), y_ - g_.lines_top()});
    }

    void words() {
        const double first = g_.columns[0], amount = g_.right() - 39, small = amount - 14;
        caption({g_.left + 1, y_, first - 2, g_.words}, "价税合计（大写）", kTag);
        rule(g_.left + first, y_, g_.left + first, y_ + g_.words);
        layout_.text({g_.left + first + 3, y_, small - g_.left - first - 4, g_.words}, "⊗ " + capital(invoice_.gross),
                     {.size = 10.5, .smallest = 6, .lines = 1}, tr("价税合计（大写）"));
        caption({small, y_, 14, g_.words}, "（小写）", {.size = 9, .colour = kMaroon, .lines = 1});
        layout_.text({amount, y_, 38, g_.words}, "¥" + yuan(invoice_.gross), {.size = 10.5, .align = Align::right, .lines = 1},
                     tr("价税合计（小写）"));
        frame({g_.left, y_, g_.inner(), g_.words});
        y_ += g_.words;
    }

    void remark() {
        upright({g_.left, y_, kSide, g_.remark}, "备注");
        rule(g_.left + kSide, y_, g_.left + kSide, y_ + g_.remark);
        layout_.text({g_.left + kSide + 2, y_ + 1, g_.inner() - kSide - 4, g_.remark - 2}, invoice_.remark,
                     {.size = 9, .smallest = 4.5, .stand = Stand::top}, tr("备注"));
        frame({g_.left, y_, g_.inner(), g_.remark});
        y_ += g_.remark;
        caption({g_.left + 14, y_ + 1.5, 15, 6}, "开票人：", {.size = 9, .colour = kMaroon, .lines = 1});
        layout_.text({g_.left + 29, y_ + 1.5, 50, 6}, invoice_.clerk, {.size = 9, .lines = 1}, tr("开票人"));
    }

    void page_numbers() {
        const size_t pages = layout_.pages();
        for (size_t i = 0; pages > 1 && i < pages; ++i) {
            layout_.back_to(i);
            layout_.text({g_.right() - 57, g_.number_top + 2 * g_.number_step, 57, 5},
                         fmt::format("共 {} 页 第 {} 页", pages, i + 1), {.size = 9, .colour = kMaroon, .lines = 1}, "");
        }
    }

    const Invoice& invoice_;
    const InvoiceSheet& sheet_;
    const Geometry& g_;
    Layout layout_;
    double y_ = 0;
};

Result<> check_sums(const Invoice& invoice) {
    if (invoice.lines.empty()) return refused(tr("发票没有明细行"));
    if (invoice.number.empty()) return refused(tr("发票没有号码"));
    Fen net, tax;
    for (const InvoiceLine& line : invoice.lines) {
        net += line.net;
        tax += line.tax;
    }
    if (net != invoice.net || tax != invoice.tax || net + tax != invoice.gross)
        return refused(trf("发票合计与明细不符：明细 {} + {}，合计 {} + {} = {}", yuan(net), yuan(tax), yuan(invoice.net),
                           yuan(invoice.tax), yuan(invoice.gross)));
    return {};
}

}  // namespace

std::string unit_price(Fen net, int quantity) {
    if (quantity == 0) return {};
    const bool negative = (net.value < 0) != (quantity < 0);
    const std::int64_t divisor = std::int64_t{100} * std::abs(std::int64_t{quantity});
    std::int64_t rest = std::abs(net.value);
    std::string digits = std::to_string(rest / divisor);
    const size_t whole = digits.size();
    rest %= divisor;
    for (int i = 0; i < 13; ++i) {
        rest *= 10;
        digits += static_cast<char>('0' + rest / divisor);
        rest %= divisor;
    }
    size_t carried = 0;
    if (rest * 2 >= divisor) {
        size_t at = digits.size();
        while (at > 0 && digits[at - 1] == '9') digits[--at] = '0';
        if (at > 0)
            ++digits[at - 1];
        else {
            digits.insert(0, 1, '1');
            carried = 1;
        }
    }
    digits.insert(whole + carried, 1, '.');
    const size_t shortest = whole + carried + 3;
    while (digits.size() > shortest && digits.back() == '0') digits.pop_back();
    return negative ? "-" + digits : digits;
}

Result<Paper> layout_invoice(const Invoice& invoice, const Fonts& fonts, const InvoiceSheet& sheet) {
    SEALDESK_TRY(check_sums(invoice));
    SEALDESK_LET(paper, Face(invoice, fonts, sheet).draw());
    SEALDESK_TRY(shift(paper, sheet.right, sheet.down));
    return paper;
}

Result<std::string> invoice_pdf(const Invoice& invoice, const Fonts& fonts, const InvoiceSheet& sheet) {
    SEALDESK_LET(paper, layout_invoice(invoice, fonts, sheet));
    return pdf_of(paper, fonts);
}

}  // namespace sealdesk::reports
