#include "audit/audit.h"
#include "base/text.h"
#include "base/translate.h"
#include "certificates/external.h"
#include "crypto/digest.h"
#include "search/search.h"
#include "storage/rows.h"

namespace sealdesk::certificates {

using storage::Database;
using storage::Tx;

std::string name_of_transaction(std::string_view transaction) { return "CMP" + upper_ascii(crypto::hex(transaction)); }

Result<> rename_recorded(Tx& tx, const std::string& from, const std::string& to) {
    if (storage::change(tx, "UPDATE certificates SET serial = :to, pem = '' WHERE serial = :from AND state = 'recorded'", to,
                        from) != 1)
        return fail(ErrorKind::conflict, trf("证书序列号 {} 没有登记，或已经签发过", from));
    storage::change(tx, "UPDATE certified_keys SET certificate_serial = :to WHERE certificate_serial = :from", to, from);
    return {};
}

Result<std::string> record_received(Tx& tx, const std::string& from, std::string_view der) {
    SEALDESK_LET(facts, describe(der));
    SEALDESK_LET(known, find(tx, facts.serial));
    if (known) return fail(ErrorKind::denied, trf("外部 CA 给出的证书序列号 {} 已经登记过，没有采用", facts.serial));
    SEALDESK_TRY(rename_recorded(tx, from, facts.serial));
    storage::change(tx, "UPDATE certificates SET pem = :pem, not_before = :begin, not_after = :end WHERE serial = :serial",
                    certificate_pem(der), facts.not_before.ms, facts.not_after.ms, facts.serial);
    SEALDESK_LET(entry, find(tx, facts.serial));
    search::add(tx, entry->order_no, {search::Kind::certificate, facts.serial});
    return facts.serial;
}

Result<int> tell_revocations(Database& database, const CmpClient& ca, crypto::Random& random) {
    struct Untold {
        std::string serial, pem;
        int reason = 0;
    };
    const std::string source = kFromCmp;
    SEALDESK_LET(list, database.read([&](Tx& tx) -> Result<std::vector<Untold>> {
        std::vector<Untold> all;
        Untold one;
        storage::for_each_row(
            tx,
            "SELECT serial, pem, revocation_reason FROM certificates WHERE source = :source AND state = "
            "'revoked' AND ca_told_at = 0 AND pem <> '' ORDER BY revoked_at, serial",
            std::tie(one.serial, one.pem, one.reason), [&] { all.push_back(one); }, source);
        return all;
    }));
    int told = 0;
    for (const auto& one : list) {
        SEALDESK_LET(der, crypto::from_pem("CERTIFICATE", one.pem));
        // Refused: the CA dropped it when it was not taken, or has revoked it before. The others do not wait for that.
        const auto gone = ca.revoke(der, static_cast<RevocationReason>(one.reason), random.bytes(16));
        if (!gone && gone.error().kind != ErrorKind::refused) return tl::unexpected(gone.error());
        SEALDESK_TRY(database.write([&](Tx& tx) -> Result<> {
            storage::change(tx, "UPDATE certificates SET ca_told_at = :now WHERE serial = :serial", tx.now.ms, one.serial);
            audit::append(tx, "desk", "certificate.ca_told", one.serial);
            return {};
        }));
        ++told;
    }
    return told;
}

}  // namespace sealdesk::certificates
