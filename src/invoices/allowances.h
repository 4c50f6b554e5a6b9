// What red letters have left of a blue invoice, and the part that an allowance 04 销售折让 takes: an amount of one order, tax
// included, spread over what is left of the order's lines in proportion, so that nobody has to say which of them was too dear,
// and the mix of rates stays what was sold. Freight and handling fee are no order's and stay. Pure functions.
#pragma once

#include <set>

#include "invoices/invoices.h"

namespace sealdesk::invoices {

// The blue lines with what `reds` left of each; what is gone is not among them, nor the discount behind it.
std::vector<Line> lines_left(const Invoice& blue, const std::vector<Invoice>& reds);
// Of one order, with its discounts, tax included; "": of freight and handling fee.
Fen left_of(const std::vector<Line>& left, const std::string& order_no);
// The orders with something left, as they stand on the invoice.
std::vector<std::string> orders_left(const std::vector<Line>& left);
// The orders on `reds` of which they left nothing; "" when they took freight and handling fee.
std::set<std::string> taken_by(const std::vector<Invoice>& reds, const std::vector<Line>& left);

// Refused when it is not positive or more than is left of the order.
Result<> check_allowance(const std::vector<Line>& left, const std::string& order_no, Fen amount);
// Its lines, positive, net + tax == gross. Net is what the price itself would be split into, moved by the fen that keeps what is
// left within a fen of its own split; all that is left of a line is taken as it stands. `amount` has been checked.
std::vector<Line> allowance_of(const std::vector<Line>& left, const std::string& order_no, Fen amount);

}  // namespace sealdesk::invoices
