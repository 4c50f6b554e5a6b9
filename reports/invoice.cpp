#include "reports/invoice.h"

#include <fmt/format.h>

#include <cstdlib>

#include "base/translate.h"
#include "reports/barcode.h"
#include "reports/layout.h"
#include "reports/pdf.h"

namespace sealdesk::reports {
namespace {

constexpr double kLeft = 8, kInner = 194, kSide = 7, kRule = 0.25;
constexpr double kPartiesTop = 36, kPartiesHeight = 22, kLinesTop = kPartiesTop + kPartiesHeight;
constexpr double kFootHeight = 42;  // sums, amount in words, remark, clerk
constexpr double kLastLine = 285;   // a page's lines end here at the latest

struct InvoiceColumn {
    const char* title;
    double width;
    Align align;
};
constexpr InvoiceColumn kColumns[] = {{"项目名称", 48, Align::left},      {"规格型号", 24, Align::centre},
                                      {"单位", 12, Align::centre},        {"数量", 14, Align::right},
                                      {"单价", 30, Align::right},         {"金额", 24, Align::right},
                                      {"税率/征收率", 18, Align::centre}, {"税额", 24, Align::right}};

const TextStyle kTag{.size = 9, .align = Align::centre, .colour = kMaroon, .lines = 1};

std::string percent(int per_mille) {
    return per_mille % 10 == 0 ? fmt::format("{}%", per_mille / 10) : fmt::format("{}.{}%", per_mille / 10, per_mille % 10);
}

std::string capital(Fen gross) {
    return gross.value < 0 ? "（负数）" + capital_amount(-gross, "圆") : capital_amount(gross, "圆");
}

// One character under the other, as the face has it.
void upright(Layout& layout, const Area& box, const std::string& words) {
    layout.text(box.inset(0.8), words, {.size = 9, .smallest = 6, .align = Align::centre, .colour = kMaroon, .leading = 1.2},
                words);
}

class Face {
public:
    Face(const Invoice& invoice, const Fonts& fonts) : invoice_(invoice), layout_(fonts, invoice_title()) {}

    Result<Paper> draw() {
        open_page();
        for (const InvoiceLine& line : invoice_.lines) item(line);
        // Up to eight lines the face keeps its shape and fits half a sheet.
        if (y_ + kFootHeight > kLastLine) turn_page();
        y_ = std::max(y_, kLinesTop + 7 + (layout_.pages() == 1 ? 32.0 : 0.0));
        sums();
        words();
        remark();
        page_numbers();
        return layout_.finish();
    }

private:
    const char* invoice_title() const {
        return invoice_.kind == InvoiceKind::special ? "电子发票（增值税专用发票）" : "电子发票（普通发票）";
    }

    void open_page() {
        layout_.page(210, 297);
        if (!invoice_.qr.empty()) layout_.bars(qr_code(invoice_.qr, {kLeft + 2, 10, 20, 20}));
        layout_.text({55, 12, 100, 11}, invoice_title(), {.size = 19, .align = Align::centre, .colour = kMaroon, .lines = 1},
                     tr("发票名称"));
        layout_.line(68, 24.2, 142, 24.2, 0.3, kMaroon);
        layout_.line(68, 25.4, 142, 25.4, 0.3, kMaroon);
        labelled({145, 17, 57, 5}, "发票号码：", invoice_.number);
        labelled({145, 23, 57, 5}, "开票日期：",
                 fmt::format("{}年{:02}月{:02}日", invoice_.issued.year, invoice_.issued.month, invoice_.issued.day));
        party(kLeft, "购买方信息", invoice_.buyer);
        party(kLeft + kInner / 2, "销售方信息", invoice_.seller);
        layout_.frame({kLeft, kPartiesTop, kInner, kPartiesHeight}, kRule, kMaroon);
        layout_.line(kLeft + kInner / 2, kPartiesTop, kLeft + kInner / 2, kLinesTop, kRule, kMaroon);
        double x = kLeft;
        for (const InvoiceColumn& column : kColumns) {
            layout_.text({x + 1, kLinesTop, column.width - 2, 7}, column.title, heading(column.align), column.title);
            x += column.width;
        }
        y_ = kLinesTop + 7;
    }

    // Heads stand over their figures.
    static TextStyle heading(Align align) {
        TextStyle style = kTag;
        style.align = align == Align::left ? Align::centre : align;
        return style;
    }

    void labelled(const Area& box, const char* label, const std::string& value) {
        constexpr double kLabel = 17;
        layout_.text({box.x, box.y, kLabel, box.h}, label, {.size = 9, .colour = kMaroon, .lines = 1}, label);
        layout_.text({box.x + kLabel, box.y, box.w - kLabel, box.h}, value, {.size = 9, .lines = 1}, label);
    }

    void party(double x, const char* side, const InvoiceParty& who) {
        upright(layout_, {x, kPartiesTop, kSide, kPartiesHeight}, side);
        layout_.line(x + kSide, kPartiesTop, x + kSide, kLinesTop, kRule, kMaroon);
        const double left = x + kSide + 2, width = kInner / 2 - kSide - 4;
        layout_.text({left, kPartiesTop + 2, 11, 8}, "名称：", {.size = 9, .colour = kMaroon, .lines = 1}, side);
        layout_.text({left + 11, kPartiesTop + 2, width - 11, 8}, who.name, {.size = 9.5}, tr("发票抬头"));
        const char* label = "统一社会信用代码/纳税人识别号：";
        constexpr double kLabel = 46;
        layout_.text({left, kPartiesTop + 12, kLabel, 7}, label, {.size = 8.5, .colour = kMaroon, .lines = 1}, side);
        layout_.text({left + kLabel, kPartiesTop + 12, width - kLabel, 7}, who.tax_number, {.size = 9.5, .lines = 1},
                     tr("纳税人识别号"));
    }

