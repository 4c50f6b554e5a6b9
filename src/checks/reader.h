// The desk's end of sealdesk-ocr: hands the pixels of one page to a walled process and takes the text it read. One process a
// page, seconds of work: on a worker thread of its own. Holds no state.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "scans/scanbox.h"

namespace sealdesk::checks {

class Reader {
public:
    explicit Reader(std::filesystem::path executable, std::chrono::milliseconds limit = std::chrono::seconds(120))
        : executable_(std::move(executable)), limit_(limit) {}
    bool there() const;  // the program is installed
    // Lines with their boxes, as JSON. Unavailable when it cannot read here, or when `stop` was set meanwhile; corrupt when the
    // page ended it.
    Result<std::string> read(const scans::Pixels& page, int dpi, const std::atomic<bool>& stop) const;

private:
    std::filesystem::path executable_;
    std::chrono::milliseconds limit_;
};

// The lines of such an answer as a person reads them: what stands side by side in one line, then what is below.
std::string plain_text(std::string_view json);

}  // namespace sealdesk::checks
