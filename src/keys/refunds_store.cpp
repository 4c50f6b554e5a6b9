#include "keys/refunds.h"

#include <nlohmann/json.hpp>

#include "acts/acts.h"
#include "acts/settlement.h"
#include "audit/audit.h"
#include "base/text.h"
#include "base/translate.h"
#include "keys/jobs_store.h"
#include "orders/refunded.h"
#include "storage/rows.h"

namespace sealdesk::keys {

using orders::State;
using storage::Tx;

// Those of the order that are begun, written or out.
static std::vector<std::string> living_keys(Tx& tx, const std::string& order_no) {
    std::vector<std::string> list;
    std::string serial;
    storage::for_each_row(
        tx,
        "SELECT serial FROM keys WHERE order_no = :order AND state IN ('allocated', 'written', 'verified', 'bound', 'shipped') "
        "ORDER BY unit_no, serial",
        std::tie(serial), [&] { list.push_back(serial); }, order_no);
    return list;
}

Result<RefundEnd> end_refund(Tx& tx, const staff::Actor& actor, const Bench& bench, const std::string& order_no, KeysAre keys_are,
                             const std::string& note) {
    SEALDESK_TRY(staff::require(actor, staff::Role::supervisor));
    const std::string why = trimmed(note);
    if (why.empty()) return refused(tr("请写明是怎样处理的"));
    SEALDESK_LET(order, orders::load(tx, order_no));
    if (!orders::refunded_by_portal(tx, order_no)) return fail(ErrorKind::conflict, trf("门户没有退订单 {} 的款", order_no));
    RefundEnd end;
    for (const auto& serial : living_keys(tx, order_no)) {
        SEALDESK_LET(outcome, report(tx, actor, bench, keys_are == KeysAre::here ? Incident::returned : Incident::lost, serial,
                                     trf("订单 {} 退款：{}", order_no, why)));
        end.keys.push_back(serial);
        if (outcome.revoked) end.certificates.push_back(outcome.certificate_serial);
    }
    // The portal takes none of these for a refunded order; the revocations behind them go out.
    for (const char* kind : {"approved", "bound", "issued"}) {
        acts::cancel_unsent(tx, order_no, kind);
        acts::drop_refused(tx, order_no, kind);
    }
    if (orders::may_become(order.state, State::refunded)) SEALDESK_TRY(orders::move(tx, order, State::refunded, actor.login));
    end.state = order.state;
    audit::append(tx, actor.login, "order.refund_ended", order_no,
                  nlohmann::json{{"keys", end.keys}, {"certificates", end.certificates}, {"note", why}}.dump());
    return end;
}

}  // namespace sealdesk::keys
