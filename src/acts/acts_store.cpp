#include "acts/acts.h"
#include "crypto/random.h"
#include "storage/rows.h"

namespace sealdesk::acts {

using storage::Database;
using storage::Tx;

namespace {

const char* name_of(State state) {
    switch (state) {
        case State::pending: return "pending";
        case State::sent: return "sent";
        case State::conflict: return "conflict";
        case State::cancelled: return "cancelled";
    }
    return "pending";
}
State state_from(const std::string& name) {
    for (const State state : {State::sent, State::conflict, State::cancelled})
        if (name == name_of(state)) return state;
    return State::pending;
}

constexpr const char* kColumns =
    "SELECT id, uuid, order_no, revision, kind, body, state, created_at, not_before, attempts, last_error FROM acts ";

// Runs kColumns + `condition`; the binds of the condition follow.
template <class... Uses>
std::vector<Act> select(Tx& tx, const char* condition, const Uses&... uses) {
    std::vector<Act> list;
    Act act;
    std::string state;
    storage::for_each_row(
        tx, std::string(kColumns) + condition,
        std::tie(act.id, act.uuid, act.order_no, act.revision, act.kind, act.body, state, act.created_at.ms, act.not_before.ms,
                 act.attempts, act.last_error),
        [&] {
            act.state = state_from(state);
            list.push_back(act);
        },
        uses...);
    return list;
}

Result<> settle(Database& database, const Act& act, const char* state, const std::string& why, Instant next_try) {
    return database.write([&](Tx& tx) -> Result<> {
        const std::string name(state);
        const std::int64_t sent_at = name == "sent" ? tx.now.ms : 0;
        storage::change(
            tx,
            "UPDATE acts SET state = :state, attempts = attempts + 1, last_error = :why, not_before = :next, sent_at = :sent "
            "WHERE id = :id AND state = 'pending'",
            name, why, next_try.ms, sent_at, act.id);
        return {};
    });
}

}  // namespace

std::string queue(Tx& tx, const std::string& order_no, int revision, const std::string& kind, const std::string& body,
                  std::int64_t hold_ms) {
    const std::string uuid = crypto::uuid(tx.random);
    const std::int64_t not_before = tx.now.ms + hold_ms;
    storage::change(tx,
                    "INSERT INTO acts (uuid, order_no, revision, kind, body, state, created_at, not_before) "
                    "VALUES (:uuid, :order, :revision, :kind, :body, 'pending', :at, :not_before)",
                    uuid, order_no, revision, kind, body, tx.now.ms, not_before);
    return uuid;
}

int cancel_unsent(Tx& tx, const std::string& order_no, const std::string& kind) {
    return static_cast<int>(storage::change(tx,
                                            "UPDATE acts SET state = 'cancelled' WHERE order_no = :order AND state = 'pending' "
                                            "AND attempts = 0 AND (:any = '' OR kind = :kind)",
                                            order_no, kind, kind));
}

Instant held_until(Tx& tx, const std::string& order_no) {
    return {storage::one<std::int64_t>(
        tx,
        "SELECT COALESCE(MAX(not_before), 0) FROM acts WHERE order_no = :order AND state = 'pending' AND attempts = 0 "
        "AND not_before > :now",
        0, order_no, tx.now.ms)};
}

Result<std::vector<Act>> due(Database& database, int limit) {
    return database.read([&](Tx& tx) -> Result<std::vector<Act>> {
        // What was written before the clock went back, as is_due() has it; a decision keeps its undo window when that is a
        // little.
        const std::int64_t far = tx.now.ms + kLongestPause;
        return select(tx,
                      "WHERE state = 'pending' AND (not_before <= :now OR (not_before > :far AND attempts > 0) OR created_at > "
                      ":long_ago) AND NOT EXISTS (SELECT 1 FROM acts AS earlier "
                      "WHERE earlier.order_no = acts.order_no AND earlier.id < acts.id AND earlier.state IN "
                      "('pending', 'conflict')) ORDER BY id LIMIT :most",
                      tx.now.ms, far, far, limit);
    });
}

Result<> sent(Database& database, const Act& act) { return settle(database, act, "sent", "", act.not_before); }
Result<> failed(Database& database, const Act& act, const std::string& why, Instant next_try) {
    return settle(database, act, "pending", why, next_try);
}
Result<> conflicted(Database& database, const Act& act, const std::string& why) {
    return settle(database, act, "conflict", why, act.not_before);
}

Result<Backlog> backlog(Database& database) {
    return database.read([](Tx& tx) -> Result<Backlog> {
        Backlog backlog;
        backlog.waiting = storage::one(tx, "SELECT COUNT(*) FROM acts WHERE state = 'pending'", backlog.waiting);
        backlog.conflicts = storage::one(tx, "SELECT COUNT(*) FROM acts WHERE state = 'conflict'", backlog.conflicts);
        backlog.oldest.ms = storage::one<std::int64_t>(
            tx, "SELECT COALESCE(MIN(created_at), 0) FROM acts WHERE state = 'pending' AND not_before <= :now", 0, tx.now.ms);
        return backlog;
    });
}

Result<std::vector<Act>> of_order(Database& database, const std::string& order_no) {
    return database.read(
        [&](Tx& tx) -> Result<std::vector<Act>> { return select(tx, "WHERE order_no = :order ORDER BY id", order_no); });
}
Result<std::vector<Act>> conflicts(Database& database) {
    return database.read([](Tx& tx) -> Result<std::vector<Act>> { return select(tx, "WHERE state = 'conflict' ORDER BY id"); });
}

}  // namespace sealdesk::acts
