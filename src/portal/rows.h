// The row of an order in the portal's database; what the portal's verbs share. Inside a transaction only.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "orders/order.h"
#include "storage/database.h"

namespace sealdesk::portal {

struct OrderRow {
    std::string no;
    orders::State state = orders::State::paid;
    int revision = 1;
    std::string waybill;
    std::string reasons = "[]";  // JSON
    std::string document;        // JSON of orders::to_json
};

std::optional<OrderRow> read_row(storage::Tx& tx, const std::string& order_no);
void update_row(storage::Tx& tx, const OrderRow& row);
nlohmann::json to_json(const OrderRow& row);

}  // namespace sealdesk::portal
