// Acts: what a desk tells the portal about an order, applied once per uuid (PUT /acts/{uuid}). Any thread.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "orders/order.h"
#include "storage/database.h"

namespace sealdesk::portal {

struct Act {
    std::string uuid;
    std::string order_no;
    int revision = 1;
    std::string kind;     // approved | rejected | issued | bound | invoiced | shipped | revoked | suspended | resumed
    nlohmann::json body;  // by kind; see data/api/desk.openapi.yaml
};

// Refuses what the contract does not allow: unknown kind, rejected without reasons, uuid of another shape …
Result<Act> act_from_json(const std::string& uuid, const nlohmann::json& json);

enum class Outcome {
    applied,  // now
    before,   // the same act came before; nothing changed
    moved_on  // the order is not what the desk thinks it is
};
struct ActAnswer {
    Outcome outcome = Outcome::applied;
    std::string sentence;  // why, when moved on
    nlohmann::json order;  // the order as it is now
};
// refused when the order is unknown.
Result<ActAnswer> apply_act(storage::Database& database, const Act& act, const std::string& desk);

}  // namespace sealdesk::portal
