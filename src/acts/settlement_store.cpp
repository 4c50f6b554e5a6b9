#include "acts/settlement.h"

#include <nlohmann/json.hpp>

#include "audit/audit.h"
#include "base/text.h"
#include "base/translate.h"
#include "storage/rows.h"

namespace sealdesk::acts {

using storage::Database;
using storage::Tx;

Result<> settle(Database& database, const staff::Actor& actor, const std::string& uuid, Settlement settlement,
                const std::string& reason) {
    SEALDESK_TRY(staff::require(actor, staff::Role::supervisor));
    const std::string why = trimmed(reason);
    if (why.empty()) return refused(tr("请写明是怎样处理的"));
    return database.write([&](Tx& tx) -> Result<> {
        std::string order_no, kind, said;
        storage::for_each_row(
            tx, "SELECT order_no, kind, last_error FROM acts WHERE uuid = :uuid", std::tie(order_no, kind, said), [] {}, uuid);
        if (order_no.empty()) return refused(tr("没有这条通知"));
        const bool again = settlement == Settlement::again;
        const std::string state = again ? "pending" : "cancelled";
        if (storage::change(tx, "UPDATE acts SET state = :state, not_before = :now WHERE uuid = :uuid AND state = 'conflict'",
                            state, tx.now.ms, uuid) != 1)
            return fail(ErrorKind::conflict, trf("订单 {} 的这条通知已经处理过", order_no));
        audit::append(tx, actor.login, again ? "act.again" : "act.drop", order_no,
                      nlohmann::json{{"kind", kind}, {"uuid", uuid}, {"portal", said}, {"reason", why}}.dump());
        return {};
    });
}

std::string refused_by_portal(Tx& tx, const std::string& order_no, const std::string& kind) {
    return storage::one<std::string>(
        tx,
        "SELECT last_error FROM acts WHERE order_no = :order AND kind = :kind AND state = 'conflict' "
        "ORDER BY id DESC LIMIT 1",
        "", order_no, kind);
}

void drop_refused(Tx& tx, const std::string& order_no, const std::string& kind) {
    storage::change(tx, "UPDATE acts SET state = 'cancelled' WHERE order_no = :order AND kind = :kind AND state = 'conflict'",
                    order_no, kind);
}

}  // namespace sealdesk::acts
