// The scanner at the packing screen: picks bursts out of the window's keys before anything else sees them, and tells in colour
// and sound what a scan was. Belongs to the panel; UI thread.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "desk/desk.h"
#include "desk/sounds.h"
#include "panels/kit/theme.h"
#include "shipping/scan_burst.h"

namespace sealdesk::panels {

class Scanner {
public:
    // Call first in every frame. Adds what was scanned to codes(). What a scan left in a text field is taken out of it again,
    // except of the field with the name `takes_scans`. A scanner's Tab leaves the field as its Enter does, and goes to no other.
    void listen(const char* takes_scans);
    std::deque<std::string>& codes() { return codes_; }
    // The keys of a scan are going through: shortcuts and Enter are not for the buttons now.
    bool quiet() const { return quiet_; }
    // What makes the sounds; the machine's player until a test wants to hear them.
    void play_with(desk::Player player) { player_ = std::move(player); }
    const std::string& said() const { return said_; }
    kit::Tone tone() const { return tone_; }

    void say(desk::Desk& desk, kit::Tone tone, const std::string& sentence, bool sound = true);
    void forget() { said_.clear(); }
    // The sentence on its colour, large while it is new; takes no room when there is none.
    void draw();

private:
    void remember_field();
    void clean_field(const char* takes_scans);
    static void take_tab(const char* takes_scans);

    shipping::ScanBurst burst_;
    std::deque<std::string> codes_;
    double seen_at_ = 0;      // ImGui::GetTime()
    double listened_ms_ = 0;  // without what slow frames took
    std::uint32_t last_event_ = 0;
    std::uint32_t end_ = 0;           // the last key that ended a scan and has not gone through yet, 0: none
    std::deque<std::uint32_t> tabs_;  // Tabs among those keys
    bool quiet_ = false;
    unsigned field_ = 0;        // ImGuiID of the text field that had the keyboard before the burst, 0: none
    std::string field_before_;  // what stood in it
    std::string said_;
    kit::Tone tone_ = kit::Tone::plain;
    double said_at_ = 0;
    desk::Player player_ = desk::machine_plays;
    jobs::Async<bool> playing_;
};

}  // namespace sealdesk::panels
