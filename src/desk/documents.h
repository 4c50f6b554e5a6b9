// Documents: what the desk stores becomes the values that reports/ prints, and the files below the desk's documents
// folder: invoices/NUMBER.pdf, labels/WAYBILL.pdf, report/DAY.{pdf,csv,xlsx}. Writing again replaces the file. Any
// thread but the UI's.
#pragma once

#include <filesystem>

#include "daily/daily.h"
#include "desk/settings.h"
#include "invoices/invoices.h"
#include "reports/daily_report.h"
#include "reports/invoice.h"
#include "reports/label.h"
#include "shipping/shipping.h"

namespace sealdesk::desk {

// Sender and seller, as the settings give them.
struct Centre {
    std::string name, tax_number, address, mobile;
};
Centre centre_of(const Settings& settings);
// The rates of data/taxes.toml; the settings' seller when they name one.
Result<invoices::Taxes> taxes_of(const Settings& settings, const Places& places);

reports::Invoice printable(const invoices::Invoice& invoice);
// `reprint`: 0 for the first print.
reports::Label printable(const shipping::Shipment& shipment, const Centre& centre, Instant now, int reprint);
reports::DailyReport printable(const daily::Report& report, const Centre& centre);

enum class ReportFormat { pdf, csv, xlsx };

// Each returns the file it wrote.
Result<std::filesystem::path> write_invoice(const std::filesystem::path& documents, const invoices::Invoice& invoice);
// Refused for what is picked up: it has no waybill.
Result<std::filesystem::path> write_label(const std::filesystem::path& documents, const Centre& centre,
                                          const shipping::Shipment& shipment, Instant now, int reprint);
Result<std::filesystem::path> write_daily_report(const std::filesystem::path& documents, const Centre& centre,
                                                 const daily::Report& report, ReportFormat format);

}  // namespace sealdesk::desk
