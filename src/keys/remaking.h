// A KEY of a finished order was lost, damaged or given back before it was packed: the order is written once more, as one verb
// in one transaction. Supervisors; worker threads.
#pragma once

#include "keys/writing.h"

namespace sealdesk::keys {

struct Remaking {
    std::vector<std::string> keys;  // those that are gone; their units are free for others
};
// The order goes back to where KEYs are written, its other KEYs stay as they are; the task that asked is done. Refused when
// every KEY of it is still there; conflict when the order is not waiting to be packed or was refunded.
Result<Remaking> make_again(storage::Database& database, const staff::Actor& actor, const std::string& order_no,
                            const std::string& note);

}  // namespace sealdesk::keys
