#include "demo/virtual_screen.h"

#include <X11/XKBlib.h>
#include <X11/extensions/XTest.h>
#include <X11/keysym.h>
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "base/text.h"
#include "base/translate.h"

namespace sealdesk::demo {

Result<std::unique_ptr<VirtualScreen>> VirtualScreen::open() {
    std::unique_ptr<VirtualScreen> screen(new VirtualScreen);
    int number[2];
    if (pipe2(number, O_CLOEXEC) != 0) return fail(ErrorKind::internal, tr("无法建立管道"));
    // Xvfb chooses a free number and tells it when it is ready.
    auto started = Process::start({{"Xvfb", "-displayfd", "7", "-screen", "0", "1600x900x24", "-nolisten", "tcp", "-noreset"},
                                   {},
                                   {},
                                   "/dev/null",
                                   {{number[1], 7}},
                                   true});
    close(number[1]);
    std::string said;
    char block[64];
    while (started && said.find('\n') == std::string::npos) {
        const ssize_t n = read(number[0], block, sizeof block);
        if (n <= 0) break;
        said.append(block, static_cast<size_t>(n));
    }
    close(number[0]);
    if (!started) return tl::unexpected(started.error());
    if (said.empty()) return fail(ErrorKind::unavailable, tr("虚拟屏幕 Xvfb 没有启动"));
    screen->server_ = std::move(*started);
    screen->name_ = ":" + trimmed(said);
    screen->display_ = XOpenDisplay(screen->name_.c_str());
    int ignored = 0;
    if (screen->display_ == nullptr || XTestQueryExtension(screen->display_, &ignored, &ignored, &ignored, &ignored) == 0)
        return fail(ErrorKind::unavailable, tr("虚拟屏幕不能接受鼠标和键盘"));
    return screen;
}

VirtualScreen::~VirtualScreen() {
    if (display_ != nullptr) XCloseDisplay(display_);
}

void VirtualScreen::click(int x, int y) {
    XTestFakeMotionEvent(display_, -1, x, y, CurrentTime);
    XSync(display_, False);
    XTestFakeButtonEvent(display_, 1, True, CurrentTime);
    XTestFakeButtonEvent(display_, 1, False, CurrentTime);
    XSync(display_, False);
}

void VirtualScreen::move(int x, int y) {
    XTestFakeMotionEvent(display_, -1, x, y, CurrentTime);
    XSync(display_, False);
}

void VirtualScreen::drag(int from_x, int from_y, int to_x, int to_y) {
    // A hand does not jump: what is dragged follows from frame to frame.
    constexpr int kSteps = 10;
    const auto rest = [&] {
        XSync(display_, False);
        std::this_thread::sleep_for(std::chrono::milliseconds(30));
    };
    move(from_x, from_y);
    rest();
    XTestFakeButtonEvent(display_, 1, True, CurrentTime);
    for (int i = 1; i <= kSteps; ++i) {
        rest();
        XTestFakeMotionEvent(display_, -1, from_x + (to_x - from_x) * i / kSteps, from_y + (to_y - from_y) * i / kSteps,
                             CurrentTime);
    }
    rest();
    XTestFakeButtonEvent(display_, 1, False, CurrentTime);
    XSync(display_, False);
}

void VirtualScreen::wheel(int x, int y, int notches) {
    XTestFakeMotionEvent(display_, -1, x, y, CurrentTime);
    const unsigned button = notches > 0 ? 5 : 4;
    for (int i = 0; i < std::abs(notches); ++i) {
        XTestFakeButtonEvent(display_, button, True, CurrentTime);
        XTestFakeButtonEvent(display_, button, False, CurrentTime);
    }
    XSync(display_, False);
}

void VirtualScreen::key(unsigned code, bool down) { XTestFakeKeyEvent(display_, code, down ? True : False, CurrentTime); }

void VirtualScreen::press(KeySym sym, bool control) {
    const unsigned code = XKeysymToKeycode(display_, sym), shift = XKeysymToKeycode(display_, XK_Shift_L),
                   ctrl = XKeysymToKeycode(display_, XK_Control_L);
    const bool shifted = XkbKeycodeToKeysym(display_, static_cast<KeyCode>(code), 0, 0) != sym &&
                         XkbKeycodeToKeysym(display_, static_cast<KeyCode>(code), 0, 1) == sym;
    if (control) key(ctrl, true);
    if (shifted) key(shift, true);
    key(code, true);
    key(code, false);
    if (shifted) key(shift, false);
    if (control) key(ctrl, false);
    XSync(display_, False);
}

void VirtualScreen::type(std::string_view ascii) {
    for (const char c : ascii) press(static_cast<KeySym>(static_cast<unsigned char>(c)));
}

}  // namespace sealdesk::demo
