// PIN letters 密码信封 on paper: laid out in memory and handed straight to the printer, without a queue or a file between, so
// that the PIN is nowhere but on the sheet; or, where a script writes KEYs, a PDF that only its owner can read. Worker threads.
#pragma once

#include <filesystem>

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

// Whether this letter could be written there, asked before there is a PIN. Refused when the settings want PINs on paper only,
// when the file is there already, and for what cannot be drawn; unavailable when the folder or the disk takes no file.
Result<> may_write_pin_letter(const Settings& settings, const keys::PinLetter& letter, const std::filesystem::path& file);
Result<> write_pin_letter(const Settings& settings, const keys::PinLetter& letter, const std::filesystem::path& file);

// What has to be done with a letter that is unsure.
const char* unsure_words();

}  // namespace sealdesk::desk
