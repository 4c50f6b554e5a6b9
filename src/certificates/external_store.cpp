#include <algorithm>

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

Result<> rename_recorded(Tx& tx, const std::string& from, const std::string& to, const std::string& source, Instant not_before,
                         Instant not_after) {
    SEALDESK_LET(entry, find(tx, from));
    if (storage::change(tx,
                        "UPDATE certificates SET serial = :to, pem = '', source = :source, not_before = :begin, not_after = :end "
                        "WHERE serial = :from AND state = 'recorded'",
                        to, source, not_before.ms, not_after.ms, from) != 1)
        return fail(ErrorKind::conflict, trf("证书序列号 {} 没有登记，或已经签发过", from));
    storage::change(tx, "UPDATE certified_keys SET certificate_serial = :to WHERE certificate_serial = :from", to, from);
    if (source.empty()) search::add(tx, entry->order_no, {search::Kind::certificate, to});
    return {};
}

Result<std::string> record_received(Tx& tx, const std::string& from, std::string_view der) {
    SEALDESK_LET(facts, describe(der));
    SEALDESK_LET(known, find(tx, facts.serial));
    if (known) return fail(ErrorKind::denied, trf("外部 CA 给出的证书序列号 {} 已经登记过，没有采用", facts.serial));
    SEALDESK_TRY(rename_recorded(tx, from, facts.serial, kFromCmp, facts.not_before, facts.not_after));
    storage::change(tx, "UPDATE certificates SET pem = :pem WHERE serial = :serial", certificate_pem(der), facts.serial);
    SEALDESK_LET(entry, find(tx, facts.serial));
    search::add(tx, entry->order_no, {search::Kind::certificate, facts.serial});
    return facts.serial;
}

namespace {

// What stands in the way of telling: one sentence for all certificates of which the same is said, so that none hides another.
struct Obstacle {
    Error error;
    std::string serial;  // the first
    int count = 1;
};

void add(std::vector<Obstacle>& all, Error error, const std::string& serial) {
    const auto known =
        std::find_if(all.begin(), all.end(), [&](const Obstacle& one) { return one.error.message == error.message; });
    if (known == all.end())
        all.push_back({std::move(error), serial});
    else
        ++known->count;
}

// Of the kind that weighs most: the CA does not want to, we may not, something is wrong.
Error joined(const std::vector<Obstacle>& all) {
    const auto weight = [](ErrorKind kind) { return kind == ErrorKind::refused ? 0 : kind == ErrorKind::denied ? 1 : 2; };
    Error result{ErrorKind::refused, "", ""};
    for (const auto& [error, serial, count] : all) {
        if (weight(error.kind) > weight(result.kind)) result.kind = error.kind;
        result.message +=
            (result.message.empty() ? "" : tr("；")) +
            (count == 1 ? trf("证书 {}：{}", serial, error.message) : trf("证书 {} 等 {} 张：{}", serial, count, error.message));
        result.detail += (result.detail.empty() ? "" : " | ") + error.detail;
    }
    return result;
}

}  // namespace

Result<int> tell_revocations(Database& database, const CmpClient& ca, crypto::Random& random) {
    struct Untold {
        std::string serial, pem;
        int reason = 0, unsure = 0;  // 1: its KEY was given up before the certificate was recorded as taken
    };
    const std::string source = kFromCmp;
    SEALDESK_LET(list, database.read([&](Tx& tx) -> Result<std::vector<Untold>> {
        std::vector<Untold> all;
        Untold one;
        storage::for_each_row(
            tx,
            "SELECT c.serial, c.pem, c.revocation_reason, CASE WHEN EXISTS (SELECT 1 FROM key_jobs j WHERE "
            "j.certificate_serial = c.serial AND j.abandoned = 1 AND j.step = 'request') THEN 1 ELSE 0 END FROM certificates c "
            "WHERE c.source = :source AND c.state = 'revoked' AND c.ca_told_at = 0 AND c.pem <> '' "
            "ORDER BY c.revoked_at, c.serial",
            std::tie(one.serial, one.pem, one.reason, one.unsure), [&] { all.push_back(one); }, source);
        return all;
    }));
    int told = 0;
    const auto tell = [&](const Untold& one) -> Result<> {
        SEALDESK_LET(der, crypto::from_pem("CERTIFICATE", one.pem));
        SEALDESK_TRY(ca.revoke(der, static_cast<RevocationReason>(one.reason), random.bytes(16),
                               one.unsure == 1 ? Confirmed::unsure : Confirmed::yes));
        return database.write([&](Tx& tx) -> Result<> {
            // Another desk may have told it at the same time.
            if (storage::change(tx, "UPDATE certificates SET ca_told_at = :now WHERE serial = :serial AND ca_told_at = 0",
                                tx.now.ms, one.serial) == 0)
                return {};
            audit::append(tx, "desk", "certificate.ca_told", one.serial);
            ++told;
            return {};
        });
    };
    std::vector<Obstacle> obstacles;
    for (const auto& one : list) {
        const auto done = tell(one);
        if (done) continue;
        if (done.error().kind == ErrorKind::unavailable) return tl::unexpected(done.error());
        add(obstacles, done.error(), one.serial);
    }
    if (!obstacles.empty()) return tl::unexpected(joined(obstacles));
    return told;
}

Result<int> untold_revocations(Database& database) {
    return database.read([](Tx& tx) -> Result<int> {
        const std::string source = kFromCmp;
        return static_cast<int>(storage::one<std::int64_t>(tx,
                                                           "SELECT COUNT(*) FROM certificates WHERE source = :source AND state = "
                                                           "'revoked' AND ca_told_at = 0 AND pem <> ''",
                                                           0, source));
    });
}

}  // namespace sealdesk::certificates
