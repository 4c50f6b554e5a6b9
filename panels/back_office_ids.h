// Stable names of the controls behind the review bench (KEYs, invoices, parcels, daily report, audit, settings), as
// tests and the tour address them. Names that end with a dot are followed by a number, a serial or an order's number.
#pragma once

#include <string>
#include <string_view>

namespace sealdesk::panels::ids {

inline constexpr const char* kKeysWrite = "keys.write";
inline constexpr const char* kKeysDown = "keys.down";  // no controls: keys only
inline constexpr const char* kKeysUp = "keys.up";
inline constexpr const char* kKeysPin = "keys.pin";
inline constexpr const char* kKeysOrder = "keys.order.";  // + order number
inline constexpr const char* kKeysKey = "keys.key.";      // + serial
inline constexpr const char* kKeysWriteAll = "keys.write_all";
inline constexpr const char* kKeysRandomPin = "keys.random_pin";
inline constexpr const char* kSealShape = "seal.shape.";  // + round40, round42, oval40, oval45
inline constexpr const char* kSealWidth = "seal.width";
inline constexpr const char* kSealHeight = "seal.height";
inline constexpr const char* kSealEnding = "seal.ending.";  // + yin, zhang, none
inline constexpr const char* kKeysLastTry = "keys.last_try";
inline constexpr const char* kKeysMissing = "keys.missing";
inline constexpr const char* kSealCentre = "seal.centre";
inline constexpr const char* kSealNumber = "seal.number";
inline constexpr const char* kSealDrawn = "seal.take_drawn";
inline constexpr const char* kSealLifted = "seal.take_lifted";
inline constexpr const char* kSealPageBack = "seal.page_back";
inline constexpr const char* kSealPageOn = "seal.page_on";
inline constexpr const char* kKeysSeal = "keys.seal";
inline constexpr const char* kKeysProofBack = "keys.proof_back";
inline constexpr const char* kKeysCardBack = "keys.card_back";
inline constexpr const char* kKeysPassphrase = "keys.passphrase";
inline constexpr const char* kKeysUnlock = "keys.unlock";
inline constexpr const char* kKeysRenewList = "keys.renew_list";
inline constexpr const char* kKeysReplaces = "keys.replaces.";  // + certificate serial
inline constexpr const char* kKeysNameAgain = "keys.name_again";

inline constexpr const char* kCardIncident = "card.incident.";  // + lost, damaged, returned, suspended or resumed
inline constexpr const char* kCardNote = "card.note";
inline constexpr const char* kCardDo = "card.do";
inline constexpr const char* kCardCancel = "card.cancel";
inline constexpr const char* kCardInitialPin = "card.pin.initial";
inline constexpr const char* kCardChangePin = "card.pin.change";
inline constexpr const char* kCardUnlock = "card.pin.unlock";
inline constexpr const char* kCardErase = "card.erase";
inline constexpr const char* kCardSealFile = "card.seal.file";
inline constexpr const char* kCardSealCheck = "card.seal.check";
inline constexpr const char* kCardPin = "card.pin.now";
inline constexpr const char* kCardNewPin = "card.pin.new";
inline constexpr const char* kCardNewPinAgain = "card.pin.again";
inline constexpr const char* kCardSeenDocument = "card.seen.document";
inline constexpr const char* kCardSeenPerson = "card.seen.person";
inline constexpr const char* kCardSeenLetter = "card.seen.authorisation";
inline constexpr const char* kCardLastTry = "card.last_try";
inline constexpr const char* kCardOrder = "card.order";
inline constexpr const char* kCardReplace = "card.replace";
inline constexpr const char* kLetterClose = "letter.close";
inline constexpr const char* kLetterPrint = "letter.print";

inline constexpr const char* kStockSearch = "stock.search";
inline constexpr const char* kStockState = "stock.state.";  // + name of the state, or all
inline constexpr const char* kStockKey = "stock.key.";      // + serial
inline constexpr const char* kStockBox = "stock.box.";      // + number of the box
inline constexpr const char* kStockReceive = "stock.receive";
inline constexpr const char* kStockBoxName = "stock.box_name";
inline constexpr const char* kStockModel = "stock.model";
inline constexpr const char* kStockFirst = "stock.first";
inline constexpr const char* kStockLast = "stock.last";
inline constexpr const char* kStockTakeIn = "stock.take_in";
inline constexpr const char* kStockNotIn = "stock.not_in";
inline constexpr const char* kStockScrap = "stock.scrap";
inline constexpr const char* kStockMore = "stock.more";

inline constexpr const char* kTaskNote = "task.note.";              // + number of the task
inline constexpr const char* kTaskDone = "task.done.";              // + number of the task
inline constexpr const char* kTaskGone = "task.gone.";              // + number of the task
inline constexpr const char* kTaskAgain = "task.again.";            // + number of the task
inline constexpr const char* kConflictReason = "conflict.reason.";  // + uuid of the act
inline constexpr const char* kConflictAgain = "conflict.again.";    // + uuid of the act
inline constexpr const char* kConflictDrop = "conflict.drop.";      // + uuid of the act

inline constexpr const char* kInvoicesIssue = "invoices.issue";
inline constexpr const char* kInvoicesDown = "invoices.down";  // no controls: keys only
inline constexpr const char* kInvoicesUp = "invoices.up";
inline constexpr const char* kInvoicesReprint = "invoices.reprint";
inline constexpr const char* kInvoicesPayment = "invoices.payment.";  // + payment number
inline constexpr const char* kInvoicesIssued = "invoices.issued.";    // + invoice number
inline constexpr const char* kInvoicesRequest = "invoices.request.";  // + its id
inline constexpr const char* kInvoicesRefund = "invoices.refund.";    // + order number
inline constexpr const char* kInvoicesEach = "invoices.each";
inline constexpr const char* kInvoicesTitle = "invoices.title";
inline constexpr const char* kInvoicesVoid = "invoices.void";
inline constexpr const char* kInvoicesRed = "invoices.red";
inline constexpr const char* kInvoicesRedReason = "invoices.red.";       // + its code
inline constexpr const char* kInvoicesRedOrder = "invoices.red_order.";  // + order number; "all": the whole invoice
inline constexpr const char* kInvoicesRedYuan = "invoices.red_yuan";
inline constexpr const char* kInvoicesSpoiled = "invoices.spoiled";
inline constexpr const char* kInvoicesSpoiledList = "invoices.spoiled_list";
inline constexpr const char* kInvoicesIssuedList = "invoices.issued_list";
inline constexpr const char* kInvoicesDiscount = "invoices.discount";
inline constexpr const char* kInvoicesDiscountYuan = "invoices.discount_yuan";
inline constexpr const char* kInvoicesUnit = "invoices.unit";
inline constexpr const char* kInvoicesPerson = "invoices.person";
inline constexpr const char* kInvoicesName = "invoices.name";
inline constexpr const char* kInvoicesTaxNumber = "invoices.tax_number";
inline constexpr const char* kInvoicesReason = "invoices.reason";
inline constexpr const char* kInvoicesNotReported = "invoices.not_reported";
inline constexpr const char* kInvoicesNotCertified = "invoices.not_certified";
inline constexpr const char* kInvoicesConfirm = "invoices.confirm";
inline constexpr const char* kInvoicesRetry = "invoices.retry_request";
inline constexpr const char* kInvoicesDrop = "invoices.drop_request";
inline constexpr const char* kInvoicesWithoutRed = "invoices.without_red.";      // + order number
inline constexpr const char* kInvoicesFinishRefund = "invoices.finish_refund.";  // + order number

inline constexpr const char* kShippingPack = "shipping.pack";
inline constexpr const char* kShippingWaybill = "shipping.waybill";
inline constexpr const char* kShippingProposal = "shipping.parcel.";  // + 1, 2 … from the top
inline constexpr const char* kShippingHandOver = "shipping.hand_over";
inline constexpr const char* kShippingHandOverAll = "shipping.hand_over_all";
inline constexpr const char* kShippingReprint = "shipping.reprint";
inline constexpr const char* kShippingNext = "shipping.next";
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
