// Rows of the ledger of waybills, for the two files that keep it.
#pragma once

#include "shipping/waybills.h"
#include "storage/rows.h"

namespace sealdesk::shipping::waybill_rows {

Result<Waybill> load_waybill(storage::Tx& tx, std::int64_t id);
void save(storage::Tx& tx, const Waybill& row);
// Into the audit of each of the parcel's orders, also when it was unpacked.
void note(storage::Tx& tx, const std::string& actor, const char* action, const Waybill& row);
// The number is the parcel's from now on.
void give(storage::Tx& tx, const Waybill& row);
// A repetition with this reference might be another order at the courier.
bool is_too_old(const Waybill& row, Instant now);
bool is_used(storage::Tx& tx, const std::string& waybill);

}  // namespace sealdesk::shipping::waybill_rows
