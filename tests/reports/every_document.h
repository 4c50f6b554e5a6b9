// Every kind of document that reports/ lays out, of the samples: what must hold for all of them is tested over this table.
#pragma once

#include "tests/reports/samples.h"

namespace sealdesk::reports {

struct DocumentKind {
    const char* name;
    Result<Paper> (*paper)(const Fonts&);
    Result<std::string> (*pdf)(const Fonts&);
};

inline Label rare_label() {
    Label label = samples::label();
    label.recipient.name = "𠮷田𬭎·龘垚";
    label.recipient.unit = "𠮷祥垚鑫建设工程有限公司";
    return label;
}
inline constexpr InvoiceSheet kForm{InvoicePaper::form_241x140};

inline constexpr DocumentKind kEveryDocument[] = {
    {"label 100x180", [](const Fonts& f) { return layout_labels({rare_label()}, f); },
     [](const Fonts& f) { return label_pdf(rare_label(), f); }},
    {"label 100x150", [](const Fonts& f) { return layout_labels({rare_label()}, f, LabelSize::mm100x150); },
     [](const Fonts& f) { return label_pdf(rare_label(), f, LabelSize::mm100x150); }},
    {"label 76x130", [](const Fonts& f) { return layout_labels({rare_label()}, f, LabelSize::mm76x130); },
     [](const Fonts& f) { return label_pdf(rare_label(), f, LabelSize::mm76x130); }},
    {"slip", [](const Fonts& f) { return layout_packing_slip(samples::packing_slip(), f); },
     [](const Fonts& f) { return packing_slip_pdf(samples::packing_slip(), f); }},
    {"receipt", [](const Fonts& f) { return layout_pickup_receipt(samples::pickup_receipt(), f); },
     [](const Fonts& f) { return pickup_receipt_pdf(samples::pickup_receipt(), f); }},
    {"manifest", [](const Fonts& f) { return layout_manifest(samples::manifest(60), f); },
     [](const Fonts& f) { return manifest_pdf(samples::manifest(60), f); }},
    {"PIN letter", [](const Fonts& f) { return layout_pin_letter(samples::pin_letter(), "O0l1-Kq7P", f); },
     [](const Fonts& f) { return pin_letter_pdf(samples::pin_letter(), "O0l1-Kq7P", f); }},
    {"invoice", [](const Fonts& f) { return layout_invoice(samples::invoice(), f); },
     [](const Fonts& f) { return invoice_pdf(samples::invoice(), f); }},
    {"invoice form", [](const Fonts& f) { return layout_invoice(samples::invoice(), f, kForm); },
     [](const Fonts& f) { return invoice_pdf(samples::invoice(), f, kForm); }},
    {"daily report", [](const Fonts& f) { return layout_daily_report(samples::daily_report(), f); },
     [](const Fonts& f) { return daily_report_pdf(samples::daily_report(), f); }},
};

}  // namespace sealdesk::reports
