// What the KEY bench asks for: orders to write, the chosen order's facts, the KEYs that are plugged in, the register of
// certificates. Plain values and the questions that fetch them; worker threads.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "certificates/certificate_register.h"
#include "keys/plugged.h"
#include "keys/writing.h"
#include "orders/orders.h"

namespace sealdesk::panels {

// An order that waits for its KEYs.
struct OrderToWrite {
    orders::DeskOrder order;
    std::string approver;           // name to order.approved_by
    Instant undo_until;             // until then its approval can still be taken back; 0: not any more
    std::vector<keys::Job> jobs;    // its KEYs, by unit
    keys::ToName to_name;           // which certificate a replacement means has to be said first
    bool refunded = false;          // begun, and the portal gave the money back: KEYs come back, none is written
    std::string seal;               // how its accepted seal came about: drawn or lifted, from what; "" for none
    std::string not_ready;          // what the bench still asks for: the proof of the seal
    const keys::Job* open() const;  // begun and not finished
    int next_unit() const;          // the one that is written next, 1 … quantity
    int free_units() const;         // not begun yet
};
// Those with a begun KEY first, then oldest first; refunded ones last. `wanted`: this one too, however far down it stands.
Result<std::vector<OrderToWrite>> orders_to_write(storage::Database& database, const keys::Bench& bench,
                                                  const std::string& wanted = {});

using keys::plugged_keys;
using keys::PluggedKey;

struct Register {
    std::vector<certificates::Entry> newest;
    std::optional<certificates::StoredCrl> crl;
};
Result<Register> certificate_register(storage::Database& database);

// Why this person cannot write this order's KEY now; "" when nothing stands against it. The verb decides; this is
// for the button.
std::string why_not_to_write(const OrderToWrite& order, const staff::Actor& actor, const keys::Rules& rules, Instant now);
// The KEY that is written next for the order: the one of its begun job, else the first blank one, a locked one only when there
// is no other; "" when it is not here.
std::string key_for(const OrderToWrite& order, const std::vector<PluggedKey>& plugged);

// Which order each plugged KEY is for: a begun one goes on with its own, blank ones take the free units in turn, those
// of `first_order` before the others and `first_key` before the other KEYs. Never two KEYs for one unit; orders that
// this person may not write now are passed over.
struct Assignment {
    std::string key_serial, order_no;
    bool goes_on = false;
    std::string subject_name = {};
};
std::vector<Assignment> assign(const std::vector<OrderToWrite>& orders, const std::vector<PluggedKey>& plugged,
                               const staff::Actor& actor, const keys::Rules& rules, Instant now, const std::string& first_order,
                               const std::string& first_key);

}  // namespace sealdesk::panels
