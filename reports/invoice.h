// The invoice with the face of the fully digital one (数电票), on A4 portrait: the upper half when the lines
// fit, more pages when they do not. Values in, PDF out; the sums are given by the caller and checked here.
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
};

struct InvoiceLine {
    std::string item, spec, unit;  // item as *简称*名称
    int quantity = 1;              // 0 on a discount line: neither quantity nor price is shown
    Fen net;                       // without tax; negative on discount lines and red letters
    int rate_per_mille = 0;        // 60 = 6 %
    Fen tax;
};

struct Invoice {
    InvoiceKind kind = InvoiceKind::ordinary;
    std::string number;
    Day issued;
    InvoiceParty seller, buyer;
    std::vector<InvoiceLine> lines;
    Fen net, tax, gross;
    std::string remark;  // order numbers; on a red letter the blue invoice's number too
    std::string clerk;   // 开票人
    std::string qr;      // what the QR code says; empty: none
};

// Refused: no lines, sums that do not add up, a text that does not fit, a character no font has.
Result<Paper> layout_invoice(const Invoice& invoice, const Fonts& fonts);
Result<std::string> invoice_pdf(const Invoice& invoice, const Fonts& fonts);

// "94.34", "0.3333333333333": yuan a piece, at most 13 decimals, rounded half away from zero, at least two.
std::string unit_price(Fen net, int quantity);

}  // namespace sealdesk::reports
