#include "reports/label.h"

#include <fmt/format.h>

#include "base/translate.h"
#include "reports/barcode.h"
#include "reports/layout.h"
#include "reports/pdf.h"

namespace sealdesk::reports {
namespace {

constexpr const char* kTitle = "快递面单";
constexpr double kWidth = 100, kHeight = 180, kLeft = 4, kInner = 92;

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

void badge(Layout& layout, double y, double side, const char* character) {
    layout.fill({kLeft, y, side, side}, kBlack);
    layout.text({kLeft, y, side, side}, character,
                {.size = side * 1.9, .weight = Weight::bold, .align = Align::centre, .colour = kWhite, .lines = 1}, "");
}

bool has_unit(const Contact& contact) { return !contact.unit.empty() && contact.unit != contact.name; }

std::string name_and_unit(const Contact& contact) {
    return has_unit(contact) ? contact.name + "  " + contact.unit : contact.name;
}

void one_label(Layout& layout, const Label& label) {
    layout.page(kWidth, kHeight);
    layout.frame({2, 2, kWidth - 4, kHeight - 4}, 0.4);

    // head: who carries it
    layout.text({kLeft, 4, 56, 11}, label.courier, {.size = 22, .smallest = 9, .weight = Weight::bold, .lines = 1},
                tr("快递公司"));
    layout.text({62, 4, 34, 5.5}, fmt::format("第 {} 件 / 共 {} 件", label.parcel, label.parcels),
                {.size = 10, .weight = Weight::bold, .align = Align::right, .lines = 1}, tr("件数"));
    std::string printed = date_time(label.printed_at);
    if (label.reprint > 0) printed += fmt::format("  补打 {}", label.reprint);
    layout.text({52, 9.5, 44, 5}, printed, {.size = 8, .align = Align::right, .colour = kGrey, .lines = 1}, tr("打印时间"));
    layout.line(2, 17, 98, 17, 0.4);

    // waybill
    layout.bars(code128(label.waybill, {kLeft, 19.5, kInner, 21}));
    layout.text({kLeft, 41.5, kInner, 7}, label.waybill, {.size = 16, .weight = Weight::bold, .align = Align::centre, .lines = 1},
                tr("快递单号"));
    layout.line(2, 50, 98, 50, 0.4);

    // recipient
    badge(layout, 53, 9, "收");
    const bool for_unit = has_unit(label.recipient);
    layout.text({15, 52, 46, for_unit ? 7.0 : 11.0}, label.recipient.name, {.size = 15, .smallest = 6, .weight = Weight::bold},
                tr("收件人"));
    layout.text({62, 52, 34, for_unit ? 7.0 : 11.0}, spaced_mobile(label.recipient.mobile),
                {.size = 14, .smallest = 8, .weight = Weight::bold, .align = Align::right, .lines = 1}, tr("收件人手机"));
    if (for_unit) layout.text({15, 59.5, 81, 5.5}, label.recipient.unit, {.size = 10.5, .smallest = 5}, tr("收件单位"));
    layout.text({15, 66, 81, 22}, label.recipient.address,
                {.size = 15, .smallest = 6, .weight = Weight::bold, .stand = Stand::top}, tr("收件地址"));
    layout.line(2, 89.5, 98, 89.5, 0.2);

    // sender
    badge(layout, 91.5, 6, "寄");
    layout.text({15, 91, 52, 7}, name_and_unit(label.sender), {.size = 9, .smallest = 5}, tr("寄件人"));
    layout.text({67, 91, 29, 7}, spaced_mobile(label.sender.mobile), {.size = 9, .align = Align::right, .lines = 1},
                tr("寄件人电话"));
    layout.text({15, 98, 81, 8.5}, label.sender.address, {.size = 8.5, .stand = Stand::top}, tr("寄件地址"));
    layout.line(2, 107.5, 98, 107.5, 0.4);

    // what is in it
    layout.text({kLeft, 109, 30, 6}, fmt::format("电子印章 KEY × {}", label.keys),
                {.size = 11, .weight = Weight::bold, .lines = 1}, tr("内件"));
    layout.text({kLeft + 40, 109, kInner - 40, 6}, fmt::format("共 {} 个订单", label.orders.size()),
                {.size = 9, .align = Align::right, .lines = 1}, tr("订单数"));
    layout.text({kLeft, 116, kInner, 24}, some_orders(label.orders), {.size = 8.5, .smallest = 5, .stand = Stand::top},
                tr("订单号"));

    // the sender keeps this part
    for (double x = 2; x < 97.5; x += 3) layout.line(x, 142, x + 1.6, 142, 0.2, kGrey);
    layout.text({kLeft, 143.5, 30, 5}, "寄件存根", {.size = 8, .colour = kGrey, .lines = 1}, tr("存根"));
    layout.text({kLeft + 30, 143.5, kInner - 30, 5}, label.courier + "  " + label.waybill,
                {.size = 9, .align = Align::right, .lines = 1}, tr("快递单号"));
    layout.bars(code128(label.waybill, {kLeft, 149.5, kInner, 10}));
    layout.text({kLeft, 161, 62, 6.5}, name_and_unit(label.recipient), {.size = 9, .smallest = 5}, tr("收件人"));
    layout.text({kLeft + 64, 161, kInner - 64, 6.5}, spaced_mobile(label.recipient.mobile),
                {.size = 9, .smallest = 5, .align = Align::right, .lines = 1}, tr("收件人手机"));
    layout.text({kLeft, 168, kInner, 8.5}, label.recipient.address, {.size = 8.5, .smallest = 4, .stand = Stand::top},
                tr("收件地址"));
}

}  // namespace

Result<Paper> layout_labels(const std::vector<Label>& labels, const Fonts& fonts) {
    if (labels.empty()) return refused(tr("没有要打印的面单"));
    Layout layout(fonts, kTitle);
    for (const Label& label : labels) one_label(layout, label);
    return layout.finish();
}

LabelFile::LabelFile(const Fonts& fonts, Sink sink) : layout_(fonts, kTitle), file_(fonts, kTitle, std::move(sink)) {}

Result<> LabelFile::add(const Label& label) {
    one_label(layout_, label);
    SEALDESK_LET(page, layout_.take_page());
    empty_ = false;
    return file_.add(page);
}

Result<> LabelFile::finish() {
    if (empty_) return refused(tr("没有要打印的面单"));
    return file_.finish();
}

Result<std::string> labels_pdf(const std::vector<Label>& labels, const Fonts& fonts) {
    std::string bytes;
    LabelFile file(fonts, into(bytes));
    for (const Label& label : labels) SEALDESK_TRY(file.add(label));
    SEALDESK_TRY(file.finish());
    return bytes;
}

Result<std::string> label_pdf(const Label& label, const Fonts& fonts) { return labels_pdf({label}, fonts); }

}  // namespace sealdesk::reports
