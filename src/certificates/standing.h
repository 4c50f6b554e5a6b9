// What becomes of a certificate after it was issued: suspended for a while and back, withdrawn for good, replaced. Inside
// the transaction of a verb, which then renews the revocation list (certificate_register.h).
#pragma once

#include <string>
#include <vector>

#include "certificates/certificate_register.h"

namespace sealdesk::certificates {

bool is_suspended(const Entry& entry);
// A suspended one is on the list with reason 6 (RFC 5280 5.3.1) and may come back. Conflict when it is not valid.
Result<> suspend(storage::Tx& tx, const std::string& serial);
// Conflict when it is not suspended.
Result<> resume(storage::Tx& tx, const std::string& serial);
// Revokes for good what is valid or suspended; true when it did, false when that was done before.
Result<bool> withdraw(storage::Tx& tx, const std::string& serial, RevocationReason reason, const std::string& replaced_by);

// A serial whose certificate will not be used: one that was never made becomes void, one that exists (it came from an external
// CA and its KEY was not finished) is revoked. True when there is a certificate that has to be called back.
Result<bool> abandon(storage::Tx& tx, const std::string& serial, RevocationReason reason);

// The newest certificate of a KEY that was signed; nothing for a KEY without one.
Result<std::optional<Entry>> of_key(storage::Tx& tx, const std::string& key_serial);
// What a replacement order may mean: every certificate of the subject that is valid or suspended, or that was revoked, would
// still run, was on a KEY that was finished and was not replaced since; those of `order_no` itself are left out.
Result<std::vector<Entry>> to_replace(storage::Tx& tx, const std::string& document_number, const std::string& order_no);
// What certificates of this order have replaced.
Result<std::optional<Entry>> replaced_by_order(storage::Tx& tx, const std::string& order_no);

}  // namespace sealdesk::certificates
