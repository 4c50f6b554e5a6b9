// Whether KEYs of an order were made: what comes after that is no longer undone by itself.
#pragma once

#include <string>

#include "storage/database.h"

namespace sealdesk::orders {

// A KEY is begun or was finished, also one that was lost since and is to be written anew. One that was given up before it was
// finished does not count.
bool key_was_made(storage::Tx& tx, const std::string& no);

}  // namespace sealdesk::orders
