// A paid order for tests of the portal and of the desk's side of the contract.
#pragma once

#include <string>

#include "orders/order.h"

namespace sealdesk::tests {

inline orders::Order paid_order(const std::string& no, const std::string& sha256 = std::string(64, 'a')) {
    orders::Order order;
    order.no = no;
    order.subject = {orders::SubjectKind::unit,
                     "云麓垚鑫建设有限公司",
                     orders::DocumentKind::uscc,
                     "91320100MA00000011",
                     orders::PersonRole::none,
                     "",
                     "陈知微",
                     "13800000001"};
    order.years = 2;
    order.amounts = {Fen{40000}, Fen{6000}};
    order.payment = {"P-" + no,
                     orders::Channel::alipay,
                     "2026112222001",
                     Fen{1500},
                     Fen{276},
                     Fen{47776},
                     1,
                     start_of(Day{2026, 11, 22}) + 8 * kHour};
    order.invoice_title = {orders::SubjectKind::unit, order.subject.name, order.subject.document_number};
    order.delivery = {orders::DeliveryMethod::courier, "陈知微", "13800000001", "江苏省南京市玄武区虚构路 1 号"};
    order.submissions = {{1, sha256, "材料.zip", 1000, order.payment.paid_at}};
    return order;
}

}  // namespace sealdesk::tests
