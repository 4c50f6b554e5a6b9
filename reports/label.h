// The courier label, 100 × 180 mm: one parcel, one page. Values in, PDF out; no thread of its own.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "reports/fonts.h"
#include "reports/layout.h"
#include "reports/paper.h"
#include "reports/pdf.h"

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
    int reprint = 0;  // 0 for the first print; shown otherwise
};

// Refused when a text does not fit at its smallest readable size, or a character cannot be printed.
Result<Paper> layout_labels(const std::vector<Label>& labels, const Fonts& fonts);

// A page for each label, into the sink as they are added. One thread.
class LabelFile {
public:
    LabelFile(const Fonts& fonts, Sink sink);
    Result<> add(const Label& label);
    Result<> finish();

private:
    Layout layout_;
    PdfFile file_;
    bool empty_ = true;
};
Result<std::string> labels_pdf(const std::vector<Label>& labels, const Fonts& fonts);
Result<std::string> label_pdf(const Label& label, const Fonts& fonts);

}  // namespace sealdesk::reports
