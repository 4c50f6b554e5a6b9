// The real window on a store of 100,000 orders, on a screen without a graphics card (Xvfb, Mesa's software OpenGL):
// how soon it can be used, what a frame costs while the queue is scrolled, what it costs to stand still.
// Before what brings Xlib.h, whose macros are words of GoogleTest.
#include "tests/sync/running_portal.h"

#include <X11/keysym.h>
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/files.h"
#include "base/text.h"
#include "demo/driver.h"
#include "orders/orders.h"
#include "panels/ids.h"
#include "tests/bench/big_store.h"
#include "tests/bench/bounds.h"

namespace sealdesk::bench {
namespace {

namespace ids = panels::ids;
using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr int kOrders = 100'000;
constexpr double kStartMs = 500, kFrameMs = 1, kIdlePercent = 1;

double ms_between(Steady::time_point from, const std::string& monotonic_ns) {
    const auto begin = std::chrono::nanoseconds(from.time_since_epoch()).count();
    return static_cast<double>(std::strtoll(monotonic_ns.c_str(), nullptr, 10) - begin) / 1e6;
}

// CPU time of all threads of a process so far.
double cpu_ms(pid_t pid) {
    // /proc counts in ticks of 10 ms; the name in brackets may hold anything but is followed by the last ')'.
    const auto text = read_file("/proc/" + std::to_string(pid) + "/stat", 4096);
    if (!text) return 0;
    const auto fields = split(text->substr(text->rfind(')') + 2), ' ');
    return (std::strtod(fields[11].c_str(), nullptr) + std::strtod(fields[12].c_str(), nullptr)) * 1000 /
           static_cast<double>(sysconf(_SC_CLK_TCK));
}

struct Times {
    double frames = 0, building_ms = 0, painting_ms = 0, cpu = 0;
    std::string first_shown_at;
};

class RunningDesk {
public:
    static Result<std::unique_ptr<RunningDesk>> start() {
        std::unique_ptr<RunningDesk> desk(new RunningDesk);
        SEALDESK_LET(home, big_home(kOrders));
        desk->home_ = home;
        SEALDESK_LET(screen, demo::VirtualScreen::open());
        desk->screen_ = std::move(screen);
        desk->driver_ = std::make_unique<demo::Driver>(tests::program("sealdesk-desk"), home, *desk->screen_);
        std::filesystem::remove_all(home / "memory");  // the tab of the measurement before
        desk->started_ = Steady::now();
        SEALDESK_TRY(desk->driver_->start());
        return desk;
    }

    Result<Times> times() {
        SEALDESK_LET(text, driver_->ask("times"));
        const auto json = nlohmann::json::parse(text);
        return Times{json.at("frames"), json.at("building").get<double>() / 1e6, json.at("painting").get<double>() / 1e6,
                     cpu_ms(driver_->pid()), std::to_string(json.at("first_shown_at").get<std::int64_t>())};
    }

    // Signs in; ms from Enter until the oldest order of the queue was seen.
    Result<double> sign_in() {
        SEALDESK_LET(first, first_of_queue());
        SEALDESK_TRY(driver_->type_into(ids::sign_in_login, kLogin));
        SEALDESK_TRY(driver_->type_into(ids::sign_in_password, kPassword));
        const auto entered = Steady::now();
        screen_->press(XK_Return);
        SEALDESK_LET(shown, driver_->ask("until " + ids::review_row(first)));
        SEALDESK_TRY(driver_->idle());
        return ms_between(entered, shown);
    }

    demo::Driver& driver() { return *driver_; }
    demo::VirtualScreen& screen() { return *screen_; }
    Steady::time_point started() const { return started_; }

private:
    Result<std::string> first_of_queue() {
        SEALDESK_LET(database, open_store(home_ / "desk.sqlite"));
        orders::Filter filter;
        filter.state = orders::State::paid;
        SEALDESK_LET(rows, orders::page(*database, filter, {}, 1));
        return rows.empty() ? std::string() : rows.front().no;
    }