    void item(const InvoiceLine& line) {
        const bool counted = line.quantity != 0;
        const std::string cells[] = {line.item,
                                     line.spec,
                                     line.unit,
                                     counted ? std::to_string(line.quantity) : "",
                                     counted ? unit_price(line.net, line.quantity) : "",
                                     yuan(line.net),
                                     percent(line.rate_per_mille),
                                     yuan(line.tax)};
        double height = 5.5;
        for (size_t i = 0; i < 2; ++i)
            height = std::max(height, layout_.height_of(cells[i], kColumns[i].width - 2, {.size = 9}) + 1.2);
        if (y_ + height > kLastLine - 8) turn_page();
        double x = kLeft;
        for (size_t i = 0; i < std::size(kColumns); ++i) {
            TextStyle style{.size = 9, .smallest = 5, .align = kColumns[i].align};
            if (i >= 2) style.lines = 1;
            layout_.text({x + 1, y_, kColumns[i].width - 2, height}, cells[i], style, kColumns[i].title);
            x += kColumns[i].width;
        }
        y_ += height;
    }

    void turn_page() {
        layout_.text({kLeft, y_, kInner - 2, 6}, "（接下页）", {.size = 8, .align = Align::right, .colour = kMaroon}, "");
        layout_.frame({kLeft, kLinesTop, kInner, y_ + 7 - kLinesTop}, kRule, kMaroon);
        open_page();
    }

    void sums() {
        const double height = 7;
        layout_.text({kLeft + 1, y_, kColumns[0].width - 2, height}, "合　　　　计", kTag, tr("合计"));
        layout_.text({kLeft + 98 + 1, y_, 30 + 24 - 2, height}, "¥" + yuan(invoice_.net),
                     {.size = 9.5, .align = Align::right, .lines = 1}, tr("合计金额"));
        layout_.text({kLeft + 152 + 1, y_, 18 + 24 - 2, height}, "¥" + yuan(invoice_.tax),
                     {.size = 9.5, .align = Align::right, .lines = 1}, tr("合计税额"));
        y_ += height;
        layout_.frame({kLeft, kLinesTop, kInner, y_ - kLinesTop}, kRule, kMaroon);
    }

    void words() {
        const double height = 9;
        layout_.text({kLeft + 1, y_, kColumns[0].width - 2, height}, "价税合计（大写）", kTag, tr("价税合计"));
        layout_.line(kLeft + 48, y_, kLeft + 48, y_ + height, kRule, kMaroon);
        layout_.text({kLeft + 51, y_, 89, height}, "⊗ " + capital(invoice_.gross), {.size = 10.5, .smallest = 6, .lines = 1},
                     tr("价税合计（大写）"));
        layout_.text({kLeft + 141, y_, 14, height}, "（小写）", {.size = 9, .colour = kMaroon, .lines = 1}, tr("（小写）"));
        layout_.text({kLeft + 155, y_, 38, height}, "¥" + yuan(invoice_.gross), {.size = 10.5, .align = Align::right, .lines = 1},
                     tr("价税合计（小写）"));
        y_ += height;
        layout_.frame({kLeft, y_ - height, kInner, height}, kRule, kMaroon);
    }

    void remark() {
        const double height = 18;
        upright(layout_, {kLeft, y_, kSide, height}, "备注");
        layout_.line(kLeft + kSide, y_, kLeft + kSide, y_ + height, kRule, kMaroon);
        layout_.text({kLeft + kSide + 2, y_ + 1, kInner - kSide - 4, height - 2}, invoice_.remark,
                     {.size = 9, .smallest = 4.5, .stand = Stand::top}, tr("备注"));
        layout_.frame({kLeft, y_, kInner, height}, kRule, kMaroon);
        y_ += height;
        layout_.text({kLeft + 14, y_ + 1.5, 15, 6}, "开票人：", {.size = 9, .colour = kMaroon, .lines = 1}, tr("开票人"));
        layout_.text({kLeft + 29, y_ + 1.5, 50, 6}, invoice_.clerk, {.size = 9, .lines = 1}, tr("开票人"));
    }

    void page_numbers() {
        const size_t pages = layout_.pages();
        for (size_t i = 0; pages > 1 && i < pages; ++i) {
            layout_.back_to(i);
            layout_.text({145, 29, 57, 5}, fmt::format("共 {} 页 第 {} 页", pages, i + 1),
                         {.size = 9, .colour = kMaroon, .lines = 1}, "");
        }
    }

    const Invoice& invoice_;
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

Result<Paper> layout_invoice(const Invoice& invoice, const Fonts& fonts) {
    SEALDESK_TRY(check_sums(invoice));
    return Face(invoice, fonts).draw();
}

Result<std::string> invoice_pdf(const Invoice& invoice, const Fonts& fonts) {
    SEALDESK_LET(paper, layout_invoice(invoice, fonts));
    return pdf_of(paper, fonts);
}

}  // namespace sealdesk::reports
