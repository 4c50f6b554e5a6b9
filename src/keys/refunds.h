// The end of a refund that came when KEYs of the order were begun: what was made is taken back and the order is no work any
// more. People reach it through desk/refunds.h, which knows of the invoice as well. Supervisors; worker threads.
#pragma once

#include "keys/incidents.h"

namespace sealdesk::keys {

// Where the order's KEYs are: here again (returned, to be erased), or out of reach (lost, scrapped).
enum class KeysAre { here, gone };

struct RefundEnd {
    std::vector<std::string> keys, certificates;  // what went back, what was revoked, now and not before
    orders::State state = orders::State::refunded;
};
// Certificates are revoked with a new list, KEYs leave, acts about them that the portal has not taken are dropped, the order
// becomes refunded; one that is packed or handed over keeps its state. Safe to repeat. Conflict when the portal has not
// refunded the order; device error when there is something to revoke and nothing that could.
Result<RefundEnd> end_refund(storage::Tx& tx, const staff::Actor& actor, const Bench& bench, const std::string& order_no,
                             KeysAre keys_are, const std::string& note);

}  // namespace sealdesk::keys
