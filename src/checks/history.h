// Checks of an order against what the centre knows already: live KEYs, the certificate that is to be replaced, other orders
// of the same subject. Pure: facts in, findings out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checks/finding.h"
#include "orders/order.h"

namespace sealdesk::checks {

struct LiveKey {
    std::string certificate_serial, key_serial, order_no;
    Instant not_after;
};
struct OtherOrder {
    std::string no;
    orders::OrderKind kind = orders::OrderKind::create;
    orders::State state = orders::State::paid;
};
struct NamedCertificate {
    std::string serial, document_number, state;
};
struct History {
    std::vector<LiveKey> live;                 // valid certificates of the subject, of other orders
    std::vector<OtherOrder> pending;           // orders of the subject that are neither completed nor refunded, without this one
    std::optional<NamedCertificate> replaced;  // the certificate that the applicant named, if it is known
};

std::vector<Finding> check_history(const orders::Order& order, const History& history, Instant now);

}  // namespace sealdesk::checks
