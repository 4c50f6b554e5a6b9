#include "invoices/allowances.h"

#include <algorithm>

#include "base/translate.h"

namespace sealdesk::invoices {

namespace {

// An order has one line of each item, and at most one discount behind it.
bool same_line(const Line& a, const Line& b) { return a.order_no == b.order_no && a.item == b.item && a.discount == b.discount; }

// Net of a part of what is left of a line. Many small parts, each rounded by itself, would leave a rest that is all tax or none.
Fen net_of(Fen part, Fen gross, Fen net, int rate_per_mille) {
    const Fen rest = gross - part, right = net - split_tax(rest, rate_per_mille).net;
    const Fen near = std::clamp(split_tax(part, rate_per_mille).net, right - Fen{1}, right + Fen{1});
    return std::clamp(near, std::max(Fen{}, net - rest), std::min(part, net));
}

}  // namespace

std::vector<Line> lines_left(const Invoice& blue, const std::vector<Invoice>& reds) {
    std::vector<Line> left;
    for (size_t i = 0; i < blue.lines.size();) {
        Fen sum;
        bool touched = false;
        std::vector<Line> group;  // a line and the discount behind it
        do {
            Line line = blue.lines[i];
            for (const auto& red : reds)
                for (const auto& taken : red.lines) {
                    if (!same_line(taken, line)) continue;
                    touched = true;
                    line.gross += taken.gross;
                    line.net += taken.net;
                    line.tax += taken.tax;
                    line.quantity += taken.quantity;
                }
            sum += line.gross;
            group.push_back(std::move(line));
        } while (++i < blue.lines.size() && blue.lines[i].discount);
        if (touched && sum == Fen{}) continue;
        left.insert(left.end(), group.begin(), group.end());
    }
    return left;
}

Fen left_of(const std::vector<Line>& left, const std::string& order_no) {
    Fen sum;
    for (const auto& line : left)
        if (line.order_no == order_no) sum += line.gross;
    return sum;
}

std::vector<std::string> orders_left(const std::vector<Line>& left) {
    std::vector<std::string> numbers;
    for (const auto& line : left)
        if (!line.order_no.empty() && std::find(numbers.begin(), numbers.end(), line.order_no) == numbers.end() &&
            left_of(left, line.order_no) > Fen{})
            numbers.push_back(line.order_no);
    return numbers;
}

std::set<std::string> taken_by(const std::vector<Invoice>& reds, const std::vector<Line>& left) {
    std::set<std::string> named;
    for (const auto& red : reds) {
        named.insert(red.order_nos.begin(), red.order_nos.end());
        for (const auto& line : red.lines) named.insert(line.order_no);
    }
    std::erase_if(named, [&](const std::string& no) { return left_of(left, no) > Fen{}; });
    return named;
}

Result<> check_allowance(const std::vector<Line>& left, const std::string& order_no, Fen amount) {
    if (amount <= Fen{}) return refused(tr("折让的金额应大于 0"));
    if (const Fen most = left_of(left, order_no); amount > most)
        return refused(trf("订单 {} 最多还能折让 {} 元", order_no, yuan(most)));
    return {};
}

std::vector<Line> allowance_of(const std::vector<Line>& left, const std::string& order_no, Fen amount) {
    std::vector<Line> part;
    Fen open = left_of(left, order_no);  // of the lines that are still to come, as `amount` is
    for (size_t i = 0; i < left.size(); ++i) {
        if (left[i].order_no != order_no || left[i].discount) continue;
        Line line = left[i];
        if (i + 1 < left.size() && left[i + 1].discount) {
            line.gross += left[i + 1].gross;
            line.net += left[i + 1].net;
        }
        if (line.gross == Fen{}) continue;
        const Fen share{(2 * amount.value * line.gross.value + open.value) / (2 * open.value)};
        open -= line.gross;
        amount -= share;
        if (share == Fen{}) continue;
        line.net = net_of(share, line.gross, line.net, line.rate_per_mille);
        line.gross = share;
        line.tax = share - line.net;
        part.push_back(std::move(line));
    }
    return part;
}

}  // namespace sealdesk::invoices
