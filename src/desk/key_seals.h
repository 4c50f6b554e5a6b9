// Seals on KEYs: what the bench needs so that every KEY carries the seal of its order, made of the picture that an officer
// accepted, and so that a seal goes with its certificate. Worker threads.
#pragma once

#include <memory>

#include "keys/writing.h"
#include "seals/maker.h"

namespace sealdesk::desk {

// From now on the bench begins no KEY before the picture is accepted, nor one whose seal `maker` could not make because its
// certificate ends before the order's, and writes seals made by `maker`.
void write_seals(keys::Bench& bench, std::shared_ptr<const seals::Maker> maker);
// Seals are wanted and cannot be made: no KEY is begun, `why` is said.
void refuse_without_seals(keys::Bench& bench, const Error& why);

}  // namespace sealdesk::desk
