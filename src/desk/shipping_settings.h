// What this desk packs and prints with: shipping.toml in its data folder, apart from settings.toml because people change it
// while they work (a printer is exchanged) and it counts at once.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"
#include "printing/printer.h"

namespace sealdesk::desk {

struct ShippingSettings {
    std::string printer_label, printer_invoice, printer_a4;  // addresses (printing/printer.h); empty: the file is kept only
    std::string label_format = "pdf";                        // or "zpl", for thermal printers
    std::string label_size = "100x180";                      // mm; or 100x150, 76x130
    int label_dpi = 203;                                     // of a thermal printer; or 300
    std::string invoice_paper = "a4";                        // or "form" (241 x 140 mm), or "form_pre_printed": values alone
    double invoice_right = 0, invoice_down = 0;              // mm: how far invoices move, for paper that lies a little off
    std::string couriers_file;                               // accounts at couriers, mode 0600; empty: none
    std::string invoice_service_file;                        // account at an invoice service, mode 0600; empty: own numbers
    bool scan_to_pack = true;                                // a parcel is packed when each of its KEYs was scanned or read
    bool sounds = true;                                      // a tone for a right and for a wrong scan

    // A4 sheets are printed with the papers of their parcel, in their place among them; forms, which have numbers of their own,
    // when they get their number.
    bool invoice_with_parcel() const { return invoice_paper == "a4"; }
    const std::string& printer(printing::Use use) const;
    void set_printer(printing::Use use, const std::string& address);
};

// A missing file gives the defaults; unknown names and values are refused with what there is to choose from.
Result<ShippingSettings> load_shipping_settings(const std::filesystem::path& home);
// Refused as above, and when a printer cannot print what it would get: PDF on a thermal printer's socket.
Result<> save_shipping_settings(const std::filesystem::path& home, const ShippingSettings& settings);

}  // namespace sealdesk::desk
