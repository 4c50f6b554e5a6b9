// Scan to verify: what a scanned code means, and whether every KEY of a parcel has been seen. Check is a value of the packing
// screen; identify() asks the store, any thread.
#pragma once

#include <map>

#include "keys/stock.h"
#include "shipping/shipping.h"

namespace sealdesk::shipping {

// The KEYs of one parcel, ticked off one by one. A wrong one changes nothing.
class Check {
public:
    enum class Verdict { right, last, again, wrong };  // last: right, and now all are there

    Check() = default;
    explicit Check(const std::vector<Content>& contents);
    // As printed on the KEY or read from it; spaces, case and hyphens do not count.
    Verdict take(std::string_view serial, bool read = false);
    bool knows(std::string_view serial) const;
    bool seen(std::string_view serial) const;
    bool complete() const { return !expected_.empty() && seen_.size() == expected_.size(); }
    size_t expected() const { return expected_.size(); }
    std::vector<SeenKey> seen_keys() const;

private:
    std::map<std::string, std::string> expected_;  // folded -> as stored
    std::map<std::string, bool> seen_;             // folded -> read
};
using keys::folded_serial;

// What was scanned.
struct Scanned {
    enum class What { nothing, order, key, waybill, payment };
    What what = What::nothing;
    std::string code;           // as the store has it
    std::string payment_no;     // of all but nothing
    std::string order_no;       // of an order or a KEY
    std::int64_t shipment = 0;  // the parcel that it lies in; 0: none yet
    std::string alarm;  // sentence when it must not be used: label voided or stale, KEY scrapped or to stay, order refunded
};
// Order number, KEY serial, waybill (also one that was voided) or payment number; a pick-up's receipt and an invoice, by its
// number or its code, are the first of their orders.
Result<Scanned> identify(storage::Database& database, const std::string& code);

// Who owns that KEY, for the sentence at a wrong scan.
std::string wrong_key_sentence(const Scanned& scanned, std::string_view serial);

}  // namespace sealdesk::shipping
