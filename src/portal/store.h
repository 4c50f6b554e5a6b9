// The portal's verbs: what applicants and desks do to orders, each one transaction of the portal's own
// database (data/migrations/portal). Any thread. Refusals are sentences for the person who asked.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "orders/order.h"
#include "storage/database.h"

namespace sealdesk::portal {

struct Event {
    std::int64_t seq = 0;  // 1, 2, 3 … without gaps, in the order of commits
    Instant at;
    std::string kind;  // paid | resubmitted | refunded
    std::string order_no;
    int revision = 1;
};
nlohmann::json to_json(const Event& event);

enum class Placed { now, before };
// A paid order; one that is there already under this number is left as it is.
Result<Placed> place_order(storage::Database& database, const orders::Order& order);
// New papers for an order that was sent back; its revision grows by one. The submission's own number and
// time are set here. conflict when the order is not waiting for papers.
Result<> resubmit(storage::Database& database, const std::string& order_no, orders::Submission submission);
// conflict once a KEY is written.
Result<> refund(storage::Database& database, const std::string& order_no);

// Events with seq > after, oldest first, at most `limit`.
Result<std::vector<Event>> events_after(storage::Database& database, std::int64_t after, int limit);
Result<std::int64_t> last_seq(storage::Database& database);

// The order as desks read it: orders::to_json and applicant_state, revision, reasons, waybill. Nothing when unknown.
Result<std::optional<nlohmann::json>> find_order(storage::Database& database, const std::string& order_no);

// Which desk has this token; nothing when none. Compared in a time that does not depend on the text.
Result<std::optional<std::string>> desk_of_token(storage::Database& database, const std::string& token);
// Gives the desk this token and takes its older one away.
Result<> set_token(storage::Database& database, const std::string& desk, const std::string& token);

}  // namespace sealdesk::portal
