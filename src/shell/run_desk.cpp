#include "shell/run_desk.h"

#include "panels/kit/kit.h"
#include "panels/screen.h"
#include "shell/window.h"

namespace sealdesk::shell {

Result<> run_desk(desk::Desk& desk, const std::filesystem::path& watch, std::optional<staff::Actor> signed_in) {
    Window::Options options;
    options.title = tr("签章工作台");
    options.watch_socket = watch;
    options.busy = [&desk] { return desk.jobs().busy() > 0; };
    SEALDESK_LET(window, Window::open(std::move(options)));
    desk.set_wake([&window] { window->wake(); });
    desk.actor = std::move(signed_in);
    desk.start_sync();
    panels::Screen screen;
    window->run([&] {
        kit::begin_screen("desk");
        screen.draw(desk);
        kit::end_screen();
    });
    // What still talks to the window ends before the window does.
    desk.stop_sync();
    desk.jobs().wait_idle();
    desk.set_wake({});
    return {};
}

}  // namespace sealdesk::shell
