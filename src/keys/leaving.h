// Whether a written KEY may leave the house. Inside the transaction that asks.
#pragma once

#include "keys/stock.h"

namespace sealdesk::keys {

// Sentence when the KEY has to stay for now, and what to do about it: its certificate is not valid, or nobody has its PIN. ""
// when it may leave, and for one that is not bound: that stays for other reasons, or has left.
Result<std::string> why_it_stays(storage::Tx& tx, const std::string& serial);

}  // namespace sealdesk::keys
