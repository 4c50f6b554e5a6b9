// PIN letters 密码信封 on paper: laid out in memory and handed straight to the printer, without a queue or a file between, so
// that the PIN is nowhere but on the sheet. Worker threads.
#pragma once

#include "desk/settings.h"
#include "keys/pin.h"

namespace sealdesk::desk {

// What happens to a new PIN: shown once on the screen, or only ever printed.
enum class PinShown { screen, paper };
PinShown pin_shown(const Settings& settings);

// One letter on the settings' pin_printer, followed until the sheet is out. Unavailable when the printer is away: nothing came
// out, the letter may be printed again or shown. Device when it stands still (paper) or broke off after the printer had it:
// somebody must look; printing again first takes back what still waits there.
Result<> print_pin_letter(const Settings& settings, const keys::PinLetter& letter);

}  // namespace sealdesk::desk
