// Before the window closes: what would be lost by it, a new PIN that nobody has written down yet above all.
#pragma once

namespace sealdesk::desk {
class Desk;
}

namespace sealdesk::panels {

// Every frame, over everything else, whoever is signed in. Asks when somebody closes the window meanwhile, and lets it close
// once nothing would be lost or the person wants it all the same.
void draw_closing(desk::Desk& desk);

}  // namespace sealdesk::panels
