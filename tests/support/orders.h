// Orders for store tests: invented, well-formed, all different. Brought into a state by the same moves as at the desk.
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "orders/orders.h"
#include "storage/rows.h"
#include "support/databases.h"

namespace sealdesk::tests {

// Order number `n` ("DD20261122-0001"), paid on its own (payment "ZF0001") at 2026-11-21 09:00 + n minutes:
// certificate 200.00, KEY 100.00, freight 15.00, handling fee 1.00; odd ones through Alipay, even ones through CPCN.
inline orders::Order sample_order(int n) {
    using namespace orders;
    const Instant paid = start_of(Day{2026, 11, 21}) + 9 * kHour + n * kMinute;
    Order order;
    order.no = fmt::format("DD20261122-{:04}", n);
    order.subject.name = fmt::format("南京垚鑫第{}建设有限公司", n);
    order.subject.document_number = "91320104MA1X1K2L3Q";
    order.subject.handler = "周敏";
    order.subject.mobile = "13800138000";
    order.amounts = {Fen{20000}, Fen{10000}};
    order.payment = {fmt::format("ZF{:04}", n),
                     n % 2 != 0 ? Channel::alipay : Channel::cpcn,
                     fmt::format("T{:04}", n),
                     Fen{1500},
                     Fen{100},
                     Fen{31600},
                     1,
                     paid};
    order.invoice_title = {SubjectKind::unit, order.subject.name, order.subject.document_number};
    order.delivery = {DeliveryMethod::courier, "周敏", "13800138000", fmt::format("江苏省南京市玄武区中山路{}号3-201", n)};
    order.submissions = {{1, std::string(64, 'a'), "材料.zip", 1000, paid}};
    return order;
}

// Orders `numbers`, paid together: the payment and the delivery of the first, freight and handling fee once.
inline std::vector<orders::Order> paid_together(const std::vector<int>& numbers) {
    std::vector<orders::Order> list;
    for (const int n : numbers) list.push_back(sample_order(n));
    orders::Payment payment = list.front().payment;
    payment.orders = static_cast<int>(list.size());
    payment.total = payment.freight + payment.handling_fee;
    for (const auto& order : list) payment.total += order.amounts.total();
    for (auto& order : list) {
        order.payment = payment;
        order.delivery = list.front().delivery;
        order.invoice_title = list.front().invoice_title;
    }
    return list;
}

// Inserts the order and moves it on the shortest legal way to `state`.
inline Result<> put(storage::Tx& tx, const orders::Order& order, orders::State state = orders::State::paid) {
    using orders::State;
    SEALDESK_TRY(orders::insert(tx, order));
    SEALDESK_LET(desk, orders::load(tx, order.no));
    std::vector<State> way;
    switch (state) {
        case State::paid: break;
        case State::rejected: way = {State::rejected}; break;
        case State::refunded: way = {State::refunded}; break;
        case State::approved: way = {State::approved}; break;
        case State::issued: way = {State::approved, State::issued}; break;
        case State::packed: way = {State::approved, State::issued, State::packed}; break;
        case State::completed: way = {State::approved, State::issued, State::packed, State::completed}; break;
    }
    for (const State next : way) SEALDESK_TRY(orders::move(tx, desk, next, "test"));
    return {};
}
inline Result<> put(storage::Database& database, const std::vector<orders::Order>& list, orders::State state) {
    return database.write([&](storage::Tx& tx) -> Result<> {
        for (const auto& order : list) SEALDESK_TRY(put(tx, order, state));
        return {};
    });
}
// The KEYs that the order needs, bound: "KEY-0001-1" for the first of sample_order(1).
inline std::string key_serial(const orders::Order& order, int unit) {
    return fmt::format("KEY-{}-{}", order.no.substr(11), unit);
}
inline Result<> give_keys(storage::Database& database, const std::vector<orders::Order>& list) {
    return database.write([&](storage::Tx& tx) -> Result<> {
        for (const auto& order : list)
            for (int unit = 1; unit <= order.quantity; ++unit)
                storage::change(tx,
                                "INSERT INTO keys (serial, label, state, order_no, unit_no, updated_at) VALUES (:serial, 'KEY', "
                                "'bound', :no, :unit, 1)",
                                key_serial(order, unit), order.no, unit);
        return {};
    });
}
inline Result<> move(storage::Database& database, const std::string& no, orders::State to) {
    return database.write([&](storage::Tx& tx) -> Result<> {
        SEALDESK_LET(desk, orders::load(tx, no));
        return orders::move(tx, desk, to, "test");
    });
}

}  // namespace sealdesk::tests
