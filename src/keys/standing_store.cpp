#include "base/text.h"
#include "base/translate.h"
#include "certificates/standing.h"
#include "keys/jobs_store.h"
#include "keys/standing.h"
#include "storage/rows.h"

namespace sealdesk::keys {

using storage::Database;
using storage::Tx;

namespace {

std::string why_not_active(const Standing& all, Instant now) {
    using enum KeyState;
    if (all.certificate && certificates::is_suspended(*all.certificate))
        return trf("证书在 {} 被停用，恢复后才能使用", date_time(all.certificate->revoked_at));
    if (all.certificate && all.certificate->state == "revoked")
        return trf("证书在 {} 被吊销（原因代码 {}）", date_time(all.certificate->revoked_at), all.certificate->revocation_reason);
    switch (all.key.state) {
        case blank: return tr("还是空白 KEY，没有写过");
        case allocated:
        case written:
        case verified:
            if (all.job && all.job->beginning)
                return trf("还没有写完：订单 {} 停在“{}”这一步", all.key.order_no, title_of(*all.job->beginning));
            return trf("还没有写完：订单 {} 停在“{}”之后", all.key.order_no,
                       all.job ? title_of(all.job->done) : word_of(all.key.state));
        case scrapped: return tr("KEY 已报废");
        case returned: return tr("KEY 已退回中心");
        case bound:
        case shipped: break;
    }
    if (all.certificate && all.certificate->not_after <= now)
        return trf("证书已在 {} 到期", text_of(day_of(all.certificate->not_after)));
    if (!all.told_at || (all.dropped && all.platform_trouble.empty())) return tr("绑定没有发给平台");
    if (all.dropped) return trf("平台没有接受绑定，主管已决定不再发送：{}", all.platform_trouble);
    if (all.declined) return trf("平台没有接受绑定：{}", all.platform_trouble);
    if (all.confirmed_at) return {};
    if (all.tries == 0) return tr("绑定还在“待发送”里，没有发给平台");
    return trf("绑定已经发过，平台还没有确认：{}", all.platform_trouble);
}

}  // namespace

Result<std::optional<certificates::Entry>> certificate_on(Tx& tx, const Key& key) {
    SEALDESK_LET(newest, certificates::of_key(tx, key.serial));
    if (newest && newest->order_no != key.order_no) return std::nullopt;
    return newest;
}

Result<Standing> standing(Database& database, const std::string& typed) {
    SEALDESK_LET(found, find_typed_key(database, typed));
    if (!found) return refused(trf("本中心没有序列号为 {} 的 KEY", typed));
    const std::string& key_serial = found->serial;
    SEALDESK_LET(history, movements(database, key_serial));
    return database.read([&](Tx& tx) -> Result<Standing> {
        const auto key = find_key(tx, key_serial);
        if (!key) return refused(trf("本中心没有序列号为 {} 的 KEY", typed));
        Standing all;
        all.key = *key;
        all.movements = std::move(history);
        all.job = live_job(tx, key_serial);
        SEALDESK_LET(certificate, certificate_on(tx, *key));
        all.certificate = std::move(certificate);
        if (!key->order_no.empty()) {
            SEALDESK_LET(order, orders::load(tx, key->order_no));
            all.subject_name = order.order.subject.name;
        }
        for (const auto& movement : all.movements)
            if (movement.to == KeyState::bound) all.bound_at = movement.at;
        // The act names the KEY in its body; an order has few.
        std::string body, state, error;
        Instant created, sent;
        int tries = 0;
        storage::for_each_row(
            tx,
            "SELECT body, state, attempts, last_error, created_at, sent_at FROM acts WHERE order_no = :order AND kind = 'bound' "
            "ORDER BY id",
            std::tie(body, state, tries, error, created.ms, sent.ms),
            [&] {
                if (body.find('"' + key_serial + '"') == std::string::npos) return;
                all.told_at = created;
                all.tries = tries;
                all.declined = state == "conflict";
                all.dropped = state == "cancelled";
                all.confirmed_at = state == "sent" ? sent : Instant{};
                all.platform_trouble = error;
            },
            key->order_no);
        all.reason = why_not_active(all, tx.now);
        all.active = all.reason.empty();
        if (all.active) all.reason = trf("{} 绑定，{} 平台确认", date_time(all.bound_at), date_time(all.confirmed_at));
        return all;
    });
}

Result<std::vector<Standing>> standings(Database& database, const std::string& order_no) {
    SEALDESK_LET(of_order, keys_of(database, order_no));
    std::vector<Standing> list;
    for (const Key& key : of_order) {
        SEALDESK_LET(one, standing(database, key.serial));
        list.push_back(std::move(one));
    }
    return list;
}

}  // namespace sealdesk::keys
