// What strangers uploaded, through the sandboxed decoder: every question has a process of its own (decoder.h), which
// is killed when it does not answer in time. A decoder that dies or hangs on a file costs that file only. One object
// may be used by several worker threads at once; copies share the prepared process. Never on the UI thread.
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

// A part of a page, px at the shrink and dpi that are asked for; width 0: all of it.
struct Part {
    int x = 0, y = 0, width = 0, height = 0;
};

class Decoder;
class PixelMemory;

class Scanbox {
public:
    struct Limits {
        std::chrono::milliseconds open{60'000};    // wall clock for a whole package,
        std::chrono::milliseconds probe{10'000};   // for the headers of one file in it,
        std::chrono::milliseconds render{20'000};  // for one page
        std::uint64_t page_pixels = 100'000'000;
        std::uint64_t unpacked_bytes = std::uint64_t{200} << 20;
        int deaths = 8;  // files that may end the decoder before the package is given up
    };
    explicit Scanbox(std::filesystem::path executable) : Scanbox(std::move(executable), Limits{}) {}
    Scanbox(std::filesystem::path executable, Limits limits);

    // Lists entries and pages. What cannot be read stands in Package::refusals; an error only when the file or
    // the decoder is not there (unavailable), or the archive itself ends the decoder (corrupt). `password` is for a
    // ZIP that has one.
    Result<Package> open(const std::filesystem::path& package, std::string_view password = {}) const;
    // One page, `shrink` 1 (full), 2, 4, 8 …; PDF pages at `pdf_dpi` / shrink. Corrupt with a sentence when the page is
    // damaged or takes too long.
    // What of `part` lies on the page; corrupt when nothing does.
    Result<Pixels> render(const Package& package, const Page& page, int shrink = 1, int pdf_dpi = 200,
                          const Part& part = {}) const;
    // The resolution of the scan that a PDF page holds, px per inch of its paper; 0: it holds none. Corrupt for other pages.
    Result<int> picture_dpi(const Package& package, const Page& page) const;
    // A file's own bytes, for a person who saves what cannot be shown. Corrupt unless they have the listed SHA-256.
    Result<std::string> bytes_of(const Package& package, int entry) const;
    // What the sandbox lets through that it should not: empty on a machine with full protection; "read_file" where
    // the kernel has no Landlock.
    Result<std::vector<std::string>> leaks() const;

private:
    std::shared_ptr<Decoder> decoder_;
    std::shared_ptr<PixelMemory> memory_;
    Limits limits_;
};

}  // namespace sealdesk::scans
