#include "shell/run_desk.h"

#include "base/log.h"
#include "panels/kit/kit.h"
#include "panels/screen.h"
#include "panels/start_trouble.h"
#include "shell/window.h"

namespace sealdesk::shell {

Result<> run_desk(desk::Desk& desk, const std::filesystem::path& watch, std::optional<staff::Actor> signed_in) {
    const auto log = Log::open(desk.settings().home / "log");  // a desk without one still works
    Window::Options options;
    options.title = tr("签章工作台");
    options.watch_socket = watch;
    options.jobs = [&desk] {
        return Window::Jobs{desk.jobs().busy() + desk.writing().busy(), desk.jobs().ended() + desk.writing().ended()};
    };
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
    desk.stop_shipping();
    desk.writing().wait_idle();
    desk.jobs().wait_idle();
    desk.set_wake({});
    return {};
}

Result<bool> tell_start_trouble(const Error& trouble, const std::filesystem::path& watch) {
    Window::Options options;
    options.title = tr("签章工作台");
    options.width = 900;
    options.height = 500;
    options.watch_socket = watch;
    SEALDESK_LET(window, Window::open(std::move(options)));
    bool again = false;
    window->run([&] {
        kit::begin_screen("start");
        const auto wish = panels::draw_start_trouble(trouble);
        kit::end_screen();
        again = wish == panels::AfterTrouble::retry;
        if (wish != panels::AfterTrouble::wait) window->close();
    });
    return again;
}

}  // namespace sealdesk::shell
