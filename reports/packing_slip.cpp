#include "reports/packing_slip.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/translate.h"
#include "reports/layout.h"
#include "reports/pdf.h"
#include "reports/sheet.h"

namespace sealdesk::reports {
namespace {

constexpr double kWidth = 210, kHeight = 148, kInner = kWidth - 2 * kSheetLeft, kFoot = 140;

Result<> check(const std::vector<PackedOrder>& orders) {
    if (orders.empty()) return refused(tr("没有要打印的订单"));
    for (const PackedOrder& order : orders)
        if (order.key_serials.empty() && order.note.empty())
            return refused(trf("订单 {} 没有 KEY 序列号，不能打印", order.order_no));
    return {};
}

size_t keys_of(const std::vector<PackedOrder>& orders) {
    size_t keys = 0;
    for (const PackedOrder& order : orders) keys += order.key_serials.size();
    return keys;
}

// Returns where it ended; `rest` stays free under the last row (mm).
double contents(Layout& layout, double y, const std::vector<PackedOrder>& orders, double rest) {
    std::vector<std::vector<std::string>> rows;
    for (size_t i = 0; i < orders.size(); ++i) {
        const PackedOrder& order = orders[i];
        const std::string serials = fmt::format("{}", fmt::join(order.key_serials, "\n"));
        rows.push_back({std::to_string(i + 1), order.order_no, order.subject, order.kind, serials.empty() ? order.note : serials,
                        std::to_string(order.key_serials.size())});
    }
    rows.push_back({"", "合计", fmt::format("{} 个订单", orders.size()), "", "", std::to_string(keys_of(orders))});
    y = layout.table(kSheetLeft, y,
                     {{"序号", 12, Align::centre},
                      {"订单号", 38},
                      {"主体名称", 62},
                      {"类型", 14, Align::centre},
                      {"KEY 序列号", 42},
                      {"数量", 12, Align::right}},
                     rows, {.size = 9, .smallest = 5, .sums = true, .top = 14, .bottom = kFoot - 4});
    if (y + rest > kFoot - 2) {
        layout.page(kWidth, kHeight);
        y = 14;
    }
    return y;
}

std::string invoice_line(const PackingSlip& slip) {
    std::string line = "发票：";
    if (!slip.invoice_number.empty()) line += slip.invoice_number + "（随箱）";
    if (!slip.invoice_elsewhere.empty()) line += (slip.invoice_number.empty() ? "" : "，") + slip.invoice_elsewhere;
    return slip.invoice_number.empty() && slip.invoice_elsewhere.empty() ? line + "未随箱" : line;
}

}  // namespace

Result<Paper> layout_packing_slip(const PackingSlip& slip, const Fonts& fonts) {
    SEALDESK_TRY(check(slip.orders));
    Layout layout(fonts, "装箱单");
    layout.page(kWidth, kHeight);
    double y = sheet_head(layout, kWidth, "装箱单", slip.centre, slip.waybill);
    const bool for_unit = !slip.recipient.unit.empty() && slip.recipient.unit != slip.recipient.name;
    captioned(layout, {kSheetLeft, y, 76, 10}, "收件人", slip.recipient.name);
    captioned(layout, {kSheetLeft + 78, y, 30, 10}, "手机", slip.recipient.mobile);
    captioned(layout, {kSheetLeft + 110, y, kInner - 110, 10}, "快递",
              fmt::format("{}　第 {} 件 / 共 {} 件", slip.courier, slip.parcel, slip.parcels));
    const double address = for_unit ? 78 : 0;
    if (for_unit) captioned(layout, {kSheetLeft, y + 10.5, 76, 13}, "收件单位", slip.recipient.unit);
    captioned(layout, {kSheetLeft + address, y + 10.5, kInner - address, 13}, "收件地址", slip.recipient.address);
    // A parcel may hold an invoice of each of its orders.
    const std::string invoices = invoice_line(slip);
    const TextStyle style{.size = 9, .smallest = 5};
    const double tall = std::clamp(layout.height_of(invoices, kInner, style), 5.0, kFoot - 2 - 14 - 11);
    y = contents(layout, y + 24.5, slip.orders, 11 + tall);
    layout.text({kSheetLeft, y + 2, kInner, tall}, invoices, style, tr("发票"));
    layout.text({kSheetLeft, y + 3 + tall, kInner, 5}, fmt::format("装箱：{}　{}", slip.packed_by, date_time(slip.packed_at)),
                {.size = 9, .smallest = 5, .lines = 1}, tr("装箱"));
    // Whose page this is, on every page.
    sheet_feet(layout, kWidth, kFoot,
               slip.waybill + (slip.waybill.empty() ? "" : "　") +
                   "请当面核对 KEY 序列号；与本单不符或外包装破损时，请拒收并联系寄件方。");
    return layout.finish();
}

Result<std::string> packing_slip_pdf(const PackingSlip& slip, const Fonts& fonts) {
    SEALDESK_LET(paper, layout_packing_slip(slip, fonts));
    return pdf_of(paper, fonts);
}

Result<Paper> layout_pickup_receipt(const PickupReceipt& receipt, const Fonts& fonts) {
    SEALDESK_TRY(check(receipt.orders));
    Layout layout(fonts, "自取签收单");
    layout.page(kWidth, kHeight);
    double y = sheet_head(layout, kWidth, "自取签收单", receipt.centre, receipt.number);
    captioned(layout, {kSheetLeft, y, 60, 12}, "领取人", receipt.collector);
    captioned(layout, {kSheetLeft + 62, y, 40, 12}, "手机", receipt.mobile);
    captioned(layout, {kSheetLeft + 104, y, 44, 12}, "证件号码", receipt.identity);
    if (receipt.identity.empty()) layout.line(kSheetLeft + 104, y + 10, kSheetLeft + 146, y + 10, 0.2);
    captioned(layout, {kSheetLeft + 150, y, kInner - 150, 12}, "经办人", receipt.handed_by);
    y = contents(layout, y + 14, receipt.orders, 26);
    const size_t keys = keys_of(receipt.orders);
    layout.text({kSheetLeft, y + 3, kInner, 6},
                keys > 0 ? fmt::format("本人已当面核对并收到以上 {} 个 KEY，外观完好，序列号相符。", keys)
                         : "本人已当面收到以上订单的单据，没有 KEY。",
                {.size = 10, .smallest = 6, .lines = 1}, tr("声明"));
    signature_line(layout, kSheetLeft, y + 14, 80, "领取人签名：");
    signature_line(layout, kSheetLeft + 95, y + 14, 70, "领取日期：");
    sheet_feet(layout, kWidth, kFoot, fmt::format("{}　{}　{}", receipt.number, receipt.handed_by, date_time(receipt.handed_at)));
    return layout.finish();
}

Result<std::string> pickup_receipt_pdf(const PickupReceipt& receipt, const Fonts& fonts) {
    SEALDESK_LET(paper, layout_pickup_receipt(receipt, fonts));
    return pdf_of(paper, fonts);
}

}  // namespace sealdesk::reports
