// `sealdesk demo`: a whole centre on this machine.
#pragma once

#include <filesystem>
#include <functional>

#include "desk/desk.h"

namespace sealdesk::demo {

struct DemoOptions {
    bool tour = false;
    bool kill_between_steps = false;
    std::filesystem::path home;  // of the demo centre; a tour makes it anew
    std::filesystem::path out;   // what the tour leaves behind
    bool in_english = false;
};

// Returns the exit status. Without --tour it sets the centre up and opens the window through `open_window`.
int demo(const DemoOptions& options, const std::function<int(const desk::Settings&)>& open_window);

}  // namespace sealdesk::demo
