// The desk's end of the sandboxed decoder: starts one sealdesk-scanbox for each question, asks, and kills it
// when it does not answer in time. A decoder that dies or hangs on a file costs that file only. Holds no state
// between calls: one object may be used by several worker threads at once. Never on the UI thread.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "scans/package.h"

namespace sealdesk::scans {

// Opaque RGBA, 8 bits each, rows without padding, in memory shared with the decoder that wrote it (which has
// ended). Copies share the pixels; the last one unmaps them.
class Pixels {
public:
    Pixels() = default;
    Pixels(int width, int height, std::shared_ptr<const std::uint8_t> memory)
        : width_(width), height_(height), memory_(std::move(memory)) {}
    int width() const { return width_; }
    int height() const { return height_; }
    std::span<const std::uint8_t> rgba() const {
        return {memory_.get(), static_cast<size_t>(width_) * static_cast<size_t>(height_) * 4};
    }

private:
    int width_ = 0, height_ = 0;
    std::shared_ptr<const std::uint8_t> memory_;
};

class Scanbox {
public:
    struct Limits {
        std::chrono::milliseconds open{60'000};    // wall clock for a whole package,
        std::chrono::milliseconds probe{10'000};   // for the headers of one file in it,
        std::chrono::milliseconds render{20'000};  // for one page
        std::uint64_t page_pixels = 100'000'000;
        int deaths = 8;  // files that may end the decoder before the package is given up
    };
    explicit Scanbox(std::filesystem::path executable) : Scanbox(std::move(executable), Limits{}) {}
    Scanbox(std::filesystem::path executable, Limits limits) : executable_(std::move(executable)), limits_(limits) {}

    // Lists entries and pages. What cannot be read stands in Package::refusals; an error only when the file or
    // the decoder is not there (unavailable), or the archive itself ends the decoder (corrupt).
    Result<Package> open(const std::filesystem::path& package) const;
    // One page, `shrink` 1 (full), 2, 4, 8 …; corrupt with a sentence when the page is damaged or takes too long.
    Result<Pixels> render(const Package& package, const Page& page, int shrink = 1) const;
    // What the sandbox lets through that it should not: empty on a machine with full protection.
    Result<std::vector<std::string>> leaks() const;

private:
    struct Answer;
    Answer ask(int package, int pixels, const std::string& request, std::chrono::milliseconds limit) const;
    std::filesystem::path executable_;
    Limits limits_;
};

}  // namespace sealdesk::scans
