// The letter that carries a KEY's first PIN (密码信封): A4, folded twice, the PIN on the middle third, which lies inside.
// Values in, PDF out. The PIN is in the bytes that come out: they go to the printer, or into the file that a script asked
// for, and nowhere else, and whoever holds them wipes them. Nothing is stored or logged here, and no error sentence quotes the
// PIN.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "reports/fonts.h"
#include "reports/label.h"
#include "reports/paper.h"

namespace sealdesk::reports {

struct PinLetter {
    std::string centre, telephone;
    Contact recipient;
    std::string order_no, subject, key_serial;
    Instant written_at;
};

// The PIN is 4 to 32 printable ASCII characters without blanks; refused otherwise, and as the other papers are.
Result<Paper> layout_pin_letter(const PinLetter& letter, std::string_view pin, const Fonts& fonts);
Result<std::string> pin_letter_pdf(const PinLetter& letter, std::string_view pin, const Fonts& fonts);

}  // namespace sealdesk::reports
