#include "invoices/invoices.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "base/translate.h"

namespace sealdesk::invoices {

using orders::InvoiceTitle;
using orders::Order;
using orders::SubjectKind;

Result<> check_title(const InvoiceTitle& title) {
    if (trimmed(title.name).empty()) return refused(tr("发票抬头没有名称"));
    if (title.kind == SubjectKind::person) return {};
    if (title.tax_number.empty()) return refused(tr("单位发票必须有纳税人识别号"));
    if (title.tax_number.size() < 15 || title.tax_number.size() > 20 ||
        title.tax_number.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos)
        return refused(trf("纳税人识别号 {} 应为 15 到 20 位大写字母或数字", title.tax_number));
    return {};
}

namespace {

Result<Line> line_of(Item item, Fen gross, int quantity, const Taxes& taxes, Day day) {
    SEALDESK_LET(rate, taxes.of(item, day));
    const TaxSplit split = split_tax(gross, rate.rate_per_mille);
    return Line{item, {}, rate.printed, {}, rate.unit, rate.code, quantity, gross, split.net, split.tax, rate.rate_per_mille};
}

}  // namespace

Result<std::vector<Line>> lines_of(const std::vector<Order>& list, const Taxes& taxes, Day day, Fen paid_back) {
    std::vector<Line> lines;
    if (list.empty()) return lines;
    for (const auto& order : list) {
        for (const Item item : {Item::certificate, Item::key}) {
            const Fen gross = item == Item::certificate ? order.amounts.certificate : order.amounts.key;
            if (gross == Fen{}) continue;
            SEALDESK_LET(line, line_of(item, gross, order.quantity, taxes, day));
            line.order_no = order.no;
            if (item == Item::certificate) line.spec = fmt::format("{} 年", order.years);
            lines.push_back(std::move(line));
        }
    }
    for (const Item item : {Item::freight, Item::handling_fee}) {
        const auto& payment = list.front().payment;
        const Fen whole = item == Item::freight ? payment.freight : payment.handling_fee, back = std::min(whole, paid_back);
        paid_back -= back;
        if (whole == back) continue;
        SEALDESK_LET(line, line_of(item, whole - back, 1, taxes, day));
        lines.push_back(std::move(line));
    }
    if (paid_back > Fen{}) return refused(tr("退款超过了已退款订单的金额，请主管核对后再开票"));
    return lines;
}

}  // namespace sealdesk::invoices
