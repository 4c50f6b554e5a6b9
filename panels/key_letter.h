// KeyLetter: the new PINs that the desk keeps for who is signed in. Each is shown once, or goes onto a sealed letter without
// being shown, as the settings say; then it is wiped. A dialog over the panel that owns it; UI thread, printing in jobs.
#pragma once

#include <memory>

#include "desk/desk.h"
#include "keys/pin.h"

namespace sealdesk::panels {

class KeyLetter {
public:
    // Once in every frame, outside panes. The PIN goes with the dialog.
    void draw(desk::Desk& desk);

private:
    void print(desk::Desk& desk);
    bool draw_shown(desk::Desk& desk, const keys::PinLetter& letter);  // true: may go
    bool draw_printed(desk::Desk& desk);

    std::shared_ptr<const keys::PinLetter> shown_;
    double since_ = 0;                // on screen, ImGui::GetTime()
    jobs::Async<Result<>> printing_;  // of this one
    jobs::Async<Result<>> handing_on_;
};

}  // namespace sealdesk::panels
