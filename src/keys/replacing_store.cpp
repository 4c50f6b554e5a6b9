// What a replacement or change order does to the certificate before it.
#include <nlohmann/json.hpp>

#include "acts/acts.h"
#include "audit/audit.h"
#include "base/text.h"
#include "base/translate.h"
#include "certificates/standing.h"
#include "keys/jobs_store.h"
#include "storage/rows.h"

namespace sealdesk::keys {

using certificates::Entry;
using certificates::RevocationReason;
using orders::DeskOrder;
using orders::OrderKind;
using orders::ReplacementCause;
using staff::Actor;
using storage::Database;
using storage::Tx;

std::optional<RevocationReason> reason_to_replace(const orders::Order& order) {
    if (order.kind == OrderKind::change) return RevocationReason::affiliation_changed;
    if (order.kind != OrderKind::replacement) return std::nullopt;
    return order.cause == ReplacementCause::damaged ? RevocationReason::superseded : RevocationReason::key_compromise;
}

namespace {

// Those that were reported as lost or damaged already are what is meant; else whatever is in use.
std::vector<Entry> narrowed(std::vector<Entry> list) {
    const auto reported = [](const Entry& entry) { return entry.state == "revoked" && !certificates::is_suspended(entry); };
    if (std::any_of(list.begin(), list.end(), reported))
        std::erase_if(list, [&](const Entry& entry) { return !reported(entry); });
    return list;
}

}  // namespace

Result<std::optional<Entry>> replaced_certificate(Tx& tx, const DeskOrder& order) {
    const auto reason = reason_to_replace(order.order);
    if (!reason) return std::nullopt;
    SEALDESK_LET(before, certificates::replaced_by_order(tx, order.order.no));  // a resumed job, or the second KEY
    if (before) return before;
    if (!order.order.replaced_certificate.empty()) {
        SEALDESK_LET(named, certificates::find(tx, upper_ascii(order.order.replaced_certificate)));
        if (named && named->document_number != order.order.subject.document_number)
            return refused(trf("要补办的证书 {} 不属于这个主体", named->serial));
        return named;
    }
    SEALDESK_LET(all, certificates::to_replace(tx, order.order.subject.document_number, *reason, order.order.no));
    auto list = narrowed(std::move(all));
    if (list.empty()) return std::nullopt;
    if (list.size() > 1) return refused(trf("这个主体有 {} 张证书可能要补办，请先指明是哪一张", list.size()));
    return std::move(list.front());
}

Result<> revoke_replaced(Tx& tx, const Actor& actor, const Bench& bench, const DeskOrder& order, const Job& job) {
    const auto reason = reason_to_replace(order.order);
    if (!reason || job.unit_no != 1) return {};
    SEALDESK_LET(old, replaced_certificate(tx, order));
    bool revoked = false;
    if (old) {
        SEALDESK_LET(now, certificates::withdraw(tx, old->serial, *reason, job.certificate_serial));
        revoked = now;
    }
    audit::append(tx, actor.login, revoked ? "certificate.revoke" : "certificate.nothing_to_revoke", job.order_no,
                  nlohmann::json{{"revoked", revoked ? old->serial : ""}, {"by", job.certificate_serial}}.dump());
    if (!revoked) return {};
    if (old->source.empty()) {  // an external CA has its own list
        if (!bench.authority) return fail(ErrorKind::device, tr("没有接入证书签发服务，不能吊销证书"));
        SEALDESK_TRY(certificates::renew_crl(tx, *bench.authority));
    }
    if (bench.withdrawn) SEALDESK_TRY(bench.withdrawn(tx, actor, old->serial, "replaced"));
    if (const auto key = find_key(tx, old->key_serial); key && may_become(key->state, KeyState::scrapped))
        SEALDESK_TRY(move_key(tx, key->serial, KeyState::scrapped, actor.login, trf("由订单 {} 补办", job.order_no)));
    SEALDESK_LET(former, orders::load(tx, old->order_no));
    acts::queue(tx, old->order_no, former.revision, "revoked",
                nlohmann::json{
                    {"key_serial", old->key_serial}, {"certificate_serial", old->serial}, {"reason", static_cast<int>(*reason)}}
                    .dump());
    return {};
}

Result<std::vector<Entry>> may_replace(Database& database, const std::string& order_no) {
    return database.read([&](Tx& tx) -> Result<std::vector<Entry>> {
        SEALDESK_LET(order, orders::load(tx, order_no));
        const auto reason = reason_to_replace(order.order);
        if (!reason || !order.order.replaced_certificate.empty()) return std::vector<Entry>{};
        SEALDESK_LET(all, certificates::to_replace(tx, order.order.subject.document_number, *reason, order_no));
        auto list = narrowed(std::move(all));
        if (list.size() < 2) list.clear();
        return list;
    });
}

Result<> name_replaced(Database& database, const Actor& actor, const std::string& order_no,
                       const std::string& certificate_serial) {
    SEALDESK_TRY(staff::require(actor, staff::Role::officer));
    return database.write([&](Tx& tx) -> Result<> {
        SEALDESK_LET(order, orders::load(tx, order_no));
        if (!reason_to_replace(order.order)) return refused(trf("订单 {} 不是补办，没有要吊销的证书", order_no));
        SEALDESK_LET(entry, certificates::find(tx, upper_ascii(trimmed(certificate_serial))));
        if (!entry || entry->state == "recorded") return refused(trf("没有登记过证书 {}", certificate_serial));
        if (entry->document_number != order.order.subject.document_number)
            return refused(trf("要补办的证书 {} 不属于这个主体", entry->serial));
        if (storage::one<std::int64_t>(tx, "SELECT COUNT(*) FROM certificates WHERE order_no = :no", 0, order_no) > 0)
            return fail(ErrorKind::conflict, trf("订单 {} 的证书已经开始签发，不能再改", order_no));
        orders::set_replaced_certificate(tx, order, entry->serial);
        audit::append(tx, actor.login, "certificate.name_replaced", order_no,
                      nlohmann::json{{"certificate", entry->serial}}.dump());
        return {};
    });
}

}  // namespace sealdesk::keys