    std::filesystem::path home_;
    std::unique_ptr<demo::VirtualScreen> screen_;
    std::unique_ptr<demo::Driver> driver_;
    Steady::time_point started_;
};

// Settings for a desk with that portal, which has nothing to tell; gone with this object.
class Silent {
public:
    Silent(const std::filesystem::path& home, const std::filesystem::path& folder, const tests::RunningPortal& portal)
        : settings_(home / "settings.toml") {
        (void)write_file(folder / "desk-token", tests::RunningPortal::kToken);
        (void)write_file(settings_, fmt::format("portal = \"{}\"\nportal_ca = \"{}\"\nportal_token_file = \"{}\"\n",
                                                portal.base(), portal.ca().string(), (folder / "desk-token").string()));
    }
    ~Silent() {
        std::error_code ignored;
        std::filesystem::remove(settings_, ignored);
    }
    Silent(const Silent&) = delete;
    Silent& operator=(const Silent&) = delete;

private:
    std::filesystem::path settings_;
};

void start(benchmark::State& state) {
    std::vector<double> shown, queue;
    for (auto _ : state) {
        auto desk = RunningDesk::start();
        if (!desk) return broken(state, desk.error());
        const auto times = (*desk)->times();
        if (!times) return broken(state, times.error());
        shown.push_back(ms_between((*desk)->started(), times->first_shown_at));
        const auto signed_in = (*desk)->sign_in();
        if (!signed_in) return broken(state, signed_in.error());
        queue.push_back(*signed_in);
    }
    figure(state, "first_frame_ms", percentile(shown, 50), kStartMs);
    figure(state, "queue_after_sign_in_ms", percentile(queue, 50), kStartMs);  // 100 ms of it are the password's scrypt
}

void scrolling(benchmark::State& state) {
    auto desk = RunningDesk::start();
    if (!desk) return broken(state, desk.error());
    auto& driver = (*desk)->driver();
    if (const auto in = (*desk)->sign_in(); !in) return broken(state, in.error());
    for (const auto& step : {driver.click(ids::tab_all), driver.idle()})
        if (!step) return broken(state, step.error());
    const auto before = (*desk)->times();
    for (auto _ : state) {
        (*desk)->screen().wheel(200, 400, 1);
        std::this_thread::sleep_for(16ms);  // a wheel that is turned, not a flood
    }
    const auto after = (*desk)->times();
    if (!before || !after) return broken(state, (before ? after : before).error());
    const double frames = after->frames - before->frames;
    state.counters["frames"] = frames;
    figure(state, "building_ms", (after->building_ms - before->building_ms) / frames, kFrameMs);
    figure(state, "painting_ms", (after->painting_ms - before->painting_ms) / frames);
    figure(state, "all_threads_ms", (after->cpu - before->cpu) / frames);
}

// With a portal that is there and silent, and the packages of the queue already fetched: as a desk stands most of the day.
void idle(benchmark::State& state) {
    const auto home = big_home(kOrders);
    if (!home) return broken(state, home.error());
    const tests::TemporaryFolder folder;
    const tests::RunningPortal portal(folder.path());
    const Silent silent(*home, folder.path(), portal);
    auto desk = RunningDesk::start();
    if (!desk) return broken(state, desk.error());
    if (const auto in = (*desk)->sign_in(); !in) return broken(state, in.error());
    double percent = 0, frames = 0;
    for (auto _ : state) {
        const auto frames_before = (*desk)->times();
        std::this_thread::sleep_for(2s);  // the answer above was drawn for as well
        const double before = cpu_ms((*desk)->driver().pid());
        std::this_thread::sleep_for(60s);
        percent = (cpu_ms((*desk)->driver().pid()) - before) / 60'000 * 100;
        const auto frames_after = (*desk)->times();
        if (!frames_before || !frames_after) return broken(state, (frames_before ? frames_after : frames_before).error());
        frames = frames_after->frames - frames_before->frames;
    }
    figure(state, "percent_of_a_core", percent, kIdlePercent);
    state.counters["frames"] = frames;
}

BENCHMARK(start)->Name("window/start")->Iterations(5)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(scrolling)->Name("window/scrolling")->Iterations(300)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(idle)->Name("window/idle")->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace sealdesk::bench
