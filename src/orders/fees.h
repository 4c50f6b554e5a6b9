// Fees: what orders and payments cost, read from data/fees.toml. Values in fen; pure functions, any thread.
#pragma once

#include <array>
#include <filesystem>

#include "orders/order.h"

namespace sealdesk::orders {

struct Fees {
    Fen unit_year, person_year;     // certificate of one KEY for one year
    std::array<Fen, 4> key;         // by OrderKind
    Fen freight;                    // of a payment
    std::array<int, 2> handling{};  // per mille, by Channel
};

// Refuses a file with a missing, negative or misspelt entry.
Result<Fees> load_fees(const std::filesystem::path& file);

// What one order costs: years 1 to 5, quantity 1 to 50.
Amounts quote(const Fees& fees, OrderKind kind, SubjectKind subject, int years, int quantity);

struct Settlement {
    Fen freight, handling_fee, total;
};
// What a payment of these orders costs; freight only when something is posted.
Settlement settle(const Fees& fees, Channel channel, Fen orders, DeliveryMethod delivery);

}  // namespace sealdesk::orders
