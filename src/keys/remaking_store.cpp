#include <nlohmann/json.hpp>

#include "audit/audit.h"
#include "base/text.h"
#include "base/translate.h"
#include "keys/jobs_store.h"
#include "keys/remaking.h"
#include "orders/refunded.h"
#include "tasks/tasks.h"

namespace sealdesk::keys {

using orders::State;
using storage::Database;
using storage::Tx;

Result<Remaking> make_again(Database& database, const staff::Actor& actor, const std::string& order_no, const std::string& note) {
    SEALDESK_TRY(staff::require(actor, staff::Role::supervisor));
    const std::string why = trimmed(note);
    if (why.empty()) return refused(tr("请写明是怎样处理的"));
    return database.write([&](Tx& tx) -> Result<Remaking> {
        SEALDESK_LET(order, orders::load(tx, order_no));
        if (order.state != State::issued)
            return fail(ErrorKind::conflict, trf("订单 {} 现在是“{}”，不能重做 KEY", order_no, word_of(order.state)));
        if (orders::refunded_by_portal(tx, order_no))
            return fail(ErrorKind::conflict, trf("订单 {} 已经退款，不能再制作 KEY，请主管处理", order_no));
        Remaking made;
        int here = 0;
        for (const auto& job : jobs_of(tx, order_no)) {
            const auto key = find_key(tx, job.key_serial);
            if (key && key->state == KeyState::bound && key->order_no == order_no) {
                ++here;
                continue;
            }
            give_up(tx, job);
            made.keys.push_back(job.key_serial);
        }
        if (here >= order.order.quantity) return refused(trf("订单 {} 的 KEY 都在，没有要重做的", order_no));
        SEALDESK_TRY(orders::move(tx, order, State::approved, actor.login));
        tasks::settle(tx, actor.login, "rewrite_after_issue", order_no, "", why);
        audit::append(tx, actor.login, "order.made_again", order_no, nlohmann::json{{"keys", made.keys}, {"note", why}}.dump());
        return made;
    });
}

}  // namespace sealdesk::keys
