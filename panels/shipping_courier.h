// Where a parcel's number comes from, and which courier carries a number that was typed or scanned from the courier's roll: parts
// of packing, of the label's card and of the work list. UI thread.
#pragma once

#include <map>
#include <string>

#include "desk/desk.h"
#include "shipping/shipping.h"

namespace sealdesk::panels {

// One button for each source that this desk has; nothing when it has its own range only. `id` is followed by the source's name.
void draw_number_sources(desk::Desk& desk, const char* id, shipping::NumberFrom& from);

// The courier of a typed number: told by its shape, guessed, or chosen. A choice for digits holds for the next numbers of that
// length: a roll has many.
class CourierChoice {
public:
    // The couriers to choose from, the one that counts marked; nothing for an empty number. `id` is followed by the code.
    void draw(const char* id, const std::string& typed);
    // Kuaidi100's code; "" when somebody has to choose.
    std::string courier(const std::string& typed) const;
    // Why the number cannot be used yet, "" when it can; an empty one can.
    std::string why_not(const std::string& typed) const;

private:
    std::string number_, chosen_;  // by hand, for that number
    std::map<size_t, std::string> rolls_;
};

}  // namespace sealdesk::panels
