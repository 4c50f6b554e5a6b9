// What is plugged in, and what the stock knows of it: what the bench and the command line choose a KEY from. Worker threads.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "keys/stock.h"
#include "keys/token.h"

namespace sealdesk::keys {

struct PluggedKey {
    TokenInfo token;
    Key key;              // what the stock knows of it; of one that it does not know, what the KEY says of itself
    int foreign = 0;      // unknown to the stock and not blank: so many certificates are on it
    bool unread = false;  // unknown to the stock, and whether it is blank could not be read
    bool blank() const { return foreign == 0 && !unread && key.state == KeyState::blank; }
    // Something can be done with it besides writing it.
    bool has_card() const { return foreign == 0 && !unread && (key.state != KeyState::blank || token.pin_locked); }
};
// Why the stock did not take this KEY in; "" for one that it knows.
std::string why_not_taken_in(const PluggedKey& each);
// Reads the ports; a KEY that is new here enters the stock, if it was read and there is nothing on it. Those in `busy` are being
// written.
Result<std::vector<PluggedKey>> plugged_keys(storage::Database& database, Tokens& tokens, const std::set<std::string>& busy = {});

}  // namespace sealdesk::keys
