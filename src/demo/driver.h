// Driver: runs the real window as a child process, finds controls by their names over the watch socket and works them
// with real events. It can kill the window at any moment and start it again. One thread.
#pragma once

#include <X11/Xlib.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "base/process.h"
#include "demo/virtual_screen.h"

namespace sealdesk::demo {

class Driver {
public:
    Driver(std::filesystem::path executable, std::filesystem::path home, VirtualScreen& screen)
        : executable_(std::move(executable)), home_(std::move(home)), screen_(screen) {}
    ~Driver();

    Result<> start();  // and waits until the first frame is there
    void kill();       // SIGKILL
    bool running() { return window_.running(); }

    // Each waits until the control is there (at most 20 s) and until the window has worked the event off.
    Result<> click(const std::string& name);
    // From one place of the control to another, in shares of its size.
    Result<> drag(const std::string& name, double from_x, double from_y, double to_x, double to_y);
    Result<> type_into(const std::string& name, const std::string& ascii);
    Result<> press(KeySym key, bool control = false);
    Result<> scan(const std::string& ascii);  // as a barcode scanner does: all at once, then Enter
    Result<bool> visible(const std::string& name);
    Result<> until_visible(const std::string& name, int seconds = 20);
    Result<bool> says(const std::string& words);
    Result<> idle();
    Result<> screenshot(const std::filesystem::path& png);
    // The answer to any request of shell/watch_socket.h; internal when there is none within a minute.
    Result<std::string> ask(const std::string& request);
    pid_t pid() const { return window_.pid(); }

private:
    Result<nlohmann::json> find(const std::string& name);
    Result<> connect();

    std::filesystem::path executable_, home_;
    VirtualScreen& screen_;
    Process window_;
    int socket_ = -1;
    std::string buffer_;
};

}  // namespace sealdesk::demo
