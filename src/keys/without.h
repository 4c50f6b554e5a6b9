// A view of the plugged KEYs that leaves one out: the token with the issuing CA's key is no KEY to write, to initialise or to
// give away. Worker threads.
#pragma once

#include <memory>
#include <string>

#include "keys/token.h"

namespace sealdesk::keys {

// `tokens` must outlive it. Whoever asks for the KEY with that serial by name is refused.
std::unique_ptr<Tokens> without(Tokens& tokens, std::string serial);

}  // namespace sealdesk::keys
