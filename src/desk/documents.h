// Documents: what the desk stores becomes the values that reports/ prints, and the files below the desk's documents
// folder: invoices/NUMBER.pdf, labels/WAYBILL.{pdf,zpl}, slips/WAYBILL.pdf, receipts/NUMBER.pdf, manifests/NUMBER.pdf,
// report/DAY.{pdf,csv,xlsx}. Writing again replaces the file. Any thread but the UI's.
#pragma once

#include <filesystem>

#include "daily/daily.h"
#include "desk/document_folder.h"
#include "desk/settings.h"
#include "desk/shipping_settings.h"
#include "invoices/invoices.h"
#include "reports/daily_report.h"
#include "reports/invoice.h"
#include "reports/label.h"
#include "reports/manifest.h"
#include "reports/packing_slip.h"
#include "shipping/enclosed.h"

namespace sealdesk::desk {

// Sender and seller, as the settings give them.
struct Centre {
    std::string name, tax_number, address, mobile;
};
Centre centre_of(const Settings& settings);
// The rates of taxes.toml in the centre's home, else of data/taxes.toml; the settings' seller when they name one.
Result<invoices::Taxes> taxes_of(const Settings& settings, const Places& places);

reports::Invoice printable(const invoices::Invoice& invoice);
// `reprint`: 0 for the first print.
reports::Label printable(const shipping::Shipment& shipment, const Centre& centre, Instant now, int reprint);
// What the slip says of invoices: the numbers of those that lie in the parcel, and of those that lie in another one.
struct SlipInvoices {
    std::string inside, elsewhere;
};
SlipInvoices slip_invoices(const shipping::Shipment& shipment, const std::vector<shipping::Enclosed>& invoices);
reports::PackingSlip packing_slip(const shipping::Shipment& shipment, const Centre& centre, const SlipInvoices& invoices,
                                  const std::string& packed_by);
// Refused for what goes by courier.
Result<reports::PickupReceipt> pickup_receipt(const shipping::Shipment& shipment, const Centre& centre,
                                              const std::string& handed_by, Instant now);
// Refused when a parcel is another courier's.
Result<reports::Manifest> manifest(const std::vector<shipping::Shipment>& shipments, const std::string& courier,
                                   const Centre& centre, const std::string& number, const std::string& made_by, Instant now);
reports::DailyReport printable(const daily::Report& report, const Centre& centre);

enum class ReportFormat { pdf, csv, xlsx };

// What a label printer takes.
struct LabelPaper {
    reports::LabelSize size = reports::LabelSize::mm100x180;
    enum class Kind { pdf, zpl } kind = Kind::pdf;
    reports::PrinterDots dots = reports::PrinterDots::dpi203;  // of ZPL
};

// The paper that this desk's labels and invoices are printed on.
LabelPaper label_paper(const ShippingSettings& own);
reports::InvoiceSheet invoice_sheet(const ShippingSettings& own);
// Where the invoice's PDF lies, whoever made it.
std::filesystem::path invoice_path(const std::filesystem::path& documents, const std::string& number);

// Each returns the file it wrote.
// Refused for what a service issued: its own PDF is the invoice.
Result<std::filesystem::path> write_invoice(const DocumentFolder& documents, const invoices::Invoice& invoice,
                                            const reports::InvoiceSheet& sheet = {});
// Refused for what is picked up: it has no waybill.
Result<std::filesystem::path> write_label(const DocumentFolder& documents, const Centre& centre,
                                          const shipping::Shipment& shipment, Instant now, int reprint,
                                          const LabelPaper& paper = {});
// The labels of several parcels in one file, in their order; each says the how manieth print it is.
Result<std::filesystem::path> write_labels(const DocumentFolder& documents, const Centre& centre,
                                           const std::vector<shipping::Shipment>& shipments, Instant now,
                                           const LabelPaper& paper = {});
Result<std::filesystem::path> write_slip(const DocumentFolder& documents, const reports::PackingSlip& slip);
Result<std::filesystem::path> write_receipt(const DocumentFolder& documents, const reports::PickupReceipt& receipt);
Result<std::filesystem::path> write_manifest(const DocumentFolder& documents, const reports::Manifest& manifest);
Result<std::filesystem::path> write_daily_report(const DocumentFolder& documents, const Centre& centre,
                                                 const daily::Report& report, ReportFormat format);

}  // namespace sealdesk::desk
