#include "certificates/certificate_register.h"
#include "certificates/revocation_list.h"
#include "certificates/standing.h"
#include "certificates/taken_over.h"
#include "storage/rows.h"

namespace sealdesk::certificates {

using storage::Tx;

namespace {

// As it stands on the list: a certificate of the register is revoked there, any other is remembered beside it. True when that
// changed something.
Result<bool> carry(Tx& tx, const Revoked& one) {
    const std::string& serial = one.serial.hex();
    const int reason = static_cast<int>(one.reason);
    SEALDESK_LET(entry, find(tx, serial));
    const bool ours = entry && entry->source.empty();
    if (ours && (entry->state == "valid" || (is_suspended(*entry) && one.reason != RevocationReason::certificate_hold)))
        return storage::change(tx,
                               "UPDATE certificates SET state = 'revoked', revoked_at = :at, revocation_reason = :reason "
                               "WHERE serial = :serial",
                               one.at.ms, reason, serial) == 1;
    if (ours && entry->state == "revoked") return false;
    return storage::change(tx,
                           "INSERT INTO carried_revocations (serial, revoked_at, reason) VALUES (:serial, :at, :reason) "
                           "ON CONFLICT (serial) DO NOTHING",
                           serial, one.at.ms, reason) == 1;
}

}  // namespace

Result<std::optional<TakenOver>> take_over(Tx& tx, std::string_view list_der, const Certificate& issuer) {
    SEALDESK_LET(facts, describe_list(list_der));
    TakenOver taken{facts.number, storage::one<std::int64_t>(tx, "SELECT COALESCE(MAX(number), 0) FROM crls", 0), {}};
    if (taken.number < taken.known) return std::nullopt;
    // The same number twice: the restored database signed a list before anybody looked. Which of both is published is nothing new
    // when it is the database's own, or was taken over already.
    const bool twice = taken.number == taken.known;
    const std::string pem = crl_pem(list_der);
    if (twice &&
        storage::one<std::int64_t>(tx, "SELECT COUNT(*) FROM crls WHERE number = :number AND (pem = :pem OR taken_over = 1)", 0,
                                   taken.number, pem) > 0)
        return std::nullopt;
    SEALDESK_LET(entries, entries_of_list(list_der, issuer));
    for (const auto& one : entries) {
        SEALDESK_LET(carried, carry(tx, one));
        if (carried) taken.serials.push_back(one.serial.hex());
    }
    if (twice)
        storage::change(tx, "UPDATE crls SET taken_over = 1 WHERE number = :number", taken.number);
    else
        storage::change(tx,
                        "INSERT INTO crls (number, pem, this_update, next_update, taken_over) "
                        "VALUES (:number, :pem, :from, :until, 1)",
                        taken.number, pem, facts.this_update.ms, facts.next_update.ms);
    return taken;
}

}  // namespace sealdesk::certificates
