// Acts: what the desk must tell the portal. Written in the verb's own transaction (the outbox), sent by
// sync in order per order, applied by the portal once per uuid.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/database.h"

namespace sealdesk::acts {

enum class State { pending, sent, conflict, cancelled };  // held is pending with not_before in the future

struct Act {
    std::int64_t id = 0;
    std::string uuid, order_no;
    int revision = 1;
    std::string kind;  // approved, rejected, issued, bound, invoiced, shipped
    std::string body;  // JSON object
    State state = State::pending;
    Instant created_at, not_before;
    int attempts = 0;
    std::string last_error;
};

// `hold_ms`: not sent before that long from now (undo window). Returns the uuid.
std::string queue(storage::Tx& tx, const std::string& order_no, int revision, const std::string& kind, const std::string& body,
                  std::int64_t hold_ms = 0);
// Drops what has not been tried yet; returns how many.
int cancel_unsent(storage::Tx& tx, const std::string& order_no, const std::string& kind = {});
// Until when the newest act of the order is held back; 0 when it is not.
Instant held_until(storage::Tx& tx, const std::string& order_no);

// So long an act that could not be sent is put off at most.
constexpr std::int64_t kLongestPause = 5 * kMinute;
// What may be sent now: oldest first, at most one an order, none behind a conflict.
Result<std::vector<Act>> due(storage::Database& database, int limit);
Result<> sent(storage::Database& database, const Act& act);
Result<> failed(storage::Database& database, const Act& act, const std::string& why, Instant next_try);
// The portal says that the order has moved on: a person decides.
Result<> conflicted(storage::Database& database, const Act& act, const std::string& why);

struct Backlog {
    int waiting = 0;  // pending, held ones included
    int conflicts = 0;
    Instant oldest;  // of the waiting ones that are due
};
Result<Backlog> backlog(storage::Database& database);
Result<std::vector<Act>> of_order(storage::Database& database, const std::string& order_no);
Result<std::vector<Act>> conflicts(storage::Database& database);

}  // namespace sealdesk::acts
