// CPU time of one frame of the review bench, without window and graphics card, while the list of all orders is scrolled.
#include <benchmark/benchmark.h>

#include "desk/desk.h"
#include "panels/ids.h"
#include "panels/screen.h"
#include "tests/bench/big_store.h"
#include "tests/bench/bounds.h"
#include "tests/support/databases.h"
#include "tests/support/headless.h"

namespace sealdesk::bench {
namespace {

namespace ids = panels::ids;

void scrolled_frame(benchmark::State& state) try {
    static const SystemClock clock;
    static crypto::SystemRandom random;
    const auto home = big_home(static_cast<int>(state.range(0)));
    if (!home) return broken(state, home.error());
    desk::Settings settings;
    settings.home = *home;
    settings.database = *home / "desk.sqlite";
    desk::Places places;
    places.data = tests::source("data");
    places.scanbox = tests::program("sealdesk-scanbox");
    auto desk = desk::Desk::open(settings, places, clock, random);
    if (!desk) return broken(state, desk.error());
    panels::Screen screen;
    tests::Headless ui([&] { screen.draw(**desk); });
    (*desk)->set_wake([&] { ui.wake(); });
    ui.type_into(ids::sign_in_login, kLogin);
    ui.type_into(ids::sign_in_password, kPassword);
    ui.press(ImGuiKey_Enter);
    if (!ui.until_visible(ids::tab_all)) return state.SkipWithError("nobody was signed in");
    (*desk)->jobs().wait_idle();  // counts make the tabs wider
    ui.frame(3);
    ui.click(ids::tab_all);
    (*desk)->jobs().wait_idle();
    ui.frame(3);
    ui.hover(ids::review_rows);
    ui.write_down(false);
    std::vector<double> times;
    int frames = 0;
    for (auto _ : state) {
        ImGui::GetIO().AddMouseWheelEvent(0, ++frames % 400 < 200 ? -1.0f : 1.0f);
        timespec before{}, after{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
        ui.frame();
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
        times.push_back(static_cast<double>(after.tv_sec - before.tv_sec) * 1e3 +
                        static_cast<double>(after.tv_nsec - before.tv_nsec) / 1e6);
    }
    figure(state, "median_ms", percentile(times, 50), 1);
    figure(state, "p95_ms", percentile(times, 95), 1);
    (*desk)->jobs().wait_idle();
    (*desk)->stop_shipping();
    (*desk)->set_wake({});
} catch (const std::exception& error) {
    state.SkipWithError(error.what());
}

BENCHMARK(scrolled_frame)->Name("frame/scrolling")->Arg(100'000)->Iterations(2000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sealdesk::bench
