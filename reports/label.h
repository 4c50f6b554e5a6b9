// The courier label: one parcel, one page, on the three papers that couriers use. Values in, PDF or ZPL out; no thread of
// its own.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "reports/fonts.h"
#include "reports/layout.h"
#include "reports/paper.h"
#include "reports/pdf.h"
#include "reports/zpl.h"

namespace sealdesk::reports {

struct Contact {
    std::string name, unit, mobile, address;  // unit may be empty
};

struct Label {
    std::string courier, waybill;
    Contact recipient, sender;
    std::vector<std::string> orders;
    int keys = 0;
    Instant printed_at;
    int parcel = 1, parcels = 1;
    int reprint = 0;             // 0 for the first print; shown otherwise
    std::string routing{};       // for the courier's sorters; may be ""
    std::string routing_code{};  // the same as the courier's QR code, drawn where there is room; may be ""
};

enum class LabelSize {
    mm100x180,  // with a stub for the sender
    mm100x150,
    mm76x130,
};

// How many letters a waybill may have so that its barcode fits the label whatever they are; two digits count as one letter
// when they stand in pairs.
size_t longest_waybill(LabelSize size, PrinterDots dots = PrinterDots::dpi203);
// Refused, with the number and what would fit, when its barcode is too long for the label.
Result<> waybill_fits(const std::string& waybill, LabelSize size, PrinterDots dots = PrinterDots::dpi203);

// Refused when a text does not fit at its smallest readable size, the waybill's barcode does not, or a character cannot be
// printed. `dots`: of the printer, into which the bars are to fall.
Result<Paper> layout_labels(const std::vector<Label>& labels, const Fonts& fonts, LabelSize size = LabelSize::mm100x180,
                            PrinterDots dots = PrinterDots::dpi203);

// A page for each label, into the sink as they are added. One thread.
class LabelFile {
public:
    LabelFile(const Fonts& fonts, LabelSize size, Sink sink);
    Result<> add(const Label& label);
    Result<> finish();

private:
    LabelSize size_;
    Layout layout_;
    PdfFile file_;
    bool empty_ = true;
};
Result<std::string> labels_pdf(const std::vector<Label>& labels, const Fonts& fonts, LabelSize size = LabelSize::mm100x180);
Result<std::string> label_pdf(const Label& label, const Fonts& fonts, LabelSize size = LabelSize::mm100x180);
// For thermal printers; zpl.h says how.
Result<std::string> labels_zpl(const std::vector<Label>& labels, const Fonts& fonts, LabelSize size, PrinterDots dots);

}  // namespace sealdesk::reports
