// The audit log: append-only, each row's hash covers the row before it, so that the first altered row
// shows. A verb appends inside its own transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/database.h"

namespace sealdesk::audit {

struct Row {
    std::int64_t seq = 0;
    Instant at;
    std::string actor;    // staff login, or "portal", "desk"
    std::string action;   // "review.approve"
    std::string subject;  // order number, KEY serial, login …
    std::string details;  // one line of JSON
    std::string previous_hash, hash;
    std::string by = {};  // name to the actor's login, beside the log: no part of the hash
};

// SHA-256 over the fields with their lengths, and the previous hash.
std::string hash_of(const Row& row);

void append(storage::Tx& tx, std::string_view actor, std::string_view action, std::string_view subject,
            std::string_view details = "{}");

struct Verdict {
    std::int64_t rows = 0;
    std::string head;                       // hash of the last row; empty log: 64 zeros
    std::optional<std::int64_t> first_bad;  // seq of the first row that was altered, removed or put in
    std::string sentence;
};
Result<Verdict> verify(storage::Database& database);

Result<std::string> head(storage::Database& database);
// Newest first; before = 0 starts at the newest. `subject` empty: all.
Result<std::vector<Row>> page(storage::Database& database, std::string_view subject, std::int64_t before, int limit);

}  // namespace sealdesk::audit
