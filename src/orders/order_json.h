// Orders as JSON: the shape of data/api/desk.openapi.yaml (Order). Reading refuses what is missing or of
// the wrong type with the name of the field.
#pragma once

#include <nlohmann/json.hpp>

#include "orders/order.h"

namespace sealdesk::orders {

nlohmann::json to_json(const Order& order);
Result<Order> order_from_json(const nlohmann::json& json);
// From text; refuses what is not JSON.
Result<Order> order_from_json_text(std::string_view text);

}  // namespace sealdesk::orders
