// A display for the tour: the one that is there, or Xvfb of 1600×900; and real mouse and keyboard events on it
// through the X server (XTEST), as a person's hands would make them. One thread.
#pragma once

#include <X11/Xlib.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/process.h"

namespace sealdesk::demo {

class VirtualScreen {
public:
    // Always a screen of its own: a person's mouse must not disturb the tour, nor the tour the person.
    static Result<std::unique_ptr<VirtualScreen>> open();
    ~VirtualScreen();

    const std::string& name() const { return name_; }  // ":99"
    void click(int x, int y);
    void move(int x, int y);
    void drag(int from_x, int from_y, int to_x, int to_y);
    void wheel(int x, int y, int notches);  // positive is down
    void press(KeySym key, bool control = false);
    void type(std::string_view ascii);

private:
    VirtualScreen() = default;
    void key(unsigned code, bool down);

    Process server_;
    std::string name_;
    Display* display_ = nullptr;
};

}  // namespace sealdesk::demo
