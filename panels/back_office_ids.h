// Stable names of the controls behind the review bench (KEYs, invoices, parcels, daily report, audit, settings), as
// tests and the tour address them. Names that end with a dot are followed by a number, a serial or an order's number.
#pragma once

#include <string>
#include <string_view>

namespace sealdesk::panels::ids {

inline constexpr const char* kKeysWrite = "keys.write";
inline constexpr const char* kKeysPin = "keys.pin";
inline constexpr const char* kKeysOrder = "keys.order.";  // + order number
inline constexpr const char* kKeysKey = "keys.key.";      // + serial

inline constexpr const char* kInvoicesIssue = "invoices.issue";
inline constexpr const char* kInvoicesReprint = "invoices.reprint";
inline constexpr const char* kInvoicesPayment = "invoices.payment.";  // + payment number
inline constexpr const char* kInvoicesIssued = "invoices.issued.";    // + invoice number

inline constexpr const char* kShippingPack = "shipping.pack";
inline constexpr const char* kShippingWaybill = "shipping.waybill";
inline constexpr const char* kShippingProposal = "shipping.parcel.";  // + 1, 2 … from the top
inline constexpr const char* kShippingHandOver = "shipping.hand_over";
inline constexpr const char* kShippingHandOverAll = "shipping.hand_over_all";
inline constexpr const char* kShippingReprint = "shipping.reprint";
inline constexpr const char* kShippingPacked = "shipping.packed.";  // + shipment's id

inline constexpr const char* kDailyBack = "daily.back";
inline constexpr const char* kDailyForward = "daily.forward";
inline constexpr const char* kDailyPdf = "daily.pdf";
inline constexpr const char* kDailyCsv = "daily.csv";
inline constexpr const char* kDailyXlsx = "daily.xlsx";
inline constexpr const char* kDailyKeys = "daily.keys_written";
inline constexpr const char* kDailyRevoked = "daily.certificates_revoked";
inline constexpr const char* kDailyInvoices = "daily.invoices";
inline constexpr const char* kDailyTakings = "daily.takings";
inline constexpr const char* kDailyRefunds = "daily.refunds";
inline constexpr const char* kDailyRejected = "daily.rejected";
inline constexpr const char* kDailyFlow = "daily.flow.";              // + in, out or end + "." + name of the state
inline constexpr const char* kDailyPayments = "daily.payments.";      // + name of the channel
inline constexpr const char* kDailyTurnaround = "daily.turnaround.";  // + name of the state

inline constexpr const char* kAuditVerify = "audit.verify";
inline constexpr const char* kAuditFilter = "audit.filter";
inline constexpr const char* kAuditOlder = "audit.older";
inline constexpr const char* kAuditNewest = "audit.newest";
inline constexpr const char* kAuditRow = "audit.row.";  // + sequence number

inline constexpr const char* kSettingsKeyLetters = "settings.keys.letters";
inline constexpr const char* kSettingsKeysReset = "settings.keys.reset";
inline constexpr const char* kSettingsKeyChange = "settings.key.change.";  // + id of the action
inline constexpr const char* kSettingsKeyOff = "settings.key.off.";
inline constexpr const char* kSettingsKeyUsual = "settings.key.usual.";
inline constexpr const char* kSettingsChinese = "settings.zh_CN";
inline constexpr const char* kSettingsEnglish = "settings.en";

inline std::string with(const char* prefix, std::string_view rest) { return std::string(prefix) + std::string(rest); }

}  // namespace sealdesk::panels::ids
