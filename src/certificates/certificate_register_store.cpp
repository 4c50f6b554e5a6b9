#include "audit/audit.h"
#include "base/translate.h"
#include "certificates/certificate_register.h"
#include "certificates/revocation_list.h"
#include "search/search.h"
#include "storage/rows.h"

namespace sealdesk::certificates {

using storage::Database;
using storage::Tx;

namespace {

template <class... Uses>
std::vector<Entry> select(Tx& tx, const std::string& condition, const Uses&... uses) {
    std::vector<Entry> list;
    Entry e;
    storage::for_each_row(
        tx,
        "SELECT serial, order_no, key_serial, subject_name, document_number, unit_no, state, pem, not_before, "
        "not_after, created_at, revoked_at, revocation_reason, replaces, source FROM certificates " +
            condition,
        std::tie(e.serial, e.order_no, e.key_serial, e.subject_name, e.document_number, e.unit_no, e.state, e.pem,
                 e.not_before.ms, e.not_after.ms, e.created_at.ms, e.revoked_at.ms, e.revocation_reason, e.replaces, e.source),
        [&] { list.push_back(e); }, uses...);
    return list;
}

}  // namespace

void record_serial(Tx& tx, const Entry& e) {
    storage::change(
        tx,
        "INSERT INTO certificates (serial, order_no, unit_no, key_serial, subject_name, document_number, state, not_before, "
        "not_after, created_at, source) VALUES (:serial, :order, :unit, :key, :name, :document, 'recorded', :from, :to, :now, "
        ":source)",
        e.serial, e.order_no, e.unit_no, e.key_serial, e.subject_name, e.document_number, e.not_before.ms, e.not_after.ms,
        tx.now.ms, e.source);
    if (e.source.empty()) search::add(tx, e.order_no, {search::Kind::certificate, e.serial});
}

Result<> record_key(Tx& tx, const Entry& entry, const Request& request) {
    const std::string hash = request.public_key_hash();
    const auto before =
        storage::one<std::string>(tx, "SELECT certificate_serial FROM certified_keys WHERE hash = :hash", "", hash);
    if (!before.empty() && before != entry.serial)
        return refused(trf("这把密钥已经用于证书 {}，不能再次使用。请把这只 KEY 登记为“损坏”，换一只空白 KEY", before));
    if (before.empty())
        storage::change(tx, "INSERT INTO certified_keys (hash, certificate_serial, key_serial) VALUES (:hash, :serial, :key)",
                        hash, entry.serial, entry.key_serial);
    return {};
}

Result<> record_signed(Tx& tx, const std::string& serial, const std::string& pem) {
    if (storage::change(tx, "UPDATE certificates SET state = 'valid', pem = :pem WHERE serial = :serial AND state = 'recorded'",
                        pem, serial) == 1)
        return {};
    return fail(ErrorKind::conflict, trf("证书序列号 {} 没有登记，或已经签发过", serial));
}

Result<> revoke(Tx& tx, const std::string& serial, RevocationReason reason, const std::string& replaced_by) {
    const int code = static_cast<int>(reason);
    if (storage::change(tx,
                        "UPDATE certificates SET state = 'revoked', revoked_at = :now, revocation_reason = :reason "
                        "WHERE serial = :serial AND state = 'valid'",
                        tx.now.ms, code, serial) != 1)
        return fail(ErrorKind::conflict, trf("证书 {} 不是有效状态，不能吊销", serial));
    if (!replaced_by.empty())
        storage::change(tx, "UPDATE certificates SET replaces = :old WHERE serial = :serial", serial, replaced_by);
    return {};
}

// What a list revoked that was taken over (taken_over.h), as long as the register does not revoke it itself.
static Result<> add_carried(Tx& tx, std::vector<Revoked>& revoked) {
    std::string hex;
    Instant at;
    int reason = 0;
    std::vector<std::tuple<std::string, Instant, int>> carried;
    storage::for_each_row(tx,
                          "SELECT serial, revoked_at, reason FROM carried_revocations WHERE serial NOT IN "
                          "(SELECT serial FROM certificates WHERE revoked_at > 0 AND state = 'revoked' AND source = '')",
                          std::tie(hex, at.ms, reason), [&] { carried.emplace_back(hex, at, reason); });
    for (const auto& [one, since, why] : carried) {
        SEALDESK_LET(serial, SerialNumber::parse(one));
        revoked.push_back({serial, since, static_cast<RevocationReason>(why)});
    }
    return {};
}

Result<> renew_crl(Tx& tx, const Authority& authority) {
    std::vector<Revoked> revoked;
    for (const auto& entry :
         select(tx, "WHERE revoked_at > 0 AND state = 'revoked' AND source = '' ORDER BY revoked_at, serial")) {
        SEALDESK_LET(serial, SerialNumber::parse(entry.serial));
        revoked.push_back({serial, entry.revoked_at, static_cast<RevocationReason>(entry.revocation_reason)});
    }
    SEALDESK_TRY(add_carried(tx, revoked));
    const auto number = storage::one<std::int64_t>(tx, "SELECT COALESCE(MAX(number), 0) + 1 FROM crls", 1);
    const Instant until = tx.now + authority.list_ms();
    SEALDESK_LET(der, authority.make_crl(revoked, static_cast<std::uint64_t>(number), tx.now, until));
    storage::change(tx, "INSERT INTO crls (number, pem, this_update, next_update) VALUES (:number, :pem, :now, :until)", number,
                    crl_pem(der), tx.now.ms, until.ms);
    return {};
}

Result<std::optional<Entry>> find(Tx& tx, const std::string& serial) {
    auto list = select(tx, "WHERE serial = :serial", serial);
    if (list.empty()) return std::nullopt;
    return std::move(list.front());
}
Result<std::vector<Entry>> of_order(Tx& tx, const std::string& order_no) {
    return select(tx, "WHERE order_no = :order ORDER BY unit_no, created_at", order_no);
}
Result<std::vector<Entry>> valid_of_subject(Tx& tx, const std::string& document_number) {
    return select(tx, "WHERE document_number = :document AND state = 'valid' ORDER BY created_at", document_number);
}
Result<std::vector<Entry>> page(Database& database, int limit) {
    return database.read(
        [&](Tx& tx) -> Result<std::vector<Entry>> { return select(tx, "ORDER BY created_at DESC, serial LIMIT :most", limit); });
}

namespace {

std::optional<StoredCrl> newest(Tx& tx, std::int64_t& told_at) {
    StoredCrl crl;
    int taken_over = 0;
    storage::for_each_row(tx,
                          "SELECT number, pem, this_update, next_update, portal_told_at, taken_over FROM crls "
                          "ORDER BY number DESC LIMIT 1",
                          std::tie(crl.number, crl.pem, crl.this_update.ms, crl.next_update.ms, told_at, taken_over), [] {});
    if (crl.number == 0) return std::nullopt;
    crl.taken_over = taken_over != 0;
    return crl;
}

}  // namespace

Result<std::optional<StoredCrl>> newest_crl(Database& database) {
    return database.read([](Tx& tx) -> Result<std::optional<StoredCrl>> {
        std::int64_t told_at = 0;
        return newest(tx, told_at);
    });
}

Result<std::optional<StoredCrl>> untold_crl(Database& database) {
    return database.read([](Tx& tx) -> Result<std::optional<StoredCrl>> {
        std::int64_t told_at = 0;
        auto crl = newest(tx, told_at);
        if (told_at > 0) return std::nullopt;
        return crl;
    });
}

Result<> crl_told(Database& database, std::int64_t number) {
    return database.write([&](Tx& tx) -> Result<> {
        storage::change(tx, "UPDATE crls SET portal_told_at = :now WHERE number = :number AND portal_told_at = 0", tx.now.ms,
                        number);
        return {};
    });
}

bool is_from(const StoredCrl& list, const CertificateFacts& issuer) {
    const auto der = crypto::from_pem("X509 CRL", list.pem);
    const auto facts = der ? describe_list(*der) : tl::unexpected(der.error());
    return facts && facts->key_id == issuer.key_id;
}

Result<std::optional<StoredCrl>> renew_due_list(Database& database, const Authority& authority) {
    const auto renewed = database.write([&](Tx& tx) -> Result<bool> {
        std::int64_t told_at = 0;
        const auto crl = newest(tx, told_at);
        if (crl && !crl->taken_over && is_from(*crl, authority.issuer()) && tx.now < crl->due()) return false;
        SEALDESK_TRY(renew_crl(tx, authority));
        audit::append(tx, "desk", "crl.renew", "crl");
        return true;
    });
    if (!renewed) return tl::unexpected(renewed.error());
    if (!*renewed) return std::nullopt;
    return newest_crl(database);
}

Result<StoredCrl> renew_list(Database& database, const staff::Actor& actor, const Authority& authority) {
    if (!staff::has(actor.roles, staff::Role::supervisor)) SEALDESK_TRY(staff::require(actor, staff::Role::officer));
    const auto renewed = database.write([&](Tx& tx) -> Result<> {
        SEALDESK_TRY(renew_crl(tx, authority));
        audit::append(tx, actor.login, "crl.renew", "crl");
        return {};
    });
    if (!renewed) return tl::unexpected(renewed.error());
    SEALDESK_LET(list, newest_crl(database));
    return std::move(*list);
}

}  // namespace sealdesk::certificates
