#include "base/translate.h"
#include "certificates/standing.h"
#include "storage/rows.h"

namespace sealdesk::certificates {

using storage::Tx;

namespace {

constexpr int kHold = static_cast<int>(RevocationReason::certificate_hold);

// The entries whose serials a question gives.
template <class... Uses>
Result<std::vector<Entry>> entries(Tx& tx, const std::string& question, const Uses&... uses) {
    std::vector<std::string> serials;
    std::string serial;
    storage::for_each_row(
        tx, question, std::tie(serial), [&] { serials.push_back(serial); }, uses...);
    std::vector<Entry> list;
    for (const auto& each : serials) {
        SEALDESK_LET(entry, find(tx, each));
        if (entry) list.push_back(std::move(*entry));
    }
    return list;
}

Result<std::optional<Entry>> first(Result<std::vector<Entry>> list) {
    if (!list) return tl::unexpected(std::move(list).error());
    if (list->empty()) return std::nullopt;
    return std::move(list->front());
}

}  // namespace

bool is_suspended(const Entry& entry) { return entry.state == "revoked" && entry.revocation_reason == kHold; }

Result<> suspend(Tx& tx, const std::string& serial) { return revoke(tx, serial, RevocationReason::certificate_hold, ""); }

Result<> resume(Tx& tx, const std::string& serial) {
    if (storage::change(tx,
                        "UPDATE certificates SET state = 'valid', revoked_at = 0, revocation_reason = 0 "
                        "WHERE serial = :serial AND state = 'revoked' AND revocation_reason = :hold",
                        serial, kHold) == 1)
        return {};
    return fail(ErrorKind::conflict, trf("证书 {} 没有停用，不能恢复", serial));
}

Result<bool> withdraw(Tx& tx, const std::string& serial, RevocationReason reason, const std::string& replaced_by) {
    SEALDESK_LET(entry, find(tx, serial));
    if (!entry) return refused(trf("没有登记过证书 {}", serial));
    if (is_suspended(*entry)) SEALDESK_TRY(resume(tx, serial));
    const bool revokes = entry->state == "valid" || is_suspended(*entry);
    if (revokes) SEALDESK_TRY(revoke(tx, serial, reason, ""));
    if (!replaced_by.empty())
        storage::change(tx, "UPDATE certificates SET replaces = :old WHERE serial = :serial", serial, replaced_by);
    return revokes;
}

Result<bool> abandon(Tx& tx, const std::string& serial, RevocationReason reason) {
    const int code = static_cast<int>(reason);
    if (storage::change(
            tx,
            "UPDATE certificates SET state = 'revoked', revoked_at = :now, revocation_reason = :reason WHERE serial = "
            ":serial AND state = 'recorded' AND pem <> ''",
            tx.now.ms, code, serial) == 1)
        return true;
    storage::change(tx, "UPDATE certificates SET state = 'void' WHERE serial = :serial AND state = 'recorded'", serial);
    return false;
}

Result<std::optional<Entry>> of_key(Tx& tx, const std::string& key_serial) {
    return first(entries(tx,
                         "SELECT serial FROM certificates WHERE key_serial = :key AND state IN ('valid', 'revoked') "
                         "ORDER BY created_at DESC, CASE state WHEN 'valid' THEN 0 ELSE 1 END, serial LIMIT 1",
                         key_serial));
}

Result<std::vector<Entry>> to_replace(Tx& tx, const std::string& document_number, const std::string& order_no) {
    return entries(
        tx,
        "SELECT c.serial FROM certificates c WHERE c.document_number = :document AND c.order_no <> :order AND "
        "(c.state = 'valid' OR (c.state = 'revoked' AND c.revocation_reason = :hold) OR (c.state = 'revoked' AND "
        "c.not_after > :now AND NOT EXISTS (SELECT 1 FROM certificates n "
        "WHERE n.document_number = c.document_number AND n.replaces = c.serial) AND NOT EXISTS (SELECT 1 FROM key_jobs j "
        "WHERE j.certificate_serial = c.serial AND j.abandoned = 1 AND j.step <> 'bind'))) ORDER BY c.created_at, c.serial",
        document_number, order_no, kHold, tx.now.ms);
}

Result<std::optional<Entry>> replaced_by_order(Tx& tx, const std::string& order_no) {
    return first(entries(
        tx, "SELECT replaces FROM certificates WHERE order_no = :order AND replaces <> '' ORDER BY unit_no LIMIT 1", order_no));
}

}  // namespace sealdesk::certificates
