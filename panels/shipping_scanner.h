// The scanner at the packing screen: picks bursts out of the window's keys before anything else sees them, and tells in colour
// and sound what a scan was. Belongs to the panel; UI thread.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "desk/desk.h"
#include "panels/kit/theme.h"
#include "shipping/scan_burst.h"

namespace sealdesk::panels {

class Scanner {
public:
    // Call first in every frame. Adds what was scanned to codes().
    void listen();
    std::deque<std::string>& codes() { return codes_; }
    // The keys of a scan are going through: shortcuts and Enter are not for the buttons now.
    bool quiet() const { return quiet_; }
    // True in the frame in which a scan ended: what it left in a text field is not wanted there.
    bool ended() const { return ended_; }

    void say(desk::Desk& desk, kit::Tone tone, const std::string& sentence, bool sound = true);
    void forget() { said_.clear(); }
    // The sentence on its colour, large while it is new; takes no room when there is none.
    void draw();

private:
    shipping::ScanBurst burst_;
    std::deque<std::string> codes_;
    double seen_at_ = 0;      // ImGui::GetTime()
    double listened_ms_ = 0;  // without what slow frames took
    std::uint32_t last_event_ = 0, enter_ = 0;
    bool quiet_ = false, ended_ = false;
    std::string said_;
    kit::Tone tone_ = kit::Tone::plain;
    double said_at_ = 0;
    jobs::Async<bool> playing_;
};

}  // namespace sealdesk::panels
