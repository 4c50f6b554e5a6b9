// Whether what stands inside the edge of a lifted seal was printed: its ink by sectors against the drawn seal of the same text,
// or against what every seal of that shape has. For lifting.cpp alone; pure functions.
#pragma once

#include "seals/drawing.h"
#include "seals/ink_map.h"

namespace sealdesk::seals {

// Shares, 0 to 1, of the ink that ought to be there and is not.
struct Missing {
    double name = 0;    // the letters of the arc; of a person's seal all letters
    double middle = 0;  // the star and what is around it; 0 where nobody can say
};
// `ink` is straight. `drawn` may be null.
Missing missing_inside(const Map& ink, const Middle& middle, SealShape shape, const Impression* drawn);

}  // namespace sealdesk::seals
