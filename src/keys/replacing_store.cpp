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

constexpr std::int64_t kBelongsToOrder = 30 * kDay;

// What the order can mean. One that was reported as just what the order says, lost or damaged, is it; a change of data is
// about certificates in use. Everything else is for an officer to say: also a report long before the order, which may be
// about another KEY than the one that is gone now.
std::vector<Entry> narrowed(std::vector<Entry> list, const orders::Order& order) {
    const auto reported = [](const Entry& entry) { return entry.state == "revoked" && !certificates::is_suspended(entry); };
    if (order.kind == OrderKind::change) {
        std::erase_if(list, reported);
        return list;
    }
    const int reason = static_cast<int>(*reason_to_replace(order));
    const auto as_ordered = [&](const Entry& entry) {
        return reported(entry) && entry.revocation_reason == reason &&
               entry.revoked_at >= order.payment.paid_at + -kBelongsToOrder;
    };
    if (order.cause != ReplacementCause::none && std::any_of(list.begin(), list.end(), as_ordered))
        std::erase_if(list, [&](const Entry& entry) { return !as_ordered(entry); });
    return list;
}

// Another unit of the order has been here, and did what was to be done. That it did is in the log: in a store of older days a
// unit that overtook the first one went past without doing anything.
bool was_done(Tx& tx, const Job& job, RevocationReason reason) {
    std::string past = "AND j.step NOT IN ('allocate', 'generate'";
    past += reason == RevocationReason::key_compromise ? ")" : ", 'request')";
    return storage::one<std::int64_t>(
               tx,
               "SELECT COUNT(*) FROM key_jobs j WHERE j.order_no = :order AND j.unit_no <> :unit AND j.abandoned = 0 " + past +
                   " AND EXISTS (SELECT 1 FROM audit a WHERE a.subject = j.order_no AND a.action IN ('certificate.revoke', "
                   "'certificate.nothing_to_revoke'))",
               0, job.order_no, job.unit_no) > 0;
}

bool was_made(const std::optional<Entry>& entry) { return entry && (entry->state == "valid" || entry->state == "revoked"); }

// The certificate that the order names; nothing when it was never made here, or for somebody else.
Result<std::optional<Entry>> named_by(Tx& tx, const orders::Order& order) {
    SEALDESK_LET(named, certificates::find(tx, upper_ascii(order.replaced_certificate)));
    if (!was_made(named) || named->document_number != order.subject.document_number) return std::nullopt;
    return named;
}

}  // namespace

Result<std::optional<Entry>> replaced_certificate(Tx& tx, const DeskOrder& order) {
    const auto reason = reason_to_replace(order.order);
    if (!reason) return std::nullopt;
    SEALDESK_LET(before, certificates::replaced_by_order(tx, order.order.no));  // a resumed job, or the second KEY
    if (before) return before;
    const std::string& name = order.order.replaced_certificate;
    if (name == kNoneOfThem) return std::nullopt;
    if (!name.empty()) {
        SEALDESK_LET(named, named_by(tx, order.order));
        if (!named) return refused(trf("本中心没有为这个主体登记过要补办的证书 {}，请先指明是哪一张", name));
        return named;
    }
    SEALDESK_LET(all, certificates::to_replace(tx, order.order.subject.document_number, order.order.no));
    auto list = narrowed(std::move(all), order.order);
    if (list.empty()) return std::nullopt;
    if (list.size() > 1) return refused(trf("这个主体有 {} 张证书可能要补办，请先指明是哪一张", list.size()));
    return std::move(list.front());
}

Result<> revoke_replaced(Tx& tx, const Actor& actor, const Bench& bench, const DeskOrder& order, const Job& job) {
    const auto reason = reason_to_replace(order.order);
    if (!reason || was_done(tx, job, *reason)) return {};
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

Result<ToName> may_replace(Database& database, const std::string& order_no) {
    return database.read([&](Tx& tx) -> Result<ToName> {
        SEALDESK_LET(order, orders::load(tx, order_no));
        ToName what;
        const std::string& name = order.order.replaced_certificate;
        if (!reason_to_replace(order.order)) return what;
        SEALDESK_LET(before, certificates::replaced_by_order(tx, order_no));
        if (before) {  // the next KEY of the order asks nothing
            what.chosen = before->serial;
            return what;
        }
        if (name == kNoneOfThem) {
            what.chosen = name;
        } else if (!name.empty()) {
            SEALDESK_LET(named, named_by(tx, order.order));
            if (named)
                what.chosen = named->serial;
            else
                what.unknown = name;
        }
        SEALDESK_LET(all, certificates::to_replace(tx, order.order.subject.document_number, order_no));
        what.list = name.empty() ? narrowed(std::move(all), order.order) : std::move(all);
        if (name.empty() && what.list.size() < 2) {
            if (!what.list.empty()) what.chosen = what.list.front().serial;
            what.list.clear();
        }
        return what;
    });
}

Result<> name_replaced(Database& database, const Actor& actor, const std::string& order_no,
                       const std::string& certificate_serial) {
    SEALDESK_TRY(staff::require(actor, staff::Role::officer));
    return database.write([&](Tx& tx) -> Result<> {
        SEALDESK_LET(order, orders::load(tx, order_no));
        if (!reason_to_replace(order.order)) return refused(trf("订单 {} 不是补办，没有要吊销的证书", order_no));
        std::string name = upper_ascii(trimmed(certificate_serial));
        if (name != kNoneOfThem) {
            SEALDESK_LET(entry, certificates::find(tx, name));
            if (!was_made(entry)) return refused(trf("没有登记过证书 {}", certificate_serial));
            if (entry->document_number != order.order.subject.document_number)
                return refused(trf("要补办的证书 {} 不属于这个主体", entry->serial));
            name = entry->serial;
        }
        if (storage::one<std::int64_t>(
                tx, "SELECT COUNT(*) FROM certificates WHERE order_no = :no AND (state <> 'void' OR replaces <> '')", 0,
                order_no) > 0)
            return fail(ErrorKind::conflict, trf("订单 {} 的证书已经开始签发，不能再改", order_no));
        const std::string before = order.order.replaced_certificate;
        orders::set_replaced_certificate(tx, order, name);
        audit::append(tx, actor.login, "certificate.name_replaced", order_no,
                      nlohmann::json{{"certificate", name}, {"ordered", before}}.dump());
        return {};
    });
}

}  // namespace sealdesk::keys
