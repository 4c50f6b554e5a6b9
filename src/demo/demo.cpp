#include "demo/demo.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "base/files.h"
#include "demo/outcome.h"
#include "demo/tour.h"

namespace sealdesk::demo {

namespace fs = std::filesystem;

namespace {

int failed(const Error& error) {
    std::fprintf(stderr, "sealdesk demo: %s\n", error.message.c_str());
    if (!error.detail.empty()) std::fprintf(stderr, "%.4000s\n", error.detail.c_str());
    return 1;
}

// A tour must start with nobody's decisions: only a folder that a tour made is made anew.
Result<> clear(const fs::path& home) {
    std::error_code error;
    if (!fs::exists(home)) return {};
    if (!fs::exists(home / "demo-centre") && !fs::is_empty(home))
        return refused(trf("{} 里有别的内容，请换一个文件夹", home.string()));
    fs::remove_all(home, error);
    if (error) return fail(ErrorKind::unavailable, trf("清不掉 {}", home.string()), error.message());
    return {};
}

Result<> tour(const DemoOptions& options, const desk::Places& places, const Clock& clock, crypto::Random& random) {
    SEALDESK_TRY(clear(options.home));
    SEALDESK_TRY(make_folder(options.home));
    SEALDESK_TRY(write_file(options.home / "demo-centre", "made by sealdesk demo --tour\n"));
    std::error_code ignored;
    fs::remove_all(options.out / "screens", ignored);
    const auto began = std::chrono::steady_clock::now();
    SEALDESK_LET(centre, Centre::open(options.home, places, clock, random, [&](const std::string& step) {
                     std::printf("[setup] %s (%.0f s)\n", step.c_str(),
                                 std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
                     std::fflush(stdout);
                 }));
    SEALDESK_LET(screen, VirtualScreen::open());
    SEALDESK_LET(database,
                 storage::Database::open({centre->settings().database, places.data / "migrations/desk", &clock, &random, 2}));
    Driver driver(places.executable, options.home, *screen);
    Tour day(*centre, *database, driver, {options.out, options.kill_between_steps});
    SEALDESK_LET(times, day.run());
    driver.kill();
    SEALDESK_LET(settings, desk::load_settings(options.home));
    SEALDESK_LET(desk, desk::Desk::open(settings, places, clock, random));
    SEALDESK_LET(faults, leave_outcome(*desk, *centre, times, options.out));
    for (const auto& fault : faults) std::printf("✗ %s\n", fault.c_str());
    if (!faults.empty())
        return fail(ErrorKind::internal, trf("有 {} 处结果不对，见 {}", faults.size(), (options.out / "summary.json").string()));
    std::printf("%s\n", trf("一天走完了，结果在 {}", options.out.string()).c_str());
    return {};
}

}  // namespace

int demo(const DemoOptions& options, const std::function<int(const desk::Settings&)>& open_window) {
    SystemClock clock;
    crypto::SystemRandom random;
    const auto places = desk::find_places();
    if (!places) return failed(places.error());
    const bool display = std::getenv("DISPLAY") != nullptr || std::getenv("WAYLAND_DISPLAY") != nullptr;
    if (options.tour || !display) {
        const auto done = tour(options, *places, clock, random);
        return done ? 0 : failed(done.error());
    }
    auto centre = Centre::open(options.home, *places, clock, random, [](const std::string& step) {
        std::printf("%s\n", step.c_str());
        std::fflush(stdout);
    });
    if (!centre) return failed(centre.error());
    std::printf("%s\n",
                trf("演示中心在 {}；人员的密码都是 {}，KEY 的 PIN 是 {}", options.home.string(), kPassword, kPin).c_str());
    for (const auto& person : people())
        std::printf("  %-10s %s  %s\n", person.login, person.name, staff::words_of(person.roles).c_str());
    std::fflush(stdout);
    return open_window((*centre)->settings());
}

}  // namespace sealdesk::demo
