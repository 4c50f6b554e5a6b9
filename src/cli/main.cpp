// sealdesk: the window without words, a subcommand with them.
#include <cstdio>

#include "base/translate.h"
#include "cli/commands.h"
#include "demo/demo.h"
#include "shell/run_desk.h"

using namespace sealdesk;

namespace {

Result<> window(cli::Common& common, const std::string& watch) {
    for (;;) {
        auto desk = cli::open_desk(common);
        if (desk) return shell::run_desk(**desk, watch);
        // Who started it from the desktop sees no terminal.
        const auto again = shell::tell_start_trouble(desk.error(), watch);
        if (!again || !*again) return tl::unexpected(desk.error());
    }
}

// The demo's window is signed in as the reviewer, so that the queue is there at once.
Result<> demo_window(cli::Common& common, const desk::Settings& settings) {
    common.home = settings.home;
    SEALDESK_LET(desk, cli::open_desk(common));
    return shell::run_desk(*desk, {}, staff::Actor{"wangmin", "王敏", static_cast<staff::Roles>(staff::Role::reviewer)});
}

}  // namespace

int main(int count, char** arguments) {
    cli::Common common;
    common.home = cli::default_home();
    std::string watch;
    demo::DemoOptions demo_options;
    CLI::App app("SealDesk: review orders, write KEYs, print and ship", "sealdesk");
    app.fallthrough();
    app.require_subcommand(0, 1);
    app.set_version_flag("--version", SEALDESK_VERSION);
    app.add_option("--home", common.home, "data folder");
    app.add_option("--as", common.as, "who acts: login of a member of staff");
    app.add_option("--password-file", common.password_file, "file with that person's password");
    app.add_flag("--json", common.json, "for programs");

    auto* window_command = app.add_subcommand("window", "the window (also without any word)");
    window_command->add_option("--watch", watch, "socket for the tour")->group("");
    cli::on(window_command, common, [&] { return window(common, watch); });
    auto* demo_command = app.add_subcommand("demo", "a whole centre on this machine: portal, demo orders, soft KEYs, staff");
    demo_command->add_flag("--tour", demo_options.tour, "work through one day on a screen of its own");
    demo_command->add_option("--out", demo_options.out, "where the tour leaves its results");
    demo_command->add_flag("--kill-between-steps", demo_options.kill_between_steps, "kill -9 the window after every step");
    cli::add_order_commands(app, common);
    cli::add_scan_commands(app, common);
    cli::add_check_commands(app, common);
    cli::add_key_commands(app, common);
    cli::add_seal_commands(app, common);
    cli::add_paper_commands(app, common);
    cli::add_invoice_commands(app, common);
    cli::add_ship_commands(app, common);
    cli::add_range_commands(app, common);
    cli::add_centre_commands(app, common);
    cli::add_authority_commands(app, common);
    const bool home_given = [&] {
        for (int i = 1; i < count; ++i)
            if (std::string_view(arguments[i]).starts_with("--home")) return true;
        return false;
    }();
    CLI11_PARSE(app, count, arguments);
    if (app.get_subcommands().empty()) {
        const auto done = window(common, {});
        if (!done) std::fprintf(stderr, "sealdesk: %s\n", done.error().message.c_str());
        return done ? 0 : 1;
    }
    if (demo_command->parsed()) {
        demo_options.home = home_given ? common.home : common.home / (demo_options.tour ? "tour" : "demo");
        if (demo_options.out.empty()) demo_options.out = common.home / "tour-results";
        return demo::demo(demo_options, [&](const desk::Settings& settings) {
            const auto done = demo_window(common, settings);
            if (!done) std::fprintf(stderr, "sealdesk: %s\n", done.error().message.c_str());
            return done ? 0 : 1;
        });
    }
    return common.status;
}
