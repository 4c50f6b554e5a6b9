// The invoice with the face of the fully digital one (数电票): on A4 portrait, the upper half when the lines fit, or on the
// continuous form of 241 × 140 mm, plain or pre-printed; more pages when the lines do not fit. Values in, PDF out; the
// sums are given by the caller and checked here.
#pragma once

#include <string>
#include <vector>

#include "base/money.h"
#include "base/result.h"
#include "base/time.h"
#include "reports/fonts.h"
#include "reports/paper.h"

namespace sealdesk::reports {

enum class InvoiceKind { ordinary, special };

struct InvoiceParty {
    std::string name, tax_number;  // tax number may be empty for a person
    bool operator==(const InvoiceParty&) const = default;
};

struct InvoiceLine {
    std::string item, spec, unit;  // item as *简称*名称
    int quantity = 1;              // 0 on a discount line: neither quantity nor price is shown
    Fen net;                       // without tax; negative on discount lines and red letters
    int rate_per_mille = 0;        // 60 = 6 %
    Fen tax;
    bool operator==(const InvoiceLine&) const = default;
};

struct Invoice {
    InvoiceKind kind = InvoiceKind::ordinary;
    std::string code{};  // of a paper form, beside its number; "" on the fully digital one
    std::string number;
    Day issued;
    InvoiceParty seller, buyer;
    std::vector<InvoiceLine> lines;
    Fen net, tax, gross;
    std::string remark;  // order numbers; on a red letter the blue invoice's number too
    std::string clerk;   // 开票人
    std::string qr;      // what the QR code says; empty: none
    bool operator==(const Invoice&) const = default;
};

enum class InvoicePaper { a4, form_241x140 };
enum class Stock {
    plain,        // rules and captions are printed
    pre_printed,  // they are on the paper already: values alone
};
struct InvoiceSheet {
    InvoicePaper paper = InvoicePaper::a4;
    Stock stock = Stock::plain;
    double right = 0, down = 0;  // mm: how far everything moves, for paper that lies a little off in its printer
};

// Refused: no lines, sums that do not add up, a text that does not fit, a character no font has, a shift off the paper.
Result<Paper> layout_invoice(const Invoice& invoice, const Fonts& fonts, const InvoiceSheet& sheet = {});
Result<std::string> invoice_pdf(const Invoice& invoice, const Fonts& fonts, const InvoiceSheet& sheet = {});

// "94.34", "0.3333333333333": yuan a piece, at most 13 decimals, rounded half away from zero, at least two.
std::string unit_price(Fen net, int quantity);

}  // namespace sealdesk::reports
