// How an order's facts look as chips, the same in every list and form. Values in, words and colours out.
#pragma once

#include "orders/orders.h"
#include "panels/kit/rows.h"

namespace sealdesk::panels {

kit::Chip kind_chip(orders::OrderKind kind, orders::ReplacementCause cause);
kit::Chip state_chip(orders::State state);
// ¥400, ¥400.50: without the fen where there are none, for narrow places.
std::string short_yuan(Fen amount);

}  // namespace sealdesk::panels
