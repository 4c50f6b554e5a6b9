// The register of certificates: every serial is recorded before anything is signed with it, every revocation
// makes the next CRL in the same transaction.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "certificates/authority.h"
#include "staff/staff.h"
#include "storage/database.h"

namespace sealdesk::certificates {

struct Entry {
    std::string serial, order_no, key_serial, subject_name, document_number;
    int unit_no = 1;
    std::string state;  // recorded, valid, revoked
    std::string pem;
    Instant not_before, not_after, created_at, revoked_at;
    int revocation_reason = 0;
    std::string replaces;  // serial of the certificate it replaced
    std::string source;    // "": signed here; else external.h
};

void record_serial(storage::Tx& tx, const Entry& entry);
// The key that the certificate is for. Refused when another certificate was asked for with it, on whatever KEY.
Result<> record_key(storage::Tx& tx, const Entry& entry, const Request& request);
// Conflict when the serial was not recorded or has a certificate already.
Result<> record_signed(storage::Tx& tx, const std::string& serial, const std::string& pem);
Result<> revoke(storage::Tx& tx, const std::string& serial, RevocationReason reason, const std::string& replaced_by);
// The list as it is now, of what this centre signed itself, numbered one above the last, valid for authority.list_ms().
Result<> renew_crl(storage::Tx& tx, const Authority& authority);

Result<std::optional<Entry>> find(storage::Tx& tx, const std::string& serial);
Result<std::vector<Entry>> of_order(storage::Tx& tx, const std::string& order_no);
Result<std::vector<Entry>> valid_of_subject(storage::Tx& tx, const std::string& document_number);
Result<std::vector<Entry>> page(storage::Database& database, int limit);  // newest first

struct StoredCrl {
    std::int64_t number = 0;
    std::string pem;
    Instant this_update, next_update;
    bool taken_over = false;  // it came back from where it was published (taken_over.h): the next one is due at once
    // The next one is signed before those who read this one must take it for old: two days before, or at half of a short life.
    Instant due() const { return next_update + -std::min(2 * kDay, (next_update - this_update) / 2); }
};
Result<std::optional<StoredCrl>> newest_crl(storage::Database& database);
// The newest list when the portal has not acknowledged it yet; and that it has.
Result<std::optional<StoredCrl>> untold_crl(storage::Database& database);
Result<> crl_told(storage::Database& database, std::int64_t number);
// Whether this issuer's key signed it, by the identifier that stands there: somebody may have replaced the CA by hand.
bool is_from(const StoredCrl& list, const CertificateFacts& issuer);
// What nobody asked for: a new list when the newest is due, was taken over or is another issuer's, or there is none. Nothing when
// it has time.
Result<std::optional<StoredCrl>> renew_due_list(storage::Database& database, const Authority& authority);
// The list once more with a new date, although nothing was revoked. Officers, supervisors.
Result<StoredCrl> renew_list(storage::Database& database, const staff::Actor& actor, const Authority& authority);

}  // namespace sealdesk::certificates
