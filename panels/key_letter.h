// KeyLetter: new PINs, each shown once and then wiped. A dialog over the panel that owns it; UI thread.
#pragma once

#include <deque>

#include "keys/pin.h"

namespace sealdesk::panels {

class KeyLetter {
public:
    void show(keys::PinLetter letter) { letters_.push_back(std::move(letter)); }
    bool empty() const { return letters_.empty(); }
    // Once in every frame, outside panes. The PIN goes with "写好了".
    void draw();

private:
    std::deque<keys::PinLetter> letters_;
};

}  // namespace sealdesk::panels
