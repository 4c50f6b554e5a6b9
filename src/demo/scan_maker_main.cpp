// sealdesk-scanmaker RECIPE.json [--forms DIR]: draws the packages of a recipe (scanbox/maker.h), side by side.
// `out` paths are relative to the recipe. Prints progress; exit status 1 when a package could not be made.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <mutex>
#include <thread>
#include <vector>

#include "base/files.h"
#include "scanbox/maker.h"

namespace {

// assets/forms of the tree that the program was built in, or of the folder it was installed beside.
std::filesystem::path forms_near(std::filesystem::path folder) {
    for (;; folder = folder.parent_path()) {
        if (std::error_code error; std::filesystem::is_directory(folder / "assets/forms", error)) return folder / "assets/forms";
        if (folder == folder.parent_path()) return {};
    }
}

}  // namespace

int main(int count, char** words) {
    using namespace sealdesk;
    const std::vector<std::string> given(words + 1, words + count);
    if (given.empty() || (given.size() != 1 && (given.size() != 3 || given[1] != "--forms"))) {
        fmt::print(stderr, "sealdesk-scanmaker RECIPE.json [--forms DIR]\n");
        return 2;
    }
    const auto say = [](const Error& error) { fmt::print(stderr, "{} ({})\n", error.message, error.detail); };
    const std::filesystem::path recipe = std::filesystem::absolute(given[0]);
    std::error_code error;
    const auto forms =
        given.size() == 3 ? std::filesystem::path(given[2]) : forms_near(std::filesystem::read_symlink("/proc/self/exe", error));
    const auto text = read_file(recipe);
    if (!text) return say(text.error()), 1;
    const auto packages = scanbox::read_recipe(*text, recipe.parent_path());
    if (!packages) return say(packages.error()), 1;
    if (!scanbox::start_drawing()) return fmt::print(stderr, "libvips does not start\n"), 1;

    std::atomic<size_t> next{0}, done{0};
    std::atomic<bool> failed{false};
    std::mutex printing;
    std::vector<std::thread> threads;
    for (unsigned n = std::max(1U, std::min(std::thread::hardware_concurrency(), 8U)); n > 0; --n)
        threads.emplace_back([&] {
            for (size_t at; (at = next++) < packages->size();) {
                const auto& package = (*packages)[at];
                const auto made = scanbox::make_package(package, forms);
                const std::lock_guard lock(printing);
                fmt::print("{}/{} {}\n", ++done, packages->size(), package.out.filename().string());
                std::fflush(stdout);
                if (!made) {
                    failed = true;
                    say(made.error());
                }
            }
        });
    for (auto& thread : threads) thread.join();
    return failed ? 1 : 0;
}
