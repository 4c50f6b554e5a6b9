#include "invoices/invoices.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

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

Result<PrintedNumber> printed_number(const std::string& number) {
    const auto hyphen = number.find('-');
    const size_t code = hyphen != std::string::npos ? hyphen : number.size() == 18 ? 10 : 0;
    PrintedNumber printed{number.substr(0, code), number.substr(hyphen != std::string::npos ? code + 1 : code)};
    const bool digits = (printed.code + printed.number).find_first_not_of("0123456789") == std::string::npos;
    const bool sizes = code == 0 ? number.size() == 20 : (code == 10 || code == 12) && printed.number.size() == 8;
    if (!digits || !sizes || hyphen == 0)
        return refused(trf(
            "发票号码应为 20 位数字，或 10、12 位代码和 8 位号码（中间用 - 隔开），号段 invoice 给出的是 {}，请管理员改正号段",
            number));
    return printed;
}

bool is_fully_digital(const Invoice& invoice) {
    const auto printed = printed_number(invoice.number);
    return invoice.source == Source::service || (printed && printed->code.empty());
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

std::vector<Line> with_discount(std::vector<Line> lines, Fen discount) {
    std::vector<size_t> by_rate(lines.size());
    std::iota(by_rate.begin(), by_rate.end(), size_t{0});
    std::stable_sort(by_rate.begin(), by_rate.end(),
                     [&](size_t a, size_t b) { return lines[a].rate_per_mille < lines[b].rate_per_mille; });
    std::vector<Fen> off_line(lines.size());
    for (const size_t i : by_rate) {
        off_line[i] = std::min(discount, lines[i].gross);
        discount -= off_line[i];
    }
    std::vector<Line> all;
    for (size_t i = 0; i < lines.size(); ++i) {
        Line& line = lines[i];
        const Fen off = off_line[i];
        all.push_back(line);
        if (off <= Fen{}) continue;
        const TaxSplit split = split_tax(off, line.rate_per_mille);
        line.spec.clear();
        line.unit.clear();
        line.quantity = 0;
        line.gross = -off;
        line.net = -split.net;
        line.tax = -split.tax;
        line.discount = true;
        all.push_back(std::move(line));
    }
    return all;
}

}  // namespace sealdesk::invoices
