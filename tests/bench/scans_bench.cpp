// The decoder, walls and process included, against the bare tools on the same file and in the same run: both take
// turns, so that a busy machine is busy for both. Needs djpeg, mutool and bsdtar (data/packages.txt).
#include <benchmark/benchmark.h>

#include <chrono>
#include <filesystem>
#include <functional>

#include "base/files.h"
#include "base/process.h"
#include "scans/scanbox.h"
#include "tests/bench/bounds.h"

namespace sealdesk::bench {
namespace {

namespace fs = std::filesystem;

fs::path program(const char* name) { return fs::read_symlink("/proc/self/exe").parent_path() / name; }

fs::path source() {
    fs::path up = program("");
    while (up.has_relative_path() && !fs::exists(up / "assets/forms")) up = up.parent_path();
    return up;
}

// One A4 page of 300 dpi, a PDF of two, and 20 MB of them in a ZIP; drawn once.
Result<fs::path> material() {
    static const auto made = []() -> Result<fs::path> {
        const fs::path folder = fs::temp_directory_path() / "sealdesk-bench-scans";
        if (fs::exists(folder / "package.zip")) return folder;
        SEALDESK_TRY(make_folder(folder));
        const auto page = [](int number) {
            return R"({"template":"application_unit","file":"材料/)" + std::to_string(number) +
                   R"(.jpg","as":"jpeg","dpi":300,"skew":0.)" + std::to_string(1 + number % 9) +
                   R"(,"seal":"南京犇鑫建设工程有限公司","fields":{"name":"南京犇鑫建设工程有限公司","mobile":")" +
                   std::to_string(13800000000 + number) + R"("}})";
        };
        std::string pages = page(1);
        for (int number = 2; number <= 17; ++number) pages += "," + page(number);
        SEALDESK_TRY(write_file(folder / "recipe.json", R"({"packages":[{"out":"page.jpg","format":"jpeg","pages":[)" + page(1) +
                                                            R"(]},{"out":"pages.pdf","format":"pdf","pages":[)" + page(1) + "," +
                                                            page(2) + R"(]},{"out":"package.zip","pages":[)" + pages + "]}]}"));
        SEALDESK_LET(drawn, run({program("sealdesk-scanmaker"), folder / "recipe.json", "--forms", source() / "assets/forms"}));
        if (drawn.status != 0) return fail(ErrorKind::internal, "sealdesk-scanmaker", drawn.output);
        return folder;
    }();
    return made;
}

double took(const std::function<bool()>& work, bool& good) {
    const auto begin = std::chrono::steady_clock::now();
    good = work() && good;
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

// The median of each, and of the ratio.
void compare(benchmark::State& state, double bound, const std::function<bool()>& ours, const std::function<bool()>& theirs) {
    bool good = true;
    took(ours, good);  // the desk's decoder is prepared when the first package comes
    took(theirs, good);
    std::vector<double> our_ms, their_ms;
    for (auto _ : state) {
        our_ms.push_back(took(ours, good));
        their_ms.push_back(took(theirs, good));
    }
    if (!good) return state.SkipWithError("one of the two did not do it");
    if (our_ms.empty()) return;
    figure(state, "ours_ms", percentile(our_ms, 50));
    figure(state, "tool_ms", percentile(their_ms, 50));
    figure(state, "times_the_tool", percentile(our_ms, 50) / percentile(their_ms, 50), bound);
}

bool tool(const std::vector<std::string>& words) {
    // Its output goes nowhere, as cheaply as it can.
    auto process = Process::start({words, {}, {}, "/dev/null", {}, false});
    return process && process->wait() == 0;
}

struct Opened {
    scans::Scanbox box{program("sealdesk-scanbox")};
    fs::path file;
    scans::Package package;
};

Result<Opened> opened(const char* name) {
    SEALDESK_LET(folder, material());
    Opened all;
    all.file = folder / name;
    SEALDESK_LET(package, all.box.open(all.file));
    all.package = std::move(package);
    if (all.package.pages.empty()) return fail(ErrorKind::internal, "no pages");
    return all;
}

void jpeg_page(benchmark::State& state) {
    auto all = opened("page.jpg");
    if (!all) return broken(state, all.error());
    compare(
        state, 1.3, [&] { return all->box.render(all->package, all->package.pages[0]).has_value(); },
        [&] {
            return tool({"djpeg", all->file});
        });
}

// From the file's path to a picture: listed and drawn.
void first_picture(benchmark::State& state) {
    auto all = opened("page.jpg");
    if (!all) return broken(state, all.error());
    compare(
        state, 1.3,
        [&] {
            const auto package = all->box.open(all->file);
            return package && all->box.render(*package, package->pages.at(0), 4).has_value();
        },
        [&] {
            return tool({"djpeg", "-scale", "1/4", all->file});
        });
}

void pdf_page(benchmark::State& state) {
    auto all = opened("pages.pdf");
    if (!all) return broken(state, all.error());
    compare(
        state, 1.5, [&] { return all->box.render(all->package, all->package.pages[0], 1, 150).has_value(); },
        [&] {
            return tool({"mutool", "draw", "-q", "-r", "150", "-F", "pnm", "-o", "/dev/null", all->file, "1"});
        });
}

// The pages are stored as they are, or deflated as most people's programs do it.
void package_with_digests(benchmark::State& state, const char* name) {
    const auto folder = material();
    if (!folder) return broken(state, folder.error());
    const fs::path out = *folder / "unpacked", deflated = *folder / "deflated.zip";
    (void)make_folder(out);
    if (!fs::exists(deflated) &&
        !(tool({"bsdtar", "-x", "-C", out, "-f", *folder / "package.zip"}) &&
          tool({"bsdtar", "-a", "-c", "--options", "zip:compression=deflate", "-f", deflated, "-C", out, "."})))
        return state.SkipWithError("bsdtar");
    auto all = opened(name);
    if (!all) return broken(state, all.error());
    compare(
        state, 1.0,
        [&] {
            const auto package = all->box.open(all->file);
            return package && package->entries.size() == all->package.entries.size() && !package->entries[0].sha256.empty();
        },
        [&] {
            return tool({"bsdtar", "-x", "-C", out, "-f", all->file});
        });
}

void question_alone(benchmark::State& state) {
    auto all = opened("page.jpg");
    if (!all) return broken(state, all.error());
    std::vector<double> times;
    for (auto _ : state) {
        bool good = true;
        times.push_back(took([&] { return all->box.leaks().has_value(); }, good));
    }
    if (!times.empty()) figure(state, "p50_ms", percentile(times, 50));
}

BENCHMARK(question_alone)->Name("scans/process_and_walls")->Iterations(40)->Unit(benchmark::kMillisecond);
BENCHMARK(jpeg_page)->Name("scans/jpeg_a4_300dpi")->Iterations(25)->Unit(benchmark::kMillisecond);
BENCHMARK(first_picture)->Name("scans/first_picture_quarter")->Iterations(25)->Unit(benchmark::kMillisecond);
BENCHMARK(pdf_page)->Name("scans/pdf_page_150dpi")->Iterations(25)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(package_with_digests, stored, "package.zip")
    ->Name("scans/package_20mb_sha256")
    ->Iterations(25)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(package_with_digests, deflated, "deflated.zip")
    ->Name("scans/package_20mb_deflated_sha256")
    ->Iterations(25)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sealdesk::bench
