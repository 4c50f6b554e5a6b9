#include "reports/label.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "base/translate.h"
#include "reports/barcode.h"
#include "reports/layout.h"
#include "reports/pdf.h"

namespace sealdesk::reports {
namespace {

constexpr const char* kTitle = "快递面单";

constexpr size_t kLongName = 14, kLongUnit = 50;  // characters

// Where things stand on each paper, in millimetres; text sizes in points. All of it is black: label printers have no grey.
struct Geometry {
    double w, h, left;
    double head_bottom, printed_top, courier, code_top, code_height, number_top, number;
    double recipient_top, badge, name, unit, address_top, address;
    double sender_top, sender_address, contents_top, orders_bottom;
    double stub_top;  // 0: no stub
    double inner() const { return w - 2 * left; }
    double right() const { return w - left; }
};
constexpr Geometry kTall{100, 180, 4, 17, 9.5, 22, 19.5, 21, 41.5, 16, 50, 9, 15, 10.5, 66, 15, 89.5, 8.5, 107.5, 140, 142};
constexpr Geometry kMiddle{100, 150, 4, 17, 9.5, 22, 19.5, 21, 41.5, 16, 50, 9, 15, 10.5, 66, 15, 89.5, 8.5, 107.5, 146, 0};
constexpr Geometry kSmall{76, 130, 3.5, 14, 8.6, 17, 15.5, 16, 32, 13, 39, 7, 13, 9, 53, 12.5, 71.5, 7.5, 87.5, 126.5, 0};

const Geometry& geometry_of(LabelSize size) {
    switch (size) {
        case LabelSize::mm100x150: return kMiddle;
        case LabelSize::mm76x130: return kSmall;
        case LabelSize::mm100x180: break;
    }
    return kTall;
}

// What stands on the label; the packing slip has them all.
std::string some_orders(const std::vector<std::string>& orders) {
    constexpr size_t kMost = 24;
    if (orders.size() <= kMost) return fmt::format("{}", fmt::join(orders, "  "));
    return fmt::format("{} …… 等 {} 个订单", fmt::join(orders.begin(), orders.begin() + kMost, "  "), orders.size());
}

// 177 0000 1234: read aloud in threes and fours.
std::string spaced_mobile(const std::string& mobile) {
    return mobile.size() == 11 ? mobile.substr(0, 3) + " " + mobile.substr(3, 4) + " " + mobile.substr(7) : mobile;
}

// Up to the frame on both sides, which the bars' quiet zones need.
Result<BarsMark> waybill_bars(const std::string& waybill, LabelSize size, PrinterDots dots, double top, double height) {
    constexpr double kFrame = 2.2;
    return code128(waybill, {kFrame, top, geometry_of(size).w - 2 * kFrame, height}, dots);
}

void badge(Layout& layout, double x, double y, double side, const char* character) {
    layout.fill({x, y, side, side}, kBlack);
    layout.text({x, y, side, side}, character,
                {.size = side * 1.9, .weight = Weight::bold, .align = Align::centre, .colour = kWhite, .lines = 1}, "");
}

bool has_unit(const Contact& contact) { return !contact.unit.empty() && contact.unit != contact.name; }

std::string name_and_unit(const Contact& contact) {
    return has_unit(contact) ? contact.name + "  " + contact.unit : contact.name;
}

// The courier's QR code at the right of a text, where that can still be read beside it; returns the width it took.
double routing_code(Layout& layout, const std::string& code, const Area& box, const std::string& beside,
                    const TextStyle& readable) {
    constexpr double kSide = 18, kGap = 2;  // mm
    constexpr size_t kMost = 200;           // bytes: with more the modules are too small for 203 dpi
    if (code.empty() || code.size() > kMost || box.h < kSide) return 0;
    if (layout.height_of(beside, box.w - kSide - kGap, readable) > box.h) return 0;
    auto mark = qr_code(code, {box.right() - kSide, box.bottom() - kSide, kSide, kSide});
    if (!mark) return 0;  // the courier's sorters still have the barcode
    layout.bars(std::move(mark));
    return kSide + kGap;
}

// Name and mobile on one line, unit, address; a long name or unit gets the whole width, and the mobile a line of its own.
// True when the courier's code stands beside the address.
bool recipient(Layout& layout, const Contact& who, const std::string& code, const Geometry& g, const Area& box) {
    const bool for_unit = has_unit(who);
    const bool crowded = code_points(who.name).size() > kLongName || code_points(who.unit).size() > kLongUnit;
    const double name_height = g.name * (crowded || for_unit ? 0.46 : 0.73);
    const double name_width = crowded ? box.w : box.w * 0.57;
    layout.text({box.x, box.y, name_width, name_height}, who.name,
                {.size = g.name, .smallest = 5, .weight = Weight::bold, .leading = 1.2}, tr("收件人"));
    const TextStyle mobile{.size = g.name - 1, .smallest = 8, .weight = Weight::bold, .align = Align::right, .lines = 1};
    double y = box.y + name_height + 0.5;
    if (crowded) {
        layout.text({box.x, y, box.w, 4.2}, spaced_mobile(who.mobile), mobile, tr("收件人手机"));
        y += 4.2;
    } else {
        layout.text({box.x + box.w * 0.58, box.y, box.w * 0.42, name_height}, spaced_mobile(who.mobile), mobile,
                    tr("收件人手机"));
    }
    if (for_unit) layout.text({box.x, y, box.w, 5.5}, who.unit, {.size = g.unit, .smallest = 4, .leading = 1.2}, tr("收件单位"));
    y = std::max(g.address_top, y + (for_unit ? 6 : 0));
    const TextStyle address{.size = g.address, .smallest = 4.5, .weight = Weight::bold, .stand = Stand::top};
    const Area rest{box.x, y, box.w, box.bottom() - y};
    const double taken = g.w < 100 ? 0 : routing_code(layout, code, rest, who.address, {.size = 10, .weight = Weight::bold});
    layout.text({rest.x, rest.y, rest.w - taken, rest.h}, who.address, address, tr("收件地址"));
    return taken > 0;
}

void one_label(Layout& layout, const Label& label, LabelSize size, PrinterDots dots) {
    const Geometry& g = geometry_of(size);
    layout.page(g.w, g.h);
    layout.frame({2, 2, g.w - 4, g.h - 4}, 0.4);
    const double after_badge = g.left + g.badge + 2, body = g.right() - after_badge;

    // head: who carries it
    const TextStyle courier{.size = g.courier, .smallest = 9, .weight = Weight::bold, .lines = 1};
    if (label.routing.empty()) {
        layout.text({g.left, 4, g.w * 0.56, g.head_bottom - 6}, label.courier, courier, tr("快递公司"));
    } else {
        layout.text({g.left, 3, g.w * 0.56, g.printed_top - 4}, label.courier, courier, tr("快递公司"));
        layout.text({g.left, g.printed_top - 0.8, g.w * 0.51 - g.left, g.head_bottom - g.printed_top + 0.4}, label.routing,
                    {.size = g.courier, .smallest = 5, .weight = Weight::bold, .leading = 1.2}, tr("路由"));
    }
    layout.text({g.w * 0.62, g.printed_top - 5.5, g.right() - g.w * 0.62, 5.5},
                fmt::format("第 {} 件 / 共 {} 件", label.parcel, label.parcels),
                {.size = 10, .weight = Weight::bold, .align = Align::right, .lines = 1}, tr("件数"));
    std::string printed = date_time(label.printed_at);
    if (label.reprint > 0) printed += fmt::format("  补打 {}", label.reprint);
    layout.text({g.w * 0.52, g.printed_top, g.right() - g.w * 0.52, 5}, printed, {.size = 8, .align = Align::right, .lines = 1},
                tr("打印时间"));
    layout.line(2, g.head_bottom, g.w - 2, g.head_bottom, 0.4);

    // waybill
    auto bars = waybill_bars(label.waybill, size, dots, g.code_top, g.code_height);
    if (!bars) {
        if (auto fits = waybill_fits(label.waybill, size, dots); !fits) layout.refuse(std::move(fits).error());
    }
    layout.bars(std::move(bars));
    layout.text({g.left, g.number_top, g.inner(), 7}, label.waybill,
                {.size = g.number, .weight = Weight::bold, .align = Align::centre, .lines = 1}, tr("快递单号"));
    layout.line(2, g.recipient_top, g.w - 2, g.recipient_top, 0.4);

    // recipient
    const double top = g.recipient_top + 2;
    badge(layout, g.left, top + 1, g.badge, "收");
    const bool coded =
        recipient(layout, label.recipient, label.routing_code, g, {after_badge, top, body, g.sender_top - 1.5 - top});
    layout.line(2, g.sender_top, g.w - 2, g.sender_top, 0.2);

    // sender
    badge(layout, g.left, g.sender_top + 2, 6, "寄");
    layout.text({after_badge, g.sender_top + 1.5, body * 0.64, 7}, name_and_unit(label.sender), {.size = 9, .smallest = 5},
                tr("寄件人"));
    layout.text({after_badge + body * 0.64, g.sender_top + 1.5, body * 0.36, 7}, spaced_mobile(label.sender.mobile),
                {.size = 9, .align = Align::right, .lines = 1}, tr("寄件人电话"));
    layout.text({after_badge, g.sender_top + 8.5, body, g.contents_top - g.sender_top - 9.5}, label.sender.address,
                {.size = g.sender_address, .smallest = 4, .stand = Stand::top}, tr("寄件地址"));
    layout.line(2, g.contents_top, g.w - 2, g.contents_top, 0.4);

    // what is in it
    layout.text({g.left, g.contents_top + 1.5, g.inner() * 0.6, 6}, fmt::format("电子印章 KEY × {}", label.keys),
                {.size = 11, .weight = Weight::bold, .lines = 1}, tr("内件"));
    layout.text({g.left + g.inner() * 0.6, g.contents_top + 1.5, g.inner() * 0.4, 6},
                fmt::format("共 {} 个订单", label.orders.size()), {.size = 9, .align = Align::right, .lines = 1}, tr("订单数"));
    // Beside the orders there is room for the code that has none beside the address.
    const Area orders{g.left, g.contents_top + 8.5, g.inner(), g.orders_bottom - g.contents_top - 8.5};
    const std::string numbers = some_orders(label.orders);
    const double taken = coded ? 0 : routing_code(layout, label.routing_code, orders, numbers, {.size = 5});
    layout.text({orders.x, orders.y, orders.w - taken, orders.h}, numbers, {.size = 8.5, .smallest = 5, .stand = Stand::top},
                tr("订单号"));
    if (g.stub_top == 0) return;

    // the sender keeps this part
    const double stub = g.stub_top;
    for (double x = 2; x < g.w - 2.5; x += 3) layout.line(x, stub, x + 1.6, stub, 0.2);
    layout.text({g.left, stub + 1.5, 30, 5}, "寄件存根", {.size = 8, .lines = 1}, tr("存根"));
    layout.text({g.left + 30, stub + 1.5, g.inner() - 30, 5}, label.courier + "  " + label.waybill,
                {.size = 9, .align = Align::right, .lines = 1}, tr("快递单号"));
    layout.bars(waybill_bars(label.waybill, size, dots, stub + 7.5, 10));
    const std::string whole = name_and_unit(label.recipient);
    layout.text({g.left, stub + 19, 62, 6.5}, code_points(whole).size() <= kLongUnit ? whole : label.recipient.name,
                {.size = 9, .smallest = 5}, tr("收件人"));
    layout.text({g.left + 64, stub + 19, g.inner() - 64, 6.5}, spaced_mobile(label.recipient.mobile),
                {.size = 9, .smallest = 5, .align = Align::right, .lines = 1}, tr("收件人手机"));
    layout.text({g.left, stub + 26, g.inner(), 8.5}, label.recipient.address, {.size = 8.5, .smallest = 4, .stand = Stand::top},
                tr("收件地址"));
}

}  // namespace

size_t longest_waybill(LabelSize size, PrinterDots dots) {
    size_t letters = 0;
    while (waybill_bars(std::string(letters + 1, 'W'), size, dots, 0, 1)) ++letters;
    return letters;
}

Result<> waybill_fits(const std::string& waybill, LabelSize size, PrinterDots dots) {
    if (waybill_bars(waybill, size, dots, 0, 1)) return {};
    const Geometry& g = geometry_of(size);
    return refused(trf("快递单号 {} 的条码在 {}×{} 毫米的面单上放不下：最多 {} 个字母，连续的数字两位算一个", waybill, g.w, g.h,
                       longest_waybill(size, dots)));
}

Result<Paper> layout_labels(const std::vector<Label>& labels, const Fonts& fonts, LabelSize size, PrinterDots dots) {
    if (labels.empty()) return refused(tr("没有要打印的面单"));
    Layout layout(fonts, kTitle);
    for (const Label& label : labels) one_label(layout, label, size, dots);
    return layout.finish();
}

LabelFile::LabelFile(const Fonts& fonts, LabelSize size, Sink sink)
    : size_(size), layout_(fonts, kTitle), file_(fonts, kTitle, std::move(sink)) {}

Result<> LabelFile::add(const Label& label) {
    one_label(layout_, label, size_, PrinterDots::dpi203);
    SEALDESK_LET(page, layout_.take_page());
    empty_ = false;
    return file_.add(page);
}

Result<> LabelFile::finish() {
    if (empty_) return refused(tr("没有要打印的面单"));
    return file_.finish();
}

Result<std::string> labels_pdf(const std::vector<Label>& labels, const Fonts& fonts, LabelSize size) {
    std::string bytes;
    LabelFile file(fonts, size, into(bytes));
    for (const Label& label : labels) SEALDESK_TRY(file.add(label));
    SEALDESK_TRY(file.finish());
    return bytes;
}

Result<std::string> label_pdf(const Label& label, const Fonts& fonts, LabelSize size) { return labels_pdf({label}, fonts, size); }

Result<std::string> labels_zpl(const std::vector<Label>& labels, const Fonts& fonts, LabelSize size, PrinterDots dots) {
    SEALDESK_LET(paper, layout_labels(labels, fonts, size, dots));
    return zpl_of(paper, fonts, dots);
}

}  // namespace sealdesk::reports
