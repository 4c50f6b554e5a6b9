// Stable names of the controls of packing, hand-over and printing, beside those of back_office_ids.h. Names that end with a dot
// are followed by a number or a name.
#pragma once

namespace sealdesk::panels::ids {

inline constexpr const char* kShippingTabPack = "shipping.tab.pack";
inline constexpr const char* kShippingTabOut = "shipping.tab.out";
inline constexpr const char* kShippingTabTroubles = "shipping.tab.troubles";
inline constexpr const char* kShippingTabPrinters = "shipping.tab.printers";

inline constexpr const char* kShippingDown = "shipping.down";  // no controls: keys only
inline constexpr const char* kShippingUp = "shipping.up";
inline constexpr const char* kShippingWait = "shipping.wait";           // for the orders that are not ready
inline constexpr const char* kShippingApart = "shipping.apart";         // a parcel for each place of the payment
inline constexpr const char* kShippingTogether = "shipping.together";   // all places into this parcel
inline constexpr const char* kShippingRefunded = "shipping.refunded.";  // + number of an order that must not leave
inline constexpr const char* kShippingUnpack = "shipping.unpack";
inline constexpr const char* kShippingReadKeys = "shipping.read_keys";
inline constexpr const char* kShippingSource = "shipping.source.";      // + name of the source of numbers
inline constexpr const char* kShippingCourier = "shipping.courier.";    // + code: of a typed number
inline constexpr const char* kShippingReason = "shipping.reason";       // of a reprint
inline constexpr const char* kShippingPrintDue = "shipping.print_due";  // what was never given to the printers
inline constexpr const char* kShippingFlash = "shipping.flash";         // what the last scan said

inline constexpr const char* kLabelPlace = "shipping.label.place";
inline constexpr const char* kLabelRecipient = "shipping.label.recipient";
inline constexpr const char* kLabelMobile = "shipping.label.mobile";
inline constexpr const char* kLabelAddress = "shipping.label.address";
inline constexpr const char* kLabelPlaceSave = "shipping.label.place_save";
inline constexpr const char* kLabelNumber = "shipping.label.number";
inline constexpr const char* kLabelSource = "shipping.label.source.";    // + name of the source of numbers
inline constexpr const char* kLabelCourier = "shipping.label.courier.";  // + code: of a typed number
inline constexpr const char* kLabelTyped = "shipping.label.typed";
inline constexpr const char* kLabelReason = "shipping.label.reason";
inline constexpr const char* kLabelNumberSave = "shipping.label.number_save";

inline constexpr const char* kOutTakenBy = "shipping.out.taken_by";
inline constexpr const char* kOutClose = "shipping.out.close.";  // + manifest's id
inline constexpr const char* kOutPrint = "shipping.out.print.";  // + manifest's id
inline constexpr const char* kOutKeep = "shipping.out.keep.";    // + shipment's id

inline constexpr const char* kTroubleRow = "shipping.trouble.";  // + label., papers., invoice., print. or follow. + id or number
inline constexpr const char* kTroubleRecipient = "shipping.trouble.recipient";
inline constexpr const char* kTroubleMobile = "shipping.trouble.mobile";
inline constexpr const char* kTroubleAddress = "shipping.trouble.address";
inline constexpr const char* kTroubleRetry = "shipping.trouble.retry";
inline constexpr const char* kTroubleTyped = "shipping.trouble.typed";
inline constexpr const char* kTroubleUseTyped = "shipping.trouble.use_typed";
inline constexpr const char* kTroubleCourier = "shipping.trouble.courier.";  // + code: of a typed number
inline constexpr const char* kTroublePrint = "shipping.trouble.print_due";   // of papers that could not be made, or came late
inline constexpr const char* kTroubleNote = "shipping.trouble.note";
inline constexpr const char* kTroubleAgain = "shipping.trouble.again";
inline constexpr const char* kTroubleCancel = "shipping.trouble.cancel";
inline constexpr const char* kTroubleCameOut = "shipping.trouble.came_out";
inline constexpr const char* kTroubleGiveUp = "shipping.trouble.give_up";      // nobody waits for the printer
inline constexpr const char* kTroublePrinter = "shipping.trouble.printer";     // address that the job goes to instead
inline constexpr const char* kTroublePrinterOf = "shipping.trouble.printer.";  // + name of the use: the desk's own
inline constexpr const char* kTroubleRedirect = "shipping.trouble.redirect";
inline constexpr const char* kTroubleSettle = "shipping.trouble.settle";

inline constexpr const char* kPrinterAddress = "shipping.printer.";  // + name of the use
inline constexpr const char* kPrinterSave = "shipping.printer.save";
inline constexpr const char* kPrinterFind = "shipping.printer.find";
inline constexpr const char* kPrinterTest = "shipping.printer.test.";    // + name of the use
inline constexpr const char* kPrinterFound = "shipping.printer.found.";  // + its place in the list + name of the use
inline constexpr const char* kPrinterZpl = "shipping.printer.zpl";
inline constexpr const char* kPrinterLabelSize = "shipping.printer.size.";    // + 100x180 …
inline constexpr const char* kPrinterLabelDpi = "shipping.printer.dpi.";      // + 203 or 300
inline constexpr const char* kPrinterInvoices = "shipping.printer.invoices";  // file of the account at an invoice service
inline constexpr const char* kPrinterInvoicePaper = "shipping.printer.invoice_paper";
inline constexpr const char* kPrinterInvoiceRight = "shipping.printer.invoice_right";
inline constexpr const char* kPrinterInvoiceDown = "shipping.printer.invoice_down";
inline constexpr const char* kPrinterCouriers = "shipping.printer.couriers";  // file of the accounts at couriers

inline constexpr const char* kDailyPrint = "daily.print";

inline constexpr const char* kBatchParcel = "shipping.batch.parcel.";  // + shipment's id
inline constexpr const char* kBatchAllUnprinted = "shipping.batch.unprinted";
inline constexpr const char* kBatchNone = "shipping.batch.none";
inline constexpr const char* kBatchReason = "shipping.batch.reason";
inline constexpr const char* kBatchPrint = "shipping.batch.print";
inline constexpr const char* kBatchFile = "shipping.batch.file";
inline constexpr const char* kBatchRow = "shipping.batch.row.";  // + its place in the list
inline constexpr const char* kBatchCancel = "shipping.batch.cancel";
inline constexpr const char* kBatchResume = "shipping.batch.resume";
inline constexpr const char* kBatchJob = "shipping.batch.job.";  // + job's id
inline constexpr const char* kBatchAgain = "shipping.batch.again";

}  // namespace sealdesk::panels::ids
